// The one place that may make a worker: under Trusted Types a worker's address must come from a policy, and this one knows two.
const engine = new URL("{{asset:engine-worker.js}}", import.meta.url).href;
const scrub = new URL("{{asset:scrub-worker.js}}", import.meta.url).href;

/**
 * @typedef {{ createScriptURL: (address: string) => string }} Policy
 * @typedef {{ createPolicy: (name: string, rules: Policy) => Policy }} PolicyFactory
 */

/** @type {PolicyFactory | undefined} */
const factory = /** @type {any} */ (globalThis).trustedTypes;
const policy = factory?.createPolicy("recourse", {
  createScriptURL(asked) {
    if (asked !== engine && asked !== scrub) throw new TypeError("this policy is for our workers alone");
    return asked;
  },
});

/** @param {string} address */
function spawn(address) {
  return new Worker(policy ? policy.createScriptURL(address) : address, { type: "module" });
}

/** What the engine's worker asks for one after the other, fetched beforehand and side by side; it finds it in the browser's cache. */
export function fetchEngine() {
  const parts = [engine, "{{asset:engine.js}}", "{{asset:engine-later.js}}", "{{asset:engine_bg.wasm}}"];
  for (const part of parts) fetch(new URL(part, import.meta.url), { credentials: "omit", priority: "low" }).catch(() => {});
}
/** Starts the engine. */
export const spawnEngine = () => spawn(engine);
/** Starts what cleans files. */
export const spawnScrub = () => spawn(scrub);
