/* The grid of a day (one column a practitioner) or of a week (one column a day), drawn by
   @event-calendar. It shows what the server says and asks it for everything: no rule lives here. */

import { plainRoles } from "../core/js/calendar_roles.js";
import { openSheet } from "../core/js/sheets.js";
import { startColumns } from "./columns.js";
import { startCursor } from "./cursor.js";
import { fetchHeadings, fillEnds, heading } from "./headings.js";
import { move } from "./moving.js";
import { placeInSheet } from "./placing.js";
import { clockOf, content, dayOf, events, fetchTimes, visitEvents, wallOf } from "./times.js";

const ZOOMS = [4, 5, 6, 8, 11]; // pixels for five minutes
const ZOOM_KEPT = "secretariat:agenda-zoom";
const FEW = 12; // changes drawn one by one; beyond, all at once is quicker
const NARROW = matchMedia("(max-width: 767px)");

const root = document.querySelector("[data-agenda]");
const words = document.getElementById("agenda-words")?.dataset;
const week = root?.dataset.view === "week";
const byDoctor = root?.dataset.view === "day";
const days = week ? 7 : 1;
let grid;
let data;
let ends = {};
let moving = false;
let stale = false;
let questions = 0;

const named = () => root.dataset.agendas.split(",").filter(Boolean);
/** On a telephone one column is enough: the first, until another is chosen. */
const wanted = () => (!byDoctor || !NARROW.matches ? named() : named().slice(0, 1).concat(named().length || !data ? [] : data.agendas[0].id));

function resources({ agendas, visits }) {
  return agendas.map((agenda) => ({
    id: String(agenda.id),
    title: agenda.name,
    extendedProps: { agenda, count: visits.filter((visit) => visit.agenda === agenda.id && !visit.block).length },
  }));
}

const columnOf = (resource) => resource?.id ?? String(data.agendas[0].id);

function give(date, agenda, minutes) {
  if (root.dataset.mayBook === undefined) return;
  const place = { agenda, day: dayOf(date), clock: clockOf(date), minutes };
  if (placeInSheet(place)) return;
  const url = new URL(root.dataset.book, location.href);
  url.search = new URLSearchParams({ agenda, at: wallOf(date), ...(minutes ? { minutes } : {}) });
  openSheet({ url: url.pathname + url.search, title: `${words.new} ${place.clock}`, icon: "calendar-plus", fresh: true });
}

/** « Proposer ce créneau »: who of the waiting list could come then. */
function propose(date, agenda) {
  if (root.dataset.propose === undefined) return;
  const url = new URL(root.dataset.propose, location.href);
  url.search = new URLSearchParams({ agenda, at: wallOf(date) });
  openSheet({ url: url.pathname + url.search, title: clockOf(date), icon: "calendar-plus" });
}

export function openVisit(id) {
  openSheet({ url: root.dataset.visit.replace("/0/", `/${id}/`), title: "…", icon: "calendar" });
}

async function drop(info) {
  const { event, newResource, revert } = info;
  const minutes = Math.round((event.end - event.start) / 60_000);
  const agenda = newResource?.id ?? event.resourceIds[0];
  await move({ root, event, agenda, minutes, revert });
}

/** Days of the week on which nothing opens and nothing stands: no column for them. */
function hidden({ visits, closed }) {
  if (!week) return [];
  const whole = (day) => closed.some((one) => one.start === `${day}T00:00` && one.end > `${day}T24`);
  const monday = new Date(`${root.dataset.date}T12:00`);
  return [5, 6].filter((n) => {
    const day = new Date(monday);
    day.setDate(day.getDate() + n);
    return whole(dayOf(day)) && !visits.some((visit) => visit.start.startsWith(dayOf(day)));
  }).map((n) => (n + 1) % 7);
}

function scrollTime() {
  const shown = root.dataset.date;
  if (root.dataset.today < shown || (!week && root.dataset.today > shown)) return data.min;
  const hour = new Date(Date.now() + offsetMs()).getUTCHours() - 1;
  return `${String(Math.max(hour, 0)).padStart(2, "0")}:00`;
}

function offsetMs() {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(root.dataset.offset);
  return (sign === "-" ? -1 : 1) * (hours * 60 + +minutes) * 60_000;
}

const zoom = () => Math.min(ZOOMS.length - 1, Math.max(0, Number(localStorage[ZOOM_KEPT] ?? 2)));

function options() {
  const mayBook = root.dataset.mayBook !== undefined;
  return {
    view: week ? "timeGridWeek" : "resourceTimeGridDay",
    date: root.dataset.date,
    timeZone: root.dataset.offset,
    locale: document.documentElement.lang,
    firstDay: 1,
    hiddenDays: hidden(data),
    height: "100%",
    headerToolbar: { start: "", center: "", end: "" },
    allDaySlot: false,
    slotDuration: "00:05",
    slotLabelInterval: "01:00",
    slotLabelFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
    dayHeaderFormat: { weekday: "long", day: "numeric", month: "short" },
    slotHeight: ZOOMS[zoom()],
    slotMinTime: data.min,
    slotMaxTime: data.max,
    scrollTime: scrollTime(),
    columnWidth: "minmax(10rem, 1fr)",
    nowIndicator: true,
    slotEventOverlap: false,
    editable: mayBook,
    selectable: mayBook,
    pointer: mayBook,
    resources: week ? [] : resources(data),
    resourceLabelContent: ({ resource }) => heading(resource.extendedProps, ends, root.dataset, words),
    events: events(data),
    eventContent: content,
    eventDidMount: ({ el }) => el.getAttribute("role") === "button" && (el.tabIndex = -1),
    eventClick: ({ event }) => event.extendedProps.visit && openVisit(event.extendedProps.visit.id),
    dateClick: ({ date, resource }) => give(date, columnOf(resource)),
    select: ({ start, end, resource }) => {
      give(start, columnOf(resource), Math.round((end - start) / 60_000));
      grid.unselect();
    },
    eventDragStart: () => (moving = true),
    eventResizeStart: () => (moving = true),
    eventDragStop: freed,
    eventResizeStop: freed,
    eventDrop: drop,
    eventResize: drop,
  };
}

function freed() {
  moving = false;
  if (stale) reload();
}

async function reload() {
  stale = moving;
  if (moving) return;
  const trouble = document.querySelector("[data-trouble]");
  const asked = ++questions;
  let found;
  try {
    found = await fetchTimes(root.dataset.times, root.dataset.date, days, wanted());
    trouble.hidden = true;
  } catch {
    if (asked === questions) trouble.hidden = false;
    return;
  }
  // An answer to a former question, come late: the columns are no longer those.
  if (asked !== questions) return;
  stale = moving;
  if (!moving) draw(found);
  if (byDoctor) reloadEnds();
}

/** When half-days should end: said a moment after the visits, which do not wait for it. */
async function reloadEnds() {
  const found = await fetchHeadings(root.dataset.headings, root.dataset.date, wanted());
  if (!found) return;
  ends = found;
  // Filled in place: new resources would draw every column again.
  for (const box of root.querySelectorAll("[data-ends]")) fillEnds(box, ends[box.dataset.ends]?.ends);
}

function draw(found) {
  const before = data;
  data = found;
  root.setAttribute("aria-busy", "false");
  if (!grid) {
    grid = EventCalendar.create(root, options());
    plainRoles(root);
    startCursor(root, { data: () => data, week, slot: () => ZOOMS[zoom()], give, propose, openVisit });
    return;
  }
  if (before.min !== data.min) grid.setOption("slotMinTime", data.min);
  if (before.max !== data.max) grid.setOption("slotMaxTime", data.max);
  if (!week && !same(resources(before), resources(data))) grid.setOption("resources", resources(data));
  if (same(before.closed, data.closed)) redraw(visitEvents(before), visitEvents(data));
  else grid.setOption("events", events(data));
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Only what moved: most of what happens in the practice changes nothing in this day. */
function redraw(before, after) {
  const known = new Map(before.map((event) => [event.id, event]));
  const left = new Set(after.map((event) => event.id));
  const fresh = after.filter((event) => !same(known.get(event.id), event));
  const gone = before.filter((event) => !left.has(event.id));
  if (fresh.length + gone.length > FEW) return grid.setOption("events", events(data));
  for (const event of gone) grid.removeEventById(event.id);
  for (const event of fresh) known.has(event.id) ? grid.updateEvent(event) : grid.addEvent(event);
}

function zoomBy(step) {
  localStorage[ZOOM_KEPT] = Math.min(ZOOMS.length - 1, Math.max(0, zoom() + step));
  grid?.setOption("slotHeight", ZOOMS[zoom()]);
}

export async function startGrid() {
  if (!root) return;
  for (const button of document.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => zoomBy(Number(button.dataset.zoom)));
  document.querySelector("[data-submit-on-change]")?.addEventListener("change", (event) => event.target.form.submit());
  let timer;
  for (const name of ["changed", "back", "unlocked"])
    document.addEventListener(name, () => {
      clearTimeout(timer);
      timer = setTimeout(reload, 60);
    });
  await reload();
  startColumns({ root, show: reload });
  if (NARROW.matches && byDoctor && data && !named().length && data.agendas.length > 1) reload();
  setInterval(() => document.querySelector("[data-trouble]")?.hidden === false && reload(), 15_000);
  if (byDoctor && root.dataset.today === root.dataset.date) setInterval(() => grid && !document.hidden && reloadEnds(), 60_000);
}
