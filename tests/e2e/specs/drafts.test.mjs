// Drafts: none unless somebody wants one. Then locked, for this tab alone, for an hour, and gone with the report.

import assert from "node:assert/strict";
import test, { after, before } from "node:test";

import { accessible } from "../lib/axe.mjs";
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

/** Everything that the page's origin keeps in storage. @param {Page} page */
const kept = (page) => page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
const NOTHING = "[{},{}]";

/** The form on its own page, filled up to the evidence. @param {Page} page */
async function begun(page) {
  const story = remedy();
  await page.goto(running.addresses.hosted_page);
  const form = new Form(page, page);
  for (const step of /** @type {const} */ (["start", "who", "what", "what-happened", "putting-right"])) await form.step(step, story);
  await form.at("evidence");
  return { form, story };
}

/** Switches drafts on and waits until the words are locked away. @param {Form} form */
async function switchOn(form) {
  await form.get("drafts").locator("summary").click();
  await form.get("draft-switch").check();
  await form.page.waitForFunction(() => Object.keys(localStorage).some((name) => name.startsWith("draft-")));
}

/** Loads the page again and says yes to whatever is asked; returns what was asked. @param {Page} page */
async function again(page) {
  /** @type {string[]} */
  const asked = [];
  const yes = (/** @type {import("playwright-core").Dialog} */ dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  };
  page.on("dialog", yes);
  await page.reload();
  page.off("dialog", yes);
  return asked;
}

test("off: nothing is kept, a reload asks first, and the text goes", async () => {
  const { context, page, faults } = await open(browser);
  await page.goto(running.addresses.hosted_page);
  // Nothing written yet, nothing asked.
  await new Form(page, page).at("start");
  assert.deepEqual(await again(page), []);
  const { form, story } = await begun(page);
  assert.match(await form.get("drafts").innerText(), /gone when this page closes/);
  assert.equal(await kept(page), NOTHING);
  assert.deepEqual(await again(page), ["beforeunload"]);
  await form.at("start");
  assert.equal(await kept(page), NOTHING);
  await form.step("start", story);
  await form.at("who");
  await form.get("step-what-happened").click();
  assert.equal(await form.get("text-what-happened").inputValue(), "");
  assert.deepEqual(faults, []);
  await context.close();
});

test("on: locked, there again after a reload, and for no other tab", async () => {
  const { context, page, faults } = await open(browser);
  const { form, story } = await begun(page);
  await switchOn(form);
  await accessible("draft on", page);
  const stored = await kept(page);
  for (const words of [...Object.values(story.marks), "personal_data_misuse", story.text]) assert.ok(!stored.includes(words), words);
  // The last letter typed is in it as well.
  for (const step of ["putting-right", "what-happened"]) {
    await form.get("back").click();
    await form.at(step);
  }
  await form.get("text-what-happened").press("End");
  const before = await kept(page);
  await form.get("text-what-happened").fill(`${story.text} And since.`);
  await page.waitForFunction((before) => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]) !== before, before);

  const other = await context.newPage();
  await other.goto(running.addresses.hosted_page);
  const stranger = new Form(other, other);
  await stranger.step("start", story);
  await stranger.at("who");
  assert.equal(await stranger.get("draft-found").count(), 0);
  await other.close();

  await again(page);
  await form.get("draft-found").waitFor();
  await accessible("draft found", page);
  await form.get("draft-restore").click();
  await form.at("what-happened");
  assert.equal(await form.get("text-what-happened").inputValue(), `${story.text} And since.`);
  await form.get("next").click();
  await form.at("putting-right");
  assert.equal(await form.get("text-harm").inputValue(), story.harm);
  assert.equal(await form.get("remedy-delete_or_correct_my_data").isChecked(), true);
  await form.get("step-check").click();
  await form.at("check");
  await form.send();
  assert.equal(await kept(page), NOTHING);
  assert.deepEqual(faults, []);
  await context.close();
});

for (const [how, act] of /** @type {[string, (form: Form, page: Page) => Promise<unknown>][]} */ ([
  ["switching it off", (form) => form.get("draft-switch").uncheck()],
  [
    "closing",
    async (form, page) => {
      await form.get("step-start").click();
      await again(page);
      await form.get("draft-forget").click();
    },
  ],
])) {
  test(`deleted by ${how === "closing" ? "not going on with it" : how}`, async () => {
    const { context, page } = await open(browser);
    const { form } = await begun(page);
    await switchOn(form);
    await act(form, page);
    await page.waitForFunction(() => localStorage.length === 0 && sessionStorage.length === 0);
    await context.close();
  });
}

test("after an hour it is gone, and nobody can make it live longer", async () => {
  const { context, page } = await open(browser);
  for (const until of ["past", "future"]) {
    const { form } = await begun(page);
    await switchOn(form);
    await page.evaluate((until) => {
      for (const [name, value] of Object.entries(localStorage)) {
        const draft = JSON.parse(value);
        localStorage.setItem(name, JSON.stringify({ ...draft, until: until === "past" ? Date.now() - 1 : draft.until + 9_000_000 }));
      }
    }, until);
    await again(page);
    await form.at("start");
    await form.get("door-remedy").click();
    await form.get("before-continue").waitFor();
    if (until === "past") await page.waitForFunction(() => localStorage.length === 0);
    assert.equal(await form.get("draft-found").count(), 0);
    await page.evaluate(() => (localStorage.clear(), sessionStorage.clear()));
  }
  await context.close();
});

test("in a frame of another site nothing can be kept, and the form says so", async () => {
  const { context, page, faults } = await open(browser);
  const form = await Form.onProduct(page, running.addresses);
  const story = remedy();
  for (const step of /** @type {const} */ (["start", "who", "what", "what-happened", "putting-right"])) await form.step(step, story);
  await form.at("evidence");
  await form.get("drafts").locator("summary").click();
  await form.get("draft-switch").click();
  await form.get("draft-refused").waitFor();
  assert.match(await form.get("draft-refused").innerText(), /only while this page is open/);
  assert.equal(await form.get("draft-switch").isChecked(), false);
  await accessible("draft refused", page);
  assert.deepEqual(faults, []);
  await context.close();
});
