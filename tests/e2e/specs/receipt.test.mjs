// The last screen: the code by pencil, by phone, and in the other ways, each with who might see it; the dates for a calendar; what stays.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test, { after, before } from "node:test";
import ICAL from "ical.js";

import { accessible } from "../lib/axe.mjs";
import { launch, open } from "../lib/browser.mjs";
import { demo } from "../lib/demo.mjs";
import { FollowUp, Form } from "../lib/journey.mjs";
import { scan } from "../lib/scan.mjs";
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

/** A sent report on its own page. @param {import("playwright-core").BrowserContextOptions} [options] */
async function sent(options) {
  const { context, page, faults } = await open(browser, { acceptDownloads: true, ...options });
  await page.goto(running.addresses.hosted_page);
  const form = new Form(page, page);
  await form.fill(remedy());
  return { context, page, form, faults, receipt: await form.send() };
}

/** @param {Page} page @param {string} name */
async function download(page, name) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByTestId(name).click()]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
}

test("a phone reads the code from the screen in every theme, and it opens the answers", async () => {
  for (const options of [{}, { colorScheme: /** @type {const} */ ("dark") }, { forcedColors: /** @type {const} */ ("active") }, { viewport: { width: 320, height: 640 } }]) {
    const { context, page, form, receipt, faults } = await sent(options);
    await accessible(`sent ${JSON.stringify(options)}`, page);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    const address = await scan(page, await form.get("qr").screenshot());
    assert.equal(address, `${running.addresses.follow_up}#${receipt.replaceAll("-", "")}`);
    assert.deepEqual(faults, []);
    if (!("colorScheme" in options)) {
      await context.close();
      continue;
    }
    const phone = await open(browser);
    await phone.page.goto(address);
    const followUp = new FollowUp(phone.page);
    await followUp.get("receipt-input").or(followUp.get("case")).first().waitFor();
    await phone.context.close();
    await context.close();
  }
});

test("each way to keep it says who might see it; the question stays until the code was kept", async () => {
  const { context, page, form, receipt, faults } = await sent();
  const ways = await form.get("code-ways").innerText();
  for (const who of [/programs on this device/, /downloads/, /printer at work/, /employer may manage/]) assert.match(ways, who);
  const file = await download(page, "receipt-download");
  assert.equal(file.name, "notes.txt");
  assert.ok(file.text.includes(receipt));
  assert.doesNotMatch(file.text.replace(running.addresses.follow_up, ""), /northwind|recourse|report/i);

  // What a password manager looks for: a form with a name and a new password, sent and gone.
  const manager = form.get("password-form");
  assert.deepEqual(
    await manager.locator("input").evaluateAll((inputs) => inputs.map((input) => [input.getAttribute("autocomplete"), /** @type {HTMLInputElement} */ (input).value])),
    [["username", "notes"], ["new-password", receipt]],
  );
  await form.get("receipt-manager").click();
  await form.get("password-handed").waitFor();
  assert.equal(await manager.count(), 0);
  assert.equal(page.url(), running.addresses.hosted_page);

  await form.get("done").click();
  await form.get("leave-dialog").waitFor();
  await form.get("leave-cancel").click();
  await form.get("receipt-check-input").fill("0000");
  await form.get("receipt-check").click();
  await form.get("receipt-check-wrong").waitFor();
  await form.done(receipt);
  await form.get("screen-closed").waitFor();
  assert.match(await form.get("screen-closed").innerText(), /history/);
  assert.ok(!(await page.content()).includes(receipt.slice(0, 9)));
  assert.deepEqual(faults, []);
  await context.close();
});

test("the calendar file holds the dates under a title that says nothing, and the address only when asked", async () => {
  const { context, page, form } = await sent();
  assert.match(await form.get("next-dates").innerText(), /Northwind.* writes to you here by/);
  await form.get("calendar").locator("summary").click();
  await accessible("calendar", page);
  const plain = await download(page, "calendar-download");
  assert.equal(plain.name, "dates.ics");
  assert.doesNotMatch(plain.text, /northwind|recourse|report|http|127\.0\.0\.1/i);
  await form.get("calendar-title").fill("Dentist, back; again\\");
  await form.get("calendar-address").check();
  const chosen = await download(page, "calendar-download");
  /** @type {any} */
  const ical = ICAL;
  const read = (/** @type {string} */ text) => new ical.Component(ical.parse(text)).getAllSubcomponents("vevent").map((/** @type {any} */ one) => new ical.Event(one));
  const [before, after] = [read(plain.text), read(chosen.text)];
  assert.equal(before.length, await form.get("next-dates").locator("li").count());
  assert.ok(before.length > 0);
  assert.equal(new Set([...before, ...after].map(({ uid }) => uid)).size, before.length * 2);
  for (const [at, event] of after.entries()) {
    assert.equal(event.summary, "Dentist, back; again\\");
    assert.equal(event.description, running.addresses.follow_up);
    assert.equal(event.startDate.isDate, true);
    assert.equal(event.duration.toSeconds(), 86_400);
    assert.equal(before[at].startDate.toString(), event.startDate.toString());
    assert.ok(event.startDate.toJSDate() > new Date());
  }
  await context.close();
});
