// The extension's measure.js, as it was built last, on pages that are hard to measure, in an isolated world as an extension's. What only an extension may do, looking into closed shadow
// roots, is tested with the extension as it ships.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test, { after, before } from "node:test";

import { launch, open } from "../lib/browser.mjs";
import { hostilePages, MANY, NEEDLES } from "../lib/hostile.mjs";

/**
 * @typedef {{ x: number, y: number, width: number, height: number }} Area
 * @typedef {{ node: number, block: number, text: string, areas: Area[] }} Piece
 * @typedef {{ scroll_x: number, scroll_y: number, width: number, height: number, changes: number }} Moment
 * @typedef {{ exact: string, prefix: string, suffix: string, start: number, end: number, css: string }} Selection
 * @typedef {{ measured: { moment: Moment, pieces: Piece[], things: { what: string, areas: Area[], label: string }[] }, elements: { css: string, area: Area, tag: string }[],
 *   selection: Selection | null, page: { address: string, title: string, language: string, canonical: string | null }, words: { span: { node: number, from: number, to: number }, areas: Area[] | null }[] }} First
 */

const [source, place, selected] = await Promise.all(
  ["../../../target/dist/extension-chrome/measure.js", "../../../crates/capture/src/place.rs", "../../../crates/capture/src/selection.rs"].map((path) =>
    readFile(new URL(path, import.meta.url), "utf8"),
  ),
);

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof hostilePages>>} */
let hostile;
before(async () => {
  [hostile, browser] = await Promise.all([hostilePages(), launch()]);
});
after(async () => {
  await browser?.close();
  await hostile?.stop();
});

/** A page with measure.js in a world of its own. @param {string} name */
async function measuring(name) {
  const { context, page, faults } = await open(browser);
  await page.goto(hostile.page(name));
  const cdp = await context.newCDPSession(page);
  const { frameTree } = await cdp.send("Page.getFrameTree");
  const { executionContextId: contextId } = await cdp.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id, worldName: "measuring" });
  /** @param {string} expression @returns {Promise<any>} */
  const run = async (expression) => {
    const { result, exceptionDetails } = await cdp.send("Runtime.evaluate", { expression, contextId, awaitPromise: true, returnByValue: true });
    assert.equal(exceptionDetails, undefined, exceptionDetails?.exception?.description);
    return result.value;
  };
  const html = () => page.evaluate(() => document.documentElement.outerHTML);
  const untouched = await html();
  await run(source);
  /** @param {boolean} whole @returns {Promise<First>} */
  const first = (whole) => run(`recourseMeasure.first({ whole: ${whole} })`);
  /** @returns {Promise<Moment>} */
  const moment = () => run("recourseMeasure.moment()");
  return { page, cdp, run, first, moment, html, untouched, faults, close: () => context.close() };
}

/** The public fields of a struct. @param {string} rust @param {string} name */
function fields(rust, name) {
  const [, body] = new RegExp(`pub struct ${name} \\{([^}]*)\\}`).exec(rust) ?? [];
  assert.ok(body, `no struct ${name}`);
  return [...body.matchAll(/pub (\w+):/g)].map(([, field]) => field).sort();
}

/** What is read in one go. @param {Piece[]} pieces */
function blocks(pieces) {
  /** @type {{ block: number, text: string }[]} */
  const all = [];
  for (const { block, text } of pieces) {
    const last = all.at(-1);
    if (last?.block === block) last.text += text;
    else all.push({ block, text });
  }
  return all.map(({ text }) => text);
}

/** The piece in which something stands. @param {First} first @param {string} text */
function piece({ measured }, text) {
  const found = measured.pieces.find((piece) => piece.text.includes(text));
  assert.ok(found, `${text} is in no piece`);
  return found;
}

/** @param {Area[]} got @param {Area[]} expected @param {string} what @param {number} [off] */
function near(got, expected, what, off = 1) {
  assert.equal(got.length, expected.length, `${what}: ${JSON.stringify(got)} for ${JSON.stringify(expected)}`);
  for (const [at, { x, y, width, height }] of got.entries()) {
    const other = expected[at];
    const furthest = Math.max(...[x - other.x, y - other.y, width - other.width, height - other.height].map(Math.abs));
    assert.ok(furthest <= off, `${what}: ${JSON.stringify(got[at])} for ${JSON.stringify(other)}`);
  }
}

/** The lines that a text fills, as the page itself sees them. @param {import("playwright-core").Page | import("playwright-core").Frame} page @param {string} text @returns {Promise<Area[]>} */
const lines = (page, text) =>
  page.evaluate((text) => {
    /** @param {Node} root @returns {Text | undefined} */
    const find = (root) => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_ALL);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (node instanceof Text && node.data.includes(text)) return node;
        const inner = node instanceof Element && node.shadowRoot && find(node.shadowRoot);
        if (inner) return inner;
      }
      return undefined;
    };
    const range = document.createRange();
    range.selectNodeContents(/** @type {Text} */ (find(document.body)));
    return Array.from(range.getClientRects(), ({ x, y, width, height }) => ({ x, y, width, height }));
  }, text);

for (const [name, { read, covered, secret }] of Object.entries(NEEDLES)) {
  test(`${name}: what is shown is read or covered, what is not stays out, and the page notices nothing`, async () => {
    const { first, moment, run, html, untouched, faults, close } = await measuring(name);
    const all = await first(true);
    const text = blocks(all.measured.pieces);
    for (const needle of read) assert.ok(text.some((block) => block.includes(needle)), `${needle} is not in ${JSON.stringify(text)}`);
    const what = all.measured.things.map((thing) => thing.what);
    for (const kind of new Set(covered)) assert.ok(what.filter((one) => one === kind).length >= covered.filter((one) => one === kind).length, `${kind} in ${what}`);
    for (const needle of secret) assert.ok(!JSON.stringify(all).includes(needle), needle);
    // Every key, and no other: the other side refuses what it does not know.
    const keys = (/** @type {object} */ value) => Object.keys(value).sort();
    assert.deepEqual(keys(all), ["elements", "measured", "page", "selection", "words"]);
    assert.deepEqual(keys(all.page), ["address", "canonical", "language", "title"]);
    assert.deepEqual(keys(all.measured), fields(place, "Measured"));
    for (const state of [all.measured.moment, await moment()]) assert.deepEqual(keys(state), fields(place, "Moment"));
    for (const piece of all.measured.pieces) {
      assert.deepEqual(keys(piece), fields(place, "Piece"));
      assert.ok(Number.isInteger(piece.node) && Number.isInteger(piece.block));
    }
    for (const thing of all.measured.things) assert.deepEqual(keys(thing), fields(place, "Thing"));
    const places = [...all.measured.pieces, ...all.measured.things].flatMap(({ areas }) => areas).concat(all.elements.map(({ area }) => area));
    for (const area of places) {
      assert.deepEqual(keys(area), fields(place, "Area"));
      assert.ok(area.width > 0 && area.height > 0 && Object.values(area).every(Number.isFinite), JSON.stringify(area));
    }
    const numbers = all.measured.pieces.map(({ node }) => node);
    assert.equal(new Set(numbers).size, numbers.length);
    assert.deepEqual({ address: all.page.address, title: all.page.title }, { address: hostile.page(name), title: `hostile ${name}` });
    await run("recourseMeasure.end()");
    if (name !== "restless") assert.equal(await html(), untouched);
    assert.deepEqual(faults.filter((fault) => !fault.includes("404")), []);
    await close();
  });
}

test("only what is in the window, unless all is asked for", async () => {
  const { first, close } = await measuring("strict");
  const [seen, all] = [await first(false), await first(true)];
  assert.ok(!JSON.stringify(seen.measured).includes("far.below@example.org"));
  assert.ok(piece(all, "far.below@example.org").areas[0].y > 3_000);
  assert.equal(all.page.canonical, `${hostile.origin}/canonical?a=1`);
  assert.equal(all.page.language, "en-GB");
  await close();
});

test("areas lie over the text", async () => {
  for (const [name, ...texts] of [
    ["strict", "Written by", "ada.strict@example.org", ", who lives in", "over.flow@example.org"],
    ["shadow", "open.shadow@example.org", "slotted.shadow@example.org"],
    ["rtl", "layla.rtl@example.org"],
    ["drawn", "svg.text@example.org"],
    ["overlay", "over.lay@example.org"],
  ]) {
    const { page, first, close } = await measuring(name);
    const all = await first(false);
    for (const text of texts) near(piece(all, text).areas, await lines(page, text), text);
    await close();
  }
});

test("a field is covered as a whole, and so is what cannot be read", async () => {
  const { page, first, close } = await measuring("fields");
  const all = await first(false);
  const box = async (/** @type {string} */ id) => [/** @type {Area} */ (await page.locator(`#${id}`).boundingBox())];
  near(piece(all, "mail.field@example.org").areas, await box("mail"), "mail");
  near(piece(all, "Select Fieldname").areas, await box("choice"), "choice");
  const covers = all.measured.things.filter(({ what }) => what === "password" || what === "card");
  assert.ok(all.measured.things.some(({ what, label }) => what === "control" && label.includes("Send it")));
  assert.deepEqual(covers.map(({ what }) => what), ["password", "password", "password", "card", "card"]);
  for (const [at, id] of ["pw", "shown", "memory", "cc", "code"].entries()) near(covers[at].areas, await box(id), id);
  await close();
});

test("a password stays one when a button shows it", async () => {
  const { page, first, close } = await measuring("fields");
  await page.locator("#memory").evaluate((field) => void (/** @type {HTMLInputElement} */ (field).type = "text"));
  const all = await first(false);
  assert.equal(all.measured.things.filter(({ what }) => what === "password").length, 3);
  assert.ok(!JSON.stringify(all).includes("remembered-secret"));
  await close();
});

test("text in frames is where the window shows it, also in one that is enlarged", async () => {
  const { page, first, close } = await measuring("frames");
  const all = await first(true);
  for (const [at, text] of [
    [["#same"], "inner.frame@example.org"],
    [["#scaled"], "scaled.frame@example.org"],
    [["#same", "iframe"], "deep.frame@example.org"],
  ]) {
    let inside = page.frameLocator(at[0]);
    for (const more of at.slice(1)) inside = inside.frameLocator(more);
    // The paragraph is wider than its text: the same corner and the same height.
    const box = /** @type {Area} */ (await inside.locator("p").boundingBox());
    const [area] = piece(all, /** @type {string} */ (text)).areas;
    near([{ ...area, width: 0 }], [{ ...box, width: 0 }], String(text), 1.5);
  }
  const frames = all.measured.things.filter(({ what }) => what === "frame").map(({ areas }) => areas[0]);
  const expected = await Promise.all(["turned", "cross", "boxed"].map((id) => page.locator(`#${id}`).evaluate((frame) => frame.getBoundingClientRect().toJSON())));
  near(frames, expected, "frames");
  await close();
});

test("words cut by elements are read in one go, and lines that a break parts are not glued", async () => {
  const { first, close } = await measuring("strict");
  const text = blocks((await first(true)).measured.pieces);
  assert.ok(text.some((block) => /Written by Grace Strictly, ada\.strict@example\.org, who lives[^|]*ana\.parted@example\.org too\./s.test(block)), JSON.stringify(text));
  assert.ok(text.includes("First Line\nSecond Line"));
  assert.ok(text.includes("More"), "a summary is a block of its own");
  await close();
});

test("where each word stands is told with the texts", async () => {
  const { page, first, close } = await measuring("strict");
  const all = await first(false);
  const long = piece(all, ", who lives in");
  const at = long.text.indexOf("address");
  for (const word of all.words) {
    assert.deepEqual(Object.keys(word).sort(), fields(place, "Found"));
    assert.deepEqual(Object.keys(word.span).sort(), fields(place, "Span"));
  }
  const told = all.words.find(({ span }) => span.node === long.node && span.from === at);
  const expected = await page.evaluate(() => {
    const node = /** @type {Text} */ (Array.from(/** @type {Element} */ (document.querySelector(".who")).childNodes).find((node) => node.textContent?.startsWith(", who")));
    const range = document.createRange();
    const at = node.data.indexOf("address");
    range.setStart(node, at);
    range.setEnd(node, at + /** @type {RegExpExecArray} */ (/\S+/.exec(node.data.slice(at)))[0].length);
    return Array.from(range.getClientRects(), ({ x, y, width, height }) => ({ x, y, width, height }));
  });
  near(told?.areas ?? [], expected, "address");
  // All words of all texts that are to be seen.
  for (const { node, text, areas } of all.measured.pieces.filter(({ areas, text }) => areas.length > 0 && text !== "\n")) {
    const words = all.words.filter(({ span }) => span.node === node).map(({ span }) => text.slice(span.from, span.to));
    if (words.length > 0) assert.equal(words.join(" "), text.trim().replace(/\s+/g, " "), JSON.stringify(areas));
  }
  await close();
});

test("a page that stands still counts no change, and every kind of change is counted", async () => {
  /** @type {[string, string, (page: import("playwright-core").Page) => Promise<unknown>][]} */
  const ways = [
    ["strict", "text", (page) => page.evaluate(() => void (/** @type {any} */ (document.querySelector("h1")).firstChild.data = "Other"))],
    ["strict", "an attribute", (page) => page.evaluate(() => document.querySelector("h1")?.setAttribute("data-any", "1"))],
    ["shadow", "text in a shadow root", (page) => page.evaluate(() => void (/** @type {any} */ (document.querySelector("#open")?.shadowRoot?.querySelector("p")).textContent = "Other"))],
    ["frames", "text in a frame", (page) => page.frames()[1].evaluate(() => void (document.body.textContent = "Other"))],
    ["fields", "a value set by a script", (page) => page.evaluate(() => void (/** @type {HTMLInputElement} */ (document.querySelector("#mail")).value = "x"))],
    ["fields", "typing", (page) => page.locator("#mail").pressSequentially("a")],
    ["inner", "an inner scroller", (page) => page.evaluate(() => document.querySelector("#scroll")?.scrollTo({ top: 90, behavior: "instant" }))],
    ["strict", "the window's size", async (page) => {
      await page.setViewportSize({ width: 900, height: 700 });
      // The window tells it with the next frame.
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    }],
  ];
  for (const [name, what, change] of ways) {
    const { page, first, moment, close } = await measuring(name);
    await first(false);
    const before = await moment();
    assert.deepEqual(await moment(), before, "nothing has changed");
    await change(page);
    assert.ok((await moment()).changes > before.changes, what);
    await close();
  }
});

test("scrolling the window is told by its position, and a blinking title by nothing", async () => {
  const { page, first, moment, close } = await measuring("long");
  await first(false);
  const before = await moment();
  await page.evaluate(() => {
    document.title = "(1) new";
    scrollTo({ top: 500, behavior: "instant" });
  });
  assert.deepEqual(await moment(), { ...before, scroll_y: 500 });
  await close();
});

test("a page that rewrites itself all the time says so", async () => {
  const { first, moment, close } = await measuring("restless");
  const { measured } = await first(true);
  assert.ok((await moment()).changes > measured.moment.changes);
  await close();
});

test("elements can be pointed at by their paths", async () => {
  for (const name of ["strict", "frames", "many", "account"]) {
    const { page, first, close } = await measuring(name);
    const { elements } = await first(false);
    assert.ok(elements.length > 3 && elements.length <= 2_000);
    const off = await page.evaluate(
      (elements) =>
        elements.filter(({ css, area, tag }) => {
          const [found, more] = document.querySelectorAll(css);
          if (more || !found) return true;
          const { x, y, width, height } = found.getBoundingClientRect();
          // What is in a frame is named by that frame.
          if (found.localName === "iframe" && area.x > x && area.y > y) return false;
          return found.localName !== tag || Math.max(...[x - area.x, y - area.y, width - area.width, height - area.height].map(Math.abs)) > 1 || width < 24 || height < 16;
        }),
      elements,
    );
    assert.deepEqual(off, []);
    const tags = elements.map(({ tag }) => tag);
    assert.equal(tags[0], "body");
    await close();
  }
});

test("what names the person who is signed in has a label that says so", async () => {
  const { page, first, close } = await measuring("account");
  const { things } = (await first(false)).measured;
  for (const [id, words] of Object.entries({ pic: /avatar/, menu: /Account menu/, count: /unread-count/ })) {
    const thing = things.find(({ what, label }) => what === "control" && words.test(label));
    assert.ok(thing, id);
    near(thing.areas, [/** @type {Area} */ (await page.locator(`#${id}`).boundingBox())], id, 3);
  }
  await close();
});

/** @param {First} first */
function selection({ selection }) {
  assert.ok(selection, "nothing is selected");
  assert.deepEqual(Object.keys(selection).sort(), fields(selected, "Selection"));
  return selection;
}

test("a selection over elements, with what is around it", async () => {
  const { page, first, close } = await measuring("strict");
  assert.equal((await first(false)).selection, null);
  await page.evaluate(() => {
    const [b, a] = [document.querySelector(".who b")?.firstChild, document.querySelector(".who a")?.firstChild];
    getSelection()?.setBaseAndExtent(/** @type {Node} */ (b), 2, /** @type {Node} */ (a), 3);
  });
  const got = selection(await first(false));
  assert.equal(got.exact, "ace Strictly, ada");
  assert.ok(got.prefix.endsWith("Strict\nWritten by Gr"), got.prefix);
  assert.ok(got.suffix.startsWith(".strict@example.org, who lives") && got.suffix.length >= 32);
  assert.ok(await page.evaluate((css) => document.querySelector(css)?.className === "who", got.css), got.css);
  assert.equal(got.end - got.start, got.exact.length);
  await close();
});

test("a selection in a shadow root and in a field, and never one in a secret", async () => {
  const shadow = await measuring("shadow");
  await shadow.page.evaluate(() => {
    const node = /** @type {Node} */ (document.querySelector("#open")?.shadowRoot?.querySelector("p")?.firstChild);
    getSelection()?.setBaseAndExtent(node, 5, node, 11);
  });
  const got = selection(await shadow.first(false));
  assert.deepEqual([got.exact, got.prefix, got.suffix, got.css], ["shadow", "open.", "@example.org", "#open"]);
  await shadow.close();
  const { page, first, close } = await measuring("fields");
  const choose = async (/** @type {string} */ id) => {
    await page.locator(id).evaluate((field) => {
      /** @type {HTMLInputElement} */ (field).focus();
      /** @type {HTMLInputElement} */ (field).setSelectionRange(2, 7);
    });
    return first(false);
  };
  const mail = selection(await choose("#mail"));
  assert.deepEqual(mail, { exact: "il.fi", prefix: "ma", suffix: "eld@example.org", start: 2, end: 7, css: "#mail" });
  for (const id of ["#pw", "#shown", "#cc", "#code"]) assert.equal((await choose(id)).selection, null, id);
  await close();
});

/** How things are, to the byte. @param {import("playwright-core").Page} page */
const state = (page) => page.evaluate(() => [scrollX, scrollY, document.querySelector("#scroll")?.scrollTop, document.documentElement.outerHTML]);

test("the whole page: what stays is in the first picture alone, and all is put back", async () => {
  const { page, run, close, faults } = await measuring("sticky");
  await page.evaluate(() => scrollTo({ top: 130, behavior: "instant" }));
  const before = await state(page);
  const begun = await run("recourseMeasure.begin()");
  assert.deepEqual(begun.window, { width: 1280, height: 900 });
  assert.equal(begun.inner, false);
  assert.equal(begun.page.height, await page.evaluate(() => document.documentElement.scrollHeight));
  assert.deepEqual(begun.view, { x: 0, y: 0, width: await page.evaluate(() => document.documentElement.clientWidth), height: 900 });
  const shown = () =>
    page.evaluate(() => ["#foot", "#foot b", "#late"].map((css) => /** @type {Element} */ (document.querySelector(css)).checkVisibility({ opacityProperty: true, visibilityProperty: true })));
  const top = () => page.evaluate(() => /** @type {Element} */ (document.querySelector("#head")).getBoundingClientRect().top);
  assert.equal((await run("recourseMeasure.to(0)")).scroll, 0);
  assert.deepEqual(await shown(), [true, true, true]);
  const second = await run("recourseMeasure.to(876)");
  assert.deepEqual(second, { scroll: 876, height: begun.page.height });
  assert.equal(await page.evaluate(() => scrollY), 876, "at once, though the page asks for smooth");
  assert.deepEqual(await shown(), [false, false, false]);
  assert.equal(await page.evaluate(() => getComputedStyle(/** @type {Element} */ (document.querySelector("#foot"))).opacity), "0");
  assert.equal(await top(), -876, "a header that sticks stands where it would stand without");
  assert.equal((await run("recourseMeasure.to(1e6)")).scroll, begun.page.height - 900);
  await run("recourseMeasure.finish()");
  // What the page itself does on scrolling comes a frame later.
  await page.waitForFunction(() => !document.querySelector("#late")?.classList.contains("on"));
  await page.evaluate(() => document.querySelector('#late[class=""]')?.setAttribute("class", ""));
  const then = await state(page);
  assert.deepEqual(then.slice(0, 3), before.slice(0, 3));
  assert.equal(String(then[3]).replace('id="late" class=""', 'id="late"'), String(before[3]).replace('id="late" class=""', 'id="late"'));
  assert.equal(await page.evaluate(() => getComputedStyle(/** @type {Element} */ (document.querySelector("#foot"))).opacity), "0.9", "at once, not faded in");
  assert.deepEqual(faults, []);
  await close();
});

test("styles that were written by hand come back word for word, and what the page wrote meanwhile stays", async () => {
  const { page, run, close } = await measuring("overlay");
  // Written into the markup as a page without a policy would have it: here without effect, but there.
  await page.evaluate(() => {
    const make = (/** @type {string} */ id) => {
      const box = document.body.appendChild(Object.assign(document.createElement("div"), { id, textContent: id }));
      box.attributeStyleMap.set("position", "fixed");
      return box;
    };
    make("kept");
    make("rewritten");
  });
  const before = await state(page);
  await run("recourseMeasure.begin()");
  await run("recourseMeasure.to(0)");
  await run("recourseMeasure.to(500)");
  assert.notEqual((await state(page))[3], before[3]);
  await page.evaluate(() => void (/** @type {HTMLElement} */ (document.querySelector("#rewritten")).style.color = "red"));
  await run("recourseMeasure.finish()");
  assert.equal(await page.locator("#kept").getAttribute("style"), "position: fixed;");
  assert.equal(await page.locator("#over").getAttribute("style"), null);
  assert.equal(await page.locator("#rewritten").getAttribute("style"), "position: fixed; color: red;");
  await close();
});

test("without a policy, a style attribute comes back as it was typed", async () => {
  const { context, page } = await open(browser);
  await page.setContent(`<body style="height:4000px"><div id="a" style="position:fixed;TOP:0 ;transition:opacity 3s;color:red">a</div>`);
  const cdp = await context.newCDPSession(page);
  const { frameTree } = await cdp.send("Page.getFrameTree");
  const { executionContextId: contextId } = await cdp.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
  const run = (/** @type {string} */ expression) => cdp.send("Runtime.evaluate", { expression, contextId, awaitPromise: true });
  const typed = await page.locator("#a").getAttribute("style");
  await run(source);
  await run("recourseMeasure.begin(); recourseMeasure.to(0).then(() => recourseMeasure.to(500))");
  assert.notEqual(await page.locator("#a").getAttribute("style"), typed);
  // Ending in the middle puts it back as well.
  await run("recourseMeasure.end()");
  assert.equal(await page.locator("#a").getAttribute("style"), typed);
  assert.equal(await page.locator("#a").evaluate((box) => getComputedStyle(box).opacity), "1");
  assert.equal(await page.evaluate(() => scrollY), 0);
  await context.close();
});

test("an inner part that scrolls is found, and what it is in is not hidden", async () => {
  const { page, run, first, close } = await measuring("inner");
  const before = await state(page);
  const begun = await run("recourseMeasure.begin()");
  const box = /** @type {Area} */ (await page.locator("#scroll").boundingBox());
  assert.equal(begun.inner, true);
  near([begun.view], [{ x: box.x + 3, y: box.y + 3, width: begun.view.width, height: box.height - 6 }], "view");
  assert.equal(begun.page.height, await page.locator("#scroll").evaluate((part) => part.scrollHeight));
  await run("recourseMeasure.to(0)");
  assert.equal((await run("recourseMeasure.to(1234)")).scroll, 1234);
  assert.equal(await page.locator("#shell").evaluate((shell) => getComputedStyle(shell).opacity), "1");
  assert.ok(!JSON.stringify((await first(false)).measured).includes("last.inner@example.org"));
  assert.ok(piece(await first(true), "last.inner@example.org").areas[0].y > 900);
  await run("recourseMeasure.finish()");
  assert.deepEqual(await state(page), before);
  await close();
});

test("a page that grows is told as high as it is by then, and a very long one scrolls to its end", async () => {
  const endless = await measuring("endless");
  const { page: size } = await endless.run("recourseMeasure.begin()");
  await endless.run("recourseMeasure.to(0)");
  const reached = await endless.run("recourseMeasure.to(1e6)");
  assert.equal(reached.scroll, size.height - 900);
  assert.ok(reached.height > size.height);
  await endless.close();
  const { run, close } = await measuring("long");
  assert.equal((await run("recourseMeasure.begin()")).page.height, 30_000);
  await run("recourseMeasure.to(0)");
  assert.deepEqual(await run("recourseMeasure.to(29100)"), { scroll: 29_100, height: 30_000 });
  await close();
});

test("names that a page gives its elements stop nothing", async () => {
  const { page, run, first, close } = await measuring("clobber");
  assert.equal(await page.evaluate(() => document.body instanceof HTMLImageElement), true, "the names are taken");
  const field = piece(await first(false), "field.clobber@example.org");
  near(field.areas, [/** @type {Area} */ (await page.locator("[name=mail]").boundingBox().catch(() => field.areas[0]))], "field");
  assert.equal((await run("recourseMeasure.begin()")).inner, false);
  await run("recourseMeasure.to(0)");
  await run("recourseMeasure.to(700)");
  const style = () => run(`Element.prototype.getAttribute.call(Document.prototype.querySelector.call(document, "#trap"), "style")`);
  assert.match(await style(), /relative/);
  await run("recourseMeasure.finish()");
  assert.equal(await style(), null);
  await close();
});

test("two fingers enlarge the page: areas are those of what the window shows", async () => {
  const { cdp, page, run, first, moment, close } = await measuring("strict");
  await run(`visualViewport.scale`);
  const before = piece(await first(false), "ada.strict@example.org").areas;
  const { width } = await moment();
  await cdp.send("Emulation.setPageScaleFactor", { pageScaleFactor: 2 });
  const view = await page.evaluate(() => ({ scale: visualViewport?.scale, x: visualViewport?.offsetLeft ?? 0, y: visualViewport?.offsetTop ?? 0 }));
  assert.equal(view.scale, 2);
  const expected = before.map((area) => ({ x: (area.x - view.x) * 2, y: (area.y - view.y) * 2, width: area.width * 2, height: area.height * 2 }));
  near(piece(await first(false), "ada.strict@example.org").areas, expected, "enlarged");
  assert.equal((await moment()).width, width);
  await close();
});

test("ten thousand texts with personal data: all of them, and the page is never held up", async (t) => {
  const { page, run, close } = await measuring("many");
  await page.evaluate(() => /** @type {any} */ (window).watchTasks());
  const times = [];
  for (const whole of [true, false]) {
    const { pieces, time, elements } = await run(`(async () => {
      // What the debugger itself starts is no task that is told; what a timer starts is.
      await new Promise((resolve) => setTimeout(resolve));
      const start = performance.now();
      const { measured, elements } = await recourseMeasure.first({ whole: ${whole} });
      return { time: performance.now() - start, pieces: measured.pieces.length, elements: elements.length };
    })()`);
    times.push(`${whole ? "all" : "window"} ${Math.round(time)} ms`);
    if (whole) assert.ok(pieces >= MANY && elements === 2_000, `${pieces} pieces, ${elements} elements`);
    else assert.ok(pieces > 50 && pieces < 1_000, `${pieces} pieces`);
  }
  t.diagnostic(times.join(", "));
  // One that is long, to know that such are seen, and that all before it have been.
  await page.evaluate(() => void setTimeout(() => /** @type {any} */ (window).blockFor(400)));
  await page.waitForFunction(() => /** @type {any} */ (window).tasks.some((/** @type {number} */ duration) => duration >= 400));
  const tasks = await page.evaluate(() => /** @type {number[]} */ (/** @type {any} */ (window).tasks).filter((duration) => duration < 400));
  t.diagnostic(`long tasks: ${tasks.join(", ") || "none"}`);
  assert.deepEqual(tasks.filter((duration) => duration > 100), []);
  await close();
});

test("injected twice, the second takes the place of the first, and nothing is left after the end", async () => {
  const { page, run, first, moment, close } = await measuring("strict");
  await first(false);
  await run("globalThis.earlier = recourseMeasure");
  await run(source);
  assert.equal(await run("earlier === recourseMeasure"), false);
  await page.evaluate(() => document.querySelector("h1")?.setAttribute("class", "changed"));
  assert.equal((await moment()).changes, 1);
  assert.equal(await run("earlier.moment().changes"), 0, "the earlier one counts nothing any more");
  assert.equal(await page.evaluate(() => "recourseMeasure" in window), false);
  await run("recourseMeasure.end()");
  assert.equal(await run(`"recourseMeasure" in globalThis`), false);
  await close();
});
