// Starts the form, and does for it what takes JavaScript a line and Wasm a page.
import init, { start } from "{{asset:intake_app.js}}";
import { attach, prefetch } from "{{asset:intake-later.js}}";
import { broke, connected, leave } from "{{asset:first-step.js}}";
import { fetchEngine, spawnEngine } from "{{asset:engine-start.js}}";

const [, kind, channel] = location.pathname.split("/");

/** Addresses by name: `en.form.json`. @type {Record<string, string>} */
const locales = JSON.parse(document.body.dataset.locales ?? "{}");
/** The same of what only later screens say: `en.form-later.json`. @type {Record<string, string>} */
const later = JSON.parse(document.body.dataset.later ?? "{}");

/**
 * @param {string} address
 * @param {RequestCache} cache
 * @returns {Promise<{ status: number, body: string }>} status 0 where there is no answer
 */
async function get(address, cache) {
  try {
    const answer = await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer", redirect: "error", cache });
    return { status: answer.status, body: await answer.text() };
  } catch {
    return { status: 0, body: "" };
  }
}

/** By address, so that none is fetched twice. @type {Record<string, Promise<string[]>>} */
const fetched = {};

/**
 * The texts of one file, in the order by which the form knows them. What did not come is forgotten, so that it can be asked for again.
 * @param {string} address
 */
function load(address) {
  return (fetched[address] ??= get(address, "default").then(({ body }) => JSON.parse(body)).catch((error) => {
    delete fetched[address];
    throw error;
  }));
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
  return { tag: found, texts: await load(locales[found + ".form.json"]) };
}

// The texts of the browser's language are fetched before the host says which it wants: mostly it is the same.
const first = texts();
const begun = connected.then(async ({ offer, port }) => {
  const spoken = await (offer?.locale ? texts(offer.locale) : first);
  return { ...spoken, offer: JSON.stringify(offer ?? {}), port };
});
// What the second screen needs is asked for now: its bytes come behind those of the first, and nobody waits for one round trip after the other.
fetchEngine();
prefetch();
first.then(({ tag }) => load(later[tag + ".form-later.json"])).catch(() => {});

/** Loaded when it is first asked for something. @type {{ keep: (job: any) => Promise<object>, end: () => void } | undefined} */
let kept;

/** What the form asks for. @type {Record<string, (detail: any) => unknown>} */
const answers = {
  begin: () => begun,
  /** The rest of the texts of a language; nothing where they did not come, for the form then offers to try again. */
  later: async (tag) => ({ tag, texts: await load(later[tag + ".form-later.json"]).catch(() => null) }),
  /** Both parts of another language, or neither: half a form in each would be no form. */
  speak: async (tag) => {
    const parts = [locales[tag + ".form.json"], later[tag + ".form-later.json"]].map((address) => load(address).catch(() => null));
    const [texts, rest] = await Promise.all(parts);
    return { tag, texts, later: rest };
  },
  manifest: (address) => get(address, "no-store"),
  copy: async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  },
  /** The first line is the file's name. */
  save: (file) => {
    const end = file.indexOf("\n");
    const link = document.createElement("a");
    link.download = file.slice(0, end);
    const type = link.download.endsWith(".ics") ? "text/calendar" : "text/plain";
    link.href = URL.createObjectURL(new Blob([file.slice(end + 1)], { type }));
    link.click();
    // The download holds the bytes by now; the address would keep them in memory.
    URL.revokeObjectURL(link.href);
  },
  /** The same of a file that has an address already. */
  saveAt: (file) => {
    const end = file.indexOf("\n");
    const link = document.createElement("a");
    link.href = file.slice(end + 1);
    link.download = file.slice(0, end);
    link.click();
    URL.revokeObjectURL(link.href);
  },
  /** Files, the screen, the picture editor: loaded with the first of them. */
  evidence: async (job) => {
    try {
      return await (await import("{{asset:evidence.js}}")).evidence(job, (await connected).port);
    } catch {
      return { what: job.what, id: job.id, failed: true };
    }
  },
  /** Files were let go of; nothing else here holds any. */
  dropped: () => {},
  print: () => window.print(),
  reload: () => location.reload(),
  /** Drafts, the question before the page goes, the network, the password manager: see there. */
  keep: async (job) => {
    kept ??= await import("{{asset:keep.js}}");
    return kept.keep(job);
  },
  close: () => kept?.end(),
  leave: () => {
    kept?.end();
    leave();
  },
};

/**
 * @param {string} what
 * @param {any} detail
 * @param {(what: string, value: unknown) => void} tell
 */
async function ask(what, detail, tell) {
  try {
    tell(what, await answers[what](detail));
  } catch {
    broke();
  }
}

addEventListener("unhandledrejection", broke);
try {
  attach(await init({ module_or_path: new URL("{{asset:intake_app_bg.wasm}}", import.meta.url) }));
  start(spawnEngine, ask, channel ?? "", kind === "embed", location.origin);
} catch (error) {
  // Wasm that is switched off or did not come: the box leads to the form that needs none.
  broke();
  throw error;
}
