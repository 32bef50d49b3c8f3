// What may be shadowed by a named element, read by the prototypes' own accessors.

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
