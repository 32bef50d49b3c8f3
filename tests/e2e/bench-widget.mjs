// `cargo xtask bench widget`: our button and dialog beside Sentry's, in one browser and one run. Every figure is taken inside the page, from
// the press to the frame after which it is painted; both are pressed by script in the same way, so the driver's own time is in neither.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";

import { launch } from "./lib/browser.mjs";
import { freePort } from "./lib/demo.mjs";
import { Line } from "./lib/line.mjs";
import { Server } from "./lib/server.mjs";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "9" } } });
const ROUNDS = Number(values.rounds);
assert.ok(ROUNDS >= 1, "--rounds takes a number");

/** What Sentry's dialog costs is its page's weight over that of the same page without it. @typedef {"plain" | "async" | "preloaded"} Sentry */

/** @param {Sentry} kind */
const sentryPage = (kind) => `
  import * as Sentry from "@sentry/browser";
  Sentry.init({ dsn: location.origin.replace("//", "//key@") + "/1", cdnBaseUrl: location.origin, defaultIntegrations: false,
    integrations: ${kind === "plain" ? "[]" : `[Sentry.${kind === "async" ? "feedbackAsyncIntegration" : "feedbackSyncIntegration"}({ colorScheme: "light", showBranding: false })]`} });`;

/** @param {string} name */
const sentryPart = (name) => `import { ${name} } from "@sentry/feedback"; (globalThis.Sentry ??= {}).${name} = ${name};`;

/** @param {string} contents */
async function bundle(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true, minify: true, write: false, format: "iife", platform: "browser", target: "es2022",
    define: { __SENTRY_DEBUG__: "false", __SENTRY_TRACING__: "false" },
  });
  return Buffer.from(outputFiles[0].contents);
}

/** Milliseconds from one picture of the browser's to the next. */
const FRAME = 1000 / 60;

const HTML = "text/html; charset=utf-8";
const SCRIPT = "text/javascript; charset=utf-8";

/** @param {string} script @param {string} [element] */
const page = (script, element = "") =>
  Buffer.from(`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Product</title><link rel="icon" href="data:,">${script}<h1>Product</h1><p>Some text.</p>${element}`);

/** What is served as the product, by path. @param {string} intake @param {string} rootKey */
async function product(intake, rootKey) {
  /** @type {Map<string, { type: string, body: Buffer }>} */
  const files = new Map();
  const put = (/** @type {string} */ path, /** @type {string} */ type, /** @type {Buffer} */ bytes) => files.set(path, { type, body: brotliCompressSync(bytes) });
  put("/ours", HTML, page(`<script type="module" async src="${intake}/widget/report-concern.js" crossorigin></script>`, `<report-concern channel="demo"${rootKey && ` root-key="${rootKey}"`}></report-concern>`));
  for (const kind of /** @type {const} */ (["plain", "async", "preloaded"])) {
    put(`/sentry-${kind}`, HTML, page(`<script async src="/sentry-${kind}.js"></script>`));
    put(`/sentry-${kind}.js`, SCRIPT, await bundle(sentryPage(kind)));
  }
  for (const [name, file] of [["feedbackModalIntegration", "feedback-modal"], ["feedbackScreenshotIntegration", "feedback-screenshot"]]) put(`/${file}.min.js`, SCRIPT, await bundle(sentryPart(name)));
  const server = createServer((request, response) => {
    // Sentry's parts stand under its version.
    const path = (request.url ?? "").replace(/^\/\d+\.\d+\.\d+\//, "/");
    const file = files.get(path);
    if (!file) return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": file.type, "content-encoding": "br", "cache-control": "max-age=600", "access-control-allow-origin": "*" }).end(file.body);
  });
  return { server, files };
}

/**
 * Runs in every frame and tells when something was first painted, in milliseconds since 1970: the host page and a frame of another origin
 * have no clock in common but that.
 */
const WATCH = () => {
  const now = () => performance.timeOrigin + performance.now();
  const bench = /** @type {any} */ (window);
  /** @param {Element | null | undefined} element */
  const seen = (element) => {
    const box = element?.getBoundingClientRect();
    return !!box && box.width > 0 && box.height > 0 && element?.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  };
  /** Resolves with the time after the first frame in which it holds. @param {() => unknown} holds @returns {Promise<number>} */
  const painted = (holds) =>
    new Promise((resolve, reject) => {
      const last = now() + 60_000;
      const look = () => {
        if (now() > last) return void reject(new Error(`never painted: ${holds}`));
        if (!holds()) return void requestAnimationFrame(look);
        // A message posted from a frame's callback is taken up once that frame is drawn.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(now());
        port2.postMessage(0);
      };
      requestAnimationFrame(look);
    });
  const dialog = () => document.querySelector("[data-recourse]")?.shadowRoot?.querySelector("dialog");
  const form = () => document.querySelector("#sentry-feedback")?.shadowRoot;
  const field = () => /** @type {HTMLTextAreaElement | null | undefined} */ (form()?.querySelector("textarea"));
  bench.button = () => document.querySelector("report-concern")?.shadowRoot?.querySelector("button") ?? form()?.querySelector(".widget__actor");
  if (window === top) {
    bench.press = (/** @type {number} */ touch) => {
      const button = bench.button();
      const host = document.querySelector("report-concern") ?? button;
      const go = () => {
        bench.pressed = now();
        button.click();
        // Ours: the frame is shown. Sentry's: its field is.
        bench.shown = painted(() => (document.querySelector("report-concern") ? dialog()?.open && seen(dialog()?.querySelector("iframe")) : seen(field())));
        bench.answered = painted(() => {
          const text = field();
          if (!text || !seen(text)) return false;
          text.focus();
          if (!text.value) document.execCommand("insertText", false, "a");
          return text.value === "a";
        });
      };
      if (!touch) return go();
      // A finger rests a while before it is lifted.
      const event = new PointerEvent("pointerdown", { bubbles: true, composed: true, pointerType: "touch" });
      (document.querySelector("report-concern") ? host : button).dispatchEvent(event);
      setTimeout(go, touch);
    };
  } else {
    // Drawn by the server first, then by the app in the same place.
    const door = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-door=door-misuse], [data-testid=door-misuse]")]).find(seen);
    bench.shown = painted(() => seen(door()));
    // Pressed once it is on the screen; a first step that came as HTML keeps the press until the app is there.
    bench.answer = () =>
      painted(() => {
        // Behind the first door stands the page that says what stays.
        if (seen(document.querySelector("[data-testid=screen-before]"))) return true;
        door()?.click();
        return false;
      });
  }
};

/** Milliseconds since the press, and what was asked of the servers until it was usable. @typedef {{ visible: number, usable: number, requests: number }} Times */
/** @typedef {"intent" | "touch" | "cold" | "sentry-preloaded" | "sentry-async"} Way */

/**
 * One opening in a new profile.
 * @param {import("playwright-core").Browser} browser @param {Line} line that all goes over @param {Way} way @param {number} slower
 * @returns {Promise<Times>}
 */
async function opening(browser, line, way, slower) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB" });
  context.setDefaultTimeout(30_000);
  try {
    await context.addInitScript(WATCH);
    const page = await context.newPage();
    if (slower > 1) await (await context.newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: slower });
    const ours = !way.startsWith("sentry");
    await page.goto(`${origin}/${ours ? "ours" : way}`, { waitUntil: "load" });
    await page.waitForFunction(() => /** @type {any} */ (window).button());
    await line.quiet();
    const frame = async () => {
      const element = await page.locator("[data-recourse] iframe").elementHandle();
      const frame = await element?.contentFrame();
      if (!frame) throw new Error("no frame");
      await frame.waitForURL(/\/embed\//);
      return frame;
    };
    if (way === "intent") {
      // The pointer comes near, and whoever reads the button has time: all that is to be loaded is there.
      await page.locator("report-concern").hover();
      await (await frame()).waitForLoadState("load");
      // A slow CPU thinks for some time between two requests.
      await line.quiet(500 * slower);
    }
    const mark = line.carried.length;
    await page.evaluate((touch) => /** @type {any} */ (window).press(touch), way === "touch" ? 90 : 0);
    if (way === "touch") await page.waitForFunction(() => /** @type {any} */ (window).pressed);
    const host = () => page.evaluate(async () => ({ pressed: /** @type {any} */ (window).pressed, shown: await /** @type {any} */ (window).shown }));
    if (!ours) {
      const { pressed, shown } = await host();
      const answered = await page.evaluate(() => /** @type {any} */ (window).answered);
      return { visible: shown - pressed, usable: answered - pressed, requests: line.carried.length - mark };
    }
    const within = await frame();
    if (slower > 1) await assert.rejects(context.newCDPSession(within), "the frame has a process of its own, which nothing slows down");
    const [{ pressed, shown }, inside] = await Promise.all([host(), within.evaluate(() => /** @type {any} */ (window).shown)]);
    const answered = await within.evaluate(() => /** @type {any} */ (window).answer());
    return { visible: Math.max(shown, inside) - pressed, usable: answered - pressed, requests: line.carried.length - mark };
  } finally {
    await context.close();
  }
}

/** Bytes and requests beside the page itself. @param {import("playwright-core").Browser} browser @param {Line} line @param {string} url */
async function weight(browser, line, url) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const mark = line.carried.length;
  await page.goto(url, { waitUntil: "networkidle" });
  await context.close();
  const carried = line.carried.slice(mark).filter(({ url: asked }) => asked !== url);
  return { bytes: carried.reduce((sum, { bytes }) => sum + bytes, 0), requests: carried.length };
}

/** @param {number[]} numbers */
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const port = await freePort();
const origin = `http://localhost:${port}`;
const intake = await Server.make([origin]);
const { server } = await product(intake.intake, "");
server.listen(port, "127.0.0.1");
await once(server, "listening");
await intake.start();
let failed = 0;
try {
  /** @type {[string, { latency: number, kilobits: number }, number][]} */
  const conditions = [
    ["no throttling", { latency: 0, kilobits: 0 }, 1],
    // What the browser's own tools call slow 4G.
    ["slow 4G, CPU 4× slower", { latency: 562.5, kilobits: 1440 }, 4],
  ];
  /** @type {[Way, string][]} */
  const ways = [
    ["intent", "Recourse, after intent"],
    ["touch", "Recourse, preloading at pointerdown"],
    ["cold", "Recourse, nothing preloaded"],
    ["sentry-preloaded", "Sentry, dialog preloaded"],
    ["sentry-async", "Sentry, async"],
  ];
  /** @type {Map<string, Times>} */
  const medians = new Map();
  /** @type {string[]} */
  const table = [`| ${"click →, median of " + ROUNDS} | condition | visible | beside Sentry async | usable | beside Sentry async | requests |`, "|---|---|---:|---:|---:|---:|---:|"];
  for (const [condition, speed, slower] of conditions) {
    const line = await new Line(speed).start();
    // In one process with its host, as on phones, so that the slower CPU is the frame's too.
    const browser = await launch({ proxy: line.address, args: slower > 1 ? ["--disable-site-isolation-trials", "--disable-features=IsolateOrigins,site-per-process"] : [] });
    /** @type {Map<Way, Times[]>} */
    const seen = new Map(ways.map(([way]) => [way, []]));
    try {
      if (slower === 1) await printWeights(browser, line);
      // Not counted: the first page of a new browser.
      await opening(browser, line, "sentry-async", 1);
      await opening(browser, line, "cold", 1);
      // Turn by turn, so that whatever else the machine does falls on all alike.
      for (let round = 0; round < ROUNDS; round += 1) for (const [way] of ways) seen.get(way)?.push(await opening(browser, line, way, slower));
    } finally {
      await browser.close();
      line.stop();
    }
    for (const [way] of ways) {
      const times = seen.get(way) ?? [];
      medians.set(`${condition} ${way}`, { visible: median(times.map(({ visible }) => visible)), usable: median(times.map(({ usable }) => usable)), requests: median(times.map(({ requests }) => requests)) });
    }
    const peer = of(condition, "sentry-async");
    for (const [way, name] of ways) {
      const { visible, usable, requests } = of(condition, way);
      table.push(`| ${name} | ${condition} | ${visible.toFixed(0)} ms | ${(visible / peer.visible).toFixed(2)} | ${usable.toFixed(0)} ms | ${(usable / peer.usable).toFixed(2)} | ${requests} |`);
    }
  }
  console.log(`\n${table.join("\n")}\n`);
  for (const [condition] of conditions) {
    // Nothing is painted before the next frame, whoever paints it.
    const most = Math.max(of(condition, "sentry-preloaded").visible / 2, FRAME);
    hold(`after intent, ${condition}: at most half of Sentry's preloaded dialog, or one frame`, of(condition, "intent").visible, most);
    // A finger's rest is shorter than a round trip: what is compared is what both fetch.
    hold(`touch, ${condition}: at most Sentry's async dialog`, of(condition, "touch").visible, of(condition, "sentry-async").visible);
  }
  const [slow] = conditions[1];
  hold(`nothing preloaded, ${slow}: at most Sentry's async dialog`, of(slow, "cold").visible, of(slow, "sentry-async").visible);

  /** @param {string} condition @param {Way} way @returns {Times} */
  function of(condition, way) {
    const times = medians.get(`${condition} ${way}`);
    if (!times) throw new Error(`${way} was not measured`);
    return times;
  }
} finally {
  server.closeAllConnections();
  server.close();
  await intake.remove();
}
process.exitCode = failed > 0 ? 1 : 0;

/** @param {import("playwright-core").Browser} browser @param {Line} line */
async function printWeights(browser, line) {
  const ours = await weight(browser, line, `${origin}/ours`);
  const plain = await weight(browser, line, `${origin}/sentry-plain`);
  console.log("| host page before any intent (brotli) | bytes | requests | beside ours |\n|---|---:|---:|---:|");
  console.log(`| Recourse | ${ours.bytes} | ${ours.requests} | 1.0 |`);
  for (const kind of /** @type {const} */ (["async", "preloaded"])) {
    const all = await weight(browser, line, `${origin}/sentry-${kind}`);
    for (const [what, bytes] of /** @type {const} */ ([["with its SDK", all.bytes], ["over its SDK alone", all.bytes - plain.bytes]])) {
      console.log(`| Sentry ${kind}, ${what} | ${bytes} | ${all.requests} | ${(bytes / ours.bytes).toFixed(1)} |`);
    }
  }
  hold("host page before any intent: one request", ours.requests, 1, "");
  hold("host page before any intent: at most 3 KB", ours.bytes, 3 * 1024, " bytes");
}

/** @param {string} what @param {number} measured @param {number} most @param {string} [unit] */
function hold(what, measured, most, unit = " ms") {
  const held = measured <= most;
  if (!held) failed += 1;
  console.log(`${held ? "pass" : "FAIL"}  ${what}: ${measured.toFixed(0)} of ${most.toFixed(0)}${unit}`);
}
