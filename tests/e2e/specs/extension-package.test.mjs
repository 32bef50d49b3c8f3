// The extension's packages, as a store gets them.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { filesBelow, ROOT } from "../lib/demo.mjs";
import { unzipped } from "../lib/unzip.mjs";

const dist = join(ROOT, "target/dist");

test("web-ext finds neither an error nor a warning nor a notice in what goes to Firefox", async () => {
  const webExt = join(ROOT, "tests/e2e/node_modules/web-ext/bin/web-ext.js");
  const ran = spawnSync(process.execPath, [webExt, "lint", "--source-dir", join(dist, "extension-firefox"), "--output", "json", "--no-config-discovery"], { encoding: "utf8" });
  const { summary, errors, warnings, notices } = JSON.parse(ran.stdout);
  assert.deepEqual({ errors, warnings, notices }, { errors: [], warnings: [], notices: [] });
  assert.deepEqual(summary, { errors: 0, warnings: 0, notices: 0 });
});

for (const browser of ["chrome", "firefox"]) {
  test(`${browser}: the ZIP is the folder, and its build is the hash of all else in it`, async () => {
    const folder = join(dist, `extension-${browser}`);
    const inZip = await unzipped(join(dist, `extension-${browser}.zip`));
    const inFolder = new Map();
    for await (const [name, bytes] of filesBelow(folder)) inFolder.set(name, bytes);
    assert.deepEqual([...inZip.keys()].sort(), [...inFolder.keys()].sort());
    for (const [name, bytes] of inZip) assert.ok(bytes.equals(inFolder.get(name)), name);
    const hash = createHash("sha256");
    for (const name of [...inFolder.keys()].filter((name) => name !== "build.json").sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
      const bytes = inFolder.get(name);
      const length = Buffer.alloc(8);
      length.writeBigUInt64BE(BigInt(bytes.length));
      hash.update(name).update("\0").update(length).update(bytes);
    }
    assert.equal(JSON.parse(inFolder.get("build.json").toString()).build, hash.digest("hex"));
  });

  test(`${browser}: no page of the web can reach into it, and no code comes from elsewhere`, async () => {
    const folder = join(dist, `extension-${browser}`);
    const manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
    for (const key of ["web_accessible_resources", "externally_connectable", "content_scripts", "host_permissions", "optional_host_permissions", "optional_permissions", "update_url", "key"]) assert.ok(!(key in manifest), key);
    for await (const [name, bytes] of filesBelow(folder)) {
      if (!/\.(js|html|css)$/.test(name)) continue;
      const text = bytes.toString();
      assert.doesNotMatch(text, /\beval\(|new Function|innerHTML|document\.write|importScripts/, name);
      assert.doesNotMatch(text, /(src|href)="https?:|import[^;]*from *"https?:|import\("https?:/, name);
    }
  });

  test(`${browser}: it has a name and a description in every language of the panel`, async () => {
    const folder = join(dist, `extension-${browser}`);
    const names = [];
    for await (const [name] of filesBelow(folder)) names.push(name);
    const panel = names.map((name) => /^assets\/([\w-]+)\.panel-/.exec(name)?.[1]).filter((tag) => tag !== undefined);
    assert.equal(panel.length, 14);
    for (const tag of panel) {
      const code = tag === "zh-Hans" ? "zh_CN" : tag.replace("-", "_");
      const words = JSON.parse(await readFile(join(folder, "_locales", code, "messages.json"), "utf8"));
      assert.deepEqual(Object.keys(words).sort(), ["action", "description", "menuReport", "menuWithout", "name"]);
      assert.ok(words.name.message.length <= 75 && words.description.message.length <= 132, tag);
    }
  });
}
