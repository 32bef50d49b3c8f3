// What changes on the page, and measuring in slices so that the page goes on meanwhile.

let changes = 0;
let ended = false;
const changed = () => void (changes = (changes + 1) >>> 0);

/** Fields that were for a password once, whatever a button to show it has made of them. @type {WeakSet<Element>} */
let secrets = new WeakSet();

/** @param {Node | null} node */
const localNameOf = (node) => (node && nodeType(node) === 1 ? localName(node) : "");

/** @param {MutationRecord[]} records */
function note(records) {
  // A title that blinks moves nothing.
  if (records.some(({ target }) => localNameOf(target) !== "title" && localNameOf(parentNode(target)) !== "title")) changed();
  for (const { type, attributeName, oldValue, target } of records) {
    if (type === "attributes" && attributeName === "type" && oldValue?.toLowerCase() === "password") secrets.add(/** @type {Element} */ (target));
  }
}
const observer = new MutationObserver(note);

/** @type {[EventTarget, string, (event: Event) => void][]} */
const listeners = [];

/** @param {EventTarget} target @param {string} type @param {(event: Event) => void} heard */
function hear(target, type, heard) {
  listen.call(target, type, heard, { capture: true, passive: true });
  listeners.push([target, type, heard]);
}

/** The window's own scrolling is told by its position. @param {Event} event */
const scrolled = (event) => void (event.target !== document && changed());

/** Loaded pictures, fonts and frames move what is below them. A window hears nothing of `load` in it, so all is heard at the document. */
const MOVES = "input change load toggle transitionrun transitionend animationstart animationend fullscreenchange".split(" ");

/** @type {WeakSet<Node>} */
let watched = new WeakSet();
/** @type {(Document | ShadowRoot)[]} */
const roots = [];

/** Counts the changes in a document or shadow root from now on. Any attribute: a rule may hang on each of them. @param {Document | ShadowRoot} root */
function watch(root) {
  if (watched.has(root)) return;
  watched.add(root);
  roots.push(root);
  observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true, attributeOldValue: true });
  // Scrolling in a shadow root is not heard outside of it.
  hear(root, "scroll", scrolled);
  for (const type of MOVES) hear(root, type, changed);
}

/** What a page's own listener could keep from being heard, by its state. @type {Map<Element, string>} */
const states = new Map();
/** Where texts and things stand that nothing may move: neither an animation nor rules that a script writes are a mutation. @type {Map<Node, string>} */
const spots = new Map();

/** @param {DOMRect | undefined} rect */
const spot = (rect) => (rect ? `${Math.round(rect.left)} ${Math.round(rect.top)} ${Math.round(rect.right)} ${Math.round(rect.bottom)}` : "");

/** @param {Node} node */
function spotOf(node) {
  if (nodeType(node) !== 3) return spot(rectOf(node));
  range.selectNodeContents(node);
  return spot(range.getClientRects()[0]);
}

/** @param {Node} node @param {string} now */
function keepSpot(node, now) {
  if (spots.size < SPOTS) spots.set(node, now);
}

let spotsAt = "";
function lookForMoved() {
  const scroll = `${scrollX} ${scrollY}`;
  let moved = false;
  for (const [node, before] of spots) {
    const now = spotOf(node);
    moved ||= now !== before;
    spots.set(node, now);
  }
  // Scrolling moves all of them, and is told by itself.
  if (moved && scroll === spotsAt) changed();
  spotsAt = scroll;
}

/** @param {Element} element */
const stateOf = (element) => (FIELDS.has(localName(element)) ? fieldState(element) : `${scrollLeft(element)} ${scrollTop(element)}`);

/** Only compared, and never given to anybody. @param {any} field */
const fieldState = (field) => `${field.value}\n${field.checked}`;

/** @returns {Moment} */
function moment() {
  note(observer.takeRecords());
  for (const [element, before] of states) {
    const now = stateOf(element);
    if (now !== before) {
      states.set(element, now);
      changed();
    }
  }
  lookForMoved();
  return { scroll_x: scrollX, scroll_y: scrollY, width: innerWidth, height: innerHeight, changes };
}

/** @param {Node} root a document or shadow root @param {string} selector @returns {NodeListOf<any>} */
const allIn = (root, selector) => (nodeType(root) === 9 ? allInDocument(root, selector) : allInRoot(root, selector));

/** Watches every shadow root and frame that is there. @param {Document | ShadowRoot} root */
function scan(root) {
  watch(root);
  for (const element of allIn(root, "*")) {
    const name = localName(element);
    const inner = name === "iframe" || name === "frame" ? documentOf(element) : rootOf(element, name);
    if (inner) scan(inner);
  }
}

let until = 0;
/** The window, for this slice. */
const pane = { width: 0, height: 0 };
function slice() {
  until = performance.now() + SLICE;
  [pane.width, pane.height] = [innerWidth, innerHeight];
}
/** @type {MessageChannel | undefined} */
let channel;

/** Lets the page go on. Not by `scheduler.yield()`, which goes on before the page's own timers and messages have had a turn. @returns {Promise<void>} */
function otherwise() {
  channel ??= new MessageChannel();
  const { port1, port2 } = channel;
  return new Promise((resolve) => {
    port1.onmessage = () => {
      if (ended) port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** To be awaited when the time is up. What was measured before the page was scrolled is no longer where it was. */
async function breathe() {
  const before = [scrollX, scrollY, top.x, top.y, top.across];
  await otherwise();
  if (ended) throw new Error("measuring was ended");
  top = topPlacing();
  if (before.some((value, at) => value !== [scrollX, scrollY, top.x, top.y, top.across][at])) changed();
  slice();
}

/** One measuring after the other. @type {Promise<unknown>} */
let queue = Promise.resolve();

/** @template T @param {() => Promise<T>} job @returns {Promise<T>} */
function inTurn(job) {
  const turn = queue.then(job, job);
  queue = turn.catch(() => {});
  return turn;
}
