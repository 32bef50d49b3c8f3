// What the server, its disk, its log and the wire hold of a report: nothing. And what the product's page learns of it: nothing.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import test, { after, before } from "node:test";

import { launch, open } from "../lib/browser.mjs";
import { demo } from "../lib/demo.mjs";
import { Console, FollowUp, Form, chapters } from "../lib/journey.mjs";
import { needle } from "../lib/needles.mjs";
import { searchEverywhere } from "../lib/reading.mjs";
import { mark, misuse } from "../lib/stories.mjs";
import { Wire } from "../lib/wire.mjs";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof demo>>} */
let running;
/** @type {Wire} */
let wire;
before(async () => {
  running = await demo();
  const { intake, console, product } = running.addresses;
  wire = await new Wire([intake, console, product]).start();
  browser = await launch({ proxy: wire.address });
});
after(async () => {
  await browser?.close();
  wire?.stop();
  await running?.stop();
});

/** What Chromium asks for on its own account, whatever page is open: updates, its account, and what kind of form a form is. */
const BROWSERS_OWN =
  /^(CONNECT|POST) (http:\/\/)?(update|content-autofill)\.googleapis\.com[:/]|^CONNECT accounts\.google\.com:443$|^(CONNECT|GET|HEAD) (http:\/\/)?redirector\.gvt1\.com[:/]/;

/** What the widget may ask for before a report is sent, without the hashes in the names. */
const BEFORE_SENDING = [
  "product GET /",
  "product GET /style.css",
  "intake GET /widget/report-concern.js",
  "intake GET /embed/demo",
  "intake GET /assets/recourse.css",
  "intake GET /assets/intake.css",
  "intake GET /assets/first-step.js",
  "intake GET /assets/intake-start.js",
  "intake GET /assets/engine-start.js",
  "intake GET /assets/intake_app.js",
  "intake GET /assets/intake_app_bg.wasm",
  "intake GET /assets/en.form.json",
  "intake GET /assets/intake-later.js",
  "intake GET /assets/intake_app_later.wasm",
  "intake GET /assets/en.form-later.json",
  "intake GET /assets/keep.js",
  "intake GET /assets/engine-worker.js",
  "intake GET /assets/engine.js",
  "intake GET /assets/engine-later.js",
  "intake GET /assets/engine_bg.wasm",
  "intake GET /api/v1/channels/demo/manifest",
  // With the step of evidence, and with the first file.
  "intake GET /assets/evidence.js",
  "intake GET /assets/scrub-worker.js",
  "intake GET /assets/scrub.js",
  "intake GET /assets/scrub_bg.wasm",
];

/** @param {number} [from] */
function asked(from = 0) {
  const { intake, product } = running.addresses;
  return wire.exchanges.slice(from).map(({ method, url }) => {
    const who = url.origin === intake ? "intake" : url.origin === product ? "product" : url.origin;
    return `${who} ${method} ${url.pathname.replace(/-[0-9a-f]{12}(?=\.\w+$)/, "")}${url.search}`;
  });
}

test("nothing of a report is found on the server or on the wire", async (t) => {
  const chapter = chapters(t);
  const { addresses } = running;
  const story = misuse();
  const agent = mark("Mozilla/5.0 Agent");
  const reporter = await open(browser, { userAgent: agent });
  // Whoever reads or writes a cookie is seen.
  await reporter.context.exposeBinding("tellCookie", (_, how) => void reporter.faults.push(`cookie ${how}`));
  await reporter.context.addInitScript(() => {
    Object.defineProperty(Document.prototype, "cookie", {
      get: () => (/** @type {any} */ (window).tellCookie("read"), ""),
      set: () => /** @type {any} */ (window).tellCookie("written"),
    });
  });
  /** @type {Set<string>} */
  const requested = new Set();
  const watch = (/** @type {import("playwright-core").BrowserContext} */ context) =>
    context.on("request", (request) => void (request.url().startsWith("http") && requested.add(new URL(request.url()).origin)));
  watch(reporter.context);
  const start = wire.exchanges.length;
  const form = await Form.onProduct(reporter.page, addresses);

  await chapter("before sending, the requests are an exact list", async () => {
    await form.fill(story);
    assert.deepEqual(asked(start).sort(), [...BEFORE_SENDING].sort());
    for (const { url, body, headers } of wire.exchanges.slice(start)) {
      assert.equal(body.length, 0, `${url} had a body`);
      if (url.origin === addresses.intake && url.pathname !== "/widget/report-concern.js") {
        assert.ok(!headers.some((name, at) => at % 2 === 0 && /^(cookie|referer|authorization)$/i.test(name)), `${url}: ${headers}`);
      }
    }
  });

  const receipt = await form.send();
  await form.done(receipt);
  const sent = asked(start).filter((line) => !BEFORE_SENDING.includes(line));
  assert.ok(sent.some((line) => line === "intake POST /api/v1/channels/demo/reports"), sent.join("\n"));

  // The other side: read, answered, noted, decided; the reporter comes back and writes.
  const reviewer = await open(browser);
  watch(reviewer.context);
  const desk = await Console.signIn(reviewer.page, addresses);
  await desk.open(story.marks.text);
  const words = { answer: mark("answer"), note: mark("note"), decision: mark("decision"), reason: mark("internal"), more: mark("more"), why: mark("wherefore") };
  await desk.get("contact-open").click();
  await desk.get("contact-reason").fill(words.why);
  await desk.get("contact-confirm").click();
  await desk.get("contact").waitFor();
  await desk.get("tab-evidence").click();
  await desk.get("evidence-open-2").click();
  await desk.get("evidence-save-2").waitFor();
  await desk.reply(words.answer);
  await desk.note(words.note);
  await desk.move("in_triage", words.reason);
  await desk.move("in_review", "We ask those who sent it.");
  await desk.move("decided", words.decision);
  const followUp = await FollowUp.open(await reporter.context.newPage(), addresses);
  await followUp.enter(receipt);
  await followUp.write(words.more);

  await chapter("no word, file, contact, receipt or answer is on disk, in the log or on the wire", async () => {
    const code = receipt.replaceAll("-", "");
    const picture = story.files[0].buffer;
    const needles = [
      ...Object.entries({ ...story.marks, ...words }).map(([name, text]) => needle(name, text)),
      needle("first line", story.text.split("\n")[0]),
      needle("receipt", receipt),
      needle("receipt without dashes", code),
      needle("receipt's groups", receipt.slice(5, 19)),
      needle("receipt's bits", bits(code)),
      ...[64, 512, picture.length - 64].map((at) => needle(`picture at ${at}`, picture.subarray(at, at + 24))),
      needle("user agent", agent),
    ];
    const { finds, places } = await searchEverywhere(addresses, wire, needles);
    // The browser says its user agent to the server; that is where it must end.
    const told = finds.filter(({ needle, place }) => !(needle === "user agent" && place.startsWith("wire") && / head @| head >/.test(place)));
    assert.deepEqual(told, []);
    assert.ok(places.some((place) => /\.(db|sqlite3?)$/.test(place)), places.join(" "));
    assert.ok(places.some((place) => /-wal$/.test(place)), places.join(" "));
    assert.ok(places.some((place) => /blobs?\//.test(place)), places.join(" "));
  });

  await chapter("the search really looks everywhere: what has to be there is found", async () => {
    const known = [needle("provider", "Northwind Software"), needle("path", "/api/v1/cases"), needle("agent on the wire", agent)];
    const { finds } = await searchEverywhere(addresses, wire, known);
    /** @param {string} name @param {RegExp} where */
    const found = (name, where) => assert.ok(finds.some(({ needle, place }) => needle === name && where.test(place)), `${name} in ${where}: ${finds.map(({ place }) => place).join("\n")}`);
    found("provider", /^file intake\/.*(db|sqlite3?|-wal) /);
    found("provider", /^wire GET .*manifest, answer/);
    found("path", /^server log/);
    found("agent on the wire", /^wire .*head/);
  });

  await chapter("no cookie is set, sent, read or written; nobody else is asked; nothing is kept in the browser", async () => {
    assert.deepEqual(await reporter.context.cookies(), []);
    assert.deepEqual(await reviewer.context.cookies(), []);
    for (const { url, headers, answerHeaders } of wire.exchanges) {
      for (const list of [headers, answerHeaders]) assert.ok(!list.some((name, at) => at % 2 === 0 && /^(set-)?cookie2?$/i.test(name)), `${url}: ${list}`);
    }
    assert.deepEqual(wire.strangers.filter((line) => !BROWSERS_OWN.test(line)), []);
    // What pages, frames and workers asked for, as the browser itself counts it.
    const ours = new Set([addresses.intake, addresses.console, addresses.product]);
    assert.deepEqual([...requested].filter((origin) => !ours.has(origin)), []);
    assert.deepEqual([...requested].sort(), [...ours].sort());
    assert.deepEqual(await kept(followUp.page), { local: 0, session: 0, databases: 0, caches: 0, workers: 0 });
    assert.deepEqual(reporter.faults, []);
    assert.deepEqual(reviewer.faults, []);
  });
  await reporter.context.close();
  await reviewer.context.close();
});

test("a product's cookie that arrives is ignored", async () => {
  const { addresses } = running;
  const value = mark("session-of-a-named-person");
  const { context, page, faults } = await open(browser);
  await context.addCookies([{ name: "product_session", value, url: addresses.intake }]);
  const start = wire.exchanges.length;
  await page.goto(addresses.hosted_page);
  const form = new Form(page, page);
  const story = { ...misuse(), files: [] };
  await form.fill(story);
  await form.send();
  const sent = wire.exchanges.slice(start);
  assert.ok(sent.some(({ headers }) => headers.some((line) => line.includes(value))), "the cookie never rode along: this test proves nothing");
  // Not with what our own code asks for.
  for (const { url, headers } of sent.filter(({ url }) => url.pathname.startsWith("/api/"))) assert.ok(!headers.some((line) => line.includes(value)), `${url} carried it`);
  const { finds } = await searchEverywhere(addresses, wire, [needle("cookie", value)]);
  assert.deepEqual(finds.filter(({ place }) => !/^wire .* head/.test(place)), []);
  assert.deepEqual((await context.cookies()).map(({ name }) => name), ["product_session"]);
  assert.deepEqual(faults, []);
  await context.close();
});

test("a session recorder on the product page records nothing typed, and would have", async () => {
  const { addresses } = running;
  const recorder = await readFile(createRequire(import.meta.url).resolve("rrweb").replace(/rrweb\.(cjs|js)$/, "rrweb.umd.min.cjs"), "utf8");
  const { context, page } = await open(browser);
  await context.addInitScript({
    // In the product's page alone, where a provider would put it.
    content: `if (location.origin === ${JSON.stringify(addresses.product)}) { ${recorder}
      window.taken = [];
      addEventListener("DOMContentLoaded", () => rrweb.record({ emit: (event) => taken.push(event), recordCrossOriginIframes: true, recordCanvas: true, collectFonts: true, sampling: { input: "all" } }));
    }`,
  });
  const taken = () => page.evaluate(() => JSON.stringify(/** @type {any} */ (window).taken));
  const story = { ...misuse(), files: [] };
  const form = await Form.onProduct(page, addresses);
  await form.fill(story);
  const receipt = await form.send();
  const recorded = await taken();
  assert.ok(recorded.length > 1000 && /report-concern/.test(recorded), "the recorder did not run");
  for (const secret of [...Object.values(story.marks), receipt, receipt.slice(0, 9), story.text.slice(0, 20)]) assert.ok(!recorded.includes(secret), `recorded ${secret}`);
  await form.done(receipt);

  // The control: the same words in a form of the host's own.
  await page.evaluate(() => {
    const area = document.createElement("textarea");
    area.id = "own";
    document.body.append(area);
  });
  await page.locator("#own").pressSequentially(story.marks.text);
  await page.waitForFunction((text) => JSON.stringify(/** @type {any} */ (window).taken).includes(text), story.marks.text);
  await context.close();
});

test("what the product page sees does not depend on what is written", async () => {
  const one = await watched(misuse());
  const other = await watched({ ...misuse(), text: `Short. ${mark("text")}`, name: "R", reach: "x@example.org", feature: "f" });
  // Sizes are observed once a frame, so several may be seen as one: which there are counts, and in which order the rest came.
  const sizes = (/** @type {string[]} */ lines) => [...new Set(lines.filter((line) => line.startsWith("size")))].sort();
  const rest = (/** @type {string[]} */ lines) => lines.filter((line) => !line.startsWith("size"));
  assert.deepEqual(rest(other), rest(one));
  assert.deepEqual(sizes(other), sizes(one));
  for (const what of ["port", "frame", "size", "event"]) assert.ok(one.some((line) => line.startsWith(what)), `no ${what} was seen: ${one.join("\n")}`);
  // Given up instead of sent: the same words but for the screens that were not reached, and the same end.
  const givenUp = await watched(misuse(), true);
  const words = (/** @type {string[]} */ lines) => [...new Set(rest(lines).filter((line) => !/height|step/.test(line)))];
  assert.deepEqual(words(givenUp), words(one));
});

/**
 * Reports, and returns all that the host page could see: messages, events, attributes and sizes, in their order.
 * @param {import("../lib/journey.mjs").Story} story @param {boolean} [giveUp]
 * @returns {Promise<string[]>}
 */
async function watched(story, giveUp = false) {
  const { addresses } = running;
  const { context, page } = await open(browser);
  await context.addInitScript((product) => {
    if (location.origin !== product) return;
    /** @type {string[]} */
    const seen = [];
    Object.assign(window, { seen });
    addEventListener("message", ({ data, origin }) => seen.push(`message ${origin} ${JSON.stringify(data)}`), true);
    const Channel = MessageChannel;
    window.MessageChannel = class extends Channel {
      constructor() {
        super();
        for (const port of [this.port1, this.port2]) port.addEventListener("message", ({ data }) => seen.push(`port ${JSON.stringify(data)}`));
      }
    };
    for (const name of ["ready", "open", "close", "error"]) document.addEventListener("recourse:" + name, ({ type }) => seen.push(`event ${type}`));
    /** @type {ShadowRoot | null | undefined} */
    let before;
    new MutationObserver(() => {
      const root = document.querySelector("[data-recourse]")?.shadowRoot;
      if (root === before) return;
      before = root;
      if (!root) {
        seen.push("frame gone");
        return;
      }
      const tell = (/** @type {Element} */ element) => seen.push(`frame ${element.localName} ${[...element.attributes].map(({ name, value }) => `${name}=${value}`).join(" ")}`);
      for (const element of root.querySelectorAll("dialog, iframe")) {
        tell(element);
        let last = "";
        new ResizeObserver(() => {
          const { width, height } = element.getBoundingClientRect();
          const size = `size ${element.localName} ${width}x${height}`;
          if (size !== last) seen.push(size);
          last = size;
        }).observe(element);
      }
      new MutationObserver((changes) => changes.forEach(({ target }) => tell(/** @type {Element} */ (target)))).observe(root, { subtree: true, attributes: true, childList: true });
    }).observe(document, { childList: true, subtree: true });
  }, addresses.product);
  const form = await Form.onProduct(page, addresses);
  if (giveUp) {
    await form.fill(story);
    await form.get("close").click();
    await form.last("leave-confirm");
  } else {
    await form.fill(story);
    await form.done(await form.send());
  }
  await page.waitForFunction(() => /** @type {any} */ (window).seen.includes("event recourse:close"));
  const seen = await page.evaluate(() => /** @type {string[]} */ (/** @type {any} */ (window).seen));
  await context.close();
  return seen;
}

/** What the page's origin keeps in the browser. @param {import("playwright-core").Page} page */
function kept(page) {
  return page.evaluate(async () => ({
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
}

/** The 128 bits of a receipt. @param {string} code without dashes */
function bits(code) {
  const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const all = [...code.slice(0, 26)].map((symbol) => alphabet.indexOf(symbol).toString(2).padStart(5, "0")).join("");
  return Buffer.from(Array.from({ length: 16 }, (_, at) => parseInt(all.slice(at * 8, at * 8 + 8), 2)));
}
