// No network when Send is pressed, and nobody who can wait: the report is kept on the device, sealed, and sent on a later visit once
// somebody was asked. Nothing that can be read lies there, the code least of all.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import test, { after, before, beforeEach } from "node:test";

import { accessible } from "../lib/axe.mjs";
import { launch, open } from "../lib/browser.mjs";
import { demo, freePort } from "../lib/demo.mjs";
import { Console, FollowUp, Form } from "../lib/journey.mjs";
import { needle, search } from "../lib/needles.mjs";
import { Server } from "../lib/server.mjs";
import { misuse, remedy } from "../lib/stories.mjs";
import { Wire } from "../lib/wire.mjs";

/** @type {Awaited<ReturnType<typeof demo>>} */
let running;
/** @type {import("playwright-core").Browser} */
let browser;
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

beforeEach(() => {
  wire.cut = wire.lose = () => false;
  wire.stub = () => undefined;
});

/** Requests to the server's interface since that one. @param {number} from */
const asked = (from) => wire.exchanges.slice(from).filter(({ url }) => url.pathname.startsWith("/api/"));

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").BrowserContext} Context */
/** @typedef {import("playwright-core").Frame} Frame */

/** The line is gone, for page and worker. @param {Context} context */
async function goOffline(context) {
  await context.setOffline(true);
  wire.cut = (_, url) => url.pathname.startsWith("/api/");
}

/** @param {Context} context */
async function goOnline(context) {
  wire.cut = () => false;
  await context.setOffline(false);
}

/** Everything that an origin keeps in this browser, as bytes: keys, texts, and files of IndexedDB too. @param {Page | Frame} page */
async function stored(page) {
  const [text, files] = await page.evaluate(async () => {
    /** @type {string[]} */
    const files = [];
    /** @type {unknown[]} */
    const all = [{ ...localStorage }, { ...sessionStorage }, await caches.keys()];
    for (const { name } of await indexedDB.databases()) {
      /** @type {IDBDatabase} */
      const base = await new Promise((resolve, reject) => {
        const opening = indexedDB.open(name ?? "");
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
      });
      for (const store of base.objectStoreNames) {
        const records = await new Promise((resolve) => {
          base.transaction(store).objectStore(store).getAll().onsuccess = (event) => resolve(/** @type {any} */ (event.target).result);
        });
        all.push({ name: name ?? "", store });
        for (const record of records) {
          all.push(record);
          for (const value of Object.values(record)) {
            if (!(value instanceof Blob)) continue;
            const bytes = new Uint8Array(await value.arrayBuffer());
            files.push(btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")));
          }
        }
      }
      base.close();
    }
    return [JSON.stringify(all), files];
  });
  return { text, files: files.map((file) => Buffer.from(file, "base64")) };
}
const NOTHING = "[{},{},[]]";

/** Waits until nothing is kept any more. @param {Page} page */
async function empty(page) {
  // (Playwright's own waiting takes a promise for a yes.)
  await page.evaluate(async () => {
    while ((await indexedDB.databases()).length > 0) await new Promise(requestAnimationFrame);
  });
  assert.equal((await stored(page)).text, NOTHING);
}

/** A report whose files could not be sent, stopped where the line went away. @param {import("playwright-core").BrowserContextOptions} [options] */
async function stopped(options) {
  const story = misuse();
  const { context, page, faults } = await open(browser, options);
  await page.goto(running.addresses.hosted_page);
  const form = new Form(page, page);
  await form.fill(story);
  await goOffline(context);
  await form.get("send").click();
  // The uploads wait for the line, for as long as it takes.
  await form.get("stop").click();
  await form.get("send-problem").waitFor();
  return { context, page, form, story, faults };
}

/** Has it kept; returns the code that is shown. @param {Form} form */
async function keep(form) {
  await form.get("stays-keep").click();
  await form.get("stays-kept").waitFor();
  return (await form.get("receipt-code").innerText()).replace(/\s+/g, "");
}

/** A report that waits on the device, and a page of the same browser that was opened later. @param {import("playwright-core").BrowserContextOptions} [options] */
async function keptBefore(options) {
  const { context, page, form, story } = await stopped(options);
  const receipt = await keep(form);
  await page.close();
  await goOnline(context);
  const { page: later, form: again } = await visit(context);
  return { context, page: later, form: again, story, receipt };
}

/** @param {Context} context */
async function visit(context) {
  const page = await context.newPage();
  await page.goto(running.addresses.hosted_page);
  const form = new Form(page, page);
  await form.at("start");
  return { page, form };
}

/** No screen is wider than the window. @param {Page} page */
const fits = async (page) => assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);

for (const options of [{}, { viewport: { width: 320, height: 640 } }]) {
  const wide = "viewport" in options ? "at 320 px" : "wide";
  test(`kept on the device, the tab closed, asked on a later visit and sent: read in the console and with the code, ${wide}`, async () => {
    const { context, page, form, story } = await stopped(options);
    const words = await form.get("send-problem").innerText();
    for (const said of [/You stopped it before it was sent/, /all that you wrote is still here/, /can see that a report waits, not what it says/, /private window/, /“Leave this page” deletes it/]) {
      assert.match(words, said);
    }
    await accessible("could be kept", page);
    await fits(page);
    // Nothing is kept unless it is wanted.
    await empty(page);

    const receipt = await keep(form);
    const shown = await form.get("screen-sent").innerText();
    for (const said of [/has not been sent/, /We ask you before it is sent/, /not kept on this device/, /It opens nothing yet: it works once your report was sent/]) assert.match(shown, said);
    assert.doesNotMatch(await form.get("step-count").innerText(), /Sent/);
    await accessible("kept", page);
    await fits(page);
    // Its code can be kept in the usual ways, and the form does not close before it was.
    for (const way of ["qr", "receipt-copy", "receipt-download", "receipt-print", "receipt-manager", "receipt-check"]) assert.equal(await form.get(way).count(), 1, way);
    await form.get("done").click();
    assert.match(await form.get("leave-dialog").innerText(), /Your report waits on this device\. Without the code nobody can show you the answer/);
    await accessible("kept, closing", page);
    await form.get("leave-cancel").click();

    const { text, files } = await stored(page);
    const needles = Object.entries({ ...story.marks, receipt, code: receipt.replaceAll("-", ""), category: story.category, text: story.text.slice(0, 60) }).map(([name, secret]) => needle(name, secret));
    needles.push(needle("picture", story.files[0].buffer.subarray(0, 64)), needle("file", story.files[1].buffer.subarray(0, 64)));
    for (const [place, bytes] of /** @type {[string, Buffer][]} */ ([["records", Buffer.from(text)], ...files.map((file, at) => [`file ${at}`, file])])) {
      assert.deepEqual(search(place, bytes, needles), []);
    }
    // And it is what is stored that was searched: sealed bodies and the sealed files.
    assert.equal(files.length, 1);
    assert.ok(files[0].subarray(0, 21).equals(Buffer.from("age-encryption.org/v1")) && files[0].length > story.files[1].buffer.length);
    assert.match(text, /YWdlLWVuY3J5cHRpb24ub3JnL3Yx/);

    await form.done(receipt);
    assert.match(await form.get("screen-closed").innerText(), /A locked report waits on this device/);
    await accessible("closed over a report that waits", page);
    await page.close();

    await goOnline(context);
    const from = wire.exchanges.length;
    const { page: later, form: again } = await visit(context);
    await again.get("stays-1").waitFor();
    const question = await again.get("stays-1").innerText();
    const today = new Date().toLocaleDateString("en", { dateStyle: "long" });
    for (const said of [`A report from ${today} waits on this device. Send it now?`, "Whoever runs this network may see that you contact Northwind", "you need the code that you were given on that day"]) {
      assert.ok(question.includes(said), `${said} in ${question}`);
    }
    await accessible("a report waits", later);
    await fits(later);
    assert.deepEqual(asked(from).filter(({ method }) => method !== "GET"), [], "nothing goes by itself");

    await again.get("stays-send-1").click();
    await again.at("sent");
    await again.get("stays-sent").waitFor();
    await accessible("sent after it waited", later);
    await fits(later);
    assert.equal(await again.get("receipt-code").count(), 0, "the code was never kept");
    assert.ok(!(await later.content()).includes(receipt));
    const sent = asked(from).map(({ method, url }) => `${method} ${url.pathname.split("/").pop()}`);
    assert.deepEqual(sent.slice(-2), ["POST tickets", "POST reports"], "the ticket is fetched with the report");
    assert.equal(sent.filter((one) => one === "POST uploads").length, 2);
    await again.get("proof").locator("summary").click();
    const [proof] = await Promise.all([later.waitForEvent("download"), again.get("proof-download").click()]);
    assert.equal(proof.suggestedFilename(), "record.json");
    await empty(later);
    await again.last("done");

    const followUp = await FollowUp.open(later, running.addresses);
    await followUp.enter(receipt);
    const desk = await Console.signIn(later, running.addresses);
    await desk.open(story.marks.text);
    await desk.page.getByText(story.marks.feature).first().waitFor();
    await context.close();
  });
}

test("a code that was not kept: the browser asks before the tab is closed", async () => {
  const { context, page, form } = await stopped();
  const receipt = await keep(form);
  const asks = async () => {
    /** @type {string[]} */
    const dialogs = [];
    page.on("dialog", (dialog) => {
      dialogs.push(dialog.type());
      void dialog.dismiss();
    });
    await page.evaluate(() => location.reload()).catch(() => {});
    await page.waitForFunction(() => true);
    return dialogs;
  };
  assert.deepEqual(await asks(), ["beforeunload"]);
  assert.equal((await form.get("receipt-code").innerText()).replace(/\s+/g, ""), receipt);
  await context.close();
});

for (const [name, leave] of /** @type {[string, (form: Form, context: Context) => Promise<unknown>][]} */ ([
  ["the button", (form) => form.last("quick-exit")],
  ["Shift three times", (form) => form.shifts()],
  [
    "the button, without a network",
    async (form, context) => {
      await goOffline(context);
      await form.last("quick-exit");
      await form.page.waitForURL("about:blank");
      await goOnline(context);
    },
  ],
])) {
  test(`quick exit deletes what waits: ${name}`, async () => {
    const { context, page, form } = await keptBefore();
    await form.get("stays-1").waitFor();
    await form.get("door-misuse").click();
    await form.get("screen-before").waitFor();
    assert.match(await form.get("before-waits").innerText(), /A report that waits on this device is deleted too/);
    await form.get("step-heading").click();
    await leave(form, context);
    if (page.url() !== "about:blank") await page.waitForURL(`${running.addresses.intake}/left`);
    const { page: later, form: again } = await visit(context);
    await again.get("language").waitFor();
    await empty(later);
    assert.equal(await again.get("stays-1").count(), 0);
    await context.close();
  });
}

test("quick exit right after it was kept, before the network is back", async () => {
  const { context, page, form } = await stopped();
  await keep(form);
  await form.last("quick-exit");
  await page.waitForURL("about:blank");
  await page.close();
  await goOnline(context);
  const { page: later } = await visit(context);
  await empty(later);
  await context.close();
});

test("removed after a question, and its code is one for nothing", async () => {
  const { context, page, form, receipt } = await keptBefore();
  const from = wire.exchanges.length;
  await form.get("stays-remove-1").click();
  await form.get("leave-dialog").waitFor();
  assert.match(await form.get("leave-dialog").innerText(), /If it was never sent, its code opens nothing/);
  await accessible("remove what waits", page);
  await form.get("leave-cancel").click();
  await form.get("stays-remove-1").click();
  await form.get("leave-confirm").click();
  await form.get("stays-1").waitFor({ state: "detached" });
  await empty(page);
  assert.deepEqual(asked(from), []);
  await page.goto(running.addresses.follow_up);
  const followUp = new FollowUp(page);
  await followUp.get("receipt-input").fill(receipt);
  await followUp.get("receipt-open").click();
  await followUp.get("receipt-problem").or(page.getByRole("alert")).first().waitFor();
  assert.equal(await followUp.get("case").count(), 0);
  await context.close();
});

test("after a week it is gone, sent by nobody", async () => {
  const { context, page, form } = await keptBefore();
  await form.get("stays-1").waitFor();
  const { text } = await stored(page);
  const until = Number(/"until":(\d+)/.exec(text)?.[1]);
  const days = (until - Date.now() / 1000) / 86_400;
  assert.ok(days > 6.9 && days < 8, `${days} days`);
  const from = wire.exchanges.length;
  const put = (/** @type {number} */ until) =>
    page.evaluate(
      (until) =>
        new Promise((resolve) => {
          const opening = indexedDB.open("waiting");
          opening.onsuccess = () => {
            const transaction = opening.result.transaction("waiting", "readwrite");
            const store = transaction.objectStore("waiting");
            store.get(1).onsuccess = (event) => store.put({ .../** @type {any} */ (event.target).result, until });
            transaction.oncomplete = () => resolve(opening.result.close());
          };
        }),
      until,
    );
  await put(Math.floor(Date.now() / 1000) - 1);
  // Nor from a page that was open when its time came.
  await form.get("stays-send-1").click();
  await form.get("send-problem").waitFor();
  assert.match(await form.get("send-problem").innerText(), /its time was over/);
  assert.equal(await form.get("stays-send-1").count(), 0);
  await page.close();
  const { page: later, form: again } = await visit(context);
  await empty(later);
  assert.equal(await again.get("stays-1").count(), 0);
  assert.deepEqual(asked(from).filter(({ method }) => method !== "GET"), []);
  await context.close();
});

test("the line breaks on the later visit too: told, still there, sent by trying again, once", async () => {
  const { context, page, form, receipt } = await keptBefore({ viewport: { width: 320, height: 640 } });
  // Arrives, and nobody hears of it.
  wire.lose = (method, url) => method === "POST" && url.pathname.endsWith("/reports");
  await form.get("stays-send-1").click();
  await form.get("send-problem").waitFor();
  const words = await form.get("stays-1").innerText();
  assert.match(words, /could not reach the server/i);
  assert.match(words, /still waits on this device/);
  assert.match(words, /Whoever runs this network may see/, "it may be another network by now");
  await accessible("could not be sent later", page);
  await fits(page);
  wire.lose = () => false;
  // And the tab is closed over it: what was posted is stored, so the same bytes go again.
  await page.close();
  const { page: later, form: again } = await visit(context);
  const from = wire.exchanges.length;
  await again.get("stays-send-1").click();
  await again.at("sent");
  const reports = asked(from).filter(({ method, url }) => method === "POST" && url.pathname.endsWith("/reports"));
  assert.deepEqual(reports.map(({ status }) => status), [200], "answered as the first time");
  assert.equal(asked(from).filter(({ url }) => url.pathname.includes("/uploads")).length, 0, "nothing is uploaded twice");
  await empty(later);
  const followUp = await FollowUp.open(later, running.addresses);
  await followUp.enter(receipt);
  await context.close();
});

test("a channel that no longer takes it as it was sealed: told, with what can be done, and not tried again", async () => {
  const { context, page, form } = await keptBefore();
  const problem = { type: "urn:recourse:problem:old-manifest", title: "The channel has changed since the form was opened", status: 409 };
  wire.stub = (method, url) => (method === "POST" && url.pathname.endsWith("/reports") ? { status: 409, type: "application/problem+json", body: JSON.stringify(problem) } : undefined);
  await form.get("stays-send-1").click();
  await form.get("send-problem").waitFor();
  wire.stub = () => undefined;
  assert.match(await form.get("send-problem").innerText(), /Delete it and write it once more: you get a new code/);
  assert.equal(await form.get("stays-send-1").count(), 0);
  await accessible("cannot be sent any more", page);
  await form.get("stays-remove-1").click();
  await form.get("leave-confirm").click();
  await form.get("stays-1").waitFor({ state: "detached" });
  await empty(page);
  await context.close();
});

test("a channel that is closed by then: nothing can be sent from the page, and what waits can be deleted", async () => {
  const { context, page } = await keptBefore();
  const problem = { type: "urn:recourse:problem:channel-closed", title: "The channel takes no reports any more", status: 410 };
  wire.stub = (_, url) => (url.pathname.endsWith("/manifest") ? { status: 410, type: "application/problem+json", body: JSON.stringify(problem) } : undefined);
  await page.goto(running.addresses.hosted_page);
  const form = new Form(page, page);
  await form.get("screen-unavailable").waitFor();
  await form.get("stays-1").waitFor();
  assert.equal(await form.get("stays-send-1").count(), 0);
  await accessible("closed, and a report waits", page);
  await form.get("stays-remove-1").click();
  await form.get("leave-confirm").click();
  await empty(page);
  await context.close();
});

test("sent in another tab: this one says so and sends nothing", async () => {
  const { context, form } = await keptBefore();
  await form.get("stays-1").waitFor();
  const { page: other, form: first } = await visit(context);
  await first.get("stays-send-1").click();
  await first.at("sent");
  await empty(other);
  const from = wire.exchanges.length;
  await form.get("stays-send-1").click();
  await form.get("send-problem").waitFor();
  assert.match(await form.get("send-problem").innerText(), /not on this device any more/);
  assert.deepEqual(asked(from), []);
  await context.close();
});

for (const [where, begin] of /** @type {[string, (context: Context, page: Page) => Promise<Form>][]} */ ([
  ["in a frame of another site", (_, page) => Form.onProduct(page, running.addresses)],
  [
    "on a page where the browser stores nothing",
    async (context, page) => {
      await context.addInitScript(() => {
        IDBFactory.prototype.open = () => {
          throw new DOMException("refused", "SecurityError");
        };
      });
      await page.goto(running.addresses.hosted_page);
      return new Form(page, page);
    },
  ],
])) {
  test(`${where} it waits in its tab, and the form says so`, async () => {
    const story = misuse();
    const { context, page } = await open(browser);
    const form = await begin(context, page);
    await form.fill(story);
    await goOffline(context);
    await form.get("send").click();
    await form.get("stop").click();
    await form.get("stays-keep").click();
    await form.get("stays-refused").waitFor();
    assert.match(await form.get("stays-refused").innerText(), /only while this tab is open/);
    assert.equal(await form.get("receipt-code").count(), 0, "no code for nothing");
    await form.get("network-waits").waitFor();
    await accessible("cannot be kept here", page);
    await goOnline(context);
    await form.get("network-send").click();
    await form.at("sent");
    const receipt = (await form.get("receipt-code").innerText()).replace(/\s+/g, "");
    const followUp = await FollowUp.open(page, running.addresses);
    await followUp.enter(receipt);
    await context.close();
  });
}

test("in a frame of its own site: kept, asked when the form is opened again, and gone with quick exit", async () => {
  const port = await freePort();
  const product = `http://127.0.0.1:${port}`;
  const server = await Server.make([product]);
  await server.start();
  const script = `${server.intake}/widget/report-concern.js`;
  // A page of the browser's own machine, as the intake is: one that a test made up could not load from there.
  const host = createServer((_, answer) => {
    answer.setHeader("content-type", "text/html");
    answer.end(`<!doctype html><html lang="en"><title>Product</title><main><h1>Product</h1><report-concern channel="demo"></report-concern></main><script type="module" async crossorigin src="${script}"></script>`);
  }).listen(port, "127.0.0.1");
  const direct = await launch();
  try {
    const { context, page } = await open(direct);
    const opened = async () => {
      await page.goto(`${product}/`);
      await page.locator("report-concern").getByRole("button").click();
      const form = new Form(page, page.frameLocator("[data-recourse] iframe"));
      await form.at("start");
      return form;
    };
    const story = remedy();
    const offline = async (/** @type {Form} */ form) => {
      await form.fill(story);
      await context.setOffline(true);
      await context.route("**/api/**", (route) => route.abort());
      await form.get("send").click();
      await form.get("send-problem").waitFor();
      const receipt = await keep(form);
      await context.unroute("**/api/**");
      await context.setOffline(false);
      return receipt;
    };
    const first = await opened();
    const receipt = await offline(first);
    await first.done(receipt);
    const form = await opened();
    await form.get("stays-send-1").click();
    await form.at("sent");
    const followUp = await FollowUp.open(page, server.addresses);
    await followUp.enter(receipt);
    await empty(page);

    // Once more, and left in a hurry: the frame is gone at once, and what waited too.
    const second = await opened();
    await offline(second);
    await second.last("quick-exit");
    await page.goto(server.addresses.hosted_page);
    await new Form(page, page).at("start");
    await empty(page);
    await context.close();
  } finally {
    await direct.close();
    host.closeAllConnections();
    host.close();
    await server.remove();
  }
});
