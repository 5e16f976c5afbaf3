/* A visit dropped elsewhere or made longer: shown at once, put back if the server refuses. */

import { notice } from "../core/js/notices.js";
import { sentence, standing, tell } from "../core/js/page.js";
import { openSheet } from "../core/js/sheets.js";
import { placeInSheet } from "./placing.js";
import { clockOf, dayOf, wallOf } from "./times.js";

const TROUBLE = { 401: "signedOut", 403: "forbidden", 404: "gone", 429: "slowDown" };

async function post(url, values) {
  const token = document.querySelector("meta[name=csrf-token]").content;
  return fetch(url, {
    method: "POST",
    redirect: "manual",
    headers: { "X-CSRFToken": token, "HX-Request": "true", ...standing() },
    body: new URLSearchParams(values),
  });
}

/** Ask the server; on refusal the visit goes back and a sheet says why, with the ways out. */
export async function move({ root, event, agenda, minutes, revert }) {
  const { visit } = event.extendedProps;
  const url = root.dataset.move.replace("/0/", `/${visit.id}/`);
  const values = { agenda, day: dayOf(event.start), clock: clockOf(event.start), minutes, version: visit.version };
  let answer;
  try {
    answer = await post(url, values);
  } catch {
    revert();
    notice({ text: sentence("network"), kind: "bad" });
    return;
  }
  if (answer.ok) {
    // The visit carries its new version at once: a second move need not wait for the grid.
    const told = JSON.parse(answer.headers.get("HX-Trigger") ?? "{}");
    visit.version = told.appointmentMoved?.version ?? visit.version;
    for (const [name, detail] of Object.entries(told)) tell(name, detail);
    return;
  }
  revert();
  if (answer.status === 423) return tell("lock-asked");
  if (answer.type === "opaqueredirect") return tell("signed-out");
  if (![409, 422].includes(answer.status)) return notice({ text: sentence(TROUBLE[answer.status] ?? "server"), kind: "bad" });
  askElsewhere(url, { agenda, day: values.day, clock: values.clock, minutes }, wallOf(event.start));
  tell("changed");
}

/** The sheet where another place is chosen, with the one just refused and why. */
function askElsewhere(url, place, at) {
  const form = document.querySelector(`.sheet form[data-placing][hx-post="${url}"]`);
  const where = new URLSearchParams({ agenda: place.agenda, at, minutes: place.minutes });
  const title = document.getElementById("agenda-words").dataset.move;
  openSheet({ url: form?.closest(".sheet").dataset.url ?? `${url}?${where}`, title, icon: "calendar-share" });
  if (form) placeInSheet(place, form);
}
