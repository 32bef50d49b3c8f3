// Cleans files of what they say about the people and devices behind them, one after the other, off the page's thread.
import init, { scrub } from "{{asset:scrub.js}}";

const started = init({ module_or_path: new URL("{{asset:scrub_bg.wasm}}", import.meta.url) });
// A module that cannot be loaded is told to the page as an error of this worker.
started.catch(reportError);
/** The last file's work. */
let last = started.then(() => {});

addEventListener("message", ({ data }) => {
  last = last.then(() => clean(data), () => {});
});

/** @param {{ id: number, file: Blob, type: string, max: number }} job */
async function clean({ id, file, type, max }) {
  try {
    const outcome = scrub(new Uint8Array(await file.arrayBuffer()), type, max);
    const { state, mediaType, reason, wayOut, maySend, removed, notes } = outcome;
    const bytes = outcome.takeBytes();
    outcome.free();
    const blob = bytes && new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)], { type: mediaType });
    postMessage({ id, state, type: mediaType, reason, way: wayOut, may: maySend, removed, notes, blob, size: blob?.size });
  } catch {
    // Moved or taken away since it was chosen.
    postMessage({ id, state: "refused", reason: "unreadable", way: "choose-again", may: false });
  }
}
