// The engine of the intake app, with the courier's port in the place of its network; and what only the extension knows of the evidence.
import init, { receive, start } from "{{asset:engine.js}}";
import { attach } from "{{asset:engine-later.js}}";

/** @type {MessagePort | undefined} */
let port;
/** What was captured, by the form's numbers. @type {{ id: number, title: string, selector: string }[]} */
let captured = [];
let version = "";
let build = "";

/** Requests on their way. @type {Map<number, { resolve: (answer: Response) => void, reject: (error: Error) => void }>} */
const open = new Map();
let last = 0;
const plain = fetch.bind(globalThis);

// The engine's glue calls this scope's `fetch`: paths of the intake's API go to the intake, by courier; the extension's own files are files.
globalThis.fetch = (input, options = {}) => (typeof input === "string" && input.startsWith("/api/") ? carried(input, options) : plain(input, options));

/** @param {string} address @param {RequestInit} options @returns {Promise<Response>} */
function carried(address, { method = "GET", headers, body, signal }) {
  return new Promise((resolve, reject) => {
    const id = (last += 1);
    open.set(id, { resolve, reject });
    signal?.addEventListener("abort", () => {
      port?.postMessage({ id, stop: true });
      open.delete(id);
      reject(new DOMException("stopped", "AbortError"));
    });
    port?.postMessage({ id, address, method, headers: [...new Headers(headers)], body });
  });
}

/** @param {MessageEvent} event */
function answered({ data: { id, failed, status, headers, body } }) {
  const waiting = open.get(id);
  open.delete(id);
  if (failed) waiting?.reject(new TypeError("no answer"));
  else waiting?.resolve(new Response(status === 204 || status === 304 ? null : body, { status, headers }));
}

const started = init({ module_or_path: new URL("{{asset:engine_bg.wasm}}", import.meta.url) }).then((exports) => {
  attach(exports);
  start();
});
started.catch(reportError);

addEventListener("message", ({ data }) => {
  if (data.courier) {
    port = /** @type {MessagePort} */ (data.courier);
    port.onmessage = answered;
    ({ captured, version, build } = data);
    return;
  }
  // One after the other: what is posted while a list is being made comes after it.
  turn = turn.then(async () => {
    // A file that cannot be read any more is the engine's to tell.
    const told = typeof data.call === "string" ? await known(data).catch(() => data) : data;
    await started.then(() => receive(told), () => {});
  });
});
/** @type {Promise<void>} */
let turn = Promise.resolve();

/**
 * A call with what is known of captured files: title and place of the page, and by what they were captured. The list of them is made anew, for they may have been
 * covered further since, or taken out.
 * @param {{ call: string, files: Blob[] }} data
 */
async function known(data) {
  const call = JSON.parse(data.call);
  const outgoing = call.request?.send ?? call.request?.keep;
  if (!outgoing || captured.length === 0) return data;
  const ours = outgoing.files.filter((/** @type {any} */ file) => captured.some(({ id }) => id === file.id));
  const files = [...data.files];
  const list = outgoing.files.findIndex((/** @type {any} */ file) => file.id === captured.length + 1);
  if (list >= 0 && (await isStale(files[list], ours, files, outgoing.files))) {
    const { default: init, evidence_manifest } = await import("{{asset:extension.js}}");
    await init({ module_or_path: new URL("{{asset:extension_bg.wasm}}", import.meta.url) });
    const contents = await Promise.all(ours.map((/** @type {any} */ file) => bytesOf(files[outgoing.files.indexOf(file)])));
    const text = evidence_manifest(JSON.stringify(ours), JSON.stringify(captured), build, contents, outgoing.now);
    files[list] = new Blob([text], { type: "application/json" });
    outgoing.files[list].size = files[list].size;
  }
  for (const file of ours) {
    const one = captured.find(({ id }) => id === file.id);
    Object.assign(file, { title: one?.title, selector: one?.selector, captured_by: version });
  }
  return { ...data, call: JSON.stringify(call), files };
}

/** @param {Blob} blob */
const bytesOf = async (blob) => new Uint8Array(await blob.arrayBuffer());

/**
 * Whether the list says something else than what goes along: by the lengths, which no change of a packed picture leaves as they are, and the parts that are covered.
 * @param {Blob} list @param {any[]} ours @param {Blob[]} files @param {any[]} all
 */
async function isStale(list, ours, files, all) {
  const { items } = JSON.parse(await list.text());
  if (items.length !== ours.length) return true;
  return ours.some((file, at) => items[at].content.size !== files[all.indexOf(file)].size || items[at].redactions.length < file.redactions || items[at].description !== (file.description ?? "") || items[at].sensitive !== file.sensitive);
}
