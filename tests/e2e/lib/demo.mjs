// Starts what the tests talk to: `cargo xtask demo` in a folder of its own, or what the runner has started already.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** @typedef {{ intake: string, console: string, product: string, hosted_page: string, follow_up: string, channel: string, reviewer_key: string, root_key: string, data: string, server_log: string }} Addresses */

export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** Name of the variable by which the runner hands its demo to the test files. */
const SHARED = "RECOURSE_E2E_DEMO";

/** A port that nobody listened on a moment ago. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** A folder that is gone after the tests. */
export const scratch = () => mkdtemp(join(tmpdir(), "recourse-e2e-"));

/** Builds and serves; resolves once everything answers. */
export async function startDemo() {
  const data = await scratch();
  const ports = [await freePort(), await freePort(), await freePort()].map(String);
  const child = spawn(
    "cargo",
    ["xtask", "demo", "--json", "--log-level", "trace", "--data", join(data, "demo"), "--port", ports[0], "--console-port", ports[1], "--product-port", ports[2]],
    { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`cargo xtask demo ended with ${code}`);
  });
  ended.catch(() => {});
  const line = (async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith("{")) return line;
    }
    return ended;
  })();
  /** @type {Addresses} */
  const addresses = JSON.parse(await Promise.race([line, ended]));
  return {
    addresses,
    async stop() {
      child.kill("SIGTERM");
      await ended.catch(() => {});
      await rm(data, { recursive: true });
    },
  };
}

/** The runner's demo, or one for this file alone. */
export async function demo() {
  const shared = process.env[SHARED];
  if (shared) return { addresses: /** @type {Addresses} */ (JSON.parse(shared)), stop: async () => {} };
  return startDemo();
}

/** What a child process needs to find the demo. @param {Addresses} addresses */
export const handOver = (addresses) => ({ ...process.env, [SHARED]: JSON.stringify(addresses) });

/**
 * Every file below a folder, with its content.
 * @param {string} folder
 * @returns {AsyncGenerator<[string, Buffer]>}
 */
export async function* filesBelow(folder, root = folder) {
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    if ((await stat(path)).isDirectory()) yield* filesBelow(path, root);
    else yield [relative(root, path), await readFile(path)];
  }
}
