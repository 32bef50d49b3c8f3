// The extension as it ships, in Firefox: from the press of its button to a receipt or a file, and what is on the wire meanwhile. All of it in the true sidebar.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createServer } from "node:http";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { PATIENCE } from "../lib/browser.mjs";
import { demo, filesBelow, ROOT, scratch } from "../lib/demo.mjs";
import { launchFirefoxExtension, SidebarForm, UUID } from "../lib/extension-firefox.mjs";
import { hostilePages, NEEDLES } from "../lib/hostile.mjs";
import { chapters } from "../lib/journey.mjs";
import { mark } from "../lib/stories.mjs";
import { Wire } from "../lib/wire.mjs";

const ZIP = join(ROOT, "target/dist/extension-firefox.zip");

/** @type {Awaited<ReturnType<typeof demo>>} */
let shared;
/** @type {Awaited<ReturnType<typeof hostilePages>>} */
let pages;
/** A page with a picture that loads. @type {import("node:http").Server} */
let server;
let origin = "";
before(async () => {
  server = createServer((request, response) => {
    const [type, body] = request.url === "/picture.svg" ? ["image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><rect width="90" height="60" fill="red"/></svg>`] : ["text/html", `<!doctype html><title>picture</title><p>above</p><img src="/picture.svg" alt="">`];
    response.writeHead(200, { "content-type": type }).end(body);
  });
  await new Promise((resolve) => void server.listen(0, "127.0.0.1", () => resolve(undefined)));
  origin = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
  shared = await demo();
  pages = await hostilePages();
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await pages.stop();
  await shared.stop();
});

test("from the button to the receipt: the wire carries nobody's name, and nothing before the person asked", async (t) => {
  const { intake, hosted_page: link } = shared.addresses;
  const wire = await new Wire([intake, pages.origin, pages.other]).start();
  const extension = await launchFirefoxExtension(ZIP, { proxy: new URL(wire.address).host });
  const chapter = chapters(t);
  const words = mark("happened");
  const host = new URL(intake);
  try {
    const form = new SidebarForm(extension);
    const tab = await extension.open(`${pages.page("strict")}?id=42&user=jane&utm_source=mail`);
    // It would ride on every request that the person's own pages make.
    await extension.send("storage.setCookie", { cookie: { name: "session", value: { type: "string", value: "cookie-of-the-person" }, domain: host.hostname } });
    await extension.evaluate(tab, () => getSelection()?.selectAllChildren(/** @type {Element} */ (document.querySelector("h1"))));
    const ours = () => wire.exchanges.filter(({ url }) => url.host === host.host);
    await chapter("a page is captured without a request, and its names are covered", async () => {
      const mark = wire.exchanges.length;
      await extension.trigger(tab);
      await form.at("picture");
      assert.match(await form.text("count"), /things? (is|are) covered/);
      await form.press("next");
      await form.at("page");
      assert.equal(await form.text("words-address"), `${pages.page("strict")}?id=42`);
      assert.equal(await form.text("words-selection"), "Strict");
      await form.press("next");
      await form.at("whom");
      assert.deepEqual(wire.since(mark).filter((line) => !line.endsWith("/favicon.ico")), []);
      assert.equal(ours().length, 0);
    });
    await chapter("who gets it is looked up when the person says so", async () => {
      await form.choose("I have a link");
      await form.fill("#link", link);
      assert.equal(ours().length, 0);
      await form.press("look");
      await form.there("goes-to");
      assert.deepEqual(ours().map(({ method, url }) => `${method} ${url.pathname}`).length, 1);
      assert.equal(await form.text("domain"), host.host);
      await form.press("send");
    });
    await chapter("the form has what was captured, and sends", async () => {
      await form.upTo("evidence", words);
      await form.there("evidence-preview-1");
      assert.deepEqual(await Promise.all([1, 2].map((at) => form.value(`evidence-name-${at}`))), ["picture.png", "selection.txt"]);
      await form.press("under-18-no");
      await form.press("next");
      await form.at("check");
      assert.equal(ours().length, 1, "nothing more was asked for before Send");
      await form.press("send");
      await form.there("receipt-code");
      const receipt = (await form.text("receipt-code")).replace(/\s+/g, "");
      assert.match(receipt, /^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
      await form.fill("[data-testid=receipt-check-input]", receipt.slice(-4).toLowerCase());
      await form.press("receipt-check");
      await form.there("receipt-check-ok");
      await form.press("done");
      await form.at("idle");
      await form.press("remember-no");
      for (const area of ["local", "session"]) assert.deepEqual(await form.sidebar.evaluate(`() => browser.storage.${area}.get(null)`), {}, area);
    });
    await chapter("no cookie, no referrer and no extension's origin was on the wire", async () => {
      assert.ok(ours().some(({ method, url }) => method === "POST" && url.pathname.endsWith("/reports")), wire.since().join("\n"));
      assert.ok(ours().length >= 4);
      for (const { method, url, headers } of ours()) {
        const named = headers.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
        assert.ok(!named.includes("cookie") && !named.includes("referer"), `${method} ${url}: ${headers}`);
        const origin = headers[headers.findIndex((name) => name.toLowerCase() === "origin") + 1];
        assert.ok(!named.includes("origin") || origin === "null", `${method} ${url}: Origin ${origin}`);
      }
      for (const [name, piece] of wire.pieces()) assert.ok(!piece.includes(UUID) && !piece.includes("-extension:"), name);
      assert.deepEqual(wire.strangers.filter((line) => line.includes("127.0.0.1") || line.includes("localhost")), []);
      // The cookie is there: a page of the intake's own has it.
      await extension.open(link);
      assert.ok(ours().at(-1)?.headers.some((value) => value.includes("cookie-of-the-person")) || ours().some(({ headers }) => headers.some((value) => value.includes("cookie-of-the-person"))));
      assert.deepEqual(extension.faults.filter((fault) => fault.includes("moz-extension")), []);
    });
  } finally {
    wire.stop();
    await extension.close();
  }
});

test("a file that only its owner opens; and every other way to begin", async (t) => {
  const folder = await scratch();
  const extension = await launchFirefoxExtension(ZIP, {
    prefs: { "browser.download.folderList": 2, "browser.download.dir": folder, "browser.download.useDownloadDir": true, "browser.download.always_ask_before_handling_new_types": false, "browser.download.alwaysOpenPanel": false },
  });
  const form = new SidebarForm(extension);
  try {
    const tab = await extension.open(pages.page("strict"));
    await t.test("the file is saved, and `recourse verify-bundle` finds it whole", async () => {
      await extension.trigger(tab);
      await form.at("picture");
      await form.press("next");
      await form.at("page");
      await form.press("next");
      await form.at("whom");
      await form.press("bundle");
      await form.upTo("check", "They threaten people who owe little.");
      await form.press("send");
      await form.there("record-code");
      const code = (await form.text("record-code")).replace(/\s+/g, "");
      await form.press("record-save");
      const file = await saved(folder);
      assert.match(file.subarray(0, 30).toString(), /^age-encryption/);
      const notes = join(folder, "notes-to-open");
      await writeFile(notes, file);
      const into = join(folder, "opened");
      const told = spawnSync(join(ROOT, "target/debug/recourse"), ["verify-bundle", notes, "--into", into], { input: `${code}\n`, encoding: "utf8" });
      assert.equal(told.status, 0, told.stderr);
      assert.match(told.stdout, /whole: every part has the hash/);
      const { evidence } = JSON.parse(await readFile(join(into, "manifest.json"), "utf8"));
      assert.equal(evidence.items[0].kind, "screenshot");
      for await (const [name, bytes] of filesBelow(into)) {
        for (const words of NEEDLES.strict.read.filter((words) => words.includes("@"))) assert.ok(!bytes.includes(words), `${name} has ${words}`);
      }
    });
    await t.test("the keyboard", async () => {
      // Again and again: what is meant for a sidebar that is just being closed goes to the next one.
      for (let round = 0; round < 10; round += 1) {
        await form.sidebar.close();
        await extension.command(tab, "alt,shift+R");
        await form.at("picture");
        await form.press("stop");
        await form.at("idle");
      }
    });
    await t.test("the page's menu, without a picture", async () => {
      await form.sidebar.close();
      await extension.menu(tab, "Report without a picture");
      await form.at("page");
      assert.equal(await form.text("words-title"), "hostile strict");
      assert.equal(await form.has("picture"), false);
    });
    await t.test("a selection, a picture and a link", async () => {
      const spot = (/** @type {string} */ css) =>
        extension.evaluate(tab, (/** @type {string} */ css) => {
          const { x, y, width, height } = /** @type {Element} */ (document.querySelector(css)).getBoundingClientRect();
          return { x: Math.round(x + Math.min(width / 2, 30)), y: Math.round(y + Math.min(height / 2, 10)) };
        }, css);
      await extension.evaluate(tab, () => getSelection()?.selectAllChildren(/** @type {Element} */ (document.querySelector("h1"))));
      await extension.menu(tab, "Report this", await spot("h1"));
      await form.at("picture");
      // Its words are what is meant: the picture goes along only if it is wanted.
      await form.there("with");
      await form.press("next");
      await form.at("page");
      assert.equal(await form.text("words-selection"), "Strict");
      await extension.evaluate(tab, () => getSelection()?.removeAllRanges());
      await extension.menu(tab, "Report this", await spot(".who a"));
      await form.there("with");
      await form.press("next");
      assert.ok((await form.chosen("keep-link")).endsWith(`${pages.page("strict")}#`));
      await extension.send("browsingContext.navigate", { context: tab, url: `${origin}/`, wait: "complete" });
      await extension.menu(tab, "Report this", await spot("img"));
      // Cropped to the picture that was meant.
      await form.there("part-on");
      await form.press("next");
      assert.ok((await form.chosen("keep-image")).endsWith(`${origin}/picture.svg`));
    });
    await t.test("closed shadow roots, frames of other origins and passwords are covered", async () => {
      for (const [name, css] of /** @type {const} */ ([["closed", "#host"], ["frames", "#cross"], ["fields", "#pw"]])) {
        await extension.send("browsingContext.navigate", { context: tab, url: pages.page(name), wait: "complete" });
        const fresh = await form.picture();
        await extension.trigger(tab);
        await form.sidebar.until((/** @type {string} */ fresh) => ![null, fresh].includes(document.querySelector("[data-testid=picture] image")?.getAttribute("href") ?? null), fresh);
        const place = await extension.evaluate(tab, (/** @type {string} */ css) => {
          const element = /** @type {Element} */ (document.querySelector(css));
          const { x, y, width, height } = element.getBoundingClientRect();
          // Of the closed root only the line is known from here: its text is at the left of it.
          return { x: x + 1, y: y + 1, width: Math.min(width - 2, css === "#host" ? 120 : 1e6), height: height - 2 };
        }, css);
        assert.deepEqual(await form.notBlack(place), 0, name);
      }
    });
    await t.test("pressed as a page is scrolled, or just before it is: picture and boxes are of one moment", async () => {
      await extension.send("browsingContext.navigate", { context: tab, url: pages.page("mails"), wait: "complete" });
      await form.press("stop");
      await form.at("idle");
      for (const later of [0, 0, 0, 30, 60, 90]) {
        const jump = extension.evaluate(tab, (/** @type {number} */ later) => new Promise((next) => setTimeout(() => next(scrollTo({ top: Math.random() * 9000, behavior: "instant" })), later)), later);
        await Promise.all([jump, extension.trigger(tab)]);
        await form.at("picture");
        const [whole, sent] = await form.reddish();
        assert.ok(whole > 100 && sent === 0, `${sent} of ${whole} pixels of letters are to be seen`);
        await form.press("stop");
        await form.at("idle");
      }
    });
    assert.deepEqual(extension.faults.filter((fault) => fault.includes("moz-extension")), []);
  } finally {
    await extension.close();
    await rm(folder, { recursive: true });
  }
});

/** The file that was saved, once it is whole: first it is an empty file of that name and one of another name, which then takes its place. @param {string} folder @returns {Promise<Buffer>} */
async function saved(folder) {
  for (const end = Date.now() + PATIENCE; Date.now() < end; ) {
    const names = await readdir(folder);
    const file = names.length === 1 ? await readFile(join(folder, names[0])).catch(() => undefined) : undefined;
    if (file?.length && (await readdir(folder)).join() === names.join()) return file;
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error("nothing was saved");
}
