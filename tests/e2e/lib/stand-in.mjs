// Pages made up for the loader's own tests: a host and a frame that can be told what to say, without any server.

import { readFile } from "node:fs/promises";

export const INTAKE = "http://127.0.0.1:9180";
export const HOST = "http://localhost:9182";

const LOADER = new URL("../../../widget/loader/report-concern.js", import.meta.url);

/** The policy of the issue, word for word. */
export const POLICY = `default-src 'none'; script-src ${INTAKE}; style-src 'self'; frame-src ${INTAKE}; require-trusted-types-for 'script'`;

/** A frame that says hello as the form does, and keeps what it hears in `heard`. */
const FRAME = `<!doctype html><html lang="en"><title>form</title><body><h1>form</h1><textarea aria-label="text"></textarea><script>
window.heard = [];
addEventListener("message", (event) => {
  heard.push({ origin: event.origin, parent: event.source === parent, data: event.data });
  window.port = event.ports[0];
  port.onmessage = ({ data }) => heard.push({ port: data });
});
parent.postMessage({ recourse: "hello" }, "*");
</script>`;

/**
 * Answers for both origins. `body`, `style` and `script` are the host's; `loader: false` leaves ours out of the page; `frame` is what the
 * intake gives for the form.
 * @param {import("playwright-core").BrowserContext} context
 * @param {{ body: string, style?: string, script?: string, loader?: boolean, policy?: string, frame?: { headers?: Record<string, string>, body?: string } }} page
 * @returns {Promise<string[]>} paths asked of the intake, growing
 */
export async function standIn(context, { body, style = "body{font-size:31px}", script, loader: included = true, policy = POLICY, frame = {} }) {
  /** @type {string[]} */
  const asked = [];
  const loader = await readFile(LOADER, "utf8");
  await context.route(`${HOST}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname.endsWith(".css")) return route.fulfill({ contentType: "text/css", body: style });
    if (pathname.endsWith(".js")) return route.fulfill({ contentType: "text/javascript", body: script ?? "" });
    return route.fulfill({
      contentType: "text/html",
      headers: policy ? { "content-security-policy": policy } : {},
      body: `<!doctype html><html lang="de"><title>host</title><link rel="stylesheet" href="/host.css">
        ${included ? `<script type="module" crossorigin src="${INTAKE}/widget/report-concern.js"></script>` : ""}
        <body>${body}${script ? `<script type="module" src="/host.js"></script>` : ""}</body></html>`,
    });
  });
  await context.route(`${INTAKE}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    asked.push(pathname);
    if (/^\/widget\/(1\.2\.3\/)?report-concern\.js$/.test(pathname)) {
      return route.fulfill({ contentType: "text/javascript", headers: { "access-control-allow-origin": "*" }, body: loader });
    }
    return route.fulfill({ contentType: "text/html", body: frame.body ?? FRAME, headers: frame.headers ?? {} });
  });
  return asked;
}
