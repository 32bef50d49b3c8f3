// What is reported in the tests. Every text carries a mark of its own, several times where it is long: so that it would be found even
// where a database cuts it in two.

import { randomBytes } from "node:crypto";

import { png } from "./picture.mjs";

/** @typedef {import("./journey.mjs").Story} Story */

/** A word that nothing else contains. @param {string} what */
export const mark = (what) => `${what}-${randomBytes(9).toString("hex")}`;

/**
 * A report on misuse with a picture and a text file.
 * @returns {Story & { marks: Record<string, string> }}
 */
export function misuse() {
  const marks = {
    text: mark("happened"),
    feature: mark("feature"),
    name: mark("Rowan"),
    reach: mark("reach"),
    picture: mark("pixel"),
    file: mark("document"),
    says: mark("shows"),
    fileName: mark("ledger"),
  };
  const text = Array.from({ length: 12 }, (_, n) => `${n + 1}. They threaten people who owe little, ${marks.text}, and they ring at night. Größe, 脅迫.`).join("\n");
  return {
    door: "misuse",
    identity: "named",
    name: marks.name,
    reach: `${marks.reach}@example.org, after six`,
    group: "use_by_customers",
    category: "scam_fraud_impersonation",
    text,
    feature: marks.feature,
    files: [
      { name: "screen.png", mimeType: "image/png", buffer: png(7, marks.picture), picture: true, says: `The message, ${marks.says}` },
      { name: `${marks.fileName}.txt`, mimeType: "text/plain", buffer: Buffer.from(`call list ${marks.file}\n`.repeat(400)) },
    ],
    urgent: true,
    marks,
  };
}

/** A person who was harmed and wants it put right. @returns {Story & { marks: Record<string, string> }} */
export function remedy() {
  const marks = { text: mark("happened"), harm: mark("harm") };
  return {
    door: "remedy",
    identity: "anonymous",
    group: "privacy_and_data",
    category: "personal_data_misuse",
    text: `My late payments were read out to my employer, ${marks.text}.`,
    harm: `I lost shifts, ${marks.harm}.`,
    remedy: "delete_or_correct_my_data",
    files: [],
    marks,
  };
}
