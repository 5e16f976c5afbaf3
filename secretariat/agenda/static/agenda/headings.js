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

export function heading({ agenda, count, ends }, { week, date }, words) {
  const link = made("a", agenda.name);
  link.href = `${week}?agenda=${agenda.id}&date=${date}`;
  const said = made("span", count ? `${count} ${words.visits}` : words.none, "soft small");
  if (!ends.length) return { domNodes: [link, " ", said] };
  const below = made("span", "", "column-ends");
  below.append(...ends.flatMap((one) => [ending(one), " "]));
  return { domNodes: [link, " ", said, below] };
}

function ending({ text, title, icon, css }) {
  const node = made("span", text, `half-ends small ${css ?? "soft"}`);
  node.title = title;
  if (icon) node.prepend(Object.assign(document.createElement("i"), { className: `ti ti-${icon}`, ariaHidden: "true" }), " ");
  return node;
}

function made(tag, textContent, className = "") {
  return Object.assign(document.createElement(tag), { textContent, className });
}
