/* « Plusieurs rendez-vous »: a person picked, on to what is still to choose; in a family, the box is
   free for the next one. */

function picked({ target }) {
  const form = target.closest?.(".together form");
  if (!form || form.elements.add) return;
  [...form.querySelectorAll("select")].find((one) => !one.value)?.focus();
}

/** Once drawn among the others, and not when an earlier question is answered: the box no longer says
    who was added. */
function added({ detail: { elt } }) {
  const who = elt.matches?.(".together form") && elt.elements.add?.value;
  if (!who || !elt.querySelector(`.family-rows [name=known][value="${CSS.escape(who)}"]`)) return;
  elt.elements.add.value = "";
  elt.elements.q.value = "";
  [...elt.querySelectorAll(".family-rows select")].find((one) => !one.value)?.focus();
}

export function startTogether() {
  document.addEventListener("picked", picked);
  document.addEventListener("htmx:afterRequest", added);
}
