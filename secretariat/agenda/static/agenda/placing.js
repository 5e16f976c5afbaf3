/* The sheets in which a place is chosen: a click in the grid fills them, the length follows the
   reason, and the server says under the fields whether the time can be given. */

import { tell } from "../core/js/page.js";

const SELECTOR = ".sheet:not([hidden]) form[data-placing]";
const PLACE = ["agenda", "day", "clock", "minutes", "reason"];

/** Put a place clicked in the grid into the sheet in view; answers whether there was one. */
export function placeInSheet(place, form = document.querySelector(SELECTOR)) {
  if (!form) return false;
  const { minutes } = place;
  for (const [name, value] of Object.entries(place)) {
    const field = form.elements[name];
    if (field && value) field.value = value;
  }
  if (!minutes) suggestLength(form);
  form.elements.clock.dispatchEvent(new Event("input", { bubbles: true }));
  tell("placed", {}, form);
  form.querySelector("button.main")?.focus();
  return true;
}

/** The reason's length in this agenda stands as a suggestion until another is typed. */
function suggestLength(form) {
  const { lengths } = form.dataset;
  const reason = form.elements.reason?.value;
  const field = form.elements.minutes;
  if (!lengths || !field) return;
  const table = JSON.parse(lengths)[reason] ?? {};
  field.placeholder = table[form.elements.agenda.value] ?? "";
  if (!form.elements.reason?.matches("select")) return;
  const known = JSON.parse(lengths);
  for (const option of form.elements.reason.options) option.disabled = Boolean(option.value) && !(form.elements.agenda.value in (known[option.value] ?? {}));
}

function changed(event) {
  const form = event.target.closest?.("form[data-placing]");
  if (!form || !PLACE.includes(event.target.name)) return;
  suggestLength(form);
  tell("placed", {}, form);
}

/** Another name typed over the one picked: nobody is picked any more, whatever was before. */
function typedOver(event) {
  const box = event.target;
  if (!box.matches?.("form[data-placing] [data-combobox]")) return;
  box.form.elements[box.dataset.comboboxValue].value = "";
}

/** A file just made is for the booking that waits for its patient. */
function chosen({ detail: { id, label, call } }) {
  const waiting = [...document.querySelectorAll("form[data-placing]")].filter((form) => form.elements.patient?.value === "");
  if (call || waiting.length !== 1) return;
  const [form] = waiting;
  form.elements.patient.value = id;
  form.elements.q.value = label;
  tell("typed", {}, form);
  tell("placed", {}, form);
}

/** Moved, from wherever: the sheets that were to move it have nothing left to say. */
function moved({ detail: { id } }) {
  for (const pane of document.querySelectorAll(".sheet")) {
    const url = pane.dataset.url ?? "";
    if (url.includes(`/appointments/${id}/move/`) || new URL(url, location.href).searchParams.get("visit") === String(id)) tell("sheetClose", {}, pane);
  }
}

/** What unfolds in a sheet comes in sight, ready to be filled; groups of settings (`.more`) may be unfolded from the start. */
function unfolded(event) {
  const part = event.target;
  if (!part.matches?.(".sheet details:not(.more)") || !part.open) return;
  part.scrollIntoView({ block: "nearest" });
  part.querySelector("input:not([type=hidden])")?.focus();
}

export function startPlacing() {
  document.addEventListener("toggle", unfolded, true);
  document.addEventListener("appointmentMoved", moved);
  document.addEventListener("change", changed);
  document.addEventListener("input", typedOver, true);
  document.addEventListener("patientChosen", chosen);
  // A patient picked: on to the reason, or to giving the time when all is there.
  document.addEventListener("picked", (event) => {
    const form = event.target.closest?.("form[data-placing]");
    if (form) (form.elements.reason.value ? form.querySelector("button.main") : form.elements.reason).focus();
  });
  document.addEventListener("restored", (event) => event.target.matches?.("form[data-placing]") && (suggestLength(event.target), tell("placed", {}, event.target)));
  document.addEventListener("htmx:load", ({ detail: { elt } }) => {
    const form = elt.matches?.("form[data-placing]") ? elt : elt.querySelector?.("form[data-placing]");
    if (form) suggestLength(form);
  });
}
