// At 320 px – a small phone, or a desktop at 400 % – nothing runs out of the screen (WCAG 1.4.10), and everything is still accessible. And no
// step of the form is long: as it opens, two screens of a phone are all there is to scroll.

import assert from "node:assert/strict";
import test, { after, before } from "node:test";

import { accessible } from "../lib/axe.mjs";
import { launch, open } from "../lib/browser.mjs";
import { demo } from "../lib/demo.mjs";
import { Console, FollowUp, Form } from "../lib/journey.mjs";
import { misuse, remedy } from "../lib/stories.mjs";

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

const SMALL = { viewport: { width: 320, height: 640 } };

/**
 * What one would have to scroll sideways for, in every frame.
 * @param {string} name @param {import("playwright-core").Page} page
 */
async function fits(name, page) {
  for (const frame of page.frames()) {
    const wide = await frame.evaluate(() => {
      const width = document.documentElement.clientWidth;
      /** @param {Element} element whether something around it clips or scrolls on purpose */
      const held = (element) => {
        for (let around = element.parentElement; around; around = around.parentElement) {
          if (/auto|scroll|hidden|clip/.test(getComputedStyle(around).overflowX)) return around !== document.body && around !== document.documentElement;
        }
        return false;
      };
      return [...document.body.querySelectorAll("*")]
        .filter((element) => element.checkVisibility() && getComputedStyle(element).position !== "absolute")
        .filter((element) => element.getBoundingClientRect().right > width + 1 && !held(element))
        .map((element) => `${element.localName}.${element.className} ${element.id} ends at ${Math.round(element.getBoundingClientRect().right)} of ${width}`);
    });
    assert.deepEqual(wide, [], `${name} in ${frame.url()}`);
  }
}

test("the product page and the framed form", async () => {
  const { context, page } = await open(browser, SMALL);
  await page.goto(running.addresses.product);
  await page.locator("report-concern").first().getByRole("button").waitFor();
  await fits("product", page);
  const form = await Form.onProduct(page, running.addresses);
  const story = misuse();
  story.files[1].name = `${"a-very-long-name-without-any-place-to-break-it-".repeat(3)}.txt`;
  await form.fill(story, fits);
  await accessible("check at 320 px", page);
  await form.send(fits);
  await accessible("sent at 320 px", page);
  await context.close();
});

test("the hosted form, the follow-up page and the console", async () => {
  const { context, page } = await open(browser, SMALL);
  await page.goto(running.addresses.hosted_page);
  const form = new Form(page, page);
  const story = remedy();
  story.text = `${story.text} ${"w".repeat(200)}`;
  await form.fill(story, fits);
  const receipt = await form.send(fits);

  const desk = await Console.signIn(page, running.addresses, fits);
  await fits("queue", page);
  await desk.open(story.marks.text);
  await fits("report", page);
  await accessible("report at 320 px", page);
  await desk.move("in_triage", "Somebody reads it now.", fits);
  await desk.reply("Thank you.", fits);
  for (const tab of ["dialogue", "evidence", "log"]) {
    await desk.get(`tab-${tab}`).click();
    await fits(tab, page);
  }

  const followUp = await FollowUp.open(page, running.addresses);
  await fits("code", page);
  await followUp.enter(receipt);
  await fits("case", page);
  await accessible("follow-up at 320 px", page);
  await context.close();
});

/** @param {import("playwright-core").Page} page */
const height = (page) => page.evaluate(() => document.documentElement.scrollHeight);

/** The screens as they open, before anything is chosen. */
const OPENING = ["start", "who", "what", "what-detail", "what-happened", "putting-right", "evidence"];

for (const story of [misuse(), remedy()]) {
  test(`no step scrolls more than two screens of a small phone: ${story.door}`, async (t) => {
    const { context, page } = await open(browser, SMALL);
    await page.goto(running.addresses.hosted_page);
    const form = new Form(page, page);
    // The foot of the first screen comes with the form's later part.
    await form.get("language").waitFor();
    /** @type {Record<string, number>} */
    const heights = {};
    const look = async (/** @type {string} */ name) => void (heights[name] = await height(page));
    await form.fill(story, look);
    await form.send(look);
    const opening = OPENING.filter((name) => name !== "putting-right" || story.door === "remedy");
    for (const name of opening) assert.ok(heights[name] > 0, `${name} was not looked at`);
    const high = opening.filter((name) => heights[name] > 3 * SMALL.viewport.height).map((name) => `${name} is ${heights[name]} px high`);
    assert.deepEqual(high, []);
    // These two are as long as what was written, and as what has to be known.
    for (const name of ["check-begun", "sent"]) t.diagnostic(`${name}: ${heights[name]} px, ${(heights[name] / SMALL.viewport.height).toFixed(1)} screens`);
    await context.close();
  });
}

test("nor in any language, on a phone as most have it", async () => {
  const PHONE = { viewport: { width: 390, height: 844 } };
  const first = await open(browser, PHONE);
  await first.page.goto(running.addresses.hosted_page);
  const locales = await first.page.locator("body").getAttribute("data-locales");
  const languages = Object.keys(JSON.parse(locales ?? "{}")).map((name) => name.split(".")[0]);
  assert.equal(languages.length, 14);
  await first.context.close();
  /** @type {string[]} */
  const high = [];
  for (const locale of languages) {
    const { context, page } = await open(browser, { ...PHONE, locale });
    await page.goto(running.addresses.hosted_page);
    const form = new Form(page, page);
    await form.get("language").waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), locale);
    const look = async (/** @type {string} */ name) => {
      const now = await height(page);
      if (now > 3 * PHONE.viewport.height) high.push(`${name} in ${locale} is ${now} px high`);
    };
    await look("start");
    await form.get("door-misuse").click();
    for (const step of ["who", "what", "what-happened", "putting-right", "evidence"]) {
      await form.at(step);
      await look(step);
      if (step === "what-happened") {
        await form.get("also-remedy-yes").check();
        await form.get("text-what-happened").fill("x");
      }
      await form.get("next").click();
    }
    await form.at("check");
    await context.close();
  }
  assert.deepEqual(high, []);
});
