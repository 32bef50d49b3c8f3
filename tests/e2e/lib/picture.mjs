// A small picture made here, so that no binary file lies in the repository.

import zlib from "node:zlib";

/** Width and height of the picture. */
export const WIDTH = 96;
export const HEIGHT = 64;

/**
 * A PNG with a pattern that depends on `seed`, and a comment as cameras and editors leave them.
 * @param {number} seed
 * @param {string} comment Latin-1
 */
export function png(seed, comment) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  // Eight bits, RGB.
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(HEIGHT * (1 + WIDTH * 3));
  let state = seed >>> 0 || 1;
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH * 3; x += 1) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      rows[y * (1 + WIDTH * 3) + 1 + x] = (x * 2 + y * 3 + (state >>> 28)) & 0xff;
    }
  }
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", header),
    chunk("tEXt", Buffer.from(`Comment\0${comment}`, "latin1")),
    chunk("IDAT", zlib.deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/**
 * A PNG of that size with a colour for each place.
 * @param {number} width @param {number} height @param {(x: number, y: number) => number[]} colour red, green, blue
 */
export function painted(width, height, colour) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows.set(colour(x, y), y * (1 + width * 3) + 1 + x * 3);
  }
  return file(header, rows);
}

/** A PNG that claims a size and has no pixel of it. @param {number} width @param {number} height */
export function claiming(width, height) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return file(header, Buffer.alloc(1000));
}

/** @param {Buffer} header @param {Buffer} rows */
function file(header, rows) {
  const parts = [chunk("IHDR", header), chunk("IDAT", zlib.deflateSync(rows)), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), ...parts]);
}

/** @param {string} kind @param {Buffer} data */
function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc(body), body.length + 4);
  return out;
}

/** @param {Buffer} bytes */
function crc(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** Where `placed` says that a picture was made: degrees, minutes and seconds, each as a fraction, as cameras write them. */
export const PLACE = Buffer.concat([52, 1, 31, 1, 12_345, 1000].map((number) => word(number)));

/** A PNG as a JPEG, by the browser. @param {import("playwright-core").Page} page @param {Buffer} png */
export async function jpegOf(page, png) {
  const bytes = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, png.toString("base64"));
  return Buffer.from(bytes);
}

/**
 * A JPEG with what a phone writes into it: who made the device, and where it was.
 * @param {Buffer} jpeg without metadata @param {string} maker Latin-1, at least four characters
 */
export function placed(jpeg, maker) {
  const make = Buffer.from(`${maker}\0`, "latin1");
  const entry = (/** @type {number} */ tag, /** @type {number} */ type, /** @type {number} */ count, /** @type {Buffer} */ value) =>
    Buffer.concat([half(tag), half(type), word(count), value]);
  // Offsets are from the first byte of the TIFF header: 8 bytes of it, a directory of two entries, the maker, the directory of the place.
  const makeAt = 8 + 2 + 2 * 12 + 4;
  const placeAt = makeAt + make.length + (make.length % 2);
  const numbersAt = placeAt + 2 + 4 * 12 + 4;
  const tiff = Buffer.concat([
    Buffer.from("MM\0*", "latin1"),
    word(8),
    half(2),
    entry(0x010f, 2, make.length, word(makeAt)),
    entry(0x8825, 4, 1, word(placeAt)),
    word(0),
    make,
    Buffer.alloc(make.length % 2),
    half(4),
    entry(1, 2, 2, Buffer.from("N\0\0\0", "latin1")),
    entry(2, 5, 3, word(numbersAt)),
    entry(3, 2, 2, Buffer.from("E\0\0\0", "latin1")),
    entry(4, 5, 3, word(numbersAt)),
    word(0),
    PLACE,
  ]);
  const exif = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1]), half(exif.length + 2), exif, jpeg.subarray(2)]);
}

/** A PDF of one empty page that names its author. @param {string} author Latin-1 */
export function authored(author) {
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Resources << >> >>",
    `<< /Author (${author}) >>`,
  ];
  let text = "%PDF-1.4\n";
  const starts = objects.map((object, at) => {
    const start = text.length;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return start;
  });
  const table = starts.map((start) => `${String(start).padStart(10, "0")} 00000 n \n`).join("");
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 4 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
  return Buffer.from(`${text}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}${trailer}`, "latin1");
}

/** @param {number} number */
function half(number) {
  const out = Buffer.alloc(2);
  out.writeUInt16BE(number);
  return out;
}

/** @param {number} number */
function word(number) {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(number);
  return out;
}
