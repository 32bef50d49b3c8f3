// Loads the engine and hands it what the page posts. What comes before it is there waits in its order.
import init, { receive, start } from "{{asset:engine.js}}";
import { attach } from "{{asset:engine-later.js}}";

const started = init({ module_or_path: new URL("{{asset:engine_bg.wasm}}", import.meta.url) }).then((exports) => {
  attach(exports);
  start();
});
// A module that cannot be loaded is told to the page as an error of this worker; without it the page would wait for ever.
started.catch(reportError);
addEventListener("message", (event) => {
  started.then(() => receive(event.data), () => {});
});
