// Fields, and the reading of all that is to be seen.

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
