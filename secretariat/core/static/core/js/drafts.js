/* Forms with data-draft="key" keep what is typed until the server has accepted it. */

import { forget, keep, recall } from "./keep.js";
import { mould, tell } from "./page.js";

const NEVER = "[type=password], [type=file], [type=hidden], [name=csrfmiddlewaretoken], [data-no-draft]";
const fields = (form) => [...form.elements].filter((field) => field.name && !field.matches(NEVER));
// Hidden fields that a script fills (the patient picked in a box) ask for it with data-draft-too.
const wanted = (form) => [...fields(form), ...form.querySelectorAll("input[type=hidden][data-draft-too]")];

function read(form) {
  return wanted(form).map((field) => [field.name, field.type === "checkbox" || field.type === "radio" ? field.value : null, field.matches("[type=checkbox], [type=radio]") ? field.checked : field.value]);
}

function write(form, values) {
  let changed = false;
  const left = wanted(form);
  for (const [name, choice, value] of values) {
    const place = left.findIndex((field) => field.name === name && (choice === null || field.value === choice));
    if (place < 0) continue;
    const [field] = left.splice(place, 1);
    const before = choice === null ? field.value : field.checked;
    if (before === value) continue;
    if (choice === null) field.value = value;
    else field.checked = value;
    changed = true;
  }
  return changed;
}

const nameOf = (form) => "draft:" + form.dataset.draft;

export function save(form) {
  form.dataset.typed = "";
  delete form.dataset.accepted;
  keep(nameOf(form), read(form));
  tell("typed", {}, form);
}

async function restore(form) {
  if (form.dataset.restored !== undefined) return;
  form.dataset.restored = "";
  const values = await recall(nameOf(form));
  if (!values || form.dataset.typed !== undefined || !write(form, values)) return;
  form.dataset.typed = "";
  const found = mould("draft-mould");
  found.querySelector("button").addEventListener("click", () => {
    form.reset();
    drop(form);
    found.remove();
  });
  form.prepend(found);
  form.querySelector(".sheet-body")?.prepend(found);
  tell("typed", {}, form);
  tell("restored", {}, form);
}

function drop(form) {
  delete form.dataset.typed;
  forget(nameOf(form));
  tell("typed", {}, form);
}

export function startDrafts() {
  const draftOf = (event) => event.target.closest?.("form[data-draft]") ?? event.target.form?.closest("[data-draft]");
  for (const kind of ["input", "change"])
    document.addEventListener(kind, (event) => {
      const form = draftOf(event);
      // A field that goes away with its sheet says « change » once more: nothing new was typed.
      if (form && !event.target.matches(NEVER) && !(kind === "change" && "accepted" in form.dataset)) save(form);
    });
  document.addEventListener("picked", (event) => draftOf(event) && save(draftOf(event)));

  // Sent and accepted (2xx or 3xx): nothing left to keep. Refused: all stays.
  document.addEventListener("htmx:afterRequest", (event) => {
    // The answer may already stand in the form's place: ask the request which form it was.
    const form = event.detail.requestConfig.elt;
    if (form.matches?.("form[data-draft]") && event.detail.successful && event.detail.requestConfig.verb !== "get") {
      drop(form);
      form.dataset.accepted = "";
    }
  });
  // A whole-page form: the next page says what was accepted, in <meta name="draft-done" content="key">
  // or by no longer showing the form; until then the text stays.
  for (const done of document.querySelectorAll("[data-draft-done]")) forget("draft:" + done.dataset.draftDone);

  const all = (root) => root.querySelectorAll?.("form[data-draft]").forEach(restore);
  all(document);
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt.matches?.("form[data-draft]")) restore(event.detail.elt);
    all(event.detail.elt);
  });
}
