// The first step is there before any Wasm: what the server draws is what the form draws, a door chosen early stays chosen, the focus stays,
// nothing moves.

import assert from "node:assert/strict";
import test, { after, before } from "node:test";

import { launch, open } from "../lib/browser.mjs";
import { demo } from "../lib/demo.mjs";

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

/** Layout shifts so far, with what moved; whether there was input before them or not. @param {import("playwright-core").Page} page @returns {Promise<string[]>} */
const shifts = (page) =>
  page.evaluate(() => {
    const { shifts, shifted } = /** @type {any} */ (window);
    return [...shifted, ...shifts.takeRecords()].map((/** @type {any} */ { value, sources }) => {
      const moved = sources.map((/** @type {any} */ { node, previousRect, currentRect }) => `${node?.outerHTML?.slice(0, 120)} ${JSON.stringify([previousRect, currentRect])}`);
      return `${value}: ${moved.join("; ")}`;
    });
  });

/** The page with its Wasm held back until told. @param {string} address @param {import("playwright-core").BrowserContextOptions} [options] */
async function held(address, options = {}) {
  const opened = await open(browser, options);
  const { context, page } = opened;
  await context.addInitScript(() => {
    const seen = /** @type {any} */ (window);
    seen.shifted = [];
    seen.shifts = new PerformanceObserver((list) => seen.shifted.push(...list.getEntries()));
    seen.shifts.observe({ type: "layout-shift", buffered: true });
  });
  /** @type {() => void} */
  let release = () => {};
  const released = new Promise((resolve) => (release = () => resolve(undefined)));
  await context.route(/intake_app_bg-.*\.wasm$/, async (route) => {
    await released;
    await route.continue();
  });
  await page.goto(address, { waitUntil: "commit" });
  return { ...opened, release };
}

/**
 * Markup, each element on a line with its attributes in order; without the names that only one side has, and without what is not there
 * at first: what a product offers, help and the code for a phone, which come with the later part.
 * @param {Element} drawn
 */
function written(drawn) {
  const root = /** @type {Element} */ (drawn.cloneNode(true));
  for (const other of root.querySelectorAll("#about, [data-testid=local-help], [data-testid=phone-scan]")) other.remove();
  /** @param {Node} node @returns {string} */
  const line = (node) => {
    if (!(node instanceof Element)) return node.textContent ?? "";
    const shared = [...node.attributes].filter(({ name }) => !["data-testid", "data-door", "data-wait"].includes(name));
    const attributes = shared.map(({ name, value }) => ` ${name}=${JSON.stringify(value)}`).sort();
    return `\n<${node.localName}${attributes.join("")}>${[...node.childNodes].map(line).join("")}`;
  };
  return [...root.children].map(line).join("");
}

for (const by of /** @type {const} */ (["click", "keyboard"])) {
  test(`a door chosen by ${by} before the form is there stays chosen`, async () => {
    const { context, page, faults, release } = await held(running.addresses.hosted_page, by === "click" ? { viewport: { width: 390, height: 844 } } : {});
    const door = page.locator('#first [data-door="door-remedy"]');
    await door.waitFor();
    // The script is there as soon as it marks what is pressed; a press before that is not lost on it, since it is pressed again.
    await page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name }) => /first-step-/.test(name)));
    await page.waitForLoadState("domcontentloaded").catch(() => {});
    if (by === "click") {
      await door.click();
    } else {
      await door.focus();
      await page.keyboard.press("Enter");
    }
    await page.locator('#first [data-door="door-remedy"][aria-pressed="true"].on').waitFor();
    assert.equal(await page.locator('#first [aria-pressed="true"]').count(), 1);
    assert.equal(await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).dataset.door), "door-remedy");
    assert.equal(await page.locator("#first [role=status]").innerText(), "Loading…");
    assert.equal(await page.locator("#app").isVisible(), false);
    // The doors are one choice.
    await page.locator('#first [data-door="door-misuse"]').click();
    assert.equal(await page.locator('#first [aria-pressed="true"]').getAttribute("data-door"), "door-misuse");
    await door.press("Space");
    assert.equal(await page.locator('#first [aria-pressed="true"]').getAttribute("data-door"), "door-remedy");

    release();
    await page.getByTestId("screen-who").or(page.getByTestId("before-continue")).first().waitFor();
    assert.equal(await page.locator("#first").count(), 0);
    assert.deepEqual(await shifts(page), []);
    assert.deepEqual(faults, []);
    await context.close();
  });
}

test("without a choice the focus stays on the same control", async () => {
  for (const name of ["quick-exit", "door-appeal"]) {
    const { context, page, release } = await held(running.addresses.hosted_page);
    await page.locator(`#first [data-door="${name}"]`).focus();
    await page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name }) => /first-step-/.test(name)));
    release();
    await page.getByTestId("screen-start").waitFor();
    assert.equal(await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).dataset.testid), name);
    assert.deepEqual(await shifts(page), []);
    await context.close();
  }
});

test("leaving works before the form is there, and shows nothing more", async () => {
  const { context, page } = await held(running.addresses.hosted_page);
  await page.waitForFunction(() => document.readyState !== "loading");
  await page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name }) => /first-step-/.test(name)));
  await page.locator('#first [data-door="quick-exit"]').click();
  await page.waitForURL(/\/left$|about:blank/);
  assert.doesNotMatch(await page.content(), /Report a concern/);
  await context.close();
});

test("leaving before the form is there and without a network deletes what an earlier visit kept", async () => {
  const { context, page } = await held(running.addresses.hosted_page);
  await page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name }) => /first-step-/.test(name)));
  await page.evaluate(async () => {
    localStorage.setItem("draft-planted", "{}");
    await new Promise((resolve) => {
      const opening = indexedDB.open("waiting", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("waiting", { keyPath: "id", autoIncrement: true }).add({ letters: [] });
      opening.onsuccess = () => resolve(opening.result.close());
    });
  });
  await context.setOffline(true);
  await page.locator('#first [data-door="quick-exit"]').click({ timeout: 5000 });
  await page.waitForURL("about:blank");
  await context.setOffline(false);
  await context.unroute(/intake_app_bg-.*\.wasm$/);
  await page.goto(running.addresses.intake + "/verify");
  await page.evaluate(async () => {
    while ((await indexedDB.databases()).length > 0) await new Promise(requestAnimationFrame);
  });
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  await context.close();
});

for (const by of /** @type {const} */ (["button", "Shift three times"])) {
  for (const framed of [false, true]) {
    test(`where the form cannot start, ${by} leaves ${framed ? "a frame" : "a page of its own"}, and the text that says so covers no way out`, async () => {
      const { context, page } = await open(browser, { viewport: { width: 320, height: 640 } });
      const { product, hosted_page } = running.addresses;
      await context.route(/intake_app-.*\.js$/, (route) => route.abort());
      await page.goto(framed ? product : hosted_page);
      if (framed) await page.locator("report-concern").first().getByRole("button").click();
      const form = framed ? page.frameLocator("[data-recourse] iframe") : page;
      await form.locator("#broken:not([hidden])").waitFor();
      // Not waited for to the end: in a frame nobody is left to confirm the last click or key.
      if (by === "button") {
        const at = await form.locator('[data-door="quick-exit"]').boundingBox();
        assert.ok(at);
        page.mouse.click(at.x + at.width / 2, at.y + at.height / 2).catch(() => {});
      } else {
        await form.locator('[data-door="quick-exit"]').focus();
        for (let press = 0; press < 2; press += 1) await page.keyboard.press("Shift");
        page.keyboard.press("Shift").catch(() => {});
      }
      if (framed) await page.locator("[data-recourse] iframe").waitFor({ state: "detached" });
      else await page.waitForURL(/\/left$|about:blank/);
      await context.close();
    });
  }
}

test("where the form stopped, what was typed stays in sight, and the button leaves", async () => {
  const { context, page } = await open(browser, { viewport: { width: 320, height: 640 } });
  await page.goto(running.addresses.hosted_page);
  await page.getByTestId("screen-start").waitFor();
  // What a panic leaves behind: a form that hears nothing, and one promise that failed.
  await page.evaluate(() => {
    const app = /** @type {HTMLElement} */ (document.getElementById("app"));
    app.replaceWith(app.cloneNode(true));
    Promise.reject(new Error("stopped"));
  });
  await page.locator("#broken:not([hidden])").waitFor();
  assert.ok(await page.getByTestId("door-misuse").isVisible());
  // And the end of the page comes out from behind the text.
  const hidden = await page.evaluate(() => {
    scrollTo(0, document.body.scrollHeight);
    const [end, text] = ["#app", "#broken"].map((at) => /** @type {Element} */ (document.querySelector(at)).getBoundingClientRect());
    return end.bottom - text.top;
  });
  assert.ok(hidden <= 0, `${hidden} px lie behind it`);
  await page.getByTestId("quick-exit").click({ timeout: 5000 });
  await page.waitForURL(/\/left$|about:blank/);
  await context.close();
});

for (const framed of [false, true]) {
  test(`what the server draws is what the form draws, ${framed ? "in a frame" : "on a page of its own"}`, async () => {
    const { intake, product, hosted_page } = running.addresses;
    const address = framed ? `${intake}/embed/demo` : hosted_page;
    const drawn = await (await fetch(address, { headers: { "accept-language": "en-GB" } })).text();
    const { context, page } = await open(browser);
    await page.goto(framed ? product : hosted_page);
    if (framed) await page.locator("report-concern").first().getByRole("button").click();
    const form = framed ? page.frameLocator("[data-recourse] iframe") : page;
    await form.getByTestId("screen-start").waitFor();
    // Markup from a string is refused on our own pages, so an empty one reads it.
    const blank = await context.newPage();
    const root = await blank.evaluateHandle((html) => /** @type {Element} */ (new DOMParser().parseFromString(html, "text/html").getElementById("first")), drawn);
    const ours = await root.evaluate(written);
    const theirs = await form.locator("#app").evaluate(written);
    assert.match(ours, /<button .*class="door"/);
    assert.equal(ours, theirs);
    await context.close();
  });
}

test("without script the hosted page leads to the plain form by itself", async () => {
  const { context, page } = await open(browser, { javaScriptEnabled: false });
  await page.goto(running.addresses.hosted_page);
  await page.waitForURL(/\/plain$/);
  await page.locator("#sealed").waitFor();
  await context.close();
});

test("where Wasm does not come, the box leads to the plain form", async () => {
  const { context, page } = await open(browser);
  await context.route(/intake_app_bg-.*\.wasm$/, (route) => route.abort());
  await page.goto(running.addresses.hosted_page);
  await page.locator("#broken").getByRole("link").click();
  await page.locator("#sealed").waitFor();
  await context.close();
});
