// `npm run screenshots -- FOLDER`: every screen in light, dark, at 320 px, in forced colours, from right to left, in text of twice the size, and
// with the keyboard's focus seen, as PNG. Look at them all. With `-- FOLDER NAME…` only the variants of these names.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";

import { launch, open } from "./lib/browser.mjs";
import { ROOT, startDemo } from "./lib/demo.mjs";
import { Console, FollowUp, Form } from "./lib/journey.mjs";
import { png } from "./lib/picture.mjs";
import { misuse, remedy } from "./lib/stories.mjs";
import { TWICE_THE_TEXT } from "./lib/variants.mjs";

/** @typedef {import("playwright-core").Page} Page */
/**
 * What is another in a variant: how the browser is started, its context, and what is done before each picture.
 * @typedef {{ args?: string[], options?: import("playwright-core").BrowserContextOptions, before?: (page: Page) => Promise<unknown> }} Variant
 */

const folder = resolve(process.argv[2] ?? join(ROOT, "target/screenshots"));
const asked = process.argv.slice(3);

/** @type {Record<string, Variant>} */
const VARIANTS = {
  light: {},
  dark: { options: { colorScheme: "dark" } },
  "320px": { options: { viewport: { width: 320, height: 640 } } },
  "forced-colours": { options: { forcedColors: "active" } },
  "right-to-left": { options: { locale: "ar" } },
  "200-percent-text": { args: TWICE_THE_TEXT },
  keyboard: { before: tab },
};
for (const name of asked) assert.ok(name in VARIANTS, `no variant ${name}: ${Object.keys(VARIANTS).join(" ")}`);

const running = await startDemo();
try {
  for (const [name, variant] of Object.entries(VARIANTS)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    const browser = await launch({ args: variant.args });
    try {
      await walk(browser, name, variant);
    } finally {
      await browser.close();
    }
  }
} finally {
  await running.stop();
}

/** On to the next control, as somebody without a mouse goes. Where the page ends the way begins anew. @param {Page} page */
async function tab(page) {
  for (let n = 0; n < 4; n += 1) {
    await page.keyboard.press("Tab");
    for (const frame of page.frames()) {
      if (await frame.locator(":is(a, button, input, select, textarea, summary):focus-visible").count()) return;
    }
  }
  throw new Error(`nothing to see of the focus on ${page.url()}`);
}

/** @param {import("playwright-core").Browser} browser @param {string} name @param {Variant} variant */
async function walk(browser, name, { options, before }) {
  const { addresses } = running;
  const into = join(folder, name);
  await mkdir(into, { recursive: true });
  let count = 0;
  /** @param {string} where @param {boolean} [fullPage] @returns {import("./lib/journey.mjs").Look} */
  const shoot = (where, fullPage = true) => async (name, page) => {
    await before?.(page);
    count += 1;
    const file = `${String(count).padStart(2, "0")}-${where}-${name}.png`;
    await page.screenshot({ path: join(into, file), fullPage });
  };
  const { context, page } = await open(browser, options);
  await page.goto(addresses.product);
  await page.locator("report-concern").first().getByRole("button").waitFor();
  await shoot("product")("page", page);

  // In the product, as far as one sees without scrolling.
  const story = misuse();
  const framed = await Form.onProduct(page, addresses);
  await framed.fill(story, shoot("widget", false));
  const receipt = await framed.send(shoot("widget", false));
  await framed.done(receipt);

  // On its own page, whole.
  await page.goto(addresses.hosted_page);
  const alone = new Form(page, page);
  await alone.fill(remedy(), shoot("hosted"));
  await alone.get("quick-exit").focus();
  await shoot("hosted")("focus", page);
  await alone.get("close").or(alone.get("back")).first().focus();
  await alone.send(shoot("hosted"));

  const look = shoot("console");
  const desk = await Console.signIn(page, addresses, look);
  await desk.open(story.marks.text);
  await look("report", page);
  await desk.get("tab-evidence").click();
  await desk.get("evidence-open-1").click();
  await desk.get("evidence-uncover-1").click();
  await look("evidence", page);
  await desk.move("in_triage", "Somebody reads it now.", look);
  await desk.reply("Thank you. We stopped the campaign and look into it.", look);
  await desk.note("Second time this quarter.", look);
  await desk.get("tab-dialogue").click();
  await look("dialogue", page);
  await desk.get("tab-log").click();
  await look("log", page);

  const followUp = await FollowUp.open(page, addresses);
  const own = shoot("follow-up");
  await own("code", page);
  await followUp.get("receipt-input").fill(`${receipt.slice(0, -1)}!`);
  await followUp.get("receipt-open").click();
  await followUp.get("receipt-input").and(page.locator('[aria-invalid="true"]')).waitFor();
  await own("code-wrong", page);
  await followUp.enter(receipt);
  await own("case", page);
  await followUps(browser, page, followUp, desk, story.marks.text, own);
  await context.close();
  console.log(`${name}: ${count} pictures in ${into}`);
}

/**
 * The states of the follow-up page, in the order in which a case has them.
 * @param {import("playwright-core").Browser} browser @param {import("playwright-core").Page} page @param {FollowUp} followUp @param {Console} before
 * @param {string} words @param {import("./lib/journey.mjs").Look} look
 */
async function followUps(browser, page, followUp, before, words, look) {
  assert.equal(before.page, page, "the console was left for the follow-up page");
  const reviewer = await open(browser);
  const desk = await Console.signIn(reviewer.page, running.addresses);
  await desk.open(words);
  /** Opens the case anew: by way of the list, which a narrow screen shows in the case's place. */
  const again = async () => {
    const back = desk.get("case-back");
    if (await back.isVisible()) await back.click();
    await desk.get("search-open").click();
    await desk.get("queue-reload").click();
    await desk.open(words);
  };
  /** @param {string} state @param {string} reason @param {string[]} [boxes] */
  const move = async (state, reason, boxes = []) => {
    await again();
    const last = await followUp.get("timeline-entry").last().getAttribute("data-sequence");
    await desk.page.waitForFunction((last) => Number(document.querySelector('[data-testid="case"]')?.getAttribute("data-events")) > Number(last), last);
    await desk.move(state, reason, async () => {
      for (const box of boxes) await desk.get(box).check();
    });
    await followUp.get("reload").click();
    await page.locator(`[data-testid="case-state"][data-state="${state}"]`).waitFor();
  };
  await followUp.get("more-open").click();
  await followUp.get("file-input").setInputFiles([
    { name: "letter.txt", mimeType: "text/plain", buffer: Buffer.from("a letter") },
    { name: "nothing.txt", mimeType: "text/plain", buffer: Buffer.alloc(0) },
    { name: "screen.png", mimeType: "image/png", buffer: png(3, "screen") },
  ]);
  for (const number of [1, 3]) await followUp.cleaned(number);
  await look("more", page);
  await followUp.get("under-18-yes").check();
  await look("more-refused", page);
  await followUp.get("more-cancel").click();
  await move("in_review", "We ask those who sent it.");
  await move("decided", "We stopped the campaign and closed the account. They may not come back.", ["right-udhr_12", "right-udhr_7", "remedy-apology", "remedy-guarantee_of_non_repetition"]);
  await look("decided", page);
  await followUp.get("accept-open").click();
  await look("accept", page);
  await followUp.get("accept-confirm").click();
  await followUp.get("accept-done").waitFor();
  for (const answer of ["offer-apology-yes", "offer-guarantee_of_non_repetition-no"]) await followUp.get(answer).check();
  await look("offer", page);
  await followUp.get("offer-send").click();
  await followUp.get("offer-answered").waitFor();
  await look("offer-answered", page);
  await move("remedy_in_progress", "We write the letter.");
  await move("remedied", "The letter went out.");
  await look("delivered", page);
  await followUp.get("delivered-apology-no").check();
  await followUp.get("delivered-send").click();
  await followUp.get("delivered-answered").waitFor();
  await move("closed", "We learnt to ask first.");
  await look("feedback", page);
  await followUp.get("contest-open").click();
  await look("contest", page);
  await followUp.get("contest-confirm").click();
  await page.locator('[data-testid="case-state"][data-state="appealed"]').waitFor();
  await look("appealed", page);
  await followUp.get("save-open").click();
  await look("save", page);
  await followUp.get("save-cancel").click();
  await followUp.get("withdraw-open").click();
  await look("withdraw", page);
  await followUp.get("withdraw-cancel").click();
  await followUp.get("write-text").fill("Half a sent");
  await followUp.get("close").click();
  await look("closing", page);
  await followUp.get("close-confirm").click();
  await again();
  await desk.get("tab-dialogue").click();
  await look("console-dialogue", desk.page);
  await reviewer.context.close();
}
