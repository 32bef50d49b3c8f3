// The first step is there before any Wasm: what the server draws is what the form draws, a door chosen early stays chosen, the focus stays,
// nothing moves.

import assert from "node:assert/strict";
import test, { after, before } from "node:test";

import { launch, open } from "../lib/browser.mjs";
import { demo } from "../lib/demo.mjs";

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

/** Layout shifts so far, with and without input before them: this page has none of either. @param {import("playwright-core").Page} page */
const shifts = (page) =>
  page.evaluate(() => /** @type {any} */ (window).shifts.takeRecords().concat(/** @type {any} */ (window).shifted).reduce((/** @type {number} */ sum, /** @type {any} */ entry) => sum + entry.value, 0));

/** The page with its Wasm held back until told. @param {string} address @param {import("playwright-core").BrowserContextOptions} [options] */
async function held(address, options = {}) {
  const opened = await open(browser, options);
  const { context, page } = opened;
  await context.addInitScript(() => {
    const seen = /** @type {any} */ (window);
    seen.shifted = [];
    seen.shifts = new PerformanceObserver((list) => seen.shifted.push(...list.getEntries()));
    seen.shifts.observe({ type: "layout-shift", buffered: true });
  });
  /** @type {() => void} */
  let release = () => {};
  const released = new Promise((resolve) => (release = () => resolve(undefined)));
  await context.route(/intake_app_bg-.*\.wasm$/, async (route) => {
    await released;
    await route.continue();
  });
  await page.goto(address, { waitUntil: "commit" });
  return { ...opened, release };
}

for (const by of /** @type {const} */ (["click", "keyboard"])) {
  test(`a door chosen by ${by} before the form is there stays chosen`, async () => {
    const { context, page, faults, release } = await held(running.addresses.hosted_page, by === "click" ? { viewport: { width: 390, height: 844 } } : {});
    const door = page.locator('#first [data-door="door-remedy"]');
    await door.waitFor();
    // The script is there as soon as it marks what is pressed; a press before that is not lost on it, since it is pressed again.
    await page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name }) => /first-step-/.test(name)));
    await page.waitForLoadState("domcontentloaded").catch(() => {});
    if (by === "click") {
      await door.click();
    } else {
      await door.focus();
      await page.keyboard.press("Enter");
    }
    await page.locator('#first [data-door="door-remedy"][aria-pressed="true"].on').waitFor();
    assert.equal(await page.locator('#first [aria-pressed="true"]').count(), 1);
    assert.equal(await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).dataset.door), "door-remedy");
    assert.equal(await page.locator("#first [role=status]").innerText(), "Loading…");
    assert.equal(await page.locator("#app").isVisible(), false);
    // The doors are one choice.
    await page.locator('#first [data-door="door-misuse"]').click();
    assert.equal(await page.locator('#first [aria-pressed="true"]').getAttribute("data-door"), "door-misuse");
    await door.press("Space");
    assert.equal(await page.locator('#first [aria-pressed="true"]').getAttribute("data-door"), "door-remedy");

    release();
    await page.getByTestId("screen-who").or(page.getByTestId("before-continue")).first().waitFor();
    assert.equal(await page.locator("#first").count(), 0);
    assert.equal(await shifts(page), 0);
    assert.deepEqual(faults, []);
    await context.close();
  });
}

test("without a choice the focus stays on the same control", async () => {
  for (const name of ["quick-exit", "door-appeal"]) {
    const { context, page, release } = await held(running.addresses.hosted_page);
    await page.locator(`#first [data-door="${name}"]`).focus();
    await page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name }) => /first-step-/.test(name)));
    release();
    await page.getByTestId("screen-start").waitFor();
    assert.equal(await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).dataset.testid), name);
    assert.equal(await shifts(page), 0);
    await context.close();
  }
});

test("leaving works before the form is there, and shows nothing more", async () => {
  const { context, page } = await held(running.addresses.hosted_page);
  await page.waitForFunction(() => document.readyState !== "loading");
  await page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name }) => /first-step-/.test(name)));
  await page.locator('#first [data-door="quick-exit"]').click();
  await page.waitForURL(/\/left$|about:blank/);
  assert.doesNotMatch(await page.content(), /Report a concern/);
  await context.close();
});

for (const framed of [false, true]) {
  test(`what the server draws is what the form draws, ${framed ? "in a frame" : "on a page of its own"}`, async () => {
    const { intake, product, hosted_page } = running.addresses;
    const address = framed ? `${intake}/embed/demo` : hosted_page;
    const drawn = await (await fetch(address, { headers: { "accept-language": "en-GB" } })).text();
    const { context, page } = await open(browser);
    await page.goto(framed ? product : hosted_page);
    if (framed) await page.locator("report-concern").first().getByRole("button").click();
    const form = framed ? page.frameLocator("[data-recourse] iframe") : page;
    await form.getByTestId("screen-start").waitFor();
    const normal = `(root) => {
      root = root.cloneNode(true);
      for (const other of root.querySelectorAll("#about, [data-testid=local-help], [data-testid=draft-offer]")) other.remove();
      const text = (node) => {
        if (node.nodeType === Node.TEXT_NODE) return node.data;
        const attributes = [...node.attributes].filter(({ name }) => !["data-testid", "data-door", "data-wait"].includes(name));
        const written = attributes.map(({ name, value }) => " " + name + "=" + JSON.stringify(value)).sort().join("");
        return "\\n<" + node.localName + written + ">" + [...node.childNodes].map(text).join("");
      };
      return [...root.children].map(text).join("");
    }`;
    const ours = await page.evaluate(`(${normal})(new DOMParser().parseFromString(${JSON.stringify(drawn)}, "text/html").getElementById("first"))`).catch(async () => {
      // Trusted Types: markup from a string is refused on our own pages, so another page reads it.
      const blank = await context.newPage();
      const found = await blank.evaluate(`(${normal})(new DOMParser().parseFromString(${JSON.stringify(drawn)}, "text/html").getElementById("first"))`);
      await blank.close();
      return found;
    });
    const theirs = await form.locator("#app").evaluate(`(root) => (${normal})(root)`);
    assert.equal(ours, theirs);
    await context.close();
  });
}

test("without script the hosted page leads to the plain form by itself", async () => {
  const { context, page } = await open(browser, { javaScriptEnabled: false });
  await page.goto(running.addresses.hosted_page);
  await page.waitForURL(/\/plain$/);
  await page.locator("#sealed").waitFor();
  await context.close();
});

test("where Wasm does not come, the box leads to the plain form", async () => {
  const { context, page } = await open(browser);
  await context.route(/intake_app_bg-.*\.wasm$/, (route) => route.abort());
  await page.goto(running.addresses.hosted_page);
  await page.locator("#broken").getByRole("link").click();
  await page.locator("#sealed").waitFor();
  await context.close();
});
