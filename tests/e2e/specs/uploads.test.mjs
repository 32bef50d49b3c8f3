// Somebody else's tus client uploads, is interrupted and resumes; what tus does not allow is refused with a problem of its own.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test, { after, before } from "node:test";
import { Upload } from "tus-js-client";

import { demo, filesBelow } from "../lib/demo.mjs";

/** @type {Awaited<ReturnType<typeof demo>>} */
let running;
before(async () => {
  running = await demo();
});
after(() => running?.stop());

const endpoint = () => `${running.addresses.intake}/api/v1/channels/demo/uploads`;
const newToken = () => randomBytes(32).toString("base64url");

/**
 * @param {Buffer} bytes @param {string} token @param {Partial<import("tus-js-client").UploadOptions>} options
 * @returns {Promise<Upload>} the upload once it is done, or was aborted
 */
function upload(bytes, token, options = {}) {
  return new Promise((resolve, reject) => {
    const upload = new Upload(bytes, {
      endpoint: endpoint(),
      headers: { "recourse-upload-token": token },
      retryDelays: null,
      storeFingerprintForResuming: false,
      onSuccess: () => resolve(upload),
      onError: reject,
      ...options,
    });
    upload.start();
  });
}

/** @param {string} url @param {string} token @param {Record<string, string>} [headers] */
const head = (url, token, headers = {}) => fetch(url, { method: "HEAD", headers: { "tus-resumable": "1.0.0", "recourse-upload-token": token, ...headers } });

for (const size of [1, 65_535, 65_536, 65_537, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 5_000_000]) {
  test(`${size} bytes arrive, in chunks`, async () => {
    const token = newToken();
    const { url } = await upload(randomBytes(size), token, { chunkSize: 1 << 20 });
    const answer = await head(url ?? "", token);
    assert.equal(answer.status, 200);
    assert.deepEqual(["upload-offset", "upload-length", "tus-resumable"].map((name) => answer.headers.get(name)), [String(size), String(size), "1.0.0"]);
  });
}

test("an interrupted upload goes on where it stood, and holds the same bytes", async () => {
  const token = newToken();
  const bytes = randomBytes(3_000_000);
  const url = await new Promise((resolve, reject) => {
    const first = new Upload(bytes, {
      endpoint: endpoint(),
      headers: { "recourse-upload-token": token },
      chunkSize: 1_000_000,
      retryDelays: null,
      storeFingerprintForResuming: false,
      onError: reject,
      onChunkComplete: () => first.abort().then(() => resolve(first.url)),
    });
    first.start();
  });
  const stood = Number((await head(url, token)).headers.get("upload-offset"));
  assert.ok(stood >= 1_000_000 && stood < bytes.length, `stood at ${stood}`);
  /** @type {number[]} */
  const offsets = [];
  await upload(bytes, token, {
    uploadUrl: url,
    chunkSize: 1_000_000,
    onBeforeRequest: (request) => {
      const offset = request.getHeader("Upload-Offset");
      if (offset !== undefined) offsets.push(Number(offset));
    },
  });
  assert.equal(offsets[0], stood, "nothing is sent twice");
  assert.equal((await head(url, token)).headers.get("upload-offset"), String(bytes.length));
  // Opaque bytes are kept as they came.
  let found = false;
  for await (const [, content] of filesBelow(running.addresses.data)) found ||= content.includes(bytes.subarray(900_000, 1_100_000));
  assert.ok(found, "the bytes are nowhere in the data folder");
});

test("what is not allowed is refused, each with a type of its own", async () => {
  const token = newToken();
  const length = 1000;
  const create = (/** @type {Record<string, string>} */ headers) =>
    fetch(endpoint(), { method: "POST", headers: { "tus-resumable": "1.0.0", "recourse-upload-token": token, "upload-length": String(length), ...headers } });
  const made = await create({});
  assert.equal(made.status, 201);
  const url = new URL(made.headers.get("location") ?? "", endpoint()).href;
  const patch = (/** @type {Record<string, string>} */ headers, bytes = randomBytes(10)) =>
    fetch(url, {
      method: "PATCH",
      headers: { "tus-resumable": "1.0.0", "recourse-upload-token": token, "upload-offset": "0", "content-type": "application/offset+octet-stream", ...headers },
      body: bytes,
    });
  for (const [what, answer, status, slug] of /** @type {[string, Response, number, string][]} */ ([
    ["names of files", await create({ "upload-metadata": "filename c2VjcmV0" }), 400, "metadata-refused"],
    ["another tus", await create({ "tus-resumable": "0.2.2" }), 412, "unsupported-tus-version"],
    ["too long", await create({ "upload-length": String(1 << 30) }), 413, "too-large"],
    ["no token", await create({ "recourse-upload-token": "" }), 400, "malformed-header"],
    ["another's token", await patch({ "recourse-upload-token": newToken() }), 404, "unknown-upload"],
    ["another offset", await patch({ "upload-offset": "7" }), 409, "offset-mismatch"],
    ["another media type", await patch({ "content-type": "text/plain" }), 415, "unsupported-media-type"],
    ["more than was said", await patch({}, randomBytes(length + 1)), 413, "too-large"],
  ])) {
    assert.equal(answer.status, status, what);
    assert.equal(answer.headers.get("content-type"), "application/problem+json", what);
    assert.equal((await answer.json()).type, `urn:recourse:problem:${slug}`, what);
  }
  assert.equal((await head(url, token)).headers.get("upload-offset"), "0", "nothing was stored");
});
