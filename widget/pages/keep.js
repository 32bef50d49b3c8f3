// What the form's keeping takes of a browser: a draft that outlives a reload, the question before the page goes, the way back to the network,
// and the password manager. Loaded after the first screen. Where storage is refused nothing here throws: it says so.
//
// A draft is locked with AES-GCM. What is locked stands in localStorage; the key stands in sessionStorage, which belongs to this tab: it is
// there after a reload and gone with the tab, and what is left without it opens for nobody. Both are gone an hour after the last change.

//
// A report that waits for a network lies in IndexedDB, sealed: letter and files are what will be sent, and nothing here opens them. Its code
// is in none of it. It is there until it was sent, removed or left by quick exit, and after a week until a page looks again.

const HOUR = 3_600_000;
const DAYS = 7;
/** Database and store of what waits: a name that says nothing. */
const SHELF = "waiting";
const KEY = "draft-key";
const DRAFT = "draft-";

/** @type {{ id: string, key: CryptoKey } | undefined} */
let own;
/** The draft that waits while another one is being locked. @type {string | undefined} */
let next;
let busy = false;
let ended = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let expiry;

const question = (/** @type {Event} */ event) => event.preventDefault();

/** @type {Record<string, (job: any) => any>} */
const works = {
  /** The browser asks before it closes or reloads the page, or no longer. */
  guard({ on }) {
    if (on) addEventListener("beforeunload", question);
    else removeEventListener("beforeunload", question);
  },
  /** A draft that this tab kept before it was loaded again. */
  find: async () => ({ text: await find() }),
  begin: async () => ({ can: await begin() }),
  store({ text }) {
    next = text;
    return lock();
  },
  erase,
  /** Comes back once the device says that it has a network. */
  watch: () =>
    navigator.onLine ? undefined : new Promise((resolve) => addEventListener("online", () => resolve(undefined), { once: true })),
  /** Stores a sealed report, on the disk before it says so; `to` is what a tool that knows more than one channel needs to find its own again. */
  async put({ channel, letters, sealed, to }) {
    const day = new Date();
    // No time of day.
    day.setHours(12, 0, 0, 0);
    const until = new Date(day);
    until.setDate(until.getDate() + DAYS);
    until.setHours(23, 59);
    const record = { channel, day: day.getTime() / 1000, until: until.getTime() / 1000, letters, sealed, to };
    const id = await shelf(true, (store) => store.add(record));
    return { id, day: record.day, until: record.until };
  },
  /** What waits for a channel, or for any; whose time is over goes, whichever it was for. */
  async list({ channel }) {
    const all = (await shelf(false, (store) => store.getAll())) ?? [];
    const over = all.filter(isOver);
    for (const { id } of over) await works.drop({ id });
    return { list: all.filter((/** @type {any} */ one) => [undefined, one.channel].includes(channel) && !over.includes(one)) };
  },
  async take({ id }) {
    const found = await shelf(false, (store) => store.get(id));
    return isOver(found) ? {} : found;
  },
  swap: ({ id, letters }) =>
    shelf(false, (store) => {
      const found = store.get(id);
      found.onsuccess = () => found.result && store.put({ ...found.result, letters });
      return found;
    }),
  async drop({ id }) {
    const left = await shelf(false, (store) => {
      store.delete(id);
      return store.count();
    });
    if (left === 0) indexedDB.deleteDatabase(SHELF);
  },
  /** Some browsers take it like this. For the others there is a form, which they see filled and sent. */
  async hand({ code }) {
    /** @type {any} */
    const Credential = /** @type {any} */ (globalThis).PasswordCredential;
    if (Credential) await navigator.credentials.store(new Credential({ id: "notes", password: code }));
  },
};

/**
 * @param {{ do: string, [name: string]: any }} job
 * @returns {Promise<{ did: string, [name: string]: any }>} the answer, with what was done
 */
export async function keep(job) {
  let answer = {};
  try {
    if (!ended) answer = await works[job.do](job);
  } catch {
    // Refused: an answer without anything in it.
  }
  return { ...answer, did: job.do };
}

/** Its week is over. @param {{ until: number } | undefined} record */
const isOver = (record) => record !== undefined && record.until < Date.now() / 1000;

/**
 * One look at what waits. The database is open for no longer: an open one would keep quick exit from deleting it. Unless something is to
 * be put there, one that is not there is not made.
 * @param {boolean} make
 * @param {(store: IDBObjectStore) => IDBRequest} act
 * @returns {Promise<any>} the request's result, once everything is on the disk; nothing where there is no database
 */
function shelf(make, act) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(SHELF, 1);
    opening.onupgradeneeded = () => {
      if (make) opening.result.createObjectStore(SHELF, { keyPath: "id", autoIncrement: true });
      else opening.transaction?.abort();
    };
    opening.onerror = (event) => {
      event.preventDefault();
      if (make) reject(opening.error);
      else resolve(undefined);
    };
    opening.onsuccess = () => {
      const base = opening.result;
      const transaction = base.transaction(SHELF, "readwrite", { durability: "strict" });
      // Closed as soon as all that was asked is done.
      base.close();
      transaction.onabort = () => reject(transaction.error);
      try {
        const asked = act(transaction.objectStore(SHELF));
        transaction.oncomplete = () => resolve(asked.result);
      } catch {
        // A browser that stores no files, for one.
        transaction.abort();
      }
    };
  });
}

/** Ends all of it at once: nothing is asked any more, and this tab's draft is gone. */
export function end() {
  ended = true;
  works.guard({ on: false });
  erase();
}

async function begin() {
  if (own) return true;
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const id = encode(crypto.getRandomValues(new Uint8Array(9)));
  sessionStorage.setItem(KEY, JSON.stringify({ id, key: encode(bytes) }));
  own = { id, key: await imported(bytes) };
  return true;
}

async function find() {
  sweep();
  const kept = sessionStorage.getItem(KEY);
  if (!kept) return;
  const { id, key } = JSON.parse(kept);
  const locked = localStorage.getItem(DRAFT + id);
  if (!locked) {
    sessionStorage.removeItem(KEY);
    return;
  }
  const { until, iv, data } = JSON.parse(locked);
  own = { id, key: await imported(decode(key)) };
  expireAt(until);
  const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: decode(iv), additionalData: bound(until) }, own.key, decode(data));
  return new TextDecoder().decode(text);
}

/** One at a time, and always the newest. */
async function lock() {
  if (busy) return;
  busy = true;
  try {
    while (next !== undefined && own) {
      const text = next;
      next = undefined;
      const mine = own;
      const until = Date.now() + HOUR;
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound(until) }, mine.key, new TextEncoder().encode(text));
      // Deleted meanwhile, or the whole form left.
      if (own !== mine || ended) break;
      localStorage.setItem(DRAFT + mine.id, JSON.stringify({ until, iv: encode(iv), data: encode(new Uint8Array(data)) }));
      expireAt(until);
    }
  } finally {
    busy = false;
  }
}

function erase() {
  const mine = own;
  own = next = undefined;
  clearTimeout(expiry);
  try {
    if (mine) localStorage.removeItem(DRAFT + mine.id);
    sessionStorage.removeItem(KEY);
  } catch {
    // Refused, so nothing is there.
  }
}

/** @param {number} until */
function expireAt(until) {
  clearTimeout(expiry);
  expiry = setTimeout(erase, until - Date.now());
}

/** Drafts of tabs that are long gone. */
function sweep() {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith(DRAFT) && !(JSON.parse(localStorage.getItem(name) ?? "{}").until > Date.now())) localStorage.removeItem(name);
  }
}

/** Its time is part of what is locked: nobody can make a draft live longer. @param {number} until */
const bound = (until) => new TextEncoder().encode(String(until));

/** Cannot be taken out of the browser's keeping again. @param {Uint8Array<ArrayBuffer>} bytes */
const imported = (bytes) => crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);

/** @param {Uint8Array} bytes */
const encode = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/** @param {string} text */
const decode = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
