/* A placeholder pressed goes where one was typing. Loaded by every page: sheets come later. */

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-place]");
  const area = button?.closest("form")?.querySelector("textarea");
  if (!area) return;
  area.setRangeText(button.dataset.place, area.selectionStart, area.selectionEnd, "end");
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
});

/* An older text comes back into the form; nothing leaves before it is kept. */
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-version]");
  const form = button?.closest(".sheet, .as-page")?.querySelector("form[data-text]");
  if (!form) return;
  const version = button.closest("[data-said]");
  form.elements.body.value = version.querySelector("[data-body]").textContent;
  if (form.elements.subject) form.elements.subject.value = version.querySelector("[data-subject]").textContent;
  form.elements.body.focus();
  form.elements.body.dispatchEvent(new Event("input", { bubbles: true }));
});
document.addEventListener("picked", (event) => event.target.closest?.("form[data-text]")?.querySelector("textarea").dispatchEvent(new Event("input", { bubbles: true })));
