// No network when Send is pressed: the report waits in its tab, and nothing goes before the person was asked again.

import assert from "node:assert/strict";
import test, { after, before } from "node:test";

import { accessible } from "../lib/axe.mjs";
import { launch, open } from "../lib/browser.mjs";
import { demo } from "../lib/demo.mjs";
import { Console, Form } from "../lib/journey.mjs";
import { remedy } from "../lib/stories.mjs";
import { Wire } from "../lib/wire.mjs";

/** @type {Awaited<ReturnType<typeof demo>>} */
let running;
/** @type {import("playwright-core").Browser} */
let browser;
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

/** Requests to the server's interface since that one. @param {number} from */
const asked = (from) => wire.exchanges.slice(from).filter(({ url }) => url.pathname.startsWith("/api/"));

/** A form that could not be sent, and waits. @param {import("playwright-core").BrowserContextOptions} [options] */
async function waiting(options) {
  const story = remedy();
  const { context, page } = await open(browser, options);
  await page.goto(running.addresses.hosted_page);
  const form = new Form(page, page);
  await form.fill(story);
  // The device knows of it, and its worker cannot either.
  await context.setOffline(true);
  wire.cut = (_, url) => url.pathname.startsWith("/api/");
  await form.get("send").click();
  await form.get("send-problem").waitFor();
  await form.get("network-wait").click();
  await form.get("network-waits").waitFor();
  return { context, page, form, story };
}

test("waits, asks again naming the risk, and sends only then", async () => {
  const { context, page, form, story } = await waiting();
  assert.match(await form.get("network-waits").innerText(), /Nothing was sent/);
  await accessible("waits for the network", page);
  const from = wire.exchanges.length;
  wire.cut = () => false;
  await context.setOffline(false);
  await form.get("network-back").and(form.root.locator(":focus")).waitFor();
  const question = await form.get("network-back").innerText();
  assert.match(question, /Whoever runs this network may see that you contact Northwind/);
  await accessible("the network is back", page);
  assert.deepEqual(asked(from), []);
  await form.get("network-later").click();
  await form.get("network-back").waitFor({ state: "detached" });
  assert.deepEqual(asked(from), []);
  // Wherever the person is by then, the report is whole.
  await form.get("send").click();
  await form.at("sent");
  const desk = await Console.signIn(page, running.addresses);
  await desk.open(story.marks.text);
  await context.close();
});

test("asked on another screen: leads to the check and sends from there", async () => {
  const { context, form } = await waiting();
  await form.get("step-evidence").click();
  await form.at("evidence");
  wire.cut = () => false;
  await context.setOffline(false);
  await form.get("network-check").click();
  await form.at("check");
  await form.get("network-send").click();
  await form.at("sent");
  await context.close();
});

test("deleted: the words are gone and nothing was sent", async () => {
  const { context, page, form, story } = await waiting({ viewport: { width: 320, height: 640 } });
  const from = wire.exchanges.length;
  await form.get("network-delete").click();
  await form.get("leave-confirm").click();
  await form.get("screen-closed").waitFor();
  wire.cut = () => false;
  await context.setOffline(false);
  assert.ok(!(await page.content()).includes(story.marks.text));
  assert.deepEqual(asked(from), []);
  await context.close();
});
