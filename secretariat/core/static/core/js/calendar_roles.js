/* @event-calendar announces itself as a table but puts articles and a toolbar in it, which no screen
   reader can follow. Its events stay buttons, each with its own words; the table roles go.
   import { plainRoles } from "…/core/js/calendar_roles.js"; plainRoles(element, "Agenda du 23 novembre");
   No label: the element is named already. */

const TABLE = ".ec[role], [role=table], [role=rowgroup], [role=row], [role=cell], [role=columnheader], [role=rowheader], [role=list], [role=listitem]";

/** Keep the roles of the calendar in `element` true, now and when it draws itself again. */
export function plainRoles(element, label = "") {
  let asked = false;
  const tidy = () => {
    asked = false;
    for (const node of element.querySelectorAll(TABLE)) {
      for (const name of ["role", "aria-colindex", "aria-rowindex", "aria-colspan", "aria-rowspan"]) node.removeAttribute(name);
    }
    // An <article> may not be a button; it keeps its focus, its Enter and its words.
    for (const node of element.querySelectorAll("article[role=button]")) node.removeAttribute("role");
    // What scrolls must be reachable by keyboard: through its visits, else by itself.
    for (const node of element.querySelectorAll(".ec-main")) node.toggleAttribute("tabindex", !node.querySelector("[tabindex='0']"));
    for (const node of element.querySelectorAll(".ec-main[tabindex]")) node.tabIndex = 0;
  };
  if (label) {
    element.setAttribute("role", "region");
    element.setAttribute("aria-label", label);
  }
  new MutationObserver(() => {
    if (!asked) requestAnimationFrame(tidy);
    asked = true;
  }).observe(element, { subtree: true, childList: true, attributeFilter: ["role"] });
  tidy();
}
