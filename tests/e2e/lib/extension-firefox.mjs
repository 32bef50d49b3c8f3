// The system's Firefox with an extension in it, as it ships, and the toolbar button pressed so that `activeTab` is granted.
// WebDriver BiDi drives its tabs. The sidebar is no tab and BiDi has no name for it: it is reached from the browser's own window.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { inPath, PATIENCE } from "./browser.mjs";

const { ws: WebSocket } = createRequire(import.meta.url)("playwright-core/lib/utilsBundle");

/** The installation's own address of the extension: without the preference it would be another each time. */
export const UUID = "11111111-2222-4333-8444-555555555555";

/** Nothing is asked of anybody, and no page of the browser's own comes in between. */
const QUIET = {
  "app.normandy.enabled": false,
  "app.update.disabledForTesting": true,
  "browser.aboutwelcome.enabled": false,
  "browser.newtabpage.enabled": false,
  "browser.region.network.url": "",
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.search.update": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage_override.mstone": "ignore",
  "browser.topsites.contile.enabled": false,
  "captivedetect.canonicalURL": "",
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.getAddons.cache.enabled": false,
  "extensions.systemAddon.update.enabled": false,
  "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,#remote-settings-dummy/v1",
  "toolkit.telemetry.enabled": false,
};

/** @template T @param {Promise<T>} promise @param {string} what @returns {Promise<T>} */
function within(promise, what) {
  /** @type {NodeJS.Timeout} */
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), PATIENCE)));
  return /** @type {Promise<T>} */ (Promise.race([promise, late]).finally(() => clearTimeout(timer)));
}

/** The extension's name for itself. @param {string} path @returns {Promise<string>} */
async function nameOf(path) {
  const manifest = (await stat(path)).isDirectory() ? await readFile(join(path, "manifest.json"), "utf8") : await unzipped(path, "manifest.json");
  return JSON.parse(manifest).browser_specific_settings.gecko.id;
}

/** One file of a ZIP. @param {string} path @param {string} name @returns {Promise<string>} */
async function unzipped(path, name) {
  const { yauzl } = createRequire(import.meta.url)("playwright-core/lib/utilsBundle");
  /** @type {any} */
  const archive = await new Promise((resolve, reject) => yauzl.open(path, { lazyEntries: true, autoClose: false }, (/** @type {Error | null} */ error, /** @type {any} */ zip) => (error ? reject(error) : resolve(zip))));
  archive.setMaxListeners(0);
  try {
    for (archive.readEntry(); ; archive.readEntry()) {
      const [entry] = await Promise.race([once(archive, "entry"), once(archive, "end").then(() => { throw new Error(`${path} has no ${name}`); })]);
      if (entry.fileName !== name) continue;
      /** @type {AsyncIterable<Buffer>} */
      const stream = await new Promise((resolve, reject) => archive.openReadStream(entry, (/** @type {Error | null} */ error, /** @type {any} */ one) => (error ? reject(error) : resolve(one))));
      const parts = [];
      for await (const part of stream) parts.push(part);
      return Buffer.concat(parts).toString();
    }
  } finally {
    archive.close();
  }
}

/** Commands and answers of WebDriver BiDi. */
class Bidi {
  #socket;
  #last = 0;
  /** @type {Map<number, { resolve: (value: any) => void, reject: (reason: Error) => void }>} */
  #open = new Map();
  /** What is told without being asked. @type {(method: string, params: any) => void} */
  onevent = () => {};

  /** @param {any} socket */
  constructor(socket) {
    this.#socket = socket;
    socket.on("message", (/** @type {Buffer} */ data) => {
      const { id, type, result, error, message, method, params } = JSON.parse(data.toString());
      if (type === "event") return this.onevent(method, params);
      const waiting = this.#open.get(id);
      this.#open.delete(id);
      if (type === "error") waiting?.reject(new Error(`${error}: ${message}`));
      else waiting?.resolve(result);
    });
    socket.on("close", () => {
      for (const { reject } of this.#open.values()) reject(new Error("Firefox is gone"));
      this.#open.clear();
    });
  }

  /** @param {string} address */
  static async connect(address) {
    const socket = new WebSocket(address);
    await once(socket, "open");
    return new Bidi(socket);
  }

  /** @param {string} method @param {object} [params] @returns {Promise<any>} */
  send(method, params = {}) {
    const id = ++this.#last;
    const answer = new Promise((resolve, reject) => this.#open.set(id, { resolve, reject }));
    this.#socket.send(JSON.stringify({ id, method, params }));
    return within(answer, method);
  }
}

/** What reaches into the sidebar, run in the browser's window: its page belongs to another process. The last line is what is run there. */
const IN_SIDEBAR = `async (source) => {
  const sidebar = document.getElementById("sidebar")?.contentDocument?.getElementById("webext-panels-browser");
  if (!sidebar) throw new Error("no extension's sidebar is open");
  const name = "recourse-e2e:" + Services.uuid.generateUUID();
  const answer = Promise.withResolvers();
  const listen = ({ data }) => ("error" in data ? answer.reject(new Error(data.error)) : answer.resolve(data.result));
  sidebar.messageManager.addMessageListener(name, listen);
  // A sandbox of the page's own rights, with the page's names in sight: the page's policy refuses \`eval\` in it.
  const script = \`(async () => {
    try {
      content.document.notifyUserGestureActivation();
      const box = new Cu.Sandbox(content, { sandboxPrototype: content, wantXrays: false });
      sendAsyncMessage(\${JSON.stringify(name)}, { result: await Cu.evalInSandbox(\${JSON.stringify(source)}, box) });
    } catch (error) {
      sendAsyncMessage(\${JSON.stringify(name)}, { error: String(error) });
    }
  })()\`;
  sidebar.messageManager.loadFrameScript("data:text/javascript;charset=utf-8," + encodeURIComponent(script), false);
  try { return JSON.parse(await answer.promise); } finally { sidebar.messageManager.removeMessageListener(name, listen); }
}`;

/** A function called with values, whose answer comes back as JSON. @param {Function | string} run @param {unknown[]} args */
const call = (run, args) => `(async () => JSON.stringify((await (${run})(...${JSON.stringify(args)})) ?? null))()`;

/**
 * @param {string} path folder or ZIP of the extension, as it ships
 * @param {{ prefs?: Record<string, string | number | boolean>, locale?: string, proxy?: string }} [options] `proxy` as `host:port`
 */
export async function launchFirefoxExtension(path, { prefs = {}, locale, proxy } = {}) {
  const id = await nameOf(path);
  const profile = await mkdtemp(join(tmpdir(), "recourse-firefox-"));
  const [host, port] = proxy?.split(":") ?? [];
  /** @type {Record<string, string | number | boolean>} */
  const all = {
    ...QUIET,
    "extensions.webextensions.uuids": JSON.stringify({ [id]: UUID }),
    ...(locale ? { "intl.locale.requested": locale, "intl.accept_languages": locale } : {}),
    // Loopback is proxied too: that is where everything is.
    ...(proxy ? { "network.proxy.type": 1, "network.proxy.http": host, "network.proxy.http_port": Number(port), "network.proxy.ssl": host, "network.proxy.ssl_port": Number(port), "network.proxy.allow_hijacking_localhost": true } : {}),
    ...prefs,
  };
  await writeFile(join(profile, "user.js"), Object.entries(all).map(([key, value]) => `user_pref(${JSON.stringify(key)}, ${JSON.stringify(value)});\n`).join(""));
  const child = spawn(inPath(["firefox-esr", "firefox"], "firefox-esr"), ["--headless", "--no-remote", "--remote-debugging-port=0", "--remote-allow-system-access", "--profile", profile, "about:blank"], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, MOZ_HEADLESS_WIDTH: "1280", MOZ_HEADLESS_HEIGHT: "900" },
  });
  const ended = once(child, "exit");
  const address = new Promise((resolve, reject) => {
    // Read to the end: a full pipe would hold Firefox up.
    createInterface({ input: child.stderr }).on("line", (line) => {
      const [, found] = /WebDriver BiDi listening on (ws:\S+)/.exec(line) ?? [];
      if (found) resolve(`${found}/session`);
    });
    ended.then(([code]) => reject(new Error(`Firefox ended with ${code}`)));
  });
  /** @type {Bidi} */
  let bidi;
  const close = async () => {
    // Answered before it ends, or not at all.
    await bidi?.send("browser.close").catch(() => {});
    if (bidi === undefined) child.kill();
    await within(ended, "Firefox to end").catch(() => child.kill("SIGKILL"));
    await rm(profile, { recursive: true, force: true });
  };
  /** @param {string} context @param {string} source of a function without arguments */
  const run = async (context, source) => {
    const answer = await bidi.send("script.callFunction", { functionDeclaration: `() => ${source}`, target: { context }, awaitPromise: true, userActivation: true });
    if (answer.type === "exception") throw new Error(answer.exceptionDetails.text);
    return JSON.parse(answer.result.value);
  };

  /** The browser's own window. @type {string} */
  let window;

  /**
   * Runs a function in the browser's own window, with its rights.
   * @param {Function | string} source @param {unknown[]} args @returns {Promise<any>}
   */
  const chrome = (source, ...args) => run(window, call(source, args));

  try {
    bidi = await Bidi.connect(await within(address, "Firefox to start"));
    await bidi.send("session.new", { capabilities: {} });
    window = (await bidi.send("browsingContext.getTree", { "moz:scope": "chrome" })).contexts[0].context;
    if (locale) {
      // As if its language pack were installed, which it is not: an extension takes its language from the browser's when it starts.
      await chrome((/** @type {string} */ locale) => {
        const { locale: service } = /** @type {any} */ (globalThis).Services;
        service.availableLocales = [locale, ...service.availableLocales];
        service.requestedLocales = [locale];
      }, locale);
    }
    await bidi.send("webExtension.install", { extensionData: (await stat(path)).isDirectory() ? { type: "path", path } : { type: "archivePath", path } });
  } catch (error) {
    await close();
    throw error;
  }

  /** What goes wrong in pages that BiDi sees. @type {string[]} */
  const faults = [];
  bidi.onevent = (method, params) => {
    if (method === "log.entryAdded" && ["error", "warn"].includes(params.level)) faults.push(`${params.type} ${params.level}: ${params.text} (${params.stackTrace?.callFrames[0]?.url ?? ""})`);
  };
  await bidi.send("session.subscribe", { events: ["log.entryAdded"] });

  /** Makes a tab the one in front, as everything the person does is done to that. @param {string} context */
  const front = (context) => bidi.send("browsingContext.activate", { context });

  const sidebar = {
    /**
     * Runs a function in the sidebar's page, as with a gesture of the person's.
     * @param {Function | string} source @param {unknown[]} args @returns {Promise<any>}
     */
    evaluate: (source, ...args) => chrome(IN_SIDEBAR, call(source, args)),

    /** Waits until the function gives something true. Not looked at with every frame: a page that is hidden draws none. @param {Function | string} look @param {unknown[]} args @returns {Promise<any>} */
    until: (look, ...args) => sidebar.evaluate(`async (...args) => { for (;;) { const found = await (${look})(...args); if (found) return found; await new Promise((next) => setTimeout(next, 20)); } }`, ...args),

    /** Presses the middle of an element with the mouse: the event is a trusted one. @param {string} selector */
    async click(selector) {
      const spot = await sidebar.until(
        // What is being laid out would be missed: it has to be twice where it is.
        `async (selector) => {
          const spot = () => {
            const element = document.querySelector(selector);
            element?.scrollIntoView({ block: "center", behavior: "instant" });
            const box = element?.getBoundingClientRect();
            return box && box.width > 0 ? [box.x + box.width / 2, box.y + box.height / 2] : undefined;
          };
          const before = spot();
          await new Promise((next) => setTimeout(next, 20));
          const now = spot();
          return before && now && before.join() === now.join() ? now : undefined;
        }`,
        selector,
      );
      await chrome(
        `(x, y) => {
          const frame = document.getElementById("sidebar");
          const outer = frame.getBoundingClientRect();
          const inner = frame.contentDocument.getElementById("webext-panels-browser").getBoundingClientRect();
          for (const type of ["mousemove", "mousedown", "mouseup"]) window.synthesizeMouseEvent(type, outer.x + inner.x + x, outer.y + inner.y + y, { button: 0, clickCount: 1 }, { isDOMEventSynthesized: false, isAsyncEnabled: true });
        }`,
        ...spot,
      );
    },

    /** Closes the sidebar, as the person does. */
    close: () => chrome("() => SidebarController.hide()"),
  };

  return {
    id,
    origin: `moz-extension://${UUID}`,
    faults,
    sidebar,
    send: bidi.send.bind(bidi),
    chrome,
    close,

    /** Opens an address in a new tab, in front, and waits until it has loaded. @param {string} url @returns {Promise<string>} the tab's context */
    async open(url) {
      const { context } = await bidi.send("browsingContext.create", { type: "tab" });
      await bidi.send("browsingContext.navigate", { context, url, wait: "complete" });
      return context;
    },

    /** The panel's page in a tab. @param {string} [query] @param {string} [file] */
    panelTab(query = "", file = "panel.html") {
      return this.open(`moz-extension://${UUID}/${file}${query && `?${query}`}`);
    },

    /**
     * Runs a function in a page, also one of the extension's, as with a gesture of the person's. What it gives comes back as JSON.
     * @param {string} context @param {Function | string} source @param {unknown[]} args @returns {Promise<any>}
     */
    evaluate: (context, source, ...args) => run(context, call(source, args)),

    /** Waits until the function gives something true. Not looked at with every frame: a page that is hidden draws none. @param {string} context @param {Function | string} look @param {unknown[]} args @returns {Promise<any>} */
    until: (context, look, ...args) => run(context, call(`async (...args) => { for (;;) { const found = await (${look})(...args); if (found) return found; await new Promise((next) => setTimeout(next, 20)); } }`, args)),

    /** Presses the middle of an element of a tab with the mouse. @param {string} context @param {string} selector */
    async click(context, selector) {
      const { nodes } = await bidi.send("browsingContext.locateNodes", { context, locator: { type: "css", value: selector }, maxNodeCount: 1 });
      if (nodes.length === 0) throw new Error(`nothing is ${selector}`);
      await front(context);
      await bidi.send("input.performActions", { context, actions: [{ type: "pointer", id: "mouse", actions: [{ type: "pointerMove", x: 0, y: 0, origin: { type: "element", element: { sharedId: nodes[0].sharedId } } }, { type: "pointerDown", button: 0 }, { type: "pointerUp", button: 0 }] }] });
      await bidi.send("input.releaseActions", { context });
    },

    /** Presses the extension's button in the toolbar while this tab is in front: grants `activeTab`. @param {string} context */
    async trigger(context) {
      await front(context);
      await chrome(`(id) => {
        const { ExtensionParent } = ChromeUtils.importESModule("resource://gre/modules/ExtensionParent.sys.mjs");
        // Not waited for: with a pop-up, the answer would come when that is closed.
        ExtensionParent.apiManager.global.browserActionFor(WebExtensionPolicy.getByID(id).extension).triggerAction(window);
      }`, id);
    },

    /** Presses the keys of a command of the extension: the key's own element is told. @param {string} context @param {string} keys as Firefox writes them, `alt,shift+R` */
    async command(context, keys) {
      await front(context);
      const found = await chrome(
        `(id, keys) => {
          const all = [...document.querySelectorAll("keyset key")].filter((key) => key.closest("keyset").id.startsWith("ext-keyset-id-"));
          const key = all.find((key) => key.getAttribute("modifiers") + "+" + key.getAttribute("key") === keys);
          key?.doCommand();
          return key ? true : all.map((key) => key.getAttribute("modifiers") + "+" + key.getAttribute("key"));
        }`,
        id,
        keys,
      );
      if (found !== true) throw new Error(`no command has ${keys}, only ${found.join(" ")}`);
    },

    /** Chooses an item from the menu of the page. @param {string} context @param {string} label @param {{ x: number, y: number }} [at] where in the page */
    async menu(context, label, { x, y } = { x: 20, y: 20 }) {
      await front(context);
      await bidi.send("input.performActions", { context, actions: [{ type: "pointer", id: "mouse", actions: [{ type: "pointerMove", x, y }, { type: "pointerDown", button: 2 }, { type: "pointerUp", button: 2 }] }] });
      const found = await chrome(
        `async (label) => {
          const menu = document.getElementById("contentAreaContextMenu");
          while (menu.state !== "open") await new Promise((next) => requestAnimationFrame(next));
          const items = [...menu.querySelectorAll("menuitem")];
          const item = items.find((item) => item.getAttribute("label") === label);
          if (item) {
            const popup = item.parentNode;
            // Several items of one extension stand in a menu of their own.
            if (popup !== menu) {
              popup.parentNode.openMenu(true);
              while (popup.state !== "open") await new Promise((next) => requestAnimationFrame(next));
            }
            popup.activateItem(item);
          } else menu.hidePopup();
          return item ? true : items.filter((item) => item.id.includes("-menuitem-")).map((item) => item.getAttribute("label"));
        }`,
        label,
      );
      if (found !== true) throw new Error(`no item is ${label}, only ${found.join(", ")}`);
    },

    /** Grants what the extension may ask for later, as the person does in the prompt. @param {{ permissions?: string[], origins?: string[] }} more */
    grant: (more) =>
      chrome(
        `(id, more) => {
          const { ExtensionPermissions } = ChromeUtils.importESModule("resource://gre/modules/ExtensionPermissions.sys.mjs");
          return ExtensionPermissions.add(id, more, WebExtensionPolicy.getByID(id).extension).then(() => undefined);
        }`,
        id,
        { permissions: [], origins: [], ...more },
      ),

    /** The true sidebar, once its page has loaded. @param {string} [file] */
    async panel(file = "panel.html") {
      await chrome(
        `async (url) => {
          for (;;) {
            const sidebar = document.getElementById("sidebar")?.contentDocument?.getElementById("webext-panels-browser");
            if (sidebar?.currentURI?.spec.split(/[?#]/)[0] === url && !sidebar.webProgress?.isLoadingDocument) return;
            await new Promise((next) => requestAnimationFrame(next));
          }
        }`,
        `moz-extension://${UUID}/${file}`,
      );
      return sidebar;
    },

    /** A picture of a tab as PNG. @param {string} context */
    async screenshot(context) {
      const { data } = await bidi.send("browsingContext.captureScreenshot", { context });
      return Buffer.from(data, "base64");
    },

    /** A picture of the sidebar's page as PNG. */
    async panelScreenshot() {
      /** @type {string} */
      const url = await chrome(`async () => {
        const frame = document.getElementById("sidebar").contentDocument.getElementById("webext-panels-browser");
        const image = await frame.browsingContext.currentWindowGlobal.drawSnapshot(null, 1, "white");
        const canvas = new OffscreenCanvas(image.width, image.height);
        canvas.getContext("2d").drawImage(image, 0, 0);
        const bytes = await (await canvas.convertToBlob({ type: "image/png" })).bytes();
        return bytes.toBase64();
      }`);
      return Buffer.from(url, "base64");
    },
  };
}

/** Panel and form in the sidebar, as a person walks through them. Names of controls: `journey.mjs` and `panel.mjs`. */
export class SidebarForm {
  /** @param {Awaited<ReturnType<typeof launchFirefoxExtension>>} extension */
  constructor(extension) {
    this.extension = extension;
  }

  /** What drives the sidebar; it needs not be open yet. */
  get sidebar() {
    return this.extension.sidebar;
  }

  /** Waits for something that can be seen. @param {string} id */
  async there(id) {
    await this.extension.panel();
    await this.sidebar.until((/** @type {string} */ id) => {
      const found = document.querySelector(`[data-testid="${id}"]`);
      return found !== null && found.getClientRects().length > 0;
    }, id);
  }

  /** Waits for a screen; the page on leaving, which stands once before the first sensitive one, is passed. @param {string} screen */
  async at(screen) {
    await this.extension.panel();
    const found = await this.sidebar.until((/** @type {string} */ screen) => {
      const seen = (/** @type {string} */ css) => Array.from(document.querySelectorAll(css)).some((one) => one.getClientRects().length > 0);
      if (seen(`[data-testid="screen-${screen}"]:not(:has(.waiting))`)) return "here";
      return seen("[data-testid=before-continue]") ? "before" : undefined;
    }, screen);
    if (found === "here") return;
    await this.press("before-continue");
    await this.there(`screen-${screen}`);
  }

  /** @param {string} id */
  async press(id) {
    await this.there(id);
    await this.sidebar.click(`[data-testid="${id}"]`);
  }

  /** Chooses what is labelled so. @param {string} words */
  async choose(words) {
    await this.sidebar.until((/** @type {string} */ words) => {
      const label = Array.from(document.querySelectorAll("label")).find((label) => label.textContent?.includes(words));
      label?.setAttribute("data-e2e-chosen", "");
      return Boolean(label);
    }, words);
    await this.sidebar.click("[data-e2e-chosen]");
    await this.sidebar.evaluate(() => document.querySelector("[data-e2e-chosen]")?.removeAttribute("data-e2e-chosen"));
  }

  /** Types into a field. @param {string} css @param {string} text */
  fill(css, text) {
    return this.sidebar.until(
      (/** @type {string} */ css, /** @type {string} */ text) => {
        const field = /** @type {HTMLInputElement | null} */ (document.querySelector(css));
        if (!field) return false;
        field.focus();
        field.value = text;
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        field.dispatchEvent(new Event("change", { bubbles: true }));
        return true;
      },
      css,
      text,
    );
  }

  /** @param {string} id @returns {Promise<string>} */
  async text(id) {
    await this.there(id);
    return this.sidebar.evaluate((/** @type {string} */ id) => /** @type {HTMLElement} */ (document.querySelector(`[data-testid="${id}"]`)).innerText, id);
  }

  /** @param {string} id @returns {Promise<string>} */
  async value(id) {
    await this.there(id);
    return this.sidebar.evaluate((/** @type {string} */ id) => /** @type {HTMLInputElement} */ (document.querySelector(`[data-testid="${id}"]`)).value, id);
  }

  /** What stands beside a box that is ticked. @param {string} id @returns {Promise<string>} */
  async chosen(id) {
    await this.extension.panel();
    return this.sidebar.until((/** @type {string} */ id) => {
      const found = document.querySelector(`[data-testid="${id}"]`);
      const box = /** @type {HTMLInputElement | null} */ (found?.matches("input") ? found : found?.querySelector("input") ?? null);
      const about = box?.getAttribute("aria-describedby");
      return box?.checked ? (about ? document.getElementById(about)?.textContent : box.closest("label")?.textContent) : undefined;
    }, id);
  }

  /** @param {string} id @returns {Promise<boolean>} */
  has(id) {
    return this.sidebar.evaluate((/** @type {string} */ id) => document.querySelector(`[data-testid="${id}"]`) !== null, id);
  }

  /** The way through the form to a step, with these words of what happened. @param {"evidence" | "check"} step @param {string} words */
  async upTo(step, words) {
    if (step === "evidence") {
      await this.at("start");
      await this.press("door-misuse");
    }
    await this.at("who");
    await this.press("next");
    await this.at("what");
    await this.press("group-use_by_customers");
    await this.press("category-scam_fraud_impersonation");
    await this.press("next");
    await this.at("what-happened");
    await this.fill("[data-testid=text-what-happened]", words);
    await this.press("next");
    await this.at("evidence");
    if (step === "evidence") return;
    await this.press("next");
    await this.at("check");
  }

  /** The address of the picture, if there is one. @returns {Promise<string | null>} */
  async picture() {
    await this.extension.panel();
    return this.sidebar.evaluate(() => document.querySelector("[data-testid=picture] image")?.getAttribute("href") ?? null);
  }

  /** How many pixels of a place of the window are not covered in the exact picture. @param {{ x: number, y: number, width: number, height: number }} place @returns {Promise<number>} */
  async notBlack(place) {
    await this.sidebar.evaluate(() => /** @type {HTMLElement} */ (document.querySelector("[data-testid=see]")).click());
    return this.sidebar.until(async (/** @type {{ x: number, y: number, width: number, height: number }} */ { x, y, width, height }) => {
      const image = /** @type {HTMLImageElement | null} */ (document.querySelector("img.exact"));
      if (!image) return false;
      const bitmap = await createImageBitmap(await (await fetch(image.src)).blob());
      const context = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(width, height).getContext("2d"));
      context.drawImage(bitmap, -Math.ceil(x), -Math.ceil(y));
      const { data } = context.getImageData(0, 0, Math.floor(width), Math.floor(height));
      let open = 0;
      for (let at = 0; at < data.length; at += 4) if (data[at] + data[at + 1] + data[at + 2] > 0) open += 1;
      return [open];
    }, place).then(([open]) => open);
  }

  /** How many pixels are more red than green: in the picture as it came, and in the one that would be sent. @returns {Promise<[number, number]>} */
  async reddish() {
    await this.sidebar.evaluate(() => /** @type {HTMLElement} */ (document.querySelector("[data-testid=see]")).click());
    return this.sidebar.until(async () => {
      const exact = /** @type {HTMLImageElement | null} */ (document.querySelector("img.exact"))?.src;
      const whole = document.querySelector("[data-testid=picture] image")?.getAttribute("href");
      if (!exact || !whole) return false;
      const count = async (/** @type {string} */ address) => {
        const bitmap = await createImageBitmap(await (await fetch(address)).blob());
        const context = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d"));
        context.drawImage(bitmap, 0, 0);
        const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
        let found = 0;
        for (let at = 0; at < data.length; at += 4) if (data[at] > data[at + 1]) found += 1;
        return found;
      };
      return [await count(whole), await count(exact)];
    });
  }
}
