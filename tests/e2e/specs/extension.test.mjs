// The extension as it ships, in Chromium: from the press of its button to a reviewer's screen, and what is on the wire meanwhile.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { launch, open, until } from "../lib/browser.mjs";
import { demo, filesBelow, ROOT, scratch } from "../lib/demo.mjs";
import { hostilePages, NEEDLES } from "../lib/hostile.mjs";
import { chapters, Console } from "../lib/journey.mjs";
import { FOLDER, launchOurs, PanelPage } from "../lib/panel.mjs";
import { forms, needle } from "../lib/needles.mjs";
import { misuse } from "../lib/stories.mjs";
import { Wire } from "../lib/wire.mjs";

/** @type {Awaited<ReturnType<typeof demo>>} */
let shared;
/** @type {Awaited<ReturnType<typeof hostilePages>>} */
let pages;

before(async () => {
  shared = await demo();
  pages = await hostilePages();
});
after(async () => {
  await pages.stop();
  await shared.stop();
});

/** With a page captured in a browser of its own. @param {(panel: PanelPage, page: import("playwright-core").Page) => Promise<void>} tell */
async function captured(tell) {
  const extension = await launchOurs();
  try {
    const panel = await PanelPage.open(extension);
    const page = await extension.context.newPage();
    await page.goto(pages.page("strict"));
    await panel.press(page);
    await panel.at("picture");
    await tell(panel, page);
    assert.deepEqual(panel.faults, []);
  } finally {
    await extension.close();
  }
}

test("from the button to the reviewer: what was captured arrives, what was covered does not, and the wire carries nobody's name", async (t) => {
  const { intake, hosted_page: link } = shared.addresses;
  const wire = await new Wire([intake, pages.origin, pages.other]).start();
  const extension = await launchOurs({ args: [`--proxy-server=${wire.address}`, "--proxy-bypass-list=<-loopback>"] });
  const chapter = chapters(t);
  const panel = await PanelPage.open(extension);
  const page = await extension.context.newPage();
  const story = misuse();
  /** @type {string} */
  let receipt = "";
  try {
    await chapter("a page is captured without a request", async () => {
      await page.goto(`${pages.page("strict")}?id=42&user=jane&utm_source=mail`);
      await page.evaluate(() => getSelection()?.selectAllChildren(/** @type {Element} */ (document.querySelector("h1"))));
      const mark = wire.exchanges.length;
      await panel.press(page);
      await panel.at("picture");
      assert.match(await panel.get("count").innerText(), /things? (is|are) covered/);
      await panel.toWhom();
      // What the page itself asks for, the browser asks for.
      assert.deepEqual(wire.since(mark).filter((line) => !line.endsWith("/favicon.ico")), []);
    });
    await chapter("who gets it is looked up when the person says so, and shown in full", async () => {
      const mark = wire.exchanges.length;
      await panel.choose(/I have a link/);
      await panel.page.locator("#link").fill(link);
      const since = () => wire.since(mark).filter((line) => !line.endsWith("/favicon.ico"));
      assert.deepEqual(since(), []);
      await panel.get("look").click();
      await panel.get("goes-to").waitFor();
      assert.equal(since().length, 1);
      assert.equal(await panel.get("domain").innerText(), new URL(intake).host);
      assert.match(await panel.get("fingerprint").innerText(), /^([0-9A-Z]{4}-){4}[0-9A-Z]{4}$/);
      // The way out is the plain choice.
      assert.match(await panel.get("save").getAttribute("class") ?? "", /primary/);
      await panel.get("send").click();
    });
    await chapter("the form has what was captured, and sends", async () => {
      const { form } = panel;
      for (const step of /** @type {const} */ (["start", "who", "what"])) await form.step(step, story);
      await form.at("what-happened");
      await form.get("text-what-happened").fill(story.text);
      await form.get("chip-where").click();
      assert.equal(await form.get("url").inputValue(), `${pages.page("strict")}?id=42`);
      await form.get("next").click();
      await form.at("evidence");
      await form.get("evidence-preview-1").waitFor();
      assert.equal(await form.get("evidence-name-1").inputValue(), "picture.png");
      assert.equal(await form.get("evidence-name-2").inputValue(), "selection.txt");
      assert.equal(await form.get("evidence-name-3").inputValue(), "evidence.json");
      await form.get("evidence-description-1").fill("The list of who to ring.");
      await form.get("under-18-no").check();
      await form.get("next").click();
      await form.at("check");
      const mark = wire.exchanges.length;
      receipt = await form.send();
      assert.ok(wire.since(mark).some((line) => line.endsWith("/reports")), wire.since(mark).join("\n"));
      await form.done(receipt);
      await panel.at("idle");
      // Nobody is remembered unless that was said.
      await panel.get("remember-no").click();
      assert.deepEqual(await panel.page.evaluate(() => /** @type {any} */ (globalThis).chrome.storage.local.get(null)), {});
      assert.deepEqual(await panel.page.evaluate(() => /** @type {any} */ (globalThis).chrome.storage.session.get(null)), {});
      assert.deepEqual(panel.faults, []);
    });
    await chapter("no cookie, no referrer and no extension's origin was on the wire", () => {
      const own = wire.exchanges.filter(({ url }) => url.origin === new URL(intake).origin);
      assert.ok(own.length >= 4);
      for (const { method, url, headers } of own) {
        const named = headers.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
        assert.ok(!named.includes("cookie") && !named.includes("referer"), `${method} ${url}: ${headers}`);
        const origin = headers[headers.findIndex((name) => name.toLowerCase() === "origin") + 1];
        assert.ok(!named.includes("origin") || origin === "null", `${method} ${url}: Origin ${origin}`);
      }
      for (const [name, piece] of wire.pieces()) assert.ok(!piece.includes(extension.id) && !piece.includes("-extension:"), name);
      assert.deepEqual(wire.strangers.filter((line) => line.includes("127.0.0.1") || line.includes("localhost")), []);
      return Promise.resolve();
    });
  } finally {
    wire.stop();
    await extension.close();
  }
  await chapter("the reviewer has the picture, the selection with its place, and the filtered address", async () => {
    const browser = await launch();
    const reviewer = await open(browser);
    const desk = await Console.signIn(reviewer.page, shared.addresses);
    await desk.open(story.marks.text);
    await desk.get("tab-evidence").click();
    await desk.get("evidence").first().waitFor();
    assert.equal(await desk.get("evidence").count(), 4);
    await desk.get("evidence-open-3").click();
    const [download] = await Promise.all([reviewer.page.waitForEvent("download"), desk.get("evidence-save-3").click()]);
    const list = JSON.parse(await readFile(await download.path(), "utf8"));
    assert.equal(list.version, "recourse.evidence/1");
    assert.equal(list.tool.build, JSON.parse(await readFile(join(FOLDER, "build.json"), "utf8")).build);
    const [picture, selection] = list.items;
    // Described since it was captured.
    assert.equal(picture.description, "The list of who to ring.");
    assert.ok(picture.redactions.length > 0 && picture.redactions.every((/** @type {any} */ one) => one.area.length === 4));
    assert.match(selection.source.selector, /TextQuoteSelector/);
    assert.match(selection.source.url, /:~:text=Strict,-/);
    // What anybody has who has the manifest, its salt and the item: the hash.
    const content = Buffer.from("Strict");
    const salted = createHash("sha256").update("recourse/v1/evidence/item\0").update(Buffer.from(selection.content.salt, "hex")).update(content).digest("hex");
    assert.deepEqual([selection.content.size, selection.content.sha256], [content.length, salted]);
    const shown = await desk.get("case").innerText();
    assert.match(shown, /recourse-extension/);
    assert.doesNotMatch(shown, /utm_source|user=jane/);
    await browser.close();
  });
});

test("a file that only its owner opens: nothing is asked of anybody, and `recourse verify-bundle` finds it whole", async () => {
  const wire = await new Wire([pages.origin, pages.other]).start();
  const extension = await launchOurs({ args: [`--proxy-server=${wire.address}`, "--proxy-bypass-list=<-loopback>"] });
  const folder = await scratch();
  try {
    const panel = await PanelPage.open(extension);
    const page = await extension.context.newPage();
    await page.goto(pages.page("strict"));
    const mark = wire.exchanges.length;
    await panel.press(page);
    await panel.toWhom();
    // It is what is chosen.
    assert.equal(await panel.page.getByRole("radio", { name: /save it as a file/ }).isChecked(), true);
    const { code, file } = await panel.bundle("They threaten people who owe little.");
    // Only for who asks for it.
    await panel.get("unsealed").locator("summary").click();
    const [open] = await Promise.all([panel.page.waitForEvent("download"), panel.get("save-unsealed").click()]);
    const plain = spawnSync(join(ROOT, "target/debug/recourse"), ["verify-bundle", await open.path()], { encoding: "utf8" });
    assert.equal(plain.status, 0, plain.stderr);
    assert.match(plain.stdout, /sealed: no/);
    assert.deepEqual(wire.since(mark).filter((line) => !line.endsWith("/favicon.ico")), []);
    assert.match(file.subarray(0, 30).toString(), /^age-encryption/);
    await writeFile(join(folder, "notes.age"), file);
    const into = join(folder, "opened");
    const told = spawnSync(join(ROOT, "target/debug/recourse"), ["verify-bundle", join(folder, "notes.age"), "--into", into], { input: `${code}\n`, encoding: "utf8" });
    assert.equal(told.status, 0, told.stderr);
    assert.match(told.stdout, /whole: every part has the hash/);
    assert.match(told.stdout, /made with: recourse-extension/);
    // The form names another command to whoever keeps the file: it does as well.
    const named = spawnSync(join(ROOT, "target/debug/recourse"), ["open-record", join(folder, "notes.age")], { input: `${code}\n`, encoding: "utf8" });
    assert.deepEqual([named.status, named.stdout], [0, told.stdout], named.stderr);
    const report = await readFile(join(into, "report.txt"), "utf8");
    assert.match(report, /They threaten people who owe little\./);
    const { evidence } = JSON.parse(await readFile(join(into, "manifest.json"), "utf8"));
    const build = JSON.parse(await readFile(join(FOLDER, "build.json"), "utf8"));
    assert.equal(evidence.tool.build, build.build);
    const [picture] = evidence.items;
    assert.equal(picture.kind, "screenshot");
    assert.equal(picture.source.url, pages.page("strict"));
    assert.match(picture.captured_at, /^\d{4}-\d\d-\d\d$/);
    assert.ok(picture.redactions.length > 0 && picture.redactions.every((/** @type {any} */ one) => one.area.length === 4));
    // No chunk but what a picture is made of.
    assert.deepEqual([...new Set(chunks(await readFile(join(into, "items/1.png"))))].sort(), ["IDAT", "IEND", "IHDR"]);
    // In no form does what was covered stand in any file.
    for await (const [name, bytes] of filesBelow(into)) {
      for (const words of NEEDLES.strict.read.filter((words) => words.includes("@"))) {
        for (const [form, found] of forms(needle(words, words))) assert.ok(!bytes.includes(found), `${name} has ${words} (${form})`);
      }
    }
    assert.deepEqual(panel.faults, []);
  } finally {
    wire.stop();
    await extension.close();
    await rm(folder, { recursive: true });
  }
});

/** Names of a PNG's chunks. @param {Buffer} png */
function chunks(png) {
  const names = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) names.push(png.toString("latin1", at + 4, at + 8));
  return names;
}

test("without WebAssembly the panel says so, and nothing of it is stuck", async () => {
  const extension = await launchOurs({ args: ["--js-flags=--jitless"] });
  try {
    const page = await extension.context.newPage();
    await page.goto(pages.page("strict"));
    await extension.trigger(page);
    const panel = await extension.panel();
    await panel.until(() => document.querySelector("#broken:not([hidden])"));
    const said = await panel.evaluate(() => document.body.innerText);
    assert.match(said, /This panel does not work here\./);
    assert.match(said, /Nothing was sent, and nothing that you captured is kept\./);
    // The shipped directory knows no service, so there is no form to lead to.
    assert.doesNotMatch(said, /plain form/);
  } finally {
    await extension.close();
  }
});

test("a press while somebody writes asks first, and throws nothing away", async () => {
  const extension = await launchOurs();
  try {
    const panel = await PanelPage.open(extension);
    const page = await extension.context.newPage();
    await page.goto(pages.page("strict"));
    await panel.press(page);
    await panel.toWhom();
    await panel.byLink(shared.addresses.hosted_page);
    await panel.form.at("start");
    await panel.form.get("door-misuse").click();
    await panel.form.at("who");
    await panel.form.get("step-what-happened").click();
    await panel.form.at("what-happened");
    await panel.form.get("text-what-happened").fill("Half a sentence");
    await until(panel.page, async () => JSON.stringify(await /** @type {any} */ (globalThis).chrome.storage.session.get(null)).includes("Half a sentence"));
    // A panel of another window learns that there is one.
    const side = await extension.panel();
    await panel.press(page);
    await side.until(() => document.querySelector('[data-testid="go-on"]'));
    await panel.closeSide();
    await panel.press(page);
    await panel.at("again");
    await panel.get("go-on").click();
    await panel.closeSide();
    assert.equal(await panel.form.get("text-what-happened").inputValue(), "Half a sentence");
    await panel.press(page);
    await panel.at("again");
    await panel.get("delete").click();
    // What was captured last is what the new report begins with.
    await panel.at("picture");
    assert.equal(await panel.page.locator("#app main").count(), 0);
    assert.equal(await panel.page.evaluate(async () => "open" in (await /** @type {any} */ (globalThis).chrome.storage.session.get(null))), false);
  } finally {
    await extension.close();
  }
});

test("a part of the picture, pointed at with the keys, and an own box: what goes along is that part, and the box is burned in", () =>
  captured(async (panel) => {
    const whole = await panel.get("picture").getAttribute("viewBox");
    await panel.get("part").click();
    await panel.page.keyboard.press("ArrowDown");
    await panel.page.keyboard.press("ArrowDown");
    await panel.page.keyboard.press("Escape");
    assert.equal(await panel.get("part-on").count(), 0);
    await panel.get("part").click();
    for (let press = 0; press < 3; press += 1) await panel.page.keyboard.press("ArrowDown");
    await panel.get("point-this").press("Enter");
    await panel.get("part-on").waitFor();
    const part = await panel.get("picture").getAttribute("viewBox");
    assert.notEqual(part, whole);
    // A box of one's own, with the keyboard alone.
    const before = await panel.page.locator("rect.burned").count();
    await panel.get("edit").click();
    await panel.page.getByTestId("editor-view").focus();
    await panel.page.keyboard.press("Enter");
    await panel.page.locator("[data-do=done]").press("Enter");
    await panel.page.getByTestId("editor").waitFor({ state: "detached" });
    assert.equal(await panel.page.locator("rect.burned").count(), before + 1);
    await panel.get("exact").locator("summary").click();
    await panel.get("see").click();
    await panel.get("exact-picture").waitFor();
    const [, , width, height] = String(part).split(" ").map(Number);
    const size = await panel.page.locator("img.exact").evaluate((/** @type {HTMLImageElement} */ image) => image.decode().then(() => [image.naturalWidth, image.naturalHeight]));
    assert.deepEqual(size, [width, height]);
  }));

test("the keys open it, and a press without leave to look at the page says so", async () => {
  const extension = await launchOurs();
  try {
    const page = await extension.context.newPage();
    await page.goto(pages.page("strict"));
    await extension.command(page, "Ctrl+Shift+9");
    const panel = await extension.panel();
    await panel.until(() => document.querySelector('[data-testid="screen-picture"]'));
    await panel.click('[data-testid="stop"]');
    await panel.until(() => document.querySelector('[data-testid="screen-picture"]') === null);
    // The browser's own pages are nobody's to look at.
    await page.goto("chrome://version");
    await extension.trigger(page);
    await panel.until(() => document.querySelector('[data-testid="trouble"]'));
    assert.match(await panel.evaluate(() => document.querySelector("main")?.innerText ?? ""), /does not let extensions look at this page/);
  } finally {
    await extension.close();
  }
});

// No driver presses Chromium's menus: the button grants, and the menu's own event is brought about.
test("each entry of the page's menu leads to the panel with what it was pressed on", async () => {
  const extension = await launchOurs();
  try {
    const page = await extension.context.newPage();
    await page.goto(pages.page("strict"));
    await extension.trigger(page);
    const panel = await extension.panel();
    const at = (/** @type {string} */ name) => panel.until((name) => document.querySelector(`#panel [data-testid="screen-${name}"]`), name);
    await at("picture");
    await page.evaluate(() => getSelection()?.selectAllChildren(/** @type {Element} */ (document.querySelector("h1"))));
    const [image, link] = ["https://crm.example/face.png", "https://crm.example/lists?id=7"];
    for (const [info, first, said] of /** @type {[object, string, string][]} */ ([
      [{ menuItemId: "without" }, "page", ""],
      [{ menuItemId: "report", selectionText: "Strict" }, "picture", "Strict"],
      [{ menuItemId: "report", mediaType: "image", srcUrl: image }, "picture", image],
      [{ menuItemId: "report", linkUrl: link }, "picture", link],
      [{ menuItemId: "report", frameId: 3 }, "picture", ""],
    ])) {
      await panel.click('[data-testid="stop"]');
      await at("idle");
      await (await extension.worker()).evaluate(async (info) => {
        const { tabs, contextMenus } = /** @type {any} */ (globalThis).chrome;
        const [tab] = await tabs.query({ active: true, lastFocusedWindow: true });
        contextMenus.onClicked.dispatch(info, tab);
      }, info);
      await at(first);
      if (first === "picture") await panel.click('#panel [data-testid="next"]');
      await at("page");
      const shown = await panel.evaluate(() => [document.querySelector("main")?.innerText, ...Array.from(document.querySelectorAll("#panel input"), (one) => /** @type {HTMLInputElement} */ (one).value)].join("\n"));
      assert.ok(shown.includes(said), shown);
    }
    assert.deepEqual(panel.faults, []);
  } finally {
    await extension.close();
  }
});

test("a part that is drawn by hand is what goes along", () =>
  captured(async (panel) => {
    await panel.get("part").click();
    await panel.get("region").click();
    await panel.page.getByTestId("editor-view").focus();
    await panel.page.keyboard.press("Enter");
    await panel.page.locator("[data-do=done]").press("Enter");
    await panel.get("part-on").waitFor();
    const [, , width, height] = String(await panel.get("picture").getAttribute("viewBox")).split(" ").map(Number);
    const whole = await panel.page.locator('[data-testid="picture"] image').evaluate((image) => [image.getAttribute("width"), image.getAttribute("height")].map(Number));
    assert.ok(width < whole[0] && height < whole[1]);
    await panel.get("part-off").click();
    assert.deepEqual(String(await panel.get("picture").getAttribute("viewBox")).split(" ").slice(2).map(Number), whole);
  }));
