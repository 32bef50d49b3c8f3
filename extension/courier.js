// The only part of the extension that speaks to a network. It stands in a frame with an origin of its own that is nobody's, so that what it asks carries
// `Origin: null` in every browser: Firefox puts an identifier of the installation into what an extension's own pages send. It asks for what the panel
// says, without cookies and referrer, and knows nothing of what is in it.

addEventListener("message", (event) => {
  if (event.source !== parent || !event.ports[0]) return;
  serve(event.ports[0], String(event.data?.origin ?? ""));
});

/**
 * Requests to one origin alone, or, with none named, addresses that a person had looked up.
 * @param {MessagePort} port
 * @param {string} origin
 */
function serve(port, origin) {
  /** @type {Map<number, AbortController>} */
  const open = new Map();
  port.onmessage = async ({ data: { id, address, method, headers, body, stop } }) => {
    if (stop) {
      open.get(id)?.abort();
      return;
    }
    const control = new AbortController();
    open.set(id, control);
    try {
      const to = new URL(address, origin || undefined);
      if (origin && to.origin !== origin) throw new TypeError("not where this report goes");
      const answer = await fetch(to, {
        method,
        headers,
        body,
        credentials: "omit",
        referrerPolicy: "no-referrer",
        cache: "no-store",
        redirect: "error",
        mode: "cors",
        signal: control.signal,
      });
      const bytes = await answer.arrayBuffer();
      port.postMessage({ id, status: answer.status, headers: [...answer.headers], body: bytes }, [bytes]);
    } catch {
      port.postMessage({ id, failed: true });
    }
    open.delete(id);
  };
}
