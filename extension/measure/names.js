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
