/* What every script asks of the page: its data, its sentences, its moulds. */

export const desk = () => document.body.dataset;

/** The French sentence of that name, written in ui/_sentences.html. */
export const sentence = (name) => document.getElementById("sentences")?.dataset[name] ?? "";

/** A fresh copy of the <template id=…>; texts are then put in with textContent, never as HTML. */
export const mould = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

/** In which practice this page stands, whatever another tab has chosen since: for every request. */
export const standing = () => (desk().practice ? { "X-Practice": desk().practice } : {});

export const tell = (name, detail = {}, on = document.body) =>
  on.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));

export const inField = (node) =>
  node instanceof Element &&
  node.matches("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]:not([contenteditable=false]), trix-editor");

/** Call `what` once things have been quiet for `ms` milliseconds. */
export function quietly(what, ms) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => what(...given), ms);
  };
}
