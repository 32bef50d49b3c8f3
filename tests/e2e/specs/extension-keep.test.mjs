// What outlives the extension's panel, and what does not: an open report while the browser lives, a draft on the disk only for who wants one, and who was told.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { after, afterEach, before, beforeEach, test } from "node:test";

import { until } from "../lib/browser.mjs";
import { demo } from "../lib/demo.mjs";
import { hostilePages } from "../lib/hostile.mjs";
import { launchOurs, PanelPage } from "../lib/panel.mjs";
import { Wire } from "../lib/wire.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** @type {Awaited<ReturnType<typeof demo>>} */
let shared;
/** @type {Awaited<ReturnType<typeof hostilePages>>} */
let pages;
/** @type {Awaited<ReturnType<typeof launchOurs>>} */
let extension;

before(async () => {
  shared = await demo();
  pages = await hostilePages();
});
// A browser of its own for each: the side panel that a press opens stays open.
beforeEach(async () => {
  extension = await launchOurs();
});
afterEach(() => extension.close());
after(async () => {
  await pages.stop();
  await shared.stop();
});

/** What the extension has stored, in memory and on the disk. @param {Page} page */
const stored = (page) =>
  page.evaluate(async () => {
    const { storage } = /** @type {any} */ (globalThis).chrome;
    const disk = await storage.local.get(null);
    const bases = (await indexedDB.databases()).map(({ name }) => name);
    return { memory: JSON.stringify(await storage.session.get(null)), disk: JSON.stringify(disk), bases, local: JSON.stringify({ ...localStorage }) };
  });

/** Waits until nothing is held in memory any more. @param {Page} page */
const emptied = (page) => until(page, async () => JSON.stringify(await /** @type {any} */ (globalThis).chrome.storage.session.get(null)) === "{}");

/** The panel is closed, and opened again with nothing pressed. @param {PanelPage} panel */
async function reopened(panel) {
  await panel.closeSide();
  await panel.page.close();
  return new PanelPage(extension, await extension.panelTab("window"));
}

/** A report by link, up to the text. @param {PanelPage} panel @param {Page} page @param {string} words */
async function writeTo(panel, page, words) {
  await page.goto(pages.page("strict"));
  await panel.press(page);
  await panel.toWhom();
  await panel.byLink(shared.addresses.hosted_page);
  await panel.form.at("start");
  await panel.form.get("door-misuse").click();
  await panel.form.at("who");
  await panel.form.get("step-what-happened").click();
  await panel.form.at("what-happened");
  await panel.form.get("text-what-happened").fill(words);
}

/** Waits until what was typed is held. @param {Page} page @param {string} words */
const heldIn = (page, words) =>
  until(page, async (words) => JSON.stringify(await /** @type {any} */ (globalThis).chrome.storage.session.get(null)).includes(words), words);

test("a closed panel and a killed worker lose nothing, and nothing of it is on the disk", async () => {
  const panel = await PanelPage.open(extension);
  const page = await extension.context.newPage();
  await writeTo(panel, page, "They threaten people.");
  await heldIn(panel.page, "They threaten people.");
  const { disk, bases, local } = await stored(panel.page);
  assert.deepEqual([disk, bases, local], ["{}", [], "{}"]);
  await panel.page.close();
  // As the browser does when it is idle.
  const scope = await extension.session.send(/** @type {any} */ ("Target.getTargets"), /** @type {any} */ ({ filter: [{ type: "service_worker" }] }));
  for (const { targetId } of /** @type {any} */ (scope).targetInfos) await extension.session.send("Target.closeTarget", { targetId });

  const again = await extension.panelTab("window");
  await again.getByTestId("go-on").click();
  await again.locator('#app [data-testid="screen-what-happened"]').waitFor();
  assert.equal(await again.getByTestId("text-what-happened").inputValue(), "They threaten people.");
  await again.getByTestId("step-evidence").click();
  await again.getByTestId("evidence-preview-1").waitFor();
  // Leaving takes all of it away.
  await again.getByTestId("quick-exit").click();
  const probe = await extension.panelTab("welcome");
  await emptied(probe);
  assert.deepEqual((await stored(probe)).bases, []);
  await probe.close();
  await page.close();
});

test("a press reaches a panel that was open when the background script was ended for idleness", async () => {
  const page = await extension.context.newPage();
  await page.goto(pages.page("strict"));
  await extension.trigger(page);
  const panel = await extension.panel();
  await panel.until(() => document.querySelector('[data-testid="screen-picture"]'));
  await panel.click('[data-testid="stop"]');
  await panel.until(() => document.querySelector('[data-testid="screen-idle"]'));
  const { targetInfos } = /** @type {any} */ (await extension.session.send(/** @type {any} */ ("Target.getTargets"), /** @type {any} */ ({ filter: [{ type: "service_worker" }] })));
  for (const { targetId } of targetInfos) await extension.session.send("Target.closeTarget", { targetId });
  await extension.trigger(page);
  await panel.until(() => document.querySelector('[data-testid="screen-picture"]'));
  await panel.click('[data-testid="stop"]');
  await panel.close();
  await page.close();
});

test("a panel that is closed over the picture has it when it is opened again, until it is stopped", async () => {
  const panel = await PanelPage.open(extension);
  const page = await extension.context.newPage();
  await page.goto(pages.page("strict"));
  await panel.press(page);
  await panel.at("picture");
  await until(panel.page, async () => "captured" in (await /** @type {any} */ (globalThis).chrome.storage.session.get(null)));
  const again = await reopened(panel);
  await again.at("picture");
  assert.ok((await again.page.locator("rect.burned").count()) > 0);
  await again.get("stop").click();
  await emptied(again.page);
  await page.close();
});

test("what was chosen before the form is chosen again when the panel is: boxes, an own one, switches, and who gets it", async () => {
  const panel = await PanelPage.open(extension);
  const page = await extension.context.newPage();
  await page.goto(`${pages.page("strict")}?id=42&user=jane`);
  await panel.press(page);
  await panel.at("picture");
  await panel.get("covered").locator("summary").click();
  await panel.page.locator("#panel .plain input").first().click();
  await panel.get("edit").click();
  await panel.page.getByTestId("editor-view").focus();
  await panel.page.keyboard.press("Enter");
  await panel.page.locator("[data-do=done]").press("Enter");
  await panel.page.getByTestId("editor").waitFor({ state: "detached" });
  const boxes = await panel.page.locator("rect.burned").evaluateAll((all) => all.map((one) => one.outerHTML));
  await panel.get("next").click();
  await panel.at("page");
  const switches = (/** @type {Page} */ page) => page.locator("#panel input").evaluateAll((all) => all.map((one) => /** @type {HTMLInputElement} */ (one).checked));
  const before = await switches(panel.page);
  await panel.page.locator("#panel input").first().click();
  const after = await switches(panel.page);
  assert.notDeepEqual(after, before);
  await panel.get("next").click();
  await panel.choose(/I have a link/);
  await panel.page.locator("#link").fill("https://intake.example/r/here");
  await heldIn(panel.page, "intake.example/r/here");
  const again = await reopened(panel);
  await again.at("whom");
  assert.equal(await again.page.locator("#link").inputValue(), "https://intake.example/r/here");
  await again.get("back").click();
  await again.at("page");
  assert.deepEqual(await switches(again.page), after);
  await again.get("back").click();
  await again.at("picture");
  const burned = () => again.page.locator("rect.burned").evaluateAll((all) => all.map((one) => one.outerHTML));
  assert.deepEqual(await burned(), boxes);
  // What another window has captured meanwhile gets none of it, were it as large.
  await again.page.evaluate(async () => {
    const { session } = /** @type {any} */ (globalThis).chrome.storage;
    const { captured } = await session.get("captured");
    await session.set({ captured: { ...captured, id: "of another window" } });
  });
  await again.page.reload();
  await again.at("picture");
  assert.notDeepEqual(await burned(), boxes);
  await again.get("stop").click();
  await emptied(again.page);
  await page.close();
});

test("a picture of the whole page is there again with its boxes, though its page is gone", async () => {
  const panel = await PanelPage.open(extension);
  const page = await extension.context.newPage();
  await page.goto(pages.page("overlay"));
  await panel.press(page);
  await panel.at("picture");
  const first = await panel.get("picture").getAttribute("viewBox");
  await panel.get("whole").click();
  await panel.page.waitForFunction((first) => document.querySelector('[data-testid="picture"]')?.getAttribute("viewBox") !== first, first, { timeout: 120_000 });
  const seen = async (/** @type {PanelPage} */ panel) => [await panel.get("picture").getAttribute("viewBox"), await panel.page.locator("rect.burned").evaluateAll((all) => all.map((one) => one.outerHTML))];
  const before = await seen(panel);
  await until(panel.page, async () => Boolean((await /** @type {any} */ (globalThis).chrome.storage.session.get("captured")).captured?.whole));
  await page.close();
  const again = await reopened(panel);
  await again.at("picture");
  assert.deepEqual(await seen(again), before);
  await again.get("stop").click();
});

test("a report that cannot be sent waits sealed, is shown by the next panel, goes when somebody says so, and leaving deletes it", async () => {
  const { intake, channel } = shared.addresses;
  const wire = await new Wire([intake, pages.origin, pages.other]).start();
  const own = await launchOurs({ args: [`--proxy-server=${wire.address}`, "--proxy-bypass-list=<-loopback>"] });
  const asked = (/** @type {number} */ from) => wire.exchanges.slice(from).filter(({ url }) => url.pathname.startsWith("/api/")).map(({ method, url }) => `${method} ${url.pathname.split("/").pop()}`);
  /** A report that was kept because the line was gone, and the panel that was opened afterwards. @param {string} words */
  const kept = async (words) => {
    const panel = await PanelPage.open(own);
    const page = await own.context.newPage();
    await writeTo(panel, page, words);
    const { form } = panel;
    await form.get("step-what").click();
    await form.at("what");
    await form.get("group-use_by_customers").click();
    await form.get("category-scam_fraud_impersonation").click();
    await form.get("step-evidence").click();
    await form.at("evidence");
    await form.get("under-18-no").check();
    await form.get("next").click();
    await form.at("check");
    wire.cut = (_, url) => url.pathname.startsWith("/api/");
    await form.get("send").click();
    await form.get("stop").click();
    await form.get("send-problem").waitFor();
    await form.get("stays-keep").click();
    await form.get("stays-kept").waitFor();
    const record = await panel.page.evaluate(
      () =>
        new Promise((resolve) => {
          const opening = indexedDB.open("waiting", 1);
          opening.onsuccess = () => {
            const got = opening.result.transaction("waiting").objectStore("waiting").getAll();
            got.onsuccess = () => (opening.result.close(), resolve(JSON.stringify(got.result)));
          };
        }),
    );
    assert.ok(!String(record).includes(words));
    // Two services may call their channels the same.
    assert.ok(String(record).includes(`"channel":"${intake}/${channel}"`), String(record));
    await panel.closeSide();
    await panel.page.close();
    await page.close();
    wire.cut = () => false;
    const later = new PanelPage(own, await own.panelTab("window"));
    await later.get("waits").waitFor();
    assert.ok((await later.get("waits").innerText()).includes(new URL(intake).host));
    return later;
  };
  try {
    const from = wire.exchanges.length;
    const later = await kept("They wait for a line.");
    const mark = wire.exchanges.length;
    await later.get("waits-open").click();
    await later.form.get("stays-1").waitFor();
    assert.deepEqual(asked(mark), [], "nothing is asked of anybody before the person says so");
    await later.form.get("stays-send-1").click();
    await later.form.at("sent");
    await later.form.get("stays-sent").waitFor();
    assert.deepEqual(asked(from).slice(-1), ["POST reports"]);
    await later.form.get("done").click();
    await later.at("idle");
    assert.equal(await later.get("waits").count(), 0);
    assert.deepEqual(later.faults, []);
    await later.page.close();

    const second = await kept("They wait and are left.");
    await second.get("waits-open").click();
    await second.form.get("stays-2").or(second.form.get("stays-1")).waitFor();
    await second.form.get("quick-exit").click();
    const probe = await own.panelTab("welcome");
    await until(probe, async () => (await indexedDB.databases()).length === 0);
  } finally {
    wire.stop();
    await own.close();
  }
});

test("a draft is on the disk only for who switched it on, locked, and for an hour", async () => {
  const panel = await PanelPage.open(extension);
  const page = await extension.context.newPage();
  await writeTo(panel, page, "Kept for an hour.");
  await panel.form.get("drafts").locator("summary").click();
  await panel.form.get("draft-switch").check();
  await until(panel.page, async () => (await indexedDB.databases()).length === 1);
  const read = () =>
    panel.page.evaluate(
      () =>
        new Promise((resolve) => {
          const opening = indexedDB.open("draft", 1);
          opening.onsuccess = () => {
            const asked = opening.result.transaction("draft").objectStore("draft").get("draft");
            asked.onsuccess = () => {
              opening.result.close();
              const { key, data, until } = asked.result;
              resolve({ extractable: key.extractable, text: new TextDecoder().decode(data), left: until - Date.now() });
            };
          };
        }),
    );
  const { extractable, text, left } = /** @type {any} */ (await read());
  assert.equal(extractable, false);
  assert.ok(!text.includes("Kept for an hour."));
  assert.ok(left > 0 && left <= 3_600_000);

  // The browser was closed: memory is gone, the disk is not.
  await panel.page.evaluate(() => /** @type {any} */ (globalThis).chrome.storage.session.clear());
  await panel.page.close();
  const again = await extension.panelTab("window");
  await again.getByTestId("go-on").click();
  await again.locator('#app [data-testid="screen-what-happened"]').waitFor();
  assert.equal(await again.getByTestId("text-what-happened").inputValue(), "Kept for an hour.");

  // An hour later.
  await again.evaluate(
    () =>
      new Promise((resolve) => {
        const opening = indexedDB.open("draft", 1);
        opening.onsuccess = () => {
          const transaction = opening.result.transaction("draft", "readwrite");
          const shelf = transaction.objectStore("draft");
          const asked = shelf.get("draft");
          asked.onsuccess = () => shelf.put({ ...asked.result, until: Date.now() - 1 }, "draft");
          transaction.oncomplete = () => (opening.result.close(), resolve(undefined));
        };
      }),
  );
  await again.evaluate(() => /** @type {any} */ (globalThis).chrome.storage.session.clear());
  // The background script's own look, which a press and the browser's start bring about.
  const worker = await extension.worker();
  await worker.evaluate(async () => {
    // @ts-expect-error the background script's own
    purge();
    while ((await indexedDB.databases()).length > 0) await new Promise((next) => setTimeout(next, 20));
  });
  await again.close();
  const late = await extension.panelTab("window");
  await late.locator('[data-testid="screen-idle"]').waitFor();
  assert.equal(await late.getByTestId("go-on").count(), 0);
  assert.deepEqual((await stored(late)).bases, []);
  await late.close();
  await page.close();
});

test("harm to children: pixels are gone from what is held, from the disk and from the file", async () => {
  const panel = await PanelPage.open(extension);
  const page = await extension.context.newPage();
  await writeTo(panel, page, "It shows a child.");
  await panel.form.get("drafts").locator("summary").click();
  await panel.form.get("draft-switch").check();
  await until(panel.page, async () => JSON.stringify(await /** @type {any} */ (globalThis).chrome.storage.session.get(null)).includes("data:image/png"));
  await panel.form.get("step-what").click();
  await panel.form.at("what");
  await panel.form.get("group-content_and_conduct").click();
  await panel.form.get("category-child_safety").click();
  await until(panel.page, async () => !JSON.stringify(await /** @type {any} */ (globalThis).chrome.storage.session.get(null)).includes("data:image"));
  await panel.form.get("step-evidence").click();
  await panel.form.at("evidence");
  assert.equal(await panel.page.locator("#app img").count(), 0);
  // Addresses are words: they stay.
  assert.equal(await panel.page.locator("[data-testid^=evidence-name-]").count(), 0);
  await panel.form.get("quick-exit").click();
  await page.close();
});

test("where somebody reported is remembered only if they say so, is chosen there the next time, and can be erased", async () => {
  const panel = await PanelPage.open(extension);
  const page = await extension.context.newPage();
  await writeTo(panel, page, "Remember this place.");
  await panel.form.get("step-what").click();
  await panel.form.at("what");
  await panel.form.get("group-use_by_customers").click();
  await panel.form.get("category-scam_fraud_impersonation").click();
  await panel.form.get("step-evidence").click();
  await panel.form.at("evidence");
  await panel.form.get("under-18-no").check();
  await panel.form.get("next").click();
  await panel.form.at("check");
  await panel.form.done(await panel.form.send());
  await panel.get("remember-yes").click();
  await until(panel.page, async () => "remembered" in (await /** @type {any} */ (globalThis).chrome.storage.local.get(null)));
  await panel.closeSide();
  await panel.page.close();

  const again = await PanelPage.open(extension);
  await page.goto(pages.page("strict"));
  await again.press(page);
  await again.toWhom();
  assert.equal(await again.page.getByRole("radio", { name: /you reported there before/ }).isChecked(), true);
  await again.get("look").click();
  await again.get("goes-to").waitFor();
  // Known, and unchanged: writing there is the plain choice.
  assert.match((await again.get("send").getAttribute("class")) ?? "", /primary/);
  await again.get("known").locator("summary").click();
  await again.get("forget").click();
  assert.equal(await again.page.getByRole("radio", { name: /you reported there before/ }).count(), 0);
  await until(again.page, async () => !("remembered" in (await /** @type {any} */ (globalThis).chrome.storage.local.get(null))));
  await again.get("stop").click();
  await again.page.close();
  await page.close();
});

test("a tenant's own domain serves a valid manifest: nothing is chosen, asked or sealed before the full step", async () => {
  const { intake, channel } = shared.addresses;
  const manifest = await (await fetch(`${intake}/api/v1/channels/${channel}/manifest`)).text();
  /** @type {string[]} */
  const asked = [];
  const tenant = createServer((request, answer) => {
    asked.push(`${request.method} ${request.url} ${request.headers.origin ?? ""} ${request.headers.cookie ?? ""}`);
    if (request.url?.startsWith("/.well-known/")) answer.writeHead(200, { "content-type": "application/json", "access-control-allow-origin": "*" }).end(manifest);
    else answer.writeHead(200, { "content-type": "text/html", "set-cookie": "who=jane" }).end("<!doctype html><title>Lists</title><h1>Who to ring at night</h1>");
  }).listen(0, "127.0.0.1");
  await once(tenant, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (tenant.address());
  const wire = await new Wire([intake, `http://localhost:${port}`]).start();
  const own = await launchOurs({ args: [`--proxy-server=${wire.address}`, "--proxy-bypass-list=<-loopback>"] });
  try {
    const panel = await PanelPage.open(own);
    const page = await own.context.newPage();
    await page.goto(`http://localhost:${port}/`);
    asked.length = 0;
    await panel.press(page);
    await panel.toWhom();
    assert.equal(await panel.page.getByRole("radio", { name: /save it as a file/ }).isChecked(), true);
    await panel.choose(/the reported site itself/);
    assert.deepEqual(asked.filter((line) => !line.includes("favicon")), [], "nothing is asked before the person says so");
    await panel.get("look").click();
    await panel.get("goes-to").waitFor();
    assert.deepEqual(asked.filter((line) => !line.includes("favicon")), ["GET /.well-known/report-a-concern.json null "]);
    const shown = await panel.get("goes-to").innerText();
    assert.ok(shown.includes(`If the people you are reporting run ${new URL(intake).host}, do not send.`));
    assert.ok(shown.includes(`localhost:${port} said so.`), shown);
    // The file is the plain choice, and nobody at the intake has heard of anything.
    assert.match((await panel.get("save").getAttribute("class")) ?? "", /primary/);
    assert.deepEqual(wire.since().filter((line) => line.includes(new URL(intake).host)), []);
    assert.equal(await panel.page.locator("#app main").count(), 0);
    assert.deepEqual(panel.faults, []);
  } finally {
    wire.stop();
    await own.close();
    tenant.close();
  }
});
