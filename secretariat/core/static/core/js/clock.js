/* « lundi 23 novembre 14:05 » at the foot, in the site's own time zone. */

import { desk } from "./page.js";

export function startClock() {
  const place = document.querySelector("[data-clock]");
  if (!place) return;
  const timeZone = desk().timeZone || undefined;
  const day = new Intl.DateTimeFormat("fr-FR", { weekday: "long", day: "numeric", month: "long", timeZone });
  const hour = new Intl.DateTimeFormat("fr-FR", { hour: "2-digit", minute: "2-digit", timeZone });
  const show = () => {
    const now = new Date();
    place.textContent = `${day.format(now)} · ${hour.format(now)}`;
    setTimeout(show, 60_000 - (now.getTime() % 60_000));
  };
  show();
}
