// A server of a test's own that can be killed and started again on the same data. The binary is the one that the demo has built.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { freePort, ROOT, scratch } from "./demo.mjs";

const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");
const BINARY = join(TARGET, "debug", "recourse");

export class Server {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #child;

  /** @param {string} folder @param {number} port @param {number} consolePort @param {string[]} products origins that may frame the form */
  constructor(folder, port, consolePort, products) {
    this.folder = folder;
    this.products = products;
    this.intake = `http://127.0.0.1:${port}`;
    this.console = `http://127.0.0.1:${consolePort}`;
  }

  /** Makes keys and an empty data folder. @param {string[]} [products] origins that may frame the form @param {string} [more] added to the channel's file */
  static async make(products = [], more = "") {
    const server = new Server(await scratch(), await freePort(), await freePort(), products);
    const path = (/** @type {string} */ name) => join(server.folder, name);
    const { intake, console } = server;
    execFileSync(BINARY, [
      "keygen", "--out", path("keys"), "--public", path("public"), "--channel", "demo", "--provider", "Northwind Software",
      "--product", "Northwind Campaigns", "--reviewer", "Robin Vale", "--intake-origin", intake, "--console-origin", console,
      ...products.flatMap((origin) => ["--embed-origin", origin]),
    ]);
    if (more) {
      appendFileSync(path("public/channel.toml"), more);
      execFileSync(BINARY, ["channel", "sign", path("public/channel.toml"), "--root-key", path("keys/root.key"), "--public", path("public")]);
    }
    execFileSync(BINARY, ["init", "--data", path("intake"), "--public", path("public"), "--acknowledgement-key", path("keys/acknowledgement.key")]);
    return server;
  }

  /** The same addresses as of a demo, but for the product page, which it has not. @returns {import("./demo.mjs").Addresses} */
  get addresses() {
    const { intake, console, folder } = this;
    return {
      intake, console, product: "", hosted_page: `${intake}/r/demo`, follow_up: `${intake}/follow-up/demo`, channel: "demo",
      reviewer_key: join(folder, "keys", "reviewer.key.json"), root_key: "", data: folder, server_log: "",
    };
  }

  async start() {
    const host = (/** @type {string} */ origin) => new URL(origin).host;
    const child = spawn(
      BINARY,
      ["serve", "--data", join(this.folder, "intake"), "--intake", host(this.intake), "--console", host(this.console), "--assets", join(TARGET, "dist", "www")],
      { stdio: ["ignore", "pipe", "ignore"] },
    );
    this.#child = child;
    const ended = once(child, "exit").then(([code]) => Promise.reject(new Error(`the server ended with ${code}`)));
    ended.catch(() => {});
    // One line once both listeners take connections.
    await Promise.race([once(createInterface({ input: child.stdout }), "line"), ended]);
  }

  /** As a power cut would: nothing is flushed, nothing is said. */
  async kill() {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null) return;
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
  }

  async remove() {
    await this.kill();
    await rm(this.folder, { recursive: true });
  }
}
