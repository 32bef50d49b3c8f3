// The extension's panel as a person walks through it, in a window of its own: the page stays what the other window shows, and can be taken again.

import assert from "node:assert/strict";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { ROOT, scratch } from "./demo.mjs";
import { launchExtension } from "./extension.mjs";
import { Form } from "./journey.mjs";

/** The extension as it ships, unpacked. */
export const FOLDER = join(ROOT, "target/dist/extension-chrome");

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {Awaited<ReturnType<typeof launchExtension>>} Extension */

/** Started from a copy: a build in between changes nothing. `services` are what its directory lists, in the place of none. @param {{ args?: string[], locale?: string, services?: object[] }} [options] */
export async function launchOurs({ services, ...options } = {}) {
  const folder = await scratch();
  await cp(FOLDER, folder, { recursive: true });
  if (services) await writeFile(join(folder, "directory.json"), JSON.stringify({ services }));
  const extension = await launchExtension(folder, options);
  const { close } = extension;
  return Object.assign(extension, {
    close: async () => {
      await close();
      await rm(folder, { recursive: true });
    },
  });
}

export class PanelPage {
  /** What went wrong in it. @type {string[]} */
  faults = [];

  /** @param {Extension} extension @param {Page} page */
  constructor(extension, page) {
    this.extension = extension;
    this.page = page;
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.faults.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => this.faults.push(`page error: ${error.stack}`));
    this.form = new Form(page, page);
  }

  /** Opens it before anything is captured: what is captured next comes here. @param {Extension} extension */
  static async open(extension) {
    const opened = extension.context.waitForEvent("page", { predicate: (page) => page.url() === `${extension.origin}/panel.html?window` });
    const worker = await extension.worker();
    // Named, so that it is not taken for the side panel or the page after installing.
    await worker.evaluate(() => /** @type {any} */ (globalThis).chrome.windows.create({ url: "panel.html?window", width: 480, height: 900, focused: false }));
    const panel = new PanelPage(extension, await opened);
    await panel.at("idle");
    return panel;
  }

  /** @param {string} name */
  get(name) {
    return this.page.getByTestId(name);
  }

  /** @param {string} screen */
  at(screen) {
    return this.page.locator(`#panel [data-testid="screen-${screen}"]`).waitFor();
  }

  /** Presses the extension's button on a page. @param {Page} page */
  async press(page) {
    await this.extension.trigger(page);
  }

  /** Closes the side panel that the press has opened as well, so that this one hears the next press. */
  async closeSide() {
    await (await this.extension.panel()).close();
    await (await this.extension.worker()).evaluate(async () => {
      // @ts-expect-error the background script's own
      while (panels.size > 1) await new Promise((next) => setTimeout(next, 20));
    });
  }

  /** On from the picture to the question who gets it. */
  async toWhom() {
    await this.at("picture");
    await this.get("next").click();
    await this.at("page");
    await this.get("next").click();
    await this.at("whom");
  }

  /** Chooses one of the ways by what it says. @param {RegExp} says */
  async choose(says) {
    await this.page.getByRole("radio", { name: says }).check();
  }

  /** Whom a link leads to, looked up and agreed with. @param {string} link */
  async byLink(link) {
    await this.choose(/I have a link/);
    await this.page.locator("#link").fill(link);
    await this.get("look").click();
    await this.get("goes-to").waitFor();
    await this.get("send").click();
  }

  /** Writes a record down and saves it. @param {string} words @param {string} [category] @returns {Promise<{ code: string, file: Buffer }>} */
  async bundle(words, category = "scam_fraud_impersonation") {
    const { form } = this;
    await this.get("bundle").click();
    await form.at("who");
    await form.get("next").click();
    await form.at("what");
    await form.get("category-search").fill("");
    await form.get("group-use_by_customers").click();
    await form.get(`category-${category}`).click();
    await form.get("next").click();
    await form.at("what-happened");
    await form.get("text-what-happened").fill(words);
    await form.get("next").click();
    await form.at("evidence");
    await form.get("next").click();
    await form.at("check");
    await form.get("send").click();
    await form.get("record-code").waitFor();
    const code = (await form.get("record-code").innerText()).replace(/\s+/g, "");
    const [download] = await Promise.all([this.page.waitForEvent("download"), form.get("record-save").click()]);
    const path = await download.path();
    assert.ok(path);
    return { code, file: await readFile(path) };
  }
}
