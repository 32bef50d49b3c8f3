import { launch, open } from "./lib/browser.mjs";
import { readFileSync } from "node:fs";
const a = JSON.parse(readFileSync("/tmp/e2e/out.json","utf8"));
const b = await launch(); const { context, page, faults } = await open(b);
page.on("console", m=>console.log("C", m.text()));
page.on("response", r=>console.log(r.status(), r.url().slice(0,120)));
await page.goto(a.product); await page.locator("report-concern[data-test=message-2]").getByRole("button").click(); await page.waitForTimeout(4000);
console.log((await page.frameLocator("[data-recourse] iframe").locator("#app").innerHTML()).slice(500,1500)); console.log(faults);
await b.close();
