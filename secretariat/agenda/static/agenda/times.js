/* The visits and closed times of the days shown: fetched from the server, made events of the grid. */

import { standing } from "../core/js/page.js";

const words = () => document.getElementById("agenda-words").dataset;

/** Ask the server. Rejects when the answer cannot be had: the grid then keeps what it shows. */
export async function fetchTimes(url, date, days, agendas) {
  const address = new URL(url, location.href);
  address.searchParams.set("date", date);
  address.searchParams.set("days", days);
  for (const one of agendas) address.searchParams.append("agenda", one);
  const answer = await fetch(address, { redirect: "manual", headers: { Accept: "application/json", ...standing() } });
  if (!answer.ok) throw new Error(`times: ${answer.status}`);
  return answer.json();
}

export const events = (data) => [...data.closed.map(background), ...visitEvents(data)];
export const visitEvents = ({ visits }) => visits.map(event);

function background(one, place) {
  return {
    id: `closed-${place}`,
    resourceIds: [String(one.agenda)],
    start: one.start,
    end: one.end,
    display: "background",
    title: one.words,
    classNames: [`closed-${one.kind}`],
    extendedProps: { closed: one },
  };
}

function event(visit) {
  return {
    id: visit.key ?? String(visit.id),
    resourceIds: [String(visit.agenda)],
    start: visit.start,
    end: visit.end,
    title: visit.name,
    classNames: classes(visit),
    extendedProps: { visit },
  };
}

function classes(visit) {
  const found = [visit.block ? "st-block" : visit.css, `reason-${visit.colour}`];
  if (visit.squeezed) found.push("squeezed");
  if (visit.forced) found.push("forced");
  if (minutesOf(visit) <= 10) found.push("short");
  return found;
}

export const minutesOf = ({ start, end }) => (new Date(end) - new Date(start)) / 60_000;

function text(tag, content, className) {
  return Object.assign(document.createElement(tag), { textContent: content, className });
}

function icon(name, word, className = "") {
  const made = text("span", "", `sign ${className}`);
  made.title = word;
  made.append(Object.assign(document.createElement("i"), { className: `ti ti-${name}`, ariaHidden: "true" }), text("span", word, "visually-hidden"));
  return made;
}

const NEEDS = { interpreter: "language", wheelchair: "wheelchair", deaf: "ear-off", more_time: "hourglass" };

/** What a visit shows: hour, status, name, what must not be missed, reason. Never made as HTML. */
export function content({ event: shown }) {
  if (shown.display === "background") return { domNodes: [text("span", shown.title, "closed-words")] };
  const { visit } = shown.extendedProps;
  if (!visit) return undefined;
  const say = words();
  const line = text("span", "", "line");
  const nodes = [text("time", clockOf(shown.start), "ec-event-time")];
  if (visit.word) nodes.push(icon(visit.icon, visit.waited == null ? visit.word : `${visit.word}, ${visit.waited} min`, "state"));
  if (visit.block) nodes.push(icon("lock", say.block));
  nodes.push(text("span", visit.name, "ec-event-title private"));
  if (visit.waited != null) nodes.push(text("strong", `${visit.waited} min`, "waited"));
  if (visit.squeezed) nodes.push(icon("arrows-join-2", `${say.squeezed}, ${say.by} ${visit.squeezed}`, "warn"));
  if (visit.forced) nodes.push(icon("lock-open", `${say.forced}, ${say.by} ${visit.forced} : ${visit.rule}`, "violet"));
  if (visit.urgent) nodes.push(icon("urgent", say.urgent, "bad"));
  if (visit.first) nodes.push(icon("sparkles", say.first));
  for (const need of visit.needs ?? []) nodes.push(icon(NEEDS[need], say[`need${need[0].toUpperCase()}${need.slice(1)}`] ?? need, "violet"));
  if (visit.linked) nodes.push(icon("link", say.linked));
  if (visit.note) nodes.push(icon("note", say.note));
  if (visit.twice) nodes.push(text("span", `(${visit.twice})`, "soft"));
  line.append(...nodes);
  return { domNodes: visit.reason ? [line, text("span", visit.reason, "reason private")] : [line] };
}

export const clockOf = (date) => `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
export const dayOf = (date) => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
export const wallOf = (date) => `${dayOf(date)}T${clockOf(date)}`;
