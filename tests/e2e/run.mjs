// `npm test`: one demo for all test files, then node's own runner over each of them: first those that need the machine to themselves, one after the other, then the others two at a
// time. No test is tried twice.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { handOver, startDemo } from "./lib/demo.mjs";

const folder = fileURLToPath(new URL("specs", import.meta.url));
const asked = process.argv.slice(2);
const names = (await readdir(folder)).filter((name) => name.endsWith(".test.mjs")).map((name) => name.replace(".test.mjs", ""));
const wanted = names.filter((name) => asked.length === 0 || asked.some((part) => `${name}.test.mjs`.includes(part))).sort();
/** These look at what a browser does in a moment: pictures of the screen, keys and clicks that must not go astray, a network that is not there. */
const ALONE = ["evidence", "exit", "extension-firefox", "extension-pages", "extension-whole", "first-step", "hosts", "keyboard", "loader", "offline", "offline-device", "webkit"];
/** The longest, which begin first: at the end nothing would run beside them. */
const LONG = ["variants", "unscripted", "firefox", "journey", "plain", "channel", "follow-up-evidence", "mishaps", "work", "follow-up", "extension-keep"];
const rank = (/** @type {string} */ name) => (LONG.includes(name) ? LONG.indexOf(name) : LONG.length);

const demo = await startDemo();
let failed = 0;

/** Runs one file, and shows what it said once it is done. @param {string} name */
async function run(name) {
  const begun = Date.now();
  const child = spawn(process.execPath, ["--test", "--test-reporter=tap", "--test-timeout=600000", `${folder}/${name}.test.mjs`], { stdio: ["ignore", "pipe", "pipe"], env: handOver(demo.addresses) });
  const stop = () => child.kill();
  process.once("SIGINT", stop).once("SIGTERM", stop);
  /** @type {Buffer[]} */
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => said.push(part));
  const [code] = await once(child, "close");
  process.off("SIGINT", stop).off("SIGTERM", stop);
  failed ||= code ?? 1;
  process.stdout.write(Buffer.concat(said));
  console.log(`# ${name}: ${Math.round((Date.now() - begun) / 1000)} s`);
}

const alone = wanted.filter((name) => ALONE.includes(name));
const beside = wanted.filter((name) => !ALONE.includes(name)).sort((one, other) => rank(one) - rank(other));
for (const name of alone) await run(name);
const next = async () => {
  for (let name = beside.shift(); name; name = beside.shift()) await run(name);
};
await Promise.all([next(), next()]);
await demo.stop();
process.exit(failed);
