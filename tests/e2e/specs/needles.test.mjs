// The scanner of the privacy test finds what is planted, in every form, and nothing else.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test from "node:test";
import zlib from "node:zlib";

import { forms, needle, search } from "../lib/needles.mjs";

const WORDS = "Näheres über die Sache mit dem Lager 7, heron-quarry-42";
const SECRET = needle("words", WORDS);

/** @param {Buffer | string} planted */
const surrounded = (planted) => Buffer.concat([randomBytes(4099), Buffer.from(planted), randomBytes(4099)]);

test("every form is found in the middle of noise", () => {
  for (const [form, bytes] of forms(SECRET)) {
    const finds = search("noise", surrounded(bytes), [SECRET]);
    assert.ok(finds.some((find) => find.form === form), `${form}: ${JSON.stringify(finds)}`);
  }
});

test("base64 is found whatever stands before it", () => {
  for (const before of ["", "a", "ab", "abc", "abcd"]) {
    for (const encoding of /** @type {const} */ (["base64", "base64url"])) {
      const encoded = Buffer.from(`${before}${WORDS} and more`).toString(encoding);
      assert.notDeepEqual(search("json", Buffer.from(`{"body":"${encoded}"}`), [SECRET]), [], `${encoding} after ${before.length}`);
    }
  }
});

test("what is compressed is found, also inside base64 in JSON", () => {
  const plain = Buffer.from(`{"what_happened":"${WORDS}"}`.repeat(3));
  for (const [name, packed] of /** @type {const} */ ([
    ["gzip", zlib.gzipSync(plain)],
    ["zlib", zlib.deflateSync(plain)],
    ["deflate", zlib.deflateRawSync(plain)],
    ["brotli", zlib.brotliCompressSync(plain)],
  ])) {
    assert.notDeepEqual(search(name, packed, [SECRET]), [], name);
    const json = Buffer.from(JSON.stringify({ sealed: packed.toString("base64url") }));
    assert.notDeepEqual(search(name, json, [SECRET]), [], `${name} in base64`);
    const hexed = Buffer.from(JSON.stringify({ sealed: packed.toString("hex") }));
    assert.notDeepEqual(search(name, hexed, [SECRET]), [], `${name} in hex`);
  }
  for (const packed of [zlib.gzipSync(plain), zlib.deflateSync(plain)]) {
    assert.notDeepEqual(search("in a database page", surrounded(packed), [SECRET]), []);
  }
});

test("raw bytes are needles too", () => {
  const bytes = randomBytes(16);
  const key = needle("key", bytes);
  assert.notDeepEqual(search("raw", surrounded(bytes), [key]), []);
  assert.notDeepEqual(search("hex", surrounded(bytes.toString("hex")), [key]), []);
  assert.notDeepEqual(search("base64url", surrounded(bytes.toString("base64url")), [key]), []);
});

test("noise and near misses hold nothing", () => {
  assert.deepEqual(search("noise", randomBytes(1 << 20), [SECRET]), []);
  assert.deepEqual(search("near", Buffer.from(WORDS.replace("42", "43")), [SECRET]), []);
  assert.throws(() => needle("short", "7 bytes"));
});
