/* « Trouver un créneau »: Enter in a field goes to the first time found, or waits for it. */

const FIELDS = ".finding form:not([hx-post])";
let waiting = null;

function first(panel) {
  const offer = panel.querySelector(".offer");
  offer?.focus();
  offer?.scrollIntoView({ block: "nearest" });
}

function pressed(event) {
  const form = event.target.closest?.(FIELDS);
  if (event.key !== "Enter" || !form || event.target.matches("button")) return;
  event.preventDefault();
  const panel = form.closest(".finding");
  if (form.classList.contains("htmx-request")) waiting = panel;
  else first(panel);
}

export function startFinding() {
  document.addEventListener("keydown", pressed);
  document.addEventListener("htmx:afterSettle", ({ target }) => {
    if (!waiting?.contains(target)) return;
    first(waiting);
    waiting = null;
  });
}
