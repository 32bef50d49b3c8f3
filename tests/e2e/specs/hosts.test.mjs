// The button inside what products are made of: dialogs that hold the focus, shadow roots, style sheets that mean everything.

import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { gone, launch, open } from "../lib/browser.mjs";
import { HOST, INTAKE, standIn } from "../lib/stand-in.mjs";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** A page of `hosts/` as one script. @param {string} name */
async function bundle(name) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../hosts/${name}.tsx`, import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    tsconfigRaw: {},
    external: ["@recourse/widget/jsx"],
  });
  return outputFiles[0].text;
}

/**
 * @param {Parameters<typeof standIn>[1]} what
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
async function host(what, options) {
  const { context, page, faults } = await open(browser, options);
  const asked = await standIn(context, what);
  await page.goto(`${HOST}/`);
  return { context, page, faults, asked, frame: page.frameLocator("[data-recourse] iframe"), dialog: page.locator("[data-recourse] dialog") };
}

/** What has the focus, through shadow roots. @param {import("playwright-core").Page} page */
const focused = (page) =>
  page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active?.localName;
  });

for (const name of ["native", "radix", "mui"]) {
  test(`inside a dialog of the product (${name}): one can write, nothing takes the focus away, and the product's dialog stays`, async () => {
    // Their style sheets are inline, so no policy.
    const { context, page, frame, dialog } = await host({ body: `<div id="root"></div>`, script: await bundle(name), policy: "" });
    await page.getByRole("button", { name: "Open the product's dialog" }).click();
    const own = page.getByRole("dialog", { name: "Product's dialog" });
    await own.getByLabel("Product's field").focus();
    await own.getByRole("button", { name: "Report a concern" }).click();
    await page.locator("[data-recourse] dialog.here").waitFor();

    // With real keys, and longer than it takes a focus trap that looks every 50 ms.
    await frame.getByLabel("text").click();
    await page.keyboard.type("They threaten people. ".repeat(4), { delay: 5 });
    assert.equal(await frame.getByLabel("text").inputValue(), "They threaten people. ".repeat(4));
    assert.equal(await focused(page), "iframe");
    // Not hidden from a screen reader by what the product hides behind its dialog.
    assert.equal(await page.getByRole("dialog", { name: "Report a concern" }).count(), 1);

    // A press beside our dialog is no press beside theirs.
    await page.mouse.click(20, 20);
    assert.equal(await dialog.isVisible(), true);
    await frame.locator("body").evaluate(() => /** @type {any} */ (window).port.postMessage({ recourse: "leave" })).catch(() => {});
    await gone(page);
    assert.equal(await own.isVisible(), true);
    assert.equal(await focused(page), "button");
    assert.equal(await own.getByRole("button", { name: "Report a concern" }).evaluate((button) => button.matches(":focus")), true);
    await context.close();
  });
}

/** Everything a browser computes for each of these. @param {import("playwright-core").Locator} elements */
const computed = (elements) =>
  elements.evaluateAll((all) => all.map((element) => [element.localName, ...[...getComputedStyle(element)].map((name) => `${name}: ${getComputedStyle(element).getPropertyValue(name)}`)]));

/** Says which lines differ, not all. @param {string[][]} actual @param {string[][]} expected */
function same(actual, expected) {
  assert.ok(expected.every((element) => element.length > 100), "something was compared");
  assert.deepEqual(actual.map(([name]) => name), expected.map(([name]) => name));
  assert.deepEqual(
    actual.map((lines, at) => lines.filter((line) => !expected[at].includes(line))),
    expected.map(() => []),
  );
}

const ONE = `<p>product</p><report-concern channel="demo" root-key="KEY"></report-concern>`;
const HOSTILE = `
* { all: unset; color: red !important; font-size: 40px !important; letter-spacing: 9px !important; text-transform: uppercase !important; line-height: 3 !important; }
*, *::before, *::after, *::backdrop { visibility: hidden !important; pointer-events: none !important; opacity: 1; direction: ltr; }
button { all: revert; padding: 90px; background: lime; } dialog { inset: 0 !important; inline-size: 10px !important; } iframe, div { display: none !important; }`;

test("the host's style reaches nothing of ours", async () => {
  const seen = [];
  for (const style of ["", HOSTILE]) {
    const { context, page, frame, dialog } = await host({ body: ONE, style, policy: "" });
    const button = page.locator("report-concern button");
    const before = await computed(button);
    await button.evaluate((button) => /** @type {HTMLElement} */ (button).click());
    await frame.locator("body").waitFor({ state: "attached" });
    await page.locator("[data-recourse] dialog.here").waitFor();
    seen.push([...before, ...(await computed(dialog)), ...(await computed(dialog.locator("*")))]);
    await context.close();
  }
  same(seen[1], seen[0]);
});

test("nothing of ours reaches the host's style", async () => {
  const body = `<h1>a</h1><a href="#x">b</a><button type="button" class="here">c</button><div><iframe></iframe></div><dialog open class="away">d</dialog>`;
  const seen = [];
  for (const loader of [false, true]) {
    const { context, page, frame } = await host({ body: body + ONE, loader, policy: "" });
    if (loader) {
      await page.locator("report-concern button").hover();
      await frame.locator("body").waitFor({ state: "attached" });
      await page.mouse.move(0, 0);
    }
    // But the element, which has got a size, and what its row therefore measures.
    seen.push(await computed(page.locator("body > h1, body > a, body > button, body > div, body > div > iframe, body > dialog")));
    await context.close();
  }
  assert.equal(seen[0].length, 6);
  same(seen[1], seen[0]);
});

test("custom properties and the part style the button, and the theme is the element's, else the page's", async () => {
  const body = ["", "light", "dark"].map((theme) => `<report-concern channel="demo" root-key="KEY" theme="${theme}"></report-concern>`).join("") +
    `<report-concern class="own" channel="demo" root-key="KEY"></report-concern>`;
  const style = `:root{color-scheme:light dark}.own{--recourse-accent:#123456;--recourse-on-accent:#fedcba;--recourse-radius:3px;--recourse-font:700 18px serif}.own::part(button){border-width:7px}`;
  for (const [colorScheme, expected] of /** @type {["light" | "dark", string[]][]} */ ([
    ["light", ["rgb(11, 92, 107)", "rgb(11, 92, 107)", "rgb(127, 211, 224)", "rgb(18, 52, 86)"]],
    ["dark", ["rgb(127, 211, 224)", "rgb(11, 92, 107)", "rgb(127, 211, 224)", "rgb(18, 52, 86)"]],
  ])) {
    const { context, page } = await host({ body, style }, { colorScheme });
    const buttons = page.locator("report-concern button");
    await buttons.nth(3).waitFor();
    assert.deepEqual(await buttons.evaluateAll((all) => all.map((button) => getComputedStyle(button).backgroundColor)), expected);
    assert.deepEqual(
      await buttons.nth(3).evaluate((button) => ["color", "borderRadius", "fontSize", "borderTopWidth"].map((name) => /** @type {any} */ (getComputedStyle(button))[name])),
      ["rgb(254, 220, 186)", "3px", "18px", "7px"],
    );
    await context.close();
  }
});

test("with forced colours there is an edge, without motion nothing moves", async () => {
  const { context, page, dialog } = await host({ body: ONE }, { forcedColors: "active", reducedMotion: "reduce" });
  const button = page.locator("report-concern button");
  await button.focus();
  const edge = (/** @type {import("playwright-core").Locator} */ element) =>
    element.evaluate((element) => [getComputedStyle(element).borderTopStyle, getComputedStyle(element).borderTopWidth, getComputedStyle(element).borderTopColor === "rgba(0, 0, 0, 0)"]);
  assert.deepEqual(await edge(button), ["solid", "1px", false]);
  assert.equal(await button.evaluate((button) => getComputedStyle(button).outlineStyle), "solid");
  await button.click();
  assert.deepEqual(await edge(dialog), ["solid", "1px", false]);
  // The one animation waits two seconds and then shows; nothing of it moves.
  const moving = await dialog.evaluate((dialog) => dialog.getAnimations({ subtree: true }).flatMap((one) => /** @type {KeyframeEffect} */ (one.effect).getKeyframes().flatMap((frame) => Object.keys(frame))));
  assert.deepEqual(moving.filter((name) => !["visibility", "offset", "computedOffset", "easing", "composite"].includes(name)), []);
  await context.close();
});

test("in the corner it is seen wherever the page scrolls, on the side where lines end", async () => {
  for (const dir of ["ltr", "rtl"]) {
    const body = `<div dir="${dir}"><report-concern channel="demo" root-key="KEY" placement="corner"></report-concern></div><div class="tall"></div>`;
    const { context, page } = await host({ body, style: ".tall{block-size:4000px}" }, { viewport: { width: 320, height: 640 } });
    await page.mouse.wheel(0, 1000);
    const box = await page.locator("report-concern button").boundingBox();
    assert.ok(box && box.y + box.height === 640 - 16, JSON.stringify(box));
    assert.equal(dir === "ltr" ? Math.round(320 - box.x - box.width) : Math.round(box.x), 16);
    assert.ok(box.height >= 44 && box.width >= 44);
    await context.close();
  }
});

test("an opaque host has a link, and open() follows it", async () => {
  const body = `<report-concern channel="demo" root-key="KEY" launcher="off"></report-concern><button type="button" id="own">own</button>`;
  const { context, page } = await host({ body, script: `own.onclick = () => recourse.push(["open"])`, policy: "sandbox allow-scripts allow-popups" });
  await page.locator("report-concern > a").waitFor({ state: "attached" });
  const opened = context.waitForEvent("page");
  await page.locator("#own").click();
  assert.equal((await opened).url(), `${INTAKE}/r/demo`);
  assert.equal(await page.locator("[data-recourse]").count(), 0);
  await context.close();
});
