/* Keeping what is being typed, on a desk that several people share.

   Two copies. The tab's own (sessionStorage) is plain: it serves a reload at once and dies with the tab.
   The machine's (localStorage) serves a crash: it is ciphered (AES-GCM) with a key that only the server
   gives, and only to this person once logged in. The next person at this desk cannot read it, nor can
   someone who takes the disk. Without a secure context (plain http on a network) there is no cipher,
   so there is no second copy: nothing about a patient is ever left readable on the machine. */

import { desk } from "./page.js";

const PREFIX = "secretariat:";
const LASTS_MS = 14 * 3600 * 1000; // a working day; older text is thrown away unread
const tab = (sessionStorage[PREFIX + "tab"] ??= Math.random().toString(36).slice(2));
const canCipher = Boolean(globalThis.crypto?.subtle && navigator.locks);

// Held as long as this tab lives, so that another tab knows this text is not orphaned.
if (canCipher) navigator.locks.request(PREFIX + tab, () => new Promise(() => {}));

const owner = () => `${PREFIX}${desk().user}:${desk().practice ?? 0}:`;
const slot = (name) => owner() + name;

let cipherKey;
function key() {
  const bytes = Uint8Array.from(atob(desk().draftKey), (c) => c.charCodeAt(0));
  return (cipherKey ??= crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]));
}

const toText = (bytes) => btoa(Array.from(new Uint8Array(bytes), (b) => String.fromCharCode(b)).join(""));
const toBytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

async function cipher(value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(value));
  return { iv: toText(iv), text: toText(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), plain)) };
}

async function decipher({ iv, text }) {
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: toBytes(iv) }, await key(), toBytes(text));
  return JSON.parse(new TextDecoder().decode(plain));
}

const alone = async (other) =>
  other === tab || !(await navigator.locks.query()).held.some((lock) => lock.name === PREFIX + other);

/** Keep `value` (plain JSON) under `name` for this person, in this practice. */
export async function keep(name, value) {
  if (!desk().user) return;
  sessionStorage[slot(name)] = JSON.stringify(value);
  if (!canCipher || !desk().draftKey) return;
  const hidden = await cipher(value);
  if (slot(name) in sessionStorage) localStorage[slot(name)] = JSON.stringify({ at: Date.now(), tab, ...hidden });
}

/** What was kept under `name`: this tab's, else what a tab that no longer exists left behind. */
export async function recall(name) {
  if (!desk().user) return null;
  const own = sessionStorage[slot(name)];
  if (own) return JSON.parse(own);
  const copy = localStorage[slot(name)];
  if (!copy || !canCipher) return null;
  const entry = JSON.parse(copy);
  if (Date.now() - entry.at > LASTS_MS || !(await alone(entry.tab))) return null;
  try {
    return await decipher(entry);
  } catch {
    localStorage.removeItem(slot(name)); // another password, another key: lost on purpose
    return null;
  }
}

export function forget(name) {
  sessionStorage.removeItem(slot(name));
  localStorage.removeItem(slot(name));
}

/** Forget everything of everyone in this tab and on this machine, save settings of comfort. */
export function forgetAll() {
  for (const store of [sessionStorage, localStorage])
    for (const name of mine(store, () => true)) store.removeItem(name);
}

const mine = (store, mark) => Object.keys(store).filter((name) => /^secretariat:\d+:/.test(name) && mark(name));

/** On the login page the tab's plain copy goes wherever the ciphered one can bring it back. */
function closedDesk() {
  for (const name of mine(sessionStorage, (one) => one in localStorage)) sessionStorage.removeItem(name);
}

/** Another person logged in here: whatever the last one left goes. So do copies older than a day. */
export function startKeeping() {
  document.addEventListener("submit", (event) => event.target.matches("[data-forget]") && forgetAll());
  const { user } = desk();
  if ("closedDesk" in desk()) closedDesk();
  if (!user) return;
  const own = `${PREFIX}${user}:`;
  for (const store of [sessionStorage, localStorage])
    for (const name of mine(store, (one) => !one.startsWith(own))) store.removeItem(name);
  for (const name of mine(localStorage, (one) => Date.now() - JSON.parse(localStorage[one]).at > LASTS_MS)) localStorage.removeItem(name);
}
