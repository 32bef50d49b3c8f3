// The longest of everything: the form on a small phone in the longest words of all languages at once, and a text of many pages pasted.

import assert from "node:assert/strict";
import test, { after, before } from "node:test";

import { launch, open } from "../lib/browser.mjs";
import { demo } from "../lib/demo.mjs";
import { Form } from "../lib/journey.mjs";
import { remedy } from "../lib/stories.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof demo>>} */
let running;
before(async () => {
  [running, browser] = await Promise.all([demo(), launch()]);
});
after(async () => {
  await browser?.close();
  await running?.stop();
});

/** Nothing to scroll sideways for, and no word cut off. @param {string} name @param {Page} page */
async function fits(name, page) {
  const faults = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const shown = [...document.body.querySelectorAll("*")].filter((element) => element.checkVisibility() && getComputedStyle(element).position !== "absolute");
    /** @param {Element} element */
    const named = (element) => `${element.localName}.${element.className} “${element.textContent?.trim().slice(0, 60)}”`;
    const wide = document.documentElement.scrollWidth > width + 1 ? shown.filter((element) => element.getBoundingClientRect().right > width + 1).map((element) => `${named(element)} is too wide`) : [];
    const cut = shown
      .filter((element) => element.matches("button, label, h1, h2, h3, summary, legend, p") && /hidden|clip/.test(getComputedStyle(element).overflow) && element.clientHeight > 4)
      .filter((element) => element.scrollHeight > element.clientHeight + 2 || element.scrollWidth > element.clientWidth + 2)
      .map((element) => `${named(element)} is cut off`);
    return [...wide, ...cut];
  });
  assert.deepEqual(faults, [], name);
}

test("the longest text of all languages, each in its place, fits at 320 px", async () => {
  const { context, page } = await open(browser, { viewport: { width: 320, height: 640 } });
  await page.goto(running.addresses.hosted_page);
  let replaced = 0;
  for (const part of ["locales", "later"]) {
    /** @type {Record<string, string>} */
    const addresses = JSON.parse((await page.locator("body").getAttribute(`data-${part}`)) ?? "{}");
    assert.equal(Object.keys(addresses).length, 14, `languages in data-${part}`);
    /** @type {string[][]} */
    const texts = await Promise.all(Object.values(addresses).map(async (address) => (await page.request.get(new URL(address, page.url()).href)).json()));
    const longest = texts[0].map((_, at) => texts.map((language) => language[at]).reduce((a, b) => (b.length > a.length ? b : a)));
    const english = Object.entries(addresses).find(([name]) => name.startsWith("en."))?.[1];
    assert.ok(english);
    await context.route(new URL(english, page.url()).href, (route) => {
      replaced += 1;
      return route.fulfill({ json: longest });
    });
  }
  // The script's cache of this page would have the English ones.
  await context.clearCookies();
  await page.reload();
  const form = new Form(page, page);
  await form.fill(remedy(), fits);
  assert.ok(replaced >= 2, "the longest texts were shown");
  await form.send(fits);
  await context.close();
});

test("ten thousand characters pasted: all there, at once, looked through; past the limit a sentence, and nothing is lost", async () => {
  const { context, page } = await open(browser);
  await page.goto(running.addresses.hosted_page);
  const form = new Form(page, page);
  await form.get("door-misuse").click();
  await form.at("who");
  await form.get("step-what-happened").click();
  const field = form.get("text-what-happened");
  await field.waitFor();
  /** As pasting does it: one event with all of it. @param {string} text */
  const paste = (text) =>
    field.evaluate((element, text) => {
      const area = /** @type {HTMLTextAreaElement} */ (element);
      area.focus();
      area.select();
      const begun = performance.now();
      document.execCommand("insertText", false, text);
      return new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun))));
    }, text);
  // Numbers everywhere, so that whatever looks for personal data has to look hard.
  const long = "4929 1234 5678 9012, +44 20 7946 0958 and so on; ".repeat(240).slice(0, 10_000);
  const took = Number(await paste(long));
  assert.equal(await field.inputValue(), long);
  assert.ok(took < 1_000, `the page stood still for ${took.toFixed(0)} ms`);
  const tooLong = "word ".repeat(4_001);
  await paste(tooLong);
  await form.get("next").click();
  assert.match(await form.get("screen-what-happened").innerText(), /longer than 20.?000 characters/i);
  assert.equal(await field.inputValue(), tooLong);
  await context.close();
});
