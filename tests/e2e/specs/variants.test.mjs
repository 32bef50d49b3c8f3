// The form in nine variants, one walk each over all steps: axe (WCAG 2.2 AA) on every one, and besides what a variant is about.

import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { devices } from "playwright-core";

import { accessible } from "../lib/axe.mjs";
import { launch, open } from "../lib/browser.mjs";
import { demo } from "../lib/demo.mjs";
import { Form, STEPS } from "../lib/journey.mjs";
import { focusOrder, listen, readOut, targets } from "../lib/reach.mjs";
import { sameToTheEar } from "../lib/snapshot.mjs";
import { misuse } from "../lib/stories.mjs";
import { TWICE_THE_TEXT } from "../lib/variants.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {(screen: string, page: Page) => Promise<void>} Check */
/** @typedef {{ args?: string[], options?: import("playwright-core").BrowserContextOptions, prepare?: (context: import("playwright-core").BrowserContext) => Promise<unknown>, checks: Check[] }} Variant */

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

/** @param {string} query @returns {Check} */
const medium = (query) => async (screen, page) => assert.ok(await page.evaluate((query) => matchMedia(query).matches, query), `${query} on ${screen}`);

/** Nothing to scroll sideways for. @type {Check} */
const fits = async (screen, page) => {
  const [wide, width] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(wide <= width + 1, `${screen} is ${wide} px wide in ${width}`);
};

/** Nothing moves. @type {Check} */
const still = async (screen, page) => {
  const moving = await page.evaluate(() => document.getAnimations().filter(({ effect }) => Number(effect?.getComputedTiming().duration) > 1).length);
  assert.equal(moving, 0, `${moving} animations on ${screen}`);
  const long = await page.evaluate(() =>
    [...document.querySelectorAll("body *")]
      .filter((element) => {
        const { transitionDuration, animationDuration, animationName } = getComputedStyle(element);
        return transitionDuration.split(",").some((time) => parseFloat(time) > 0.001) || (animationName !== "none" && parseFloat(animationDuration) > 0.001);
      })
      .map((element) => `${element.localName}.${element.className}`));
  assert.deepEqual(long, [], `moves on ${screen}`);
};

/** Right to left, but for what is a code. @type {Check} */
const rightToLeft = async (screen, page) => {
  const direction = (/** @type {string} */ selector) => page.locator(selector).first().evaluate((element) => getComputedStyle(element).direction);
  assert.equal(await direction("[data-testid=step-heading]"), "rtl", screen);
  if (screen === "sent") assert.equal(await direction("[data-testid=receipt-code]"), "ltr", "the code");
};

/** Twice the text of 16 px, in boxes that grow with it. @type {Check} */
const twice = async (screen, page) => {
  const size = await page.getByTestId("step-heading").evaluate((element) => [getComputedStyle(element), getComputedStyle(document.body)].map(({ fontSize }) => parseFloat(fontSize)));
  assert.ok(size[0] >= 36 && size[1] >= 28, `${screen} has text of ${size.join(" and ")} px`);
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll("button, label, h1, h2, h3, summary, legend")]
      .filter((element) => element.checkVisibility() && /hidden|clip/.test(getComputedStyle(element).overflow) && element.scrollHeight > element.clientHeight + 2 && element.clientHeight > 4)
      .map((element) => element.textContent?.trim().slice(0, 40)));
  assert.deepEqual(cut, [], `cut off on ${screen}`);
};

/** @type {Check} */
const snapshot = (screen, page) => sameToTheEar(`form-${screen}`, page.locator("body"));

/** @type {Record<string, Variant>} */
const VARIANTS = {
  light: { options: { colorScheme: "light" }, checks: [medium("(prefers-color-scheme: light)"), snapshot] },
  dark: { options: { colorScheme: "dark" }, checks: [medium("(prefers-color-scheme: dark)")] },
  "forced colours": { options: { forcedColors: "active" }, checks: [medium("(forced-colors: active)")] },
  "reduced motion": { options: { reducedMotion: "reduce" }, checks: [still] },
  // Arabic where it is there; else English in its direction.
  "right to left": {
    options: { locale: "ar" },
    prepare: (context) =>
      context.addInitScript(() => {
        const turn = () => {
          if (!document.documentElement.lang.startsWith("ar") && document.documentElement.dir !== "rtl") document.documentElement.dir = "rtl";
        };
        new MutationObserver(turn).observe(document, { subtree: true, attributes: true, childList: true, attributeFilter: ["dir", "lang"] });
      }),
    checks: [rightToLeft, focusOrder, fits],
  },
  "320 px": { options: { viewport: { width: 320, height: 640 } }, checks: [fits, targets] },
  "200 % text": { args: TWICE_THE_TEXT, checks: [twice, fits] },
  // A whole report by keyboard is in keyboard.test.mjs; here every stop of every screen.
  "keyboard only": { checks: [focusOrder] },
  phone: { options: { ...devices["Pixel 7"], locale: "en-GB" }, checks: [targets, fits] },
};

/** The screens that are looked at: each step once it is filled in, so that all it has is there. */
const SCREENS = ["start", "who-named", "what-detail", "what-happened-filled", "putting-right-filled", "evidence-filled", "check", "sent"];

for (const [variant, { args, options, prepare, checks }] of Object.entries(VARIANTS)) {
  test(`${variant}: every step`, async () => {
    const own = args ? await launch({ args }) : undefined;
    const { context, page } = await open(own ?? browser, options);
    await prepare?.(context);
    const said = await listen(context);
    await page.goto(running.addresses.hosted_page);
    const form = new Form(page, page);
    /** @type {string[]} */
    const seen = [];
    /** @type {Check} */
    const look = async (name, page) => {
      const step = await page.locator("[data-testid^=screen-]").first().getAttribute("data-testid");
      // A step that has just come: the first is the page's own beginning.
      if (STEPS.includes(/** @type {any} */ (name)) && name !== "start" && name !== "check") await readOut(name, page);
      if (!SCREENS.includes(name)) return;
      // The foot comes with the form's later part.
      await page.getByTestId("language").waitFor();
      await accessible(`${name}, ${variant}`, page);
      for (const check of checks) await check(name, page);
      seen.push(`${step}`);
    };
    await form.fill({ ...misuse(), harm: "People stay away from work.", urgent: false }, look);
    await form.send(look);
    assert.deepEqual(seen, STEPS.map((step) => `screen-${step}`));
    assert.ok(said.length > 0, "nothing was said: neither of the files nor of the sending");
    await context.close();
    await own?.close();
  });
}
