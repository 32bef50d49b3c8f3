// A service that the extension's directory lists: chosen beforehand, held to its root key, and led to where there is no WebAssembly.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { demo } from "../lib/demo.mjs";
import { hostilePages } from "../lib/hostile.mjs";
import { launchOurs, PanelPage } from "../lib/panel.mjs";

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

/** What a directory says of the demo. @param {object} [other] */
const services = (other) => {
  const { intake, channel, root_key } = shared.addresses;
  return [{ hosts: [new URL(pages.origin).hostname], channel, intake, root_key, ...other }];
};

/** With a page of a listed service captured, at the question who gets it. @param {object[]} listed @param {(panel: PanelPage) => Promise<void>} tell */
async function asked(listed, tell) {
  const extension = await launchOurs({ services: listed });
  try {
    const panel = await PanelPage.open(extension);
    const page = await extension.context.newPage();
    await page.goto(pages.page("strict"));
    await panel.press(page);
    await panel.toWhom();
    await tell(panel);
    assert.deepEqual(panel.faults, []);
  } finally {
    await extension.close();
  }
}

test("a listed service is chosen beforehand, looked up at its own intake, and written to", () =>
  asked(services(), async (panel) => {
    assert.equal(await panel.page.getByRole("radio", { name: /known to this extension/ }).isChecked(), true);
    await panel.get("look").click();
    await panel.get("goes-to").waitFor();
    assert.equal(await panel.get("domain").innerText(), new URL(shared.addresses.intake).host);
    assert.match((await panel.get("send").getAttribute("class")) ?? "", /primary/);
    await panel.get("send").click();
    await panel.form.at("start");
    await panel.form.get("door-misuse").click();
    await panel.form.at("who");
  }));

test("one whose manifest another key has signed is not written to", () =>
  asked(services({ root_key: Buffer.alloc(32, 7).toString("base64url") }), async (panel) => {
    await panel.get("look").click();
    await panel.get("looked").waitFor();
    assert.equal(await panel.get("send").count(), 0);
    assert.equal(await panel.get("goes-to").count(), 0);
  }));

test("without WebAssembly its plain form is one press away", async () => {
  const extension = await launchOurs({ args: ["--js-flags=--jitless"], services: services() });
  try {
    const page = await extension.context.newPage();
    await page.goto(pages.page("strict"));
    await extension.trigger(page);
    const panel = await extension.panel();
    const address = await panel.until(() => document.querySelector("#broken:not([hidden]) a:not([hidden])")?.getAttribute("href"));
    const [form] = await Promise.all([extension.context.waitForEvent("page"), panel.click("#broken a")]);
    await form.waitForURL(String(address));
    await form.locator("form").first().waitFor();
  } finally {
    await extension.close();
  }
});
