// The one place of the console that may make a worker: under Trusted Types a worker's address must come from a policy, and this one knows one.
const address = new URL("{{asset:console-engine-worker.js}}", import.meta.url).href;

/**
 * @typedef {{ createScriptURL: (address: string) => string }} Policy
 * @typedef {{ createPolicy: (name: string, rules: Policy) => Policy }} PolicyFactory
 */

/** @type {PolicyFactory | undefined} */
const factory = /** @type {any} */ (globalThis).trustedTypes;
const policy = factory?.createPolicy("recourse", {
  createScriptURL(asked) {
    if (asked !== address) throw new TypeError("this policy is for the engine alone");
    return asked;
  },
});

/** Starts the engine. */
export function spawnEngine() {
  return new Worker(policy ? policy.createScriptURL(address) : address, { type: "module" });
}
