// The system's Chromium with an unpacked extension in it, as it ships, and the toolbar action pressed so that `activeTab` is granted.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

import { inPath, PATIENCE, QUIET } from "./browser.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").CDPSession} CDPSession */
/** @typedef {{ targetId: string, type: string, url: string, embedderData?: { tabActive?: boolean } }} Target */

/** Milliseconds by which the panel gives up sooner than the one who asked it. */
const SPARE = 2000;

/** Besides: extensions can be loaded and pressed by the protocol, in a window of one size. */
const ARGUMENTS = [...QUIET, "--enable-unsafe-extension-debugging", "--window-size=1280,900"];

/** What Playwright adds and no person has: without these, extensions run and pop-ups need a gesture. */
const NOT_OURS = ["--disable-extensions", "--disable-popup-blocking"];

/** Sends any command: Playwright's types know fewer than the system's browser. @param {CDPSession} session @param {string} method @param {object} [params] @returns {Promise<any>} */
const command = (session, method, params = {}) => session.send(/** @type {any} */ (method), /** @type {any} */ (params));

/** @template T @param {Promise<T>} promise @param {string} what @returns {Promise<T>} */
function within(promise, what) {
  /** @type {NodeJS.Timeout} */
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), PATIENCE)));
  return /** @type {Promise<T>} */ (Promise.race([promise, late]).finally(() => clearTimeout(timer)));
}

/** A page that Playwright has no name for: the side panel is no tab, so it is spoken to through the browser's own session. */
export class Panel {
  #browser;
  #target;
  #session;
  #last = 0;
  /** @type {Map<number, { resolve: (value: any) => void, reject: (reason: Error) => void }>} */
  #open = new Map();
  /** What the panel writes to its console or throws. @type {string[]} */
  faults = [];

  /** @param {CDPSession} browser @param {string} target @param {string} session */
  constructor(browser, target, session) {
    this.#browser = browser;
    this.#target = target;
    this.#session = session;
    browser.on("Target.receivedMessageFromTarget", this.#hear);
    browser.on("Target.detachedFromTarget", this.#end);
  }

  /** @param {CDPSession} browser @param {string} target */
  static async attach(browser, target) {
    // Not flat: a session of Playwright's passes nothing on to a session below it, but carries messages to one.
    const { sessionId } = await command(browser, "Target.attachToTarget", { targetId: target, flatten: false });
    const panel = new Panel(browser, target, sessionId);
    await panel.send("Page.enable");
    await panel.send("Runtime.enable");
    await panel.send("Log.enable");
    await panel.evaluate(() => new Promise((done) => (document.readyState === "complete" ? done(undefined) : addEventListener("load", done, { once: true }))).then(() => undefined));
    return panel;
  }

  /** @param {{ sessionId: string, message: string }} event */
  #hear = ({ sessionId, message }) => {
    if (sessionId !== this.#session) return;
    const { id, method, params, result, error } = JSON.parse(message);
    if (method === "Runtime.exceptionThrown") this.faults.push(`page error: ${params.exceptionDetails.exception?.description ?? params.exceptionDetails.text}`);
    if (method === "Runtime.consoleAPICalled" && ["error", "warning"].includes(params.type)) this.faults.push(`console ${params.type}: ${params.args.map((/** @type {any} */ one) => one.value ?? one.description).join(" ")}`);
    if (method === "Log.entryAdded" && ["error", "warning"].includes(params.entry.level)) this.faults.push(`log ${params.entry.level}: ${params.entry.text} (${params.entry.url ?? ""})`);
    const waiting = this.#open.get(id);
    this.#open.delete(id);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  };

  /** @param {{ sessionId: string }} event */
  #end = ({ sessionId }) => {
    if (sessionId !== this.#session) return;
    this.#browser.off("Target.receivedMessageFromTarget", this.#hear);
    this.#browser.off("Target.detachedFromTarget", this.#end);
    for (const { reject } of this.#open.values()) reject(new Error("the panel was closed"));
    this.#open.clear();
  };

  /** Any command of the protocol. @param {string} method @param {object} [params] @returns {Promise<any>} */
  send(method, params = {}) {
    const id = ++this.#last;
    const answer = new Promise((resolve, reject) => this.#open.set(id, { resolve, reject }));
    command(this.#browser, "Target.sendMessageToTarget", { sessionId: this.#session, message: JSON.stringify({ id, method, params }) }).catch((error) => this.#open.get(id)?.reject(error));
    return within(answer, method);
  }

  /**
   * Runs a function in the panel, as with a gesture of the person's.
   * @template {unknown[]} A, R
   * @param {(...args: A) => R} run @param {A} args
   * @returns {Promise<Awaited<R>>}
   */
  async evaluate(run, ...args) {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
      expression: `(${run})(...${JSON.stringify(args)})`,
      awaitPromise: true,
      returnByValue: true,
      userGesture: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Waits until the function gives something true, and says what the panel showed if it never does. Not looked at with every frame: a panel that is hidden draws none. @template {unknown[]} A, R @param {(...args: A) => R} look @param {A} args @returns {Promise<NonNullable<Awaited<R>>>} */
  async until(look, ...args) {
    const wait = `for (const end = Date.now() + ${PATIENCE - SPARE}; Date.now() < end; ) { const found = await (${look})(...${JSON.stringify(args)}); if (found) return found; await new Promise((next) => setTimeout(next, 20)); }`;
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
      expression: `(async () => { ${wait} throw new Error("waited in vain; the panel shows: " + document.body.innerText); })()`,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Presses the middle of an element with the mouse, once it stands still and nothing is before it: a panel that opens grows, and its lines break anew. @param {string} selector */
  async click(selector) {
    const [x, y] = await this.until(async (selector) => {
      const middle = () => {
        const element = document.querySelector(selector);
        element?.scrollIntoView({ block: "center", behavior: "instant" });
        // A link that goes over several lines is where its first one is.
        const [box] = element?.getClientRects() ?? [];
        if (!box || box.width === 0) return undefined;
        const at = [box.x + box.width / 2, box.y + box.height / 2];
        return element?.contains(document.elementFromPoint(at[0], at[1])) ? at : undefined;
      };
      const first = middle();
      await new Promise((next) => setTimeout(next, 100));
      const then = middle();
      return first && then && first[0] === then[0] && first[1] === then[1] ? then : undefined;
    }, selector).then((found) => /** @type {number[]} */ (found));
    for (const type of ["mouseMoved", "mousePressed", "mouseReleased"]) await this.send("Input.dispatchMouseEvent", { type, x, y, button: type === "mouseMoved" ? "none" : "left", clickCount: 1 });
  }

  /** A picture of the panel as PNG. */
  async screenshot() {
    const { data } = await this.send("Page.captureScreenshot", { format: "png" });
    return Buffer.from(data, "base64");
  }

  /** Closes the panel, as the person does. */
  close() {
    return command(this.#browser, "Target.closeTarget", { targetId: this.#target });
  }
}

/**
 * @param {string} folder of the unpacked extension, as it ships
 * @param {{ args?: string[], locale?: string }} [options]
 */
export async function launchExtension(folder, { args = [], locale } = {}) {
  const profile = await mkdtemp(join(tmpdir(), "recourse-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: inPath(["chromium", "chromium-browser", "google-chrome"], "chromium"),
    // The window's own size: an emulated one would not be that of the captured picture.
    viewport: null,
    ignoreDefaultArgs: NOT_OURS,
    args: [...ARGUMENTS, ...args, ...(locale ? [`--accept-lang=${locale}`] : [])],
    // On Linux the language of the browser's own words, and so of `chrome.i18n`, is that of the environment, if there are words in it.
    ...(locale ? { env: { ...process.env, LANGUAGE: locale.replace("-", "_") } } : {}),
  });
  context.setDefaultTimeout(PATIENCE);
  const browser = context.browser();
  if (browser === null) throw new Error("no browser of its own");
  const session = await browser.newBrowserCDPSession();
  /** @type {{ id: string }} */
  const { id } = await command(session, "Extensions.loadUnpacked", { path: folder });
  const origin = `chrome-extension://${id}`;

  /** @param {(target: Target) => boolean} fits @param {string[]} types @returns {Promise<Target | undefined>} */
  const find = async (fits, types) => {
    const { targetInfos } = await command(session, "Target.getTargets", { filter: types.map((type) => ({ type })) });
    return targetInfos.find(fits);
  };

  /** The service worker, which the browser stops when it is idle and which is another after each start. */
  const worker = async () => {
    const ours = (/** @type {import("playwright-core").Worker} */ one) => one.url().startsWith(`${origin}/`);
    return context.serviceWorkers().find(ours) ?? context.waitForEvent("serviceworker", { predicate: ours });
  };

  // Before it is activated, no event reaches it: a press would be lost.
  await (await worker()).evaluate(async () => {
    const { serviceWorker } = /** @type {any} */ (globalThis);
    while (serviceWorker.state !== "activated") await new Promise((next) => serviceWorker.addEventListener("statechange", next, { once: true }));
  });

  /** Whether this is a tab, to which Playwright has attached at once, and not the side panel. @param {Target} target */
  const isTab = async ({ targetId, url }) => {
    for (const page of context.pages()) {
      if (page.url() !== url) continue;
      const own = await context.newCDPSession(page);
      const { targetInfo } = await command(own, "Target.getTargetInfo");
      await own.detach();
      if (targetInfo.targetId === targetId) return true;
    }
    return false;
  };

  return {
    id,
    origin,
    context,
    browser,
    session,
    worker,

    /** Presses the extension's button in the toolbar while this page is in front: grants `activeTab`. `meanwhile` is begun with it. @param {Page} page @param {() => Promise<unknown> | void} [meanwhile] */
    async trigger(page, meanwhile) {
      await page.bringToFront();
      const tab = await find(({ type, url, embedderData }) => type === "tab" && url === page.url() && embedderData?.tabActive !== false, ["tab"]);
      if (!tab) throw new Error(`no tab in front shows ${page.url()}`);
      await Promise.all([meanwhile?.(), command(session, "Extensions.triggerAction", { id, targetId: tab.targetId })]);
    },

    /**
     * Presses the keys of a command of the extension while this page is in front: grants `activeTab` as the button does. Only a raw key with
     * the platform's own code goes on to the browser's window, and Playwright's keyboard sends none.
     * @param {Page} page @param {string} keys as the browser writes them, `Ctrl+Shift+Y`: see that it gave the command these, as others may have them
     */
    async command(page, keys) {
      const commands = await (await worker()).evaluate(() => /** @type {any} */ (globalThis).chrome.commands.getAll());
      if (!commands.some((/** @type {{ shortcut: string }} */ { shortcut }) => shortcut === keys)) throw new Error(`no command has ${keys}: ${JSON.stringify(commands)}`);
      const parts = keys.split("+");
      const key = parts.pop() ?? "";
      const modifiers = (parts.includes("Alt") ? 1 : 0) | (parts.includes("Ctrl") ? 2 : 0) | (parts.includes("Shift") ? 8 : 0);
      const stroke = { modifiers, key, code: /[A-Z]/.test(key) ? `Key${key}` : `Digit${key}`, windowsVirtualKeyCode: key.charCodeAt(0), nativeVirtualKeyCode: key.charCodeAt(0) };
      await page.bringToFront();
      const own = await context.newCDPSession(page);
      for (const type of ["rawKeyDown", "keyUp"]) await command(own, "Input.dispatchKeyEvent", { type, ...stroke });
      await own.detach();
    },

    /** The true side panel, once it is open. @param {string} [file] */
    async panel(file = "panel.html") {
      const told = new Promise((resolve) => {
        /** @param {{ targetInfo: Target }} event */
        const hear = async ({ targetInfo }) => {
          const { targetId, type, url } = targetInfo;
          if (type !== "page" || url.split(/[?#]/)[0] !== `${origin}/${file}` || (await isTab(targetInfo))) return;
          session.off("Target.targetCreated", hear);
          session.off("Target.targetInfoChanged", hear);
          resolve(targetId);
        };
        session.on("Target.targetCreated", hear);
        session.on("Target.targetInfoChanged", hear);
      });
      // Discovery tells first of all there is, then of every change. Of every type: the panel has another one before it is a page.
      await command(session, "Target.setDiscoverTargets", { discover: false });
      await command(session, "Target.setDiscoverTargets", { discover: true, filter: [{}] });
      return Panel.attach(session, await within(told, `the side panel ${file}`));
    },

    /** The panel's page in a tab, where Playwright has every means. @param {string} [query] @param {string} [file] */
    async panelTab(query = "", file = "panel.html") {
      const page = await context.newPage();
      await page.goto(`${origin}/${file}${query && `?${query}`}`);
      return page;
    },

    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
