// What evidence takes of a browser, in the form and on the follow-up page, loaded with the first file: cleaning in a worker, a picture of the
// screen, the picture editor. Nothing here throws: whatever does not work is an answer.
import { spawnScrub } from "{{asset:engine-start.js}}";

/** Cleaning, and who waits for which file. @type {{ worker: Worker, waiting: Map<number, (answer: object) => void> } | undefined} */
let cleaning;

/** A file that nobody could look into. */
const unchecked = { state: "cannot-clean", reason: "unchecked", way: "send-as-it-is", may: true };

/**
 * @param {{ what: string, id: number, [name: string]: any }} job
 * @param {MessagePort} [host] of the page that frames the form, where one does
 * @returns {Promise<object>} the answer, with `what` and `id` of the job
 */
export async function evidence(job, host) {
  const { what, id } = job;
  try {
    return { ...(await works[what](job, host)), what, id };
  } catch {
    return { failed: true, what, id };
  }
}

/** @type {Record<string, (job: any, host?: MessagePort) => any>} */
const works = {
  /** What this device can do; loads what the next step needs. */
  doors: () => ({ screen: canShoot(), touch: matchMedia("(pointer: coarse)").matches }),
  clean,
  /** Forgets what is under way. */
  stop() {
    cleaning?.worker.terminate();
    cleaning = undefined;
    return {};
  },
  shoot: (_, host) => shoot(host),
  async edit({ file, ...job }) {
    const [bitmap, module] = await Promise.all([createImageBitmap(file), editor()]);
    const answer = await module.edit({ ...job, bitmap });
    return { ...answer, type: answer.blob?.type };
  },
};

/** @param {{ id: number, file: Blob, type: string, max: number }} job */
function clean({ id, file, type, max }) {
  return new Promise((resolve) => {
    cleaning ??= begin();
    cleaning.waiting.set(id, resolve);
    cleaning.worker.postMessage({ id, file, type, max });
  });
}

function begin() {
  /** @type {Map<number, (answer: object) => void>} */
  const waiting = new Map();
  const worker = spawnScrub();
  const mine = { worker, waiting };
  const end = () => {
    worker.terminate();
    if (cleaning === mine) cleaning = undefined;
  };
  worker.onmessage = ({ data }) => {
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
    // A worker keeps the memory of its largest file.
    if (waiting.size === 0) end();
  };
  // Out of memory, or not loaded: people decide themselves what becomes of these files.
  worker.onerror = (event) => {
    event.preventDefault();
    end();
    for (const resolve of waiting.values()) resolve(unchecked);
  };
  return mine;
}

/** @type {Promise<{ edit: (job: object) => Promise<any> }> | undefined} */
let loading;

/** The editor's module and style; a failure is not kept. */
function editor() {
  loading ??= Promise.all([import("{{asset:picture_editor.js}}"), style()])
    .then(async ([module]) => {
      await module.default({ module_or_path: new URL("{{asset:picture_editor_bg.wasm}}", import.meta.url) });
      return module;
    })
    .catch((error) => {
      loading = undefined;
      throw error;
    });
  return loading;
}

/** Comes back once the editor's style holds. */
function style() {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL("{{asset:editor.css}}", import.meta.url).href;
    link.onload = resolve;
    link.onerror = () => {
      link.remove();
      reject(new Error("no style"));
    };
    document.head.append(link);
  });
}

/** Phones and pages whose host forbids it have no such thing. */
function canShoot() {
  /** @type {any} */
  const { featurePolicy } = document;
  return Boolean(navigator.mediaDevices?.getDisplayMedia) && featurePolicy?.allowsFeature("display-capture") !== false;
}

/**
 * One picture of what the person chooses to show. The browser asks; only then is the form hidden, so that it is not in the way.
 * @param {MessagePort} [host]
 */
async function shoot(host) {
  /** @type {any} */
  const options = { video: { displaySurface: "browser" }, audio: false, preferCurrentTab: Boolean(host), selfBrowserSurface: "include" };
  const stream = await navigator.mediaDevices.getDisplayMedia(options).catch((/** @type {Error} */ { name }) => name);
  if (typeof stream === "string") return { failed: true, refused: stream === "NotAllowedError" };
  try {
    const video = document.createElement("video");
    video.muted = true;
    video.srcObject = stream;
    await video.play();
    if (host) await withoutForm(host, video);
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d")?.drawImage(video, 0, 0);
    /** @type {Blob | null} */
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    return blob ? { blob, type: blob.type, size: blob.size } : { failed: true };
  } finally {
    for (const track of stream.getTracks()) track.stop();
    host?.postMessage({ recourse: "show" });
  }
}

/** Asks the loader to make the dialog invisible; an older or busy host is not waited for. @param {MessagePort} host */
function hide(host) {
  return new Promise((resolve) => {
    const done = () => {
      host.removeEventListener("message", hear);
      resolve(undefined);
    };
    const hear = (/** @type {MessageEvent} */ { data }) => {
      if (data?.recourse === "hide") done();
    };
    host.addEventListener("message", hear);
    host.postMessage({ recourse: "hide" });
    setTimeout(done, 1000);
  });
}

/**
 * Comes back once what the video shows is the page without the dialog. A browser sends a frame when something changed, and Chromium may send none any
 * more when that is while its first ones are under way; so those are waited for. Where none comes, the dialog comes and goes again; where a window or
 * another page is shown, none ever does.
 * @param {MessagePort} host
 * @param {HTMLVideoElement} video
 */
async function withoutForm(host, video) {
  await frames(video, 1000);
  for (let tries = 3; ; tries -= 1) {
    await hide(host);
    if ((await frames(video, 1200)) || tries === 1) return;
    host.postMessage({ recourse: "show" });
    await nextFrame(video);
  }
}

/**
 * Lets frames pass until none follows, or some time after the first that was taken from now on: one that was under way may show what was before.
 * @param {HTMLVideoElement} video
 * @param {number} patience in milliseconds
 * @returns {Promise<boolean>} whether one was
 */
async function frames(video, patience) {
  const from = performance.now();
  let came = false;
  while (performance.now() < from + patience) {
    const taken = await nextFrame(video);
    if (came && taken === undefined) return true;
    came ||= taken !== undefined && taken > from;
    if (taken !== undefined && taken > from + 250) return true;
  }
  return came;
}

/** When the next frame was taken, in milliseconds of this page; nothing where none comes. @param {HTMLVideoElement} video @returns {Promise<number | undefined>} */
function nextFrame(video) {
  return new Promise((resolve) => {
    video.requestVideoFrameCallback?.((now, { captureTime }) => resolve(captureTime ?? now));
    setTimeout(resolve, 400);
  });
}
