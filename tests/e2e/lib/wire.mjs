// A proxy between browser and servers that keeps every request and answer whole: also those of workers and frames, and those to strangers.

import { createServer, request as send } from "node:http";
import { once } from "node:events";

/**
 * One exchange, as it was on the wire.
 * @typedef {{ method: string, url: URL, headers: string[], body: Buffer, status: number, answerHeaders: string[], answer: Buffer }} Exchange
 */

export class Wire {
  /** In the order in which they began. @type {Exchange[]} */
  exchanges = [];
  /** What was asked of hosts that are none of ours; never passed on. @type {string[]} */
  strangers = [];
  /** Requests that meet a dead server. @type {(method: string, url: URL) => boolean} */
  cut = () => false;
  /** Answers given in the server's place. @type {(method: string, url: URL) => { status: number, type: string, body: string } | undefined} */
  stub = () => undefined;

  /** Requests that arrive and whose answer is lost. @type {(method: string, url: URL) => boolean} */
  lose = () => false;

  #hosts;
  #server;

  /** @param {string[]} origins that may be asked */
  constructor(origins) {
    this.#hosts = new Set(origins.map((origin) => new URL(origin).host));
    this.#server = createServer((incoming, outgoing) => this.#carry(incoming, outgoing));
    this.#server.on("connect", (incoming, socket) => {
      this.strangers.push(`CONNECT ${incoming.url}`);
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    });
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

  /** Requests so far that were not there at `mark` (a length of `exchanges`), as `METHOD url`. @param {number} [mark] */
  since(mark = 0) {
    return this.exchanges.slice(mark).map(({ method, url }) => `${method} ${url}`);
  }

  /** Everything that was sent or answered, piece by piece, for the scanner. @returns {Generator<[string, Buffer]>} */
  *pieces() {
    for (const { method, url, headers, body, answerHeaders, answer } of this.exchanges) {
      const name = `${method} ${url}`;
      yield [`${name}, head`, Buffer.from([name, ...headers].join("\n"))];
      if (body.length > 0) yield [`${name}, body`, body];
      yield [`${name}, answer's head`, Buffer.from(answerHeaders.join("\n"))];
      if (answer.length > 0) yield [`${name}, answer`, answer];
    }
  }

  /** @param {import("node:http").IncomingMessage} incoming @param {import("node:http").ServerResponse} outgoing */
  #carry(incoming, outgoing) {
    const { method = "", url: target = "", rawHeaders } = incoming;
    const url = new URL(target);
    /** @type {Exchange} */
    const exchange = { method, url, headers: rawHeaders, body: Buffer.alloc(0), status: 0, answerHeaders: [], answer: Buffer.alloc(0) };
    /** @type {Buffer[]} */
    const body = [];
    incoming.on("data", (part) => body.push(part));
    incoming.on("end", () => {
      exchange.body = Buffer.concat(body);
    });
    if (!this.#hosts.has(url.host)) {
      this.strangers.push(`${method} ${url}`);
      outgoing.writeHead(403).end();
      return;
    }
    this.exchanges.push(exchange);
    if (this.cut(method, url)) {
      incoming.socket.destroy();
      return;
    }
    const stub = this.stub(method, url);
    if (stub) {
      exchange.status = stub.status;
      incoming.on("end", () => outgoing.writeHead(stub.status, { "content-type": stub.type, "cache-control": "no-store" }).end(stub.body));
      return;
    }
    const headers = Object.fromEntries(Object.entries(incoming.headers).filter(([name]) => !name.startsWith("proxy-")));
    const onward = send(url, { method, headers, agent: false }, (answer) => {
      exchange.status = answer.statusCode ?? 0;
      if (this.lose(method, url)) {
        incoming.socket.destroy();
        return;
      }
      exchange.answerHeaders = answer.rawHeaders;
      outgoing.writeHead(exchange.status, answer.rawHeaders);
      /** @type {Buffer[]} */
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => {
        exchange.answer = Buffer.concat(parts);
      });
      answer.pipe(outgoing);
    });
    // A dead server is a dead connection to the browser too.
    onward.on("error", () => incoming.socket.destroy());
    incoming.pipe(onward);
  }
}
