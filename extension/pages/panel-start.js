// Starts the panel, and does for it what only an extension's page can: takes pictures, measures the page, shows the picture editor, asks by courier, and
// hands over to the form.
import init, { boxes, start, tiles } from "{{asset:extension.js}}";
import { look } from "{{asset:courier-port.js}}";
import { api, forget, held, purge, restore, room, store } from "{{asset:panel-keep.js}}";
import { languages, packaged, speak, texts } from "{{asset:panel-words.js}}";

/** Pictures a second that Chromium takes. */
const PER_SECOND = 2;
/** Pixels of a picture of a whole page: about what a browser can hold. */
const MOST_PIXELS = 120_000_000;

/** The page that was captured. @type {{ tab: number, window: number } | undefined} */
let page;
/** The picture as it came. @type {Blob | undefined} */
let picture;
let pictureAddress = "";
/** When pictures were taken, in milliseconds. @type {number[]} */
const taken = [];

/** The page that is shown after installing: it is no panel, and takes nothing. */
const welcome = location.search === "?welcome";
const port = welcome ? undefined : api.runtime.connect({ name: "panel" });
/** @type {(what: string, value: unknown) => void} */
let tell = () => {};
/** The form is on show. */
let writing = false;

/** @type {Promise<any>} */
const latest = new Promise((resolve) => {
  if (!port) resolve(null);
  port?.onMessage.addListener((/** @type {any} */ { captured }) => {
    resolve(captured);
    if (ready && captured) heard(captured);
  });
});
let ready = false;
port?.postMessage({ ask: "latest" });

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
  else show(captured);
}

/** Loads the panel anew for what was captured. @param {any} captured */
function afresh(captured) {
  port?.postMessage({ keep: captured });
  location.reload();
}

/** Calls what `measure.js` left in its own world of the page. @param {string} name @param {any[]} args */
async function measure(name, ...args) {
  const func = (/** @type {string} */ name, /** @type {any[]} */ args) => /** @type {any} */ (globalThis).recourseMeasure[name](...args);
  const [{ result }] = await api.scripting.executeScript({ target: { tabId: page?.tab }, func, args: [name, args] });
  return result;
}

/** A picture of the window, no sooner than the browser takes one. @param {object} [options] @returns {Promise<Blob>} */
async function shoot(options = {}) {
  if (api.sidePanel && taken.length >= PER_SECOND) {
    const soonest = taken[taken.length - PER_SECOND] + 1000;
    if (soonest > Date.now()) await new Promise((resolve) => setTimeout(resolve, soonest - Date.now()));
  }
  taken.push(Date.now());
  return blobOf(await api.tabs.captureVisibleTab(page?.window, { format: "png", ...options }));
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
  const { way, image, link, tab, window, picture: shot, late, seen, after, address } = captured;
  page = { tab, window };
  taken.push(Date.now());
  // Measured too late to know whether the page stood still from the picture on: then it is taken again.
  const stale = late === undefined || late > 50;
  const before = stale && shot && seen ? { ...seen.measured.moment, changes: -1 } : seen?.measured.moment;
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
  tell("captured", await prepared(captured));
}

/** What the panel asks for. @type {Record<string, (detail: any) => unknown>} */
const answers = {
  begin: async () => {
    const [captured, spoken, directory, remembered, begun, commands] = await Promise.all([
      latest,
      texts(),
      packaged("directory.json"),
      api.storage.local.get("remembered"),
      held(),
      api.commands.getAll(),
    ]);
    ready = true;
    // What is captured now begins a new report only if none is open.
    const fresh = captured && !begun ? await prepared(captured) : undefined;
    if (captured && begun) waiting = captured;
    const key = commands.find((/** @type {any} */ { name }) => name === "_execute_action")?.shortcut ?? "";
    return {
      ...spoken,
      tags: languages(),
      directory,
      remembered: remembered.remembered ?? "[]",
      begun: Boolean(begun),
      shortcut: key,
      captured: fresh,
    };
  },
  speak,
  recapture: async () => {
    try {
      await api.scripting.executeScript({ target: { tabId: page?.tab }, files: ["measure.js"] });
      const before = await measure("moment");
      const seen = await measure("first", { whole: false });
      const shot = await shoot();
      const after = await measure("moment");
      tell("captured", { way: "page", seen: JSON.stringify(seen), before: JSON.stringify(before), after: JSON.stringify(after), ...(await take(shot)) });
    } catch {
      tell("captured", { seen: "" });
    }
  },
  no_picture: async () => {
    const [tab] = await api.tabs.query({ active: true, currentWindow: true });
    page = { tab: tab?.id, window: tab?.windowId };
    try {
      await api.scripting.executeScript({ target: { tabId: tab.id }, files: ["measure.js"] });
      const seen = await measure("first", { whole: false });
      tell("captured", { way: "no_picture", seen: JSON.stringify(seen) });
    } catch {
      // No leave to look at the page: then nothing of it is known.
      const moment = { scroll_x: 0, scroll_y: 0, width: 1, height: 1, changes: 0 };
      const nothing = { measured: { moment, pieces: [], things: [] }, words: [], elements: [], selection: null, page: { address: "", title: "", language: "", canonical: "" } };
      tell("captured", { way: "no_picture", seen: JSON.stringify(nothing) });
    }
  },
  whole: async (own) => {
    try {
      tell("whole", await whole(own));
    } catch {
      tell("whole", { width: 0 });
    }
  },
  edit: async ({ boxes, texts }) => {
    const module = await editor();
    const bitmap = await createImageBitmap(/** @type {Blob} */ (picture));
    tell("edited", await module.edit({ bitmap, boxes, texts, description: "", lossy: false, max: Infinity }));
  },
  preview: async (job) => {
    const blob = await burned(job);
    if (!blob) return tell("preview", {});
    const hash = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
    const hex = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
    const bitmap = await createImageBitmap(blob);
    const said = `picture.png: ${blob.size} bytes, ${bitmap.width} × ${bitmap.height}, SHA-256 ${hex}`;
    bitmap.close();
    return tell("preview", { address: URL.createObjectURL(blob), said });
  },
  look: async (address) => tell("look", await look(address)),
  remember: (text) => api.storage.local.set({ remembered: text }),
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
    else tell("ended", null);
  },
  unsealed: () => unsealed?.(),
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

/** Lets go of the picture as it came. */
function drop() {
  picture = undefined;
  if (pictureAddress) URL.revokeObjectURL(pictureAddress);
  pictureAddress = "";
  measure("end").catch(() => {});
}

/** Shows the form in the place of the panel. @param {any} record */
async function write(record) {
  writing = used = true;
  tell("away", null);
  const { write } = await import("{{asset:panel-form.js}}");
  const ended = (/** @type {boolean} */ sent) => {
    writing = false;
    unsealed = undefined;
    tell("ended", { remember: sent ? record.detail.to.remember : "", domain: record.detail.to.domain });
  };
  await write(record, ended, (save) => {
    unsealed = save;
    panel.hidden = false;
    tell("sealed", null);
  });
}

/** Saves the file that anybody can open. @type {(() => void) | undefined} */
let unsealed;

/** The picture with the boxes burned in, and nothing else in its file. @param {{ boxes: number[][], part: number[] | null }} job */
async function burned(job) {
  if (!picture) return undefined;
  const module = await editor();
  const bitmap = await createImageBitmap(picture);
  const { blob } = await module.burn({ ...job, bitmap, max: room });
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

/**
 * The whole page: scrolled and put together, with the boxes of each part.
 * @param {string} own the person's name and user name, as JSON
 */
async function whole(own) {
  await api.scripting.executeScript({ target: { tabId: page?.tab }, files: ["measure.js"] });
  const { view, page: extent, window: size } = await measure("begin");
  const plan = JSON.parse(tiles(Math.ceil(extent.height), Math.floor(view.height)));
  /** @type {[string, number[]][]} */
  const all = [];
  /** @type {OffscreenCanvas | undefined} */
  let canvas;
  /** @type {OffscreenCanvasRenderingContext2D | null | undefined} */
  let context;
  let scale = 1;
  let restless = false;
  let cut = extent.height > 30_000;
  try {
    for (const [at, [scroll, from, height]] of plan.entries()) {
      const there = await measure("to", scroll);
      const before = await measure("moment");
      const seen = await measure("first", { whole: false });
      const shot = await shoot();
      const after = await measure("moment");
      const moved = before.changes !== after.changes || before.scroll_y !== after.scroll_y;
      restless ||= moved;
      const bitmap = await createImageBitmap(shot);
      scale = bitmap.width / size.width;
      const rows = (/** @type {number} */ css) => Math.round(css * scale);
      if (!canvas) {
        const [width, tall] = [rows(view.width), rows(Math.min(extent.height, 30_000))];
        const most = Math.floor(MOST_PIXELS / width);
        cut ||= tall > most;
        canvas = new OffscreenCanvas(width, Math.min(tall, most));
        context = canvas.getContext("2d");
      }
      // What was reached may be less than what was wanted: the page's end.
      const shift = rows(there.scroll ?? scroll) - rows(view.y);
      const [left, top] = [rows(view.x), rows(from + view.y + (scroll - (there.scroll ?? scroll)))];
      context?.drawImage(bitmap, left, top, rows(view.width), rows(height), 0, top + shift, rows(view.width), rows(height));
      const found = JSON.parse(boxes(JSON.stringify(seen), own, bitmap.width, bitmap.height, moved) ?? "[]");
      bitmap.close();
      for (const [reason, [x, y, width, height]] of found) all.push([reason, [Math.max(0, x - left), Math.max(0, y + shift), width, height]]);
      tell("progress", { percent: Math.round((100 * (at + 1)) / plan.length) });
    }
  } finally {
    await measure("finish").catch(() => {});
  }
  if (!canvas) return { width: 0 };
  const parts = await take(await canvas.convertToBlob({ type: "image/png" }));
  const inside = all.filter(([, [x, y]]) => x < parts.width && y < parts.height);
  return { ...parts, boxes: JSON.stringify(inside), restless, cut };
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
  const host = new URL(captured?.address || "about:blank").host;
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
