// The engine of the intake app, with the courier's port in the place of its network; and what only the extension knows of the evidence.
import init, { receive, start } from "{{asset:engine.js}}";
import { attach } from "{{asset:engine-later.js}}";

/** @type {MessagePort | undefined} */
let port;
/** What was captured, by the form's numbers. @type {{ id: number, title: string, selector: string }[]} */
let captured = [];
let version = "";

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
    ({ captured, version } = data);
    return;
  }
  const told = typeof data.call === "string" ? { ...data, call: known(data.call) } : data;
  started.then(() => receive(told), () => {});
});

/** A call with what is known of captured files: title and place of the page, and by what they were captured. @param {string} text */
function known(text) {
  const call = JSON.parse(text);
  const outgoing = call.request?.send ?? call.request?.keep;
  if (!outgoing || captured.length === 0) return text;
  for (const file of outgoing.files) {
    const one = captured.find(({ id }) => id === file.id);
    if (one) Object.assign(file, { title: one.title, selector: one.selector, captured_by: version });
  }
  return JSON.stringify(call);
}
