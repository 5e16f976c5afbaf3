/* The settings: a form accepted is emptied, a list chosen reloads, an absence opens its visits. */

import { openSheet } from "../core/js/sheets.js";

document.addEventListener("htmx:afterRequest", ({ detail: { elt, successful } }) => {
  if (!successful || !elt.matches?.("form[data-empty-after]")) return;
  elt.reset();
  elt.querySelector("[data-refusal]").replaceChildren();
});
document.addEventListener("openSheet", ({ detail }) => openSheet(detail));
document.querySelector("[data-submit-on-change]")?.addEventListener("change", (event) => event.target.form.submit());
