// The picture editor: boxes by mouse, touch and keyboard, and that nothing under them is left in what is sent.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test, { after, before } from "node:test";

import { accessible } from "../lib/axe.mjs";
import { launch, open } from "../lib/browser.mjs";
import { demo } from "../lib/demo.mjs";
import { Console, Form } from "../lib/journey.mjs";
import { painted } from "../lib/picture.mjs";
import { mark } from "../lib/stories.mjs";

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

const WIDTH = 400;
const HEIGHT = 300;
/** What is to be covered. */
const SECRET = { x: 120, y: 90, width: 80, height: 40 };
const NEEDLE = [255, 0, 255];

/** @param {number} x @param {number} y */
const under = (x, y) => x >= SECRET.x && x < SECRET.x + SECRET.width && y >= SECRET.y && y < SECRET.y + SECRET.height;
/** A quiet pattern without the needle's colour, and the needle. @param {number} x @param {number} y */
const colour = (x, y) => (under(x, y) ? NEEDLE : [40 + (x % 100), 80 + (y % 100), 60]);
const picture = { name: "screen.png", mimeType: "image/png", buffer: painted(WIDTH, HEIGHT, colour) };

/** The editor on that picture. @param {import("playwright-core").BrowserContextOptions} [options] @param {typeof picture} [file] */
async function editing(options, file = picture) {
  const opened = await open(browser, options);
  const form = await Form.atEvidence(opened.page, running.addresses);
  await form.get("picture-input").setInputFiles(file);
  await form.cleaned(1);
  await form.get("evidence-cover-1").click();
  await form.get("editor").waitFor();
  return { ...opened, form };
}

/** Boxes as the editor tells them: width, height, x, y. @param {Form} form */
const boxes = (form) =>
  form.root.locator(".editor-box").evaluateAll((all) => all.map((box) => (box.getAttribute("aria-label") ?? "").match(/\d+/g)?.slice(1).map(Number)));

/** Place of a pixel of the picture on the screen. @param {Form} form @param {number} x @param {number} y */
async function at(form, x, y) {
  const box = await form.get("editor-stage").boundingBox();
  assert.ok(box);
  return /** @type {const} */ ([box.x + (x * box.width) / WIDTH, box.y + (y * box.height) / HEIGHT]);
}

/** Pixels of a picture. @param {import("playwright-core").Page} page @param {Buffer} bytes */
const decoded = (page, bytes) =>
  page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]), { colorSpaceConversion: "none" });
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.drawImage(bitmap, 0, 0);
    return { width: bitmap.width, height: bitmap.height, pixels: [...context.getImageData(0, 0, bitmap.width, bitmap.height).data] };
  }, bytes.toString("base64"));

/** Sends what the form holds and fetches the first attachment as a reviewer. @param {Form} form @param {string} words */
async function attachmentOf(form, words) {
  await form.get("step-what-happened").click();
  await form.get("text-what-happened").fill(words);
  await form.get("step-check").click();
  await form.at("check");
  assert.match(await form.get("check-evidence").innerText(), /covered for good/);
  await form.send();
  const reviewer = await open(browser);
  const desk = await Console.signIn(reviewer.page, running.addresses);
  await desk.open(words);
  await desk.get("tab-evidence").click();
  await desk.get("evidence-open-1").click();
  await desk.get("evidence-save-1").waitFor();
  const [download] = await Promise.all([reviewer.page.waitForEvent("download"), desk.get("evidence-save-1").click()]);
  const bytes = await readFile(await download.path());
  const blank = await reviewer.context.newPage();
  const picture = await decoded(blank, bytes);
  await reviewer.context.close();
  return { bytes, ...picture };
}

/** @param {Form} form */
async function finish(form) {
  await form.get("editor-done").click();
  await form.get("editor").waitFor({ state: "detached" });
  await form.cleaned(1);
}

test("a covered part of a PNG is gone from what the reviewer downloads, and nothing else is changed", async () => {
  const { context, page, faults, form } = await editing();
  await page.mouse.move(...(await at(form, SECRET.x - 10, SECRET.y - 10)));
  await page.mouse.down();
  await page.mouse.move(...(await at(form, SECRET.x + 30, SECRET.y + 30)));
  await page.mouse.move(...(await at(form, SECRET.x + SECRET.width + 10, SECRET.y + SECRET.height + 10)));
  await page.mouse.up();
  const [box] = await boxes(form);
  assert.ok(box);
  await form.get("editor-description").fill("A message with a name");
  await finish(form);
  assert.equal(await form.get("evidence-description-1").inputValue(), "A message with a name");
  const words = mark("covered");
  const { bytes, width, height, pixels } = await attachmentOf(form, words);
  assert.deepEqual([width, height], [WIDTH, HEIGHT]);
  const [boxWidth, boxHeight, left, top] = box;
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const covered = x >= left && x < left + boxWidth && y >= top && y < top + boxHeight;
      const found = pixels.slice((y * WIDTH + x) * 4, (y * WIDTH + x) * 4 + 4);
      const wanted = covered ? [0, 0, 0, 255] : [...colour(x, y), 255];
      if (found.join() !== wanted.join()) assert.deepEqual(found, wanted, `at ${x}, ${y}`);
    }
  }
  // Only what a picture needs.
  const kinds = [...bytes.toString("latin1").matchAll(/IHDR|PLTE|IDAT|IEND|tEXt|iTXt|zTXt|eXIf|iCCP|tIME|caBX/g)].map(([kind]) => kind);
  assert.deepEqual([...new Set(kinds)].filter((kind) => !["IHDR", "IDAT", "IEND"].includes(kind)), []);
  assert.deepEqual(faults, []);
  await context.close();
});

test("a covered part of a JPEG leaves no colour beside its box", async () => {
  const { context, page } = await open(browser);
  await page.goto("about:blank");
  const jpeg = await page.evaluate(
    async ([png]) => {
      const bytes = Uint8Array.from(atob(png), (c) => c.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes]));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
      const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.6 });
      return [...new Uint8Array(await blob.arrayBuffer())];
    },
    [painted(WIDTH, HEIGHT, (x, y) => (under(x, y) ? NEEDLE : [128, 128, 128])).toString("base64")],
  );
  await context.close();
  const edit = await editing(undefined, { name: "photo.jpg", mimeType: "image/jpeg", buffer: Buffer.from(jpeg) });
  const { form } = edit;
  // Just the needle, to the pixel, by keys.
  await exactly(form, edit.page);
  await finish(form);
  const { bytes, width, pixels } = await attachmentOf(form, mark("jpeg"));
  assert.deepEqual([...bytes.subarray(0, 3)], [0xff, 0xd8, 0xff]);
  let strayed = 0;
  for (let at = 0; at < pixels.length; at += 4) {
    const [red, green, blue] = pixels.slice(at, at + 3);
    // Magenta would be red and blue without green.
    if (red - green > 40 && blue - green > 40) strayed += 1;
  }
  assert.equal(strayed, 0);
  assert.equal(width, WIDTH);
  await edit.context.close();
});

/** Gives the one box the needle's place and size, with keys alone. @param {Form} form @param {import("playwright-core").Page} page */
async function exactly(form, page) {
  await form.get("editor-view").focus();
  await page.keyboard.press("Enter");
  const box = form.get("editor-box-0");
  const now = async () => (await boxes(form))[0] ?? [];
  /** @param {number} part @param {number} wanted @param {string} more @param {string} less */
  const bring = async (part, wanted, more, less) => {
    for (let presses = 0; presses < 400; presses += 1) {
      const value = (await now())[part];
      if (value === wanted) return;
      await box.press(value < wanted ? more : less);
    }
    assert.fail(`${part} never became ${wanted}`);
  };
  await bring(2, SECRET.x, "Control+ArrowRight", "Control+ArrowLeft");
  await bring(3, SECRET.y, "Control+ArrowDown", "Control+ArrowUp");
  await bring(0, SECRET.width, "Control+Shift+ArrowRight", "Control+Shift+ArrowLeft");
  await bring(1, SECRET.height, "Control+Shift+ArrowDown", "Control+Shift+ArrowUp");
}

test("with the keyboard alone: boxes added, gone through, moved, sized, deleted, taken back; zoom; the focus stays in and comes back", async () => {
  const { context, page, faults, form } = await editing();
  const focused = () => form.root.locator("body").evaluate(() => /** @type {HTMLElement} */ (document.activeElement).dataset.testid);
  assert.equal(await focused(), "editor-view");
  await accessible("editor, empty", page);
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "editor-box-0");
  const [[width, height, x, y]] = /** @type {number[][]} */ (await boxes(form));
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Control+Shift+ArrowDown");
  assert.deepEqual(await boxes(form), [[width + 4, height + 1, x + 4, y + 4]]);
  assert.match(await form.get("editor-said").innerText(), new RegExp(`${width + 4} by ${height + 1}`));
  await form.get("editor-view").focus();
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "editor-box-1");
  await page.keyboard.press("Shift+Tab");
  assert.equal(await focused(), "editor-box-0");
  await accessible("editor, two boxes", page);
  await page.keyboard.press("Delete");
  assert.equal((await boxes(form)).length, 1);
  assert.equal(await focused(), "editor-box-0");
  await page.keyboard.press("Control+z");
  assert.equal((await boxes(form)).length, 2);
  await page.keyboard.press("Control+Shift+Z");
  assert.equal((await boxes(form)).length, 1);
  const percent = async () => parseInt(await form.get("editor-zoom").innerText(), 10);
  const before = await percent();
  await page.keyboard.press("+");
  assert.ok((await percent()) > before);
  await page.keyboard.press("-");
  await page.keyboard.press("-");
  assert.ok((await percent()) < before);
  await page.keyboard.press("0");
  assert.equal(await percent(), before);
  // Round once: never out of the editor.
  for (let stop = 0; stop < 40; stop += 1) {
    await page.keyboard.press("Tab");
    assert.ok(await form.root.locator("body").evaluate(() => document.activeElement === document.body || Boolean(document.activeElement?.closest("dialog"))));
  }
  await page.keyboard.press("Escape");
  assert.equal(await focused(), "editor-keep");
  await accessible("editor, asking", page);
  await page.keyboard.press("Enter");
  assert.equal((await boxes(form)).length, 1);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await form.get("editor").waitFor({ state: "detached" });
  assert.equal(await focused(), "evidence-cover-1");
  assert.equal(await form.get("evidence-covered-1").count(), 0);
  assert.deepEqual(faults, []);
  await context.close();
});

test("by single presses and by touch: two corners, buttons, and every target large enough", async () => {
  const { context, page, faults, form } = await editing({ viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });
  for (const [x, y] of [[50, 50], [150, 120]]) await page.touchscreen.tap(...(await at(form, x, y)));
  const [[width, height]] = /** @type {number[][]} */ (await boxes(form));
  assert.ok(Math.abs(width - 100) <= 4 && Math.abs(height - 70) <= 4, `${width} by ${height}`);
  for (const name of ["wider", "taller", "left", "up", "narrower"]) await form.get(`editor-${name}`).tap();
  assert.notDeepEqual(await boxes(form), [[width, height, 50, 50]]);
  await accessible("editor at 320 px", page);
  const small = await form.root.locator("dialog button:visible").evaluateAll((all) =>
    all.filter((button) => !button.classList.contains("editor-box")).map((button) => ({ name: button.getAttribute("data-testid"), ...button.getBoundingClientRect().toJSON() })).filter(({ width, height }) => width < 24 || height < 24),
  );
  assert.deepEqual(small, []);
  const wide = await form.root.locator("dialog").evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth);
  assert.equal(wide, 0, "nothing runs out at the side");
  await form.get("editor-delete").tap();
  assert.deepEqual(await boxes(form), []);
  // A drag by finger.
  const session = await context.newCDPSession(page);
  const [[fromX, fromY], [toX, toY]] = [await at(form, 30, 30), await at(form, 200, 200)];
  await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x: fromX, y: fromY }] });
  await session.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [{ x: (fromX + toX) / 2, y: (fromY + toY) / 2 }] });
  await session.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [{ x: toX, y: toY }] });
  await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  assert.equal((await boxes(form)).length, 1);
  // By mouse: the first tap behind a stroke only stops what the browser takes for a fling.
  await form.get("editor-cancel").click();
  await form.get("editor-discard").click();
  await form.get("editor").waitFor({ state: "detached" });
  assert.deepEqual(faults, []);
  await context.close();
});

test("in the dark and from right to left", async () => {
  const { context, page, faults, form } = await editing({ colorScheme: "dark" });
  await form.root.locator("html").evaluate((root) => root.setAttribute("dir", "rtl"));
  await page.keyboard.press("Enter");
  const [[, , before]] = /** @type {number[][]} */ (await boxes(form));
  await page.keyboard.press("ArrowRight");
  const [[, , after]] = /** @type {number[][]} */ (await boxes(form));
  assert.ok(after > before, "right is right in a picture");
  await accessible("editor, dark and right to left", page);
  assert.deepEqual(faults, []);
  await context.close();
});

test("leaving from the editor leaves the page", async () => {
  const { context, page, form } = await editing();
  await form.get("editor-leave").click();
  await page.waitForURL((url) => !url.pathname.startsWith("/r/"));
  await context.close();
});
