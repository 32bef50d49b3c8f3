// The system's own Firefox, driven by Playwright over WebDriver BiDi (Playwright's own build of Firefox would be a download).

import { readdir, readFile, watch } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { firefox } from "playwright-core";

import { inPath, PATIENCE } from "./browser.mjs";

/** Commands that Playwright sends with every context and Firefox does not know yet: they choose light or dark, which no journey here depends on. */
const UNKNOWN = new Set(["emulation.setMediaFeaturesOverride"]);

const { ws: WebSocket } = createRequire(import.meta.url)("playwright-core/lib/utilsBundle");
const send = WebSocket.prototype.send;
/** Asks for nothing (`session.status`) where the command is unknown: Playwright would give up the context for it. @param {string} message */
WebSocket.prototype.send = function (message, /** @type {unknown[]} */ ...rest) {
  const { id, method } = typeof message === "string" && message.startsWith("{") ? JSON.parse(message) : {};
  return send.call(this, UNKNOWN.has(method) ? JSON.stringify({ id, method: "session.status", params: {} }) : message, ...rest);
};

/**
 * Starts it without a window. Playwright's clicks do not reach into a frame of another process, so frames share the page's: what they may
 * see of each other is the same.
 * @param {string} downloads folder for what is saved: Playwright hears of no download whose address is a `blob:`
 */
export const launchFirefox = (downloads) =>
  firefox.launch({
    channel: "moz-firefox",
    executablePath: inPath(["firefox-esr", "firefox"], "firefox-esr"),
    downloadsPath: downloads,
    firefoxUserPrefs: { "fission.autostart": false },
  });

/** Waits for a saved file with these words. @param {string} downloads @param {string} words @returns {Promise<string>} its name */
export async function saved(downloads, words) {
  const signal = AbortSignal.timeout(PATIENCE);
  const changes = watch(downloads, { signal });
  const look = async () => {
    for (const name of await readdir(downloads)) if ((await readFile(join(downloads, name), "utf8")).includes(words)) return name;
    return undefined;
  };
  let name = await look();
  if (name !== undefined) return name;
  for await (const _ of changes) {
    name = await look();
    if (name !== undefined) return name;
  }
  throw new Error(`nothing was saved in ${downloads}`);
}

/** Whether a fault is more than that Firefox asks every page for a picture, which the product page's policy has none of. @param {string} fault */
export const ofOurs = (fault) => !/favicon\.ico/.test(fault);
