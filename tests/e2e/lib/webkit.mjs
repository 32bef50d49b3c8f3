// WebKit by the system's own driver (Debian: `webkit2gtk-driver` and `xvfb`), as a page with as much of Playwright's as the hosted form and
// the follow-up page are walked with. What a selector finds is waited for, so nothing here asks twice.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { inPath, PATIENCE } from "./browser.mjs";
import { freePort } from "./demo.mjs";

/** The name under which WebDriver hands out elements. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** Answers once an element has stood in one place for three frames. */
const STILL = `
  const [selector, done] = arguments;
  let before = "", still = 0;
  const look = () => {
    const element = document.querySelector(selector);
    element?.scrollIntoView({ block: "center" });
    const at = element ? JSON.stringify(element.getBoundingClientRect()) : "";
    still = at && at === before ? still + 1 : 0;
    before = at;
    if (still < 3) requestAnimationFrame(look); else done();
  };
  look();`;

/** Driver, display and browser; or nothing where the system has not all three. */
export async function findWebKit() {
  try {
    return { driver: inPath(["WebKitWebDriver"], "webkit2gtk-driver"), display: inPath(["Xvfb"], "xvfb"), browser: await miniBrowser() };
  } catch {
    return undefined;
  }
}

/** It stands in a folder named after architecture and version. */
async function miniBrowser() {
  for (const libraries of ["/usr/lib", "/usr/libexec"]) {
    for (const folder of await readdir(libraries, { recursive: false, withFileTypes: true }).catch(() => [])) {
      if (!folder.isDirectory()) continue;
      const inside = join(libraries, folder.name);
      const names = folder.name.startsWith("webkit") ? [""] : (await readdir(inside).catch(() => [])).filter((name) => name.startsWith("webkit"));
      for (const name of names) {
        const path = join(inside, name, "MiniBrowser");
        try {
          accessSync(path);
          return path;
        } catch {
          // Not here.
        }
      }
    }
  }
  throw new Error("MiniBrowser is missing");
}

/** @param {NonNullable<Awaited<ReturnType<typeof findWebKit>>>} found */
export async function launchWebKit(found) {
  const port = await freePort();
  const display = spawn(found.display, ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  const [number] = await once(/** @type {import("node:stream").Readable} */ (display.stdio[3]), "data");
  const driver = spawn(found.driver, ["--host=127.0.0.1", `--port=${port}`], {
    stdio: "ignore",
    // Where no user namespace may be made, as in most containers, its sandbox cannot be had.
    env: { ...process.env, DISPLAY: `:${String(number).trim()}`, GDK_BACKEND: "x11", WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" },
  });
  const folder = await mkdtemp(join(tmpdir(), "recourse-webkit-"));
  const end = async () => {
    for (const child of [driver, display]) {
      const ended = once(child, "exit");
      if (child.exitCode === null && child.kill()) await ended;
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const session = await begin(`http://127.0.0.1:${port}`, found.browser);
    const page = new Page(session, folder);
    return { page, stop: () => session("DELETE", "").catch(() => {}).then(end) };
  } catch (error) {
    await end();
    throw error;
  }
}

/** @typedef {(method: string, path: string, body?: object) => Promise<any>} Session */

/** @param {string} address @param {string} binary @returns {Promise<Session>} */
async function begin(address, binary) {
  const call = async (/** @type {string} */ method, /** @type {string} */ path, /** @type {object | undefined} */ body) => {
    const answer = await fetch(address + path, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path} ${JSON.stringify(body)}: ${value.error}: ${value.message}`);
    return value;
  };
  const until = Date.now() + PATIENCE;
  for (;;) {
    try {
      await call("GET", "/status", undefined);
      break;
    } catch (error) {
      // The driver says nothing when it listens.
      if (Date.now() > until) throw error;
    }
  }
  const options = { binary, args: ["--automation"] };
  const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": options, timeouts: { implicit: PATIENCE, script: PATIENCE, pageLoad: PATIENCE } } };
  const { sessionId } = await call("POST", "/session", { capabilities });
  return (method, path, body) => call(method, `/session/${sessionId}${path}`, body);
}

/** As much of a page as the walks of journey.mjs ask for. */
class Page {
  /** @param {Session} session @param {string} folder for files to attach */
  constructor(session, folder) {
    this.session = session;
    this.folder = folder;
  }

  /** @param {string} url */
  goto(url) {
    return this.session("POST", "/url", { url });
  }

  /** @param {string} script @param {unknown[]} [args] @returns {Promise<any>} */
  run(script, args = []) {
    return this.session("POST", "/execute/sync", { script, args });
  }

  /** @param {string} name */
  getByTestId(name) {
    return this.locator(`[data-testid="${name}"]`);
  }

  /** @param {string} selector */
  locator(selector) {
    return new Locator(this, selector);
  }
}

class Locator {
  /** @param {Page} page @param {string} selector */
  constructor(page, selector) {
    this.page = page;
    this.selector = selector;
  }

  /** @param {string} selector */
  locator(selector) {
    return new Locator(this.page, `${this.selector} ${selector}`);
  }

  /** @param {Locator} other */
  or(other) {
    return new Locator(this.page, `${this.selector}, ${other.selector}`);
  }

  /** What WebDriver finds is the first anyway. */
  first() {
    return this;
  }

  async #find() {
    return /** @type {string} */ ((await this.page.session("POST", "/element", { using: "css selector", value: this.selector }))[ELEMENT]);
  }

  /** @param {string} method @param {string} path @param {object} [body] */
  async #do(method, path, body) {
    const until = Date.now() + PATIENCE;
    for (;;) {
      try {
        return await this.page.session(method, `/element/${await this.#find()}${path}`, body);
      } catch (error) {
        // Covered by what goes away, not yet drawn, or replaced while it was looked for.
        if (Date.now() > until || !/intercepted|stale|not interactable/.test(String(error))) throw error;
      }
    }
  }

  /** @param {{ state?: "visible" | "attached" }} [how] */
  async waitFor({ state = "visible" } = {}) {
    const until = Date.now() + PATIENCE;
    await this.#find();
    while (state === "visible" && !(await this.isVisible())) {
      if (Date.now() > until) throw new Error(`${this.selector} is not seen`);
    }
  }

  /** The driver clicks at a place that it looked up before: what still moves is waited for. */
  async click() {
    await this.waitFor();
    await this.page.session("POST", "/execute/async", { script: STILL, args: [this.selector] });
    await this.#do("POST", "/click", {});
  }

  /** By the label, which draws the box, and the box is not always to be hit. */
  async check() {
    await this.waitFor({ state: "attached" });
    if (!(await this.isChecked())) await this.page.run("document.querySelector(arguments[0]).click()", [this.selector]);
    if (!(await this.isChecked())) throw new Error(`${this.selector} is not checked`);
  }

  /** @returns {Promise<boolean>} */
  isChecked() {
    return this.#do("GET", "/selected");
  }

  /** @param {string} text */
  async fill(text) {
    await this.waitFor();
    // Typed over what stands there: the driver's own way to clear wants the field within the window first.
    await this.page.run("const field = document.querySelector(arguments[0]); field.scrollIntoView({ block: 'center' }); field.select()", [this.selector]);
    await this.#do("POST", "/value", { text });
  }

  /** @param {{ name: string, buffer: Buffer }} file */
  async setInputFiles({ name, buffer }) {
    const path = join(this.page.folder, name);
    await writeFile(path, buffer);
    await this.#do("POST", "/value", { text: path });
  }

  /** @returns {Promise<string>} */
  innerText() {
    return this.#do("GET", "/text");
  }

  /** @param {string} name @returns {Promise<string | null>} */
  getAttribute(name) {
    return this.#do("GET", `/attribute/${name}`);
  }

  /** Without waiting. @returns {Promise<number>} */
  count() {
    return this.page.run("return document.querySelectorAll(arguments[0]).length", [this.selector]);
  }

  /** Without waiting. @returns {Promise<boolean>} */
  isVisible() {
    return this.page.run("return !!document.querySelector(arguments[0])?.checkVisibility({ visibilityProperty: true })", [this.selector]);
  }
}
