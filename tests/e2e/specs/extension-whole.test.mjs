// The picture of a whole page, in both browsers and to the pixel: every row once, what points to people covered, and the page as it was.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { PATIENCE } from "../lib/browser.mjs";
import { ROOT } from "../lib/demo.mjs";
import { launchFirefoxExtension } from "../lib/extension-firefox.mjs";
import { hostilePages, NEEDLES } from "../lib/hostile.mjs";
import { launchOurs } from "../lib/panel.mjs";

/** CSS pixels of a row. */
const ROW = 20;
/** Every so many rows somebody is named. */
const NAMED = 31;
const HEAD = 40;

/**
 * What the page below can do: have a head that sticks and a badge that is fixed, scroll in a part of it, grow when it is scrolled, and change all the time, or
 * from the first scrolling to the next one.
 * @typedef {{ rows: number, head?: boolean, inner?: boolean, dir?: string, grows?: boolean, changes?: "once" | "always" }} Kind
 */

/**
 * Numbered rows, each of a colour of its own, and some with an address.
 * @param {Kind} kind
 */
function rowsPage({ rows, head, inner, dir = "ltr", grows, changes }) {
  const row = (/** @type {number} */ at) =>
    `<div class="row" style="background:rgb(${(at % 16) * 16},${(Math.floor(at / 16) % 16) * 16},${Math.floor(at / 256) * 16 + 8})">${at % NAMED === 5 ? `<b>person${at}@example.org</b>` : ""}</div>`;
  const list = Array.from({ length: rows }, (_, at) => row(at)).join("");
  const style = `html,body{margin:0;background:#fff}.row{height:${ROW}px;line-height:${ROW}px;font-size:13px;overflow:hidden;padding-inline-start:60px}
    #head{position:sticky;top:0;height:${HEAD}px;background:rgb(0,255,255)}#badge{position:fixed;bottom:0;right:0;width:30px;height:30px;background:rgb(255,0,255)}
    ${inner ? `html,body{height:100%;overflow:hidden}nav{height:61px;background:#eee}#scroll{position:absolute;inset:61px 0 0 101px;overflow-y:auto;scroll-behavior:smooth}` : ""}`;
  const script = `${grows ? `addEventListener("scroll", () => { const more = document.createElement("div"); more.style.cssText = "height:900px;background:#fff"; document.body.append(more); });` : ""}
    let turning = 0;
    const turn = () => document.body.setAttribute("data-turn", String(turning += 1));
    ${changes === "always" ? "setInterval(turn, 5);" : ""}
    ${changes === "once" ? `let timer; let heard = 0; addEventListener("scroll", () => { heard += 1; if (heard === 2) timer = setInterval(turn, 5); if (heard > 2) clearInterval(timer); });` : ""}`;
  return `<!doctype html><html lang="en" dir="${dir}"><meta charset="utf-8"><title>rows</title><style>${style}</style><body>${
    head ? `<div id="head" style="color: red;"></div><div id="badge" STYLE="z-index:3 ;top:auto"></div>` : ""
  }${inner ? `<nav>nav@example.org</nav><div id="scroll">${list}</div>` : list}<script>${script}</script>`;
}

/** @type {import("node:http").Server} */
let server;
/** @type {Awaited<ReturnType<typeof hostilePages>>} */
let hostile;
let origin = "";
before(async () => {
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    if (pathname !== "/rows") return void response.writeHead(204).end();
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(rowsPage(JSON.parse(searchParams.get("kind") ?? "{}")));
  });
  await new Promise((resolve) => void server.listen(0, "127.0.0.1", () => resolve(undefined)));
  origin = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
  hostile = await hostilePages();
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await hostile.stop();
});

/** @param {Kind} kind */
const address = (kind) => `${origin}/rows?kind=${encodeURIComponent(JSON.stringify(kind))}`;

/**
 * One browser with a panel and a page.
 * @typedef {object} Pair
 * @property {string} name
 * @property {(url: string) => Promise<void>} goto
 * @property {() => Promise<void>} press the extension's button
 * @property {(run: Function, ...args: any[]) => Promise<any>} inPage
 * @property {(run: Function, ...args: any[]) => Promise<any>} inPanel
 * @property {(look: Function) => Promise<any>} shown in the panel, if there is one
 * @property {(look: Function | string, ...args: any[]) => Promise<any>} until in the panel
 * @property {(zoom: number) => Promise<void>} zoom
 * @property {() => Promise<void>} shut closes the panel
 * @property {() => string[]} faults
 * @property {() => Promise<void>} close
 */

/** @param {Function | string} run @param {any[]} args */
const call = (run, args) => `(${run})(...${JSON.stringify(args)})`;

/** @param {string[]} [args] @returns {Promise<Pair & { extension: Awaited<ReturnType<typeof launchOurs>>, page: import("playwright-core").Page }>} */
async function chromium(args) {
  const extension = await launchOurs({ args });
  const page = await extension.context.newPage();
  /** @type {import("../lib/extension.mjs").Panel | undefined} */
  let side;
  const panel = async () => (side ??= await extension.panel());
  return {
    name: "Chromium",
    extension,
    page,
    goto: async (url) => void (await page.goto(url)),
    press: () => extension.trigger(page),
    inPage: (run, ...args) => page.evaluate(call(run, args)),
    inPanel: async (run, ...args) => (await panel()).evaluate(/** @type {any} */ (run), ...args),
    shown: async (run) => side?.evaluate(/** @type {any} */ (run)) ?? "",
    until: async (look, ...args) => (await panel()).until(/** @type {any} */ (look), ...args),
    zoom: async (zoom) => {
      const worker = await extension.worker();
      await worker.evaluate(async (zoom) => {
        const { runtime, tabs } = /** @type {any} */ (globalThis).chrome;
        for (const { id, url } of await tabs.query({ active: true })) if (!url?.startsWith(runtime.getURL(""))) await tabs.setZoom(id, zoom);
      }, zoom);
    },
    shut: async () => {
      await side?.close();
      side = undefined;
    },
    faults: () => side?.faults ?? [],
    close: () => extension.close(),
  };
}

/** @param {Record<string, string | number | boolean>} [prefs] @returns {Promise<Pair>} */
async function firefox(prefs = {}) {
  const extension = await launchFirefoxExtension(join(ROOT, "target/dist/extension-firefox.zip"), { prefs });
  const tab = await extension.open("about:blank");
  let opened = false;
  return {
    name: "Firefox",
    goto: (url) => extension.send("browsingContext.navigate", { context: tab, url, wait: "complete" }),
    press: () => {
      opened = true;
      return extension.trigger(tab);
    },
    inPage: (run, ...args) => extension.evaluate(tab, run, ...args),
    inPanel: async (run, ...args) => (await extension.panel()).evaluate(run, ...args),
    shown: async (run) => (opened ? (await extension.panel()).evaluate(run) : ""),
    until: async (look, ...args) => (await extension.panel()).until(look, ...args),
    zoom: async (zoom) => {
      await (await extension.panel()).evaluate((/** @type {number} */ zoom) => /** @type {any} */ (globalThis).browser.tabs.setZoom(zoom).then(() => true), zoom);
      await extension.until(tab, (/** @type {number} */ zoom) => Math.abs(devicePixelRatio - zoom) < 0.05, zoom);
    },
    shut: async () => {
      await (await extension.panel()).close();
      opened = false;
    },
    faults: () => extension.faults,
    close: () => extension.close(),
  };
}

/** @param {Pair} pair @param {string} id */
const at = ({ until }, id) => until((/** @type {string} */ id) => Boolean(document.querySelector(`[data-testid="${id}"]`)), id);

/** Presses a button of the panel. @param {Pair} pair @param {string} id */
async function push(pair, id) {
  await at(pair, id);
  await pair.inPanel((/** @type {string} */ id) => /** @type {HTMLElement} */ (document.querySelector(`[data-testid="${id}"]`)).click(), id);
}

/** How things are in the page, to the byte. @param {Pair} pair @returns {Promise<any[]>} */
const state = ({ inPage }) => inPage(() => [scrollX, scrollY, document.querySelector("#scroll")?.scrollTop ?? 0, document.documentElement.outerHTML]);

/** Presses the button and waits for another picture than the one that is there. @param {Pair} pair */
async function press(pair) {
  const address = () => document.querySelector("[data-testid=picture] image")?.getAttribute("href") ?? "";
  const before = await pair.shown(address);
  for (let came = false; !came; ) {
    await pair.press();
    // Chromium takes two pictures a second: a press that comes too soon after another picture has none.
    came = await pair.until(`(before) => { const now = (${address})(); return (now !== "" && now !== before && [true]) || (document.querySelector("[data-testid=screen-page]") && [false]); }`, before).then(([came]) => came);
  }
}

/** Begins to take the whole page. @param {Pair} pair */
async function begin(pair) {
  await press(pair);
  await push(pair, "whole");
}

/** Waits for it. @param {Pair} pair @returns {Promise<string>} what the panel says of it, empty where all is well */
async function taken(pair) {
  await pair.until(() => !document.querySelector("[data-testid=whole-busy]") && document.querySelector("[data-testid=whole]"));
  return pair.inPanel(() => ["trouble", "restless"].map((id) => document.querySelector(`[data-testid=${id}]`)?.textContent ?? "").join(" ").trim());
}

/** @param {Pair} pair */
async function whole(pair) {
  await begin(pair);
  const start = Date.now();
  const said = await taken(pair);
  const time = Date.now() - start;
  await push(pair, "see");
  await pair.until(() => /** @type {HTMLImageElement | null} */ (document.querySelector("img.exact"))?.complete);
  return { said, time, count: await pair.inPanel(() => document.querySelector("[data-testid=count]")?.textContent) };
}

/**
 * What the exact picture shows: its size, the number of the row in each row of pixels from `from` on (as runs), how many pixels have one of the marks' colours, and
 * how much of each place is not black.
 * @param {Pair} pair @param {number} column @param {{ x: number, y: number, width: number, height: number }[]} places
 * @returns {Promise<{ width: number, height: number, runs: [number, number][], head: number, badge: number, open: number[] }>}
 */
const pixels = (pair, column, places = []) =>
  pair.inPanel(
    async (/** @type {number} */ column, /** @type {any[]} */ places) => {
      const image = /** @type {HTMLImageElement} */ (document.querySelector("img.exact"));
      const bitmap = await createImageBitmap(await (await fetch(image.src)).blob());
      const { width, height } = bitmap;
      const band = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ across, /** @type {number} */ down) => {
        const context = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(across, down).getContext("2d", { willReadFrequently: true }));
        context.drawImage(bitmap, -x, -y);
        return context.getImageData(0, 0, across, down).data;
      };
      const near = (/** @type {Uint8ClampedArray} */ data, /** @type {number} */ at, /** @type {number[]} */ colour) => colour.every((part, c) => Math.abs(data[at + c] - part) <= 3);
      const line = band(column, 0, 1, height);
      /** @type {[number, number][]} */
      const runs = [];
      let head = 0;
      for (let y = 0; y < height; y += 1) {
        if (near(line, y * 4, [0, 255, 255])) {
          head += 1;
          continue;
        }
        const [r, g, b] = [0, 1, 2].map((c) => Math.round((line[y * 4 + c] - (c === 2 ? 8 : 0)) / 16));
        const number = line[y * 4] > 250 && line[y * 4 + 1] > 250 ? -1 : r + g * 16 + b * 256;
        const last = runs.at(-1);
        if (last?.[0] === number) last[1] += 1;
        else runs.push([number, 1]);
      }
      let badge = 0;
      const right = band(Math.max(0, width - 100), 0, Math.min(100, width), height);
      for (let at = 0; at < right.length; at += 4) if (near(right, at, [255, 0, 255])) badge += 1;
      const open = places.map(({ x, y, width, height }) => {
        const data = band(Math.floor(x), Math.floor(y), Math.ceil(width), Math.ceil(height));
        let open = 0;
        for (let at = 0; at < data.length; at += 4) if (data[at] + data[at + 1] + data[at + 2] > 0) open += 1;
        return open;
      });
      bitmap.close();
      return { width, height, runs, head, badge, open };
    },
    column,
    places,
  );

/** Where texts stand on the page or in the part that scrolls, in CSS pixels. @param {Pair} pair @param {string[]} texts @returns {Promise<any[]>} */
const places = ({ inPage }, texts) =>
  inPage((/** @type {string[]} */ texts) => {
    const inner = document.querySelector("#scroll");
    const corner = inner ? inner.getBoundingClientRect() : { left: 0, top: 0 };
    const [right, down] = inner ? [-corner.left - inner.clientLeft, inner.scrollTop - corner.top - inner.clientTop] : [0, scrollY];
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = /** @type {Text} */ (walker.currentNode);
      for (const text of texts) {
        const from = node.data.indexOf(text);
        if (from < 0) continue;
        const range = document.createRange();
        range.setStart(node, from);
        range.setEnd(node, from + text.length);
        for (const { left, top, width, height } of range.getClientRects()) found.push({ x: left + right, y: top + down, width, height });
      }
    }
    return found;
  }, texts);

/** @param {{ x: number, y: number, width: number, height: number }} place @param {number} by */
const scaled = ({ x, y, width, height }, by) => ({ x: x * by, y: y * by, width: width * by, height: height * by });

/** @param {number} rows */
const names = (rows) => Array.from({ length: rows }, (_, at) => at).filter((at) => at % NAMED === 5).map((at) => `person${at}@example.org`);

/** Without the mixed colours between two rows that end within a pixel. @param {[number, number][]} runs */
function plain(runs) {
  /** @type {[number, number][]} */
  const left = [];
  for (const [number, pixels] of runs) {
    const last = left.at(-1);
    if (pixels <= 1) continue;
    if (last?.[0] === number) last[1] += pixels;
    else left.push([number, pixels]);
  }
  return left;
}

/**
 * A page of rows as it should be: each row once and as high as it is, each name covered, as many boxes as names.
 * @param {Pair} pair @param {Kind} kind @param {number} scale @param {{ restless?: boolean, soft?: boolean, from?: number }} [options] `soft` where Firefox draws between its pixels
 */
async function exact(pair, kind, scale, { restless = false, soft = false, from = 333 } = {}) {
  await pair.goto(address(kind));
  await pair.inPage((/** @type {number} */ top) => (document.querySelector("#scroll") ?? window).scrollTo({ top, behavior: "instant" }), from);
  const { rows } = kind;
  const needles = await places(pair, names(rows));
  assert.equal(needles.length, names(rows).length);
  const before = await state(pair);
  const { said, time, count } = await whole(pair);
  if (restless) assert.match(said, /kept changing/);
  else assert.equal(said, "");
  if (kind.grows || kind.changes) assert.deepEqual((await state(pair)).slice(0, 3), before.slice(0, 3));
  else assert.deepEqual(await state(pair), before, "the page is as it was");
  const { width, height, runs: all, head, badge, open } = await pixels(pair, 20, needles.map((place) => scaled(place, scale)));
  const runs = soft ? plain(all) : all;
  assert.deepEqual(open, needles.map(() => 0), "pixels of names that are not covered");
  const tops = kind.head ? HEAD : 0;
  const expected = Math.round((rows * ROW + tops) * scale);
  assert.ok(Math.abs(height - expected) <= 1, `${height} rows for ${expected}`);
  assert.deepEqual(runs.map(([number]) => number), Array.from({ length: rows }, (_, at) => at));
  const off = runs.filter(([, pixels], at) => Math.abs(pixels - ROW * scale) > (soft ? 2 : 1) && at < rows - 1);
  assert.deepEqual(off, [], "rows that are cut or doubled");
  if (!restless) assert.match(String(count), new RegExp(`^${needles.length} `), "one box for each name");
  return { width, height, head, badge, time };
}

/** A page of `hostile.mjs`: its addresses are covered. @param {Pair} pair @param {string} name @param {string[]} [more] */
async function covered(pair, name, more = []) {
  await pair.goto(hostile.page(name));
  const needles = [...NEEDLES[name].read.filter((text) => text.includes("@")), ...more];
  const found = await places(pair, needles);
  assert.ok(found.length >= needles.length);
  const before = await state(pair);
  const { said } = await whole(pair);
  // What pages do by themselves when they are scrolled is not put back by anybody else.
  if (name === "long" || name === "inner" || name === "rtl") assert.deepEqual(await state(pair), before);
  assert.deepEqual((await state(pair)).slice(0, 3), before.slice(0, 3));
  const { open, height } = await pixels(pair, 2, found);
  assert.deepEqual(open, found.map(() => 0), `${name}: ${JSON.stringify(found)}`);
  return { said, height };
}

/** What the panel says where there is no such picture. */
const FAILED = /whole page could not be taken/;

/** Waits until some of it is taken, but not all. @param {Pair} pair */
const underway = (pair) => pair.until(() => /[1-9]\d? %/.test(document.querySelector("[data-testid=whole-busy]")?.textContent ?? ""));

test("Chromium: scrolled and put together, each row once, with boxes where the names are", async (t) => {
  const pair = await chromium(["--window-size=900,4600"]);
  try {
    await t.test("with what sticks and what is fixed, once", async () => {
      const { head, badge, time } = await exact(pair, { rows: 500, head: true }, 1);
      assert.deepEqual({ head, badge }, { head: HEAD, badge: 900 });
      t.diagnostic(`10,040 px in ${time} ms`);
    });
    await t.test("in a part of the page that scrolls, from right to left too", async () => {
      await exact(pair, { rows: 250, inner: true }, 1);
      await exact(pair, { rows: 250, inner: true, dir: "rtl" }, 1);
    });
    await t.test("a page that grows ends where it ended, and one that changed once is taken once more", async () => {
      await exact(pair, { rows: 250, grows: true }, 1, { from: 0 });
      await exact(pair, { rows: 250, changes: "once" }, 1);
      await exact(pair, { rows: 250, changes: "always" }, 1, { restless: true });
    });
    await t.test("enlarged", async () => {
      await pair.goto(address({ rows: 1 }));
      await pair.zoom(1.5);
      await exact(pair, { rows: 250 }, 1.5);
      await pair.zoom(1.1);
      await exact(pair, { rows: 250, inner: true }, 1.1);
      await pair.zoom(1);
    });
    await t.test("pages that are hard to measure", async () => {
      for (const name of ["sticky", "inner", "rtl"]) assert.equal((await covered(pair, name)).said, "", name);
      await covered(pair, "endless", ["row.59@example.org"]);
      assert.deepEqual(await covered(pair, "long"), { said: "", height: 30_000 });
    });
    await t.test("more than can be taken is said to be cut", async () => {
      await pair.goto(address({ rows: 1_600 }));
      const { said } = await whole(pair);
      assert.match(said, /The end is missing/);
      assert.equal((await pixels(pair, 20)).height, 30_000);
    });
    assert.deepEqual(pair.faults(), []);
  } finally {
    await pair.close();
  }
});

test("Chromium on a fine screen; and stopped in the middle, nothing is left", async (t) => {
  const pair = await chromium(["--force-device-scale-factor=2"]);
  try {
    await t.test("each row once", async () => {
      const { head, badge } = await exact(pair, { rows: 120, head: true }, 2);
      assert.deepEqual({ head, badge }, { head: HEAD * 2, badge: 3_600 });
    });
    const kind = { rows: 400, head: true };
    await t.test("the page is left", async () => {
      await pair.goto(address(kind));
      await begin(pair);
      await underway(pair);
      await pair.goto(address({ rows: 1 }));
      assert.match(await taken(pair), FAILED);
      // What was seen before is still there.
      await at(pair, "picture");
    });
    await t.test("another tab comes in front: it is in no picture", async () => {
      // One that the extension may take a picture of: it was pressed there.
      const other = await pair.extension.context.newPage();
      await other.goto(address({ rows: 2 }));
      await press({ ...pair, press: () => pair.extension.trigger(other) });
      await pair.goto(address(kind));
      const before = await state(pair);
      await begin(pair);
      await underway(pair);
      await other.bringToFront();
      assert.match(await taken(pair), FAILED);
      await other.close();
      assert.deepEqual(await state(pair), before);
    });
    await t.test("something else is captured meanwhile", async () => {
      await pair.goto(address(kind));
      const before = await state(pair);
      await begin(pair);
      await underway(pair);
      await press(pair);
      await pair.until(() => !document.querySelector("[data-testid=whole-busy]"));
      // The first one ends without a word, and puts nothing in the place of the second.
      await whileTrue(async () => JSON.stringify(await state(pair)) !== JSON.stringify(before));
      assert.equal(await pair.inPanel(() => document.querySelector("[data-testid=trouble]")), null);
      assert.deepEqual(pair.faults(), []);
    });
    await t.test("the panel is closed", async () => {
      await pair.goto(address(kind));
      const before = await state(pair);
      await begin(pair);
      await underway(pair);
      await whileTrue(async () => JSON.stringify(await state(pair)) === JSON.stringify(before));
      await pair.shut();
      await whileTrue(async () => JSON.stringify(await state(pair)) !== JSON.stringify(before));
    });
  } finally {
    await pair.close();
  }
});

/** @param {() => Promise<boolean>} holds */
async function whileTrue(holds) {
  const end = Date.now() + PATIENCE;
  while (await holds()) assert.ok(Date.now() < end, "waited in vain");
}

test("Firefox: drawn in slices, each row once, with boxes where the names are", async (t) => {
  const pair = await firefox();
  try {
    await t.test("with what sticks and what is fixed, where it stands, once", async () => {
      const { head, badge, time } = await exact(pair, { rows: 500, head: true }, 1, { from: 0 });
      assert.deepEqual({ head, badge }, { head: HEAD, badge: 900 });
      t.diagnostic(`10,040 px in ${time} ms`);
      await exact(pair, { rows: 300 }, 1, { from: 4_000 });
    });
    await t.test("in a part of the page that scrolls, from right to left too", async () => {
      await exact(pair, { rows: 120, inner: true }, 1);
      await exact(pair, { rows: 90, inner: true, dir: "rtl" }, 1);
      await exact(pair, { rows: 250, dir: "rtl" }, 1);
    });
    await t.test("a page that never keeps still", async () => {
      await exact(pair, { rows: 220, changes: "always" }, 1, { restless: true });
    });
    await t.test("enlarged, and on a fine screen", async () => {
      await pair.zoom(1.1);
      await exact(pair, { rows: 500 }, 1);
      await exact(pair, { rows: 100, inner: true }, 1, { soft: true });
      await pair.zoom(1.5);
      await exact(pair, { rows: 250 }, 2);
      await exact(pair, { rows: 60, inner: true }, 2, { soft: true });
      await pair.zoom(1);
    });
    await t.test("pages that are hard to measure", async () => {
      for (const name of ["sticky", "inner"]) assert.equal((await covered(pair, name)).said, "", name);
      assert.deepEqual(await covered(pair, "long"), { said: "", height: 30_000 });
    });
    await t.test("more than can be taken is said to be cut", async () => {
      await pair.goto(address({ rows: 1_600 }));
      const { said } = await whole(pair);
      assert.match(said, /The end is missing/);
      assert.equal((await pixels(pair, 20)).height, 30_000);
    });
    const kind = { rows: 1_400, inner: true };
    await t.test("the page is left in the middle", async () => {
      await pair.goto(address(kind));
      await begin(pair);
      await underway(pair);
      await pair.goto(address({ rows: 1 }));
      assert.match(await taken(pair), FAILED);
    });
    await t.test("the sidebar is closed in the middle, and nothing is left", async () => {
      await pair.goto(address(kind));
      const before = await state(pair);
      await begin(pair);
      await underway(pair);
      await whileTrue(async () => JSON.stringify(await state(pair)) === JSON.stringify(before));
      await pair.shut();
      await whileTrue(async () => JSON.stringify(await state(pair)) !== JSON.stringify(before));
    });
    assert.deepEqual(pair.faults(), []);
  } finally {
    await pair.close();
  }
});
