// `npm test`: one demo for all test files, then node's own runner over them, one after the other. No test is tried twice.

import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { handOver, startDemo } from "./lib/demo.mjs";

const folder = fileURLToPath(new URL("specs", import.meta.url));
const asked = process.argv.slice(2);
const specs = (await readdir(folder)).filter((name) => name.endsWith(".test.mjs") && (asked.length === 0 || asked.some((part) => name.includes(part))));
const demo = await startDemo();
const stopAnd = async (/** @type {number} */ code) => {
  await demo.stop();
  process.exit(code);
};
const child = spawn(process.execPath, ["--test", "--test-concurrency=1", "--test-timeout=600000", ...specs.sort().map((name) => `${folder}/${name}`)], {
  stdio: "inherit",
  env: handOver(demo.addresses),
});
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => stopAnd(code ?? 1));
