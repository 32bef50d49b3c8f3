// `npm run screenshots -- FOLDER`: every screen in light, dark, at 320 px and in forced colours, as PNG. Look at them all.

import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";

import { launch, open } from "./lib/browser.mjs";
import { ROOT, startDemo } from "./lib/demo.mjs";
import { Console, FollowUp, Form } from "./lib/journey.mjs";
import { misuse, remedy } from "./lib/stories.mjs";

const folder = resolve(process.argv[2] ?? join(ROOT, "target/screenshots"));

/** @type {Record<string, import("playwright-core").BrowserContextOptions>} */
const VARIANTS = {
  light: {},
  dark: { colorScheme: "dark" },
  "320px": { viewport: { width: 320, height: 640 } },
  "forced-colours": { forcedColors: "active" },
};

const running = await startDemo();
const browser = await launch();
try {
  for (const [variant, options] of Object.entries(VARIANTS)) await walk(variant, options);
} finally {
  await browser.close();
  await running.stop();
}

/** @param {string} variant @param {import("playwright-core").BrowserContextOptions} options */
async function walk(variant, options) {
  const { addresses } = running;
  const into = join(folder, variant);
  await mkdir(into, { recursive: true });
  let count = 0;
  /** @param {string} where @param {boolean} [fullPage] @returns {import("./lib/journey.mjs").Look} */
  const shoot = (where, fullPage = true) => async (name, page) => {
    count += 1;
    const file = `${String(count).padStart(2, "0")}-${where}-${name}.png`;
    await page.screenshot({ path: join(into, file), fullPage });
  };
  const { context, page } = await open(browser, options);
  await page.goto(addresses.product);
  await page.locator("report-concern").first().getByRole("button").waitFor();
  await shoot("product")("page", page);

  // In the product, as far as one sees without scrolling.
  const story = misuse();
  const framed = await Form.onProduct(page, addresses);
  await framed.fill(story, shoot("widget", false));
  const receipt = await framed.send(shoot("widget", false));
  await framed.done(receipt);

  // On its own page, whole.
  await page.goto(addresses.hosted_page);
  const alone = new Form(page, page);
  await alone.fill(remedy(), shoot("hosted"));
  await alone.get("quick-exit").focus();
  await shoot("hosted")("focus", page);
  await alone.get("close").or(alone.get("back")).first().focus();
  await alone.send(shoot("hosted"));

  const look = shoot("console");
  const desk = await Console.signIn(page, addresses, look);
  await desk.open(story.marks.text);
  await look("report", page);
  await desk.get("tab-evidence").click();
  await desk.get("evidence-open-1").click();
  await desk.get("evidence-uncover-1").click();
  await look("evidence", page);
  await desk.move("in_triage", "Somebody reads it now.", look);
  await desk.reply("Thank you. We stopped the campaign and look into it.", look);
  await desk.note("Second time this quarter.", look);
  await desk.get("tab-dialogue").click();
  await look("dialogue", page);
  await desk.get("tab-log").click();
  await look("log", page);

  const followUp = await FollowUp.open(page, addresses);
  await shoot("follow-up")("code", page);
  await followUp.enter(receipt);
  await shoot("follow-up")("case", page);
  await context.close();
  console.log(`${variant}: ${count} pictures in ${into}`);
}
