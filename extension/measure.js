// Measures a page for a picture of it: where text stands, what cannot be read, and what is selected. Injected into the page's isolated world after the
// person pressed the button. It only reads: no network, no console, no event, no element of its own. What it returns is what `recourse-capture`
// (`place.rs`, `selection.rs`) takes in, and JSON throughout.
//
// The page cannot steer it. Prototypes are those of the isolated world, but a named element shadows properties of its form, of `document` and of
// `globalThis` there as well (`<form><input name="firstChild">`, `<img name="body">`), so whatever may be one of those is read by the prototype's own accessor.
//
// What it does not see, and what therefore has to be looked at by the person:
// - text drawn by an image, a background, `<svg><use>`, a list marker or a `::before` without attributes; of `::before` and `::after` only those on
//   elements with attributes beyond the plain ones, up to `PROBES` of them, and as large as the element itself, wherever they are really put;
// - text that is painted a second time, by `filter: drop-shadow()` or a reflection, and a first letter that is set over several lines;
// - text split into boxes of its own letter by letter (`display: inline-block`): each is read alone;
// - what moves without a mutation (a running animation, rules changed through a style sheet's own interface) is noticed where texts, fields and other things
//   have another place by the next `moment`, in the first `SPOTS` of them, and not where they are back by then;
// - text in a rotated frame: the frame is covered as one that may not be looked into.

(() => {
  "use strict";

  /**
   * @typedef {{ x: number, y: number, width: number, height: number }} Area
   * @typedef {{ left: number, top: number, right: number, bottom: number }} Box
   * @typedef {{ node: number, block: number, text: string, areas: Area[] }} Piece
   * @typedef {"password" | "card" | "frame" | "canvas" | "video" | "control"} What
   * @typedef {{ what: What, areas: Area[], label: string }} Thing
   * @typedef {{ scroll_x: number, scroll_y: number, width: number, height: number, changes: number }} Moment
   * @typedef {{ moment: Moment, pieces: Piece[], things: Thing[] }} Measured
   * @typedef {{ node: number, from: number, to: number }} Span
   * @typedef {{ span: Span, areas: Area[] | null }} Found
   * @typedef {{ exact: string, prefix: string, suffix: string, start: number, end: number, css: string }} Selected
   * @typedef {{ css: string, area: Area, tag: string }} Pointed
   * From a frame's own pixels to those of the window.
   * @typedef {{ x: number, y: number, across: number, down: number }} Placing
   * What is read in one go. The number is 0 until something is read, and again after a box that cuts the lines. `depth` is where its inside ends in what is
   * still to be seen.
   * @typedef {{ number: number, depth: number }} Block
   * An element as it was met, below another one in the order in which boxes are nested. `element` is nothing for the document of a frame.
   * @typedef {{ above: Info | null, element: Element | null, frame: Element | null, placing: Placing, clip: Box | null, absolute: Box | null,
   *   view: Box | null, shown: boolean, faint: boolean, display: string, block: Block, anchor: Element | null, ink?: Box }} Info
   * What a piece was read from; no node where a field or an attribute shows it.
   * @typedef {{ node: Text | null, element: Element, text: string, info: Info }} Record
   */

  const NAME = "recourseMeasure";
  // Not `globalThis.recourseMeasure`, which an element of that id would be.
  try {
    Object.getOwnPropertyDescriptor(globalThis, NAME)?.value?.end?.();
  } catch {
    // What an older version left is of no use.
  }

  /** How long the page may be kept from its own work at once. */
  const SLICE = 16;
  /** Elements to point at. */
  const ELEMENTS = 2_000;
  const SMALLEST = { width: 24, height: 16 };
  /** Drawn things below this show nothing that could be read. */
  const DRAWN = 8;
  /** Elements whose generated text is asked for; two styles each. */
  const PROBES = 1_000;
  const LABEL = 80;
  /** Words whose places are given. */
  const WORDS = 4_000;
  /** Texts and things that are looked at again for having moved. */
  const SPOTS = 2_000;
  /** UTF-16 units on each side of a selection: above the 32 characters that are used. */
  const AROUND = 80;

  // ---------------------------------------------------------------- accessors

  /**
   * The getter of a prototype, for elements that might shadow it.
   * @param {object} prototype @param {string} name @returns {(of: any) => any}
   */
  function reader(prototype, name) {
    const get = /** @type {Function} */ (Object.getOwnPropertyDescriptor(prototype, name)?.get);
    return (of) => get.call(of);
  }

  /** @param {any} prototype @param {string} name @returns {(of: any, a?: any, b?: any) => any} */
  function caller(prototype, name) {
    const method = prototype[name];
    return (of, a, b) => method.call(of, a, b);
  }

  const lastChild = reader(Node.prototype, "lastChild");
  const previousSibling = reader(Node.prototype, "previousSibling");
  const parentNode = reader(Node.prototype, "parentNode");
  const nodeType = reader(Node.prototype, "nodeType");
  const isConnected = reader(Node.prototype, "isConnected");
  const rootNode = caller(Node.prototype, "getRootNode");
  const localName = reader(Element.prototype, "localName");
  const parentElement = reader(Node.prototype, "parentElement");
  const firstElement = reader(Element.prototype, "firstElementChild");
  const nextElement = reader(Element.prototype, "nextElementSibling");
  const rectOf = caller(Element.prototype, "getBoundingClientRect");
  const rectsOf = caller(Element.prototype, "getClientRects");
  const isShown = caller(Element.prototype, "checkVisibility");
  const attribute = caller(Element.prototype, "getAttribute");
  const attributeNames = caller(Element.prototype, "getAttributeNames");
  const setAttribute = caller(Element.prototype, "setAttribute");
  const removeAttribute = caller(Element.prototype, "removeAttribute");
  const matches = caller(Element.prototype, "matches");
  const scrollLeft = reader(Element.prototype, "scrollLeft");
  const scrollTop = reader(Element.prototype, "scrollTop");
  const scrollWidth = reader(Element.prototype, "scrollWidth");
  const scrollHeight = reader(Element.prototype, "scrollHeight");
  const clientLeft = reader(Element.prototype, "clientLeft");
  const clientTop = reader(Element.prototype, "clientTop");
  const clientWidth = reader(Element.prototype, "clientWidth");
  const clientHeight = reader(Element.prototype, "clientHeight");
  const scroll = /** @type {Function} */ (Element.prototype.scrollTo);
  /** Of one argument: with a second one, even `undefined`, it is another call. @param {Element} element @param {number} left @param {number} top */
  const scrollTo = (element, left, top) => scroll.call(element, { left, top, behavior: "instant" });
  const openRoot = reader(Element.prototype, "shadowRoot");
  const styleOfHtml = reader(HTMLElement.prototype, "style");
  const styleOfSvg = reader(SVGElement.prototype, "style");
  const rootElement = reader(Document.prototype, "documentElement");
  const bodyOf = reader(Document.prototype, "body");
  const viewOf = reader(Document.prototype, "defaultView");
  const titleOf = reader(Document.prototype, "title");
  const scrollingElement = reader(Document.prototype, "scrollingElement");
  const activeInDocument = reader(Document.prototype, "activeElement");
  const activeInRoot = reader(ShadowRoot.prototype, "activeElement");
  const allInDocument = caller(Document.prototype, "querySelectorAll");
  const allInRoot = caller(DocumentFragment.prototype, "querySelectorAll");
  const firstInDocument = caller(Document.prototype, "querySelector");
  const treeWalker = /** @type {(root: Node, what: number) => TreeWalker} */ (
    // Of the document of this world: a walker may go through any tree.
    (root, what) => Document.prototype.createTreeWalker.call(document, root, what)
  );
  const listen = EventTarget.prototype.addEventListener;
  const unlisten = EventTarget.prototype.removeEventListener;

  /** Old and new names: those of today came with Chromium 121. */
  const SEEN = { checkVisibilityCSS: true, visibilityProperty: true };
  /** Neither cut off nor made fainter by what it is in. */
  const TOP_LAYER = ":modal, :popover-open, :fullscreen";

  /**
   * The shadow root of an element, closed ones too where an extension may look into them.
   * @returns {(element: Element) => ShadowRoot | null}
   */
  function opener() {
    const dom = /** @type {any} */ (globalThis).chrome?.dom;
    if (typeof dom?.openOrClosedShadowRoot === "function") {
      return (element) => {
        try {
          return dom.openOrClosedShadowRoot(element);
        } catch {
          // Not an HTML element, or one of a frame.
          return openRoot(element);
        }
      };
    }
    if ("openOrClosedShadowRoot" in Element.prototype) {
      const get = Object.getOwnPropertyDescriptor(Element.prototype, "openOrClosedShadowRoot")?.get;
      return (element) => (get ? get.call(element) : /** @type {any} */ (element).openOrClosedShadowRoot) ?? null;
    }
    return openRoot;
  }
  const open = opener();
  /** Only these and custom elements can have one: asking costs. */
  const HOSTS = new Set("article aside blockquote body div footer h1 h2 h3 h4 h5 h6 header main nav p section span".split(" "));

  /** @param {Element} element @param {string} name @returns {ShadowRoot | null} */
  const rootOf = (element, name) => (HOSTS.has(name) || name.includes("-") ? open(element) : null);

  /** @param {Element} frame @returns {Document | null} nothing for one that may not be looked into */
  function documentOf(frame) {
    try {
      return /** @type {HTMLIFrameElement} */ (frame).contentDocument;
    } catch {
      return null;
    }
  }

  // ---------------------------------------------------------------- changes

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

  // ---------------------------------------------------------------- slices

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

  // ---------------------------------------------------------------- places

  /** The part of the page that two fingers have enlarged is what a picture shows. @returns {Placing} */
  function topPlacing() {
    const view = visualViewport;
    if (!view || view.scale === 1) return { x: 0, y: 0, across: 1, down: 1 };
    return { x: -view.offsetLeft * view.scale, y: -view.offsetTop * view.scale, across: view.scale, down: view.scale };
  }
  let top = topPlacing();

  /** @param {DOMRect} rect @param {Placing} placing @returns {Box} */
  function placed(rect, { x, y, across, down }) {
    return { left: rect.left * across + x, top: rect.top * down + y, right: rect.right * across + x, bottom: rect.bottom * down + y };
  }

  /** @param {Box | null} one @param {Box | null} other @returns {Box | null} */
  function common(one, other) {
    if (!one || !other) return one ?? other;
    return {
      left: Math.max(one.left, other.left),
      top: Math.max(one.top, other.top),
      right: Math.min(one.right, other.right),
      bottom: Math.min(one.bottom, other.bottom),
    };
  }

  /** @param {number} value */
  const round = (value) => Math.round(value * 100) / 100;

  /** @param {Box} box @returns {Area} */
  const area = ({ left, top, right, bottom }) => ({ x: round(left), y: round(top), width: round(right - left), height: round(bottom - top) });

  /** Whether something of it is in the window. @param {Box} box */
  const inWindow = (box) => box.right > 0 && box.bottom > 0 && box.left < pane.width && box.top < pane.height;

  /** The lines of a text, with what its letters paint beside them. @param {Info} info @param {boolean} whole @returns {Area[]} */
  const lines = (info, whole) => areas(range.getClientRects(), info, whole, (info.ink ??= inkOf(info.element)));

  const NO_INK = { left: 0, top: 0, right: 0, bottom: 0 };
  /** How far slanted letters reach out of their line at its ends, in parts of their size. */
  const SLANT = 0.15;

  /** How far shadows, strokes and slanted letters reach on each side. @param {Element | null} element @returns {Box} */
  function inkOf(element) {
    if (!element) return NO_INK;
    const style = getComputedStyle(element);
    const stroke = parseFloat(style.getPropertyValue("-webkit-text-stroke-width")) / 2 || 0;
    const slant = style.fontStyle === "normal" ? 0 : SLANT * parseFloat(style.fontSize);
    if (stroke === 0 && slant === 0 && style.textShadow === "none") return NO_INK;
    let [left, up, right, down] = [slant, 0, slant, 0];
    for (const [, ...shadow] of style.textShadow.matchAll(/(-?[\d.]+)px (-?[\d.]+)px ([\d.]+)px/g)) {
      const [x, y, blur] = shadow.map(Number);
      [left, up, right, down] = [Math.max(left, blur - x), Math.max(up, blur - y), Math.max(right, blur + x), Math.max(down, blur + y)];
    }
    return { left: left + stroke, top: up + stroke, right: right + stroke, bottom: down + stroke };
  }

  /**
   * What is left of rectangles after the boxes around them have cut them off.
   * @param {ArrayLike<DOMRect>} rects @param {Info} info @param {boolean} whole @param {Box} [ink] around each @returns {Area[]}
   */
  function areas(rects, { placing, clip }, whole, ink = NO_INK) {
    /** @type {Area[]} */
    const left = [];
    for (let at = 0; at < rects.length; at += 1) {
      const full = placed(rects[at], placing);
      if (full.right <= full.left || full.bottom <= full.top) continue;
      const grown = ink === NO_INK ? full : { left: full.left - ink.left * placing.across, top: full.top - ink.top * placing.down, right: full.right + ink.right * placing.across, bottom: full.bottom + ink.bottom * placing.down };
      const box = /** @type {Box} */ (common(grown, clip));
      // A line cut down to a pixel is text for screen readers. One that was so small from the start stays.
      if (box.right - box.left < Math.min(1.5, full.right - full.left) || box.bottom - box.top < Math.min(1.5, full.bottom - full.top)) continue;
      if (whole || inWindow(box)) left.push(area(box));
    }
    return left;
  }

  /** Boxes that cut off what does not fit. Rows and lines do not, whatever their style says. */
  const CUTTING = new Set("block flow-root inline-block flex inline-flex grid inline-grid list-item table-cell -webkit-box -webkit-inline-box".split(" "));
  /** A box in a line, in which text goes on. */
  const FLOWING = new Set("inline contents ruby ruby-base ruby-text math".split(" "));

  /** The document of a frame, or that of the window. @param {Document} inner @param {Element | null} frame @param {Info | null} above @returns {Info} */
  function documentInfo(inner, frame, above) {
    const block = { number: 0, depth: 0 };
    const base = { above, element: null, frame, shown: true, faint: false, display: "block", block, anchor: above?.anchor ?? frame };
    if (!frame || !above) return { ...base, placing: top, clip: null, absolute: null, view: null };
    const { placing, content } = insideOf(frame, above.placing, inner);
    const view = common(content, above.clip);
    return { ...base, placing, clip: view, absolute: view, view };
  }

  /**
   * Where the page of a frame stands: in its content box, as large as the transforms around make it.
   * @param {Element} frame @param {Placing} outer @param {Document} inner @returns {{ placing: Placing, content: Box }}
   */
  function insideOf(frame, outer, inner) {
    const style = getComputedStyle(frame);
    const size = (/** @type {string} */ name) => parseFloat(style.getPropertyValue(name)) || 0;
    const edge = (/** @type {string} */ side) => size(`border-${side}-width`) + size(`padding-${side}`);
    const box = placed(rectOf(frame), outer);
    const edges = style.boxSizing === "border-box" ? { x: 0, y: 0 } : { x: edge("left") + edge("right"), y: edge("top") + edge("bottom") };
    // `offsetWidth` is rounded, and a pixel would be many at the far end.
    const scale = (/** @type {number} */ seen, /** @type {number} */ laid) => (laid > 0 ? seen / laid : 1);
    const across = scale(box.right - box.left, size("width") + edges.x);
    const down = scale(box.bottom - box.top, size("height") + edges.y);
    const content = {
      left: box.left + edge("left") * across,
      top: box.top + edge("top") * down,
      right: box.right - edge("right") * across,
      bottom: box.bottom - edge("bottom") * down,
    };
    // Under `zoom` a frame's own pixels are larger as well.
    const view = /** @type {Window | null} */ (viewOf(inner));
    const own = (/** @type {number} */ seen, /** @type {number} */ factor, /** @type {number | undefined} */ laid) =>
      laid && Math.abs(laid * factor - seen) > 2 * factor ? seen / laid : factor;
    return {
      placing: {
        x: content.left,
        y: content.top,
        across: own(content.right - content.left, across, view?.innerWidth),
        down: own(content.bottom - content.top, down, view?.innerHeight),
      },
      content,
    };
  }

  /** Whether nothing around it is turned or skewed, so that rectangles in it stay rectangles. @param {Info | null} info */
  function straight(info) {
    for (let at = info; at; at = at.above) {
      const element = at.element ?? at.frame;
      if (!element) continue;
      const { transform, rotate, perspective, offsetPath } = getComputedStyle(element);
      if ([rotate, perspective, offsetPath].some((value) => value && value !== "none")) return false;
      if (transform && transform !== "none" && !/^matrix\([\d.e-]+, 0, 0, [\d.e]+, /.test(transform)) return false;
      if (transform?.startsWith("matrix(-")) return false;
    }
    return true;
  }

  /** What is scrolled for a picture of the whole page cuts off nothing. @type {Element | null} */
  let uncut = null;

  /**
   * An element below another one; nothing where it has no box.
   * @param {Element} element @param {string} name @param {Info} above @returns {Info | null}
   */
  function look(element, name, above) {
    const style = getComputedStyle(element);
    const display = style.display;
    if (display === "none" || display === "") return null;
    const position = style.position;
    const out = position === "absolute" || position === "fixed";
    const onTop = out && matches(element, TOP_LAYER);
    const boxless = display === "contents";
    const faint = (above.faint && !onTop) || (!boxless && style.opacity === "0");
    // An element without a box of its own is never "visible".
    const shown = !faint && (boxless ? style.visibility === "visible" : isShown(element, SEEN));
    const { placing, view, anchor } = above;
    const flowing = FLOWING.has(display) && name !== "text";
    if (flowing) return { above, element, frame: null, placing, clip: above.clip, absolute: above.absolute, view, shown, faint, display, block: above.block, anchor };
    let clip = onTop || position === "fixed" ? view : position === "absolute" ? above.absolute : above.clip;
    // `clip` may leave a margin. The page's own root and body scroll with the window.
    const overflow = style.overflowY;
    if (overflow !== "visible" && overflow !== "clip" && CUTTING.has(display) && name !== "html" && name !== "body" && element !== uncut) {
      clip = common(clip, placed(rectOf(element), placing));
      // As it was when it was first seen: a later look must not hide that it was scrolled.
      if (!states.has(element)) states.set(element, stateOf(element));
    }
    const absolute = position === "static" ? above.absolute : clip;
    if (!out && !display.startsWith("inline")) above.block.number = 0;
    return { above, element, frame: null, placing, clip, absolute, view, shown, faint, display, block: { number: 0, depth: 0 }, anchor };
  }

  // ---------------------------------------------------------------- fields

  const FIELDS = new Set(["input", "textarea", "select"]);
  /** Of an input: what shows no text of its own. */
  const MUTE = new Set("hidden password checkbox radio range color image".split(" "));
  const PASSWORD_HINT = /passw|passphrase|passcode|\bpwd\b|kennwort|contrase|mot.?de.?passe|senha\b|парол|密码|パスワード/i;
  const CARD_HINT =
    /(card|karten?|credit|debit|cc|pan)[\s_-]*(no|nr|num|number|nummer)\b|\bcc[_-]?(num|csc|cvc|cvv|exp)|cardnum|\bcv[cv]2?\b|\bcsc\b|card[\s_-]*(code|security|verification|expir)|kartenpr|num(é|e)ro de (la )?(carte|tarjeta)|número (do|de la|de) (cart|tarjeta)|номер карты|卡号|カード番号/i;

  /** What must not be read of a field. @param {any} field @returns {"password" | "card" | null} */
  function secretOf(field) {
    if (field.type === "password") secrets.add(field);
    if (secrets.has(field)) return "password";
    const kinds = (attribute(field, "autocomplete") ?? "").toLowerCase().split(/\s+/);
    if (kinds.some((/** @type {string} */ kind) => kind === "current-password" || kind === "new-password" || kind === "one-time-code")) return "password";
    if (kinds.some((/** @type {string} */ kind) => kind.startsWith("cc-"))) return "card";
    if (localName(field) !== "input" || !/^(text|tel|number|search)$/.test(field.type)) return null;
    const hint = [attribute(field, "name"), attribute(field, "id"), attribute(field, "aria-label"), attribute(field, "placeholder")];
    for (const label of field.labels ?? []) hint.push(shortText(label));
    const words = hint.join(" ");
    // Dots instead of letters, by style alone.
    const dotted = getComputedStyle(field).getPropertyValue("-webkit-text-security");
    if (PASSWORD_HINT.test(words) || (dotted && dotted !== "none")) return "password";
    return CARD_HINT.test(words) ? "card" : null;
  }

  /** The text that a field shows. Not for one that holds a secret. @param {any} field @returns {string} */
  function fieldText(field) {
    if (localName(field) === "select") {
      const options = field.multiple || field.size > 1 ? field.options : field.selectedOptions;
      return Array.from(options, (/** @type {any} */ option) => option.label).join("\n");
    }
    if (field.type === "image") return attribute(field, "alt") ?? "";
    if (MUTE.has(field.type)) return "";
    if (field.type === "file") return Array.from(field.files ?? [], (/** @type {any} */ file) => file.name).join("\n");
    return field.value || attribute(field, "placeholder") || "";
  }

  /** Its text if that is short, else nothing. @param {Element} element */
  function shortText(element) {
    const walker = treeWalker(element, NodeFilter.SHOW_TEXT);
    let text = "";
    for (let count = 0; walker.nextNode(); count += 1) {
      text += /** @type {Text} */ (walker.currentNode).data;
      if (count > 50 || text.length > 4 * LABEL) return "";
    }
    text = text.replace(/\s+/g, " ").trim();
    return text.length <= LABEL ? text : "";
  }

  // ---------------------------------------------------------------- first

  /** By the number of the piece. @type {Map<number, Record>} */
  const kept = new Map();
  let numbers = 0;
  const range = new Range();

  const CONTROLS = new Set(["button", "a", "img", "summary"]);
  const ROLES = new Set(["button", "menuitem", "img"]);
  const NAMED = /avatar|user|account|profile|unread|badge|notification/i;
  /** Never shown, and never asked for a style. */
  const SILENT = new Set("script style template head link meta title base param source track noscript".split(" "));
  /** What is in them is not shown, or shown by something that is measured as a whole. */
  const LEAVES = new Set("iframe frame object embed fencedframe canvas video audio input textarea select img br wbr hr".split(" "));
  const CLOSED = new Set(["object", "embed", "fencedframe"]);
  /** Attributes that no rule is written to show. */
  const PLAIN = new Set(
    "class id style href src type role tabindex lang dir rel target width height name value for method action d fill viewBox xmlns colspan rowspan scope hidden open disabled checked".split(" "),
  );

  /** One measuring of the page. */
  class Run {
    /** @param {boolean} whole */
    constructor(whole) {
      this.whole = whole;
      /** @type {Piece[]} */
      this.pieces = [];
      /** @type {Thing[]} */
      this.things = [];
      /** @type {Pointed[]} */
      this.elements = [];
      /** Of the block that is being read. @type {{ piece: Piece, record: Record }[]} */
      this.pending = [];
      /** Still to be seen, the next one last: a page that takes nodes away in between takes none out of here. @type {({ node: Node, above: Info } | (() => void))[]} */
      this.stack = [];
      this.blocks = 0;
      this.probes = 0;
      this.paths = new Paths();
    }

    async all() {
      const info = documentInfo(document, null, null);
      this.stack.push({ node: rootElement(document), above: info });
      for (let count = 1, next = this.stack.pop(); next; next = this.stack.pop(), count += 1) {
        // The last ones first: the clock is asked now and then.
        if ((count & 31) === 0 && performance.now() > until) await breathe();
        if (typeof next === "function") next();
        else if (nodeType(next.node) === 3) this.text(/** @type {Text} */ (next.node), next.above);
        else if (nodeType(next.node) === 1) this.element(/** @type {Element} */ (next.node), next.above);
      }
      this.flush();
    }

    /** @param {Node} parent @param {Info} info */
    below(parent, info) {
      for (let node = lastChild(parent); node; node = previousSibling(node)) this.stack.push({ node, above: info });
    }

    /** @param {Text} node @param {Info} above */
    text(node, above) {
      if (!above.shown) return;
      const text = node.data;
      const blank = !/\S/.test(text);
      if (blank && !this.goesOn(above.block)) return;
      range.selectNodeContents(node);
      const rects = range.getClientRects();
      if (rects.length === 0 && !blank) return;
      const seen = lines(above, this.whole);
      if (seen.length > 0) keepSpot(node, spot(rects[0]));
      this.read({ node, element: /** @type {Element} */ (above.element), text, info: above }, seen);
    }

    /** Whether what was read last is of this block. @param {Block} block */
    goesOn(block) {
      return block.number !== 0 && this.pending[0]?.piece.block === block.number;
    }

    /** @param {Record} record @param {Area[]} lines */
    read(record, lines) {
      const { block } = record.info;
      if (!this.goesOn(block)) this.flush();
      block.number ||= this.blocks += 1;
      this.pending.push({ piece: { node: (numbers += 1), block: block.number, text: record.text, areas: lines }, record });
    }

    /** Takes in what was read of a block: all of it where some can be seen, for an address may begin outside of the window. */
    flush() {
      if (this.pending.some(({ piece }) => piece.areas.length > 0)) {
        for (const { piece, record } of this.pending) {
          this.pieces.push(piece);
          kept.set(piece.node, record);
        }
      }
      this.pending = [];
    }

    /** @param {Element} element @param {Info} above */
    element(element, above) {
      const name = localName(element);
      if (SILENT.has(name)) return;
      if (name === "br") return this.line(element, above);
      const cut = above.block.number;
      const info = look(element, name, above);
      if (!info) return;
      // What floats above a text does not part it, and is read after it.
      if (cut !== 0 && above.block.number === cut && info.block !== above.block && !info.display.startsWith("inline") && this.goesOn(above.block)) {
        this.stack.splice(above.block.depth, 0, { node: element, above: { ...above, block: { number: 0, depth: 0 } } });
        return;
      }
      if (info.shown) this.what(element, name, info);
      if (info.block !== above.block) info.block.depth = this.stack.length;
      if (LEAVES.has(name)) return;
      const probe = info.shown && this.mayGenerate(element);
      if (probe) this.generated(element, "::before", info);
      if (probe) this.stack.push(() => this.generated(element, "::after", info));
      this.inside(element, name, info);
    }

    /** A new line in a text: it parts words. @param {Element} element @param {Info} above */
    line(element, above) {
      if (above.shown && this.goesOn(above.block)) this.read({ node: null, element, text: "\n", info: above }, []);
    }

    /** What is nested in its box. @param {Element} element @param {string} name @param {Info} info */
    inside(element, name, info) {
      const root = rootOf(element, name);
      if (root) {
        watch(root);
        this.below(root, { ...info, anchor: info.anchor ?? element });
        return;
      }
      const given = name === "slot" ? /** @type {HTMLSlotElement} */ (element).assignedNodes() : [];
      if (given.length === 0) this.below(element, info);
      // What is given to a slot stands in the document itself if that slot's host does.
      for (const node of given.reverse()) this.stack.push({ node, above: rootNode(node) === document ? { ...info, anchor: null } : info });
    }

    /** @param {Element} element @param {string} name @param {Info} info */
    what(element, name, info) {
      this.pointed(element, name, info);
      if (name === "iframe" || name === "frame") this.frame(element, info);
      else if (CLOSED.has(name)) this.thing("frame", element, info);
      else if (name === "canvas" || name === "video") this.thing(name, element, info, name === "canvas" ? DRAWN : 1);
      else if (FIELDS.has(name)) this.field(element, info);
      else this.control(element, name, info);
    }

    /**
     * @param {What} what @param {Element} element @param {Info} info
     * @param {number} [least] pixels on each side
     */
    thing(what, element, info, least = 1) {
      const rect = rectOf(element);
      const places = areas([rect], info, this.whole).filter(({ width, height }) => width >= least && height >= least);
      if (places.length > 0) this.put({ what, areas: places, label: labelOf(element, what === "control") }, element, rect);
    }

    /** @param {Thing} thing @param {Element} element @param {DOMRect} rect */
    put(thing, element, rect) {
      this.things.push(thing);
      keepSpot(element, spot(rect));
    }

    /** @param {Element} element @param {Info} info */
    frame(element, info) {
      const inner = documentOf(element);
      const root = inner && rootElement(inner);
      if (!root || !straight(info)) return this.thing("frame", element, info);
      watch(inner);
      this.stack.push({ node: root, above: documentInfo(inner, element, info) });
    }

    /** @param {any} field @param {Info} info */
    field(field, info) {
      const secret = secretOf(field);
      if (secret) return this.thing(secret, field, info);
      states.set(field, stateOf(field));
      const text = fieldText(field);
      keepSpot(field, spotOf(field));
      // The one field has one block, also in a line of text.
      const own = { ...info, block: { number: 0, depth: 0 } };
      if (/\S/.test(text)) this.read({ node: null, element: field, text, info: own }, areas([rectOf(field)], info, this.whole));
      if (/^(button|submit|reset|image)$/.test(field.type)) this.thing("control", field, info);
    }

    /** @param {Element} element @param {string} name @param {Info} info */
    control(element, name, info) {
      if (name === "img") this.broken(/** @type {HTMLImageElement} */ (element), info);
      if (!isControl(element, name)) return;
      const rect = rectOf(element);
      // A link that runs over lines is not what lies between them.
      const places = areas(info.display === "inline" ? rectsOf(element) : [rect], info, this.whole);
      if (places.length > 0) this.put({ what: "control", areas: places, label: labelOf(element, true) }, element, rect);
    }

    /** The words that stand where a picture could not be loaded. @param {HTMLImageElement} image @param {Info} info */
    broken(image, info) {
      const text = image.complete && image.naturalWidth === 0 ? (attribute(image, "alt") ?? "") : "";
      if (/\S/.test(text)) this.read({ node: null, element: image, text, info }, areas([rectOf(image)], info, this.whole));
    }

    /** @param {Element} element */
    mayGenerate(element) {
      if (this.probes >= PROBES) return false;
      const found = attributeNames(element).some((/** @type {string} */ name) => !PLAIN.has(name));
      if (found) this.probes += 1;
      return found;
    }

    /** Text that a style makes of attributes. It has no rectangle; that of the element stands for it. @param {Element} element @param {"::before" | "::after"} which @param {Info} info */
    generated(element, which, info) {
      const text = generatedText(element, which);
      if (!/\S/.test(text)) return;
      this.read({ node: null, element, text, info }, areas(rectsOf(element), info, this.whole));
    }

    /** @param {Element} element @param {string} name @param {Info} info */
    pointed(element, name, info) {
      if (this.elements.length >= ELEMENTS || FLOWING.has(info.display) && !LEAVES.has(name) || name === "html") return;
      const [place] = areas([rectOf(element)], info, this.whole);
      if (!place || place.width < SMALLEST.width || place.height < SMALLEST.height) return;
      this.elements.push({ css: this.paths.of(info.anchor ?? element), area: place, tag: name });
    }
  }

  /** @param {Element} element @param {string} name */
  function isControl(element, name) {
    if (CONTROLS.has(name)) return true;
    const role = attribute(element, "role");
    if (role && ROLES.has(role)) return true;
    if (attribute(element, "aria-haspopup") !== null) return true;
    const named = attribute(element, "class");
    if (named && NAMED.test(named)) return true;
    const id = attribute(element, "id");
    return id !== null && NAMED.test(id);
  }

  /** @param {Element} element @param {boolean} text */
  function labelOf(element, text) {
    const parts = ["aria-label", "title", "alt", "id", "class"].map((name) => attribute(element, name));
    const source = localName(element) === "img" ? attribute(element, "src") : null;
    if (source && source.length < 200 && !source.startsWith("data:")) parts.push(source);
    // Of a button that is an input, what is written on it.
    if (text) parts.push(FIELDS.has(localName(element)) ? fieldText(element).slice(0, LABEL) : shortText(element));
    return parts.filter(Boolean).join(" ").slice(0, 600);
  }

  /** @param {Element} element @param {"::before" | "::after"} which */
  function generatedText(element, which) {
    const { content, visibility, opacity, display } = getComputedStyle(element, which);
    if (content === "none" || content === "normal" || content === "" || visibility !== "visible" || opacity === "0" || display === "none") return "";
    let text = "";
    for (const [, quoted, named] of content.matchAll(/"((?:[^"\\]|\\.)*)"|\battr\(\s*([\w-]+)[^)]*\)/g)) {
      text += named === undefined ? quoted.replace(/\\(["\\])/g, "$1") : (attribute(element, named) ?? "");
    }
    return text;
  }

  // ---------------------------------------------------------------- paths

  /** Numbers that were counted up, hashes, and what frameworks make up. */
  const MADE_UP = /\d{3}|[:«»@\s]|[0-9a-f]{8}|^(ember|radix|headlessui|react|mui|ext-gen|yui|gwt|__)/i;

  /** CSS paths of elements of the document, each part found once. */
  class Paths {
    constructor() {
      /** @type {Map<Element, string>} */
      this.known = new Map();
      /** @type {Map<Element, number>} */
      this.places = new Map();
    }

    /** @param {Element} element @returns {string} */
    of(element) {
      let path = this.known.get(element);
      if (path === undefined) {
        path = this.byId(element) ?? this.byPlace(element);
        this.known.set(element, path);
      }
      return path;
    }

    /** @param {Element} element */
    byId(element) {
      const id = attribute(element, "id");
      if (!id || id.length > 64 || MADE_UP.test(id)) return null;
      const path = `#${CSS.escape(id)}`;
      return allIn(rootNode(element), path).length === 1 ? path : null;
    }

    /** @param {Element} element */
    byPlace(element) {
      const name = CSS.escape(localName(element));
      const parent = parentElement(element);
      if (!parent || name === "body") return name;
      if (!this.places.has(element)) this.count(parent);
      return `${this.of(parent)} > ${name}:nth-of-type(${this.places.get(element)})`;
    }

    /** Of all children at once: a list of ten thousand is gone through once. @param {Element} parent */
    count(parent) {
      /** @type {Map<string, number>} */
      const counts = new Map();
      for (let child = firstElement(parent); child; child = nextElement(child)) {
        const name = localName(child);
        const count = (counts.get(name) ?? 0) + 1;
        counts.set(name, count);
        this.places.set(child, count);
      }
    }
  }

  // ---------------------------------------------------------------- selection

  /** @typedef {{ startContainer: Node, startOffset: number, endContainer: Node, endOffset: number }} Ends */

  /** What is selected in text, in the innermost root that has all of it. @returns {Ends | null} */
  function selectedRange() {
    const all = roots.filter(isConnected);
    const shadows = all.filter((root) => nodeType(root) === 11);
    const views = all.filter((root) => nodeType(root) === 9).map((root) => /** @type {Window} */ (viewOf(root)));
    for (const view of views) {
      const selection = /** @type {any} */ (view?.getSelection());
      const composed = selection && composedRange(selection, shadows);
      if (composed) return composed;
      if (selection && !selection.isCollapsed && selection.rangeCount > 0) return selection.getRangeAt(0);
    }
    for (const root of shadows) {
      const selection = /** @type {any} */ (root).getSelection?.();
      if (selection && !selection.isCollapsed && selection.rangeCount > 0) return selection.getRangeAt(0);
    }
    return null;
  }

  /** @param {any} selection @param {Node[]} shadowRoots @returns {Ends | null} */
  function composedRange(selection, shadowRoots) {
    try {
      const ends = selection.getComposedRanges?.({ shadowRoots })[0];
      const empty = !ends || (ends.startContainer === ends.endContainer && ends.startOffset === ends.endOffset);
      return empty || rootNode(ends.startContainer) !== rootNode(ends.endContainer) ? null : ends;
    } catch {
      // An older form of the call.
      return null;
    }
  }

  /** The field that has the focus, in whatever root. @returns {any} */
  function focused() {
    let element = activeInDocument(document);
    while (element) {
      const name = localName(element);
      const frame = name === "iframe" || name === "frame" ? documentOf(element) : null;
      const root = frame ? null : rootOf(element, name);
      const inner = frame ? activeInDocument(frame) : root && activeInRoot(root);
      if (!inner) return element;
      element = inner;
    }
    return null;
  }

  /** @param {Paths} paths @returns {Selected | null | undefined} nothing at all where no field has a selection */
  function inField(paths) {
    const field = focused();
    if (!field || !/^(input|textarea)$/.test(localName(field))) return undefined;
    // A date or a number has no selection, and says so by throwing in older browsers.
    let start = null;
    let end = null;
    try {
      [start, end] = [field.selectionStart, field.selectionEnd];
    } catch {
      return undefined;
    }
    if (start === null || end === null || start === end) return undefined;
    if (secretOf(field) || MUTE.has(field.type)) return null;
    /** @type {string} */
    const value = field.value;
    // Positions are those in the field: its text is not part of the page's.
    return { exact: unbroken(value.slice(start, end)), prefix: before(value, start), suffix: behind(value, end), start, end, css: cssOf(field, paths) };
  }

  /** Never half of a character: the other side does not take in lone surrogates. @param {string} text @param {number} at */
  const before = (text, at) => unbroken(text.slice(Math.max(0, at - AROUND), at));
  /** @param {string} text @param {number} at */
  const behind = (text, at) => unbroken(text.slice(at, at + AROUND));
  /** @param {string} text */
  const unbroken = (text) => text.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, "");

  /** @param {Paths} paths @returns {Promise<Selected | null>} */
  async function selection(paths) {
    const field = inField(paths);
    if (field !== undefined) return field;
    const ends = selectedRange();
    return ends && (await inText(ends, paths));
  }

  /** @param {Node} node @param {Paths} paths */
  function cssOf(node, paths) {
    const holder = holderOf(node);
    return holder ? paths.of(holder) : "";
  }

  /** @param {Ends} ends @param {Paths} paths @returns {Promise<Selected | null>} */
  async function inText(ends, paths) {
    const { startContainer, startOffset, endContainer, endOffset } = ends;
    const root = rootNode(startContainer);
    const chosen = new Range();
    chosen.setStart(startContainer, startOffset);
    chosen.setEnd(endContainer, endOffset);
    // `text` has a line's end between blocks, and `units` counts the page's text without them.
    let [text, units, from, to, start, end] = ["", 0, -1, -1, 0, 0];
    for await (const { node, data, parted } of texts(root)) {
      if (parted && text !== "" && !text.endsWith("\n")) text += "\n";
      if (chosen.intersectsNode(node)) {
        const first = node === startContainer ? startOffset : 0;
        const last = node === endContainer ? endOffset : data.length;
        if (from < 0) [from, start] = [text.length + first, units + first];
        [to, end] = [text.length + last, units + last];
      }
      text += data;
      units += data.length;
      if (to >= 0 && text.length > to + 2 * AROUND) break;
    }
    if (from < 0 || !/\S/.test(text.slice(from, to))) return null;
    return { exact: unbroken(text.slice(from, to)), prefix: before(text, from), suffix: behind(text, to), start, end, css: cssOf(chosen.commonAncestorContainer, paths) };
  }

  /** The element of the node, or what stands for it in the document: the host of its shadow root, its frame. @param {Node} node @returns {Element | null} */
  function holderOf(node) {
    for (let root = rootNode(node); root !== document; root = rootNode(node)) {
      const outer = nodeType(root) === 11 ? root.host : nodeType(root) === 9 ? viewOf(root)?.frameElement : null;
      if (!outer) return null;
      node = outer;
    }
    return nodeType(node) === 1 ? /** @type {Element} */ (node) : (parentElement(node) ?? null);
  }

  /**
   * Text nodes that have a box, in order; `parted` where another block begins.
   * @param {Node} root @returns {AsyncGenerator<{ node: Text, data: string, parted: boolean }>}
   */
  async function* texts(root) {
    const walker = treeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    /** @type {Element | null} */
    let last = null;
    let parted = false;
    /** @type {Map<Element, Element | null>} */
    const blocks = new Map();
    for (let count = 1; walker.nextNode(); count += 1) {
      if ((count & 31) === 0 && performance.now() > until) await breathe();
      const node = walker.currentNode;
      if (nodeType(node) === 1) {
        parted ||= localName(node) === "br";
        continue;
      }
      const parent = parentElement(node);
      const block = parent && blockOf(parent, blocks);
      if (parent && !block) continue;
      parted ||= block !== last;
      last = block;
      yield { node: /** @type {Text} */ (node), data: /** @type {Text} */ (node).data, parted };
      parted = false;
    }
  }

  /** The block around; nothing where it is not shown. @param {Element} element @param {Map<Element, Element | null>} blocks @returns {Element | null} */
  function blockOf(element, blocks) {
    let block = blocks.get(element);
    if (block !== undefined) return block;
    const { display } = getComputedStyle(element);
    const parent = parentElement(element);
    if (SILENT.has(localName(element)) || LEAVES.has(localName(element))) block = null;
    else if (FLOWING.has(display) && parent) block = display === "contents" || isShown(element) ? blockOf(parent, blocks) : null;
    else block = isShown(element) ? element : null;
    blocks.set(element, block ?? null);
    return block ?? null;
  }

  // ---------------------------------------------------------------- what is asked for

  /** @param {{ whole?: boolean }} [options] */
  const first = ({ whole = false } = {}) =>
    inTurn(async () => {
      slice();
      top = topPlacing();
      // Before anything is measured: whatever happens meanwhile is a change.
      const begun = moment();
      kept.clear();
      states.clear();
      spots.clear();
      uncut = whole ? scroller().element : null;
      const run = new Run(whole);
      await run.all();
      const measured = { moment: begun, pieces: run.pieces, things: run.things };
      return { measured, words: await words(run.pieces), elements: run.elements, selection: await selection(run.paths), page: pageOf() };
    });

  /** What could be somebody's: an address, a number, a key. */
  const SUSPECT = /[@\p{N}]|\S{20}/u;

  /**
   * Where each word stands, at the same moment as the texts: what is found in them is then covered as narrowly as it can be, without a second look at a page that has
   * moved since. What could be somebody's comes first, for there is an end to it.
   * @param {Piece[]} pieces @returns {Promise<Found[]>}
   */
  async function words(pieces) {
    /** @type {Found[]} */
    const found = [];
    const seen = pieces.filter(({ areas }) => areas.length > 0);
    for (const suspect of [true, false]) {
      for (const { node, text } of seen) {
        const record = kept.get(node);
        if (!record?.node || SUSPECT.test(text) !== suspect) continue;
        for (const { 0: word, index } of text.matchAll(/\S+/gu)) {
          if (found.length >= WORDS) return found;
          if (performance.now() > until) await breathe();
          // Another text by now: that counts as a change, and the lines are covered whole.
          if (record.node.data !== text) break;
          range.setStart(record.node, index);
          range.setEnd(record.node, index + word.length);
          found.push({ span: { node, from: index, to: index + word.length }, areas: lines(record.info, true) });
        }
      }
    }
    return found;
  }

  /** Who led here is nobody's business: the referrer is not read. */
  function pageOf() {
    const link = firstInDocument(document, 'head link[rel~="canonical" i][href]');
    return {
      address: location.href,
      title: titleOf(document),
      language: attribute(rootElement(document), "lang") ?? "",
      canonical: link ? /** @type {HTMLLinkElement} */ (link).href : null,
    };
  }

  // ---------------------------------------------------------------- the whole page

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

  /** Two frames, so that what was done is drawn. A tab that nobody looks at draws none. @returns {Promise<void>} */
  const drawn = () =>
    new Promise((resolve) => {
      const late = setTimeout(resolve, 1_000);
      requestAnimationFrame(() => requestAnimationFrame(() => (clearTimeout(late), resolve())));
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

  // ---------------------------------------------------------------- end

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

  Object.defineProperty(globalThis, NAME, { value: Object.freeze({ moment, first, begin, to, finish, end }), configurable: true });
})();
