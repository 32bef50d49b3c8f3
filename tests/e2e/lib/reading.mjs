// What stands in the data folder and the log of a demo, for the scanner.

import { readFile } from "node:fs/promises";

import { filesBelow } from "./demo.mjs";
import { search } from "./needles.mjs";

/**
 * Searches everything a server keeps – database, its write-ahead log, blobs, its log – and everything that was on the wire.
 * @param {import("./demo.mjs").Addresses} addresses
 * @param {import("./wire.mjs").Wire} wire
 * @param {import("./needles.mjs").Needle[]} needles
 */
export async function searchEverywhere(addresses, wire, needles) {
  /** @type {import("./needles.mjs").Find[]} */
  const finds = [];
  /** @type {string[]} */
  const places = [];
  for await (const [name, bytes] of filesBelow(addresses.data)) {
    places.push(name);
    finds.push(...search(`file ${name}`, bytes, needles));
  }
  finds.push(...search("server log", await readFile(addresses.server_log), needles));
  for (const [name, bytes] of wire.pieces()) finds.push(...search(`wire ${name}`, bytes, needles));
  return { finds, places };
}
