/* The same truth at every desk: ask each second for the last number of the day book, with what
   changes without a deed (a time that a colleague holds); when it moved,
   tell "changed" on body, and what has hx-trigger="changed from:body" reloads itself.
   Slower when nobody looks, slower still when the server does not answer, and back alone. */

import { desk, sentence, standing, tell } from "./page.js";

const EACH_MS = 1000;
const HIDDEN_MS = 10_000;
const SLOWEST_MS = 15_000;
const PATIENCE_MS = 5000;

let last = null;
let misses = 0;
let timer;

function banner(text, link) {
  const place = document.getElementById("lost");
  place.hidden = !text;
  place.textContent = text ?? "";
  if (link) place.append(" ", Object.assign(document.createElement("a"), link));
}

function heard(number) {
  if (misses >= 2) {
    banner(null);
    tell("back");
  }
  misses = 0;
  if (last !== null && number !== last) tell("changed", { number });
  last = number;
}

function missed() {
  misses += 1;
  if (misses >= 2) banner(sentence("lost"));
}

function signedOut() {
  const here = encodeURIComponent(location.pathname + location.search);
  banner(sentence("signedOut"), { href: `${desk().loginUrl ?? "/accounts/login/"}?next=${here}`, textContent: sentence("signIn") });
  clearTimeout(timer);
  timer = null;
  return false;
}

/** Ask once. Answers whether to go on asking. */
async function ask() {
  try {
    const url = new URL(desk().pulseUrl, location.href);
    if (last !== null) url.searchParams.set("last", last);
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: "manual", headers: { Accept: "text/plain", ...standing() } });
    if (answer.type === "opaqueredirect" || answer.status === 401) return signedOut();
    if (answer.status === 423) tell("lock-asked");
    else if (answer.status === 204) heard(last);
    else if (answer.ok) heard((await answer.text()).match(/^\d[\d.]*$/)?.[0] ?? last);
    else missed();
  } catch {
    missed();
  }
  return true;
}

async function beat() {
  clearTimeout(timer);
  if (document.body.classList.contains("locked")) return (timer = setTimeout(beat, EACH_MS)); // nobody to tell
  if (!(await ask())) return;
  const slow = misses ? Math.min(SLOWEST_MS, EACH_MS * 2 ** misses) : 0;
  timer = setTimeout(beat, Math.max(document.hidden ? HIDDEN_MS : EACH_MS, slow));
}

export function startPulse() {
  document.addEventListener("signed-out", signedOut);
  if (!desk().pulseUrl) return;
  last = desk().pulseNumber ?? null;
  document.addEventListener("visibilitychange", () => !document.hidden && timer && beat());
  addEventListener("online", () => timer && beat());
  timer = setTimeout(beat, EACH_MS);
}
