// The system's Chromium, kept quiet, and a proxy that writes down every byte it sends.

import assert from "node:assert/strict";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

/** What is asked of the browser so that it speaks to nobody on its own account. */
export const QUIET = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-gpu",
  "--disable-quic",
];

/**
 * The first of these programs that is on the path.
 * @param {string[]} names @param {string} from the system's package that has it
 * @returns {string}
 */
export function inPath(names, from) {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of names) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not here.
      }
    }
  }
  throw new Error(`${names.join(" or ")} is missing: install the system's package \`${from}\``);
}

/**
 * @param {{ proxy?: string, args?: string[] }} [options]
 */
export function launch({ proxy, args = [] } = {}) {
  return chromium.launch({
    executablePath: inPath(["chromium", "chromium-browser", "google-chrome"], "chromium"),
    args: [...QUIET, ...args],
    // Loopback is proxied too: that is where everything is.
    ...(proxy ? { proxy: { server: proxy, bypass: "<-loopback>" } } : {}),
  });
}

/** How long anything may take before a test gives up. No test waits for a time to pass. */
export const PATIENCE = 60_000;

/**
 * A page of its own profile, with everything that goes wrong in it written down.
 * @param {import("playwright-core").Browser} browser
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
export async function open(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", ...options });
  context.setDefaultTimeout(PATIENCE);
  /** @type {string[]} */
  const faults = [];
  // In every frame and before any script: what a policy refuses.
  await context.exposeBinding("tellViolation", ({ frame }, text) => void faults.push(`${new URL(frame.url()).origin}: ${text}`));
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      // @ts-expect-error the binding above
      window.tellViolation(`${event.effectiveDirective} refused ${event.blockedURI || event.sample} (${event.sourceFile}:${event.lineNumber})`);
    });
  });
  context.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") faults.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => faults.push(`page error: ${error.error().stack ?? error.error()}`));
  const page = await context.newPage();
  return { context, page, faults };
}

/**
 * Waits until dialog and frame of the widget are gone, and holds that no other has come in their place.
 * @param {import("playwright-core").Page} page
 */
export async function gone(page) {
  await page.locator("[data-recourse]").waitFor({ state: "detached" });
  // The frame's own end is told by another way, a little later.
  while (page.frames().length > 1) await page.waitForEvent("framedetached");
  assert.equal(await page.locator("[data-recourse]").count(), 0);
}

/**
 * Waits until a function in a page gives something true, at once or as a promise: Playwright's own waiting takes a promise for a yes.
 * @template A, R
 * @param {import("playwright-core").Page} page @param {(arg: A) => R} look @param {A} [arg]
 * @returns {Promise<NonNullable<Awaited<R>>>}
 */
export async function until(page, look, arg) {
  for (const end = Date.now() + PATIENCE; ; ) {
    const found = await page.evaluate(/** @type {any} */ (look), arg);
    if (found) return /** @type {any} */ (found);
    if (Date.now() > end) throw new Error(`waited in vain for ${look}`);
    await new Promise((next) => setTimeout(next, 20));
  }
}
