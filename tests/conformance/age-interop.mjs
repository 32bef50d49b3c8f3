// Holds the crate `seal` against two things it did not write: the age implementation `age-encryption`, both ways, and every test vector of
// `cctv-age` (C2SP). Prints what it ran and exits with 1 when anything differs.
import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { inflateSync } from "node:zlib";
import { Decrypter, Encrypter, generateHybridIdentity, identityToRecipient } from "age-encryption";
import * as cctv from "cctv-age";

const root = fileURLToPath(new URL("../..", import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? `${root}/target`;
const built = spawnSync("cargo", ["build", "--quiet", "--package", "recourse-seal", "--example", "interop"], { cwd: root, stdio: "inherit" });
if (built.status !== 0) process.exit(1);

function interop(args, input = new Uint8Array()) {
  const run = spawnSync(`${target}/debug/examples/interop`, args, { input, maxBuffer: 1 << 30 });
  if (run.error) throw run.error;
  return { ok: run.status === 0, output: new Uint8Array(run.stdout), errors: run.stderr.toString() };
}
const lines = (bytes) => Buffer.from(bytes).toString().trimEnd().split("\n");
const same = (a, b) => Buffer.compare(a, b) === 0;

class Tally {
  passed = 0;
  failed = 0;
  constructor(name) {
    this.name = name;
  }
  check(what, holds, detail = "") {
    if (holds) this.passed += 1;
    else {
      this.failed += 1;
      console.error(`FAILED ${what} ${detail}`);
    }
  }
  print() {
    console.log(`${this.name}: ${this.passed} passed, ${this.failed} failed`);
  }
}

async function bothWays() {
  const tally = new Tally("age-encryption, both ways");
  const ours = lines(interop(["generate", "3"]).output);
  const theirs = [await generateHybridIdentity(), await generateHybridIdentity()];
  const identities = [...ours, ...theirs];
  const recipients = await Promise.all(identities.map((identity) => identityToRecipient(identity)));
  identities.forEach((identity, index) => {
    const mine = lines(interop(["recipient", identity]).output)[0];
    tally.check(`recipient of identity ${index}`, mine === recipients[index]);
  });

  const KiB = 1024;
  for (const size of [0, 1, 100, 64 * KiB - 1, 64 * KiB, 64 * KiB + 1, 128 * KiB, 3_000_000]) {
    const plaintext = new Uint8Array(randomBytes(size));
    for (const chosen of [[0], [3], [0, 3], [4, 1, 2]]) {
      const name = `${size} bytes to ${chosen.join("+")}`;

      const sealedByUs = interop(["seal", ...chosen.map((index) => recipients[index])], plaintext);
      for (const index of chosen) {
        const decrypter = new Decrypter();
        decrypter.addIdentity(identities[index]);
        const opened = await decrypter.decrypt(sealedByUs.output).catch(() => undefined);
        tally.check(`ours, opened by theirs: ${name}, identity ${index}`, opened && same(opened, plaintext), sealedByUs.errors);
      }

      const encrypter = new Encrypter();
      for (const index of chosen) encrypter.addRecipient(recipients[index]);
      const sealedByThem = await encrypter.encrypt(plaintext);
      for (const index of chosen) {
        const opened = interop(["open", identities[index]], sealedByThem);
        tally.check(`theirs, opened by ours: ${name}, identity ${index}`, opened.ok && same(opened.output, plaintext), opened.errors);
      }

      const stranger = [0, 1, 2, 3, 4].find((index) => !chosen.includes(index));
      tally.check(`theirs, not opened by a stranger: ${name}`, !interop(["open", identities[stranger]], sealedByThem).ok);
    }

    // A blob is an age file like any other; the other side sees length, content and zero bytes.
    const blob = interop(["seal-blob", recipients[0], recipients[3]], plaintext).output;
    const decrypter = new Decrypter();
    decrypter.addIdentity(identities[3]);
    const padded = Buffer.from(await decrypter.decrypt(blob));
    const whole =
      padded.readBigUInt64BE(0) === BigInt(size) &&
      same(padded.subarray(8, 8 + size), plaintext) &&
      padded.subarray(8 + size).every((byte) => byte === 0);
    tally.check(`blob of ${size} bytes, opened by theirs`, whole);
    const reopened = interop(["open-blob", identities[0]], blob);
    tally.check(`blob of ${size} bytes, opened by ours`, reopened.ok && same(reopened.output, plaintext), reopened.errors);
  }
  tally.print();
  return tally;
}

const KEYS = new Set(["expect", "payload", "identity", "passphrase", "armored", "compressed", "file key", "comment"]);

function parseVector(name, bytes) {
  const raw = Buffer.from(bytes);
  const end = raw.indexOf("\n\n");
  const fields = raw
    .subarray(0, end)
    .toString()
    .split("\n")
    .map((line) => [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)]);
  for (const [key] of fields) if (!KEYS.has(key)) throw new Error(`${name}: unknown key ${key}`);
  const all = (key) => fields.filter(([found]) => found === key).map(([, value]) => value);
  const body = raw.subarray(end + 2);
  const [compressed] = all("compressed");
  if (compressed !== undefined && compressed !== "zlib") throw new Error(`${name}: unknown compression ${compressed}`);
  return {
    expect: all("expect")[0],
    payload: all("payload")[0],
    input: {
      name,
      armored: all("armored")[0] === "yes",
      identities: all("identity"),
      passphrases: all("passphrase"),
      file: (compressed ? inflateSync(body) : body).toString("base64"),
    },
  };
}

function vectors() {
  const tally = new Tally("age vectors");
  const files = Object.entries(cctv);
  const parsed = files.map(([name, bytes]) => parseVector(name, bytes));
  const run = interop(["vectors"], parsed.map((vector) => JSON.stringify(vector.input)).join("\n") + "\n");
  if (!run.ok) console.error(run.errors);
  const outcomes = new Map(
    lines(run.output)
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line))
      .map((outcome) => [outcome.name, outcome]),
  );
  const empty = createHash("sha256").digest("hex");
  for (const { expect, payload, input } of parsed) {
    const got = outcomes.get(input.name);
    // Where a vector names no payload, none may come out.
    const holds = got !== undefined && got.outcome === expect && got.payload === (payload ?? empty);
    tally.check(input.name, holds, `expected ${expect} ${payload ?? ""}, got ${got?.outcome ?? "nothing"} ${got?.payload ?? ""}`);
  }
  // A package that lost its files must not look like a pass.
  if (files.length < 143) tally.check("all 143 vectors of version 0.2.0 are there", false, `only ${files.length} are`);
  tally.print();
  return tally;
}

const tallies = [await bothWays(), vectors()];
if (tallies.some((tally) => tally.failed > 0)) process.exit(1);
