// `cargo xtask bench extension`: from the press to a panel that can be used, suggestions on a page of 10,000 texts, the whole of a long page, and what the page feels of
// it. The extension as it ships, in Chromium.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { hostilePages, MANY } from "./lib/hostile.mjs";
import { FOLDER, launchOurs, PanelPage } from "./lib/panel.mjs";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "9" } } });
const ROUNDS = Number(values.rounds);
assert.ok(ROUNDS >= 1, "--rounds takes a number");

/** Pictures a second that Chromium takes. */
const PER_SECOND = 2;

/** @param {number[]} all */
const median = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];

/** @type {{ what: string, got: number, budget: number, unit: string }[]} */
const lines = [];
const line = (/** @type {string} */ what, /** @type {number} */ got, /** @type {number} */ budget, unit = "ms") => lines.push({ what, got, budget, unit });

const plain = createServer((_, answer) => {
  const rows = Array.from({ length: 500 }, (_, at) => `<p>Row ${at}: somebody${at}@example.org</p>`).join("");
  answer.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html><style>*{margin:0}p{height:20px}</style><title>Ten thousand pixels</title>${rows}`);
}).listen(0, "127.0.0.1");
await once(plain, "listening");
const { port } = /** @type {import("node:net").AddressInfo} */ (plain.address());
const pages = await hostilePages();
const extension = await launchOurs({ args: ["--window-size=1280,900"] });
const page = await extension.context.newPage();

// The panel opens with the press, as it does for people.
await page.goto(pages.page("strict"));
/** @type {number[]} */
const presses = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const pressed = Date.now();
  await extension.trigger(page);
  const panel = await extension.panel();
  const usable = await panel.until(async () => {
    const image = /** @type {SVGImageElement | null} */ (document.querySelector('[data-testid="picture"] image'));
    if (!image || !document.querySelector('[data-testid="next"]')) return undefined;
    const decoded = new Image();
    decoded.src = image.href.baseVal;
    await decoded.decode();
    return Date.now();
  });
  presses.push(Number(usable) - pressed);
  await panel.click('[data-testid="stop"]');
  await panel.until(() => document.querySelector('[data-testid="screen-idle"]'));
  await panel.close();
  // Heard of, or the next press would go to it.
  await (await extension.worker()).evaluate(async () => {
    // @ts-expect-error the background script's own
    while (panels.size > 0) await new Promise((next) => setTimeout(next, 20));
  });
}
line("press to usable panel with picture, window of 1280×800", median(presses), 700);

// What the page feels of it.
const panel = await PanelPage.open(extension);
await page.goto(pages.page("many"));
await page.evaluate(() => {
  const seen = /** @type {any} */ (window).long = /** @type {number[]} */ ([]);
  new PerformanceObserver((list) => seen.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: "longtask" });
});
await panel.press(page);
await panel.at("picture");
const long = await page.evaluate(() => /** @type {number[]} */ (/** @type {any} */ (window).long));
line(`longest task on a page of ${MANY} texts`, Math.max(0, ...long), 100);

// Suggestions for all of it at once.
const script = (await readdir(join(FOLDER, "assets"))).find((name) => /^extension-[0-9a-f]+\.js$/.test(name));
const suggested = await panel.page.evaluate(async ([rounds, script]) => {
  const { boxes } = await import(`/assets/${script}`);
  const api = /** @type {any} */ (globalThis).chrome;
  const [tab] = (await api.tabs.query({ active: true })).filter((/** @type {any} */ tab) => !tab.url?.startsWith("chrome-extension:"));
  const func = () => /** @type {any} */ (globalThis).recourseMeasure.first({ whole: true });
  const [{ result }] = await api.scripting.executeScript({ target: { tabId: tab.id }, func });
  const seen = JSON.stringify(result);
  const times = [];
  let found = 0;
  for (let round = 0; round < rounds; round += 1) {
    const from = performance.now();
    found = JSON.parse(boxes(seen, '["",""]', 1280, 800, false)).length;
    times.push(performance.now() - from);
  }
  return { times, texts: result.measured.pieces.length, found };
}, /** @type {const} */ ([ROUNDS, script]));
assert.ok(suggested.texts >= MANY);
line(`suggestions on ${suggested.texts} texts`, median(suggested.times), 150);

// The whole of a page of 10,000 pixels: so many pictures take so long by the browser's own quota.
await panel.closeSide();
await panel.get("stop").click();
await panel.at("idle");
await page.goto(`http://127.0.0.1:${port}/`);
await panel.press(page);
await panel.at("picture");
const height = await page.evaluate(() => innerHeight);
const tiles = Math.ceil((10_000 - height) / (height - 24)) + 1;
// The press took one already.
const least = ((tiles + 1 - PER_SECOND) / PER_SECOND) * 1000;
const from = Date.now();
await panel.get("whole").click();
await panel.get("whole-busy").waitFor();
await panel.page.locator('[data-testid="whole"]').waitFor();
const took = Date.now() - from;
line(`whole page of 10,000 px, ${tiles} pictures, over the quota's own ${least} ms`, (took / least - 1) * 100, 25, "%");

await extension.close();
await pages.stop();
plain.close();

console.log(`\n${"what".padEnd(84)} ${"got".padStart(8)} ${"budget".padStart(8)}`);
for (const { what, got, budget, unit } of lines) console.log(`${what.padEnd(84)} ${`${Math.round(got)} ${unit}`.padStart(8)} ${`${budget} ${unit}`.padStart(8)}${got > budget ? "  over" : ""}`);
console.log(`presses: ${presses.join(", ")} ms`);
process.exit(lines.some(({ got, budget }) => got > budget) ? 1 : 0);
