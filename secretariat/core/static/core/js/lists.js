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

export function startLists() {
  document.addEventListener("keydown", arrow);
}
