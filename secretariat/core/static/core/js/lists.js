/* Lists with data-list: ↑ ↓ go from row to row, Home and End to the ends, Enter opens.
   A row is a direct child (or a tr); its main link is [data-primary], else its first link or button. */

import { inField } from "./page.js";

const rows = (list) => [...(list.matches("table") ? list.tBodies[0]?.rows ?? [] : list.children)].filter((row) => main(row) && row.checkVisibility());
const main = (row) => row.querySelector("[data-primary], a[href], button") ?? (row.matches("a, button") ? row : null);

function arrow(event) {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || inField(event.target)) return;
  if (!["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  if (event.target.closest?.(".ec, [role=listbox], [data-own-arrows], [type=radio]")) return;
  const here = event.target.closest?.("[data-list]");
  const list = here ?? (event.key === "ArrowDown" && event.target.matches("body, main") ? document.querySelector(".screen [data-list]") : null);
  if (!list) return;
  const all = rows(list);
  if (!all.length) return;
  const at = all.findIndex((row) => row.contains(event.target));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  event.preventDefault();
  const row = all[Math.max(0, Math.min(all.length - 1, to))];
  main(row).focus();
  row.scrollIntoView({ block: "nearest" });
}

const INTO = "a[href], button, input, select, textarea, [tabindex]";
let left = null;

/** The rows after this one, then those before, nearest first: where to go on when it is dealt with. */
function following(row) {
  const all = [...(row.parentElement?.children ?? [])].map((one) => one.id);
  const at = all.indexOf(row.id);
  return [...all.slice(at + 1), ...all.slice(0, at).reverse()].filter(Boolean);
}

/** A live part is about to be drawn again under the focus: note which row, and where in it. */
function note({ detail: { target, shouldSwap } }) {
  const here = document.activeElement;
  if (!shouldSwap || here === target || !target.contains?.(here)) return;
  const row = here.closest("[id]:not(a, button, input)");
  if (!row || !target.contains(row)) return;
  left = { id: here.id, row: row.id, after: following(row), at: [...row.querySelectorAll(INTO)].indexOf(here), key: here.dataset.rowKey };
}

/** Put the focus back on the same act of the same row, or on its main link if that act is gone. */
function giveBack() {
  if (!left) return;
  const { id, row: rowId, after, at, key } = left;
  left = null;
  if (document.activeElement !== document.body) return;
  const row = document.getElementById(rowId);
  const same = (id && document.getElementById(id)) || (key ? row?.querySelector(`[data-row-key="${CSS.escape(key)}"]`) : row?.querySelectorAll(INTO)[at]);
  const next = row ? null : after.map((one) => document.getElementById(one)).find((one) => one?.closest("[data-list]"));
  (same ?? (row && main(row)) ?? (next && main(next)))?.focus({ preventScroll: !next });
}

export function startLists() {
  document.addEventListener("keydown", arrow);
  document.addEventListener("htmx:beforeSwap", note);
  document.addEventListener("htmx:afterSettle", giveBack);
}
