/* What is clicked or typed on a screen whose scripts do not listen yet is kept, and done in its order
   once they do. The only script the page waits for, and before anything can be seen or clicked. */
{
  const FIELD = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable], trix-editor";
  const inField = () => document.activeElement?.matches(FIELD);
  const kept = [];

  const inLine = () => document.activeElement?.matches("input") && inField();

  /** Letters alone or with Alt, F keys and what ends a line are the screen’s; the others the browser’s. */
  const ours = ({ key, altKey, ctrlKey, metaKey, isComposing }) =>
    !ctrlKey && !metaKey && !isComposing &&
    (/^F\d+$/.test(key) || (key.length === 1 && key !== " " && (altKey || !inField())) || (key === "Enter" && inLine()));

  function keep(event) {
    if (event.type === "keydown" && !ours(event)) return;
    if (event.type === "click" && (event.ctrlKey || event.metaKey || event.shiftKey)) return; // another tab
    if (event.type !== "input") {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    kept.push(event);
  }

  /** The letter goes into the field that a key before it has opened. */
  function write(letter) {
    const field = document.activeElement;
    field.setRangeText?.(letter, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new InputEvent("input", { bubbles: true, data: letter }));
  }

  function press({ key, code, altKey, shiftKey }) {
    const on = document.activeElement ?? document.body;
    const free = on.dispatchEvent(new KeyboardEvent("keydown", { key, code, altKey, shiftKey, bubbles: true, cancelable: true }));
    if (!free || altKey) return;
    if (key === "Enter") on.form?.requestSubmit();
    else if (key.length === 1 && inField()) write(key);
  }

  function redo(event) {
    if (event.type === "click") event.target.dispatchEvent(new MouseEvent("click", event));
    else if (event.type === "submit") event.target.requestSubmit(event.submitter);
    else if (event.type === "keydown") press(event);
    else event.target.dispatchEvent(new InputEvent("input", { bubbles: true, data: event.data }));
  }

  /** Where the screen begins: the browser itself goes there a little later. */
  const first = () => [...document.querySelectorAll("[autofocus]")].find((node) => node.checkVisibility());

  const kinds = ["click", "submit", "keydown", "input"];
  for (const kind of kinds) addEventListener(kind, keep, { capture: true });
  // The scripts of the page have run by then; htmx wakes at this very event, hence the turn after it.
  addEventListener("DOMContentLoaded", () =>
    setTimeout(() => {
      for (const kind of kinds) removeEventListener(kind, keep, { capture: true });
      if (kept.length && document.activeElement === document.body) first()?.focus();
      kept.forEach(redo);
    }),
  );
}
