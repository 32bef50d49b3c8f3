// `npm test`: one demo for all test files, then node's own runner over them: first those that need the machine to themselves, one after the other, then the others two at a
// time. No test is tried twice.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { handOver, startDemo } from "./lib/demo.mjs";

const folder = fileURLToPath(new URL("specs", import.meta.url));
const asked = process.argv.slice(2);
const specs = (await readdir(folder)).filter((name) => name.endsWith(".test.mjs") && (asked.length === 0 || asked.some((part) => name.includes(part))));
/** These look at what a browser does in a moment: pictures of the screen, keys and clicks that must not go astray, a network that is not there. */
const ALONE = ["evidence", "exit", "extension-firefox", "extension-pages", "extension-whole", "first-step", "hosts", "keyboard", "loader", "offline", "offline-device", "webkit"];
const isAlone = (/** @type {string} */ name) => ALONE.includes(name.replace(".test.mjs", ""));
const groups = [
  { files: specs.filter(isAlone), atOnce: 1 },
  { files: specs.filter((name) => !isAlone(name)), atOnce: 2 },
];
const demo = await startDemo();
let failed = 0;
for (const { files, atOnce } of groups) {
  if (files.length === 0) continue;
  const child = spawn(process.execPath, ["--test", `--test-concurrency=${atOnce}`, "--test-timeout=600000", ...files.sort().map((name) => `${folder}/${name}`)], {
    stdio: "inherit",
    env: handOver(demo.addresses),
  });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.once(signal, () => child.kill(signal));
  const [code] = await once(child, "exit");
  failed ||= code ?? 1;
}
await demo.stop();
process.exit(failed);
