// What goes wrong, as people see it: a sentence that says what to do, and never a word lost.

import assert from "node:assert/strict";
import test, { after, before } from "node:test";

import { accessible } from "../lib/axe.mjs";
import { launch, open } from "../lib/browser.mjs";
import { demo } from "../lib/demo.mjs";
import { Console, FollowUp, Form } from "../lib/journey.mjs";
import { Server } from "../lib/server.mjs";
import { misuse } from "../lib/stories.mjs";
import { Wire } from "../lib/wire.mjs";

/** @type {Awaited<ReturnType<typeof demo>>} */
let running;
/** @type {import("playwright-core").Browser} */
let direct;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Wire} */
let wire;
before(async () => {
  running = await demo();
  const { intake, console, product } = running.addresses;
  wire = await new Wire([intake, console, product]).start();
  browser = await launch({ proxy: wire.address });
  direct = await launch();
});
after(async () => {
  await browser?.close();
  await direct?.close();
  wire?.stop();
  await running?.stop();
});

/** A form filled in to the check, on its own page. @param {import("../lib/journey.mjs").Story} story */
async function filled(story) {
  const { context, page } = await open(browser);
  await page.goto(running.addresses.hosted_page);
  const form = new Form(page, page);
  await form.fill(story);
  return { context, page, form };
}

/** Presses Send and returns the sentence that comes. @param {Form} form */
async function refused(form) {
  await form.get("send").click();
  await form.get("send-problem").waitFor();
  const sentence = await form.get("send-problem").innerText();
  await form.get("send").and(form.root.locator(":not([aria-disabled=true])")).waitFor();
  return sentence;
}

test("no connection when Send is pressed: told, kept, sent by trying again, once", async () => {
  const story = misuse();
  const { context, page, form } = await filled(story);
  wire.cut = (_, url) => url.pathname.startsWith("/api/");
  const sentence = await refused(form);
  assert.match(sentence, /could not reach the server/i);
  assert.match(sentence, /still here/);
  await accessible("send failed", page);
  assert.match(await form.get("send").innerText(), /Try again/);
  // Back and forth: nothing is lost.
  await form.get("change-text").click();
  assert.equal(await form.get("text-what-happened").inputValue(), story.text);
  await form.get("next").click();
  await form.at("check");
  assert.match(await form.get("check-evidence").innerText(), new RegExp(story.marks.fileName));
  wire.cut = () => false;
  const receipt = await form.send();
  const desk = await Console.signIn(page, running.addresses);
  await desk.open(story.marks.text);
  assert.equal(await desk.get("findings").count(), 0);
  assert.equal(receipt.length, 34);
  await context.close();
});

test("the later part of the form does not come: told, asked for again, and the chosen door stays", async () => {
  for (const lost of ["intake_app_later", "en.form-later"]) {
    const { context, page } = await open(browser);
    wire.cut = (_, url) => url.pathname.startsWith(`/assets/${lost}`);
    await page.goto(running.addresses.hosted_page);
    const form = new Form(page, page);
    await form.get("door-remedy").click();
    await form.get("reload").waitFor();
    assert.match(await form.get("screen-who").innerText(), /try again/i);
    await accessible(`${lost} lost`, page);
    wire.cut = () => false;
    await form.get("reload").click();
    // What it stood on has the name of the step that comes; the page on leaving comes between the two.
    await form.get("reload").waitFor({ state: "detached" });
    await form.at("who");
    await form.get("identity-anonymous").waitFor();
    await form.get("back").click();
    assert.equal(await form.get("door-remedy").getAttribute("aria-pressed"), "true");
    await context.close();
  }
});

test("the answer lost on its way: trying again files no second report", async () => {
  const story = { ...misuse(), files: [] };
  const { context, page, form } = await filled(story);
  // The report arrives, the answer does not.
  wire.lose = (method, url) => method === "POST" && url.pathname.endsWith("/reports");
  await refused(form);
  wire.lose = () => false;
  await form.send();
  const desk = await Console.signIn(page, running.addresses);
  await desk.get("queue-filter").fill(story.marks.text);
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="case-row"]').length === 1);
  await context.close();
});

test("the server killed in the middle of a file and started again: the same report goes through whole", async () => {
  const server = await Server.make();
  await server.start();
  const own = await new Wire([server.intake, server.console]).start();
  const chromium = await launch({ proxy: own.address });
  try {
    const { context, page } = await open(chromium);
    await page.goto(server.addresses.hosted_page);
    const form = new Form(page, page);
    const story = misuse();
    story.files = [{ name: "long.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(12 << 20, story.marks.file) }];
    await form.fill(story);
    // Killed when the first bytes of the file have been sent.
    /** @type {Promise<void> | undefined} */
    let killed;
    own.cut = (method) => {
      if (method === "PATCH" && !killed) killed = server.kill();
      return false;
    };
    const sentence = await refused(form);
    assert.match(sentence, /could not reach the server/i);
    assert.ok(killed, "it was never killed");
    await killed;
    await server.start();
    const receipt = await form.send();
    const followUp = await FollowUp.open(page, server.addresses);
    await followUp.enter(receipt);
    const desk = await Console.signIn(page, server.addresses);
    await desk.open(story.marks.text);
    await desk.get("tab-evidence").click();
    await desk.get("evidence-open-1").click();
    await desk.get("evidence-hash-1").waitFor();
    assert.equal(await desk.get("evidence-hash-1").getAttribute("data-verified"), "true");
    assert.equal(await desk.get("findings").count(), 0);
    await context.close();
  } finally {
    await chromium.close();
    own.stop();
    await server.remove();
  }
});

test("the form cannot be reached at all, is not there, or is not who it says", async () => {
  const { addresses } = running;
  const { context, page } = await open(browser);
  const manifest = (/** @type {URL} */ url) => url.pathname.endsWith("/manifest");
  wire.cut = (_, url) => manifest(url);
  await page.goto(addresses.hosted_page);
  await page.getByTestId("screen-unavailable").waitFor();
  assert.match(await page.getByTestId("screen-unavailable").innerText(), /could not reach the server/i);
  await accessible("unavailable", page);
  wire.cut = () => false;

  const real = await (await fetch(`${addresses.intake}/api/v1/channels/demo/manifest`)).json();
  // A byte of what was signed, changed on the way.
  const payload = Buffer.from(real.payload, "base64url").toString("utf8").replace("Northwind Software", "Northwind Softwere");
  const forged = JSON.stringify({ ...real, payload: Buffer.from(payload).toString("base64url") });
  wire.stub = (_, url) => (manifest(url) ? { status: 200, type: "application/json", body: forged } : undefined);
  await page.goto(addresses.hosted_page);
  await page.getByTestId("screen-unavailable").waitFor();
  assert.match(await page.getByTestId("screen-unavailable").innerText(), /mark of the company/i);
  wire.stub = () => undefined;

  await page.goto(`${addresses.intake}/r/nobody-has-this`);
  await page.getByText(/no form at this address|no page at this address/i).waitFor();
  await context.close();
});

test("a root key that does not fit what the product pins: nothing can be sent", async () => {
  const { addresses } = running;
  const { context, page } = await open(browser);
  await page.goto(addresses.product);
  const item = page.locator("report-concern[data-test=footer]");
  const other = Buffer.from(addresses.root_key, "base64url").reverse().toString("base64url");
  await item.evaluate((element, other) => element.setAttribute("root-key", other), other);
  await item.getByRole("button").click();
  const form = new Form(page, page.frameLocator("[data-recourse] iframe"));
  await form.get("screen-unavailable").waitFor();
  assert.match(await form.get("screen-unavailable").innerText(), /mark of the company/i);
  await context.close();
});

test("an old manifest: read anew, said so, and nothing typed is lost", async () => {
  const story = { ...misuse(), files: [] };
  const { context, form } = await filled(story);
  let refusals = 0;
  wire.stub = (method, url) => (method === "POST" && url.pathname.endsWith("/reports") && refusals++ === 0 ? problem("old-manifest", 409) : undefined);
  const mark = wire.exchanges.length;
  await form.get("send").click();
  await form.root.getByText(/form changed while you wrote/i).first().waitFor();
  assert.equal(refusals, 1);
  await form.at("check");
  await form.root.getByText(/Look again at who reads your report/i).waitFor();
  assert.ok(wire.since(mark).some((line) => /GET .*\/manifest$/.test(line)), wire.since(mark).join("\n"));
  assert.ok((await form.get("check-text").innerText()).includes(story.marks.text));
  await form.send();
  wire.stub = () => undefined;
  await context.close();
});

test("every refusal of the server is a sentence, and the text stays", async () => {
  const story = { ...misuse(), files: [] };
  const { context, form } = await filled(story);
  /** @type {Map<string, string>} */
  const sentences = new Map();
  for (const [slug, status] of /** @type {[string, number][]} */ ([
    ["too-large", 413],
    ["too-many-attachments", 422],
    ["wrong-checksum", 422],
    ["channel-closed", 410],
    ["unknown-channel", 404],
    ["unavailable", 503],
    ["internal", 500],
  ])) {
    wire.stub = (method, url) => (method === "POST" && url.pathname.endsWith("/reports") ? problem(slug, status) : undefined);
    const sentence = await refused(form);
    assert.match(sentence, /not sent/i, slug);
    assert.match(sentence, /still here/i, slug);
    assert.doesNotMatch(sentence, /urn:|[{}_]|undefined|\bnull\b|invalid/i, slug);
    assert.ok((await form.get("check-text").innerText()).includes(story.marks.text), slug);
    sentences.set(slug, sentence);
  }
  assert.equal(new Set(sentences.values()).size, sentences.size, "each says something of its own");
  // An answer that is none.
  wire.stub = (method, url) => (method === "POST" && url.pathname.endsWith("/reports") ? { status: 200, type: "text/html", body: "<h1>Welcome to the hotel's network</h1>" } : undefined);
  assert.match(await refused(form), /still here/i);
  wire.stub = () => undefined;
  await form.send();
  await context.close();
});

test("files that cannot be taken: each said by name, the rest stays", async () => {
  const { context, page } = await open(direct);
  await page.goto(running.addresses.hosted_page);
  const form = new Form(page, page);
  const story = misuse();
  for (const step of /** @type {const} */ (["start", "who", "what", "what-happened"])) await form.step(step, story);
  await form.at("evidence");
  const limit = 25 << 20;
  await form.get("file-input").setInputFiles([
    { name: "fits.txt", mimeType: "text/plain", buffer: Buffer.from("fits") },
    { name: "huge.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(limit + 1) },
    { name: "empty.txt", mimeType: "text/plain", buffer: Buffer.alloc(0) },
  ]);
  await form.get("evidence-card-1").waitFor();
  const problems = await form.get("evidence-problem").allInnerTexts();
  assert.equal(problems.length, 2, problems.join("\n"));
  assert.match(problems.join("\n"), /huge\.bin is larger than 2[56] ?M/);
  assert.match(problems.join("\n"), /What you wrote is still here/);
  assert.match(problems.join("\n"), /empty\.txt is empty/);
  await accessible("evidence, refused", page);
  await form.get("next").click();
  await form.at("check");
  assert.ok((await form.get("check-text").innerText()).includes(story.marks.text));
  assert.match(await form.get("check-evidence").innerText(), /fits\.txt/);
  await context.close();
});

test("a slip in the receipt is found before anything is asked of the server", async () => {
  const { addresses } = running;
  const { context, page } = await open(browser);
  await page.goto(addresses.hosted_page);
  const form = new Form(page, page);
  await form.fill({ ...misuse(), files: [] });
  const receipt = await form.send();

  const followUp = await FollowUp.open(page, addresses);
  await page.waitForLoadState("networkidle");
  const start = wire.exchanges.length;
  const swapped = [...receipt];
  const at = swapped.findIndex((character, at) => at > 0 && character !== swapped[at - 1] && character !== "-" && swapped[at - 1] !== "-");
  [swapped[at - 1], swapped[at]] = [swapped[at], swapped[at - 1]];
  for (const [typed, fault] of [
    ["", "empty"],
    [receipt.slice(0, -1), "length"],
    [`${receipt.slice(0, -1)}!`, "character"],
    [swapped.join(""), "checksum"],
    [receipt.replace(/[0-9A-Z]/, (first) => (first === "7" ? "8" : "7")), "checksum"],
  ]) {
    await followUp.get("receipt-input").fill(typed);
    await followUp.get("receipt-open").click();
    await page.locator(`[data-testid="receipt-error"][data-fault="${fault}"]`).waitFor();
    await accessible(`follow-up, ${fault}`, page);
  }
  assert.deepEqual(wire.since(start).filter((line) => line.includes("/api/v1/channels/demo/case")), []);
  // Forgiven: case, spaces, the letters that are taken for digits.
  await followUp.enter(` ${receipt.toLowerCase().replaceAll("-", "  ").replaceAll("0", "o").replaceAll("1", "l")} `);
  await context.close();
});

test("no connection on the follow-up page: the words stay", async () => {
  const { addresses } = running;
  const { context, page } = await open(browser);
  await page.goto(addresses.hosted_page);
  const form = new Form(page, page);
  await form.fill({ ...misuse(), files: [] });
  const receipt = await form.send();
  const followUp = await FollowUp.open(page, addresses);
  await followUp.enter(receipt);
  wire.cut = (_, url) => url.pathname.startsWith("/api/");
  await followUp.get("write-text").fill("and one more thing");
  await followUp.get("write-send").click();
  await followUp.get("write-error").waitFor();
  assert.equal(await followUp.get("write-text").inputValue(), "and one more thing");
  await accessible("follow-up, not written", page);
  wire.cut = () => false;
  await followUp.get("write-send").click();
  await followUp.get("write-sent").waitFor();
  await context.close();
});

/** @param {string} slug @param {number} status */
function problem(slug, status) {
  const body = JSON.stringify({ type: `urn:recourse:problem:${slug}`, title: "for developers", status });
  return { status, type: "application/problem+json", body };
}
