// The journeys in Firefox: the walks of journey.mjs, in the product and on the hosted page, answered, followed up.

import assert from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import test, { after, before } from "node:test";

import { accessible } from "../lib/axe.mjs";
import { gone, open } from "../lib/browser.mjs";
import { demo, scratch } from "../lib/demo.mjs";
import { launchFirefox, ofOurs, saved } from "../lib/firefox.mjs";
import { Console, FollowUp, Form, chapters } from "../lib/journey.mjs";
import { PLACE, jpegOf, placed, png } from "../lib/picture.mjs";
import { Server } from "../lib/server.mjs";
import { mark, misuse, remedy } from "../lib/stories.mjs";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof demo>>} */
let running;
/** @type {string} */
let downloads;
before(async () => {
  downloads = await scratch();
  [running, browser] = await Promise.all([demo(), launchFirefox(downloads)]);
});
after(async () => {
  await browser?.close();
  await running?.stop();
  await rm(downloads, { recursive: true });
});

test("a report on misuse, with files, from product page to answer and back", async (t) => {
  const chapter = chapters(t);
  const { addresses } = running;
  const story = misuse();
  const reporter = await open(browser);
  const reviewer = await open(browser);
  const answer = `We stopped this campaign, ${mark("answer")}.`;
  let receipt = "";

  await chapter("seven steps in the widget", async () => {
    const form = await Form.onProduct(reporter.page, addresses);
    await form.fill(story);
    assert.match(await form.get("check-text").innerText(), new RegExp(story.marks.text));
    assert.match(await form.get("check-about").innerText(), /Final notice before visit/);
    receipt = await form.send();
    await form.done(receipt);
    assert.equal(await reporter.page.evaluate(() => document.activeElement?.getAttribute("data-test")), "message-2");
  });

  await chapter("quick exit by button and by Shift three times", async () => {
    const form = await Form.onProduct(reporter.page, addresses);
    await form.step("start", story);
    await form.at("who");
    await form.last("quick-exit");
    const again = await Form.onProduct(reporter.page, addresses);
    await again.get("step-heading").click();
    await again.shifts();
    await gone(reporter.page);
  });

  await chapter("the console opens, shows and answers it", async () => {
    const desk = await Console.signIn(reviewer.page, addresses);
    await desk.open(story.marks.text);
    assert.equal(await desk.get("findings").count(), 0);
    assert.match(await desk.get("report").innerText(), new RegExp(story.marks.feature));
    await accessible("console, report", reviewer.page);
    await desk.get("tab-evidence").click();
    await desk.get("evidence-open-1").click();
    const drawn = desk.get("evidence-frame-1").contentFrame().getByTestId("evidence-picture");
    await drawn.and(desk.get("evidence-frame-1").contentFrame().locator("[data-drawn]")).waitFor();
    assert.equal(await desk.get("evidence-hash-1").getAttribute("data-verified"), "true");
    await desk.move("in_triage", "Somebody reads it now.");
    await desk.get("tab-dialogue").click();
    await desk.reply(answer);
  });

  await chapter("the receipt opens state and answer, and what is written arrives", async () => {
    const followUp = await FollowUp.open(reporter.page, addresses);
    await followUp.enter(receipt);
    assert.equal(await followUp.get("case-state").getAttribute("data-state"), "in_triage");
    assert.equal(await followUp.get("tampered").count(), 0);
    const text = await reporter.page.locator("body").innerText();
    assert.ok(text.includes(answer), text);
    for (const secret of Object.values(story.marks)) assert.ok(!text.includes(secret), `shows ${secret}`);
    await accessible("follow-up, case", reporter.page);
    const words = `Thank you, ${mark("more")}.`;
    await followUp.write(words);
    const desk = new Console(reviewer.page);
    await desk.get("case-row").click();
    await desk.get("tab-dialogue").click();
    await reviewer.page.getByText(words).waitFor();
  });

  await chapter("a photo that is added later loses where it was made", async () => {
    const followUp = new FollowUp(reporter.page);
    await followUp.get("more-open").click();
    const photo = placed(await jpegOf(reporter.page, png(5, "")), mark("maker"));
    await followUp.get("picture-input").setInputFiles({ name: "evening.jpg", mimeType: "image/jpeg", buffer: photo });
    await followUp.cleaned(1);
    assert.match(await followUp.get("evidence-state-1").innerText(), /Taken out: where it was made · the device/);
    await followUp.get("under-18-no").check();
    await accessible("follow-up, a photo", reporter.page);
    await followUp.get("more-send").click();
    await followUp.get("more-done").waitFor();
    const desk = new Console(reviewer.page);
    await desk.get("case-row").click();
    await desk.get("tab-evidence").click();
    const later = reviewer.page.locator('[data-testid="evidence"][data-later="true"]');
    await later.waitFor();
    await later.locator("[data-testid^=evidence-open]").click();
    await later.locator("[data-testid^=evidence-save]").click();
    const file = await readFile(join(downloads, await saved(downloads, "JFIF")));
    assert.ok(!file.includes(PLACE) && !file.includes("Exif"), "the place came through");
  });

  assert.deepEqual(reporter.faults.filter(ofOurs), []);
  assert.deepEqual(reviewer.faults.filter(ofOurs), []);
  await reporter.context.close();
  await reviewer.context.close();
});

test("the other door, on the hosted page: accessible, sent, saved", async () => {
  const { addresses } = running;
  const story = remedy();
  const { context, page, faults } = await open(browser, { acceptDownloads: true });
  await page.goto(addresses.hosted_page);
  const form = new Form(page, page);
  /** Those with the most on them: the rest is Chromium's part. @type {import("../lib/journey.mjs").Look} */
  const look = async (name, page) => {
    if (["start", "what-happened-filled", "check", "sent"].includes(name)) await accessible(name, page);
  };
  await form.fill(story, look);
  const receipt = await form.send(look);
  await form.get("receipt-download").click();
  assert.doesNotMatch(await saved(downloads, receipt), /report|concern|recourse|northwind|receipt/i);
  await form.done(receipt);
  await form.get("screen-closed").waitFor();
  assert.deepEqual(faults.filter(ofOurs), []);
  await context.close();
});

test("kept on the device while the server is away, sent on a later visit, and gone with quick exit", async () => {
  const server = await Server.make();
  await server.start();
  const story = misuse();
  const { context, page } = await open(browser);
  // Code unkept, the browser would ask.
  page.on("dialog", (dialog) => void dialog.accept());
  const visit = async () => {
    await page.goto(server.addresses.hosted_page);
    const form = new Form(page, page);
    await form.at("start");
    return form;
  };
  const keep = async () => {
    const form = await visit();
    await form.fill(story);
    await server.kill();
    await form.get("send").click();
    await form.get("stays-keep").click();
    await form.get("stays-kept").waitFor();
    return (await form.get("receipt-code").innerText()).replace(/\s+/g, "");
  };
  const nothingLeft = () =>
    page.evaluate(async () => {
      while ((await indexedDB.databases()).length > 0) await new Promise(requestAnimationFrame);
    });
  try {
    const receipt = await keep();
    await server.start();
    const form = await visit();
    await form.get("stays-send-1").click();
    await form.get("stays-sent").waitFor();
    await nothingLeft();
    const followUp = await FollowUp.open(page, server.addresses);
    await followUp.enter(receipt);

    await keep();
    await server.start();
    const again = await visit();
    await again.get("stays-1").waitFor();
    await again.last("quick-exit");
    await page.waitForURL(`${server.intake}/left`);
    await visit();
    await nothingLeft();
    await context.close();
  } finally {
    await server.remove();
  }
});
