// `npm run screenshots:extension -- FOLDER`: every screen of the extension's panel in light, dark, from right to left, narrow and with the focus seen; and the pictures that a store
// wants, 1280×800, of panel and page side by side.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { launch } from "./lib/browser.mjs";
import { startDemo } from "./lib/demo.mjs";
import { hostilePages } from "./lib/hostile.mjs";
import { launchOurs, PanelPage } from "./lib/panel.mjs";

const folder = process.argv[2] ?? "screenshots";
await mkdir(folder, { recursive: true });
const demo = await startDemo();
const pages = await hostilePages();

/** @type {{ name: string, locale: string, scheme: "light" | "dark", width: number }[]} */
const LOOKS = [
  { name: "light", locale: "en-GB", scheme: "light", width: 400 },
  { name: "dark", locale: "en-GB", scheme: "dark", width: 400 },
  { name: "arabic", locale: "ar", scheme: "light", width: 400 },
  { name: "narrow", locale: "de-DE", scheme: "light", width: 320 },
];
/** @type {Buffer[]} */
const forStore = [];
/** @type {Buffer | undefined} */
let pageShot;
for (const { name, locale, scheme, width } of LOOKS) {
  const extension = await launchOurs({ locale });
  const panel = await PanelPage.open(extension);
  await panel.page.emulateMedia({ colorScheme: scheme });
  await panel.page.setViewportSize({ width, height: 800 });
  const page = await extension.context.newPage();
  await page.goto(`${pages.page("account")}?id=7&user=jane`);
  await page.evaluate(() => getSelection()?.selectAllChildren(/** @type {Element} */ (document.querySelector("p, h1, td"))));
  let number = 0;
  const shot = async (/** @type {string} */ screen) => {
    number += 1;
    // A head that stays would stand in the middle of a long picture.
    await panel.page.evaluate(() => scrollTo(0, 0));
    const path = join(folder, `${name}-${number}-${screen}.png`);
    await panel.page.screenshot({ path, fullPage: true });
    if (name === "light" && (screen === "picture" || screen === "found")) forStore.push(await panel.page.screenshot());
  };
  await shot("idle");
  await panel.press(page);
  await panel.at("picture");
  await panel.get("covered").locator("summary").click();
  await shot("picture");
  await panel.get("part").click();
  await panel.page.keyboard.press("ArrowDown");
  await shot("pointing");
  await panel.get("region").click();
  await panel.page.getByTestId("editor-view").focus();
  await panel.page.keyboard.press("Enter");
  await shot("region");
  await panel.page.locator("[data-do=done]").click();
  await panel.get("part-on").waitFor();
  await panel.get("part-off").click();
  pageShot ??= await page.screenshot();
  await panel.get("next").click();
  await panel.at("page");
  await panel.get("parameters").locator("summary").click();
  await shot("page");
  await panel.get("next").click();
  await panel.at("whom");
  await shot("whom");
  await panel.page.getByRole("radio").last().check();
  await panel.page.locator("#link").fill(demo.addresses.hosted_page);
  await panel.get("look").click();
  await panel.get("goes-to").waitFor();
  await panel.get("send").focus();
  await shot("found");
  await panel.get("send").click();
  await panel.form.at("start");
  await shot("form");
  await panel.form.get("door-misuse").click();
  await panel.form.at("who");
  await panel.form.get("step-what-happened").click();
  await panel.form.at("what-happened");
  await panel.form.get("drafts").locator("summary").click();
  await panel.page.keyboard.press("Tab");
  await shot("draft");
  await panel.closeSide();
  await panel.press(page);
  await panel.at("again");
  await shot("again");
  await panel.get("delete").click();
  await panel.at("picture");
  await panel.get("stop").click();
  await panel.at("idle");
  // As the form keeps one: only what is shown of it matters here.
  await panel.page.evaluate(
    (domain) =>
      new Promise((done) => {
        const opening = indexedDB.open("waiting", 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore("waiting", { keyPath: "id", autoIncrement: true });
        opening.onsuccess = () => {
          const transaction = opening.result.transaction("waiting", "readwrite");
          transaction.objectStore("waiting").add({ day: Date.now() / 1000, until: Date.now() / 1000 + 86_400, to: { domain } });
          opening.result.close();
          transaction.oncomplete = done;
        };
      }),
    new URL(demo.addresses.intake).host,
  );
  await panel.page.reload();
  await panel.get("waits-open").focus();
  await shot("waits");
  await extension.close();
}

// Side by side, as the browser shows them.
const browser = await launch();
const sheet = await browser.newPage({ viewport: { width: 1280, height: 800 } });
for (const [at, panel] of forStore.entries()) {
  const image = (/** @type {Buffer | undefined} */ bytes) => `data:image/png;base64,${bytes?.toString("base64")}`;
  await sheet.setContent(
    `<style>*{margin:0}body{display:flex;block-size:800px;overflow:hidden;background:#fff}div{inline-size:880px;block-size:800px;overflow:hidden}img{display:block}div img{inline-size:1000px}body>img{inline-size:400px;block-size:800px;object-fit:cover;object-position:top;border-inline-start:1px solid #ccc}</style><div><img src="${image(pageShot)}"></div><img src="${image(panel)}">`,
  );
  await sheet.screenshot({ path: join(folder, `store-${at + 1}.png`) });
}
await browser.close();
await pages.stop();
await demo.stop();
