// Danger, children and intimate pictures: help for a country that one picks, media destroyed at once, other readers.

import assert from "node:assert/strict";
import test, { after, before } from "node:test";

import { accessible } from "../lib/axe.mjs";
import { launch, open } from "../lib/browser.mjs";
import { demo } from "../lib/demo.mjs";
import { Form } from "../lib/journey.mjs";
import { png } from "../lib/picture.mjs";

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

/** @param {(form: Form, page: import("playwright-core").Page) => Promise<unknown>} tell @param {import("playwright-core").BrowserContextOptions} [options] */
async function hosted(tell, options = {}) {
  const { context, page, faults } = await open(browser, options);
  await page.goto(running.addresses.hosted_page);
  const form = new Form(page, page);
  await form.at("start");
  await tell(form, page);
  assert.deepEqual(faults, []);
  await context.close();
}

test("help is for the country that one picks, asks nobody, and is not sent", async () => {
  await hosted(async (form, page) => {
    await form.get("door-misuse").click();
    await form.at("who");
    await form.get("next").click();
    await form.get("next").click();
    await form.at("what-happened");
    await form.get("text-what-happened").fill("They said that they come tonight.");
    /** @type {string[]} */
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await form.get("danger-yes").check();
    const help = form.get("danger-help");
    assert.equal(await help.getByRole("link").count(), 0, "no country is guessed");
    await accessible("danger", page);
    await help.getByTestId("help-country").selectOption("DE");
    assert.deepEqual(await help.getByRole("link").evaluateAll((links) => links.slice(0, 2).map((link) => link.getAttribute("href"))), ["tel:112", "tel:110"]);
    assert.match(await help.innerText(), /2026/);
    await accessible("danger, Germany", page);
    await help.getByTestId("help-country").selectOption("-");
    assert.equal(await help.getByRole("link").count(), 0);
    assert.match(await help.innerText(), /112/);
    assert.deepEqual(asked, []);
    await help.getByTestId("help-country").focus();
    await page.keyboard.press("Home");
    await form.get("step-check").click();
    await form.at("check");
    assert.doesNotMatch(await form.get("check-details").innerText(), /Germany/);
  });
});

test("a child's safety, as another topic too, destroys pictures and changes who reads", async () => {
  await hosted(async (form, page) => {
    await form.get("door-misuse").click();
    await form.at("who");
    await form.get("step-evidence").click();
    await form.get("picture-input").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: png(9, "kept nowhere") });
    await form.get("evidence-preview-1").waitFor();
    await form.get("step-what").click();
    await form.get("group-use_by_customers").click();
    await form.get("category-spam_bulk").click();
    await form.get("also-categories").locator("summary").click();
    await form.get("also-category-child_safety").check();
    const warning = form.get("child-safety");
    await warning.waitFor();
    assert.match(await warning.innerText(), /taken out/);
    assert.match(await warning.innerText(), /Child safety readers/);
    await accessible("child safety", page);
    await form.get("step-evidence").click();
    await form.get("evidence-refused").waitFor();
    assert.equal(await form.get("evidence-card-1").count(), 0);
    assert.equal(await form.get("picture-input").count(), 0);
    await form.get("step-what-happened").click();
    await form.get("text-what-happened").fill("In words alone.");
    await form.get("step-check").click();
    assert.match(await form.get("check-readers").innerText(), /Child safety officer/);
    await form.send();
  });
});

test("intimate pictures: addresses come first, and StopNCII is named", async () => {
  await hosted(async (form, page) => {
    await form.get("door-misuse").click();
    await form.at("who");
    await form.get("next").click();
    await form.get("group-content_and_conduct").click();
    await form.get("category-intimate_image_abuse").click();
    assert.match(await form.get("intimate").innerText(), /StopNCII/);
    await accessible("intimate pictures, topic", page);
    await form.get("next").click();
    await form.at("what-happened");
    const order = await form.root.locator("textarea").evaluateAll((areas) => areas.map((area) => area.id));
    assert.deepEqual(order.slice(0, 2), ["url", "text-what-happened"]);
    await form.get("url").fill("https://pictures.example/7");
    await form.get("next").click();
    await form.get("next").click();
    await form.at("check");
    assert.match(await form.get("law").innerText(), /48 hours/);
  });
});

test("somebody who never used the product finds themselves in the wording", async () => {
  await hosted(async (form, page) => {
    await form.get("door-remedy").click();
    await form.at("who");
    await form.get("person").locator("summary").click();
    await form.get("relationship-non_user").check();
    await form.get("age-13_15").check();
    await form.get("young").waitFor();
    await accessible("about you", page);
    await form.get("next").click();
    await form.get("next").click();
    await form.at("what-happened");
    await form.get("chip-where").click();
    assert.match(await form.root.locator("label[for=feature]").innerText(), /reach you/);
    await form.get("text-what-happened").fill("They call me every night.");
    await form.get("step-check").click();
    const person = await form.get("check-person").innerText();
    assert.match(person, /never used/);
    assert.doesNotMatch(person, /13/);
  }, { viewport: { width: 320, height: 640 } });
});
