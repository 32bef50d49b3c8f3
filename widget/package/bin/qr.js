#!/usr/bin/env node
// recourse-qr ADDRESS [LABEL] > code.svg
import { qrCode } from "../qr.js";

const [address, label] = process.argv.slice(2);
try {
  process.stdout.write(qrCode(address, label) + "\n");
} catch {
  console.error("Give the address of the hosted page: recourse-qr https://report.example/r/CHANNEL > code.svg");
  process.exitCode = 1;
}
