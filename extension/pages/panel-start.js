// Starts the panel, and does for it what only an extension's page can: takes pictures, measures the page, shows the picture editor, asks by courier, and
// hands over to the form.
import init, { start } from "{{asset:extension.js}}";
import { look } from "{{asset:courier-port.js}}";
import { keep } from "{{asset:keep.js}}";
import { api, dataOf, forget, held, heldCapture, hold, holdChosen, holdWhole, purge, restore, room, store } from "{{asset:panel-keep.js}}";
import { whole } from "{{asset:panel-whole.js}}";
import { languages, packaged, speak, texts } from "{{asset:panel-words.js}}";

/** Pictures a second that Chromium takes. */
const PER_SECOND = 2;
/** Milliseconds that a call may be longer on its way than the one before it. */
const SPARE = 20;

/** The page that was captured. @type {{ tab: number, window: number } | undefined} */
let page;
/** What the press was meant for: see `background.js`. @type {{ way: string, image?: string, link?: string }} */
let meant = { way: "page" };
/** The picture as it came. @type {Blob | undefined} */
let picture;
let pictureAddress = "";
/** What goes along, as it was shown last. */
let shownAddress = "";
/** When pictures were taken, in milliseconds. @type {number[]} */
const taken = [];

/** The page that is shown after installing: it is no panel, and takes nothing. */
const welcome = location.search === "?welcome";
/** @type {(what: string, value: unknown) => void} */
let tell = () => {};
/** The form is on show. */
let writing = false;
let ready = false;
/** The way to the background script. @type {any} */
let port;
/** @type {(captured: any) => void} */
let first = () => {};
/** What was captured before the panel was there. @type {Promise<any>} */
const latest = new Promise((resolve) => (first = resolve));

/** The background script ends when it is idle, and the port with it. */
function connect() {
  port = api.runtime.connect({ name: "panel" });
  port.onDisconnect.addListener(() => (port = undefined));
  port.onMessage.addListener((/** @type {any} */ { captured }) => {
    if (captured) say({ took: true });
    first(captured);
    // Another press, while the panel is open.
    if (ready && captured) heard(captured);
  });
}

/** @param {object} message */
function say(message) {
  if (!port) connect();
  port.postMessage(message);
}

/** @type {Promise<number | undefined>} */
const ownWindow = Promise.resolve(api.windows?.getCurrent()).then((/** @type {any} */ found) => found?.id);
const askForLatest = async () => say({ ask: "latest", window: await ownWindow });
if (welcome) first(null);
else {
  askForLatest();
  // It has woken for a press, and knows of no panel.
  api.runtime.onMessage.addListener((/** @type {any} */ { wake }) => {
    ownWindow.then((own) => {
      if (wake === own && !port) askForLatest();
    });
  });
}

/** A form has been in this page: the next report begins in a fresh one. */
let used = false;

/** Another press, while the panel is open: what is being written comes first. @param {any} captured */
function heard(captured) {
  if (writing) {
    waiting = captured;
    app.hidden = true;
    panel.hidden = false;
    tell("again", null);
  } else if (used) afresh(captured);
  else anew(captured);
}

/** Begins a new report, unless one is open that was written in another window or before this panel was closed: then the person says which. @param {any} captured */
async function anew(captured) {
  if (await held()) {
    waiting = captured;
    tell("begun", null);
  } else show(captured);
}

/** Loads the panel anew for what was captured. @param {any} captured */
function afresh(captured) {
  say({ keep: captured });
  location.reload();
}

/** Runs a function in the page's own world for extensions. @template {any[]} A @param {number | undefined} tabId @param {(...args: A) => any} func @param {A} args */
async function inPage(tabId, func, ...args) {
  const [{ result }] = await api.scripting.executeScript({ target: { tabId }, func, args });
  return result;
}

/** Calls what `measure.js` left there. @param {number | undefined} tabId @param {string} name @param {any[]} args */
const measureIn = (tabId, name, ...args) =>
  inPage(tabId, (/** @type {string} */ name, /** @type {any[]} */ args) => /** @type {any} */ (globalThis).recourseMeasure[name](...args), name, args);

/** @param {string} name @param {any[]} args */
const measure = (name, ...args) => measureIn(page?.tab, name, ...args);

/** Until the browser takes another picture. */
async function pace() {
  if (!api.sidePanel || taken.length < PER_SECOND) return;
  const soonest = taken[taken.length - PER_SECOND] + 1000 + SPARE;
  if (soonest > Date.now()) await new Promise((resolve) => setTimeout(resolve, soonest - Date.now()));
}

/** A picture of the window, no sooner than the browser takes one. @param {object} [options] @returns {Promise<Blob>} */
async function shoot(options = {}) {
  await pace();
  await inFront();
  const capture = () => {
    taken.push(Date.now());
    return api.tabs.captureVisibleTab(page?.window, { format: "png", ...options });
  };
  // The background script takes pictures as well, and its last one may not have been heard of.
  const shot = await capture().catch(() => pace().then(inFront).then(capture));
  await inFront();
  return blobOf(shot);
}

/** A picture shows whatever tab is in front: of another one it must not be. */
async function inFront() {
  const { active, windowId } = await api.tabs.get(page?.tab);
  if (!active || windowId !== page?.window) throw new Error("another tab is in front");
}

/** @param {string} address */
const blobOf = async (address) => (await fetch(address)).blob();

/** Keeps a picture for the panel to show. @param {Blob} blob */
async function take(blob) {
  if (pictureAddress) URL.revokeObjectURL(pictureAddress);
  picture = blob;
  pictureAddress = URL.createObjectURL(blob);
  const bitmap = await createImageBitmap(blob);
  const { width, height } = bitmap;
  bitmap.close();
  return { picture: pictureAddress, width, height };
}

/** What was captured, as the panel wants it. @param {any} captured */
async function prepared(captured) {
  const { way, image, link, tab, window, picture: shot, shots = [], before, seen, after, address } = captured;
  page = { tab, window };
  meant = { way, image, link };
  taken.push(...shots);
  const parts = shot ? await take(await blobOf(shot)) : {};
  const words = (/** @type {unknown} */ value) => (value ? JSON.stringify(value) : "");
  return {
    way,
    image,
    link,
    address,
    seen: words(seen),
    before: words(before),
    after: words(after),
    trouble: shot === undefined ? "shot" : "",
    ...parts,
  };
}

/** @param {any} captured */
async function show(captured) {
  job += 1;
  hold(captured);
  tell("captured", await prepared(captured));
}

/** What the panel asks for. @type {Record<string, (detail: any) => unknown>} */
const answers = {
  begin: async () => {
    const [captured, spoken, directory, remembered, begun, waits, commands] = await Promise.all([
      latest,
      texts(),
      packaged("directory.json"),
      api.storage.local.get("remembered"),
      held(),
      waitingReports(),
      // A phone has no keys for commands, no windows and no menus.
      api.commands?.getAll() ?? [],
    ]);
    ready = true;
    // What is captured now begins a new report only if none is open; with nothing captured, what the panel was closed over is there.
    const kept = begun || welcome || captured ? undefined : await heldCapture();
    const mine = begun || welcome ? undefined : (captured ?? kept?.captured);
    const fresh = mine && (await prepared(mine));
    if (mine && !kept) hold(mine);
    if (captured && begun) waiting = captured;
    const key = commands.find((/** @type {any} */ { name }) => name === "_execute_action")?.shortcut ?? "";
    return {
      ...spoken,
      tags: languages(),
      directory,
      remembered: remembered.remembered ?? "[]",
      begun: Boolean(begun),
      waits,
      shortcut: key,
      captured: fresh,
      // There is something only where it was captured before this panel was opened.
      chosen: kept?.chosen,
      whole: mine?.whole && { ...mine.whole, picture: fresh.picture, width: fresh.width, height: fresh.height },
    };
  },
  choose: holdChosen,
  speak,
  again: () => {
    // Whoever takes it again wants the picture, whatever was pressed first.
    meant = { ...meant, way: "page" };
    return answers.recapture(false);
  },
  recapture: async (last) => {
    const mine = (job += 1);
    try {
      await api.scripting.executeScript({ target: { tabId: page?.tab }, files: ["measure.js"] });
      // Waited for before anything is measured: the picture follows at once. Of frames that were under way none is left then.
      await pace();
      await measure("drawn");
      const before = await measure("moment");
      const seen = await measure("first", { whole: last });
      const shot = await shoot();
      const after = await measure("moment");
      const address = await dataOf(shot);
      if (mine !== job) return;
      // Held before it is shown: what is chosen of it belongs to it.
      hold({ ...meant, ...page, address: "", picture: address, before, seen, after });
      tell("captured", { ...meant, seen: JSON.stringify(seen), before: JSON.stringify(before), after: JSON.stringify(after), ...(await take(shot)) });
    } catch {
      // Where it was stopped meanwhile, nobody waits for it.
      if (mine === job) tell("captured", { seen: "" });
    }
  },
  no_picture: async () => {
    const mine = (job += 1);
    const [tab] = await api.tabs.query({ active: true, currentWindow: true });
    page = { tab: tab?.id, window: tab?.windowId };
    // Without leave to look at the page nothing of it is known.
    const moment = { scroll_x: 0, scroll_y: 0, width: 1, height: 1, changes: 0 };
    const nothing = { measured: { moment, pieces: [], things: [] }, words: [], elements: [], selection: null, page: { address: "", title: "", language: "", canonical: "" } };
    const looked = api.scripting.executeScript({ target: { tabId: tab?.id }, files: ["measure.js"] }).then(() => measure("first", { whole: false }));
    const seen = await looked.catch(() => nothing);
    if (mine !== job) return;
    hold({ way: "no_picture", ...page, address: "", picture: "", seen });
    tell("captured", { way: "no_picture", seen: JSON.stringify(seen) });
  },
  whole: async (own) => {
    const mine = (job += 1);
    try {
      // One that nobody waits for any more still puts its page back: not under the hands of the next.
      running = running.catch(() => {}).then(() => wholePage(own, mine));
      const { blob, boxes, restless, cut } = await running;
      if (mine !== job) return;
      const seen = { boxes: JSON.stringify(boxes), restless, cut };
      tell("whole", { ...(await take(blob)), ...seen });
      await holdWhole(blob, seen, () => mine === job);
    } catch {
      // Where something else has been captured or asked for since, nobody waits for it.
      if (mine === job) tell("whole", { width: 0 });
    }
  },
  edit: async (wish) => tell("edited", await draw(wish)),
  region: async (wish) => tell("region", await draw(wish)),
  preview: async (wish) => {
    URL.revokeObjectURL(shownAddress);
    const blob = await burned(wish);
    if (!blob) return tell("preview", {});
    const hash = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
    const hex = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
    const bitmap = await createImageBitmap(blob);
    const said = `picture.png: ${blob.size} bytes, ${bitmap.width} × ${bitmap.height}, SHA-256 ${hex}`;
    bitmap.close();
    shownAddress = URL.createObjectURL(blob);
    return tell("preview", { address: shownAddress, said });
  },
  look: async (address) => tell("look", await look(address)),
  remember: (text) => (text === "[]" ? api.storage.local.remove("remembered") : api.storage.local.set({ remembered: text })),
  forget: async () => {
    drop();
    await forget();
    if (waiting) {
      const captured = waiting;
      waiting = undefined;
      await show(captured);
    }
  },
  back_to_form: () => {
    waiting = undefined;
    panel.hidden = true;
    app.hidden = false;
  },
  anew: async () => {
    await forget();
    afresh(waiting);
  },
  go_on: async () => {
    waiting = undefined;
    const record = await restore();
    if (record) await write(record);
    else tell("ended", { waits: await waitingReports() });
  },
  unsealed: () => unsealed?.(),
  // The form for that channel, in which the person says what becomes of it.
  waiting: async (id) => {
    const { to } = await keep({ do: "take", id });
    if (!to) return tell("ended", { waits: await waitingReports() });
    const detail = { to, bundle: false, address: "", title: "", language: "", canonical: "", selection: "", image: "", link: "" };
    return write({ detail, boxes: 0, text: "", tag: document.documentElement.lang });
  },
  form: async (detail) => {
    const blob = detail.picture ? await burned(detail.picture) : undefined;
    if (detail.picture && !blob) return tell("failed", null);
    drop();
    const tag = document.documentElement.lang;
    const record = { detail: { ...detail, picture: undefined }, picture: blob, boxes: detail.picture?.boxes.length ?? 0, text: "", tag };
    await store(record);
    return write(record);
  },
};

/** Captured while another report was open. @type {any} */
let waiting;

/** Counts what makes a picture of the whole page one that nobody waits for. */
let job = 0;
/** The last picture of a whole page that was begun. @type {Promise<any>} */
let running = Promise.resolve();

/** @param {string} own the person's name and user name, as JSON @param {number} mine */
async function wholePage(own, mine) {
  const { tab } = page ?? {};
  const wanted = () => {
    if (mine !== job || over) throw new Error("not wanted any more");
  };
  // The page was left, and there is nothing of it to be put back.
  let over = false;
  const leaving = watchTab(tab);
  // Whoever closes the panel meanwhile gets the page back as it was.
  say({ measuring: tab });
  try {
    await api.scripting.executeScript({ target: { tabId: tab }, files: ["measure.js"] });
    const taking = whole(
      {
        measure: (name, ...args) => {
          // Putting back what was changed is always wanted.
          if (name !== "finish" || over) wanted();
          return measureIn(tab, name, ...args);
        },
        scale: () => inPage(tab, () => ({ ratio: devicePixelRatio, pinch: visualViewport?.scale ?? 1 })),
        // Firefox, which has no side panel, draws any part of a page.
        zoom: api.sidePanel ? undefined : await api.tabs.getZoom(tab),
        pace,
        shoot: (options) => {
          wanted();
          return shoot(options);
        },
        progress: (percent) => mine === job && tell("progress", { percent }),
      },
      own,
    );
    return await Promise.race([taking, leaving.left]);
  } finally {
    over = true;
    leaving.stop();
    say({ measuring: null });
  }
}

/**
 * `left` fails once a tab shows another page or is closed: Firefox never answers for a page that went away meanwhile.
 * @param {number | undefined} tab @returns {{ left: Promise<never>, stop: () => void }}
 */
function watchTab(tab) {
  const { onUpdated, onRemoved } = api.tabs;
  let gone = () => {};
  /** @type {Promise<never>} */
  const left = new Promise((_, reject) => (gone = () => reject(new Error("the page was left"))));
  // A page may change its own address as it is scrolled.
  const there = () => inPage(tab, () => "recourseMeasure" in globalThis).then((found) => found || gone(), gone);
  const updated = (/** @type {number} */ id, /** @type {{ status?: string }} */ { status }) => void (id === tab && status && there());
  const removed = (/** @type {number} */ id) => void (id === tab && gone());
  onUpdated.addListener(updated);
  onRemoved.addListener(removed);
  const stop = () => {
    onUpdated.removeListener(updated);
    onRemoved.removeListener(removed);
  };
  return { left, stop };
}

/** Boxes over the picture, by hand. @param {{ boxes: number[][], region?: boolean, texts: object }} wish */
async function draw(wish) {
  const module = await editor();
  const bitmap = await createImageBitmap(/** @type {Blob} */ (picture));
  return module.edit({ ...wish, bitmap, description: "", lossy: false, max: Infinity });
}

/** Lets go of the picture as it came. */
function drop() {
  job += 1;
  picture = undefined;
  for (const address of [pictureAddress, shownAddress]) URL.revokeObjectURL(address);
  pictureAddress = shownAddress = "";
  measure("end").catch(() => {});
}

/** Shows the form in the place of the panel. @param {any} record */
async function write(record) {
  writing = used = true;
  tell("away", null);
  const { write } = await import("{{asset:panel-form.js}}");
  const ended = async (/** @type {boolean} */ sent) => {
    writing = false;
    unsealed = undefined;
    tell("ended", { remember: sent ? record.detail.to.remember : "", domain: record.detail.to.domain, waits: await waitingReports() });
  };
  await write(record, ended, (save) => {
    unsealed = save;
    panel.hidden = false;
    tell("sealed", null);
  });
}

/** Sealed reports that wait to be sent, and for whom. @returns {Promise<{ id: number, day: number, domain: string }[]>} */
async function waitingReports() {
  const { list } = await keep({ do: "list" });
  return (list ?? []).map((/** @type {any} */ { id, day, to }) => ({ id, day, domain: to.domain }));
}

/** Saves the file that anybody can open. @type {(() => void) | undefined} */
let unsealed;

/** The picture with the boxes burned in, and nothing else in its file. @param {{ boxes: number[][], part: number[] | null }} wish */
async function burned(wish) {
  if (!picture) return undefined;
  const module = await editor();
  const bitmap = await createImageBitmap(picture);
  const { blob } = await module.burn({ ...wish, bitmap, max: room });
  return blob && (await cleaned(blob));
}

/** @type {Promise<any> | undefined} */
let editing;

/** The picture editor. */
function editor() {
  editing ??= Promise.all([import("{{asset:picture_editor.js}}"), style()]).then(async ([module]) => {
    await module.default({ module_or_path: new URL("{{asset:picture_editor_bg.wasm}}", import.meta.url) });
    return module;
  });
  return editing;
}

function style() {
  return new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL("{{asset:editor.css}}", import.meta.url).href;
    link.onload = resolve;
    document.head.append(link);
  });
}

/** Only what a picture is made of. @param {Blob} file @returns {Promise<Blob>} */
async function cleaned(file) {
  const worker = new Worker(new URL("{{asset:scrub-worker.js}}", import.meta.url), { type: "module" });
  try {
    const answer = await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = reject;
      worker.postMessage({ id: 1, file, type: file.type, max: room });
    });
    if (!answer.blob) throw new Error("not cleaned");
    return answer.blob;
  } finally {
    worker.terminate();
  }
}

const panel = /** @type {HTMLElement} */ (document.getElementById("panel"));
const app = /** @type {HTMLElement} */ (document.getElementById("app"));
const broken = /** @type {HTMLElement} */ (document.getElementById("broken"));

/** @param {string} what @param {any} detail @param {(what: string, value: unknown) => void} to */
async function ask(what, detail, to) {
  tell = to;
  try {
    const value = await answers[what](detail);
    if (what === "begin" || what === "speak") to(what, value);
  } catch (error) {
    broke();
    throw error;
  }
}

/** Says that nothing works here, and where a form is that needs less, if the extension knows the service. */
async function broke() {
  broken.hidden = false;
  const captured = await latest;
  const { services } = JSON.parse(await packaged("directory.json"));
  const host = new URL(captured?.address || "about:blank").hostname;
  const runs = (/** @type {string} */ pattern) => (pattern.startsWith("*.") ? host.endsWith(pattern.slice(1)) : host === pattern);
  const service = services.find((/** @type {{ hosts: string[] }} */ { hosts }) => hosts.some(runs));
  const link = broken.querySelector("a");
  if (!service || !link) return;
  link.href = `${service.intake}/r/${service.channel}/plain`;
  link.hidden = false;
}

// What is over goes before anything is shown.
await purge();
try {
  await init({ module_or_path: new URL("{{asset:extension_bg.wasm}}", import.meta.url) });
  start(ask);
} catch (error) {
  broke();
  throw error;
}
