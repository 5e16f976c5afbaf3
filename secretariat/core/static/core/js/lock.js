/* The desk locks by key, or when nobody has typed for data-idle-minutes. Everything behind is hidden
   and inert, nothing is lost; the server refuses to answer until the password is given. */

import { desk, tell } from "./page.js";

const SEEN = "secretariat:seen"; // shared by the tabs of this desk: working in one keeps the others open
const LOCKED = "secretariat:locked";
const NOTE_EVERY_MS = 5000;

const curtain = () => document.getElementById("lock");
let back = null;

function draw() {
  if (curtain().open) return;
  back = document.activeElement;
  document.querySelectorAll(":popover-open").forEach((one) => one.hidePopover());
  document.body.classList.add("locked");
  curtain().showModal();
  curtain().querySelector("[type=password]").focus();
}

async function lock() {
  draw();
  localStorage[LOCKED] = Date.now();
  try {
    await fetch(desk().lockUrl, { method: "POST", headers: { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content } });
  } catch {
    // the line is down: the curtain holds here, and the server locks by itself after the same idle time
  }
}

function open() {
  if (!curtain().open) return;
  curtain().querySelector("form").reset();
  curtain().querySelector(".errors").replaceChildren();
  document.body.classList.remove("locked");
  curtain().close();
  localStorage[SEEN] = Date.now();
  back?.focus?.();
}

export function startLock() {
  if (!curtain() || !desk().lockUrl) return;
  const idleMs = Number(desk().idleMinutes || 0) * 60_000;
  let noted = 0;
  const seen = () => {
    if (Date.now() - noted < NOTE_EVERY_MS || curtain().open) return;
    noted = localStorage[SEEN] = Date.now();
  };
  seen();
  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel"]) document.addEventListener(kind, seen, { passive: true });
  if (idleMs) setInterval(() => !curtain().open && Date.now() - Number(localStorage[SEEN]) > idleMs && lock(), 1000);

  curtain().addEventListener("cancel", (event) => event.preventDefault());
  document.querySelectorAll("[data-lock]").forEach((one) => one.addEventListener("click", lock));
  // This page was given by the server, so the desk is open: curtains drawn in other tabs may open.
  delete localStorage[LOCKED];
  document.addEventListener("lock-asked", () => {
    localStorage[LOCKED] ??= Date.now();
    draw();
  });
  document.addEventListener("unlocked", () => {
    open();
    delete localStorage[LOCKED];
    tell("changed");
  });
  addEventListener("storage", ({ key, newValue }) => {
    if (key === LOCKED) newValue ? draw() : open();
  });
}
