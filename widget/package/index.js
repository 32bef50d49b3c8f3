// Importing this does nothing, and nothing here does anything on a server. The element itself is not in here: it comes from the
// intake, whose origin it takes for the place where reports go.

/** What is under way or done, by address, so that two callers fetch once. @type {Map<string, Promise<any>>} */
const loads = new Map();

/** @type {typeof import("./index.js").load} */
export async function load({ intake, version, integrity }) {
  if (typeof document === "undefined") return null;
  if (integrity && !version) throw new TypeError("integrity needs the version that it belongs to");
  const address = new URL(version ? `/widget/${version}/report-concern.js` : "/widget/report-concern.js", intake).href;
  let loading = loads.get(address);
  if (!loading) {
    loading = fetchElement(address, integrity);
    loads.set(address, loading);
    // So that a later call may try again.
    loading.catch(() => loads.delete(address));
  }
  return loading;
}

/**
 * @param {string} address
 * @param {string} [integrity]
 */
async function fetchElement(address, integrity) {
  if (!customElements.get("report-concern")) {
    if (integrity) await preload(address, integrity);
    // Not `script.src`, for which Trusted Types would want a policy.
    await import(/* webpackIgnore: true */ /* @vite-ignore */ address);
  }
  return customElements.get("report-concern");
}

/**
 * `import()` takes no hash; what a link has checked before, under the same address, is what it gives.
 * @param {string} href
 * @param {string} integrity
 */
function preload(href, integrity) {
  const link = Object.assign(document.createElement("link"), { rel: "modulepreload", crossOrigin: "anonymous", integrity, href });
  // Without the check nothing is loaded: the link in the page still leads to the form.
  if (!link.relList.supports("modulepreload")) return Promise.reject(new Error("this browser cannot check the integrity of a module"));
  return new Promise((resolve, reject) => {
    link.onload = resolve;
    link.onerror = () => reject(new Error(`${href} did not load, or is not what ${integrity} says`));
    document.head.append(link);
  });
}

/** @param {[string, string?, object?]} call */
function push(call) {
  if (typeof window !== "undefined") (window.recourse ??= []).push(/** @type {any} */ (call));
}

/** @type {typeof import("./index.js").open} */
export function open(target) {
  push(["open", target]);
}

/** @type {typeof import("./index.js").close} */
export function close(target) {
  push(["close", target]);
}

/** @type {typeof import("./index.js").configure} */
export function configure(properties, target) {
  push(["configure", target, properties]);
}

/** @type {typeof import("./index.js").hostedPage} */
export function hostedPage({ intake, channel }) {
  return new URL(`/r/${encodeURIComponent(channel)}`, intake).href;
}
