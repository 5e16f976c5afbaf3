/* « Trouver un créneau »: Enter in a field goes to the first time found, or waits for it; 1, 2 and 3
   go to the three proposals; after a step (next week, other doctor) the first one has the focus. */

import { inField } from "../core/js/page.js";

const FIELDS = ".finding form:not([hx-post])";
let waiting = null;
let stepping = null;

function first(panel) {
  const offer = panel.querySelector(".offer, .sittings select");
  offer?.focus();
  offer?.scrollIntoView({ block: "nearest" });
}

/** The panel in which one works: the one that has the focus, else the last one in sight. */
function panelInSight() {
  return document.activeElement?.closest(".finding") ?? [...document.querySelectorAll(".finding")].findLast((one) => one.checkVisibility());
}

function proposal(event) {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || inField(event.target)) return;
  const offer = panelInSight()?.querySelector(`[data-offer="${event.key}"]`);
  if (!offer) return;
  event.preventDefault();
  offer.focus();
}

function pressed(event) {
  const form = event.target.closest?.(FIELDS);
  if (event.key !== "Enter" || !form || event.target.matches("button, [data-combobox]")) return;
  event.preventDefault();
  const panel = form.closest(".finding");
  if (form.classList.contains("htmx-request")) waiting = panel;
  else first(panel);
}

export function startFinding() {
  document.addEventListener("keydown", pressed);
  document.addEventListener("keydown", proposal);
  document.addEventListener("htmx:beforeRequest", ({ target }) => {
    if (target.matches("[data-step]")) stepping = target.closest(".sheet") ?? document.body;
  });
  document.addEventListener("htmx:afterSettle", ({ target }) => {
    if (stepping?.contains(target) && target.matches(".finding")) {
      first(target);
      stepping = null;
    }
    if (!waiting?.contains(target)) return;
    first(waiting);
    waiting = null;
  });
}
