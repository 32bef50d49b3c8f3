// The product page under the strictest policy a host may have: nothing is reported against it, and what is wrong would be.

import assert from "node:assert/strict";
import test, { after, before } from "node:test";

import { launch, open } from "../lib/browser.mjs";
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

test("the product page is served under the policy, word for word", async () => {
  const { product, intake } = running.addresses;
  const answer = await fetch(product);
  assert.equal(
    answer.headers.get("content-security-policy"),
    `default-src 'none'; script-src ${intake}; style-src 'self'; frame-src ${intake}; require-trusted-types-for 'script'`,
  );
});

test("a whole report is filed and nothing is reported, in host or frame", async () => {
  const { context, page, faults } = await open(browser);
  const form = await Form.onProduct(page, running.addresses, "footer");
  await form.fill(misuse());
  await form.done(await form.send());
  assert.deepEqual(faults, []);
  await context.close();
});

for (const [what, violate, expected] of /** @type {[string, () => void, RegExp][]} */ ([
  ["an inline style", () => document.body.setAttribute("style", "color: red"), /style-src/],
  ["an inline script", () => void document.body.append(Object.assign(document.createElement("script"), { type: "module", text: "1" })), /script|trusted/i],
  ["markup from a string", () => {
    try {
      document.body.innerHTML = "<p>x</p>";
    } catch {
      // Refused, as it should be.
    }
  }, /require-trusted-types-for/],
  ["a frame of somebody else", () => void document.body.append(Object.assign(document.createElement("iframe"), { src: "http://127.0.0.1:1/" })), /frame-src/],
])) {
  test(`a deliberate violation is seen: ${what}`, async () => {
    const { context, page, faults } = await open(browser);
    await page.goto(running.addresses.product);
    await page.locator("report-concern").first().getByRole("button").waitFor();
    assert.deepEqual(faults, []);
    const seen = page.evaluate(() => new Promise((resolve) => addEventListener("securitypolicyviolation", resolve, { once: true })).then(() => {}));
    await page.evaluate(violate).catch(() => {});
    await seen;
    assert.ok(faults.some((fault) => expected.test(fault)), faults.join("\n"));
    await context.close();
  });
}

test("the pages of the intake and the console refuse inline script, frames of others, and Wasm is all they may compile", async () => {
  const { hosted_page, follow_up, console: desk, product, intake } = running.addresses;
  for (const address of [hosted_page, follow_up, `${intake}/embed/demo`, desk]) {
    const policy = (await fetch(address)).headers.get("content-security-policy") ?? "";
    const directives = new Map(policy.split(";").map((part) => /** @type {[string, string]} */ ([part.trim().split(/\s+/)[0], part.trim().split(/\s+/).slice(1).join(" ")])));
    assert.equal(directives.get("default-src"), "'none'", `${address}: ${policy}`);
    assert.equal(directives.get("script-src"), "'self' 'wasm-unsafe-eval'", `${address}: ${policy}`);
    assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|\*/);
    const ancestors = directives.get("frame-ancestors");
    assert.equal(ancestors, address.includes("/embed/") ? product : "'none'", `${address}: ${policy}`);
  }
});
