// The panel's side of the courier's frame: a port for each origin that is spoken to.

const frame = document.createElement("iframe");
frame.setAttribute("sandbox", "allow-scripts");
frame.src = "/courier.html";
frame.hidden = true;
const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
document.body.append(frame);

/** A port through which one origin can be asked; with none, any address. @param {string} origin @returns {Promise<MessagePort>} */
export async function courier(origin) {
  await loaded;
  const { port1, port2 } = new MessageChannel();
  // A frame without an origin of its own can only be reached by `*`; it is our own file, and nothing secret is in this message.
  frame.contentWindow?.postMessage({ origin }, "*", [port2]);
  return port1;
}

/** Asks for one address. @param {string} address @returns {Promise<{ status: number, body: string }>} status 0 where there is no answer */
export async function look(address) {
  const port = await courier("");
  try {
    return await new Promise((resolve) => {
      port.onmessage = ({ data }) => resolve(data.failed ? { status: 0, body: "" } : { status: data.status, body: new TextDecoder().decode(data.body) });
      port.postMessage({ id: 1, address, method: "GET", headers: [] });
    });
  } finally {
    port.close();
  }
}
