// Opens a record that was kept on a device, as its owner would.

import { execFile } from "node:child_process";
import { join } from "node:path";

import { ROOT } from "./demo.mjs";

/** What the command says. @param {string} file @param {string} code @returns {Promise<string>} */
export function openRecord(file, code) {
  return new Promise((resolve, reject) => {
    const child = execFile(join(ROOT, "target/debug/recourse"), ["open-record", file], (error, out) => (error ? reject(error) : resolve(out)));
    child.stdin?.end(`${code}\n`);
  });
}
