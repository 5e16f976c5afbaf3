/* Sheets: calls, patients, appointments opened beside the page, several at once, as tabs at the foot.

   <a href="/calls/7/" data-sheet data-sheet-title="Appel" data-sheet-icon="phone">   opens it (or shows it again)
   data-sheet-fresh      a new one at each press: "?fiche=<name>" is added, to name the draft
   HX-Trigger: sheetClose closes the sheet that asked; <header data-sheet-name=… data-sheet-url=…> renames it. */

import { keep, recall } from "./keep.js";
import { notice } from "./notices.js";
import { mould, sentence, tell } from "./page.js";

const place = () => document.getElementById("sheets");
const tabs = () => document.getElementById("tabs");
const panes = () => [...place().querySelectorAll(".sheet")];
const active = () => panes().find((pane) => !pane.hidden);
const paneOf = (url) => panes().find((pane) => pane.dataset.url === url);
let opener = null;
let openerRow = "";
let made = 0;

function remember() {
  const list = panes().map(({ dataset: { url, title, icon } }) => ({ url, title, icon }));
  keep("sheets", { list, active: active()?.dataset.url ?? null });
}

function dress(pane) {
  const tab = document.getElementById(pane.getAttribute("aria-labelledby"))?.closest(".tab");
  if (!tab) return; // being closed: a field that loses the focus still tells that it changed
  const { title, icon } = pane.dataset;
  tab.querySelector(".title").textContent = title;
  tab.querySelector(".open .ti").className = `ti ti-${icon}`;
  tab.querySelector(".close span").textContent = `${sentence("close")} ${title}`;
  tab.querySelector(".open").setAttribute("aria-expanded", String(!pane.hidden));
  tab.toggleAttribute("data-active", !pane.hidden);
  tab.toggleAttribute("data-typed", Boolean(pane.querySelector("[data-typed]")));
  if (pane.hidden) tab.querySelector(".close").removeAttribute("data-key");
  else Object.assign(tab.querySelector(".close").dataset, { key: "x" });
}

function add({ url, title, icon }) {
  const pane = document.createElement("section");
  const tab = mould("tab-mould");
  const id = `sheet-${++made}`;
  pane.className = "sheet";
  pane.hidden = true;
  pane.id = id;
  Object.assign(pane.dataset, { url, title, icon });
  for (const [name, value] of [["aria-labelledby", `${id}-tab`], ["tabindex", "-1"]]) pane.setAttribute(name, value);
  const open = tab.querySelector(".open");
  open.id = `${id}-tab`;
  open.setAttribute("aria-controls", id);
  open.addEventListener("click", () => (pane.hidden ? show(pane) : putAway()));
  tab.querySelector(".close").addEventListener("click", () => shut(pane, true));
  place().append(pane);
  tabs().append(tab);
  dress(pane);
  return pane;
}

function load(pane) {
  if (pane.dataset.asked !== undefined) return Promise.resolve();
  pane.dataset.asked = "";
  pane.setAttribute("aria-busy", "true");
  return htmx.ajax("GET", pane.dataset.url, { source: pane, target: pane, swap: "innerHTML" });
}

/** It could not be fetched: say so in its place; it is asked again by hand, or when the line is back. */
function missed(pane) {
  delete pane.dataset.asked;
  pane.removeAttribute("aria-busy");
  if (pane.childElementCount) return;
  const failed = mould("missed-mould");
  failed.querySelector("button").addEventListener("click", () => {
    failed.remove();
    load(pane);
  });
  pane.replaceChildren(failed);
}

function focusIn(pane) {
  (pane.querySelector("[data-autofocus], [autofocus]") ?? pane.querySelector(".sheet-body :is(input:not([type=hidden]), select, textarea, a, button)") ?? pane).focus();
}

async function show(pane, { focus = true } = {}) {
  for (const other of panes()) other.hidden = other !== pane;
  document.querySelector(".desk").classList.toggle("has-sheet", Boolean(pane));
  panes().forEach(dress);
  remember();
  if (!pane) return;
  await load(pane);
  if (focus && !pane.hidden) focusIn(pane);
}

function putAway() {
  show(null);
  // Its list may have been drawn again meanwhile: the same row then.
  const row = document.getElementById(openerRow);
  const back = opener?.isConnected && opener.checkVisibility() ? opener : row?.querySelector("[data-primary], a[href], button");
  (back ?? document.getElementById("page")).focus();
}

function shut(pane, mayReopen = false) {
  if (!pane.isConnected) return;
  tell("sheetShut", {}, pane);
  const wasShown = !pane.hidden;
  const typed = Boolean(pane.querySelector("[data-typed]"));
  const { url, title, icon } = pane.dataset;
  document.getElementById(pane.getAttribute("aria-labelledby")).closest(".tab").remove();
  pane.remove();
  if (wasShown) putAway();
  remember();
  // What was typed in it stays kept under its draft's name: opening it again gives it back.
  if (mayReopen && typed) notice({ text: `${sentence("closed")} ${title}`, undo: () => openSheet({ url, title, icon }) });
}

/** Open (or show again) the sheet at `url`. */
export function openSheet({ url, title = "…", icon = "file", fresh = false }) {
  if (fresh) url += `${url.includes("?") ? "&" : "?"}fiche=f${Math.random().toString(36).slice(2, 10)}`;
  return show(paneOf(url) ?? add({ url, title, icon }));
}

function next() {
  const all = panes();
  if (all.length) show(all[(all.indexOf(active()) + 1) % all.length]);
}

function clicked(event) {
  const link = event.target.closest?.("[data-sheet]");
  if (event.target.closest?.("[data-sheet-put-away]")) return putAway();
  if (event.target.closest?.("[data-sheet-close]")) return shut(event.target.closest(".sheet"), true);
  if (event.target.closest?.("[data-next-sheet]")) return next();
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (!document.activeElement?.closest(".sheet")) {
    opener = link;
    openerRow = link.closest("[data-list] > [id], [data-list] tbody > tr[id]")?.id ?? "";
  }
  const { sheetTitle: title = link.textContent.trim(), sheetIcon: icon, sheetFresh } = link.dataset;
  openSheet({ url: link.dataset.sheet || link.getAttribute("href"), title, icon, fresh: sheetFresh !== undefined });
}

/** What a form, a link or a button of a sheet, also opened as a page, asks replaces the sheet, unless it names a target.
    Anything else (a part that loads itself) replaces its own content, as htmx has it. */
function aim({ detail }) {
  const { elt, target } = detail;
  const pane = elt.closest?.(".sheet, .as-page");
  if (!pane || target !== elt || elt === pane || !elt.matches("form, a, button")) return;
  const told = elt.closest("[hx-target]");
  if (told && pane.contains(told)) return;
  detail.target = pane;
  if (!elt.closest("[hx-swap]")) detail.swapOverride = "innerHTML";
}

function swapped(event) {
  const pane = event.target.closest?.(".sheet");
  const head = pane?.querySelector("[data-sheet-name]");
  if (!pane?.isConnected) return;
  pane.removeAttribute("aria-busy");
  if (head) {
    const { sheetName: title, sheetMark: icon, sheetUrl: url } = head.dataset;
    Object.assign(pane.dataset, { title, icon }, url ? { url } : {});
  }
  dress(pane);
  remember();
  // What had the focus went with the old content: the keyboard stays in the sheet.
  if (event.target === pane && !pane.hidden && document.activeElement === document.body) focusIn(pane);
}

export async function startSheets() {
  if (!place()) return;
  document.addEventListener("click", clicked);
  document.addEventListener("htmx:beforeSwap", aim);
  document.addEventListener("htmx:afterSwap", swapped);
  document.addEventListener("typed", ({ target }) => target.isConnected && target.closest(".sheet") && dress(target.closest(".sheet")));
  // Later, so that what else the answer tells (a notice, a draft accepted) still has a place to be told from.
  document.addEventListener("sheetClose", ({ target }) => target.closest?.(".sheet") && setTimeout(shut, 0, target.closest(".sheet")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !active() || document.querySelector(":popover-open, dialog[open]")) return;
    putAway();
  });
  document.addEventListener("htmx:responseError", ({ detail: { elt, xhr } }) => {
    if (!elt.matches?.(".sheet")) return;
    if (xhr.status === 404) shut(elt);
    else missed(elt);
  });
  document.addEventListener("htmx:sendError", ({ detail: { elt } }) => elt.matches?.(".sheet") && missed(elt));
  for (const name of ["unlocked", "back"]) document.addEventListener(name, () => active() && load(active()));
  const kept = await recall("sheets");
  for (const one of kept?.list ?? []) if (!paneOf(one.url)) add(one);
  if (kept?.active && !active() && paneOf(kept.active)) show(paneOf(kept.active), { focus: false });
}
