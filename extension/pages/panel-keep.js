// What outlives the panel. An open report is held in the browser's memory alone (`storage.session`), for a panel can be closed at any moment; it goes with the
// browser. Only who switches drafts on has it on the disk as well: locked by a key that the browser does not give out, for an hour. What is over goes
// whenever a panel opens.

/** @type {any} */
export const api = /** @type {any} */ (globalThis).browser ?? /** @type {any} */ (globalThis).chrome;

/** Bytes of a picture: `storage.session` holds ten megabytes, as text. */
export const room = 25_000_000;
const FITS = 7_000_000;
const HOUR = 3_600_000;
/** Names under which a capture is held before anything is written. */
const CAPTURED = ["captured", "chosen"];
const BASE = "draft";

/**
 * @typedef {{ detail: any, picture?: Blob, boxes: number, text: string, tag: string }} Open an open report: what was captured, the covered picture, how many
 * parts are covered in it, and what was typed
 */

/** @type {Open | undefined} */
let open;
let onDisk = false;

/** Holds a report that is being written; what it was captured from is in it, as far as the person wants. @param {Open} record */
export async function store(record) {
  open = record;
  await api.storage.session.remove(CAPTURED);
  await write();
}

/** The capture that this panel shows: another window's may be held by now, and what is chosen here must never lie on that. */
let shown = "";

/** Holds what was captured, before anything is written: in memory too, if it fits. Of what was before it nothing is left. @param {any} captured */
export function hold(captured) {
  shown = crypto.randomUUID();
  return api.storage.session.set({ captured: { ...captured, id: shown }, chosen: null }).catch(() => api.storage.session.remove(CAPTURED));
}

/** Holds what the person chose of it. @param {string} text */
export const holdChosen = (text) => api.storage.session.set({ chosen: { id: shown, text } }).catch(() => {});

/** Holds a picture of the whole page in the place of the window's, if there is room for it. @param {Blob} picture @param {object} whole its boxes @param {() => boolean} wanted */
export async function holdWhole(picture, whole, wanted) {
  if (picture.size > FITS) return;
  const address = await dataOf(picture);
  const { captured } = await api.storage.session.get("captured");
  if (captured?.id === shown && wanted()) await api.storage.session.set({ captured: { ...captured, picture: address, whole } }).catch(() => {});
}

/** What was captured, if the panel was closed over it, and what was chosen of it. From now on this panel shows it. @returns {Promise<{ captured?: any, chosen: string }>} */
export async function heldCapture() {
  const { captured, chosen } = await api.storage.session.get(CAPTURED);
  shown = captured?.id ?? "";
  return { captured, chosen: captured && chosen?.id === shown ? chosen.text : "" };
}

/** What was typed since. @param {string} text */
export async function typed(text) {
  if (!open) return;
  open.text = text;
  await write();
}

/** Pixels go, wherever they are held. */
export async function dropPicture() {
  if (!open) return;
  open.picture = undefined;
  await write();
}

/** Whether drafts are kept on the disk from now on; says whether they can be. @param {boolean} on */
export async function keepOnDisk(on) {
  onDisk = on;
  if (!on) {
    await erase();
    return true;
  }
  try {
    await lock();
    return true;
  } catch {
    onDisk = false;
    return false;
  }
}

/** Forgets the open report. */
export async function forget() {
  open = undefined;
  onDisk = false;
  await api.storage.session.remove(["open", ...CAPTURED]);
  await erase();
}

/** Whether there is a report that was begun. */
export async function held() {
  const { open } = await api.storage.session.get("open");
  return Boolean(open) || (await unlock().catch(() => undefined)) !== undefined;
}

/** That report. @returns {Promise<Open | undefined>} */
export async function restore() {
  const { open: kept } = await api.storage.session.get("open");
  if (kept) {
    open = { ...kept, picture: kept.picture && (await (await fetch(kept.picture)).blob()) };
    onDisk = Boolean(kept.onDisk);
  } else {
    open = await unlock().catch(() => undefined);
    onDisk = open !== undefined;
  }
  return open;
}

/** Deletes a draft whose hour is over. */
export async function purge() {
  await look((shelf) => shelf.get(BASE), (found) => found && !(found.until > Date.now())).then((over) => (over ? erase() : undefined), () => {});
}

let busy = false;
let again = false;

/** One at a time, and always the newest. */
async function write() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    do {
      again = false;
      if (!open) break;
      const { picture, ...rest } = open;
      const shown = picture && picture.size <= FITS ? await dataOf(picture) : undefined;
      await api.storage.session.set({ open: { ...rest, picture: shown, onDisk } });
      if (onDisk) await lock();
    } while (again);
  } finally {
    busy = false;
  }
}

/** @param {Blob} blob @returns {Promise<string>} */
export function dataOf(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

/** The time is part of what is locked: nobody can make a draft live longer. @param {number} until */
const bound = (until) => new TextEncoder().encode(String(until));

async function lock() {
  if (!open) return;
  // Files are in no draft: a picture on the disk would be what others look for first.
  const { picture: _, ...rest } = open;
  const text = JSON.stringify(rest);
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const until = Date.now() + HOUR;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound(until) }, key, new TextEncoder().encode(text));
  await look((shelf) => shelf.put({ key, iv, data, until }, BASE), () => undefined, true);
}

/** @returns {Promise<Open | undefined>} */
async function unlock() {
  const found = await look((shelf) => shelf.get(BASE), (found) => found);
  if (!found || !(found.until > Date.now())) return undefined;
  const { key, iv, data, until } = found;
  const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: bound(until) }, key, data);
  return JSON.parse(new TextDecoder().decode(text));
}

function erase() {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(BASE);
    request.onsuccess = request.onerror = request.onblocked = () => resolve(undefined);
  });
}

/**
 * One look at the disk; a database that is not there is made only to put something into it.
 * @param {(shelf: IDBObjectStore) => IDBRequest} act
 * @param {(result: any) => any} read
 * @param {boolean} [make]
 * @returns {Promise<any>}
 */
function look(act, read, make = false) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(BASE, 1);
    opening.onupgradeneeded = () => {
      if (make) opening.result.createObjectStore(BASE);
      else opening.transaction?.abort();
    };
    opening.onerror = (event) => {
      event.preventDefault();
      if (make) reject(opening.error);
      else resolve(undefined);
    };
    opening.onsuccess = () => {
      const base = opening.result;
      const transaction = base.transaction(BASE, make ? "readwrite" : "readonly", { durability: "strict" });
      base.close();
      transaction.onabort = () => reject(transaction.error);
      const asked = act(transaction.objectStore(BASE));
      transaction.oncomplete = () => resolve(read(asked.result));
    };
  });
}
