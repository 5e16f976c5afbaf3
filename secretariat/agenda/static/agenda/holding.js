/* A booking sheet that closes, with its page or alone, lets its time go at once. If nothing can be
   sent any more, the time is free by itself after five minutes. */

function release(pane) {
  for (const held of pane.querySelectorAll("[data-held-by]")) {
    if (!held.childElementCount) continue;
    const form = held.closest("form");
    const said = new FormData();
    for (const name of ["csrfmiddlewaretoken", "form_token"]) said.append(name, form.elements[name].value);
    const practice = document.body.dataset.practice;
    fetch(held.dataset.heldBy, { method: "POST", body: said, keepalive: true, headers: practice ? { "X-Practice": practice } : {} }).catch(() => {});
  }
}

export function startHolding() {
  document.addEventListener("sheetShut", ({ target }) => release(target));
  addEventListener("pagehide", () => release(document));
}
