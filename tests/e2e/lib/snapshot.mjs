// What a screen is to a screen reader, as Playwright writes it down, beside what was written down before (`snapshots/`). `npm run snapshots`
// writes anew; read the difference before it is committed.

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../snapshots", import.meta.url));
const WRITE = process.env.RECOURSE_E2E_SNAPSHOTS === "write";

/** What is another in every run. @type {[RegExp, string][]} */
const CHANGING = [
  [/\b([A-Za-z]+)-[0-9a-f]{18}\b/g, "$1-MARK"],
  [/\b(?:[0-9A-HJKMNP-TV-Z]{4}(?: ?- ?| )){6,}[0-9A-HJKMNP-TV-Z]{4}\b/g, "CODE"],
  [/\b[0-9A-HJKMNP-TV-Z]{4}\b(?=")/g, "GROUP"],
  [/(?:127\.0\.0\.1|localhost):\d+/g, "ORIGIN"],
  [/\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?(?:\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)|(?:January|February|March|April|May|June|July|August|September|October|November|December) \d{1,2},) \d{4}\b/g, "DATE"],
  [/\b[0-9a-f]{16,}\b/g, "HEX"],
  // The browser's own names of all countries, which grow and change with it.
  [/( +- option "Choose a country" \[selected\]\n)(?: +- option ".*"\n){200,}/g, "$1    - COUNTRIES\n"],
];

/** @param {string} name @param {import("playwright-core").Locator} root */
export async function sameToTheEar(name, root) {
  let now = `${await root.ariaSnapshot()}\n`;
  for (const [pattern, word] of CHANGING) now = now.replace(pattern, word);
  const path = `${FOLDER}/${name}.yml`;
  if (WRITE) {
    await mkdir(FOLDER, { recursive: true });
    await writeFile(path, now);
    return;
  }
  const before = await readFile(path, "utf8").catch(() => assert.fail(`snapshots/${name}.yml is missing: npm run snapshots`));
  assert.equal(now, before, `${name} is another to a screen reader: npm run snapshots, and read the difference`);
}
