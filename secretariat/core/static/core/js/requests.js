/* Every request htmx sends: its token, its one press, its trouble said in French, its form never lost. */

import { notice } from "./notices.js";
import { desk, sentence, standing, tell } from "./page.js";

const NETWORK = 0;
const WORDS = { 0: "network", 401: "signedOut", 403: "forbidden", 404: "gone", 409: "clash", 429: "slowDown" };

const buttons = (form) => [...form.elements].filter((one) => one.matches("button:not([type=button]), [type=submit]"));

/** While a form is under way its buttons do nothing: a double press is one. */
function busy(form, on) {
  for (const button of buttons(form)) {
    if (on === button.hasAttribute("data-busy") || (on && button.disabled)) continue;
    button.disabled = on;
    button.toggleAttribute("data-busy", on);
  }
}

const formOf = (elt) => (elt.matches?.("form") ? elt : elt.closest?.("form"));

/** A refusal alone goes above the form that asked, which stays as it was typed. */
function lodgeRefusal(event) {
  const { xhr, elt } = event.detail;
  if (xhr.status < 400 || xhr.status >= 500) return;
  const answer = new DOMParser().parseFromString(xhr.responseText, "text/html").body;
  if (answer.children.length !== 1 || !answer.firstElementChild.matches(".refusal")) return;
  const form = formOf(elt) ?? elt.closest?.(".sheet");
  let slot = form?.querySelector("[data-refusal]");
  if (!slot && form) {
    slot = Object.assign(document.createElement("div"), { className: "refusal-slot" });
    slot.dataset.refusal = "";
    (form.querySelector(".sheet-body") ?? form).prepend(slot);
  }
  event.detail.isError = false;
  if (!slot) {
    event.detail.shouldSwap = false;
    notice({ text: answer.querySelector(".sentence").textContent.trim(), kind: "bad" });
    return;
  }
  Object.assign(event.detail, { shouldSwap: true, target: slot, swapOverride: "innerHTML" });
  queueMicrotask(() => slot.scrollIntoView({ block: "nearest" }));
}

function failed(status) {
  if (status === 423) return tell("lock-asked");
  notice({ text: sentence(WORDS[status] ?? "server"), kind: "bad" }).dataset.trouble = "";
}

export function startRequests() {
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    Object.assign(detail.headers, standing(), { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content });
  });
  document.addEventListener("htmx:beforeSend", ({ detail: { elt } }) => elt.matches?.("form") && busy(elt, true));
  document.addEventListener("htmx:afterRequest", ({ detail: { elt, successful } }) => {
    if (elt.matches?.("form")) busy(elt, false);
    if (successful) document.querySelectorAll(".notice[data-trouble]").forEach((one) => one.remove());
  });

  // A plain form: after the browser has read it, its buttons rest; « back » wakes them.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.matches("[hx-post], [hx-get], [hx-put], [hx-delete], [method=dialog]")) return;
    if (form.method === "post" && desk().practice) {
      const url = new URL(form.getAttribute("action") || location.href, location.href);
      url.searchParams.set("in_practice", desk().practice);
      form.setAttribute("action", url.href);
    }
    setTimeout(() => busy(form, true));
  });
  addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => busy(form, false)));

  // A refusal without a word leaves the page as it is.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.xhr.status >= 400 && !detail.xhr.responseText.trim()) detail.shouldSwap = false;
  });
  document.addEventListener("htmx:beforeSwap", lodgeRefusal);
  // The session ended and the answer is the login page: never swap that into a form.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const login = document.body.dataset.loginUrl;
    if (!login || !event.detail.xhr.responseURL || new URL(event.detail.xhr.responseURL).pathname !== login) return;
    event.detail.shouldSwap = false;
    tell("signed-out");
  });
  document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => failed(xhr.status));
  document.addEventListener("htmx:sendError", ({ detail: { elt } }) => elt.matches?.("[data-quiet], .rail-load, .sheet") || failed(NETWORK));
  document.addEventListener("htmx:timeout", () => failed(NETWORK));
}
