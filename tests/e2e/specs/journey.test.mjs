// A report's whole way: filed in the product, read and answered in the console, followed up with the receipt; axe on every screen.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import test, { after, before } from "node:test";

import { accessible } from "../lib/axe.mjs";
import { launch, open, until } from "../lib/browser.mjs";
import { demo } from "../lib/demo.mjs";
import { Console, FollowUp, Form, chapters } from "../lib/journey.mjs";
import { HEIGHT, WIDTH } from "../lib/picture.mjs";
import { mark, misuse, remedy } from "../lib/stories.mjs";

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

test("a report on misuse, with files, from product page to answer and back", async (t) => {
  const chapter = chapters(t);
  const { addresses } = running;
  const story = misuse();
  const reporter = await open(browser, { acceptDownloads: true });
  await reporter.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  /** @type {string} */
  let receipt = "";

  await chapter("the product page is accessible", async () => {
    await reporter.page.goto(addresses.product);
    await reporter.page.locator("report-concern").first().getByRole("button").waitFor();
    await accessible("product", reporter.page);
  });

  await chapter("seven steps in the widget", async () => {
    const form = await Form.onProduct(reporter.page, addresses);
    assert.match(await form.get("about").innerText(), /Final notice before visit/);
    await form.fill(story, accessible);
    assert.match(await form.get("check-text").innerText(), new RegExp(story.marks.text));
    assert.match(await form.get("check-contact").innerText(), new RegExp(story.marks.reach));
    assert.match(await form.get("check-about").innerText(), /Final notice before visit/);
    receipt = await form.send(accessible);

    // Copied as it stands.
    await form.get("receipt-copy").click();
    const clipboard = await reporter.context.newPage();
    await clipboard.goto(addresses.follow_up);
    await until(clipboard, (code) => navigator.clipboard.readText().then((text) => text.trim() === code, () => false), receipt);
    await clipboard.close();
    // Saved under a name that tells nothing, with the code in it.
    const [download] = await Promise.all([reporter.page.waitForEvent("download"), form.get("receipt-download").click()]);
    assert.doesNotMatch(download.suggestedFilename(), /report|concern|recourse|northwind|receipt/i);
    assert.match(await readFile(await download.path(), "utf8"), new RegExp(receipt));

    await form.get("receipt-check-input").fill("0000");
    await form.get("receipt-check").click();
    await form.get("receipt-check-wrong").waitFor();
    await accessible("sent, wrong check", reporter.page);
    await form.done(receipt);
  });

  const reviewer = await open(browser, { acceptDownloads: true });
  const answer = `We stopped this campaign, ${mark("answer")}.`;
  const note = `Second time this quarter, ${mark("note")}.`;
  const decision = `The messages broke our rules, ${mark("decision")}.`;
  const desk = await Console.signIn(reviewer.page, addresses, accessible);

  await chapter("the console shows the report as it was written", async () => {
    await accessible("console, queue", reviewer.page);
    await desk.get("keys-open").click();
    await desk.get("keys-sheet").waitFor();
    await accessible("console, keys", reviewer.page);
    await desk.get("keys-close").click();
    await desk.open(story.marks.text);
    await desk.get("report").waitFor();
    assert.equal(await desk.get("findings").count(), 0);
    const read = async (/** @type {string} */ field) => (await desk.get(`field-${field}`).innerText()).trim();
    assert.ok((await read("what_happened")).includes(story.text.split("\n")[0]));
    assert.ok((await read("what_happened")).includes(story.text.split("\n")[11]));
    await accessible("console, report", reviewer.page);
    assert.match(await desk.get("report").innerText(), new RegExp(story.marks.feature));
    assert.match(await desk.get("report").innerText(), /Final notice before visit/);
    // Not yet opened, so nowhere on the page.
    assert.doesNotMatch(await reviewer.page.content(), new RegExp(story.marks.reach));
  });

  await chapter("contact details are opened by a logged act", async () => {
    const before = await desk.events();
    await desk.get("contact-open").click();
    await desk.get("contact-reason").fill("to ask about the calls");
    await accessible("console, contact", reviewer.page);
    await desk.get("contact-confirm").click();
    await desk.get("contact").waitFor();
    assert.match(await desk.get("contact").innerText(), new RegExp(story.marks.reach));
    await desk.has(before + 1);
    await accessible("console, contact opened", reviewer.page);
  });

  await chapter("evidence is opened in a sandbox, and whole", async () => {
    await desk.get("tab-evidence").click();
    await desk.get("evidence").first().waitFor();
    assert.equal(await desk.get("evidence").count(), 2);
    await accessible("console, evidence", reviewer.page);
    await desk.get("evidence-open-1").click();
    const frame = desk.get("evidence-frame-1");
    await frame.waitFor();
    assert.doesNotMatch((await frame.getAttribute("sandbox")) ?? "allow-same-origin", /allow-same-origin|allow-top|allow-popups|allow-forms/);
    const picture = frame.contentFrame().getByTestId("evidence-picture");
    await picture.and(frame.contentFrame().locator("[data-drawn]")).waitFor();
    assert.deepEqual(await picture.evaluate((canvas) => [/** @type {HTMLCanvasElement} */ (canvas).width, /** @type {HTMLCanvasElement} */ (canvas).height]), [WIDTH, HEIGHT]);
    assert.equal(await desk.get("evidence-hash-1").getAttribute("data-verified"), "true");
    await accessible("console, picture covered", reviewer.page);
    await desk.get("evidence-uncover-1").click();
    await accessible("console, picture", reviewer.page);
    await desk.get("evidence-open-2").click();
    await desk.get("evidence-save-2").waitFor();
    const [download] = await Promise.all([reviewer.page.waitForEvent("download"), desk.get("evidence-save-2").click()]);
    const saved = await readFile(await download.path());
    assert.equal(sha256(saved), sha256(story.files[1].buffer));
    assert.doesNotMatch(download.suggestedFilename(), new RegExp(story.marks.fileName));
  });

  await chapter("reply, note and steps", async () => {
    // The server itself has said that it has the report.
    assert.equal(await desk.get("case-state").getAttribute("data-state"), "acknowledged");
    await desk.move("in_triage", "Somebody reads it now.", accessible);
    await desk.get("tab-dialogue").click();
    await desk.reply(answer, accessible);
    await desk.note(note, accessible);
    await desk.move("in_review", "We ask those who sent it.", accessible);
    await desk.move("decided", decision, accessible);
    await accessible("console, dialogue", reviewer.page);
    assert.deepEqual(await desk.get("message").evaluateAll((messages) => messages.map((message) => message.getAttribute("data-from")).filter((from) => from !== "reporter").sort()).then((list) => [...new Set(list)]), ["note", "team"]);
    await desk.get("tab-log").click();
    await desk.get("log-entry").first().waitFor();
    assert.equal(await desk.get("log-entry").count(), await desk.events());
    await accessible("console, log", reviewer.page);
  });

  await chapter("the receipt opens state and answer, and never the report", async () => {
    const page = await reporter.context.newPage();
    const followUp = await FollowUp.open(page, addresses);
    await accessible("follow-up, code", page);
    // Pasted, with the spacing and case of somebody's notes.
    await followUp.enter(receipt.toLowerCase().replaceAll("-", " "));
    assert.equal(await followUp.get("case-state").getAttribute("data-state"), "decided");
    assert.equal(await followUp.get("tampered").count(), 0);
    const text = await page.locator("body").innerText();
    assert.ok(text.includes(answer), text);
    assert.ok(text.includes(decision), text);
    for (const secret of [note, ...Object.values(story.marks)]) assert.ok(!text.includes(secret), `shows ${secret}`);
    await accessible("follow-up, case", page);
    const words = `Thank you. They now use another number, ${mark("more")}.`;
    await followUp.write(words);
    await accessible("follow-up, written", page);
    assert.ok(!(await page.locator("body").innerText()).includes(words));

    // The reviewer reads it.
    await desk.get("case-row").click();
    await desk.get("tab-dialogue").click();
    await reviewer.page.getByText(words).waitFor();
    assert.equal(await desk.get("findings").count(), 0);

    // Contest it, by the reporter's own signature.
    await followUp.get("contest-open").click();
    await followUp.get("contest-text").fill("The calls go on.");
    await accessible("follow-up, contest", page);
    await followUp.get("contest-confirm").click();
    await page.locator('[data-testid="case-state"][data-state="appealed"]').waitFor();
    await page.close();
  });

  assert.deepEqual(reporter.faults, []);
  assert.deepEqual(reviewer.faults, []);
  await reporter.context.close();
  await reviewer.context.close();
});

test("the other door, on the hosted page: harm, remedy, withdrawn", async () => {
  const { addresses } = running;
  const story = remedy();
  const { context, page, faults } = await open(browser);
  await page.goto(addresses.hosted_page);
  const form = new Form(page, page);
  await form.fill(story, accessible);
  assert.match(await form.get("check-remedy").innerText(), new RegExp(story.marks.harm));
  assert.match(await form.get("check-identity").innerText(), /anonymous/i);
  const receipt = await form.send(accessible);
  await form.done(receipt);
  await form.get("screen-closed").waitFor();
  await accessible("closed", page);
  assert.doesNotMatch(await page.content(), new RegExp(`${receipt}|${story.marks.text}`));

  const reviewer = await open(browser);
  const desk = await Console.signIn(reviewer.page, addresses);
  await desk.open(story.marks.text);
  assert.match(await desk.get("report").innerText(), new RegExp(story.marks.harm));
  assert.equal(await desk.get("findings").count(), 0);

  const followUp = await FollowUp.open(page, addresses);
  await followUp.enter(receipt);
  await followUp.get("withdraw-open").click();
  await accessible("follow-up, withdraw", page);
  await followUp.get("withdraw-confirm").click();
  await page.locator('[data-testid="case-state"][data-state="withdrawn"]').waitFor();
  assert.deepEqual(faults, []);
  assert.deepEqual(reviewer.faults, []);
  await context.close();
  await reviewer.context.close();
});

/** @param {Buffer} bytes */
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
