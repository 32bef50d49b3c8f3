// The follow-up page: each act of a reporter, done on the page and seen verified in the console; what happens when somebody else is faster;
// the code in a link; late and expired; the keyboard alone; 320 px and right to left. axe on each screen.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test, { after, before } from "node:test";

import { accessible } from "../lib/axe.mjs";
import { launch, open } from "../lib/browser.mjs";
import { demo } from "../lib/demo.mjs";
import { Console, FollowUp, Form, chapters } from "../lib/journey.mjs";
import { HEIGHT, WIDTH, png } from "../lib/picture.mjs";
import { mark, remedy } from "../lib/stories.mjs";

/** @typedef {import("playwright-core").Page} Page */

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

/** Files a report on its own page. @param {Page} page */
async function file(page) {
  const story = remedy();
  await page.goto(running.addresses.hosted_page);
  const form = new Form(page, page);
  await form.fill(story);
  return { story, receipt: await form.send() };
}

/** Waits for a state. @param {FollowUp} followUp @param {string} state */
const reaches = (followUp, state) => followUp.page.locator(`[data-testid="case-state"][data-state="${state}"]`).waitFor();

/** Reads anew until the case is in that state. @param {FollowUp} followUp @param {string} state */
async function reload(followUp, state) {
  await followUp.get("reload").click();
  await reaches(followUp, state);
}

/** The reporter's last line in the timeline. @param {FollowUp} followUp @param {string} act */
const did = (followUp, act) => followUp.page.locator(`[data-testid="timeline-entry"][data-act="${act}"]`).last().waitFor();

/** Ticks what a step names. @param {string[]} names @returns {import("../lib/journey.mjs").Look} */
const ticking = (names) => async (name, page) => {
  for (const box of names) await page.getByTestId(box).check();
  await accessible(name, page);
};

test("every act is signed on the page and seen in the console", async (t) => {
  const chapter = chapters(t);
  const { addresses } = running;
  const reporter = await open(browser, { acceptDownloads: true });
  const reviewer = await open(browser);
  const { story, receipt } = await file(reporter.page);
  const page = await reporter.context.newPage();
  const followUp = new FollowUp(page);
  const desk = await Console.signIn(reviewer.page, addresses);
  await desk.open(story.marks.text);
  /** Reads the case anew; an ended one stands in another list. @param {"open" | "closed"} [list] */
  const again = async (list = "open") => {
    await desk.get(`search-${list}`).click();
    await desk.get("queue-reload").click();
    await desk.open(story.marks.text);
    await desk.get("tab-dialogue").click();
  };
  /** The last thing said that has these words, with the mark that its signature holds. @param {string | RegExp} words */
  const sees = async (words) => {
    const said = desk.get("message").filter({ hasText: words }).last();
    await said.waitFor();
    assert.equal(await said.getAttribute("data-from"), "reporter");
    await said.getByTestId("signed").waitFor();
    assert.equal(await desk.get("findings").count(), 0);
  };

  await chapter("a link opens the case and leaves no code in the address", async () => {
    await page.goto(`${addresses.follow_up}#${receipt}`);
    await followUp.get("case").waitFor();
    assert.equal(page.url(), addresses.follow_up);
    assert.equal(await page.evaluate(() => history.length), 2, "the first empty page and this one");
    assert.ok(!(await page.content()).includes(receipt));
    // Followed on the same page, too: nothing is loaded anew, and it is wiped again.
    await followUp.get("close").click();
    await followUp.get("receipt-input").waitFor();
    assert.equal(await followUp.get("receipt-input").inputValue(), "");
    await page.evaluate((code) => location.assign(`#${code}`), receipt);
    await followUp.get("case").waitFor();
    assert.equal(page.url(), addresses.follow_up);
    await accessible("follow-up, fresh", page);
  });

  const letter = mark("letter");
  await chapter("more evidence, several files, each with words", async () => {
    await followUp.get("more-open").click();
    await accessible("follow-up, no files yet", page);
    await followUp.get("file-input").setInputFiles([
      { name: "letter.txt", mimeType: "text/plain", buffer: Buffer.from(letter.repeat(5000)) },
      { name: "nothing.txt", mimeType: "text/plain", buffer: Buffer.alloc(0) },
      { name: "screen.png", mimeType: "image/png", buffer: png(9, mark("pixel")) },
    ]);
    assert.match(await followUp.get("evidence-problem").innerText(), /nothing\.txt is empty/);
    assert.equal(await page.locator('[data-testid^="evidence-card-"]').count(), 2);
    for (const number of [1, 3]) await followUp.cleaned(number);
    await followUp.get("evidence-description-1").fill(`The letter, ${letter}`);
    await accessible("follow-up, files", page);
    assert.equal(await followUp.get("more-send").getAttribute("aria-disabled"), "true", "the question about the picture is open");
    await followUp.get("under-18-no").check();
    await followUp.get("more-text").fill(`It came today, ${letter}.`);
    await followUp.get("more-send").click();
    await followUp.get("more-done").waitFor();
    await did(followUp, "evidence_added");
    assert.ok(!(await page.locator("body").innerText()).includes(letter), "nothing is shown again");
    await accessible("follow-up, files sent", page);

    await again();
    await sees(letter);
    await desk.get("tab-evidence").click();
    assert.equal(await desk.page.locator('[data-testid="evidence"][data-later="true"]').count(), 2);
    await desk.get("evidence-open-2").click();
    const frame = desk.get("evidence-frame-2");
    await frame.waitFor();
    const picture = frame.contentFrame().getByTestId("evidence-picture").and(frame.contentFrame().locator("[data-drawn]"));
    await picture.waitFor();
    assert.deepEqual(await picture.evaluate((canvas) => [/** @type {HTMLCanvasElement} */ (canvas).width, /** @type {HTMLCanvasElement} */ (canvas).height]), [WIDTH, HEIGHT]);
    assert.equal(await desk.get("evidence-hash-2").getAttribute("data-verified"), "true");
    await accessible("console, added evidence", desk.page);
  });

  const reasons = "We deleted what they kept, and told them why. You did nothing wrong.";
  await chapter("a decision with reasons, rights and remedies", async () => {
    await desk.move("in_triage", "Somebody reads it now.");
    await desk.move("in_review", "We ask those who sent it.");
    await desk.move("decided", reasons, ticking(["right-udhr_12", "remedy-delete_or_correct_my_data", "remedy-apology", "remedy-compensation_financial"]));
    await reload(followUp, "decided");
    assert.equal((await followUp.get("decision-reasons").innerText()).trim(), reasons);
    assert.match(await followUp.get("decision-rights").innerText(), /privacy/i);
    assert.equal(await followUp.get("decision-remedies").locator("li").count(), 3);
    assert.equal(await followUp.get("contest-until").getAttribute("data-over"), "false");
    await accessible("follow-up, decided", page);
  });

  await chapter("accepted", async () => {
    await followUp.get("accept-open").click();
    await accessible("follow-up, accept", page);
    await followUp.get("accept-cancel").click();
    await followUp.get("accept-open").click();
    await followUp.get("accept-confirm").click();
    await followUp.get("accept-done").waitFor();
    await followUp.get("accepted").waitFor();
    assert.equal(await followUp.get("accept-open").count(), 0);
    assert.equal(await followUp.get("contest-open").count(), 1, "nothing is waived");
    await again();
    await sees(/accepts the decision/);
  });

  await chapter("remedies: wanted or not", async () => {
    await followUp.get("offer-delete_or_correct_my_data-yes").check();
    await followUp.get("offer-apology-yes").check();
    await followUp.get("offer-compensation_financial-no").check();
    await accessible("follow-up, remedies", page);
    await followUp.get("offer-send").click();
    await followUp.get("offer-answered").waitFor();
    await accessible("follow-up, remedies answered", page);
    await again();
    await sees(/accepted by the reporter/);
    const state = (/** @type {string} */ name) => desk.page.locator(`[data-testid="remedy"][data-remedy="${name}"]`).getAttribute("data-state");
    assert.deepEqual([await state("apology"), await state("compensation_financial")], ["accepted", "declined"]);
    await accessible("console, remedies", desk.page);
  });

  await chapter("remedies: done or not yet", async () => {
    await desk.move("remedy_in_progress", "We begin.");
    await desk.move("remedied", "It is done.", async (name, page) => {
      assert.equal(await page.getByTestId("remedy-apology").isChecked(), true);
      assert.equal(await page.getByTestId("remedy-compensation_financial").isChecked(), false, "it was declined");
      await accessible(name, page);
    });
    await reload(followUp, "remedied");
    assert.equal(await page.locator('[data-testid^="delivered-compensation_financial"]').count(), 0);
    await followUp.get("delivered-delete_or_correct_my_data-yes").check();
    await followUp.get("delivered-apology-no").check();
    await followUp.get("delivered-text").fill("Nobody wrote to me.");
    await accessible("follow-up, was it done", page);
    await followUp.get("delivered-send").click();
    await followUp.get("delivered-answered").waitFor();
    await again();
    await sees("Nobody wrote to me.");
    const states = await desk.get("remedy").evaluateAll((all) => all.map((one) => one.getAttribute("data-state")));
    assert.deepEqual(states.sort(), ["declined", "not_done", "verified"]);
    assert.equal(await desk.page.locator('.button.primary[data-testid="transition-closed"]').count(), 0, "what was not done is not closed as a matter of course");
  });

  await chapter("feedback once it is over", async () => {
    await desk.move("closed", "We learnt to ask first.");
    await reload(followUp, "closed");
    await followUp.get("heard-partly").check();
    await followUp.get("fair-yes").check();
    await followUp.get("feedback-text").fill("Faster, please.");
    await accessible("follow-up, feedback", page);
    await followUp.get("feedback-send").click();
    await followUp.get("feedback-answered").waitFor();
    await again("closed");
    await sees("Faster, please.");
    await accessible("console, feedback", desk.page);
  });

  await chapter("contested, with reasons", async () => {
    await followUp.get("contest-open").click();
    await followUp.get("contest-text").fill("The apology never came.");
    await accessible("follow-up, contest", page);
    await followUp.get("contest-confirm").click();
    await reaches(followUp, "appealed");
    await followUp.get("appealed").waitFor();
    await accessible("follow-up, appealed", page);
    await again();
    await sees("The apology never came.");
    // Decided anew by somebody else alone: the server holds to that, and the demo has only one reader of this group.
    await desk.get("tab-log").click();
    const log = await desk.get("log-entry").evaluateAll((all) => all.map((one) => one.getAttribute("data-what")));
    for (const kind of ["evidence_added", "decision_accepted", "remedy_answered", "remedy_confirmed", "feedback", "contested"]) assert.ok(log.includes(kind), kind);
  });

  await chapter("saved on one's own device", async () => {
    await followUp.get("save-open").click();
    await accessible("follow-up, save", page);
    const [download] = await Promise.all([page.waitForEvent("download"), followUp.get("save-confirm").click()]);
    assert.equal(download.suggestedFilename(), "answers.txt");
    const text = await readFile(await download.path(), "utf8");
    for (const words of [reasons, "Privacy", "An apology"]) assert.ok(text.includes(words), `${words} in ${text}`);
    for (const secret of [receipt, letter, "Faster, please.", ...Object.values(story.marks)]) assert.ok(!text.includes(secret), `${secret} in ${text}`);
    await followUp.get("save-done").waitFor();
  });

  await chapter("withdrawn, after a question", async () => {
    await followUp.get("withdraw-open").click();
    await accessible("follow-up, withdraw", page);
    await followUp.get("withdraw-text").fill("I want my peace.");
    await followUp.get("withdraw-confirm").click();
    await reaches(followUp, "withdrawn");
    await again("closed");
    await sees("I want my peace.");
    await accessible("follow-up, withdrawn", page);
  });

  assert.deepEqual(reporter.faults, []);
  assert.deepEqual(reviewer.faults, []);
  await reporter.context.close();
  await reviewer.context.close();
});

test("somebody else was faster: signed anew and sent, unless it could mean something else", async () => {
  const { addresses } = running;
  const { context, page } = await open(browser);
  const { story, receipt } = await file(page);
  const followUp = await FollowUp.open(page, addresses);
  await followUp.enter(receipt);
  const reviewer = await open(browser);
  const desk = await Console.signIn(reviewer.page, addresses);
  await desk.open(story.marks.text);
  for (const state of ["in_triage", "in_review"]) await desk.move(state, "We look into it.");

  await followUp.write("I have more to tell.");
  await desk.get("case-row").click();
  await desk.has(5);
  // Of a note the reporter notices nothing at all.
  await desk.note("I know this one.");
  const before = await followUp.get("timeline-entry").count();
  await followUp.write("And this.");
  assert.equal(await followUp.get("timeline-entry").count(), before + 1);
  assert.equal(await followUp.get("write-error").count(), 0);

  await desk.get("case-row").click();
  await desk.has(7);
  await desk.move("decided", "We did what we could.");
  await reload(followUp, "decided");
  await followUp.get("contest-open").click();
  await followUp.get("contest-text").fill("Look again.");
  await desk.move("closed", "That is all.");
  await desk.move("in_triage", "We were wrong.");
  await desk.move("in_review", "We look again by ourselves.");
  await followUp.get("contest-confirm").click();
  await page.locator('[data-fault="case-changed"]').waitFor();
  await accessible("follow-up, something new", page);
  await reaches(followUp, "in_review");
  await context.close();
  await reviewer.context.close();
});

test("nothing typed is lost: closing asks, leaving does not", async () => {
  const { context, page } = await open(browser);
  const { receipt } = await file(page);
  const followUp = await FollowUp.open(page, running.addresses);
  await followUp.enter(receipt);
  await followUp.get("write-text").fill("Half a sent");
  await followUp.get("close").click();
  await followUp.get("close-confirm").waitFor();
  await accessible("follow-up, closing", page);
  await followUp.get("close-keep").click();
  assert.equal(await followUp.get("write-text").inputValue(), "Half a sent");
  // The browser's own way out asks, too.
  const asked = page.waitForEvent("dialog");
  page.evaluate(() => location.reload()).catch(() => {});
  const dialog = await asked;
  assert.equal(dialog.type(), "beforeunload");
  await dialog.dismiss();
  assert.equal(await followUp.get("write-text").inputValue(), "Half a sent");
  // Quick exit goes, whatever was typed.
  for (let n = 0; n < 3; n += 1) await page.keyboard.press("Shift");
  await page.waitForURL("about:blank");
  await context.close();
});

test("late, the end of the time to contest, and an expired channel", async () => {
  const { addresses } = running;
  const filed = await open(browser);
  const { story, receipt } = await file(filed.page);
  const reviewer = await open(browser);
  const desk = await Console.signIn(reviewer.page, addresses);
  await desk.open(story.marks.text);
  const day = 24 * 3600 * 1000;

  /** The page by another clock. @param {number} days @param {(followUp: FollowUp, page: Page) => Promise<void>} look */
  const by = async (days, look) => {
    const { context, page } = await open(browser);
    await page.clock.setFixedTime(Date.now() + days * day);
    await page.goto(addresses.follow_up);
    const followUp = new FollowUp(page);
    await followUp.get("receipt-input").fill(receipt);
    await followUp.get("receipt-open").click();
    await look(followUp, page);
    await context.close();
  };
  await by(10, async (followUp, page) => {
    await followUp.get("late").waitFor();
    assert.match(await followUp.get("late").innerText(), /not your doing/);
    assert.ok(await followUp.get("late-routes").getByRole("link").first().isVisible(), "other ways, without a click");
    await accessible("follow-up, late", page);
  });
  const limit = 89;
  for (const state of ["in_triage", "in_review", "decided"]) await desk.move(state, "We look into it.");
  await by(limit, async (followUp) => {
    await followUp.get("case").waitFor();
    assert.equal(await followUp.get("contest-open").count(), 1);
    assert.equal(await followUp.get("late").count(), 0, "decided is decided");
  });
  await by(1000, async (followUp, page) => {
    await page.locator('[data-testid="receipt-error"][data-fault="expired"]').waitFor();
    await accessible("follow-up, expired", page);
  });
  await filed.context.close();
  await reviewer.context.close();
});

test("with the keyboard alone, the focus seen at every stop", async () => {
  const { context, page } = await open(browser);
  const { receipt } = await file(page);
  await FollowUp.open(page, running.addresses);
  const followUp = new FollowUp(page);
  /** @param {string} name */
  const to = async (name) => {
    for (let n = 0; n < 60; n += 1) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(() => {
        const active = /** @type {HTMLElement | null} */ (document.activeElement);
        /** @type {Element | null} */
        let around = active;
        let seen = false;
        for (let depth = 0; around && depth < 3 && !seen; depth += 1, around = around.parentElement) {
          const style = getComputedStyle(around);
          seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        }
        return { name: active?.dataset.testid ?? active?.id ?? "", seen: seen || active === document.body };
      });
      assert.ok(at.seen, `the focus on ${at.name} is not seen`);
      if (at.name === name) return;
    }
    assert.fail(`${name} cannot be reached`);
  };
  const focused = () => page.evaluate(() => document.activeElement?.id);
  await to("receipt-input");
  await page.keyboard.type(receipt);
  await page.keyboard.press("Enter");
  await followUp.get("case").waitFor();
  assert.equal(await focused(), "case-title");
  await to("write-text");
  await page.keyboard.type("I write with keys.");
  await to("write-send");
  await page.keyboard.press("Enter");
  await followUp.get("write-sent").waitFor();
  assert.equal(await focused(), "done");
  await to("more-open");
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "asking-title");
  await to("file-input");
  await to("more-cancel");
  await page.keyboard.press("Space");
  await to("withdraw-open");
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "asking-title");
  await to("withdraw-text");
  await to("withdraw-confirm");
  await page.keyboard.press("Enter");
  await reaches(followUp, "withdrawn");
  await to("heard-yes");
  await page.keyboard.press("ArrowRight");
  assert.equal(await followUp.get("heard-partly").isChecked(), true);
  await context.close();
});

test("at 320 px, in both directions, nothing runs out of the screen", async () => {
  const { addresses } = running;
  const { context, page } = await open(browser, { viewport: { width: 320, height: 640 } });
  const { story, receipt } = await file(page);
  const reviewer = await open(browser);
  const desk = await Console.signIn(reviewer.page, addresses);
  await desk.open(story.marks.text);
  await desk.reply(`A long word: ${"Donaudampfschifffahrt".repeat(12)}`);
  for (const state of ["in_triage", "in_review"]) await desk.move(state, "We look into it.");
  await desk.move("decided", "Because.", ticking(["right-udhr_12", "remedy-guarantee_of_non_repetition", "remedy-apology"]));
  const followUp = await FollowUp.open(page, addresses);
  await followUp.enter(receipt);
  await followUp.get("more-open").click();
  await followUp.get("file-input").setInputFiles([{ name: `${"x".repeat(200)}.png`, mimeType: "image/png", buffer: png(3, mark("pixel")) }]);
  await followUp.cleaned(1);
  for (const dir of ["ltr", "rtl"]) {
    await page.evaluate((dir) => document.documentElement.setAttribute("dir", dir), dir);
    const wide = await page.evaluate(() => {
      const root = document.documentElement;
      const out = [...document.querySelectorAll("body *")].filter((element) => {
        const box = element.getBoundingClientRect();
        const hidden = element.closest(".visually-hidden");
        return !hidden && box.width > 0 && (box.right > root.clientWidth + 1 || box.left < -1);
      });
      return { scroll: root.scrollWidth - root.clientWidth, out: out.map((element) => `${element.localName}.${element.className}`) };
    });
    assert.deepEqual(wide, { scroll: 0, out: [] }, dir);
    await accessible(`follow-up, ${dir} at 320 px`, page);
  }
  await context.close();
  await reviewer.context.close();
});
