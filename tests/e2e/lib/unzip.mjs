// Reads a ZIP with somebody else's reader.

import { createRequire } from "node:module";

/** Every file in it. @param {string} path @returns {Promise<Map<string, Buffer>>} */
export async function unzipped(path) {
  const { yauzl } = createRequire(import.meta.url)("playwright-core/lib/utilsBundle");
  /** @type {any} */
  const archive = await new Promise((resolve, reject) => yauzl.open(path, { lazyEntries: true }, (/** @type {Error | null} */ error, /** @type {any} */ zip) => (error ? reject(error) : resolve(zip))));
  /** @type {Map<string, Buffer>} */
  const files = new Map();
  return new Promise((resolve, reject) => {
    archive.on("error", reject);
    archive.on("end", () => resolve(files));
    archive.on("entry", (/** @type {any} */ entry) => {
      archive.openReadStream(entry, (/** @type {Error | null} */ error, /** @type {any} */ stream) => {
        if (error) return reject(error);
        /** @type {Buffer[]} */
        const parts = [];
        stream.on("data", (/** @type {Buffer} */ part) => parts.push(part));
        stream.on("end", () => {
          files.set(entry.fileName, Buffer.concat(parts));
          archive.readEntry();
        });
      });
    });
    archive.readEntry();
  });
}
