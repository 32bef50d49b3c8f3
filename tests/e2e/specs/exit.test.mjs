// Quick exit, on every step and in both ways: the form is gone, the product stands there as before, and nothing is kept.

import assert from "node:assert/strict";
import test, { after, before } from "node:test";

import { accessible } from "../lib/axe.mjs";
import { launch, open } from "../lib/browser.mjs";
import { demo } from "../lib/demo.mjs";
import { Form, screens, STEPS } from "../lib/journey.mjs";
import { misuse, remedy } from "../lib/stories.mjs";

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

/** Goes to a step, everything before it filled in. @param {Form} form @param {typeof STEPS[number]} step */
async function upTo(form, step) {
  const story = step === "putting-right" ? remedy() : misuse();
  const way = screens(story);
  for (const before of way.slice(0, way.indexOf(step))) {
    if (before !== "check") await form.step(before, story);
    else await form.send();
  }
  await form.at(step);
  return story;
}

/** @param {import("playwright-core").Page} page */
const stored = (page) =>
  page.evaluate(async () => {
    let files = 0;
    for await (const _ of /** @type {any} */ (await navigator.storage.getDirectory()).keys()) files += 1;
    return [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length, files];
  });
const NOTHING = [0, 0, 0, 0, 0];

for (const step of STEPS) {
  for (const way of /** @type {const} */ (["button", "Shift three times"])) {
    test(`${step}, by ${way}: frame gone, product as before, nothing kept`, async () => {
      const { context, page, faults } = await open(browser);
      const form = await Form.onProduct(page, running.addresses);
      await upTo(form, step);
      const before = page.url();
      if (way === "button") {
        await form.last("quick-exit");
      } else {
        await form.get("step-heading").click();
        await form.shifts();
      }
      assert.equal(page.url(), before);
      assert.equal(context.pages().length, 1);
      // Whoever opens it again finds an empty form.
      await page.locator("report-concern[data-test=footer]").getByRole("button").click();
      await form.at("start");
      await form.get("door-misuse").click();
      await form.at("who");
      assert.equal(await form.get("identity-anonymous").isChecked(), true);
      // The same origin on its own page, where storage would be allowed.
      await page.goto(running.addresses.hosted_page);
      assert.deepEqual(await stored(page), NOTHING);
      assert.deepEqual(await context.cookies(), []);
      assert.deepEqual(faults, []);
      await context.close();
    });
  }
}

for (const way of /** @type {const} */ (["button", "Shift three times"])) {
  test(`on the hosted page, by ${way}: another page stands there, and Back does not bring it back`, async () => {
    const { context, page } = await open(browser);
    await page.goto(running.addresses.product);
    await page.goto(running.addresses.hosted_page);
    const form = new Form(page, page);
    const story = await upTo(form, "evidence");
    // Whatever could be kept is: a draft, and what no part of ours would write.
    await form.get("drafts").locator("summary").click();
    await form.get("draft-switch").check();
    await page.waitForFunction(() => localStorage.length > 0);
    await page.evaluate(async () => {
      document.cookie = "planted=1; max-age=3600";
      await new Promise((resolve) => (indexedDB.open("planted").onsuccess = (event) => resolve(/** @type {any} */ (event.target).result.close())));
      await (await caches.open("planted")).put("/planted", new Response("planted"));
      await (await navigator.storage.getDirectory()).getFileHandle("planted", { create: true });
    });
    assert.deepEqual(await stored(page), [1, 1, 1, 1, 1]);
    const entries = await page.evaluate(() => history.length);
    // The click of the switch was long ago: no permission of the browser's is left.
    await page.waitForFunction(() => !navigator.userActivation.isActive);
    if (way === "button") await form.last("quick-exit");
    else await form.shifts();
    await page.waitForURL(`${running.addresses.intake}/left`);
    await page.waitForLoadState();
    assert.doesNotMatch(await page.content(), /report|concern|recourse|northwind/i);
    assert.ok(!(await page.content()).includes(story.marks.text));
    assert.equal(await page.evaluate(() => history.length), entries);
    assert.deepEqual(await stored(page), NOTHING);
    assert.deepEqual(await context.cookies(), []);
    assert.equal(await page.getByTestId("screen-evidence").count(), 0);
    await page.goBack();
    assert.equal(page.url(), `${running.addresses.product}/`);
    await context.close();
  });
}

test("in a frame, by Shift, long after the last click", async () => {
  const { context, page } = await open(browser);
  const form = await Form.onProduct(page, running.addresses);
  await upTo(form, "what-happened");
  const before = page.url();
  await form.get("step-heading").click();
  await page.frames()[1].waitForFunction(() => !navigator.userActivation.isActive);
  await form.shifts();
  assert.equal(page.url(), before);
  await context.close();
});

test("without a network the page goes all the same", async () => {
  const { context, page } = await open(browser);
  await page.goto(running.addresses.hosted_page);
  const form = new Form(page, page);
  await upTo(form, "what-happened");
  await context.setOffline(true);
  await form.last("quick-exit");
  await page.waitForURL("about:blank");
  await context.close();
});

test("before the first sensitive screen: what stays and how to leave, once, and passed by one button", async () => {
  for (const options of [{}, { colorScheme: /** @type {const} */ ("dark") }, { viewport: { width: 320, height: 640 } }]) {
    const { context, page, faults } = await open(browser, options);
    await page.goto(running.addresses.hosted_page);
    const form = new Form(page, page);
    await form.at("start");
    await form.get("door-misuse").click();
    await form.get("screen-before").waitFor();
    await page.locator("[data-testid=step-heading]:focus").waitFor();
    const text = await form.get("screen-before").innerText();
    for (const words of [/Leave this page/, /Shift three times/, /history/, /employer/, /Files that you saved/]) assert.match(text, words);
    assert.equal(await form.get("identity-anonymous").count(), 0);
    await accessible("before", page);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    await form.get("back").click();
    await form.get("screen-start").waitFor();
    await form.get("door-misuse").click();
    await form.get("before-continue").focus();
    await page.keyboard.press("Enter");
    await form.get("screen-who").waitFor();
    await page.locator("[data-testid=step-heading]:focus").waitFor();
    // Once a report.
    await form.get("back").click();
    await form.get("door-misuse").click();
    await form.get("screen-who").waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  }
});

test("capital letters typed in a row are no wish to leave", async () => {
  const { context, page } = await open(browser);
  const form = await Form.onProduct(page, running.addresses);
  await upTo(form, "what-happened");
  await form.get("text-what-happened").click();
  for (const key of ["A", "B", "C", "D"]) await page.keyboard.press(`Shift+${key}`);
  assert.equal(await form.get("text-what-happened").inputValue(), "ABCD");
  await context.close();
});

test("closing asks when something was written, and keeps it when told so", async () => {
  const { context, page } = await open(browser);
  const form = await Form.onProduct(page, running.addresses);
  const story = await upTo(form, "evidence");
  for (const close of [() => form.get("close").click(), () => page.keyboard.press("Escape")]) {
    await close();
    await form.get("leave-dialog").waitFor();
    await form.get("leave-cancel").click();
    await form.get("leave-dialog").waitFor({ state: "hidden" });
  }
  await form.get("back").click();
  assert.equal(await form.get("text-what-happened").inputValue(), story.text);
  await form.get("close").click();
  await form.last("leave-confirm");
  // With nothing written there is nothing to ask.
  await page.locator("report-concern[data-test=footer]").getByRole("button").click();
  await form.at("start");
  await form.last("close");
  await context.close();
});
