/* The heading of a column: whose it is, how many visits, when each half-day should really end. */

import { standing } from "../core/js/page.js";

/** What higher rooms say of each column, by agenda; nothing when the answer cannot be had. */
export async function fetchHeadings(url, date, agendas) {
  const address = new URL(url, location.href);
  address.searchParams.set("date", date);
  for (const one of agendas) address.searchParams.append("agenda", one);
  try {
    const answer = await fetch(address, { redirect: "manual", headers: { Accept: "application/json", ...standing() } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

export function heading({ agenda, count }, ends, { week, date }, words) {
  const name = made(week ? "a" : "span", agenda.name, "column-name");
  if (week) name.href = `${week}?agenda=${agenda.id}&date=${date}`;
  const said = made("span", "", "soft small column-said");
  if (agenda.locum) said.append(made("span", `${agenda.locum} · `, "column-locum"));
  const number = made("span", count || words.none);
  if (count) number.append(made("span", ` ${words.visits}`, "word"));
  said.append(number);
  if (!week) return { domNodes: [name, " ", said] };
  const below = made("span", "", "column-ends");
  below.dataset.ends = agenda.id;
  fillEnds(below, ends[agenda.id]?.ends);
  said.append(below);
  return { domNodes: [name, " ", said] };
}

/** When the half-days of one column should end: discreet, unless one overflows. */
export function fillEnds(box, ends = []) {
  box.replaceChildren(...ends.flatMap((one) => [" ", ending(one)]));
}

function ending({ text, late, title, icon, css }) {
  const node = made("span", "", `half-ends ${css ?? ""}`);
  node.title = title;
  node.append(made("span", late ? `${text}, ` : text, late ? "word" : ""), late ?? "");
  if (icon) node.prepend(Object.assign(document.createElement("i"), { className: `ti ti-${icon}`, ariaHidden: "true" }), " ");
  return node;
}

function made(tag, textContent, className = "") {
  return Object.assign(document.createElement(tag), { textContent, className });
}
