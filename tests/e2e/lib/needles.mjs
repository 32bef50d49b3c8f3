// Looks for secrets in bytes: a report's words must not be found on the server or on the wire in any common encoding.

import zlib from "node:zlib";

/**
 * A secret to look for.
 * @typedef {{ name: string, bytes: Buffer, text?: string }} Needle
 * What was found, in which form and where.
 * @typedef {{ needle: string, form: string, place: string }} Find
 */

/** Shorter needles would be found by chance once encoded. */
const SHORTEST = 8;
/** Decompressed or decoded content is searched again, this deep. */
const DEPTH = 3;
/** No decompression grows past this. */
const MAX_OUTPUT = 64 << 20;

/**
 * @param {string} name
 * @param {string | Buffer} secret
 * @returns {Needle}
 */
export function needle(name, secret) {
  const bytes = Buffer.isBuffer(secret) ? secret : Buffer.from(secret, "utf8");
  if (bytes.length < SHORTEST) throw new Error(`the needle ${name} has only ${bytes.length} bytes`);
  return { name, bytes, text: typeof secret === "string" ? secret : undefined };
}

/**
 * All forms in which a needle is looked for.
 * @param {Needle} needle
 * @returns {Map<string, Buffer>}
 */
export function forms({ bytes, text }) {
  const forms = new Map([["bytes", bytes]]);
  /** @param {string} form @param {string} value */
  const ascii = (form, value) => forms.set(form, Buffer.from(value, "latin1"));
  const hex = bytes.toString("hex");
  ascii("hex", hex);
  ascii("HEX", hex.toUpperCase());
  ascii("percent, all", hex.replace(/../g, "%$&"));
  ascii("PERCENT, all", hex.toUpperCase().replace(/../g, "%$&"));
  for (const offset of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    // Only characters that hold bits of the needle alone.
    const whole = encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
    ascii(`base64 at ${offset}`, whole);
    ascii(`base64url at ${offset}`, whole.replaceAll("+", "-").replaceAll("/", "_"));
  }
  if (text !== undefined) {
    const little = Buffer.from(text, "utf16le");
    forms.set("UTF-16LE", little);
    forms.set("UTF-16BE", Buffer.from(little).swap16());
    const percent = encodeURIComponent(text);
    ascii("percent", percent);
    ascii("form", percent.replaceAll("%20", "+"));
    ascii("JSON, escaped", JSON.stringify(text).slice(1, -1).replace(/[\u0080-\uffff]/g, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0")));
    forms.set("lower case", Buffer.from(text.toLowerCase(), "utf8"));
    forms.set("upper case", Buffer.from(text.toUpperCase(), "utf8"));
  }
  return forms;
}

/**
 * Searches one piece (a file, a body), and whatever can be unpacked from it.
 * @param {string} place for the message
 * @param {Buffer} hay
 * @param {Needle[]} needles
 * @returns {Find[]}
 */
export function search(place, hay, needles) {
  const patterns = needles.flatMap((needle) => [...forms(needle)].map(([form, bytes]) => ({ needle: needle.name, form, bytes })));
  /** @type {Find[]} */
  const finds = [];
  visit(place, hay, DEPTH);
  return finds;

  /** @param {string} place @param {Buffer} hay @param {number} depth */
  function visit(place, hay, depth) {
    for (const { needle, form, bytes } of patterns) {
      const at = hay.indexOf(bytes);
      if (at >= 0) finds.push({ needle, form, place: `${place} @${at}` });
    }
    if (depth === 0) return;
    for (const [how, inner] of unpack(hay)) visit(`${place} > ${how}`, inner, depth - 1);
  }
}

/**
 * What may be packed in some bytes: everything that decompresses, and long runs of base64 or hexadecimal digits.
 * @param {Buffer} hay
 * @returns {Generator<[string, Buffer]>}
 */
function* unpack(hay) {
  // gzip and zlib announce themselves, wherever they begin.
  for (const at of positions(hay, Buffer.from([0x1f, 0x8b, 0x08]))) {
    // Not gunzip, which refuses everything when other bytes follow.
    yield* attempt(`gzip@${at}`, zlib.inflateRawSync, hay.subarray(at + gzipHeader(hay.subarray(at))));
  }
  for (const level of [0x01, 0x5e, 0x9c, 0xda]) {
    for (const at of positions(hay, Buffer.from([0x78, level]))) yield* attempt(`zlib@${at}`, zlib.inflateSync, hay.subarray(at));
  }
  // Raw deflate and brotli do not: tried from the beginning.
  yield* attempt("deflate", zlib.inflateRawSync, hay);
  yield* attempt("brotli", zlib.brotliDecompressSync, hay);
  const text = hay.toString("latin1");
  for (const match of text.matchAll(/[A-Za-z0-9+/_-]{24,}={0,2}/g)) {
    const run = match[0];
    // Decoded runs matter only for what is compressed inside them: plain needles are found in their encoded forms already.
    yield [`base64@${match.index}`, Buffer.from(run.replaceAll("-", "+").replaceAll("_", "/"), "base64")];
    if (/^(?:[0-9a-f]{2})+$/i.test(run)) yield [`hex@${match.index}`, Buffer.from(run, "hex")];
  }
}

/**
 * @param {string} how
 * @param {(bytes: Buffer, options: object) => Buffer} decompress
 * @param {Buffer} bytes
 * @returns {Generator<[string, Buffer]>}
 */
function* attempt(how, decompress, bytes) {
  const flush = how === "brotli" ? zlib.constants.BROTLI_OPERATION_FLUSH : zlib.constants.Z_SYNC_FLUSH;
  try {
    const out = decompress(bytes, { finishFlush: flush, maxOutputLength: MAX_OUTPUT });
    // A few bytes of luck are no stream.
    if (out.length >= SHORTEST) yield [how, out];
  } catch {
    // Not compressed in this way.
  }
}

/**
 * Length of a gzip header (RFC 1952, 2.3).
 * @param {Buffer} gzip
 */
function gzipHeader(gzip) {
  const flags = gzip[3] ?? 0;
  let at = 10;
  if (flags & 4 && at + 2 <= gzip.length) at += 2 + gzip.readUInt16LE(at);
  for (const text of [8, 16]) {
    if (flags & text) at = gzip.indexOf(0, at) + 1;
  }
  return flags & 2 ? at + 2 : at;
}

/** @param {Buffer} hay @param {Buffer} magic */
function* positions(hay, magic) {
  for (let at = hay.indexOf(magic); at >= 0; at = hay.indexOf(magic, at + 1)) yield at;
}
