import { launch, open } from "/work/main/tests/e2e/lib/browser.mjs";
import { startDemo } from "/work/main/tests/e2e/lib/demo.mjs";
import { Form } from "/work/main/tests/e2e/lib/journey.mjs";
import { mkdirSync } from "node:fs";
mkdirSync("/tmp/shots-purposes",{recursive:true});
const running = await startDemo(); const browser = await launch();
const step = async (name, f) => { try { await Promise.race([f(), new Promise((_,r)=>setTimeout(()=>r(new Error("slow")),9000))]); } catch (e) { console.log("FAIL", name, String(e).slice(0,200)); } };
try {
 for (const [variant, options, rtl] of [["light",{viewport:{width:560,height:900}}],["small",{viewport:{width:320,height:640}}],["dark",{colorScheme:"dark",viewport:{width:560,height:900}}],["rtl",{viewport:{width:560,height:900}},true]]) {
  for (const door of ["notice","remedy","record","appeal"]) {
   if (variant!=="light" && door!=="notice" && door!=="remedy") continue;
   const { context, page, faults } = await open(browser, options);
   page.setDefaultTimeout(8000);
   await page.goto(running.addresses.hosted_page); const form = new Form(page, page); await form.at("start");
   const shot = async (n) => { if (rtl) await page.evaluate(()=>{document.documentElement.dir="rtl"}); await page.screenshot({path:`/tmp/shots-purposes/${variant}-${door}-${n}.png`, fullPage:true}); };
   await step(`${variant} ${door}`, async () => {
   await shot("1start");
   await form.get(`door-${door}`).click();
   await page.waitForTimeout(700);
   await shot("2who0");
   if (await form.get("interruption").count()) console.log("interruption");
   await form.get("person").locator("summary").click({timeout:3000});
   await form.get("relationship-non_user").check();
   await shot("2who");
   await form.get("next").click(); await form.at("what");
   await form.get("group-content_and_conduct").click(); await form.get("category-intimate_image_abuse").click();
   await form.get("also-categories").locator("summary").click();
   await shot("3what");
   await form.get("next").click(); await form.at("what-happened");
   });
   await step(`${variant} ${door} b`, async () => {
   await form.get("text-what-happened").fill("Write to mara@example.org or call +49 30 901820, says Maria Ortega.");
   await form.get("danger-yes").check(); await form.get("danger-help").getByTestId("help-country").selectOption("DE");
   for (const c of ["when","where"]) await form.get(`chip-${c}`).click();
   if (door==="remedy") { await form.get("speaks-others").check(); await form.get("receipts").fill("3"); }
   await shot("4happened");
   await form.get("step-check").click(); await form.at("check"); await shot("5check");
   if (door==="record"){ await form.get("send").click(); await form.get("record-code").waitFor(); await shot("6record"); }
   });
   if (faults.length) console.log(variant, door, faults);
   await context.close();
  }
 }
} finally { await browser.close(); await running.stop(); }
