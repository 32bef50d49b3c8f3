// The end of it, and the beginning: what is in the other files runs when this is reached.

function end() {
  if (ended) return;
  finish();
  ended = true;
  observer.disconnect();
  for (const [target, type, heard] of listeners) unlisten.call(target, type, heard, { capture: true });
  listeners.length = 0;
  roots.length = 0;
  kept.clear();
  states.clear();
  spots.clear();
  // Whoever waits for a turn still gets it, and the port is closed then.
  channel?.port2.postMessage(null);
  secrets = new WeakSet();
  watched = new WeakSet();
  uncut = null;
  range.setStart(document, 0);
  range.collapse(true);
  delete (/** @type {any} */ (globalThis)[NAME]);
}

scan(document);
// It hears of the window's size too.
if (visualViewport) for (const type of ["scroll", "resize"]) hear(visualViewport, type, changed);
const fonts = reader(Document.prototype, "fonts")(document);
if (fonts) hear(fonts, "loadingdone", changed);

Object.defineProperty(globalThis, NAME, { value: Object.freeze({ moment, first, drawn, begin, to, finish, end }), configurable: true });
