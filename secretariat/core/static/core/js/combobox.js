/* Search boxes with answers: <input role="combobox" data-combobox aria-controls="id"> and a
   role="listbox" whose role="option" lines htmx brings. ↑ ↓ choose, Enter takes, Esc leaves.

   An option that is a link is followed (or opens as a sheet). An option with data-value is put in the
   hidden field named by data-combobox-value on the input, and "picked" is told with its data. */

import { tell } from "./page.js";

const box = (input) => document.getElementById(input.getAttribute("aria-controls"));
const options = (input) => [...box(input).querySelectorAll("[role=option]")];
const current = (input) => options(input).find((one) => one.getAttribute("aria-selected") === "true");

function choose(input, option) {
  for (const one of options(input)) one.setAttribute("aria-selected", String(one === option));
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.id ||= `${box(input).id}-${options(input).indexOf(option)}`;
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function close(input) {
  box(input).replaceChildren();
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

/* The list may answer fewer letters than are typed: until it answers these, Enter waits for it. */
function typed(input) {
  delete input.dataset.taken;
  delete input.dataset.hurried;
  input.toggleAttribute("data-behind", Boolean(input.value) && input.dataset.answered !== input.value);
}

function answered(input) {
  input.dataset.answered = input.dataset.asked;
  if (input.dataset.asked !== input.value) return;
  input.removeAttribute("data-behind");
  if (!("hurried" in input.dataset)) return;
  delete input.dataset.hurried;
  options(input)[0]?.click();
}

function take(input, option) {
  const { value, label } = option.dataset;
  // A question still under way, or about to be asked, has had its answer.
  input.dataset.taken = "";
  input.removeAttribute("data-behind");
  htmx.trigger(input, "htmx:abort");
  if (value === undefined) {
    close(input);
    input.value = "";
    return;
  }
  const hidden = input.form?.elements[input.dataset.comboboxValue];
  if (hidden) hidden.value = value;
  input.value = label ?? option.textContent.trim();
  close(input);
  tell("picked", { ...option.dataset }, input);
}

/* What is typed over a choice is no longer that choice: a name on screen never stands for another's key. */
function unpick(input) {
  const hidden = input.form?.elements[input.dataset.comboboxValue];
  if (!hidden?.value) return;
  hidden.value = "";
  tell("unpicked", {}, input);
}

function pressed(event) {
  const input = event.target;
  if (!input.matches?.("[data-combobox]")) return;
  const all = options(input);
  if (event.key === "Escape") {
    if (!all.length && !input.value) return input.blur();
    event.preventDefault();
    if (all.length) close(input);
    else input.value = "";
    return;
  }
  if (event.key === "Enter" && input.hasAttribute("data-behind")) {
    event.preventDefault();
    input.dataset.hurried = "";
    return;
  }
  if (!all.length) return;
  const at = all.indexOf(current(input));
  const to = { ArrowDown: (at + 1) % all.length, ArrowUp: (at <= 0 ? all.length : at) - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    choose(input, all[to]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    (all[at] ?? all[0]).click();
  } else if (event.key === "Tab") close(input);
}

export function startComboboxes() {
  document.addEventListener("keydown", pressed);
  // Capture: before the option's own click opens a sheet, so that the list is gone when focus moves.
  document.addEventListener("click", (event) => {
    const option = event.target.closest?.("[role=option]");
    for (const input of document.querySelectorAll("[data-combobox][aria-expanded=true]")) {
      if (option && box(input).contains(option)) setTimeout(take, 0, input, option);
      else if (event.target !== input) close(input);
    }
  }, true);
  document.addEventListener("htmx:afterSwap", (event) => {
    const input = document.querySelector(`[data-combobox][aria-controls="${CSS.escape(event.detail.target.id)}"]`);
    if (!input) return;
    const all = options(input);
    input.setAttribute("aria-expanded", String(box(input).children.length > 0));
    choose(input, input.hasAttribute("data-combobox-first") || input.id === "search" ? all[0] : null);
    answered(input);
  });
  document.addEventListener("htmx:configRequest", ({ detail: { elt } }) => {
    if (elt.matches?.("[data-combobox]")) elt.dataset.asked = elt.value;
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.matches?.("[data-combobox][data-taken]")) event.preventDefault();
  });
  document.addEventListener("input", ({ target: input }) => {
    if (!input.matches("[data-combobox]")) return;
    unpick(input);
    typed(input);
    if (!input.value) close(input);
  });
}
