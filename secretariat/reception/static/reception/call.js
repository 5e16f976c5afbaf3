/* The call sheet: who calls, whose visit, which time. Loaded by every page: sheets come later. */

const sheetOf = (node) => node.closest("[data-call]");
const formOf = (sheet) => document.getElementById(`call-${sheet.dataset.call}`);

/* The patient is known: keep it, show the card, aim the search for a time at them. */
function choose(sheet, pk, label) {
  const form = formOf(sheet);
  form.elements.patient.value = pk;
  form.elements.q.value = label;
  form.elements.q.dispatchEvent(new Event("change", { bubbles: true }));
  htmx.trigger(`#call-${sheet.dataset.call}-card`, "call-patient");
  const find = sheet.querySelector("[data-find]");
  if (find.open) load(find);
}

function load(find) {
  const sheet = sheetOf(find);
  const patient = formOf(sheet).elements.patient.value;
  const place = document.getElementById(`call-${sheet.dataset.call}-find`);
  htmx.ajax("GET", `${find.dataset.find}&patient=${encodeURIComponent(patient)}`, { source: place, target: place, swap: "innerHTML" });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-call-patient]");
  if (button && sheetOf(button)) choose(sheetOf(button), button.dataset.callPatient, button.dataset.label);
});

document.addEventListener("picked", (event) => {
  const sheet = sheetOf(event.target);
  if (sheet) choose(sheet, event.detail.value, event.detail.label);
});

/* Another name is being typed: the card of the one before goes away. */
document.addEventListener("unpicked", (event) => {
  const sheet = sheetOf(event.target);
  if (sheet) htmx.trigger(`#call-${sheet.dataset.call}-card`, "call-patient");
});

/* An unknown caller: the new file begins with what this sheet knows, and comes back to it. */
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-call] a[data-create]");
  if (!link) return;
  const { q, caller_phone: phone } = formOf(sheetOf(link)).elements;
  const url = new URL(link.href);
  url.searchParams.set("call", sheetOf(link).dataset.call);
  if (q.value) url.searchParams.set("typed", q.value);
  if (phone.value) url.searchParams.set("mobile", phone.value);
  link.href = url.pathname + url.search;
}, true);

/* A part opens: the free times are asked for, or the first field takes the focus. */
document.addEventListener("toggle", (event) => {
  const part = event.target;
  if (!part.matches?.(".call-part") || !part.open) return;
  if (part.dataset.find) load(part);
  else part.querySelector("textarea, input, select")?.focus();
  part.scrollIntoView({ block: "start" });
}, true);

/* The free times have come: the reason is the next thing to choose. */
document.addEventListener("htmx:afterSettle", (event) => {
  const place = event.detail.target;
  if (!place?.matches?.(".call-find") || place.contains(document.activeElement)) return;
  place.querySelector("select, input:not([type=hidden]), button")?.focus();
});

/* A time was given from this sheet, or a file was made for it. */
document.body.addEventListener("appointmentBooked", (event) => {
  const sheet = event.target.closest?.("[data-call]");
  if (!sheet) return;
  const form = formOf(sheet);
  form.elements.appointment.value = event.detail.id;
  form.dispatchEvent(new Event("change", { bubbles: true }));
  document.querySelector(`button[form="${form.id}"][value="booked"]`)?.classList.add("main");
  document.querySelector(`button[form="${form.id}"][value="booked"]`)?.focus();
});

document.body.addEventListener("patientChosen", (event) => {
  const open = [...document.querySelectorAll("[data-call]")].filter((sheet) => !formOf(sheet).elements.patient.value);
  const sheet = open.find((one) => one.dataset.call === event.detail.call) ?? open.at(-1);
  if (sheet) choose(sheet, event.detail.id, event.detail.label);
});
