// The three screens of people – form, console, follow-up – as a person walks through them. Names of controls: the READMEs of
// widget/app, www/console and www/follow-up.

import assert from "node:assert/strict";

import { gone } from "./browser.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").FrameLocator} FrameLocator */
/** @typedef {import("./demo.mjs").Addresses} Addresses */
/** Called on every screen, with its name. @typedef {(name: string, page: Page) => Promise<unknown>} Look */
/** @typedef {{ name: string, mimeType: string, buffer: Buffer, picture?: boolean, says?: string }} Attached */
/**
 * What one person reports. With harm in it, a report on misuse asks for remedy as well.
 * @typedef {{ door: "misuse" | "remedy", identity: "anonymous" | "confidential" | "named", name?: string, reach?: string,
 *   group: string, category: string, text: string, harm?: string, feature?: string, remedy?: string, files: Attached[], urgent?: boolean }} Story
 */

/** @type {Look} */
const passBy = async () => {};

/**
 * Chapters of one story: after one that failed the rest is not told, since it would fail for want of it.
 * @param {import("node:test").TestContext} t
 */
export function chapters(t) {
  return async (/** @type {string} */ name, /** @type {() => Promise<unknown>} */ tell) => {
    /** @type {unknown} */
    let fault;
    await t.test(name, async () => {
      await tell().catch((error) => {
        fault = error;
        throw error;
      });
    });
    if (fault) throw new Error(`the story ends at “${name}”`);
  };
}

/** Every screen. The fourth step has a second one where something is to be put right. */
export const STEPS = /** @type {const} */ (["start", "who", "what", "what-happened", "putting-right", "evidence", "check", "sent"]);

/** Whether a story asks for remedy: through its door, or at the end of what happened. @param {Story} story */
const seeksRemedy = (story) => story.door === "remedy" || story.harm !== undefined;

/** The screens that a story comes to. @param {Story} story */
export const screens = (story) => STEPS.filter((step) => step !== "putting-right" || seeksRemedy(story));

/** The form, framed or on its own page. */
export class Form {
  /** @param {Page} page @param {Page | FrameLocator} root */
  constructor(page, root) {
    this.page = page;
    this.root = root;
  }

  /** Presses a button of the product page. @param {Page} page @param {Addresses} addresses @param {string} [where] */
  static async onProduct(page, addresses, where = "message-2") {
    await page.goto(addresses.product);
    await page.locator(`report-concern[data-test=${where}]`).getByRole("button").click();
    const form = new Form(page, page.frameLocator("[data-recourse] iframe"));
    await form.at("start");
    return form;
  }

  /** @param {string} name */
  get(name) {
    return this.root.getByTestId(name);
  }

  /** Waits for a step; the page on leaving, which stands once before the first sensitive one, is passed. @param {string} step */
  async at(step) {
    // Not the screen that has the step's name already and waits for the form's later part.
    const here = this.root.locator(`[data-testid="screen-${step}"]:not(:has(.waiting))`);
    const before = this.get("before-continue");
    await here.or(before).first().waitFor();
    if (await before.isVisible()) await before.click();
    await here.waitFor();
  }

  /** The whole way, up to and without pressing Send. @param {Story} story @param {Look} [look] */
  async fill(story, look = passBy) {
    for (const step of screens(story).slice(0, -1)) await this.step(step, story, look);
  }

  /** Fills one step and goes on. @param {typeof STEPS[number]} step @param {Story} story @param {Look} [look] */
  async step(step, story, look = passBy) {
    await this.at(step);
    switch (step) {
      case "start":
        await look("start", this.page);
        await this.get(`door-${story.door}`).click();
        return;
      case "who":
        await look("who", this.page);
        await this.get(`identity-${story.identity}`).check();
        if (story.identity !== "anonymous") {
          await this.get("contact-name").fill(story.name ?? "");
          await this.get("contact-reach").fill(story.reach ?? "");
          await look("who-named", this.page);
        }
        break;
      case "what":
        await look("what", this.page);
        await this.get(`group-${story.group}`).click();
        await this.get(`category-${story.category}`).waitFor();
        await look("what-detail", this.page);
        await this.get(`category-${story.category}`).click();
        break;
      case "what-happened":
        await look("what-happened", this.page);
        await this.get("text-what-happened").fill(story.text);
        await this.get("chip-when").click();
        await this.get("when-ongoing").check();
        await this.get("chip-who").click();
        await look("what-happened-who", this.page);
        await this.get("chip-where").click();
        if (story.feature) await this.get("feature").fill(story.feature);
        await this.more();
        if (story.door === "misuse" && seeksRemedy(story)) await this.get("also-remedy-yes").check();
        await look("what-happened-filled", this.page);
        break;
      case "putting-right":
        await look("putting-right", this.page);
        await this.get("speaks-self").check();
        await this.get("text-harm").fill(story.harm ?? "");
        await this.get(`remedy-${story.remedy ?? "explanation"}`).check();
        await look("putting-right-filled", this.page);
        break;
      case "evidence":
        await look("evidence", this.page);
        await this.attach(story.files);
        await look("evidence-filled", this.page);
        break;
      case "check":
        await look("check-begun", this.page);
        if (story.urgent) await this.get("urgent").check();
        for (const part of ["privacy-notice", "rules"]) await this.get(part).locator("summary").click();
        await look("check", this.page);
        return;
      default:
        throw new Error(`nothing to fill in ${step}`);
    }
    await this.get("next").click();
  }

  /** Opens what is asked last of where it is. */
  async more() {
    await this.get("where-more").locator("summary").click();
  }

  /** @param {Attached[]} files */
  async attach(files) {
    for (const [at, { picture, says, ...file }] of files.entries()) {
      await this.get(picture ? "picture-input" : "file-input").setInputFiles(file);
      await this.cleaned(at + 1);
      if (picture) await this.get(`evidence-preview-${at + 1}`).waitFor();
      if (says) await this.get(`evidence-description-${at + 1}`).fill(says);
    }
    if (files.some(({ picture }) => picture)) await this.get("under-18-no").check();
  }

  /** Waits until a file is cleaned. @param {number} number */
  async cleaned(number) {
    await this.root.locator(`[data-testid=evidence-state-${number}].evidence-done`).waitFor();
  }

  /** From the doors straight to the evidence. @param {Page} page @param {Addresses} addresses @param {"misuse" | "remedy"} [door] */
  static async atEvidence(page, addresses, door = "misuse") {
    await page.goto(addresses.hosted_page);
    const form = new Form(page, page);
    await form.get(`door-${door}`).click();
    await form.at("who");
    await form.get("step-evidence").click();
    await form.get("file-input").waitFor({ state: "attached" });
    return form;
  }

  /** Presses Send and returns the receipt. @param {Look} [look] */
  async send(look = passBy) {
    await this.get("send").click();
    await this.at("sent");
    const receipt = (await this.get("receipt-code").innerText()).replace(/\s+/g, "");
    assert.match(receipt, /^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
    await look("sent", this.page);
    return receipt;
  }

  /** Says that the code was kept, and closes. @param {string} receipt */
  async done(receipt) {
    await this.get("receipt-check-input").fill(receipt.slice(-4).toLowerCase());
    await this.get("receipt-check").click();
    await this.get("receipt-check-ok").waitFor();
    await this.last("done");
  }

  /** Presses what ends the form. @param {string} name */
  last(name) {
    return this.#ends(() => this.get(name).click());
  }

  /** Shift three times. */
  async shifts() {
    for (let n = 0; n < 2; n += 1) await this.page.keyboard.press("Shift");
    await this.#ends(() => this.page.keyboard.press("Shift"));
  }

  /** In a frame nobody is left to confirm the last click or key: what counts is that the frame is gone. @param {() => Promise<void>} act */
  async #ends(act) {
    const acted = act();
    if (this.root === this.page) return acted;
    acted.catch(() => {});
    return gone(this.page);
  }
}

/** The reviewers' console. */
export class Console {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
  }

  /** @param {Page} page @param {Addresses} addresses @param {Look} [look] */
  static async signIn(page, addresses, look = passBy) {
    await page.goto(addresses.console);
    const desk = new Console(page);
    await desk.get("sign-in").waitFor();
    await look("console-sign-in", page);
    await desk.get("key-file").setInputFiles(addresses.reviewer_key);
    await desk.get("queue").waitFor();
    return desk;
  }

  /** @param {string} name */
  get(name) {
    return this.page.getByTestId(name);
  }

  /** Opens the case whose report has these words. @param {string} words */
  async open(words) {
    await this.get("queue-filter").fill(words);
    const row = this.get("case-row");
    await this.page.waitForFunction(() => document.querySelectorAll('[data-testid="case-row"]').length === 1);
    await row.click();
    // One that is still being opened has the same name and no count, which reads as none.
    await this.page.locator('[data-testid="case"][data-events]').waitFor();
    return row.getAttribute("data-case");
  }

  /** Waits until the case has so many events. @param {number} events */
  async has(events) {
    await this.page.locator(`[data-testid="case"][data-events="${events}"]`).waitFor();
  }

  async events() {
    return Number(await this.get("case").getAttribute("data-events"));
  }

  /** @param {string} text @param {Look} [look] */
  async reply(text, look = passBy) {
    const before = await this.events();
    await this.get("reply-open").click();
    await this.get("reply-text").fill(text);
    await look("console-reply", this.page);
    await this.get("reply-send").click();
    await this.has(before + 1);
  }

  /** @param {string} text @param {Look} [look] */
  async note(text, look = passBy) {
    const before = await this.events();
    await this.get("note-open").click();
    await this.get("note-text").fill(text);
    await look("console-note", this.page);
    await this.get("note-send").click();
    await this.has(before + 1);
  }

  /** @param {string} state @param {string} reason @param {Look} [look] */
  async move(state, reason, look = passBy) {
    const before = await this.events();
    const step = this.get(`transition-${state}`);
    // All but the next sensible step stand in a menu.
    if (!(await step.isVisible())) await this.get("transition-more").click();
    await step.click();
    await this.get("transition-reason").fill(reason);
    await look(`console-move-${state}`, this.page);
    await this.get("transition-confirm").click();
    await this.has(before + 1);
    assert.equal(await this.get("case-state").getAttribute("data-state"), state);
  }
}

/** The follow-up page. */
export class FollowUp {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
  }

  /** @param {Page} page @param {Addresses} addresses */
  static async open(page, addresses) {
    await page.goto(addresses.follow_up);
    const followUp = new FollowUp(page);
    await followUp.get("receipt-input").waitFor();
    return followUp;
  }

  /** @param {string} name */
  get(name) {
    return this.page.getByTestId(name);
  }

  /** @param {string} code as a person types it */
  async enter(code) {
    await this.get("receipt-input").fill(code);
    await this.get("receipt-open").click();
    await this.get("case").waitFor();
  }

  /** Waits until a file that is to be added is cleaned. @param {number} number */
  async cleaned(number) {
    await this.page.locator(`[data-testid=evidence-state-${number}].evidence-done`).waitFor();
  }

  /** @param {string} text */
  async write(text) {
    await this.get("write-text").fill(text);
    await this.get("write-send").click();
    await this.get("write-sent").waitFor();
  }
}
