/* The grid by keyboard: a mark that the arrows move, five minutes or one column at a time.
   Enter opens the visit under it, or gives that time; W proposes it to those who wait. A status line says where it is. */

import { clockOf, dayOf } from "./times.js";

const STEP = 5;
const HOUR = 60;

export function startCursor(root, { data, week, slot, give, propose, openVisit }) {
  const says = document.querySelector("[data-cursor-says]");
  const words = document.getElementById("agenda-words").dataset;
  const mark = Object.assign(document.createElement("div"), { className: "grid-cursor", hidden: true });
  let at = null; // {column, minute}

  const columns = () => [...root.querySelectorAll(".ec-body .ec-day")];
  const limits = () => [minutes(data().min), minutes(data().max)];

  function start() {
    const [first, last] = limits();
    const now = new Date();
    const minute = Math.round((now.getHours() * HOUR + now.getMinutes()) / STEP) * STEP;
    return { column: 0, minute: root.dataset.today === root.dataset.date && minute >= first && minute < last ? minute : first };
  }

  const agendaOf = (column) => (week ? data().agendas[0] : data().agendas[column]);

  function dateOf({ column, minute }) {
    const day = week ? root.querySelectorAll(".ec-header time")[column]?.dateTime ?? root.dataset.date : root.dataset.date;
    return new Date(`${day.slice(0, 10)}T${clock(minute)}`);
  }

  function visitAt(place) {
    const wall = `${dayOf(dateOf(place))}T${clock(place.minute)}`;
    return data().visits.find((one) => one.agenda === agendaOf(place.column).id && one.start <= wall && wall < one.end);
  }

  function closedAt(place) {
    const wall = `${dayOf(dateOf(place))}T${clock(place.minute)}`;
    return data().closed.find((one) => one.agenda === agendaOf(place.column).id && one.start <= wall && wall < one.end);
  }

  function show() {
    const column = columns()[at.column];
    const body = root.querySelector(".ec-body");
    if (!column || !body) return;
    if (mark.parentNode !== body) body.append(mark);
    mark.hidden = false;
    mark.style.top = `${((at.minute - limits()[0]) / STEP) * slot()}px`;
    mark.style.left = `${column.offsetLeft}px`;
    mark.style.width = `${column.offsetWidth}px`;
    mark.style.height = `${3 * slot()}px`;
    mark.dataset.clock = clock(at.minute);
    mark.scrollIntoView({ block: "nearest", inline: "nearest" });
    const visit = visitAt(at);
    const what = visit ? `${visit.name}${visit.reason ? `, ${visit.reason}` : ""}` : closedAt(at)?.words ?? words.free;
    says.textContent = `${clock(at.minute)}, ${agendaOf(at.column).name} : ${what}`;
  }

  function hide() {
    at = null;
    mark.hidden = true;
    says.textContent = "";
  }

  function step(key) {
    const [first, last] = limits();
    const by = { ArrowDown: STEP, ArrowUp: -STEP, PageDown: HOUR, PageUp: -HOUR }[key] ?? 0;
    const aside = { ArrowRight: 1, ArrowLeft: -1 }[key] ?? 0;
    const minute = key === "Home" ? first : key === "End" ? last - STEP : at.minute + by;
    at = {
      minute: Math.min(last - STEP, Math.max(first, minute)),
      column: Math.min(columns().length - 1, Math.max(0, at.column + aside)),
    };
  }

  root.addEventListener("keydown", (event) => {
    if (event.target !== root || event.altKey || event.ctrlKey || event.metaKey) return;
    const known = /^(Arrow|Page|Home$|End$|Enter$|Escape$|[wW]$)/.test(event.key);
    if (!known || (!at && /^(Enter|Escape|w)$/i.test(event.key))) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") {
      hide();
      document.getElementById("page").focus();
    } else if (event.key.toLowerCase() === "w") {
      if (!visitAt(at)) propose(dateOf(at), String(agendaOf(at.column).id));
    } else if (event.key === "Enter") {
      const visit = visitAt(at);
      if (visit) openVisit(visit.id);
      else give(dateOf(at), String(agendaOf(at.column).id));
    } else {
      if (at) step(event.key);
      else at = start();
      show();
    }
  });
  root.addEventListener("blur", () => (mark.hidden = true));
  root.addEventListener("focus", () => at && show());
}

const minutes = (text) => Number(text.slice(0, 2)) * HOUR + Number(text.slice(3, 5));
const clock = (minute) => clockOf(new Date(2000, 0, 1, 0, minute));
