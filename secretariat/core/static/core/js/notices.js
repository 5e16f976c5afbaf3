/* Short notices at the foot of the screen, with « Annuler » when the act can be undone.
   The server sends them as HTML (ui/notice.html, ui/notice_beside.html) or as an event:
   HX-Trigger: {"notice": {"text": "…", "kind": "good", "undo": "/url/"}} */

import { mould } from "./page.js";

const STAYS_MS = 8000;
const UNDO_STAYS_MS = 20000;
const place = () => document.getElementById("notices");

function leaveLater(notice) {
  if (notice.classList.contains("bad")) return; // what went wrong stays until read
  const ms = notice.querySelector("[data-key=z]:not([hidden])") ? UNDO_STAYS_MS : STAYS_MS;
  setTimeout(() => (notice.matches(":hover, :focus-within") ? leaveLater(notice) : notice.remove()), ms);
}

/** Show a notice. `undo` is an address to post to, or a function. Returns the element. */
export function notice({ text, kind = "info", undo }) {
  const made = mould("notice-mould");
  made.classList.add(kind);
  made.querySelector("p").textContent = text;
  const button = made.querySelector("[data-undo]");
  button.hidden = !undo;
  button.addEventListener("click", () => {
    made.remove();
    if (typeof undo === "function") undo();
    else htmx.ajax("POST", undo, { source: document.body, swap: "none" });
  });
  place().append(made);
  return made;
}

export function startNotices() {
  document.addEventListener("click", (event) => event.target.closest?.("[data-dismiss]")?.closest(".notice").remove());
  document.addEventListener("notice", (event) => notice(event.detail));
  const seen = new WeakSet();
  const watch = () => {
    for (const one of place().querySelectorAll(".notice")) {
      if (seen.has(one)) continue;
      seen.add(one);
      leaveLater(one);
    }
    while (place().children.length > 4) place().firstElementChild.remove();
  };
  new MutationObserver(watch).observe(place(), { childList: true });
  watch();
}
