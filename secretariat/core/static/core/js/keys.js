/* One key, one act. Any element with data-key is clicked (or focused, if one types in it) by its key.

   data-key="n"            a letter, outside fields only
   data-key="g a"          two strokes, the second within 1.5 s
   data-key="f2"           function keys, Ctrl+… and Alt+… act inside fields too
   data-key="/, ctrl+k"    several ways, the first one is the one shown
   data-key-hidden         acts though it is not in sight (in a closed menu)
   data-row-key="a"        the same, for the row of the list that has the focus */

import { inField } from "./page.js";

const PAUSE_MS = 1500;
let before = "";
let timer;

/** The ways to name this stroke: as typed (« ? » on any keyboard) and, for digits, by place (AZERTY). */
function names(event) {
  const marks = (event.ctrlKey || event.metaKey ? "ctrl+" : "") + (event.altKey ? "alt+" : "");
  const key = event.key === " " ? "space" : event.key.toLowerCase();
  const shift = event.shiftKey && (key.length > 1 || marks) ? "shift+" : "";
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  return [marks + shift + key, ...(digit ? [marks + digit] : [])];
}

const ways = (text) => (text ?? "").split(/,\s+|,$/).map((way) => way.trim()).filter(Boolean);
const usable = (node) =>
  !node.disabled && node.getAttribute("aria-disabled") !== "true" && !node.closest("[inert]") &&
  (node.hasAttribute("data-key-hidden") || node.checkVisibility());

/** The element for this key: on the side where one works (this sheet, or the page), else on the
    other; the last one in sight, so that the newest notice is the one undone. */
function find(way) {
  const all = [...document.querySelectorAll("[data-key]")].filter((node) => ways(node.dataset.key).includes(way) && usable(node));
  const side = document.activeElement?.closest(".sheet") ?? null;
  return all.findLast((node) => node.closest(".sheet") === side) ?? all.at(-1);
}

function findInRow(way) {
  const row = document.activeElement?.closest("[data-list] > *, [data-list] tbody > tr");
  return row && [...row.querySelectorAll("[data-row-key]")].find((node) => ways(node.dataset.rowKey).includes(way) && usable(node));
}

const begins = (way) => [...document.querySelectorAll("[data-key]")].some((node) => ways(node.dataset.key).some((one) => one.startsWith(way + " ")));

function act(node) {
  if (inField(node)) {
    node.focus();
    node.select?.();
  } else node.click();
}

export const lettersOff = () => localStorage["secretariat:letters"] === "off";

function wait(way) {
  before = way;
  document.body.toggleAttribute("data-awaiting", Boolean(way));
  clearTimeout(timer);
  // A menu opened by the first stroke waits for the second as long as it is open.
  if (way) timer = setTimeout(() => wait(document.querySelector(":popover-open") ? way : ""), PAUSE_MS);
}

function pressed(event) {
  if (event.defaultPrevented || event.isComposing || event.getModifierState("AltGraph")) return;
  if (["Control", "Alt", "Shift", "Meta"].includes(event.key) || document.body.classList.contains("locked")) return;
  const strong = event.ctrlKey || event.metaKey || event.altKey || /^F\d/.test(event.key);
  if (!strong && (inField(event.target) || lettersOff())) return;
  if (event.repeat && !event.key.startsWith("Arrow")) return;
  const prefix = before;
  wait("");
  for (const stroke of names(event))
    for (const way of prefix ? [`${prefix} ${stroke}`, stroke] : [stroke]) {
      const node = findInRow(way) ?? find(way);
      const more = begins(way);
      if (!node && !more) continue;
      event.preventDefault();
      if (more) wait(way);
      if (node) act(node);
      return;
    }
}

/** What the key does, in the words of the screen. */
function label(node) {
  const own = node.dataset.keyLabel ?? node.getAttribute("aria-label") ?? node.labels?.[0]?.textContent;
  if (own) return own;
  const words = new Set([...node.querySelectorAll(".word, .visually-hidden")].map((one) => one.textContent.trim()));
  if (words.size) return [...words].join(" ");
  return [...node.childNodes].filter((one) => one.nodeName !== "KBD").map((one) => one.textContent).join("");
}

const SHOWN = { ctrl: "Ctrl", alt: "Alt", shift: "Maj", enter: "Entrée", escape: "Échap", pageup: "Pg préc", pagedown: "Pg suiv", delete: "Suppr", space: "Espace", arrowleft: "←", arrowright: "→", arrowup: "↑", arrowdown: "↓" };
const shown = (way) => way.split(" ").map((stroke) => stroke.split("+").map((part) => SHOWN[part] ?? part.toUpperCase()).join("+"));

/** Write the list of the keys that act on this screen now. */
function list(box) {
  const lines = new Map();
  for (const node of document.querySelectorAll("[data-key], [data-row-key]")) {
    const text = node.closest("#keys-list") ? "" : label(node).trim();
    const key = node.dataset.key ?? node.dataset.rowKey;
    if (text && key && usable(node)) lines.set(ways(key)[0], text);
  }
  box.replaceChildren(...[...lines].sort(([a], [b]) => a.length - b.length || a.localeCompare(b)).map(([way, text]) => {
    const line = document.createElement("li");
    const keys = document.createElement("span");
    keys.append(...shown(way).flatMap((stroke) => [Object.assign(document.createElement("kbd"), { textContent: stroke }), " "]));
    line.append(keys, Object.assign(document.createElement("span"), { textContent: text }));
    return line;
  }));
}

export function startKeys() {
  document.addEventListener("keydown", pressed);
  document.getElementById("keys-list")?.addEventListener("beforetoggle", (event) => event.newState === "open" && list(event.target.querySelector("ul")));
  const box = document.querySelector("[data-letter-keys]");
  const show = () => document.body.classList.toggle("keys-off", lettersOff());
  if (box) {
    box.checked = !lettersOff();
    box.addEventListener("change", () => {
      localStorage["secretariat:letters"] = box.checked ? "on" : "off";
      show();
    });
  }
  show();
}
