/* The settings: a form accepted is emptied, a list chosen reloads, an absence opens its visits. */

import { openSheet } from "../core/js/sheets.js";

document.addEventListener("htmx:afterRequest", ({ detail: { elt, xhr } }) => {
  // A refusal lodged above the form counts as a success for htmx: its status tells.
  if (!(xhr.status >= 200 && xhr.status < 400) || !elt.matches?.("form[data-empty-after]")) return;
  elt.reset();
  elt.querySelector("[data-refusal]").replaceChildren();
});
document.addEventListener("openSheet", ({ detail }) => openSheet(detail));
document.querySelector("[data-submit-on-change]")?.addEventListener("change", (event) => event.target.form.submit());

/* A choice that has no use for some fields hides them: `data-when="kind=keep"`. */
const showFor = (select) => {
  for (const slot of select.form.querySelectorAll(`[data-when^="${select.name}="]`)) slot.hidden = slot.dataset.when !== `${select.name}=${select.value}`;
};
for (const select of document.querySelectorAll("select[data-shows]")) showFor(select);
document.addEventListener("htmx:load", ({ target }) => target.querySelectorAll("select[data-shows]").forEach(showFor));
document.addEventListener("change", ({ target }) => target.matches?.("select[data-shows]") && showFor(target));
document.addEventListener("reset", ({ target }) => setTimeout(() => {
  target.querySelectorAll("select[data-shows]").forEach(showFor);
  target.querySelectorAll("[data-effect]").forEach((effect) => effect.replaceChildren());
}));
