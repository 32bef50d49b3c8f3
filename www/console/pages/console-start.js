import init, { start } from "{{asset:console.js}}";
import { spawnEngine } from "{{asset:console-engine-start.js}}";

try {
  await init({ module_or_path: new URL("{{asset:console_bg.wasm}}", import.meta.url) });
  await start(spawnEngine);
} catch (fault) {
  document.getElementById("broken")?.removeAttribute("hidden");
  throw fault;
}
