// The form without script: a whole report with a file through to the reviewers' console, nothing of it on the server, and every page looked
// at by axe.

import assert from "node:assert/strict";
import { mkdir, rm } from "node:fs/promises";
import test, { after, before } from "node:test";

import { accessible } from "../lib/axe.mjs";
import { launch, open } from "../lib/browser.mjs";
import { demo, scratch } from "../lib/demo.mjs";
import { launchFirefox } from "../lib/firefox.mjs";
import { Console } from "../lib/journey.mjs";
import { needle } from "../lib/needles.mjs";
import { png } from "../lib/picture.mjs";
import { searchEverywhere } from "../lib/reading.mjs";
import { mark } from "../lib/stories.mjs";

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

/** Where pictures of each page go, if somebody wants to look at them. */
const SHOTS = process.env.RECOURSE_SHOTS;

/** @param {string} name @param {Page} page */
async function look(name, page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth).catch(() => 0);
  assert.ok(wide <= 0, `${name} is ${wide} px too wide`);
  if (!SHOTS) return;
  await mkdir(SHOTS, { recursive: true });
  await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
}

/** What one person writes; `look` sees each page. @param {Page} page @param {Record<string, string>} words @param {(name: string) => Promise<void>} seen */
async function story(page, words, seen) {
  const button = (/** @type {string} */ name) => page.getByRole("button", { name });
  await page.goto(running.addresses.hosted_page + "/plain");
  await page.locator("#sealed").waitFor();
  assert.equal(await page.locator("textarea, input[type=text], input[type=file]").count(), 0, "said before anything can be typed");
  await seen("begin");
  await button("Report how").click();
  await page.locator("#text-what-happened").waitFor();
  await seen("questions");
  if (!(await page.locator("#feature").isVisible())) await page.locator("details:has(#feature) > summary").click();
  // Nothing said yet.
  await page.locator("#feature").fill(words.feature);
  await button("Check what I wrote").click();
  await page.locator("#error-summary").waitFor();
  assert.equal(await page.locator("#feature").inputValue(), words.feature);
  await seen("faults");
  await page.locator("#text-what-happened").fill(`\n${words.text}\nand more`);
  await page.locator("#category").selectOption("personal_data_misuse");
  await page.locator('[name="identity"][value="confidential"]').check();
  await page.locator("#contact-name").fill(words.name);
  await button("Check what I wrote").click();
  await page.locator("#file").waitFor();
  assert.match(await page.locator("main").innerText(), new RegExp(words.text));
  await seen("check");
  // Back, and nothing is lost.
  await button("Change what I wrote").click();
  assert.equal(await page.locator("#text-what-happened").inputValue(), `\n${words.text}\nand more`);
  assert.equal(await page.locator("#category").inputValue(), "personal_data_misuse");
  await button("Check what I wrote").click();
  // A file that cannot be taken keeps what was typed.
  await page.locator("#file").setInputFiles({ name: "a.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 broken") });
  await button("Send report").click();
  await page.locator("#trouble").waitFor();
  await seen("trouble");
  assert.match(await page.locator("main").innerText(), new RegExp(words.text));
  await page.locator("#description").fill(words.says);
  await page.locator("#file").setInputFiles([
    { name: "screen.png", mimeType: "image/png", buffer: png(7, words.hidden) },
    { name: `${words.fileName}.txt`, mimeType: "text/plain", buffer: Buffer.from(`call list ${words.file}\n`.repeat(40)) },
  ]);
  await button("Send report").click();
  const code = (await page.locator("#code").innerText()).replace(/\s+/g, "");
  assert.match(code, /^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
  await seen("sent");
  return code;
}

const WORDS = () => Object.fromEntries(["feature", "text", "name", "says", "hidden", "file", "fileName"].map((what) => [what, mark(what)]));

test("a report without script reaches its readers, and the server keeps nothing of it", async () => {
  const words = WORDS();
  const { context, page } = await open(browser, { javaScriptEnabled: false, viewport: { width: 320, height: 640 }, acceptDownloads: true });
  const code = await story(page, words, (name) => look(`plain-${name}-320`, page));
  assert.deepEqual(await context.cookies(), []);
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#proof").click()]);
  assert.equal(download.suggestedFilename(), "record.json");
  const { createReadStream } = await import("node:fs");
  let text = "";
  for await (const piece of createReadStream(await download.path())) text += piece;
  assert.equal(JSON.parse(text).kind, "recourse-acknowledgement");
  await context.close();

  const reader = await open(browser);
  const desk = await Console.signIn(reader.page, running.addresses);
  await desk.open(words.text);
  await desk.get("case").getByText(words.text).first().waitFor();
  const shown = await desk.get("case").innerText();
  for (const word of ["text", "feature"]) assert.match(shown, new RegExp(words[word]), word);
  await desk.get("tab-evidence").click();
  await desk.get("case").getByText(words.says).first().waitFor();
  assert.doesNotMatch(await desk.get("case").innerText(), new RegExp(words.fileName), "names of files stay behind");
  await reader.context.close();

  const needles = [...Object.entries(words).map(([name, word]) => needle(name, word)), needle("code", code), needle("code without lines", code.replaceAll("-", ""))];
  const nothing = /** @type {any} */ ({ pieces: () => [] });
  const { finds, places } = await searchEverywhere(running.addresses, nothing, needles);
  assert.deepEqual(finds, []);
  assert.ok(places.length > 2);
});

test("in Firefox as well", async () => {
  const folder = await scratch();
  const firefox = await launchFirefox(folder);
  try {
    const words = WORDS();
    const { page } = await open(firefox);
    await story(page, words, async (step) => accessible(`plain ${step}, Firefox`, page));
    assert.equal(await page.locator("script").count(), 0, "the same page with and without script");

    const reader = await open(browser);
    const desk = await Console.signIn(reader.page, running.addresses);
    await desk.open(words.text);
    await desk.get("tab-evidence").click();
    await desk.get("case").getByText(words.says).first().waitFor();
    await reader.context.close();
  } finally {
    await firefox.close();
    await rm(folder, { recursive: true });
  }
});

for (const [name, options] of /** @type {[string, import("playwright-core").BrowserContextOptions][]} */ ([
  ["light", {}],
  ["dark", { colorScheme: "dark", viewport: { width: 390, height: 844 } }],
  ["forced", { forcedColors: "active" }],
])) {
  test(`axe finds nothing on any page: ${name}`, async () => {
    const { context, page, faults } = await open(browser, options);
    await story(page, WORDS(), async (step) => {
      await accessible(`plain ${step}, ${name}`, page);
      await look(`plain-${step}-${name}`, page);
    });
    // Answers that say what is to be put right are no faults of the page; browsers write a line for each.
    assert.deepEqual(faults.filter((fault) => !/status of 422/.test(fault)), []);
    await context.close();
  });
}

test("right to left it reads as well and is no wider", async () => {
  const { context, page } = await open(browser, { viewport: { width: 320, height: 640 } });
  await context.route("**/r/demo/plain", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace('dir="ltr"', 'dir="rtl"') });
  });
  await story(page, WORDS(), (name) => look(`plain-${name}-rtl`, page));
  await context.close();
});

test("the keyboard alone is enough", async () => {
  const { context, page } = await open(browser, { javaScriptEnabled: false });
  await page.goto(running.addresses.hosted_page + "/plain");
  const to = async (/** @type {import("playwright-core").Locator} */ target) => {
    for (let n = 0; n < 400; n += 1) {
      await page.keyboard.press("Tab");
      if ((await target.and(page.locator(":focus")).count()) === 1) return;
    }
    assert.fail(`${target} cannot be reached`);
  };
  await to(page.getByRole("button", { name: "Report how" }));
  await page.keyboard.press("Enter");
  await to(page.locator("#text-what-happened"));
  const words = mark("typed");
  await page.keyboard.type(words);
  await to(page.getByRole("button", { name: "Check what I wrote" }));
  await page.keyboard.press("Enter");
  await to(page.getByRole("button", { name: "Send report" }));
  await page.keyboard.press("Enter");
  await page.locator("#code").waitFor();
  await context.close();
});
