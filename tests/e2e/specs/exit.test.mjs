// Quick exit, on every step and in both ways: the form is gone, the product stands there as before, and nothing is kept.

import assert from "node:assert/strict";
import test, { after, before } from "node:test";

import { launch, open } from "../lib/browser.mjs";
import { demo } from "../lib/demo.mjs";
import { Form, STEPS } from "../lib/journey.mjs";
import { misuse } from "../lib/stories.mjs";

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
  const story = misuse();
  for (const before of STEPS.slice(0, STEPS.indexOf(step))) {
    if (before !== "check") await form.step(before, story);
    else await form.send();
  }
  await form.at(step);
  return story;
}

/** @param {import("playwright-core").Page} page */
const stored = (page) =>
  page.evaluate(async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length]);

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
      assert.deepEqual(await stored(page), [0, 0, 0, 0]);
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
    if (way === "button") await form.last("quick-exit");
    else {
      await form.get("step-heading").click();
      await form.shifts();
    }
    await page.waitForURL((url) => url.href !== running.addresses.hosted_page);
    assert.ok(!(await page.content()).includes(story.marks.text));
    assert.equal(await page.getByTestId("screen-evidence").count(), 0);
    await page.goBack();
    assert.equal(page.url(), `${running.addresses.product}/`);
    await context.close();
  });
}

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
