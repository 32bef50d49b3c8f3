// Starts the form. In a frame it greets the host before the form is loaded and keeps the host's answer until the form can take it.
import init, { start } from "{{asset:intake_app.js}}";
import { spawnEngine } from "{{asset:engine-start.js}}";

const framed = window.parent !== window;

/** @type {Promise<{ offer: unknown, port: MessagePort | undefined } | null>} */
const connected = new Promise((resolve) => {
  if (!framed) {
    resolve(null);
    return;
  }
  // Whoever frames us may be told by `frame-ancestors`; here only the parent counts, and only its first word.
  addEventListener("message", function hear(event) {
    if (event.source !== window.parent || event.data?.recourse !== "connect" || !event.ports[0]) return;
    removeEventListener("message", hear);
    resolve({ offer: event.data, port: event.ports[0] });
  });
  window.parent.postMessage({ recourse: "hello" }, "*");
});

await init({ module_or_path: new URL("{{asset:intake_app_bg.wasm}}", import.meta.url) });
start(spawnEngine, connected);
