// The loader alone, before a frame that does as it is told.

import assert from "node:assert/strict";
import test, { after, before } from "node:test";

import { gone, launch, open } from "../lib/browser.mjs";
import { HOST, INTAKE, POLICY, standIn } from "../lib/stand-in.mjs";

const ONE = `<p>product</p><report-concern channel="demo" root-key="KEY" theme="dark" subject-type="message" subject-id="m-1" subject-label="Spring"></report-concern>`;

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/**
 * @param {string} body
 * @param {Partial<Parameters<typeof standIn>[1]>} [more]
 */
async function host(body, more) {
  const { context, page, faults } = await open(browser);
  const asked = await standIn(context, { body, ...more });
  await page.goto(`${HOST}/`);
  // In the host: events of the element, in order.
  await page.evaluate(() => {
    /** @type {string[]} */
    const told = [];
    Object.assign(window, { told });
    for (const name of ["ready", "open", "close", "error"]) document.addEventListener("recourse:" + name, (event) => told.push(event.type));
  });
  const frame = page.frameLocator("[data-recourse] iframe");
  return { context, page, faults, asked, frame, dialog: page.locator("[data-recourse] dialog"), button: page.locator("report-concern").getByRole("button") };
}

/** What the host's page heard. @param {import("playwright-core").Page} page */
const told = (page) => page.evaluate(() => /** @type {any} */ (window).told);

/**
 * Makes the frame say something, which may be its last word.
 * @param {import("playwright-core").FrameLocator} frame
 * @param {{ recourse: string, step?: unknown }} message
 */
const say = (frame, message) =>
  frame
    .locator("body")
    .evaluate((_, message) => /** @type {any} */ (window).port.postMessage(message), message)
    .catch((error) => {
      if (!/detached/.test(String(error))) throw error;
    });

/** What the frame heard, once there are so many. @param {import("playwright-core").FrameLocator} frame @param {number} count */
const heard = (frame, count) =>
  frame.locator("body").evaluate(
    (_, count) =>
      new Promise((resolve) => {
        const look = () => (/** @type {any} */ (window).heard.length >= count ? resolve(/** @type {any} */ (window).heard) : requestAnimationFrame(look));
        look();
      }),
    count,
  );

test("before anybody comes near, there is the script and nothing else", async () => {
  const { context, page, asked, button, faults } = await host(ONE);
  await button.waitFor();
  assert.deepEqual(asked, ["/widget/report-concern.js"]);
  assert.equal(page.frames().length, 1);
  assert.equal(await button.getAttribute("aria-haspopup"), "dialog");
  assert.equal(await button.innerText(), "Report a concern");
  assert.equal(await page.getByRole("button", { name: "Report a concern: Spring" }).count(), 1);
  assert.deepEqual(faults, []);
  await context.close();
});

for (const [what, come] of /** @type {[string, (button: import("playwright-core").Locator) => Promise<void>][]} */ ([
  ["pointer", (button) => button.hover()],
  ["focus", (button) => button.focus()],
  ["touch", (button) => button.dispatchEvent("pointerdown", { bubbles: true, composed: true })],
])) {
  test(`the frame loads when the ${what} comes near, and is told nothing`, async () => {
    const { context, page, asked, button, frame, dialog } = await host(ONE);
    await come(button);
    await frame.locator("body").waitFor({ state: "attached" });
    assert.deepEqual(asked, ["/widget/report-concern.js", "/embed/demo"]);
    assert.deepEqual(await frame.locator("body").evaluate(() => /** @type {any} */ (window).heard), []);
    assert.equal(await dialog.isVisible(), false);
    assert.deepEqual(await told(page), []);
    await context.close();
  });
}

test("the frame's attributes are those of the design", async () => {
  const { context, page, button } = await host(ONE);
  await button.click();
  const attributes = await page.locator("[data-recourse] iframe").evaluate((frame) => Object.fromEntries([...frame.attributes].map(({ name, value }) => [name, value])));
  assert.deepEqual(attributes, {
    title: "Report a concern",
    sandbox: "allow-scripts allow-same-origin allow-forms allow-downloads allow-modals allow-popups allow-top-navigation-by-user-activation",
    allow: "display-capture; clipboard-write",
    referrerpolicy: "no-referrer",
    src: `${INTAKE}/embed/demo`,
  });
  await context.close();
});

test("pressing opens, connects with what the host offers, and nothing else", async () => {
  const { context, page, button, frame, dialog, faults } = await host(ONE);
  await page.locator("report-concern").evaluate((element) => Object.assign(element, { context: { plan: "team", seats: 3 } }));
  await button.click();
  assert.equal(await dialog.evaluate((dialog) => dialog.matches(":modal")), true);
  const connect = {
    recourse: "connect",
    locale: "de",
    theme: "dark",
    subject: { type: "message", id: "m-1", label: "Spring" },
    context: { plan: "team", seats: "3" },
    context_token: null,
    root_key: "KEY",
  };
  assert.deepEqual(await heard(frame, 2), [{ origin: HOST, parent: true, data: connect }, { port: { recourse: "shown" } }]);
  await say(frame, { recourse: "ready" });
  await say(frame, { recourse: "open" });
  await page.waitForFunction(() => /** @type {any} */ (window).told.length === 2);
  assert.deepEqual(await told(page), ["recourse:ready", "recourse:open"]);
  assert.deepEqual(faults, []);
  await context.close();
});

test("what is set as property, before the script has come or after, is what attributes say", async () => {
  const script = `
    const early = document.createElement("report-concern");
    Object.assign(early, { channel: "demo", rootKey: "EARLY", subjectLabel: "Winter", contextToken: "a.b.c", theme: "light", label: "Melden", context: { step: 2 } });
    document.body.append(early);`;
  const { context, page, frame } = await host(ONE, { script, loader: false, policy: "" });
  const before = await page.evaluate(async (address) => {
    const elements = [...document.querySelectorAll("report-concern")];
    Object.assign(elements[0], { label: "Früh", context: { early: true } });
    await import(address);
    return elements.map((element) => [element.getAttribute("label"), element.getAttribute("root-key"), element.getAttribute("subject-label"), element.getAttribute("context-token"), element.shadowRoot?.textContent]);
  }, `${INTAKE}/widget/report-concern.js`);
  assert.deepEqual(before, [
    ["Früh", "KEY", "Spring", null, "Früh"],
    ["Melden", "EARLY", "Winter", "a.b.c", "Melden"],
  ]);
  const [, early] = await page.locator("report-concern").all();
  assert.equal(await early.getByRole("button").getAttribute("aria-label"), "Melden: Winter");
  await early.evaluate((element) => {
    const concern = /** @type {any} */ (element);
    concern.configure({ label: "Etwas melden", subjectId: "w-1", locale: "ar", theme: null });
    if (concern.subjectId !== "w-1" || concern.theme !== null || element.hasAttribute("theme")) throw new Error("not as set");
  });
  await early.getByRole("button", { name: "Etwas melden: Winter" }).click();
  const { data } = (await heard(frame, 1))[0];
  assert.deepEqual(data, {
    recourse: "connect",
    locale: "ar",
    theme: null,
    subject: { type: null, id: "w-1", label: "Winter" },
    context: { step: "2" },
    context_token: "a.b.c",
    root_key: "EARLY",
  });
  await context.close();
});

test("context is plain data of bounded size; what is not is refused without harm, and what the host changes later changes nothing", async () => {
  const { context, page, faults, button, frame } = await host(ONE);
  await button.waitFor();
  const refused = await page.locator("report-concern").evaluate((element) => {
    const concern = /** @type {any} */ (element);
    const data = { plan: "team", seats: 3, nested: { a: [1] } };
    concern.context = data;
    data.plan = "changed";
    const kept = concern.context;
    /** @type {any} */
    const circle = {};
    circle.circle = circle;
    const bad = [{ f: () => {} }, { node: document.body }, { n: 1n }, circle, { long: "x".repeat(8200) }];
    return bad.map((one) => {
      concern.context = one;
      return concern.context === kept;
    });
  });
  assert.deepEqual(refused, refused.map(() => true));
  assert.equal(faults.length, refused.length, "each is said in the console");
  await button.click();
  assert.deepEqual((await heard(frame, 1))[0].data.context, { plan: "team", seats: "3", nested: '{"a":[1]}' });
  assert.deepEqual(await page.locator("report-concern").evaluate((element) => [null, undefined].map((none) => (Object.assign(element, { context: none }), /** @type {any} */ (element).context))), [{}, {}]);
  await context.close();
});

test("calls may come before the script, before the element and before its place in a shadow root", async () => {
  const script = `
    self.recourse = self.recourse || [];
    recourse.push(["configure", ".late", { label: "Spät", theme: "dark" }], ["open", "#third"], ["close", "#third"], ["nonsense"]);`;
  const { context, page, frame, dialog } = await host(ONE, { script, loader: false, policy: "" });
  await page.evaluate((address) => import(address), `${INTAKE}/widget/report-concern.js`);
  assert.equal(await dialog.count(), 0, "nobody was meant yet");
  await page.evaluate(() => {
    const root = document.body.appendChild(document.createElement("div")).attachShadow({ mode: "closed" });
    for (const id of ["second", "third"]) {
      const element = Object.assign(document.createElement("report-concern"), { id, className: "late" });
      element.setAttribute("channel", "demo");
      element.setAttribute("root-key", "KEY");
      element.setAttribute("subject-id", id);
      Object.assign(window, { [id]: element });
      root.append(element);
    }
    // The third asks to be closed before a form was there.
  });
  await gone(page);
  assert.deepEqual(await page.evaluate(() => [/** @type {any} */ (window).second.label, /** @type {any} */ (window).third.label]), ["Spät", "Spät"]);
  await page.evaluate(() => /** @type {any} */ (window).recourse.push(["open", "#third"], ["configure", undefined, { locale: "pl" }]));
  const { data } = (await heard(frame, 1))[0];
  assert.deepEqual([data.subject.id, data.theme, data.locale], ["third", "dark", "pl"]);
  await context.close();
});

test("close() asks the form as Escape does, and only the button that opened may", async () => {
  const { context, page, frame, dialog } = await host([1, 2].map((n) => `<report-concern channel="demo" root-key="KEY" subject-id="m-${n}"></report-concern>`).join(""));
  const [first, second] = await page.locator("report-concern").all();
  await first.getByRole("button").click();
  await heard(frame, 2);
  await second.evaluate((element) => /** @type {any} */ (element).close());
  await first.evaluate((element) => /** @type {any} */ (element).close());
  assert.deepEqual((await heard(frame, 3)).slice(2), [{ port: { recourse: "close-requested" } }]);
  assert.equal(await dialog.isVisible(), true);
  await context.close();
});

test("without a launcher there is no button, and open() opens", async () => {
  const { context, page, dialog } = await host(`<report-concern channel="demo" root-key="KEY" launcher="off">x</report-concern>`);
  await page.locator("report-concern button").waitFor({ state: "attached" });
  assert.equal(await page.locator("report-concern").isVisible(), false);
  await page.evaluate(() => /** @type {any} */ (document.querySelector("report-concern")).open());
  await dialog.waitFor();
  await context.close();
});

test("a label that changes takes no focus away", async () => {
  const { context, page, button } = await host(ONE);
  await button.focus();
  await page.locator("report-concern").evaluate((element) => element.setAttribute("label", "Melden"));
  assert.equal(await button.innerText(), "Melden");
  assert.equal(await button.evaluate((button) => button.matches(":focus")), true);
  await context.close();
});

test("for a picture the dialog is out of sight, and comes back with everything in it", async () => {
  const { context, page, button, frame, dialog } = await host(ONE, { policy: "" });
  await button.click();
  await heard(frame, 2);
  await frame.getByLabel("text").fill("kept");
  await page.mouse.move(0, 0);
  const open = await page.screenshot();
  await say(frame, { recourse: "hide" });
  assert.deepEqual((await heard(frame, 3))[2], { port: { recourse: "hide" } });
  await dialog.evaluate((dialog) => getComputedStyle(dialog).opacity === "0" || Promise.reject(new Error("still seen")));
  assert.notDeepEqual(await page.screenshot(), open);
  await say(frame, { recourse: "show" });
  assert.deepEqual((await heard(frame, 4))[3], { port: { recourse: "show" } });
  assert.equal(await dialog.evaluate((dialog) => getComputedStyle(dialog).opacity), "1");
  assert.equal(await frame.getByLabel("text").inputValue(), "kept");
  assert.deepEqual(await told(page), []);
  await context.close();
});

test("a hello of another origin or window connects nobody", async () => {
  const { context, page, button, frame } = await host(`${ONE}<iframe id="stranger" src="${INTAKE}/stranger"></iframe>`, {
    frame: { body: `<!doctype html><body>silent</body><script>window.heard = []; onmessage = (event) => heard.push(event.data);</script>` },
  });
  await button.click();
  // The host itself, and another frame of the very same origin.
  await page.evaluate(() => postMessage({ recourse: "hello" }, "*"));
  const stranger = page.frame({ url: `${INTAKE}/stranger` });
  await stranger?.evaluate(() => parent.postMessage({ recourse: "hello" }, "*"));
  // A word from the frame that is no hello either; it arrives after the others.
  await frame.locator("body").evaluate(() => parent.postMessage({ recourse: "connect" }, "*"));
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  assert.deepEqual(await frame.locator("body").evaluate(() => /** @type {any} */ (window).heard), []);
  assert.deepEqual(await stranger?.evaluate(() => /** @type {any} */ (window).heard), []);
  await context.close();
});

test("a frame that has gone elsewhere is told nothing", async () => {
  // Without the host's policy, which would not let it go there.
  const { context, page, button, frame } = await host(ONE, { policy: "" });
  const elsewhere = "http://127.0.0.1:9199/";
  await context.route(elsewhere, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<!doctype html><body><script>heard = []; onmessage = ({ data }) => heard.push(data); parent.postMessage({ recourse: "hello" }, "*")</script>`,
    }),
  );
  await button.hover();
  await frame.getByLabel("text").waitFor({ state: "attached" });
  const left = page.waitForEvent("framenavigated", (frame) => frame.url() === elsewhere);
  await frame.locator("body").evaluate((_, elsewhere) => location.replace(elsewhere), elsewhere);
  const other = await left;
  await other.waitForLoadState("load");
  await button.click();
  assert.deepEqual(await other.evaluate(() => /** @type {any} */ (globalThis).heard), []);
  await context.close();
});

test("a hello of the right window from another origin is no hello", async () => {
  const elsewhere = "http://127.0.0.1:9199/";
  const { context, page, button } = await host(ONE, { policy: "", frame: { body: `<script>location.replace("${elsewhere}")</script>` } });
  await context.route(elsewhere, (route) =>
    route.fulfill({ contentType: "text/html", body: `<!doctype html><script>parent.postMessage({ recourse: "hello" }, "*")</script>` }),
  );
  const left = page.waitForEvent("framenavigated", (frame) => frame.url() === elsewhere);
  await button.click();
  await (await left).waitForLoadState("load");
  await page.locator("[data-recourse] dialog.failed").getByRole("link", { name: "Report a concern" }).waitFor();
  await context.close();
});

for (const word of ["close", "leave"]) {
  test(`${word}: dialog and frame are gone, the focus is back, no other frame loads, the host hears close`, async () => {
    const { context, page, asked, button, frame } = await host(ONE);
    await button.focus();
    await page.keyboard.press("Enter");
    await heard(frame, 2);
    await say(frame, { recourse: word });
    await page.waitForFunction(() => /** @type {any} */ (window).told.length === 1);
    assert.deepEqual(await told(page), ["recourse:close"]);
    await gone(page);
    assert.equal(await button.evaluate((button) => /** @type {ShadowRoot} */ (button.getRootNode()).activeElement === button), true);
    assert.deepEqual(asked, ["/widget/report-concern.js", "/embed/demo"]);
    // And once more from the start.
    await page.keyboard.press("Enter");
    assert.equal((await heard(frame, 2)).length, 2);
    await context.close();
  });
}

test("a pointer that rests where a button comes to light loads nothing; one that moves does", async () => {
  const { context, page, asked, button, frame } = await host(ONE);
  await button.click();
  await heard(frame, 2);
  const box = await button.boundingBox();
  await page.mouse.move((box?.x ?? 0) + 5, (box?.y ?? 0) + 5);
  await say(frame, { recourse: "leave" });
  await page.waitForFunction(() => /** @type {any} */ (window).told.length === 1);
  // Two painted frames: time enough for the browser to notice what lies under the pointer now.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  assert.equal(await button.evaluate((button) => button.matches(":hover")), true);
  assert.equal(page.frames().length, 1);
  await page.mouse.move((box?.x ?? 0) + 7, (box?.y ?? 0) + 7);
  await frame.getByLabel("text").waitFor({ state: "attached" });
  assert.deepEqual(asked, ["/widget/report-concern.js", "/embed/demo", "/embed/demo"]);
  await context.close();
});

test("Escape in the host asks the form; a browser that insists only hides it", async () => {
  const { context, page, button, frame, dialog } = await host(ONE);
  await button.click();
  await heard(frame, 2);
  await frame.getByLabel("text").fill("kept");
  await dialog.evaluate((dialog) => dialog.dispatchEvent(new Event("cancel", { cancelable: true })));
  assert.deepEqual((await heard(frame, 3))[2], { port: { recourse: "close-requested" } });
  assert.equal(await dialog.isVisible(), true);
  await dialog.evaluate((dialog) => /** @type {HTMLDialogElement} */ (dialog).close());
  assert.deepEqual((await heard(frame, 4))[3], { port: { recourse: "hidden" } });
  await button.click();
  assert.deepEqual((await heard(frame, 5))[4], { port: { recourse: "shown" } });
  assert.equal(await frame.getByLabel("text").inputValue(), "kept");
  await context.close();
});

test("heights come in three steps and nothing else", async () => {
  const { context, page, button, frame, dialog } = await host(ONE);
  await button.click();
  await heard(frame, 2);
  const height = async () => Math.round((await dialog.boundingBox())?.height ?? 0);
  assert.equal(await height(), 800);
  for (const [step, expected] of [[1, 480], [3, 800], [2, 640]]) {
    await say(frame, { recourse: "height", step });
    await page.waitForFunction((expected) => document.querySelector("[data-recourse]")?.shadowRoot?.querySelector("dialog")?.clientHeight === expected - 2, expected);
    assert.equal(await height(), expected);
  }
  for (const step of [0, 4, 700, "1;x", null, {}, "3"]) await say(frame, { recourse: "height", step });
  await say(frame, { recourse: "ready" });
  await page.waitForFunction(() => /** @type {any} */ (window).told.length === 1);
  assert.equal(await height(), 640);
  assert.equal(Math.round((await dialog.boundingBox())?.width ?? 0), 560);
  await page.setViewportSize({ width: 639, height: 700 });
  assert.deepEqual(await dialog.boundingBox(), { x: 0, y: 0, width: 639, height: 700 });
  await context.close();
});

test("many buttons share one frame, and the one that is pressed says what it is about", async () => {
  const { context, page, asked, frame } = await host([1, 2, 3].map((n) => `<report-concern channel="demo" root-key="KEY" subject-id="m-${n}"></report-concern>`).join(""));
  for (const n of [0, 1, 2]) await page.locator("report-concern").nth(n).hover();
  await page.locator("report-concern").nth(1).getByRole("button").click();
  assert.deepEqual((await heard(frame, 1))[0].data.subject, { type: null, id: "m-2", label: null });
  assert.deepEqual(asked, ["/widget/report-concern.js", "/embed/demo"]);
  assert.equal(page.frames().length, 2);
  await context.close();
});

test("another channel's button takes over an untouched frame, and leaves alone one that was opened", async () => {
  const { context, page, asked, frame, dialog } = await host(["demo", "other"].map((channel) => `<report-concern channel="${channel}" root-key="KEY"></report-concern>`).join(""));
  await page.locator("report-concern").nth(0).hover();
  await page.locator("report-concern").nth(1).hover();
  await page.locator('[data-recourse] iframe[src$="/embed/other"]').waitFor({ state: "attached" });
  await page.locator("report-concern").nth(1).getByRole("button").click();
  await heard(frame, 2);
  await frame.getByLabel("text").fill("kept");
  await dialog.evaluate((dialog) => /** @type {HTMLDialogElement} */ (dialog).close());
  await heard(frame, 3);
  await page.locator("report-concern").nth(0).hover();
  assert.equal(await frame.getByLabel("text").inputValue(), "kept");
  assert.deepEqual(asked.slice(1), ["/embed/demo", "/embed/other"]);
  await context.close();
});

test("a host that redraws its list does not take the open form away", async () => {
  const { context, page, button, frame } = await host(ONE);
  await button.click();
  await heard(frame, 2);
  await frame.getByLabel("text").fill("kept");
  await page.evaluate(() => document.body.replaceChildren(document.createElement("report-concern")));
  assert.equal(await frame.getByLabel("text").inputValue(), "kept");
  await say(frame, { recourse: "close" });
  await gone(page);
  await context.close();
});

test("a policy without our frame, a refusing intake and an opaque host leave a link", async () => {
  const link = async (/** @type {import("playwright-core").Page | import("playwright-core").Frame} */ page) => {
    const link = page.locator("report-concern > a");
    await link.waitFor();
    assert.deepEqual(
      await link.evaluate((a) => [a.textContent, a.getAttribute("href"), a.getAttribute("target"), a.getAttribute("rel")]),
      ["Report a concern", `${INTAKE}/r/demo`, "_blank", "noopener noreferrer"],
    );
  };

  const barred = await host(ONE, { policy: POLICY.replace(/frame-src [^;]*;/, "") });
  await barred.button.hover();
  await link(barred.page);
  assert.deepEqual(await told(barred.page), ["recourse:error"]);
  assert.equal(await barred.page.locator("[data-recourse]").count(), 0);
  await barred.context.close();

  const refusing = await host(ONE, { frame: { headers: { "content-security-policy": "frame-ancestors 'none'" } } });
  await refusing.button.hover();
  await link(refusing.page);
  await refusing.context.close();

  const opaque = await host(ONE, { policy: `${POLICY}; sandbox allow-scripts` });
  await link(opaque.page);
  await opaque.page.locator("report-concern > a").hover();
  assert.deepEqual(opaque.asked, ["/widget/report-concern.js"]);
  await opaque.context.close();
});

test("a silent frame that was opened shows a way out", async () => {
  const { context, page, button, dialog } = await host(ONE, { frame: { body: "<!doctype html><p>an error page" } });
  await button.click();
  const way = dialog.getByRole("link", { name: "Report a concern" });
  await way.waitFor();
  assert.equal(await way.getAttribute("href"), `${INTAKE}/r/demo`);
  // Once it is certain that nothing comes, the button becomes a link too.
  await page.locator("[data-recourse] dialog.failed").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await gone(page);
  await page.locator("report-concern > a").waitFor();
  await context.close();
});

test("the provider's own link is the button, and still a link without the script", async () => {
  const body = `<report-concern channel="demo" root-key="KEY" placement="own"><a href="${INTAKE}/r/demo" target="_blank" rel="noopener noreferrer">Misuse?</a></report-concern>`;
  const { context, page, dialog } = await host(body);
  await page.getByRole("link", { name: "Misuse?" }).click();
  await dialog.waitFor();
  assert.equal(context.pages().length, 1);
  await context.close();

  const bare = await host(body, { policy: "default-src 'none'" });
  await bare.page.getByRole("link", { name: "Misuse?" }).waitFor();
  await bare.context.close();
});

test("the host's style does not reach the dialog, and its part can be styled", async () => {
  const { context, dialog, button } = await host(ONE);
  await button.click();
  assert.equal(await dialog.evaluate((dialog) => getComputedStyle(dialog).fontSize), "16px");
  assert.equal(await button.getAttribute("part"), "button");
  await context.close();
});
