/* The month picker: fetched when it opens, walked with the arrows, the columns kept when one goes. */

const ARROWS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

function walk(event) {
  const step = ARROWS[event.key];
  const day = event.target.closest?.("[data-day]");
  if (!step || !day) return;
  event.preventDefault();
  const all = [...day.closest("table").querySelectorAll("[data-day]")];
  all[all.indexOf(day) + step]?.focus();
}

/** A popover opens under its button. */
function under(event) {
  const button = document.querySelector(`[popovertarget="${event.target.id}"]`).getBoundingClientRect();
  event.target.style.top = `${button.bottom + 4}px`;
  if (event.target.classList.contains("right")) event.target.style.right = `${Math.max(4, innerWidth - button.right)}px`;
  else event.target.style.left = `${Math.max(4, Math.min(button.left, innerWidth - 360))}px`;
}

export function startMonth() {
  const popover = document.getElementById("month");
  if (!popover) return;
  const box = popover.querySelector("[data-month]");
  for (const one of [popover, document.getElementById("columns")]) one?.addEventListener("beforetoggle", under);
  popover.addEventListener("toggle", (event) => event.newState === "open" && htmx.trigger(box, "open-month"));
  popover.addEventListener("keydown", walk);
  box.addEventListener("htmx:afterSwap", () => (box.querySelector("[aria-current]") ?? box.querySelector(".today, [data-day]"))?.focus());
  // The columns chosen stay chosen from day to day.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-keep-columns]");
    const kept = new URLSearchParams(location.search).getAll("agenda");
    // On paper, what is on screen.
    const shown = document.querySelector("[data-agenda]")?.dataset.agendas;
    if (link?.target === "_blank" && shown && !kept.length) kept.push(...shown.split(","));
    if (!link || !kept.length) return;
    const url = new URL(link.href);
    if (!url.searchParams.has("agenda")) for (const one of kept) url.searchParams.append("agenda", one);
    link.href = url.href;
  }, true);
}
