// The npm package as somebody gets it: packed, installed into a project of its own, imported on a server, type-checked, bundled.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import jsQR from "jsqr";

import { launch, open } from "../lib/browser.mjs";
import { ROOT, scratch } from "../lib/demo.mjs";
import { HOST, INTAKE, POLICY, standIn } from "../lib/stand-in.mjs";

const FOLDER = join(ROOT, "widget/package");
const COMPILER = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
const OWN_POLICY = POLICY.replace("script-src", "script-src 'self'");

/** @type {import("playwright-core").Browser} */
let browser;
/** The project. @type {string} */
let project;
/** @type {{ filename: string, files: { path: string }[], unpackedSize: number }} */
let packed;

before(async () => {
  project = await scratch();
  browser = await launch();
  const npm = (/** @type {string[]} */ ...args) => execFileSync("npm", args, { cwd: project, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  [packed] = JSON.parse(npm("pack", FOLDER, "--json"));
  const { devDependencies } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
  await writeFile(join(project, "package.json"), JSON.stringify({ name: "product", private: true, type: "module" }));
  const others = ["react", "react-dom", "@types/react", "@types/react-dom"].map((name) => `${name}@${devDependencies[name]}`);
  npm("install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", `./${packed.filename}`, ...others);
});
after(async () => {
  await browser?.close();
  await rm(project, { recursive: true });
});

/** Runs a script of the project in node. @param {string} text */
const node = (text) => JSON.parse(execFileSync(process.execPath, ["--input-type=module", "--eval", text], { cwd: project, encoding: "utf8" }));

test("the version is the workspace's, and what is packed is what it needs and no more", async () => {
  const { version } = JSON.parse(await readFile(join(FOLDER, "package.json"), "utf8"));
  const workspace = /^\[workspace\.package\][^[]*?^version = "([^"]+)"/ms.exec(await readFile(join(ROOT, "Cargo.toml"), "utf8"));
  assert.equal(version, workspace?.[1]);
  assert.deepEqual(
    packed.files.map(({ path }) => path).sort(),
    ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "bin/qr.js", "index.d.ts", "index.js", "jsx.d.ts", "jsx.js", "package.json", "qr.d.ts", "qr.js", "react.d.ts", "react.js"],
  );
  for (const name of ["LICENSE-APACHE", "LICENSE-MIT"]) assert.deepEqual(await readFile(join(FOLDER, name)), await readFile(join(ROOT, name)));
});

test("on a server nothing happens: no global, no element, null", () => {
  const seen = node(`
    const before = Reflect.ownKeys(globalThis).length;
    const first = await import("@recourse/widget");
    const again = await import("@recourse/widget?again");
    await import("@recourse/widget/react"); await import("@recourse/widget/jsx"); await import("@recourse/widget/qr");
    for (const { open, close, configure } of [first, again]) { open("#a"); close(); configure({ theme: "dark" }); }
    console.log(JSON.stringify([Reflect.ownKeys(globalThis).length - before, await first.load({ intake: "${INTAKE}" }), await again.load({ intake: "${INTAKE}" }),
      first.hostedPage({ intake: "${INTAKE}", channel: "a b" })]));`.replace('"@recourse/widget?again"', '"./node_modules/@recourse/widget/index.js?again"'));
  assert.deepEqual(seen, [0, null, null, `${INTAKE}/r/a%20b`]);
});

const DRAWN = `
  import { createElement } from "react"; import { renderToString } from "react-dom/server"; import { ReportConcern } from "@recourse/widget/react";
  console.log(JSON.stringify(renderToString(createElement(ReportConcern, { intake: "${INTAKE}", channel: "demo", rootKey: "KEY", label: "Melden", subjectId: "m-1", id: "one", className: "quiet", context: { plan: "team" } }))));`;

test("the component draws the element and a link on a server", () => {
  assert.equal(
    node(DRAWN),
    `<report-concern id="one" class="quiet" channel="demo" root-key="KEY" label="Melden" subject-id="m-1"><a href="${INTAKE}/r/demo" target="_blank" rel="noopener noreferrer">Melden</a></report-concern>`,
  );
});

/** @param {string} name @param {string} text */
async function types(name, text) {
  await mkdir(join(project, name));
  await writeFile(join(project, name, "page.tsx"), text);
  const compilerOptions = { strict: true, noEmit: true, target: "ES2022", module: "ESNext", moduleResolution: "bundler", jsx: "react-jsx", lib: ["ES2022", "DOM"], types: [] };
  await writeFile(join(project, name, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["page.tsx"] }));
  const { stdout } = spawnSync(process.execPath, [COMPILER, "--project", join(project, name)], { encoding: "utf8" });
  return stdout.split("\n").filter((line) => line.includes("error TS"));
}

test("types hold for React 19 and JSX, and refuse what is wrong", async () => {
  const right = `
    import { configure, hostedPage, load, open, type ReportConcernElement } from "@recourse/widget";
    import type {} from "@recourse/widget/jsx";
    import { ReportConcern } from "@recourse/widget/react";
    import { qrCode } from "@recourse/widget/qr";
    import { createRef } from "react";
    const ref = createRef<ReportConcernElement>();
    export const page = <>
      <report-concern channel="demo" root-key="KEY" placement="corner" launcher="off" theme="system" subject-type="message" context={{ seats: 3 }} context-token="a.b.c" ref={ref} onrecourse:open={(event) => event.preventDefault()}><a href="/">x</a></report-concern>
      <ReportConcern intake="https://report.example" version="1.2.3" integrity="sha384-x" channel="demo" rootKey="KEY" launcher={false} theme="dark" ref={ref} className="c" onClose={() => ref.current?.focus()} />
    </>;
    export async function use() {
      const Element = await load({ intake: "https://report.example" });
      if (Element) new Element().configure({ label: "Report", context: { a: [1] } });
      document.querySelector("report-concern")?.open();
      document.querySelector("report-concern")?.addEventListener("recourse:close", (event) => event.type);
      window.recourse?.push(["open"], ["configure", "#a", { theme: "dark" }]);
      open("#a"); configure({ locale: "de" });
      return qrCode(hostedPage({ intake: "https://report.example", channel: "demo" })).length;
    }`;
  assert.deepEqual(await types("right", right), []);
  const wrong = `
    import { configure } from "@recourse/widget";
    import type {} from "@recourse/widget/jsx";
    import { ReportConcern } from "@recourse/widget/react";
    export const a = <report-concern channel="demo" root-key="KEY" placement="middle" />;
    export const b = <report-concern channel="demo" />;
    export const c = <ReportConcern channel="demo" rootKey="KEY" />;
    configure({ lable: "x" });
    window.recourse?.push(["delete"]);`;
  assert.deepEqual((await types("wrong", wrong)).map((line) => Number(/page\.tsx\((\d+)/.exec(line)?.[1])), [5, 6, 7, 8, 9]);
});

/** What a bundler makes of a few lines. @param {string} text */
async function bundle(text) {
  await writeFile(join(project, "entry.tsx"), text);
  const { outputFiles } = await build({
    entryPoints: [join(project, "entry.tsx")],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    external: text.includes("hydrate") ? [] : ["react"],
    logLevel: "error",
  });
  return outputFiles[0].text;
}

test("what is not used is not in the bundle", async () => {
  assert.equal((await bundle(`import "@recourse/widget"; import "@recourse/widget/qr"; import "@recourse/widget/jsx";`)).trim(), "");
  const page = await bundle(`import { hostedPage } from "@recourse/widget"; console.log(hostedPage({ intake: "https://a", channel: "b" }));`);
  assert.ok(!page.includes("modulepreload") && page.length < 200, page);
  const all = await bundle(`export * from "@recourse/widget"; export * from "@recourse/widget/react";`);
  assert.ok(all.includes("modulepreload") && all.length < 4000, `${all.length} bytes`);
});

/** The product in a browser, with what the test says of the source. @param {object} source */
async function product(source) {
  const script = await bundle(await readFile(fileURLToPath(new URL("../hosts/package.tsx", import.meta.url)), "utf8"));
  const { context, page, faults } = await open(browser);
  const asked = await standIn(context, { body: `<div id="root">${node(DRAWN)}</div>`, script, loader: false, policy: OWN_POLICY });
  await context.addInitScript((source) => {
    new MutationObserver((_, observer) => {
      if (!document.documentElement) return;
      document.documentElement.dataset.source = source;
      observer.disconnect();
    }).observe(document, { childList: true });
  }, JSON.stringify(source));
  await page.goto(`${HOST}/`);
  return { context, page, faults, asked, frame: page.frameLocator("[data-recourse] iframe") };
}

const told = (/** @type {import("playwright-core").Page} */ page) => page.evaluate(() => /** @type {any} */ (window).told);

for (const exact of [false, true]) {
  test(`in a browser it comes to life under a strict policy${exact ? ", checked against its hash" : ""}`, async () => {
    const loader = await readFile(join(ROOT, "widget/loader/report-concern.js"));
    const integrity = `sha384-${createHash("sha384").update(loader).digest("base64")}`;
    const { context, page, faults, asked, frame } = await product(exact ? { version: "1.2.3", integrity } : {});
    await page.getByRole("button", { name: "Melden: " }).or(page.getByRole("button", { name: "Melden" })).waitFor();
    assert.deepEqual(asked, [exact ? "/widget/1.2.3/report-concern.js" : "/widget/report-concern.js"], "once, though React mounts twice");
    await page.evaluate(() => /** @type {any} */ (window).open("#one"));
    await page.locator("[data-recourse] dialog.here").waitFor();
    const [{ data }] = await frame.locator("body").evaluate(async () => {
      while (/** @type {any} */ (window).heard.length < 2) await new Promise(requestAnimationFrame);
      return /** @type {any} */ (window).heard;
    });
    assert.deepEqual([data.subject.id, data.theme, data.context, data.root_key], ["m-1", "dark", { plan: "team" }, "KEY"]);
    for (const recourse of ["open", "leave"]) await frame.locator("body").evaluate((_, recourse) => /** @type {any} */ (window).port.postMessage({ recourse }), recourse).catch(() => {});
    await page.waitForFunction(() => /** @type {any} */ (window).told.length === 2);
    assert.deepEqual(await told(page), ["recourse:open", "recourse:close"]);
    assert.deepEqual(faults, []);
    await context.close();
  });
}

test("a script that is not what the hash says does not run; the link stays", async () => {
  const { context, page } = await product({ version: "1.2.3", integrity: `sha384-${createHash("sha384").update("another").digest("base64")}` });
  await page.waitForFunction(() => /** @type {any} */ (window).told.length > 0);
  assert.deepEqual([...new Set(await told(page))], ["recourse:error"]);
  assert.equal(await page.evaluate(() => customElements.get("report-concern") === undefined), true);
  assert.equal(await page.getByRole("link", { name: "Melden" }).getAttribute("href"), `${INTAKE}/r/demo`);
  await context.close();
});

test("a QR code says the address, made here or by the command", async () => {
  const address = "https://report.example/r/abuse";
  const svg = node(`import { qrCode } from "@recourse/widget/qr"; console.log(JSON.stringify(qrCode("${address}", "Melden & <mehr>")));`);
  const command = execFileSync(join(project, "node_modules/.bin/recourse-qr"), [address, "Melden & <mehr>"], { encoding: "utf8" });
  assert.equal(command, svg + "\n");
  assert.notEqual(spawnSync(join(project, "node_modules/.bin/recourse-qr"), ["no address"]).status, 0);
  const { context, page } = await open(browser);
  const pixels = await page.evaluate(async (svg) => {
    const image = new Image();
    image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: 300, height: 300 });
    const drawing = canvas.getContext("2d");
    drawing?.drawImage(image, 0, 0, 300, 300);
    return [...(drawing?.getImageData(0, 0, 300, 300).data ?? [])];
  }, svg);
  const read = /** @type {any} */ (jsQR)(Uint8ClampedArray.from(pixels), 300, 300);
  assert.equal(read?.data, address);
  await context.close();
});
