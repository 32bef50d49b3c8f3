// The product page under the strictest policy a host may have: nothing is reported against it, and what is wrong would be.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test, { after, before } from "node:test";

import { launch, open } from "../lib/browser.mjs";
import { demo, ROOT } from "../lib/demo.mjs";
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

test("the policy that the documents give is this one", async () => {
  const text = await readFile(join(ROOT, "docs/csp.md"), "utf8");
  const [, block] = /```http\n([\s\S]*?)```/.exec(text) ?? [];
  const written = block?.replace(/^Content-Security-Policy:/, "").replaceAll("https://report.example", running.addresses.intake);
  const directives = (/** @type {string | null | undefined} */ policy) => (policy ?? "").split(";").map((part) => part.trim().replace(/\s+/g, " ")).filter(Boolean);
  const served = (await fetch(running.addresses.product)).headers.get("content-security-policy");
  // The rest is the product's own business.
  assert.deepEqual(directives(written), directives(served).filter((directive) => !/^(default|style)-src/.test(directive)));
});

/** The product page with more headers, and the form in it as far as its first word. @param {Record<string, string>} headers @param {(html: string) => string} [change] */
async function productWith(headers, change = (html) => html) {
  const { product } = running.addresses;
  const { context, page, faults } = await open(browser);
  // What a test makes up counts as a page of the wide world, which may not ask this machine for a script.
  await context.grantPermissions(["local-network-access"], { origin: product });
  await context.route(`${product}/`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), ...headers }, body: change(await response.text()) });
  });
  await page.goto(`${product}/`);
  return { context, page, faults, footer: page.locator('report-concern[data-test="footer"]'), dialog: page.locator("[data-recourse] dialog") };
}

for (const headers of /** @type {Record<string, string>[]} */ ([
  { "cross-origin-embedder-policy": "require-corp", "cross-origin-opener-policy": "same-origin" },
  { "cross-origin-embedder-policy": "credentialless", "cross-origin-opener-policy": "same-origin" },
  { "permissions-policy": "display-capture=(), clipboard-write=(), camera=(), fullscreen=()" },
  { "referrer-policy": "no-referrer", "cross-origin-resource-policy": "same-origin", "x-frame-options": "DENY" },
])) {
  test(`the form comes into a product page with ${JSON.stringify(headers)}`, async () => {
    const { context, page, faults, footer } = await productWith(headers);
    await footer.getByRole("button").click();
    await page.locator("[data-recourse] dialog.here").waitFor();
    const form = page.frameLocator("[data-recourse] iframe");
    await form.getByRole("heading").first().waitFor();
    assert.equal(await page.evaluate(() => crossOriginIsolated), "cross-origin-embedder-policy" in headers);
    assert.deepEqual(faults, []);
    await context.close();
  });
}

test("without the headers of our frame such a page would refuse it: the link is there then", async () => {
  const { context, page, footer, dialog } = await productWith({ "cross-origin-embedder-policy": "require-corp" });
  await context.route(`${running.addresses.intake}/embed/**`, async (route) => {
    const response = await route.fetch();
    const { "cross-origin-embedder-policy": _, "cross-origin-resource-policy": __, ...headers } = response.headers();
    await route.fulfill({ response, headers });
  });
  await footer.getByRole("button").click();
  await page.locator("[data-recourse] dialog.failed").waitFor();
  assert.equal(await dialog.getByRole("link").getAttribute("href"), running.addresses.hosted_page);
  await context.close();
});

test("an exact version has an address of its own, for ever, and a hash that browsers check", async () => {
  const { intake } = running.addresses;
  const answer = await fetch(`${intake}/widget/integrity.json`);
  assert.equal(answer.headers.get("access-control-allow-origin"), "*");
  const hashes = /** @type {Record<string, string>} */ (await answer.json());
  const [exact, ...others] = Object.keys(hashes).filter((name) => name.endsWith("/report-concern.js"));
  assert.deepEqual(others, []);
  assert.match(exact, /^\d+\.\d+\.\d+\/report-concern\.js$/);
  for (const [name, hash] of Object.entries(hashes)) {
    const file = await fetch(`${intake}/widget/${name}`);
    assert.equal(file.headers.get("cache-control"), "public, max-age=31536000, immutable");
    assert.equal(file.headers.get("access-control-allow-origin"), "*");
    assert.equal(hash, `sha384-${createHash("sha384").update(Buffer.from(await file.arrayBuffer())).digest("base64")}`);
  }
  // What is current is the same file.
  assert.equal(await (await fetch(`${intake}/widget/report-concern.js`)).text(), await (await fetch(`${intake}/widget/${exact}`)).text());
  assert.equal((await fetch(`${intake}/widget/0.0.0/report-concern.js`)).status, 404);

  for (const [hash, comes] of /** @type {[string, boolean][]} */ ([[hashes[exact], true], [`sha384-${createHash("sha384").digest("base64")}`, false]])) {
    const pinned = (/** @type {string} */ html) => html.replace(/\/widget\/report-concern\.js" /, `/widget/${exact}" integrity="${hash}" `);
    const { context, page, faults, footer } = await productWith({}, pinned);
    assert.equal(await page.locator(`script[src="${intake}/widget/${exact}"][integrity="${hash}"]`).count(), 1);
    if (comes) await footer.getByRole("button").waitFor();
    else await footer.getByRole("link", { name: "Report a concern" }).waitFor();
    assert.equal(await page.evaluate(() => customElements.get("report-concern") !== undefined), comes);
    assert.equal(faults.length > 0, !comes, faults.join("\n"));
    await context.close();
  }
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
