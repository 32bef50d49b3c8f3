// Coming back and keeping a record without script: filed, answered, read, written back, seen in the console; nothing of it on the server; axe on
// each page, 320 px, Arabic. And what brings people there: no script, no Wasm, in their language.

import assert from "node:assert/strict";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test, { after, before } from "node:test";

import { accessible } from "../lib/axe.mjs";
import { launch, open } from "../lib/browser.mjs";
import { demo, ROOT, scratch } from "../lib/demo.mjs";
import { Console, FollowUp, Form, chapters } from "../lib/journey.mjs";
import { needle } from "../lib/needles.mjs";
import { png } from "../lib/picture.mjs";
import { searchEverywhere } from "../lib/reading.mjs";
import { openRecord } from "../lib/record.mjs";
import { mark, remedy } from "../lib/stories.mjs";

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

const PHONE = { viewport: { width: 320, height: 640 } };

/** Where pictures of each page go, if somebody wants to look at them. */
const SHOTS = process.env.RECOURSE_SHOTS;

/** No wider than the screen, on every page. @param {string} name @param {Page} page */
async function look(name, page) {
  const wide = await page.locator("html").evaluate((html) => html.scrollWidth - html.clientWidth);
  assert.ok(wide <= 0, `${name} is ${wide} px too wide`);
  if (!SHOTS) return;
  await mkdir(SHOTS, { recursive: true });
  await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
}

/** A button by what it does. @param {Page} page @param {string} value */
const press = (page, value) => page.locator(`button[name="go"][value="${value}"]`).click();

/** Unfolds and waits. @param {Page} page @param {string} id */
async function unfold(page, id) {
  await page.locator(`details#${id} > summary`).click();
  await page.locator(`details#${id}[open]`).waitFor();
}

/** Files a report by the plain form; gives its code, with the page that says it open. @param {Page} page @param {string} words @param {string} [lang] */
async function file(page, words, lang = "") {
  await page.goto(running.addresses.hosted_page + "/plain" + lang);
  await page.locator('button[value="seek_remedy"]').click();
  await page.locator("#text-what-happened").fill(words);
  await press(page, "check");
  await press(page, "send");
  return (await page.locator("#code").innerText()).replace(/\s+/g, "");
}

/** The newest line that the reporter wrote, in the console. @param {Console} desk @param {string} words of the report @param {string | RegExp} said */
async function sees(desk, words, said) {
  await desk.get("search-open").click();
  await desk.get("queue-reload").click();
  await desk.open(words);
  await desk.get("tab-dialogue").click();
  const message = desk.get("message").filter({ hasText: said }).last();
  await message.waitFor();
  assert.equal(await message.getAttribute("data-from"), "reporter");
  await message.getByTestId("signed").waitFor();
  assert.equal(await desk.get("findings").count(), 0);
}

test("filed, answered, read and written back without script, and nothing of it stays on the server", async (t) => {
  const chapter = chapters(t);
  const [words, answer, back, fileWords, hidden] = ["words", "answer", "back", "file", "hidden"].map(mark);
  const { context, page } = await open(browser, { javaScriptEnabled: false, ...PHONE });
  const reviewer = await open(browser);
  let code = "";

  await chapter("the last page of the form leads here", async () => {
    code = await file(page, `It was ${words}.`);
    await page.locator("#follow-up").click();
    await page.locator("#code").waitFor();
    assert.equal(page.url(), running.addresses.follow_up + "/plain");
    const [means, field] = [await page.locator("#sealed").boundingBox(), await page.locator("#code").boundingBox()];
    assert.ok(means && field && means.y + means.height <= field.y, "what it means stands before the field");
    assert.match(await page.locator("#sealed").innerText(), /the server opens the answers in its memory/);
    await look("unscripted-code", page);
  });

  await chapter("a slip is found", async () => {
    await page.locator("#code").fill(code.slice(0, -6));
    await press(page, "open");
    await page.locator("#code-fault").waitFor();
    assert.equal(await page.locator("#code").inputValue(), code.slice(0, -6));
    await look("unscripted-slip", page);
  });

  const desk = await Console.signIn(reviewer.page, running.addresses);
  await chapter("the answer is read", async () => {
    await desk.open(words);
    await desk.reply(`Thank you. ${answer}?`);
    await desk.move("in_triage", "Somebody reads it now.");
    await desk.move("in_review", "We look into it.");
    await page.locator("#code").fill(code.toLowerCase());
    await page.keyboard.press("Enter");
    await page.locator("#case-state").waitFor();
    assert.equal(page.url(), running.addresses.follow_up + "/plain", "the code is in no address");
    assert.match(await page.locator("#timeline").innerText(), new RegExp(`Thank you\\. ${answer}\\?`));
    assert.ok(!(await page.locator("main").innerText()).includes(words), "nothing of the report");
    await look("unscripted-case", page);
  });

  await chapter("written back, and seen in the console", async () => {
    await page.locator("#text-message").fill(`On Monday. ${back}\nAnd on Tuesday.`);
    await press(page, "message");
    await page.locator("#done").waitFor();
    assert.ok(!(await page.content()).includes(back));
    await look("unscripted-written", page);
    await sees(desk, words, back);
  });

  await chapter("files go without what is hidden in them", async () => {
    await unfold(page, "files");
    await page.locator("#text-files").fill("Two files.");
    await page.locator('[name="under-18"][value="no"]').check();
    await page.locator("#file").setInputFiles([
      { name: "screen.png", mimeType: "image/png", buffer: png(7, hidden) },
      { name: "list.txt", mimeType: "text/plain", buffer: Buffer.from(fileWords) },
    ]);
    await look("unscripted-files", page);
    await press(page, "files");
    await page.locator("#done").waitFor();
    await sees(desk, words, "Two files.");
    await desk.get("tab-evidence").click();
    assert.equal(await desk.page.locator('[data-testid="evidence"][data-later="true"]').count(), 2);
  });

  await chapter("decided, accepted, contested, taken back", async () => {
    await desk.move("decided", "We deleted it.", async (_, page) => page.getByTestId("remedy-apology").check());
    await press(page, "look");
    await page.locator("#decision").waitFor();
    assert.match(await page.locator("#decision").innerText(), /We deleted it\./);
    await look("unscripted-decided", page);
    await page.locator('[name="offer-apology"][value="yes"]').check();
    await press(page, "offer");
    await page.locator("#done").waitFor();
    await unfold(page, "accept");
    await look("unscripted-accept", page);
    await press(page, "accept");
    await page.locator("#accepted").waitFor();
    await unfold(page, "contest");
    await page.locator("#text-contest").fill("The apology never came.");
    await press(page, "contest");
    await page.locator("#appealed").waitFor();
    await sees(desk, words, "The apology never came.");
    await unfold(page, "withdraw");
    await press(page, "withdraw");
    await page.locator('#case-state[data-state="withdrawn"]').waitFor();
    await page.locator('[name="heard"][value="partly"]').check();
    await press(page, "feedback");
    await page.locator("#done").waitFor();
    await look("unscripted-feedback", page);
  });

  await chapter("closed, and nothing is left", async () => {
    await page.locator("#close").click();
    await page.locator("#code").waitFor();
    assert.equal(await page.locator("#code").inputValue(), "");
    assert.deepEqual(await context.cookies(), []);
    assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
    const needles = Object.entries({ words, answer, back, fileWords, hidden, code, bare: code.replaceAll("-", "") }).map(([name, word]) => needle(name, word));
    const nothing = /** @type {any} */ ({ pieces: () => [] });
    const { finds, places } = await searchEverywhere(running.addresses, nothing, needles);
    assert.deepEqual(finds, []);
    assert.ok(places.length > 2);
  });
  await context.close();
  await reviewer.context.close();
});

test("a record without script opens with the code that the page showed", async () => {
  const words = mark("remember");
  const { context, page } = await open(browser, { javaScriptEnabled: false, acceptDownloads: true, ...PHONE });
  await page.goto(running.addresses.hosted_page + "/plain");
  await page.locator('button[value="record_only"]').click();
  await page.locator("#record-means").waitFor();
  await page.locator("#text-what-happened").fill(`For later: ${words}.`);
  await look("unscripted-record-questions", page);
  await press(page, "check");
  const code = (await page.locator("#code").innerText()).trim();
  await look("unscripted-record", page);
  await page.locator("#file").setInputFiles({ name: "list.txt", mimeType: "text/plain", buffer: Buffer.from(`names ${words}`) });
  const [download] = await Promise.all([page.waitForEvent("download"), press(page, "save")]);
  assert.equal(download.suggestedFilename(), "notes.age");
  const kept = join(await scratch(), "notes.age");
  await download.saveAs(kept);
  assert.match(await openRecord(kept, code), new RegExp(words));
  await assert.rejects(openRecord(kept, code.replace(/^..../, "0000")));
  assert.equal((await page.locator("#code").innerText()).trim(), code, "the page stays, with the code");
  const nothing = /** @type {any} */ ({ pieces: () => [] });
  const { finds } = await searchEverywhere(running.addresses, nothing, [needle("words", words), needle("code", code)]);
  assert.deepEqual(finds, []);
  await context.close();
});

for (const [name, options] of /** @type {[string, import("playwright-core").BrowserContextOptions][]} */ ([
  ["light", {}],
  ["dark", { colorScheme: "dark", viewport: { width: 390, height: 844 } }],
  ["forced", { forcedColors: "active", ...PHONE }],
])) {
  test(`axe finds nothing on any page: ${name}`, async () => {
    const words = mark("axe");
    const { context, page, faults } = await open(browser, options);
    const seen = async (/** @type {string} */ step) => {
      await accessible(`unscripted ${step}, ${name}`, page);
      await look(`unscripted-${step}-${name}`, page);
    };
    await page.goto(running.addresses.hosted_page + "/plain");
    await page.locator('button[value="record_only"]').click();
    await seen("record-questions");
    await page.locator("#text-what-happened").fill(words);
    await press(page, "check");
    await page.locator("#record-means").waitFor();
    await seen("record");
    const code = await file(page, words);
    await page.goto(running.addresses.follow_up + "/plain");
    await seen("code");
    await page.locator("#code").fill("nonsense");
    await press(page, "open");
    await seen("slip");
    await page.locator("#code").fill(code);
    await press(page, "open");
    await page.locator("#case-state").waitFor();
    await seen("fresh");
    const reviewer = await open(browser);
    const desk = await Console.signIn(reviewer.page, running.addresses);
    await desk.open(words);
    for (const state of ["in_triage", "in_review"]) await desk.move(state, "Somebody reads it now.");
    await desk.move("decided", "We deleted it.", async (_, page) => page.getByTestId("remedy-apology").check());
    await press(page, "message");
    await page.locator("#stopped").waitFor();
    for (const part of ["accept", "contest", "files", "withdraw"]) await unfold(page, part);
    await seen("decided");
    await page.locator('[name="offer-apology"][value="yes"]').check();
    await press(page, "offer");
    await page.locator("#offer-again").waitFor();
    await seen("answered");
    await unfold(page, "withdraw");
    await press(page, "withdraw");
    await page.locator("#feedback").waitFor();
    await seen("withdrawn");
    // Answers that say what is to be put right are no faults of the page; browsers write a line for each.
    assert.deepEqual(faults.filter((fault) => !/status of 422/.test(fault)), []);
    await reviewer.context.close();
    await context.close();
  });
}

test("the keyboard alone is enough", async () => {
  const words = mark("keys");
  const { context, page } = await open(browser, { javaScriptEnabled: false });
  const code = await file(page, words);
  await page.goto(running.addresses.follow_up + "/plain");
  const to = async (/** @type {import("playwright-core").Locator} */ target) => {
    for (let n = 0; n < 200; n += 1) {
      await page.keyboard.press("Tab");
      if ((await target.and(page.locator(":focus")).count()) === 1) return;
    }
    assert.fail(`${target} cannot be reached`);
  };
  await to(page.locator("#code"));
  await page.keyboard.type(code);
  await page.keyboard.press("Enter");
  await page.locator("#case-state").waitFor();
  await to(page.locator("#text-message"));
  await page.keyboard.type("By keys alone.");
  await to(page.locator('button[value="message"]'));
  await page.keyboard.press("Enter");
  await page.locator("#done").waitFor();
  await to(page.locator("details#withdraw > summary"));
  await page.keyboard.press("Enter");
  await to(page.locator('button[value="withdraw"]'));
  await page.keyboard.press("Enter");
  await page.locator('#case-state[data-state="withdrawn"]').waitFor();
  // Enter in a field of the case does nothing but look again.
  await page.locator('[name="heard"][value="yes"]').focus();
  await page.keyboard.press("Enter");
  await page.locator("#case-state").waitFor();
  assert.equal(await page.locator("#done").count(), 0);
  assert.equal(await page.locator('li[data-act="feedback"]').count(), 0);
  await context.close();
});

/** The English texts that a reporter could be shown, as far as they are sentences and not the same in Arabic. */
async function englishTexts() {
  const folder = join(ROOT, "crates/ui/locales");
  /** @type {string[]} */
  const texts = [];
  for (const name of (await readdir(folder)).filter((name) => /^en\.(form|evidence|follow-up|plain)\.json$/.test(name))) {
    const [own, arabic] = await Promise.all([name, name.replace(/^en/, "ar")].map(async (name) => JSON.parse(await readFile(join(folder, name), "utf8"))));
    texts.push(...Object.keys(own).filter((key) => own[key] !== arabic[key] && own[key].split(" ").length > 3 && !own[key].includes("{")).map((key) => own[key]));
  }
  assert.ok(texts.length > 300, `${texts.length}`);
  return texts;
}

/**
 * From right to left, and nothing of ours in English. What a channel says of itself is the provider's, and is not looked for.
 * @param {string} name @param {Page} page @param {string[]} english
 */
async function arabic(name, page, english) {
  const html = page.locator("html");
  assert.deepEqual([await html.getAttribute("lang"), await html.getAttribute("dir")], ["ar", "rtl"], name);
  // Hidden texts, too: a box for when the page breaks, what is folded. Not the English that stands beside a text on purpose.
  const text = await html.evaluate((html) => {
    const copy = /** @type {HTMLElement} */ (html.cloneNode(true));
    for (const beside of copy.querySelectorAll('[lang="en"]')) beside.remove();
    // With script it is text that nobody sees.
    for (const unseen of copy.querySelectorAll("noscript")) if (!unseen.firstElementChild) unseen.remove();
    const spoken = [...copy.querySelectorAll("[aria-label], [title], [data-ready]")].flatMap((one) => [...one.attributes]).map(({ value }) => value);
    return [copy.textContent, document.title, ...spoken].join("\n");
  });
  assert.deepEqual(english.filter((one) => text.includes(one)), [], name);
  assert.match(text, /[؀-ۿ]{3}/, `${name} says nothing in Arabic`);
  await look(`arabic-${name}`, page);
}

test("for somebody who reads Arabic, every page without script is in Arabic", async () => {
  const english = await englishTexts();
  const words = mark("arabic");
  const { context, page } = await open(browser, { javaScriptEnabled: false, locale: "ar-EG", ...PHONE });
  // Without script the form leads on by itself, and so does the page to come back to.
  await page.goto(running.addresses.hosted_page);
  await page.waitForURL(/\/plain$/);
  await arabic("plain", page, english);
  const code = await file(page, words);
  await arabic("sent", page, english);
  await page.goto(running.addresses.follow_up);
  await page.waitForURL(/\/follow-up\/[^/]+\/plain$/);
  await arabic("code", page, english);
  await page.locator("#code").fill(code.slice(1));
  await press(page, "open");
  await arabic("slip", page, english);
  await page.locator("#code").fill(code);
  await press(page, "open");
  await page.locator("#case-state").waitFor();
  await arabic("case", page, english);
  await press(page, "message");
  await page.locator("#stopped").waitFor();
  for (const part of ["files", "withdraw"]) await unfold(page, part);
  await arabic("stopped", page, english);
  await page.goto(running.addresses.hosted_page + "/plain");
  await page.locator('button[value="record_only"]').click();
  await page.locator("#text-what-happened").fill(words);
  await press(page, "check");
  await page.locator("#record-means").waitFor();
  await arabic("record", page, english);
  await page.goto(`${running.addresses.intake}/verify`);
  await arabic("verify without script", page, english);
  for (const path of ["/left", "/r/nowhere"]) {
    await page.goto(running.addresses.intake + path);
    await arabic(path.slice(1).replace("/", "-"), page, english);
  }
  await context.close();
});

test("with script, pages, their boxes and the proof are in Arabic, too", async () => {
  const english = await englishTexts();
  const { context, page } = await open(browser, { locale: "ar", acceptDownloads: true });
  await page.goto(running.addresses.hosted_page);
  const form = new Form(page, page);
  await form.fill(remedy());
  await arabic("form", page, english);
  await form.send();
  await form.get("proof").locator("summary").click();
  const [saved] = await Promise.all([page.waitForEvent("download"), form.get("proof-download").click()]);
  await page.goto(running.addresses.follow_up);
  await new FollowUp(page).get("receipt-input").waitFor();
  await arabic("follow-up", page, english);

  await page.goto(`${running.addresses.intake}/verify`);
  const file = page.getByTestId("proof-file").and(page.locator(":enabled"));
  await file.waitFor();
  await arabic("verify", page, english);
  await file.setInputFiles(await saved.path());
  await page.getByTestId("proof-good").and(page.locator(":focus")).waitFor();
  assert.match(await page.getByTestId("proof-says").innerText(), /وقّعت Northwind/);
  await accessible("verify in Arabic", page);
  await arabic("verify, good", page, english);
  await file.setInputFiles({ name: "record.json", mimeType: "application/json", buffer: Buffer.from("{}") });
  await page.getByTestId("proof-bad").and(page.locator(":focus")).waitFor();
  await arabic("verify, bad", page, english);
  await context.close();
});

test("without Wasm each page says so in its reader's language and leads on", async () => {
  const english = await englishTexts();
  for (const [address, leads] of [
    [running.addresses.hosted_page, /\/r\/[^/]+\/plain$/],
    [running.addresses.follow_up, /\/follow-up\/[^/]+\/plain$/],
  ]) {
    const { context, page } = await open(browser, { locale: "ar" });
    await context.route(/_bg-[0-9a-f]+\.wasm$/, (route) => route.abort());
    await page.goto(/** @type {string} */ (address));
    await page.locator("#broken:not([hidden])").waitFor();
    await arabic(`broken-${leads}`.replaceAll(/[^a-z-]/g, ""), page, english);
    await page.locator('#broken [data-broken="plain"]').click();
    await page.waitForURL(/** @type {RegExp} */ (leads));
    await context.close();
  }
});

test("the box follows when another language is chosen", async () => {
  const english = await englishTexts();
  const { context, page, faults } = await open(browser);
  const title = page.locator('#broken [data-broken="title"]');
  for (const [address, select] of [
    [running.addresses.hosted_page, page.getByTestId("language")],
    [running.addresses.follow_up, page.getByTestId("language")],
  ]) {
    await page.goto(/** @type {string} */ (address));
    assert.match((await title.textContent()) ?? "", /stopped working/);
    await /** @type {import("playwright-core").Locator} */ (select).selectOption("ar");
    await page.locator('html[lang="ar"]').waitFor();
    await arabic("switched", page, english);
  }
  assert.deepEqual(faults, []);
  await context.close();
});
