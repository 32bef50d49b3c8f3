// A channel with everything that its file can ask for: the agency from its list of public-sector customers, its own questions, and context
// tokens of its product, through to what a reviewer is told of each; and the way to the form on an own phone.

import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { rm } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import test, { after, before } from "node:test";

import { accessible } from "../lib/axe.mjs";
import { launch, open } from "../lib/browser.mjs";
import { demo, freePort, scratch } from "../lib/demo.mjs";
import { Console, Form } from "../lib/journey.mjs";
import { targets } from "../lib/reach.mjs";
import { openRecord } from "../lib/record.mjs";
import { scan } from "../lib/scan.mjs";
import { Server } from "../lib/server.mjs";
import { mark } from "../lib/stories.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** A page of the product with the button, made for one test at a time. */
const PRODUCT = `http://localhost:${await freePort()}`;
let productPage = "";
const product = createServer((_, response) => void response.setHeader("content-type", "text/html").end(productPage)).listen(Number(new URL(PRODUCT).port), "localhost");

const ed = generateKeyPairSync("ed25519");
const es = generateKeyPairSync("ec", { namedCurve: "P-256" });
const stranger = generateKeyPairSync("ed25519");
const [edKey, esKey] = [ed, es].map(({ publicKey }) => publicKey.export({ format: "jwk" }));

/** 60 agencies, three of them told apart by their names; two countries. */
const AGENCIES = Array.from({ length: 57 }, (_, n) => ({ name: `Office ${n + 1} of Works`, country: n % 2 ? "AT" : "DE" }));
AGENCIES.push({ name: "Stadt Zürich, Sozialamt", country: "CH" }, { name: "بلدية القاهرة", country: "EG" }, { name: "<b>City</b> of Town", country: "AT" });

const CHANNEL = `
[[questions]]
id = "plan"
kind = "choice"
several = true
label = { en = "Which plan is it?" }
options = [ { id = "team", label = { en = "Team" } }, { id = "trial", label = { en = "Trial version" } } ]

[[questions]]
id = "words"
kind = "text"
label = { en = "What does it say at the top?" }

${AGENCIES.map(({ name, country }) => `[[public_customers]]\nname = ${JSON.stringify(name)}\ncountry = "${country}"\n`).join("\n")}
[[context_keys]]
id = "ed"
alg = "EdDSA"
x = "${edKey.x}"

[[context_keys]]
id = "es"
alg = "ES256"
x = "${esKey.x}"
y = "${esKey.y}"
`;

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof demo>>} */
let running;
/** @type {Server} */
let server;
before(async () => {
  // The demo builds what the server is and serves.
  [running, browser] = await Promise.all([demo(), launch()]);
  server = await Server.make([PRODUCT], CHANNEL);
  await server.start();
});
after(async () => {
  product.close();
  product.closeAllConnections();
  await server?.remove();
  await browser?.close();
  await running?.stop();
});

const SMALL = { viewport: { width: 320, height: 640 } };

/** @param {Page} page */
const fits = async (page) => assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, "wider than the screen");

/** The hosted form at the questions of whom it is about. @param {import("playwright-core").BrowserContextOptions} [options] */
async function atWhom(options = {}) {
  const opened = await open(browser, options);
  await opened.page.goto(server.addresses.hosted_page);
  const form = new Form(opened.page, opened.page);
  await form.get("door-misuse").click();
  await form.at("who");
  await form.get("step-what-happened").click();
  await form.at("what-happened");
  await form.get("chip-where").click();
  return { ...opened, form };
}

/** @param {Form} form @param {string[]} steps */
async function through(form, steps) {
  for (const step of steps) {
    await form.get("next").click();
    await form.at(step);
  }
}

/** What a screen reader is told. @param {Form} form @param {RegExp} words */
const said = (form, words) => form.get("live").filter({ hasText: words }).waitFor({ state: "attached" });

/** Presses Tab until that has the focus. @param {Page} page @param {string} name */
async function tabTo(page, name) {
  const target = page.getByTestId(name).and(page.locator(":focus"));
  for (let n = 0; n < 60; n += 1) {
    await page.keyboard.press("Tab");
    if ((await target.count()) === 1) return;
  }
  assert.fail(`${name} cannot be reached by Tab`);
}

test("an agency is found and picked with the keyboard alone, on a small screen, and reaches the reviewers", async () => {
  const { context, page, form, faults } = await atWhom(SMALL);
  const words = mark("agency");
  await form.get("text-what-happened").fill(`They file everybody, ${words}.`);
  assert.equal(await form.get("customers").count(), 0, "nothing to pick before it is of the state");
  await form.get("subject-government_body").focus();
  await page.keyboard.press("Space");
  await form.get("customers").waitFor();
  await accessible("agencies", page);
  await targets("agencies", page);
  await fits(page);
  const shown = () => form.get("customers").getByRole("radio").count();
  assert.equal(await shown(), 7, "six names, and that it is none of them");

  await tabTo(page, "customer-search");
  await page.keyboard.type("zurich");
  await said(form, /^Names found: 1$/);
  assert.equal(await shown(), 2);
  for (let n = 0; n < 6; n += 1) await page.keyboard.press("Backspace");
  await page.keyboard.type("office germany");
  await said(form, /^Names found: 29\. You see the first 6/);
  for (let n = 0; n < 14; n += 1) await page.keyboard.press("Backspace");
  await page.keyboard.type("nowhere");
  await said(form, /^No name has this word/);
  for (let n = 0; n < 7; n += 1) await page.keyboard.press("Backspace");
  await page.keyboard.type("<b> town");
  assert.equal(await form.get("customers").locator("b").count(), 0, "a name is text");
  // One stop for all of them; the arrows go from one to the next.
  await tabTo(page, "customer-59");
  await page.keyboard.press("Space");
  await form.get("customer-chosen").waitFor();
  assert.match(await form.get("customer-chosen").innerText(), /<b>City<\/b> of Town.* · Austria/);
  await page.keyboard.press("ArrowDown");
  assert.equal(await form.get("customer-unlisted").isChecked(), true);
  assert.equal(await form.get("customer-chosen").count(), 0);
  await page.keyboard.press("ArrowUp");
  assert.equal(await form.get("customer-59").isChecked(), true);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "customer-59", "the focus stays where it is");
  await accessible("an agency picked", page);
  await form.get("subject-name").fill("the housing office");
  await form.more();
  await form.get("use-case").fill("to choose who gets a flat");
  await form.get("market").selectOption("AT");
  await form.get("item").fill("letter 4711");

  await through(form, ["evidence", "check"]);
  const details = await form.get("check-details").innerText();
  for (const part of [/A public body · .*City.* of Town.* · Austria · the housing office/, /to choose who gets a flat/, /Austria/, /letter 4711/]) assert.match(details, part);
  await accessible("agency, check", page);
  await fits(page);
  await form.send();
  assert.deepEqual(faults, []);
  await context.close();

  const reader = await open(browser);
  const desk = await Console.signIn(reader.page, server.addresses);
  await desk.open(words);
  assert.match(await desk.get("field-public_customer").innerText(), /<b>City<\/b> of Town\s+Austria/);
  assert.doesNotMatch(await desk.get("field-public_customer").innerText(), /not in the channel's list/);
  assert.match(await desk.get("field-sector").innerText(), /Public/);
  assert.match(await desk.get("field-use_case").innerText(), /who gets a flat/);
  assert.match(await desk.get("field-market").innerText(), /Austria/);
  assert.match(await desk.get("report").innerText(), /the housing office/);
  assert.deepEqual(reader.faults, []);
  await reader.context.close();
});

test("right to left the list reads as well, and is no wider than a small screen", async () => {
  const { context, page, form, faults } = await atWhom({ ...SMALL, locale: "ar" });
  assert.equal(await page.evaluate(() => document.documentElement.dir), "rtl");
  await form.get("subject-customer_org").check();
  await form.get("sector-public").check();
  await form.get("customer-search").fill("القاهره");
  await form.get("customer-58").check();
  assert.match(await form.get("customer-chosen").innerText(), /بلدية القاهرة/);
  await accessible("agencies, Arabic", page);
  await targets("agencies, Arabic", page);
  await fits(page);
  // A name in Latin letters beside.
  await form.get("customer-search").fill("stadt");
  await form.get("customer-57").check();
  await fits(page);
  await accessible("agencies, both directions", page);
  assert.deepEqual(faults, []);
  await context.close();
});

test("what is not in the list is typed, and whom nobody asked is not sent", async () => {
  const { context, form } = await atWhom();
  const words = mark("unlisted");
  await form.get("text-what-happened").fill(words);
  await form.get("subject-government_body").check();
  assert.equal(await form.get("subject-name").count(), 0);
  await form.get("customer-unlisted").check();
  await form.get("subject-name").fill("Village of Elsewhere");
  await through(form, ["evidence", "check"]);
  assert.match(await form.get("check-details").innerText(), /A public body · Village of Elsewhere/);
  // Taken out as a whole, and nothing of it is left on the screen before.
  await form.get("remove-subject").click();
  await form.get("change-details").click();
  await form.at("what-happened");
  assert.equal(await form.get("customers").count(), 0);
  await form.get("subject-end_user").check();
  await form.get("sector-private").check();
  assert.equal(await form.get("customers").count(), 0);
  await context.close();
});

test("a record for oneself holds the agency as well", async () => {
  const { context, page } = await open(browser, { acceptDownloads: true });
  await page.goto(server.addresses.hosted_page);
  const form = new Form(page, page);
  await form.get("door-record").click();
  await form.at("who");
  await through(form, ["what", "what-happened"]);
  await form.get("text-what-happened").fill("For later.");
  await form.get("chip-where").click();
  await form.get("subject-government_body").check();
  await form.get("customer-0").check();
  await form.more();
  await form.get("market").selectOption("DE");
  await through(form, ["evidence", "check"]);
  assert.match(await form.get("check-details").innerText(), /A public body · .*Office 1 of Works.* · Germany/);
  await form.get("send").click();
  const code = (await form.get("record-code").innerText()).replace(/\s+/g, "");
  const [saved] = await Promise.all([page.waitForEvent("download"), form.get("record-save").click()]);
  const folder = await scratch();
  const file = join(folder, "notes.age");
  await saved.saveAs(file);
  const { subject } = JSON.parse(await openRecord(file, code)).draft;
  assert.deepEqual([subject.kind, subject.sector, subject.market, subject.public_customer], ["government_body", "public", "DE", { name: "Office 1 of Works", country: "DE" }]);
  await rm(folder, { recursive: true });
  await context.close();
});

test("a channel without a list asks for none", async () => {
  const { context, page } = await open(browser);
  await page.goto(running.addresses.hosted_page);
  const form = new Form(page, page);
  await form.get("door-misuse").click();
  await form.at("who");
  await form.get("step-what-happened").click();
  await form.at("what-happened");
  await form.get("chip-where").click();
  await form.get("subject-government_body").check();
  await form.get("subject-name").waitFor();
  assert.equal(await form.get("customers").count(), 0);
  await context.close();
});

for (const options of [{}, { colorScheme: /** @type {const} */ ("dark") }, { forcedColors: /** @type {const} */ ("active") }, { ...SMALL, locale: "ar" }]) {
  test(`an own phone finds the form by its camera: ${JSON.stringify(options)}`, async () => {
    const { context, page, faults } = await open(browser, options);
    // Something about the person in the address that they came by.
    await page.goto(`${server.addresses.hosted_page}?from=mail-17#part`);
    const form = new Form(page, page);
    await form.at("start");
    await form.get("phone-scan").waitFor({ state: "attached" });
    assert.equal(await form.get("phone-scan").isVisible(), false, "opened by a press");
    /** @type {string[]} */
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await form.get("on-phone").locator("summary").focus();
    await page.keyboard.press("Enter");
    await form.get("qr").waitFor();
    assert.equal(await form.get("phone-address").innerText(), server.addresses.hosted_page);
    assert.equal(await scan(page, await form.get("qr").screenshot()), server.addresses.hosted_page);
    await accessible(`own phone ${JSON.stringify(options)}`, page);
    await fits(page);
    assert.deepEqual(asked, []);
    assert.deepEqual(faults, []);
    await context.close();
  });
}

test("without script the code is there as well, drawn by the server", async () => {
  const { context, page } = await open(browser, { javaScriptEnabled: false });
  await page.goto(`${server.addresses.hosted_page}/plain`);
  await page.locator("#on-phone summary").click();
  const picture = await page.locator("#on-phone svg.qr").screenshot();
  await context.close();
  // With script for axe alone: the page has none.
  const { context: other, page: reader, faults } = await open(browser, SMALL);
  assert.equal(await scan(reader, picture), server.addresses.hosted_page);
  await reader.goto(`${server.addresses.hosted_page}/plain`);
  await reader.locator("#on-phone summary").click();
  await accessible("plain, own phone", reader);
  await fits(reader);
  await agencyWithoutScript(reader);
  assert.deepEqual(faults, []);
  await other.close();
});

/** @param {Page} page at the first page of the form without script */
async function agencyWithoutScript(page) {
  const words = mark("plain");
  await page.getByRole("button", { name: "Report how" }).click();
  await page.locator("#text-what-happened").fill(words);
  await page.locator("details:has(#customer) > summary").click();
  await page.locator("#customer").selectOption("<b>City</b> of Town");
  await accessible("plain, agencies", page);
  await fits(page);
  await page.getByRole("button", { name: "Check what I wrote" }).click();
  await page.locator("#file").waitFor();
  assert.match(await page.locator("main").innerText(), /A public body · <b>City<\/b> of Town · AT/);
}

const DAY = 86_400;

/**
 * A token of the product's server. @param {number} ago days
 * @param {(signed: Buffer) => Buffer} by @param {string} kid @param {string} alg
 */
function token(ago, by, kid = "ed", alg = "EdDSA") {
  const day = (Math.floor(Date.now() / 1000 / DAY) - ago) * DAY;
  const claims = { iss: "https://crm.example", aud: "demo", subject_type: "campaign", subject_id: "17", tenant: "acme", iat: day, exp: day + 2 * DAY, labels: { "<i>list</i>": "<script>alert(1)</script>" } };
  const signed = [{ alg, kid }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${signed}.${by(Buffer.from(signed)).toString("base64url")}`;
}

const TOKENS = /** @type {const} */ ({
  "EdDSA holds": [0, (/** @type {Buffer} */ signed) => sign(null, signed, ed.privateKey), "ed", "EdDSA", "vouched-holds", false],
  "ES256 holds": [0, (/** @type {Buffer} */ signed) => sign("sha256", signed, { key: es.privateKey, dsaEncoding: "ieee-p1363" }), "es", "ES256", "vouched-holds", false],
  "EdDSA forged": [0, (/** @type {Buffer} */ signed) => sign(null, signed, stranger.privateKey), "ed", "EdDSA", "vouched-forged", false],
  "ES256 forged": [0, (/** @type {Buffer} */ signed) => Buffer.alloc(64, signed[0]), "es", "ES256", "vouched-forged", false],
  "a key that the channel has not": [0, (/** @type {Buffer} */ signed) => sign(null, signed, ed.privateKey), "other", "EdDSA", "vouched-unknown_key", false],
  expired: [5, (/** @type {Buffer} */ signed) => sign(null, signed, ed.privateKey), "ed", "EdDSA", "vouched-holds", true],
});

for (const [name, [ago, by, kid, alg, expected, over]] of Object.entries(TOKENS)) {
  test(`a reviewer is told what a context token is worth: ${name}`, async () => {
    const { context, page, faults } = await open(browser);
    const words = mark("vouched");
    productPage = `<!doctype html><html lang="en"><title>Product</title><script type="module" async src="${server.intake}/widget/report-concern.js" crossorigin></script><report-concern channel="demo" context-token="${token(ago, by, kid, alg)}"><a href="${server.addresses.hosted_page}">Report</a></report-concern>`;
    // The form takes no token that has ended: here it believes that it is still that day.
    if (over) await page.clock.setFixedTime(Date.now() - ago * DAY * 1000);
    await page.goto(`${PRODUCT}/`);
    await page.locator("report-concern").getByRole("button").click();
    const form = new Form(page, page.frameLocator("[data-recourse] iframe"));
    await form.at("start");
    assert.equal(await form.get("phone-address").textContent(), server.addresses.hosted_page, "in a frame as well");
    await form.get("door-misuse").click();
    await form.at("who");
    await through(form, ["what", "what-happened"]);
    await form.get("text-what-happened").fill(words);
    await form.get("question-plan-team").check();
    await form.get("question-plan-trial").check();
    await form.get("question-words").fill("<img src=x onerror=alert(1)> on top");
    await through(form, ["evidence", "check"]);
    await form.get("token-claims").waitFor();
    await form.get("keep-token").check();
    await form.send();
    assert.deepEqual(faults, []);
    await context.close();

    const reader = await open(browser);
    const desk = await Console.signIn(reader.page, server.addresses);
    await desk.open(words);
    await desk.get(expected).waitFor();
    const told = await desk.get("vouched").innerText();
    for (const claim of ["https://crm.example", "campaign", "17", "acme", "<i>list</i>", "<script>alert(1)</script>"]) assert.ok(told.includes(claim), `${claim} in ${told}`);
    assert.equal(await desk.get("vouched-day").count(), over ? 1 : 0);
    assert.equal(await desk.get("vouched").locator("i, script").count(), 0);
    // The channel's own questions, as they were asked.
    assert.match(await desk.get("field-answer-1").innerText(), /Which plan is it\?\s+Team\s+Trial version/);
    assert.match(await desk.get("field-answer-2").innerText(), /What does it say at the top\?\s+<img src=x onerror=alert\(1\)> on top/);
    assert.equal(await desk.get("report").locator("img").count(), 0);
    await accessible(`console, ${name}`, reader.page);
    assert.deepEqual(reader.faults, []);
    await reader.context.close();
  });
}
