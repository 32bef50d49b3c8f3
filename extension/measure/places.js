// Where things stand in the window, and what of them can be seen.

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

/** CSS pixels by which letters reach out of their own line without any style that says so; and what is so near comes into the window sooner than anybody can look (`AROUND` in `place.rs`). */
const REACH = 4;

/** Whether something of it can be seen in the window. @param {Box} box */
const inWindow = (box) => box.right > -REACH && box.bottom > -REACH && box.left < pane.width + REACH && box.top < pane.height + REACH;

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
