// The page that checks a saved acknowledgement: good, tampered and mixed files, without a network.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test, { after, before } from "node:test";

import { accessible } from "../lib/axe.mjs";
import { launch, open } from "../lib/browser.mjs";
import { demo } from "../lib/demo.mjs";
import { Form } from "../lib/journey.mjs";
import { remedy } from "../lib/stories.mjs";

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

/** Sends a report and saves its acknowledgement. @param {import("playwright-core").Page} page */
async function saved(page) {
  await page.goto(running.addresses.hosted_page);
  const form = new Form(page, page);
  await form.fill(remedy());
  await form.send();
  await form.get("proof").locator("summary").click();
  const [file] = await Promise.all([page.waitForEvent("download"), form.get("proof-download").click()]);
  return JSON.parse(await readFile(await file.path(), "utf8"));
}

test("a good file is proven, a changed one is not, and nobody is asked", async () => {
  const { context, page, faults } = await open(browser, { acceptDownloads: true });
  const good = await saved(page);
  const fresh = await open(browser);
  const checker = fresh.page;
  await checker.goto(`${running.addresses.intake}/verify`);
  const get = (/** @type {string} */ name) => checker.getByTestId(name);
  await get("proof-state").filter({ hasText: "Ready" }).waitFor();
  await accessible("verify, empty", checker);
  await fresh.context.setOffline(true);
  /** @type {string[]} */
  const asked = [];
  fresh.context.on("request", (request) => void asked.push(request.url()));

  /** @param {unknown} content @param {string} shown */
  const choose = async (content, shown) => {
    await get("proof-file").setInputFiles({ name: "record.json", mimeType: "application/json", buffer: Buffer.from(typeof content === "string" ? content : JSON.stringify(content)) });
    await get(shown).and(checker.locator(":focus")).waitFor();
    assert.equal(await get(shown === "proof-good" ? "proof-bad" : "proof-good").isVisible(), false);
  };
  await choose(good, "proof-good");
  assert.match(await get("proof-says").innerText(), /^Northwind.* signed that it recorded a report/);
  assert.match(await get("proof-good").innerText(), /What this does not prove/);
  const manifest = JSON.parse(Buffer.from(good.manifest.payload, "base64url").toString());
  assert.equal(await get("proof-fingerprint").innerText(), JSON.parse(Buffer.from(good.acknowledgement.payload, "base64url").toString()).root_fingerprint);
  await accessible("verify, good", checker);

  const other = (/** @type {any} */ envelope, /** @type {object} */ change) => {
    const payload = JSON.parse(Buffer.from(envelope.payload, "base64url").toString());
    return { ...envelope, payload: Buffer.from(JSON.stringify({ ...payload, ...change })).toString("base64url") };
  };
  /** @type {[string, unknown, RegExp][]} */
  const bad = [
    ["hour", { ...good, acknowledgement: other(good.acknowledgement, { hour: 0 }) }, /signature does not fit/],
    ["provider", { ...good, manifest: other(good.manifest, { provider: "Somebody else" }) }, /not signed by the key/],
    ["mixed", { ...good, acknowledgement: good.manifest }, /key that the channel does not name/],
    ["nonce", { ...good, nonce: "AAAA" }, /damaged/],
    ["more", { ...good, receipt: "X" }, /damaged/],
    ["text", "hello", /damaged/],
    ["empty", "", /damaged/],
    ["numbers", "[1]", /damaged/],
  ];
  for (const [name, content, reason] of bad) {
    await choose(content, "proof-bad");
    assert.match(await get("proof-why").innerText(), reason, name);
  }
  await accessible("verify, bad", checker);
  await choose(good, "proof-good");
  assert.deepEqual(asked, []);
  assert.ok(manifest.serial >= 1);
  assert.deepEqual([...faults, ...fresh.faults], []);
  await fresh.context.close();
  await context.close();
});
