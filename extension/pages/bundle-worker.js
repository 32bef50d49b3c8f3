// In the place of the engine where nothing is sent: seals what was written and captured into a file that only its owner can open.
import init, { seal_bundle } from "{{asset:extension.js}}";

const started = init({ module_or_path: new URL("{{asset:extension_bg.wasm}}", import.meta.url) });
started.catch(reportError);

/** @type {{ captured: object[], build: string, channel: object } | undefined} */
let told;

addEventListener("message", ({ data }) => {
  if (data.bundle) told = data.bundle;
  else if (typeof data.call === "string") started.then(() => work(data)).catch(reportError);
});
postMessage({ message: JSON.stringify("ready") });

/** @param {{ call: string, files: Blob[] }} data */
async function work({ call, files }) {
  const { id, request } = JSON.parse(call);
  const answer = (/** @type {object | string} */ answer, /** @type {object} */ beside = {}) => postMessage({ message: JSON.stringify({ answer: { id, answer } }), ...beside });
  if (request.check_manifest) answer({ checked: { manifest: told?.channel, fingerprint: "", expired: false } });
  else if (request.seal_record) {
    try {
      const contents = await Promise.all(files.map(async (file) => new Uint8Array(await file.arrayBuffer())));
      const { code, sealed, plain } = seal_bundle(JSON.stringify(request.seal_record), JSON.stringify(told?.captured ?? []), told?.build ?? "", contents);
      answer({ record_sealed: { code } }, { blob: new Blob([sealed]), plain: plain && new Blob([plain], { type: "application/zip" }) });
    } catch {
      postMessage({ message: JSON.stringify({ failed: { id, failure: "unexpected" } }) });
    }
  } else answer("done");
}
