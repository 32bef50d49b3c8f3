// Starts the form, and does for it what takes JavaScript a line and Wasm a state machine. In a frame it greets the host before the form
// is loaded and keeps the host's first word until the form can take it.
import init, { start } from "{{asset:intake_app.js}}";
import { spawnEngine } from "{{asset:engine-start.js}}";

/** @typedef {{ offer?: any, port?: MessagePort }} Connection */

/** Addresses by name: `en.form.json`. @type {Record<string, string>} */
const locales = JSON.parse(document.body.dataset.locales ?? "{}");

/**
 * @param {string} address
 * @param {RequestCache} cache
 * @returns {Promise<{ status: number, body?: any }>} status 0 where there is no answer, or none that can be read
 */
async function get(address, cache) {
  try {
    const answer = await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer", redirect: "error", cache });
    return { status: answer.status, body: await answer.json() };
  } catch {
    return { status: 0 };
  }
}

/**
 * The texts in the first wanted language that there is, else in English.
 * @param {string | null} [first] before those of the browser
 */
async function texts(first) {
  const primary = (/** @type {string} */ tag) => tag.toLowerCase().split("-")[0];
  const tags = Object.keys(locales).map((name) => name.split(".")[0]);
  let found = "en";
  for (const want of [first ?? "", ...navigator.languages].reverse()) {
    found = tags.find((tag) => tag === want) ?? tags.find((tag) => primary(tag) === primary(want)) ?? found;
  }
  const { body } = await get(locales[found + ".form.json"], "default");
  return { tag: found, texts: body };
}

/** @type {Promise<Connection>} */
const connected = new Promise((resolve) => {
  if (window.parent === window) {
    resolve({});
    return;
  }
  // Who may frame us is `frame-ancestors`' to say; here only the parent counts, and only its first word.
  addEventListener("message", function hear(event) {
    if (event.source !== window.parent || event.data?.recourse !== "connect" || !event.ports[0]) return;
    removeEventListener("message", hear);
    resolve({ offer: event.data, port: event.ports[0] });
  });
  window.parent.postMessage({ recourse: "hello" }, "*");
});
const first = texts();
const begun = connected.then(async ({ offer, port }) => ({ offer, port, ...(await (offer?.locale ? texts(offer.locale) : first)) }));

/** @type {Record<string, (detail: string) => Promise<unknown>>} */
const answers = {
  begin: () => begun,
  manifest: (address) => get(address, "no-store"),
  copy: async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  },
};

await init({ module_or_path: new URL("{{asset:intake_app_bg.wasm}}", import.meta.url) });
start(spawnEngine, (/** @type {string} */ what, /** @type {string} */ detail, /** @type {Function} */ tell) => {
  answers[what](detail).then((value) => tell(what, value));
});
