// Evidence that is added later: the follow-up page takes out of files what the form takes out, refuses what the form refuses, and covers, pauses
// and asks as the form does.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test, { after, before } from "node:test";

import { accessible } from "../lib/axe.mjs";
import { launch, open } from "../lib/browser.mjs";
import { demo } from "../lib/demo.mjs";
import { Console, FollowUp, Form } from "../lib/journey.mjs";
import { PLACE, authored, claiming, jpegOf, painted, placed } from "../lib/picture.mjs";
import { mark, remedy } from "../lib/stories.mjs";
import { Wire } from "../lib/wire.mjs";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof demo>>} */
let running;
/** @type {Wire} */
let wire;
before(async () => {
  running = await demo();
  const { intake, console, product } = running.addresses;
  wire = await new Wire([intake, console, product]).start();
  browser = await launch({ proxy: wire.address });
});
after(async () => {
  await browser?.close();
  wire?.stop();
  await running?.stop();
});

const MEGABYTE = 1 << 20;
/** Of the demo's channel. */
const LIMIT = 25 * MEGABYTE;
const NEEDLE = [255, 0, 255];
/** What is to be covered. */
const SECRET = { x: 120, y: 90, width: 80, height: 40 };
/** @param {number} x @param {number} y */
const under = (x, y) => x >= SECRET.x && x < SECRET.x + SECRET.width && y >= SECRET.y && y < SECRET.y + SECRET.height;
const picture = () => painted(400, 300, (x, y) => (under(x, y) ? NEEDLE : [40 + (x % 100), 80 + (y % 100), 60]));
const photo = (/** @type {string} */ name, /** @type {Buffer} */ buffer) => ({ name, mimeType: "image/jpeg", buffer });

/** A report, and its follow-up page where files are added. @param {import("playwright-core").BrowserContextOptions} [options] */
async function adding(options) {
  const filed = await open(browser);
  const story = remedy();
  await filed.page.goto(running.addresses.hosted_page);
  const form = new Form(filed.page, filed.page);
  await form.fill({ ...story, files: [] });
  const receipt = await form.send();
  await filed.context.close();
  const opened = await open(browser, options);
  const followUp = await FollowUp.open(opened.page, running.addresses);
  await followUp.enter(receipt);
  await followUp.get("more-open").click();
  await followUp.get("more").waitFor();
  return { ...opened, story, followUp };
}

/** Sends what is there. @param {FollowUp} followUp */
async function send(followUp) {
  await followUp.get("more-send").click();
  await followUp.get("more-done").waitFor();
}

/** What a reviewer saves of the files that were added, in their order. @param {string} words @param {number} count */
async function received(words, count) {
  const reviewer = await open(browser);
  const desk = await Console.signIn(reviewer.page, running.addresses);
  await desk.open(words);
  assert.equal(await desk.get("findings").count(), 0);
  await desk.get("tab-evidence").click();
  assert.equal(await desk.page.locator('[data-testid="evidence"][data-later="true"]').count(), count);
  /** @type {Buffer[]} */
  const files = [];
  for (let number = 1; number <= count; number += 1) {
    await desk.get(`evidence-open-${number}`).click();
    await desk.get(`evidence-save-${number}`).waitFor();
    const [download] = await Promise.all([reviewer.page.waitForEvent("download"), desk.get(`evidence-save-${number}`).click()]);
    files.push(await readFile(await download.path()));
  }
  return { files, desk, close: () => reviewer.context.close() };
}

test("a photo loses where and with what it was made, a document its author, before they count; the reviewer gets them without", async () => {
  const { context, page, faults, story, followUp } = await adding();
  await accessible("follow-up, nothing added yet", page);
  assert.match(await followUp.get("more-child").innerText(), /do not add pictures or films of a child being abused.*Describe them in words, or give us their address/);
  const maker = mark("maker");
  const author = mark("author");
  const bare = await jpegOf(page, picture());
  const jpeg = placed(bare, maker);
  assert.ok(jpeg.includes(PLACE) && jpeg.includes(maker) && authored(author).includes(author), "it was in them");
  const start = wire.exchanges.length;
  await followUp.get("picture-input").setInputFiles(photo("evening.jpg", jpeg));
  await followUp.get("file-input").setInputFiles({ name: "letter.pdf", mimeType: "application/pdf", buffer: authored(author) });
  for (const number of [1, 2]) await followUp.cleaned(number);
  assert.match(await followUp.get("evidence-state-1").innerText(), /Taken out: where it was made · the device/);
  assert.match(await followUp.get("evidence-state-2").innerText(), /Taken out: .*names of authors/);
  await followUp.get("evidence-preview-1").and(page.locator("img")).waitFor();
  // Nothing but what cleaning takes was asked for.
  const asked = wire.exchanges.slice(start).filter(({ method, url }) => method !== "GET" || !url.pathname.startsWith("/assets/"));
  assert.deepEqual(asked.map(({ method, url }) => `${method} ${url.pathname}`), []);
  await accessible("follow-up, cleaned", page);
  assert.equal(await followUp.get("more-send").getAttribute("aria-disabled"), "true", "the question about the picture is open");
  await followUp.get("under-18-no").check();
  await followUp.get("evidence-sensitive-1").check();
  await followUp.get("evidence-description-1").fill("The evening");
  await send(followUp);
  await accessible("follow-up, sent", page);

  const { files, close } = await received(story.marks.text, 2);
  const [first, second] = files;
  assert.deepEqual([...first.subarray(0, 3)], [0xff, 0xd8, 0xff]);
  for (const [what, bytes] of /** @type {[string, string | Buffer][]} */ ([["place", PLACE], ["maker", maker], ["Exif", "Exif"], ["author", author]])) {
    assert.ok(!first.includes(bytes) && !second.includes(bytes), `${what} came through`);
  }
  assert.ok(second.includes("%PDF") && first.length > 1000);
  assert.deepEqual(faults, []);
  await close();
  await context.close();
});

test("what cannot be taken is refused with a sentence, a broken file is asked about, and no word is lost", async () => {
  const { context, page, faults, story, followUp } = await adding();
  await followUp.get("write-text").fill("They rang at night.");
  await followUp.get("more-text").fill("This came with it.");
  await followUp.get("file-input").setInputFiles({ name: "kept.txt", mimeType: "text/plain", buffer: Buffer.from("Monday") });
  await followUp.cleaned(1);
  await followUp.get("evidence-description-1").fill("A note of Monday");
  const start = wire.exchanges.length;
  const cards = page.locator("[data-testid^=evidence-card]");
  for (const [what, file, sentence] of /** @type {[string, any, RegExp][]} */ ([
    ["0 bytes", { name: "empty.txt", mimeType: "text/plain", buffer: Buffer.alloc(0) }, /empty\.txt is empty/],
    ["a byte too many", { name: "over.txt", mimeType: "text/plain", buffer: Buffer.alloc(LIMIT + 1, "a") }, /larger than 25\s?MB/],
    ["a picture bomb", { name: "bomb.png", mimeType: "image/png", buffer: claiming(50_000, 50_000) }, /more pixels than .*picture of the screen/],
  ])) {
    await followUp.get("file-input").setInputFiles(file);
    await page.getByTestId("evidence-problem").filter({ hasText: sentence }).waitFor();
    await cards.nth(1).waitFor({ state: "detached" });
    assert.equal(await cards.count(), 1, what);
  }
  await accessible("follow-up, refused", page);

  // Half a photo: it may say who made it, and nobody can take that out.
  const maker = mark("half");
  const whole = placed(await jpegOf(page, picture()), maker);
  await followUp.get("picture-input").setInputFiles(photo("half.jpg", whole.subarray(0, whole.length - 2000)));
  const state = page.locator("[data-testid^=evidence-state]").nth(1);
  await state.and(page.locator(".notice")).waitFor();
  assert.match(await state.innerText(), /may say who made it, where and when[^]*damaged or not complete/);
  await followUp.get("under-18-no").check();
  await followUp.get("more-send").click();
  await page.locator("#error-summary").waitFor();
  assert.match(await page.locator("#error-summary").innerText(), /Say what becomes of this file/);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "error-summary");
  await accessible("follow-up, undecided", page);
  assert.deepEqual(wire.since(start).filter((asked) => !asked.startsWith("GET")), [], "nothing was sent");
  await page.locator("[data-testid^=error-link]").click();
  assert.match(await page.evaluate(() => document.activeElement?.id ?? ""), /^evidence-card-/);
  await page.locator("[data-testid^=evidence-remove]").nth(1).click();
  assert.equal(await page.locator("#error-summary").count(), 0);

  // A page under a picture's name, as it is: only now, and because somebody said so.
  await followUp.get("file-input").setInputFiles({ name: "shot.png", mimeType: "image/png", buffer: Buffer.from("<!doctype html><title>x</title><p>hello") });
  await page.locator("[data-testid^=evidence-insist]").click();
  assert.match(await page.locator("[data-testid^=evidence-state]").nth(1).innerText(), /Added as it is/);
  assert.equal(await followUp.get("write-text").inputValue(), "They rang at night.");
  assert.equal(await followUp.get("more-text").inputValue(), "This came with it.");
  assert.equal(await followUp.get("evidence-description-1").inputValue(), "A note of Monday");
  assert.equal(await followUp.get("evidence-name-1").inputValue(), "kept.txt");
  if (await followUp.get("under-18-no").count()) await followUp.get("under-18-no").check();
  await send(followUp);
  assert.equal(await followUp.get("write-text").inputValue(), "They rang at night.");
  const { files, close } = await received(story.marks.text, 2);
  assert.deepEqual(files.map(String), ["Monday", "<!doctype html><title>x</title><p>hello"]);
  assert.deepEqual(faults, []);
  await close();
  await context.close();
});

test("parts of a picture are covered in the same editor, a picture of the screen and a link go along, and leaving from the editor leaves", async () => {
  const { context, page, faults, story, followUp } = await adding();
  await followUp.get("picture-input").setInputFiles({ name: "screen.png", mimeType: "image/png", buffer: picture() });
  await followUp.cleaned(1);
  await followUp.get("evidence-cover-1").click();
  await followUp.get("editor").waitFor();
  const stage = await followUp.get("editor-stage").boundingBox();
  assert.ok(stage);
  const at = (/** @type {number} */ x, /** @type {number} */ y) =>
    /** @type {const} */ ([stage.x + (x * stage.width) / 400, stage.y + (y * stage.height) / 300]);
  await page.mouse.move(...at(SECRET.x - 10, SECRET.y - 10));
  await page.mouse.down();
  await page.mouse.move(...at(SECRET.x + SECRET.width + 10, SECRET.y + SECRET.height + 10));
  await page.mouse.up();
  await accessible("follow-up, editor", page);
  await followUp.get("editor-done").click();
  await followUp.get("editor").waitFor({ state: "detached" });
  await followUp.cleaned(1);
  assert.match(await followUp.get("evidence-covered-1").innerText(), /1 part is covered for good/);

  // The browser's own question cannot be answered without a screen: a drawn one stands for what it gives.
  await page.evaluate(() => {
    navigator.mediaDevices.getDisplayMedia = async () => {
      const canvas = document.createElement("canvas");
      canvas.width = 64;
      canvas.height = 48;
      const paint = () => {
        const context = canvas.getContext("2d");
        if (context) context.fillStyle = "#0b5c6b";
        context?.fillRect(0, 0, 64, 48);
        requestAnimationFrame(paint);
      };
      paint();
      return canvas.captureStream();
    };
  });
  await followUp.get("shoot").click();
  await followUp.cleaned(2);
  assert.equal(await followUp.get("evidence-name-2").inputValue(), "screen.png");
  await followUp.get("add-link").click();
  const address = page.locator("[data-testid^=evidence-address]");
  await address.fill("example.org/post");
  await followUp.get("under-18-no").check();
  await followUp.get("more-send").click();
  assert.match(await page.locator("#error-summary").innerText(), /begins with https/);
  await accessible("follow-up, half an address", page);
  await address.fill("https://example.org/post/7");
  assert.equal(await page.locator("#error-summary").count(), 0);
  await send(followUp);

  const { files, desk, close } = await received(story.marks.text, 3);
  const left = await desk.page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]), { colorSpaceConversion: "none" });
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    let needles = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at] > 200 && data[at + 1] < 60 && data[at + 2] > 200) needles += 1;
    return { needles, size: [bitmap.width, bitmap.height] };
  }, files[0].toString("base64"));
  assert.deepEqual(left, { needles: 0, size: [400, 300] });
  assert.deepEqual([...files[1].subarray(1, 4)], [...Buffer.from("PNG")]);
  assert.equal(String(files[2]), "https://example.org/post/7");
  await close();

  await followUp.get("more-open").click();
  await followUp.get("picture-input").setInputFiles({ name: "again.png", mimeType: "image/png", buffer: picture() });
  const cover = page.locator("[data-testid^=evidence-cover-]");
  await cover.click();
  await followUp.get("editor-leave").click();
  await page.waitForURL("about:blank");
  assert.deepEqual(faults, []);
  await context.close();
});

test("pictures of somebody under 18 are let go of, and an address of them is still taken; the rule stands in other languages with the English beside", async () => {
  const { context, page, faults, followUp } = await adding({ locale: "de-DE" });
  assert.match(await followUp.get("more-child").innerText(), /auf denen ein Kind missbraucht wird/);
  assert.match(await followUp.get("more-child").locator(".beside[lang=en]").innerText(), /child being abused/);
  await followUp.get("picture-input").setInputFiles({ name: "screen.png", mimeType: "image/png", buffer: picture() });
  await followUp.cleaned(1);
  await followUp.get("under-18-not_sure").check();
  await followUp.get("more-dropped").waitFor();
  assert.equal(await page.locator("[data-testid^=evidence-card]").count(), 0);
  assert.equal(await followUp.get("picture-input").count(), 0);
  await accessible("follow-up, none taken", page);
  await followUp.get("add-link").click();
  await page.locator("[data-testid^=evidence-address]").fill("https://example.org/post/8");
  await send(followUp);
  assert.deepEqual(faults, []);
  await context.close();
});

test("with the keyboard alone: a file is cleaned, kept as it is, named, taken out, sent; the focus seen at every stop", async () => {
  const { context, page, faults, followUp } = await adding();
  /** @param {string | RegExp} name */
  const to = async (name) => {
    for (let n = 0; n < 80; n += 1) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(() => {
        const active = /** @type {HTMLElement | null} */ (document.activeElement);
        /** @type {Element | null} */
        let around = active;
        let seen = false;
        for (let depth = 0; around && depth < 3 && !seen; depth += 1, around = around.parentElement) {
          const style = getComputedStyle(around);
          seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        }
        return { name: active?.dataset.testid ?? active?.id ?? "", seen: seen || active === document.body };
      });
      assert.ok(at.seen, `the focus on ${at.name} is not seen`);
      if (typeof name === "string" ? at.name === name : name.test(at.name)) return;
    }
    assert.fail(`${name} cannot be reached`);
  };
  const focused = () => page.evaluate(() => document.activeElement?.id);
  assert.equal(await focused(), "asking-title");
  await to("picture-input");
  await to("file-input");
  // What the browser's own chooser gives.
  await followUp.get("file-input").setInputFiles([
    { name: "page.html", mimeType: "text/html", buffer: Buffer.from("<!doctype html><p>hello") },
    { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("Monday") },
  ]);
  await followUp.get("evidence-insist-1").waitFor();
  await followUp.cleaned(2);
  await to("evidence-insist-1");
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "evidence-card-1");
  await to("evidence-name-1");
  await page.keyboard.type("s");
  assert.match(await followUp.get("evidence-name-1").inputValue(), /s/);
  await to("evidence-remove-2");
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "files");
  assert.equal(await page.locator("[data-testid^=evidence-card]").count(), 1);
  await to("more-send");
  await page.keyboard.press("Enter");
  await followUp.get("more-done").waitFor();
  assert.equal(await focused(), "done");
  assert.deepEqual(faults, []);
  await context.close();
});

test("over a line that breaks: told, paused, gone on with where it stood, and whole", async () => {
  const { context, page, faults, story, followUp } = await adding();
  const content = Buffer.alloc(9 * MEGABYTE);
  for (let at = 0; at < content.length; at += 1) content[at] = 97 + ((at * 7 + (at >> 12)) % 26);
  await followUp.get("file-input").setInputFiles({ name: "log.txt", mimeType: "text/plain", buffer: content });
  await followUp.cleaned(1);
  const start = wire.exchanges.length;
  let pieces = 0;
  wire.cut = (method) => method === "PATCH" && ++pieces > 1;
  await followUp.get("more-send").click();
  await page.locator("#send-progress-text", { hasText: "The line is away" }).waitFor();
  assert.equal(await page.locator("[data-testid^=evidence-remove]").count(), 0, "what is on its way stands still");
  await accessible("follow-up, sending", page);
  await followUp.get("pause").click();
  await page.locator("#send-progress-text", { hasText: "Paused" }).waitFor();
  await accessible("follow-up, paused", page);
  wire.cut = () => false;
  await followUp.get("go-on").click();
  await followUp.get("more-done").waitFor();
  const sent = wire.exchanges.slice(start);
  const uploads = sent.filter(({ url }) => /\/uploads\/./.test(url.pathname));
  const offset = (/** @type {string[]} */ headers) => Number(headers[headers.findIndex((name) => name.toLowerCase() === "upload-offset") + 1]);
  assert.ok(uploads.some(({ method, status }) => method === "HEAD" && status < 300), "asked how far it came");
  let stood = 0;
  for (const { headers, body } of uploads.filter(({ method, status }) => method === "PATCH" && status === 204)) {
    assert.equal(offset(headers), stood, "nothing is sent twice");
    stood += body.length;
  }
  assert.ok(stood >= content.length);
  const { files, close } = await received(story.marks.text, 1);
  assert.ok(files[0].equals(content));
  assert.deepEqual(faults.filter((fault) => !/ERR_EMPTY_RESPONSE|ERR_CONNECTION|Failed to load/.test(fault)), []);
  await close();
  await context.close();
});
