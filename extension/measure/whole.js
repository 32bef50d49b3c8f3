// Scrolling for a picture of the whole page, and putting everything back.

/**
 * @typedef {{ element: Element, inner: boolean }} Scroller
 * @typedef {{ element: Element, style: CSSStyleDeclaration, attribute: string | null, rules: string, left: string | null, before: [string, string, string][] }} Changed
 */

/** What is scrolled, and how things were. @type {{ scroller: Scroller, x: number, y: number, calls: number, around: Set<Node>, altered: Map<Element, Changed> } | null} */
let session = null;

/** Whether somebody can scroll the window itself. */
function windowScrolls() {
  const root = rootElement(document);
  const page = scrollingElement(document) ?? root;
  if (scrollHeight(page) <= clientHeight(page) + 1) return false;
  const { overflowY } = getComputedStyle(root);
  const body = bodyOf(document);
  // The body's is that of the window where the root has none.
  const overflow = overflowY === "visible" && body ? getComputedStyle(body).overflowY : overflowY;
  return overflow !== "hidden" && overflow !== "clip";
}

/** The window, or the largest part that scrolls if that is at least half of it. @returns {Scroller} */
function scroller() {
  const page = scrollingElement(document) ?? rootElement(document);
  if (windowScrolls()) return { element: page, inner: false };
  /** @type {Element | null} */
  let largest = null;
  let most = (innerWidth * innerHeight) / 2;
  for (const element of everything()) {
    const size = clientWidth(element) * clientHeight(element);
    if (size < most || scrollHeight(element) <= clientHeight(element) + 1) continue;
    const box = viewBox(element);
    const seen = Math.max(0, box.right - box.left) * Math.max(0, box.bottom - box.top);
    if (seen < most || !/^(auto|scroll|overlay)$/.test(getComputedStyle(element).overflowY) || !isShown(element, { ...SEEN, checkOpacity: true, opacityProperty: true })) continue;
    [largest, most] = [element, Math.max(seen, most)];
  }
  return largest && largest !== page ? { element: largest, inner: true } : { element: page, inner: false };
}

/** Elements of the document and of shadow roots; a frame scrolls for itself. @returns {Generator<Element>} */
function* everything() {
  /** @type {(Document | ShadowRoot)[]} */
  const left = [document];
  for (let root = left.pop(); root; root = left.pop()) {
    for (const element of allIn(root, "*")) {
      const inner = rootOf(element, localName(element));
      if (inner) left.push(inner);
      yield element;
    }
  }
}

/** The inside of a box that scrolls, as far as the window shows it. @param {Element} element @returns {Box} */
function viewBox(element) {
  const { left, top, width } = rectOf(element);
  const x = left + clientLeft(element);
  const y = top + clientTop(element);
  const inner = { left: x, top: y, right: x + Math.min(clientWidth(element), width), bottom: y + clientHeight(element) };
  return /** @type {Box} */ (common(inner, { left: 0, top: 0, right: innerWidth, bottom: innerHeight }));
}

/** It and everything that it is in, out of shadow roots as well: to hide one of them would hide the page. @param {Node} element */
function around(element) {
  /** @type {Set<Node>} */
  const all = new Set();
  for (let node = element; node; node = nodeType(node) === 11 ? /** @type {ShadowRoot} */ (node).host : parentNode(node)) all.add(node);
  return all;
}

function begin() {
  finish();
  const found = scroller();
  const { element, inner } = found;
  session = { scroller: found, x: scrollLeft(element), y: scrollTop(element), calls: 0, around: around(element), altered: new Map() };
  // The window's own scroll bar is no part of the page.
  const view = inner ? viewBox(element) : { left: 0, top: 0, right: clientWidth(element), bottom: clientHeight(element) };
  return {
    inner,
    view: area(view),
    page: { width: scrollWidth(element), height: scrollHeight(element) },
    window: { width: innerWidth, height: innerHeight },
  };
}

/**
 * What the page is like now has been drawn. A browser begins no frame before the one before the last is on its way to the screen, so with the fourth the first one is.
 * A tab that nobody looks at draws none.
 * @returns {Promise<void>}
 */
const drawn = () =>
  new Promise((resolve) => {
    const late = setTimeout(resolve, 1_000);
    const frame = (/** @type {number} */ left) => void requestAnimationFrame(() => (left > 1 ? frame(left - 1) : (clearTimeout(late), resolve())));
    frame(4);
  });

/** @param {number} down */
async function to(down) {
  if (!session) throw new Error("begin() comes first");
  const now = session;
  const { element } = now.scroller;
  now.calls += 1;
  if (now.calls > 1) hideFixed(now);
  scrollTo(element, now.x, down);
  await drawn();
  // A page may make something stay only now that it was scrolled.
  if (now.calls > 1 && session === now && hideFixed(now)) await drawn();
  return { scroll: scrollTop(element), height: scrollHeight(element) };
}

/** What stays while the page is scrolled would be in every picture. @param {NonNullable<typeof session>} now @returns {boolean} whether there was any */
function hideFixed(now) {
  /** @type {[Element, string][]} */
  const found = [];
  for (const element of everything()) {
    if (now.altered.has(element) || now.around.has(element)) continue;
    const { position } = getComputedStyle(element);
    if (position === "fixed" || position === "sticky") found.push([element, position]);
  }
  for (const [element, position] of found) alter(now, element, position === "fixed" ? HIDDEN : LOOSE);
  return found.length > 0;
}

// Opacity too, for what is in it may be `visible` again; no transition, for the picture is taken at once.
const HIDDEN = { transition: "none", opacity: "0", visibility: "hidden" };
// Where it would stand without being held: a heading that sticks is part of the page, once.
const LOOSE = { transition: "none", position: "relative", top: "auto", right: "auto", bottom: "auto", left: "auto" };

/** @param {Element} element @returns {CSSStyleDeclaration | null} */
function styleOf(element) {
  for (const read of [styleOfHtml, styleOfSvg]) {
    try {
      return read(element);
    } catch {
      // Of the other kind.
    }
  }
  return null;
}

/**
 * By the style's own interface: a policy that refuses inline styles lets it be.
 * @param {NonNullable<typeof session>} now @param {Element} element @param {{ [name: string]: string }} rules
 */
function alter(now, element, rules) {
  const style = styleOf(element);
  if (!style) return;
  /** @type {Changed} */
  const saved = { element, style, attribute: attribute(element, "style"), rules: style.cssText, left: null, before: [] };
  for (const name of longhands(rules)) saved.before.push([name, style.getPropertyValue(name), style.getPropertyPriority(name)]);
  for (const [name, value] of Object.entries(rules)) style.setProperty(name, value, "important");
  saved.left = attribute(element, "style");
  now.altered.set(element, saved);
}

/** @param {{ [name: string]: string }} rules */
const longhands = (rules) =>
  Object.keys(rules).flatMap((name) =>
    name === "transition" ? ["transition-property", "transition-duration", "transition-timing-function", "transition-delay", "transition-behavior"] : [name],
  );

/** Everything as it was: styles to the byte, and the place. */
function finish() {
  const now = session;
  if (!now) return;
  session = null;
  const all = [...now.altered.values()];
  const touched = new Set(all.filter(({ element, left }) => attribute(element, "style") !== left));
  // What was hidden comes back before its transitions do, else it would fade in.
  for (const { style, before } of all) put(style, before.filter(([name]) => !name.startsWith("transition")));
  for (const { element } of all) void getComputedStyle(element).opacity;
  for (const saved of all) {
    if (touched.has(saved)) putBack(saved);
    else restore(saved);
  }
  scrollTo(now.scroller.element, now.x, now.y);
}

/** @param {CSSStyleDeclaration} style @param {[string, string, string][]} before */
function put(style, before) {
  for (const [name, value, priority] of before) {
    if (value === "") style.removeProperty(name);
    else style.setProperty(name, value, priority);
  }
}

/** Of an element that the page has written to meanwhile: only what was ours. @param {Changed} saved */
function putBack({ element, style, attribute: text, before }) {
  put(style, before);
  if (text === null && attribute(element, "style") === "") removeAttribute(element, "style");
}

/** @param {Changed} saved */
function restore({ element, style, attribute: text, rules }) {
  // By the style's own interface first: under a policy the attribute alone would have no effect.
  style.cssText = rules;
  if (text === null) return removeAttribute(element, "style");
  if (attribute(element, "style") === text) return;
  setAttribute(element, "style", text);
  if (style.cssText !== rules) style.cssText = rules;
}
