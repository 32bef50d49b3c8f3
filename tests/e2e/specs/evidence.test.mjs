// Evidence: every door, what is taken out of files, what cannot be taken, and sending over a line that breaks.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import zlib from "node:zlib";

import { accessible } from "../lib/axe.mjs";
import { launch, open } from "../lib/browser.mjs";
import { demo } from "../lib/demo.mjs";
import { Console, Form } from "../lib/journey.mjs";
import { claiming, png } from "../lib/picture.mjs";
import { mark } from "../lib/stories.mjs";
import { Wire } from "../lib/wire.mjs";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof demo>>} */
let running;
/** @type {Wire} */
let wire;
/** @type {string} */
let folder;
before(async () => {
  running = await demo();
  const { intake, console, product } = running.addresses;
  wire = await new Wire([intake, console, product]).start();
  browser = await launch({ proxy: wire.address, args: ["--auto-accept-this-tab-capture"] });
  folder = await mkdtemp(join(tmpdir(), "recourse-evidence-"));
});
after(async () => {
  await browser?.close();
  wire?.stop();
  await running?.stop();
  if (folder) await rm(folder, { recursive: true });
});

const MEGABYTE = 1 << 20;
/** Of the demo's channel. */
const LIMIT = 25 * MEGABYTE;

/** @param {import("playwright-core").BrowserContextOptions} [options] */
async function atEvidence(options) {
  const opened = await open(browser, options);
  return { ...opened, form: await Form.atEvidence(opened.page, running.addresses) };
}

/** Run in a page: what colour a picture has at the same 1600 places, whatever its size. @param {unknown} picture an image, or a PNG as base64 */
async function colours(picture) {
  const source = typeof picture === "string" ? new Blob([Uint8Array.from(atob(picture), (c) => c.charCodeAt(0))]) : /** @type {HTMLImageElement} */ (picture);
  const bitmap = await createImageBitmap(source, { resizeWidth: 50, resizeHeight: 50, resizeQuality: "pixelated" });
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(50, 50).getContext("2d"));
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(5, 5, 40, 40);
  return Array.from({ length: 1600 }, (_, place) => [...data.subarray(place * 4, place * 4 + 3)]);
}

/** A document of two parts, one of which claims and unpacks to more than any document needs. */
function zipBomb() {
  const parts = [
    { name: Buffer.from("[Content_Types].xml"), content: Buffer.from("<Types/>") },
    { name: Buffer.from("word/document.xml"), content: Buffer.alloc(220 * MEGABYTE) },
  ];
  /** @type {Buffer[]} */
  const files = [];
  /** @type {Buffer[]} */
  const directory = [];
  let at = 0;
  for (const { name, content } of parts) {
    const packed = zlib.deflateRawSync(content);
    const local = Buffer.alloc(30);
    local.write("PK\x03\x04", "latin1");
    const entry = Buffer.alloc(46);
    entry.write("PK\x01\x02", "latin1");
    entry.writeUInt32LE(at, 42);
    // Both heads have the same fields; the directory's begin two bytes later.
    for (const [head, from] of /** @type {[Buffer, number][]} */ ([[local, 4], [entry, 6]])) {
      head.writeUInt16LE(20, from);
      head.writeUInt16LE(8, from + 4);
      head.writeUInt32LE(packed.length, from + 14);
      head.writeUInt32LE(content.length, from + 18);
      head.writeUInt16LE(name.length, from + 22);
    }
    files.push(local, name, packed);
    directory.push(entry, name);
    at += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(2, 8);
  end.writeUInt16LE(2, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, ...directory, end]);
}

test("pictures are cleaned before they count, and the card says what was taken out", async () => {
  const { context, page, faults, form } = await atEvidence();
  await accessible("evidence, empty", page);
  const comment = mark("taken-from");
  await form.get("picture-input").setInputFiles([
    { name: "one.png", mimeType: "image/png", buffer: png(3, comment) },
    { name: "two.png", mimeType: "image/png", buffer: png(4, comment) },
  ]);
  for (const number of [1, 2]) {
    await form.cleaned(number);
    assert.match(await form.get(`evidence-state-${number}`).innerText(), /Taken out: .*comments/);
    await form.get(`evidence-preview-${number}`).waitFor();
  }
  await form.get("file-input").setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("Monday: they rang again.") });
  await form.cleaned(3);
  assert.match(await form.get("evidence-state-3").innerText(), /No hidden data/);
  await form.get("evidence-sensitive-2").check();
  await accessible("evidence, three files", page);
  await form.get("evidence-remove-3").click();
  assert.equal(await form.get("evidence-card-3").count(), 0);

  // What the reviewer gets.
  await form.get("under-18-no").check();
  const words = mark("cleaned");
  await form.get("step-what-happened").click();
  await form.get("text-what-happened").fill(words);
  await form.get("step-check").click();
  await form.send();
  const reviewer = await open(browser);
  const desk = await Console.signIn(reviewer.page, running.addresses);
  await desk.open(words);
  await desk.get("tab-evidence").click();
  await desk.get("evidence-open-1").click();
  await desk.get("evidence-save-1").waitFor();
  const [download] = await Promise.all([reviewer.page.waitForEvent("download"), desk.get("evidence-save-1").click()]);
  const saved = await readFile(await download.path());
  assert.ok(saved.length > 100 && !saved.includes(comment), "the comment came through");
  assert.deepEqual(faults, []);
  await reviewer.context.close();
  await context.close();
});

test("what cannot be taken is refused with a sentence and a way out, and nothing is lost", async () => {
  const { context, page, faults, form } = await atEvidence();
  await form.get("step-what-happened").click();
  await form.get("text-what-happened").fill("They rang at night.");
  await form.get("step-evidence").click();
  const large = join(folder, "large.bin");
  await writeFile(large, "");
  await truncate(large, 100 * MEGABYTE);
  const over = join(folder, "over.txt");
  await writeFile(over, Buffer.alloc(LIMIT + 1, "a"));
  for (const [what, file, sentence] of /** @type {[string, any, RegExp][]} */ ([
    ["0 bytes", { name: "empty.txt", mimeType: "text/plain", buffer: Buffer.alloc(0) }, /is empty/],
    ["100 MB", large, /larger than 25\s?MB/],
    ["a byte too many", over, /larger than 25\s?MB/],
    ["a picture bomb", { name: "bomb.png", mimeType: "image/png", buffer: claiming(50_000, 50_000) }, /more pixels than .*picture of the screen/],
    ["a zip bomb", { name: "bomb.docx", mimeType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", buffer: zipBomb() }, /unpacks to far more/],
  ])) {
    await form.get("file-input").setInputFiles(file);
    const problem = form.get("evidence-problem");
    await problem.waitFor();
    assert.match(await problem.innerText(), sentence, what);
    assert.equal(await form.root.locator("[data-testid^=evidence-card]").count(), 0, what);
  }
  await accessible("evidence, refused", page);
  await form.get("step-what-happened").click();
  assert.equal(await form.get("text-what-happened").inputValue(), "They rang at night.");
  assert.deepEqual(faults, []);
  await context.close();
});

test("what cannot be cleaned is the person's to decide, and keeps the form from going on until then", async () => {
  const { context, page, faults, form } = await atEvidence();
  const html = Buffer.from("<!doctype html><title>x</title><p>hello");
  await form.get("file-input").setInputFiles({ name: "shot.png", mimeType: "image/png", buffer: html });
  await form.get("evidence-insist-1").waitFor();
  assert.match(await form.get("evidence-state-1").innerText(), /may say who made it[^]*another kind of file[^]*picture of the screen/);
  await accessible("evidence, undecided", page);
  await form.get("next").click();
  await form.root.locator("#error-summary").waitFor();
  assert.match(await form.root.locator("#error-summary").innerText(), /Say what becomes of this file/);
  await form.get("evidence-insist-1").click();
  assert.match(await form.get("evidence-state-1").innerText(), /Added as it is/);
  await form.get("evidence-remove-1").click();
  assert.deepEqual(faults, []);
  await context.close();
});

test("names that do something instead of being read lose it; sizes at the edges pass", async () => {
  const { context, faults, form } = await atEvidence();
  await form.get("file-input").setInputFiles({ name: "a\u202egnp.txt", mimeType: "text/plain", buffer: Buffer.from("x") });
  await form.cleaned(1);
  assert.equal(await form.get("evidence-name-1").inputValue(), "agnp.txt");
  let number = 1;
  for (const size of [1, MEGABYTE - 1, MEGABYTE, MEGABYTE + 1, LIMIT]) {
    await form.get("file-input").setInputFiles({ name: `${size}.txt`, mimeType: "text/plain", buffer: Buffer.alloc(size, "a") });
    number += 1;
    await form.cleaned(number);
    await form.get(`evidence-remove-${number}`).click();
  }
  assert.equal(await form.get("evidence-problem").count(), 0);
  assert.deepEqual(faults, []);
  await context.close();
});

test("links: an address is asked for whole, and goes with its words", async () => {
  const { context, page, faults, form } = await atEvidence();
  await form.get("add-link").click();
  const address = form.root.locator("[data-testid^=evidence-address]");
  await address.fill("example.org/post");
  await form.get("next").click();
  assert.match(await form.root.locator("#error-summary").innerText(), /begins with https/);
  await accessible("evidence, half an address", page);
  await address.fill("https://example.org/post/7");
  await form.root.locator("[data-testid^=evidence-description]").fill("The post");
  await form.get("next").click();
  await form.at("check");
  assert.match(await form.get("check-evidence").innerText(), /https:\/\/example\.org\/post\/7[^]*The post/);
  const words = mark("linked");
  await form.get("change-text").click();
  await form.get("text-what-happened").fill(words);
  await form.get("next").click();
  await form.send();
  const reviewer = await open(browser);
  const desk = await Console.signIn(reviewer.page, running.addresses);
  await desk.open(words);
  await desk.get("tab-evidence").click();
  assert.equal(await desk.get("evidence").count(), 1);
  await desk.get("evidence-open-1").click();
  await desk.get("evidence-save-1").waitFor();
  const [download] = await Promise.all([reviewer.page.waitForEvent("download"), desk.get("evidence-save-1").click()]);
  assert.equal(await readFile(await download.path(), "utf8"), "https://example.org/post/7");
  assert.deepEqual(faults, []);
  await reviewer.context.close();
  await context.close();
});

test("a picture of the screen shows the product and not the form, and the form is there again", async () => {
  const { context, page, faults } = await open(browser);
  const form = await Form.onProduct(page, running.addresses);
  await form.get("door-misuse").click();
  await form.at("who");
  await form.get("step-evidence").click();
  await form.get("shoot").click();
  await form.cleaned(1);
  const dialog = page.locator("[data-recourse] dialog");
  assert.equal(await dialog.evaluate((dialog) => dialog.classList.contains("away")), false);
  // In the middle stood the form; the picture has what the product shows there.
  const preview = form.get("evidence-preview-1");
  await preview.waitFor();
  const taken = await preview.evaluate(colours);
  await form.get("evidence-remove-1").click();
  await form.last("quick-exit");
  const shown = await page.evaluate(colours, (await page.screenshot()).toString("base64"));
  const apart = taken.filter((colour, place) => colour.some((part, at) => Math.abs(part - shown[place][at]) > 40)).length;
  assert.ok(apart < taken.length / 10, `${apart} of ${taken.length} places differ: the form is in the picture`);
  // Chromium itself looks for a camera when a screen is asked for, and complains that it may not.
  assert.deepEqual(faults.filter((fault) => !fault.includes("camera is not allowed")), []);
  await context.close();
});

test("where a page may not take the screen, the door says how it is done by hand", async () => {
  const { context, page, form } = await (async () => {
    const opened = await open(browser, { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });
    await opened.context.addInitScript(() => Object.defineProperty(MediaDevices.prototype, "getDisplayMedia", { value: undefined }));
    return { ...opened, form: await Form.atEvidence(opened.page, running.addresses) };
  })();
  await form.get("shoot-by-hand").waitFor();
  assert.equal(await form.get("shoot").count(), 0);
  assert.equal(await form.get("camera-input").getAttribute("capture"), "environment");
  await accessible("evidence on a phone", page);
  await context.close();
});

test("over a line that breaks: told, paused, gone on with where it stood, and whole", async () => {
  const { context, faults, form } = await atEvidence();
  const content = Buffer.alloc(9 * MEGABYTE);
  for (let at = 0; at < content.length; at += 1) content[at] = 97 + ((at * 7 + (at >> 12)) % 26);
  await form.get("file-input").setInputFiles({ name: "log.txt", mimeType: "text/plain", buffer: content });
  await form.cleaned(1);
  const words = mark("resumed");
  await form.get("step-what-happened").click();
  await form.get("text-what-happened").fill(words);
  await form.get("step-check").click();
  const start = wire.exchanges.length;
  let pieces = 0;
  wire.cut = (method) => method === "PATCH" && ++pieces > 1;
  await form.get("send").click();
  await form.root.getByText("The line is away").first().waitFor();
  await form.get("pause").click();
  await form.root.locator("#send-progress-text", { hasText: "Paused" }).waitFor();
  wire.cut = () => false;
  await form.get("go-on").click();
  await form.at("sent");
  const uploads = wire.exchanges.slice(start).filter(({ url }) => /\/uploads\/./.test(url.pathname));
  const offset = (/** @type {string[]} */ headers) => Number(headers[headers.findIndex((name) => name.toLowerCase() === "upload-offset") + 1]);
  const arrived = uploads.filter(({ method, status }) => method === "PATCH" && status === 204);
  assert.ok(uploads.some(({ method, status }) => method === "HEAD" && status < 300), "asked how far it came");
  let stood = 0;
  for (const { headers, body } of arrived) {
    assert.equal(offset(headers), stood, "nothing is sent twice");
    stood += body.length;
  }
  assert.ok(stood >= content.length);
  assert.equal(wire.exchanges.slice(start).filter(({ method, url }) => method === "POST" && url.pathname.endsWith("/uploads")).length, 1);
  assert.deepEqual(faults.filter((fault) => !/ERR_EMPTY_RESPONSE|ERR_CONNECTION|Failed to load/.test(fault)), []);
  await context.close();
});
