/* The search box of the patients' screen: ↓ goes to the list, Entrée opens the first line or creates,
   ↑ from the first line comes back, Échap leaves an empty box. The list itself follows core/js/lists.js. */

const box = document.querySelector("input[data-rows]");
const place = document.getElementById(box.dataset.rows);
const links = () => [...place.querySelectorAll("tbody [data-primary]")];

box.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !box.value) box.blur(); // the letters are keys again
  if (!["ArrowDown", "Enter"].includes(event.key)) return;
  event.preventDefault();
  const [first] = links();
  if (event.key === "ArrowDown") first?.focus();
  // What is on screen answers an older search as long as the next one is under way.
  else if (!box.classList.contains("htmx-request") && shown === box.value.trim()) (first ?? place.querySelector("[data-create]"))?.click();
  else waiting = true;
});

place.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowUp" || document.activeElement !== links()[0]) return;
  event.preventDefault();
  event.stopPropagation();
  box.focus();
});

let shown = box.value.trim();
let waiting = false;
box.addEventListener("htmx:configRequest", (event) => (box.dataset.asked = event.detail.parameters.get?.("q") ?? box.value));
place.addEventListener("htmx:afterSwap", () => {
  shown = (box.dataset.asked ?? box.value).trim();
  if (waiting && shown === box.value.trim()) (links()[0] ?? place.querySelector("[data-create]"))?.click();
  waiting = false;
});
