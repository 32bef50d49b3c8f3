// The purposes beside the two doors: a legal notice, an appeal, a record; a group's codes; and what is found in texts.

import assert from "node:assert/strict";
import { join } from "node:path";
import test, { after, before } from "node:test";

import { accessible } from "../lib/axe.mjs";
import { launch, open } from "../lib/browser.mjs";
import { demo, scratch } from "../lib/demo.mjs";
import { Console, FollowUp, Form } from "../lib/journey.mjs";
import { openRecord } from "../lib/record.mjs";
import { mark } from "../lib/stories.mjs";

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

/** @param {(form: Form, page: import("playwright-core").Page) => Promise<unknown>} tell */
async function hosted(tell) {
  const { context, page, faults } = await open(browser);
  await page.goto(running.addresses.hosted_page);
  const form = new Form(page, page);
  await form.at("start");
  await tell(form, page);
  assert.deepEqual(faults, []);
  await context.close();
}

/** @param {Form} form @param {string[]} steps */
async function through(form, steps) {
  for (const step of steps) {
    await form.get("next").click();
    await form.at(step);
  }
}

test("a legal notice asks for places, reasons and good faith", async () => {
  await hosted(async (form, page) => {
    const words = mark("stolen");
    await form.get("door-notice").click();
    await form.at("who");
    assert.match(await form.get("notice-anonymous").innerText(), /e-mail/);
    await accessible("notice, who", page);
    await through(form, ["what", "what-happened"]);
    await form.get("next").click();
    await form.get("error-summary").waitFor();
    const links = await form.get("error-summary").getByRole("link").count();
    assert.equal(links, 3, "place, reasons, good faith");
    await accessible("notice, faults", page);
    await form.get("url").fill("https://one.example/a\nhttps://two.example/b");
    await form.get("text-what-happened").fill(`A shop, ${words}.`);
    await form.get("text-reasons").fill(`It sells stolen cards, ${words}.`);
    await form.get("good-faith").check();
    await through(form, ["evidence", "check"]);
    assert.match(await form.get("check-notice").innerText(), new RegExp(words));
    await form.get("law-says").locator("summary").click();
    assert.match(await form.get("law").innerText(), /Digital Services Act/);
    await accessible("notice, check", page);
    await form.send();
    const desk = await Console.signIn(page, running.addresses);
    await desk.open(words);
  });
});

test("a notice of child abuse material asks for no name and takes no picture", async () => {
  await hosted(async (form, page) => {
    await form.get("door-notice").click();
    await form.at("who");
    await form.get("identity-named").check();
    await form.get("contact-name").fill("Sam");
    await form.get("notice-child").check();
    await form.get("no-name").waitFor();
    assert.equal(await form.get("contact-name").count(), 0);
    await accessible("notice of child abuse material", page);
    await form.get("step-evidence").click();
    await form.get("evidence-refused").waitFor();
    assert.equal(await form.get("picture-input").count(), 0);
  });
});

test("an appeal goes to other readers", async () => {
  await hosted(async (form, page) => {
    await form.get("door-appeal").click();
    await form.at("who");
    await through(form, ["what", "what-happened"]);
    await form.get("decision").fill("The decision of May");
    await accessible("appeal", page);
    await through(form, ["evidence", "check"]);
    assert.match(await form.get("check-readers").innerText(), /Independent/);
    await form.send();
  });
});

test("a record is kept on the device, and opens with its code and nothing else", async () => {
  await hosted(async (form, page) => {
    const words = mark("remember");
    /** @type {string[]} */
    const posted = [];
    page.on("request", (request) => {
      if (request.method() !== "GET") posted.push(request.url());
    });
    await form.get("door-record").click();
    await form.at("who");
    await form.get("record-nobody").waitFor();
    await through(form, ["what", "what-happened"]);
    await form.get("text-what-happened").fill(`For later: ${words}.`);
    await through(form, ["evidence"]);
    await form.get("file-input").setInputFiles({ name: "list.txt", mimeType: "text/plain", buffer: Buffer.from(`names ${words}`) });
    await form.cleaned(1);
    await through(form, ["check"]);
    await accessible("record, check", page);
    await form.get("send").click();
    await form.get("record-code").waitFor();
    await accessible("record, done", page);
    const code = (await form.get("record-code").innerText()).replace(/\s+/g, "");
    const saved = page.waitForEvent("download");
    await form.get("record-save").click();
    const file = join(await scratch(), "notes.age");
    await (await saved).saveAs(file);
    assert.equal((await saved).suggestedFilename(), "notes.age");
    assert.deepEqual(posted, [], "nothing was sent");
    const opened = await openRecord(file, code);
    assert.match(opened, new RegExp(words));
    await assert.rejects(openRecord(file, code.replace(/^..../, "0000")));
    // It is no code for reading answers.
    const followUp = await FollowUp.open(page, running.addresses);
    await followUp.get("receipt-input").fill(code);
    await form.get("done").count();
  });
});

test("a group gets a code for each, and no code opens another's case", async () => {
  await hosted(async (form, page) => {
    const words = mark("together");
    await form.get("door-remedy").click();
    await form.at("who");
    await through(form, ["what", "what-happened"]);
    await form.get("text-what-happened").fill(`All of us, ${words}.`);
    await through(form, ["putting-right"]);
    await form.get("speaks-others").check();
    await form.get("represented-how-many").fill("3");
    await form.get("receipts").fill("3");
    await accessible("group", page);
    await through(form, ["evidence", "check"]);
    assert.match(await form.get("server-sees").innerText(), /3 reports/);
    const first = await form.send();
    const codes = [first];
    for (const at of [2, 3]) codes.push((await form.get(`group-code-${at}`).innerText()).trim());
    assert.equal(new Set(codes).size, 3);
    await accessible("group, sent", page);
    for (const code of codes) {
      const followUp = await FollowUp.open(page, running.addresses);
      await followUp.enter(code);
    }
  });
});

test("from one door to the other and back nothing is lost", async () => {
  await hosted(async (form) => {
    await form.get("door-remedy").click();
    await form.at("who");
    await through(form, ["what", "what-happened"]);
    await form.get("text-what-happened").fill("They rang at night.");
    await through(form, ["putting-right"]);
    assert.match(await form.get("step-count").innerText(), /4 of 7/);
    await form.get("text-harm").fill("I lost shifts.");
    await form.get("only-report").click();
    await form.at("what-happened");
    assert.equal(await form.get("also-remedy-no").isChecked(), true);
    await form.root.locator("#also-remedy:focus").waitFor();
    await form.get("also-remedy-yes").check();
    await through(form, ["putting-right"]);
    assert.equal(await form.get("text-harm").inputValue(), "I lost shifts.");
    // Each part is changed on its own screen, and Continue leads back to the check.
    await through(form, ["evidence", "check"]);
    for (const [part, screen] of [["text", "what-happened"], ["remedy", "putting-right"]]) {
      await form.get(`change-${part}`).click();
      await form.at(screen);
      await through(form, ["check"]);
    }
    // What is asked for while something is changed is asked first.
    await form.get("change-text").click();
    await form.get("also-remedy-no").check();
    await through(form, ["check"]);
    assert.equal(await form.get("check-remedy").count(), 0);
    await form.get("change-text").click();
    await form.get("also-remedy-yes").check();
    await through(form, ["putting-right", "check"]);
    assert.match(await form.get("check-remedy").innerText(), /I lost shifts/);
  });
});

test("what could point to somebody is covered or kept, one by one", async () => {
  await hosted(async (form, page) => {
    await form.get("door-misuse").click();
    await form.at("who");
    await through(form, ["what", "what-happened"]);
    const text = form.get("text-what-happened");
    await text.fill("Write to mara@example.org or call +49 30 901820, says Maria Ortega.");
    await form.get("own-words").locator("summary").click();
    await form.get("own-name").fill("Maria Ortega");
    await form.get("privacy-spot-2").waitFor();
    await accessible("findings", page);
    assert.match(await form.get("live").innerText(), /3 things/);
    await form.get("privacy-cover-0").click();
    assert.match(await text.inputValue(), /^Write to \[e-mail\] or call/);
    await form.get("privacy-text-what-happened-undo").click();
    assert.match(await text.inputValue(), /mara@example\.org/);
    await form.get("privacy-keep-0").click();
    await form.get("privacy-text-what-happened-all").click();
    assert.equal(await text.inputValue(), "Write to mara@example.org or call [phone], says [name].");
    await through(form, ["evidence", "check"]);
    assert.doesNotMatch(await form.root.locator("main").innerText(), /Ortega/);
  });
});
