// A report with the keyboard alone, from the product page to the receipt, with the focus seen at every stop.

import assert from "node:assert/strict";
import test, { after, before } from "node:test";

import { accessible } from "../lib/axe.mjs";
import { gone, launch, open } from "../lib/browser.mjs";
import { demo } from "../lib/demo.mjs";
import { Form } from "../lib/journey.mjs";
import { misuse } from "../lib/stories.mjs";

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

test("a report with the keyboard alone", async () => {
  const { context, page, faults } = await open(browser);
  const story = misuse();
  // From the start: Playwright takes a frame's choosers over by a request of its own, which a key press may overtake.
  page.on("filechooser", () => {});
  await page.goto(running.addresses.product);
  await page.locator("report-concern").first().getByRole("button").waitFor();
  const about = await tab(() =>
    page.evaluate(() => {
      const host = document.activeElement;
      return host?.localName === "report-concern" ? (host.getAttribute("data-test") ?? "") : "";
    }), "footer");
  assert.ok(about);
  await page.keyboard.press("Enter");
  const form = new Form(page, page.frameLocator("[data-recourse] iframe"));
  await form.at("start");

  /** Where the focus is, and whether one sees it. */
  const focus = () =>
    form.root.locator("body").evaluate(() => {
      const active = /** @type {HTMLElement | null} */ (document.activeElement);
      if (!active || active === document.body) return { name: "", seen: true };
      /** @type {Element | null} */
      let around = active;
      let seen = false;
      // A hidden box may show its focus on the card around it.
      for (let depth = 0; around && depth < 3 && !seen; depth += 1, around = around.parentElement) {
        const style = getComputedStyle(around);
        seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
      }
      return { name: active.dataset.testid ?? active.id, seen };
    });
  /** @param {string} name */
  const to = (name) =>
    tab(async () => {
      const at = await focus();
      // A heading that reading begins at is no control.
      if (at.name && at.name !== "step-heading") assert.ok(at.seen, `the focus on ${at.name} is not seen`);
      return at.name;
    }, name);
  const press = (/** @type {string} */ key) => page.keyboard.press(key);

  // Each screen puts the focus on its heading, so that reading and tabbing begin there.
  const begun = async (/** @type {string} */ step) => {
    await form.at(step);
    await form.root.locator("[data-testid=step-heading]:focus").waitFor();
  };

  await to("door-misuse");
  await press("Space");
  await begun("who");
  await to("identity-anonymous");
  await press("ArrowDown");
  await press("ArrowDown");
  assert.equal(await form.get("identity-named").isChecked(), true);
  await to("contact-name");
  await page.keyboard.type(story.name ?? "");
  await to("contact-reach");
  await page.keyboard.type(story.reach ?? "");
  await to("next");
  await press("Enter");
  await begun("what");
  await to("category-search");
  await page.keyboard.type("phishing");
  await to("category-scam_fraud_impersonation");
  await press("Space");
  await to("next");
  await press("Enter");
  await begun("what-happened");
  // Nothing written: the summary takes the focus and leads to the field.
  await to("next");
  await press("Enter");
  await form.root.locator("[data-testid=error-summary]:focus").waitFor();
  await to("error-link-text-what-happened");
  await press("Enter");
  await form.root.locator("[data-testid=text-what-happened]:focus").waitFor();
  await page.keyboard.type(story.marks.text);
  await to("next");
  await press("Enter");
  await begun("evidence");
  await to("file-input");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), press("Space")]);
  const { name, mimeType, buffer } = story.files[1];
  await chooser.setFiles({ name, mimeType, buffer });
  await form.get("evidence-card-1").waitFor();
  await to("next");
  await press("Enter");
  await begun("check");
  const checked = await form.get("check-text").innerText();
  assert.ok(checked.includes(story.marks.text), `${story.marks.text} in ${checked}`);
  await to("send");
  await press("Enter");
  await begun("sent");
  const receipt = (await form.get("receipt-code").innerText()).trim();
  await to("receipt-check-input");
  await page.keyboard.type(receipt.slice(-4));
  await to("receipt-check");
  await press("Enter");
  await form.get("receipt-check-ok").waitFor();
  await to("done");
  // Nobody is left in the frame to confirm this key.
  press("Enter").catch(() => {});
  await gone(page);
  // Back where it began.
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-test")), "footer");
  assert.deepEqual(faults, []);
  await context.close();

  /**
   * Presses Tab until the focus has that name.
   * @param {() => Promise<string>} where @param {string} name
   */
  async function tab(where, name) {
    /** @type {string[]} */
    const way = [];
    for (let n = 0; n < 120; n += 1) {
      const at = await where();
      if (at === name) return true;
      way.push(at);
      await page.keyboard.press("Tab");
    }
    throw new Error(`no way to ${name} by Tab: ${way.join(" ")}`);
  }
});

test("the lines under the text open one at a time, say what is in them, and show a fault that is in one", async () => {
  const { context, page, faults } = await open(browser, { viewport: { width: 320, height: 640 } });
  await page.goto(running.addresses.hosted_page);
  const form = new Form(page, page);
  await form.get("door-misuse").click();
  await form.at("who");
  await form.get("step-what-happened").click();
  await form.at("what-happened");
  await form.get("text-what-happened").fill("They ring at night.");
  const press = (/** @type {string} */ key) => page.keyboard.press(key);
  const focused = (/** @type {string} */ id) => page.locator(`#${id}:focus`).waitFor();
  const opened = async () => (await page.locator(".chip[aria-expanded=true]").evaluateAll((chips) => chips.map((chip) => chip.dataset.testid))).join();
  const chip = (/** @type {string} */ line) => form.get(`chip-${line}`);

  await chip("when").focus();
  await press("Enter");
  await focused("when");
  await press("Tab");
  await press("Space");
  assert.equal(await form.get("when-occurred").isChecked(), true);
  assert.equal(await chip("when").innerText(), "When?", "what is seen is not said twice");

  await chip("who").focus();
  await press("Space");
  await focused("how-many");
  assert.equal(await opened(), "chip-who");
  assert.equal(await form.get("when-occurred").count(), 0);
  assert.match(await chip("when").innerText(), /^When\?\s+It happened$/);
  await page.keyboard.type("about 40");
  await form.get("affected-workers").check();

  await chip("where").focus();
  await press("Enter");
  await focused("subject");
  assert.equal(await opened(), "chip-where");
  assert.match(await chip("who").innerText(), /^Who is affected\?\s+about 40 · Workers$/);
  assert.equal(await form.get("use-case").isVisible(), false, "behind More");
  await form.more();
  await form.get("use-case").fill("w".repeat(1001));
  await form.more();
  assert.match(await form.get("where-more").locator("summary").innerText(), /w{40}…$/);
  await chip("where").focus();
  await press("Enter");
  assert.equal(await opened(), "");
  await accessible("lines, closed and filled", page);

  // Each fault opens what it is in.
  await form.get("next").focus();
  await press("Enter");
  await page.locator("[data-testid=error-summary]:focus").waitFor();
  for (const [field, right] of [["how-many", "40"], ["use-case", "to sort people"]]) {
    await form.get(`error-link-${field}`).focus();
    await press("Enter");
    await focused(field);
    await accessible(`lines, a fault in ${field}`, page);
    await form.get(field).fill(right);
  }
  // Nothing was lost on the way, and a line is taken out as a whole.
  await chip("when").focus();
  await press("Enter");
  assert.equal(await form.get("when-occurred").isChecked(), true);
  await form.get("line-empty").focus();
  await press("Enter");
  await focused("when");
  await form.get("next").focus();
  await press("Enter");
  await form.at("evidence");
  await form.get("next").focus();
  await press("Enter");
  await form.at("check");
  const details = await form.get("check-details").innerText();
  assert.match(details, /40[\s\S]*Workers[\s\S]*to sort people/);
  assert.doesNotMatch(details, /It happened/);
  assert.deepEqual(faults, []);
  await context.close();
});
