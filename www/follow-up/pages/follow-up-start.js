import init, { start } from "{{asset:follow_up.js}}";
import { spawnEngine } from "{{asset:engine-start.js}}";

try {
  await init({ module_or_path: new URL("{{asset:follow_up_bg.wasm}}", import.meta.url) });
  await start(spawnEngine);
} catch (fault) {
  document.getElementById("broken")?.removeAttribute("hidden");
  throw fault;
}
