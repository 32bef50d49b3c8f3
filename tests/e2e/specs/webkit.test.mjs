// The hosted page and the follow-up page in WebKit, where the system has its driver: the walks are those of Chromium and Firefox.

import assert from "node:assert/strict";
import test, { after, before } from "node:test";

import { launch, open } from "../lib/browser.mjs";
import { demo } from "../lib/demo.mjs";
import { Console, FollowUp, Form } from "../lib/journey.mjs";
import { misuse } from "../lib/stories.mjs";
import { findWebKit, launchWebKit } from "../lib/webkit.mjs";

/** @type {Awaited<ReturnType<typeof demo>>} */
let running;
before(async () => {
  running = await demo();
});
after(() => running?.stop());

test("the hosted page in WebKit, with files, to the answer", async (t) => {
  const found = await findWebKit();
  if (!found) {
    t.diagnostic("WebKit is not there (Debian: webkit2gtk-driver and xvfb): nothing was tried");
    return;
  }
  const { addresses } = running;
  const story = misuse();
  const webkit = await launchWebKit(found);
  const browser = await launch();
  try {
    const page = /** @type {import("playwright-core").Page} */ (/** @type {unknown} */ (webkit.page));
    await page.goto(addresses.hosted_page);
    const form = new Form(page, page);
    await form.fill(story);
    assert.match(await form.get("check-text").innerText(), new RegExp(story.marks.text));
    const receipt = await form.send();
    await form.done(receipt);

    // Read and answered elsewhere: nobody but the reporter chooses the reporter's browser.
    const reviewer = await open(browser);
    const desk = await Console.signIn(reviewer.page, addresses);
    await desk.open(story.marks.text);
    assert.equal(await desk.get("findings").count(), 0);
    await desk.move("in_triage", "Somebody reads it now.");
    await reviewer.context.close();

    const followUp = await FollowUp.open(page, addresses);
    await followUp.enter(receipt);
    assert.equal(await followUp.get("case-state").getAttribute("data-state"), "in_triage");
    assert.equal(await followUp.get("tampered").count(), 0);
    await followUp.write("They now use another number.");
  } finally {
    await browser.close();
    await webkit.stop();
  }
});
