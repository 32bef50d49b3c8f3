// Paths to elements, and what is selected.

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
