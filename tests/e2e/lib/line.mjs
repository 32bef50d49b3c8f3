// A slow line: a proxy that carries every request of a browser, frames and workers included, with the latency and at the rate it is told.
// The browser's own throttling has to be switched on in every frame and worker anew, and comes too late for those that a click makes.

import { createServer, request as send } from "node:http";
import { once } from "node:events";

/** How much goes over the line at a time. */
const PIECE = 8 * 1024;

export class Line {
  /** What was carried, and how many bytes of body. @type {{ url: string, bytes: number }[]} */
  carried = [];
  #underway = 0;
  #last = 0;
  /** When the line is free again. */
  #free = 0;
  #speed;
  #server;

  /** @param {{ latency: number, kilobits: number }} speed milliseconds before an answer begins, and kilobits a second for all answers together; 0 is as fast as it goes */
  constructor(speed) {
    this.#speed = speed;
    this.#server = createServer((incoming, outgoing) => this.#carry(incoming, outgoing));
    // Nobody but us is asked.
    this.#server.on("connect", (_, socket) => void socket.end("HTTP/1.1 403 Forbidden\r\n\r\n"));
  }

  async start() {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return this;
  }

  get address() {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("not started");
    return `http://127.0.0.1:${address.port}`;
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Waits until nothing was asked for some time. @param {number} [milliseconds] */
  async quiet(milliseconds = 500) {
    for (;;) {
      const left = this.#underway > 0 ? 100 : this.#last + milliseconds - performance.now();
      if (left <= 0) return;
      await pause(left);
    }
  }

  /** @param {import("node:http").IncomingMessage} incoming @param {import("node:http").ServerResponse} outgoing */
  #carry(incoming, outgoing) {
    const url = new URL(incoming.url ?? "");
    if (!["localhost", "127.0.0.1"].includes(url.hostname)) return void outgoing.writeHead(403).end();
    const carried = { url: url.href, bytes: 0 };
    this.carried.push(carried);
    this.#underway += 1;
    outgoing.on("close", () => {
      this.#underway -= 1;
      this.#last = performance.now();
    });
    // Browsers keep brotli for encrypted addresses; the servers behind speak it, and the browser reads it.
    const headers = { ...incoming.headers, "accept-encoding": "br" };
    // `localhost` is this address here and in the browser.
    const onward = send({ host: "127.0.0.1", port: url.port, path: url.pathname + url.search, method: incoming.method, headers }, async (answer) => {
      /** @type {Buffer[]} */
      const parts = [];
      for await (const part of answer) parts.push(part);
      const body = Buffer.concat(parts);
      carried.bytes = body.length;
      await pause(this.#speed.latency);
      const rest = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !["transfer-encoding", "connection", "keep-alive"].includes(name)));
      outgoing.writeHead(answer.statusCode ?? 502, rest);
      for (let at = 0; at < body.length; at += PIECE) {
        const piece = body.subarray(at, at + PIECE);
        await this.#turn(piece.length);
        outgoing.write(piece);
      }
      outgoing.end();
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  }

  /** Waits until so many bytes are through, after all those that came before. @param {number} bytes */
  #turn(bytes) {
    if (!this.#speed.kilobits) return undefined;
    const now = performance.now();
    this.#free = Math.max(now, this.#free) + (bytes * 8) / this.#speed.kilobits;
    return pause(this.#free - now);
  }
}

/** @param {number} milliseconds */
const pause = (milliseconds) => (milliseconds > 0 ? new Promise((resolve) => setTimeout(resolve, milliseconds)) : undefined);
