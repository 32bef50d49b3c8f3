// The <report-concern> element: a button, and behind it a dialog with a frame of the intake origin. No dependency, no Wasm, no
// inline style, nothing that Trusted Types would have to allow. What it says to the frame stands in README.md beside this file.

/** Where this script came from is where reports go: a host cannot change one without the other. */
const intake = new URL(import.meta.url).origin;

/** Attributes that are properties as well, in camelCase. The last seven are what the form is told, in this order. */
const names = "label close-label placement launcher channel subject-type subject-id subject-label theme root-key locale context-token".split(" ");

// For the elements and for the dialog's holder alike.
const sheet = new CSSStyleSheet();
sheet.replaceSync(
  ":host{display:inline-block}" +
    ":host(:is([hidden],[launcher=off])){display:none}" +
    // What the host's rules hand down ends here; only the colour scheme is wanted.
    "button{all:initial;color-scheme:inherit;box-sizing:border-box;padding:11px 16px;" +
    "border:1px solid transparent;border-radius:var(--recourse-radius,8px);font:var(--recourse-font,600 14px/20px system-ui,sans-serif);text-align:center;" +
    "background:var(--recourse-accent,light-dark(#0b5c6b,#7fd3e0));color:var(--recourse-on-accent,light-dark(#fff,#10181b));cursor:pointer}" +
    // On the button, for a rule of the host's on every element would win over one for :host.
    ":host([theme=light]) button{color-scheme:light}:host([theme=dark]) button{color-scheme:dark}" +
    ":host([placement=corner]) button{position:fixed;inset-block-end:var(--recourse-inset,16px);inset-inline-end:var(--recourse-inset,16px);" +
    "margin-block-end:env(safe-area-inset-bottom);z-index:2147483000}" +
    "button:hover{text-decoration:underline}" +
    // A light ring and a dark one: one of them is seen on every background.
    "button:focus-visible{outline:3px solid #0b5c6b;outline-offset:2px;box-shadow:0 0 0 2px #fff}" +
    // Nothing of the host's comes in, whatever it calls important, and the holder takes no room of its own.
    ":host([data-recourse]){all:initial!important;display:contents!important}" +
    // Drawn out of sight before the button is pressed, so that it need only be shown.
    "dialog:not([open]){display:block;visibility:hidden}" +
    "dialog{color-scheme:light dark;position:fixed;inset:0;margin:auto;box-sizing:border-box;inline-size:min(560px,100vw);max-inline-size:none;block-size:800px;" +
    "max-block-size:calc(100dvh - 32px);padding:0;border:1px solid transparent;border-radius:8px;overflow:hidden;background:Canvas;color:CanvasText;" +
    "font:16px/1.5 system-ui,sans-serif;box-shadow:0 8px 32px rgb(0 0 0/.24)}" +
    "dialog[data-theme=light]{color-scheme:light}dialog[data-theme=dark]{color-scheme:dark}" +
    "dialog::backdrop{background:rgb(0 0 0/.5)}" +
    // Not closed: a frame that is not drawn could not finish the picture.
    ".away,.away::backdrop{opacity:0}" +
    ".failed{block-size:fit-content}" +
    "iframe{position:absolute;inset:0;inline-size:100%;block-size:100%;border:0}dialog:not(.here) iframe{visibility:hidden}" +
    // Seen after two seconds without a form.
    "div{padding:24px}:not(.failed)>div{animation:wait 2s step-end}@keyframes wait{from{visibility:hidden}}.here div{display:none}" +
    "a{display:inline-block;padding:11px 16px}" +
    "@media(max-width:639.9px){dialog{inset:0;inline-size:100vw;block-size:100dvh!important;max-block-size:none;border:0;border-radius:0}}",
);

/** @typedef {{ host: ReportConcern, holder: HTMLElement, dialog: HTMLDialogElement, frame: HTMLIFrameElement, port?: MessagePort }} Stage The dialog's class says how far it is: none yet, `here` or `failed`. */

/**
 * The one dialog of this page, made when somebody comes near a button, and given to the button that is pressed.
 * @type {Stage | undefined}
 */
let stage;

/**
 * Elements of this page, those in shadow roots too.
 * @type {Set<ReportConcern>}
 */
const here = new Set();

/**
 * Calls that no element has taken yet, and every `configure`, for the elements to come.
 * @type {any[]}
 */
let waiting = [];

/** `<report-concern>`; its attributes, properties and methods stand in README.md beside this file. */
class ReportConcern extends HTMLElement {
  static observedAttributes = names;

  #root = this.attachShadow({ mode: "open" });
  #button = make("button", { type: "button", part: "button", ariaHasPopup: "dialog" });
  #refused = false;
  /** @type {Record<string, unknown>} */
  #context = {};

  connectedCallback() {
    this.#root.adoptedStyleSheets = [sheet];
    /** @type {any} */
    const self = this;
    // Properties set before this script came would hide what reads and writes them.
    for (const [name, value] of Object.entries(self)) {
      delete self[name];
      self[name] = value;
    }
    // Not `pointerenter`: it also comes when the dialog closes over a resting pointer, and would load the next frame.
    for (const name of ["pointermove", "pointerdown", "focusin", "click"]) this.addEventListener(name, this);
    // In a sandboxed or file: host our frame would be opaque too, and could not be told from anybody else's.
    if (origin === "null") this.refuse();
    else this.#draw();
    here.add(this);
    waiting = waiting.filter((call) => run(call, [this]));
  }

  disconnectedCallback() {
    here.delete(this);
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#draw();
  }

  /** What the product knows about the place, offered to the reporter: names to short texts. */
  get context() {
    return this.#context;
  }

  /** @param {Record<string, unknown>} data */
  set context(data) {
    // Said in the console and not thrown: a mistake here must not take the host's page down.
    try {
      // A clone, so that nothing but plain data passes.
      const texts = structuredClone({ ...data });
      for (const name in texts) if (typeof texts[name] !== "string") texts[name] = JSON.stringify(texts[name]);
      if (JSON.stringify(texts).length > 8192) throw RangeError("context too long");
      this.#context = texts;
    } catch (fault) {
      console.error(fault);
    }
  }

  /** Opens the dialog, as the button does. */
  open() {
    if (this.#refused) this.querySelector("a")?.click();
    this.#near();
    if (!stage || stage.dialog.open) return;
    const { dialog, frame } = stage;
    // A report begun at another button of this page stays what it is.
    if (!stage.port) {
      stage.host = this;
      frame.title = dialog.ariaLabel = word(this);
    }
    dialog.dataset.theme = word(this, "theme", "");
    dialog.showModal();
    if (stage.port) say("shown");
    else if (dialog.className === "here") connect(stage);
    frame.focus();
  }

  /** As Escape does: the form asks when something was typed. */
  close() {
    if (stage?.host === this && stage.dialog.open) leave("close-requested");
  }

  /** @param {Record<string, unknown>} properties */
  configure(properties) {
    Object.assign(this, properties);
  }

  /** @param {string} name */
  announce(name) {
    this.dispatchEvent(new Event("recourse:" + name, { bubbles: true, composed: true }));
  }

  /** The form cannot stand here: from now on there is a link, in the host's own markup and style. */
  refuse() {
    this.#refused = true;
    if (!this.querySelector("a")) this.append(link(this));
    this.#draw();
    this.announce("error");
  }

  #draw() {
    // With placement="own" the provider's link is the button, and still a link where this script never came.
    if (this.#refused || word(this, "placement") === "own") {
      this.#root.replaceChildren(make("slot"));
      return;
    }
    const button = this.#button;
    const about = word(this, "subject-label", "");
    button.textContent = word(this);
    // Several on one page need names of their own; the visible words come first.
    button.ariaLabel = word(this) + (about && ": " + about);
    // Put there once: it would lose the focus.
    if (!button.isConnected) this.#root.replaceChildren(button);
  }

  #near() {
    // A frame that somebody may have written in is never thrown away for another.
    if (this.#refused || stage?.dialog.open || stage?.port) return;
    if (stage && stage.frame.src !== address(this, "embed")) end();
    if (!stage) prepare(this);
  }

  /** @param {any} event */
  handleEvent(event) {
    this.#near();
    // Keys that open a link elsewhere are the provider's link's; our button opens whatever is held, a Shift of quick exit above all.
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (event.type !== "click" || this.#refused || (elsewhere && word(this, "placement") === "own")) return;
    event.preventDefault();
    this.open();
  }
}

for (const name of names) {
  Object.defineProperty(ReportConcern.prototype, camel(name), {
    get() {
      return this.getAttribute(name);
    },
    set(value) {
      if (value == null) this.removeAttribute(name);
      else this.setAttribute(name, value);
    },
  });
}

/** @param {string} name */
function camel(name) {
  return name.replace(/-./g, (two) => two[1].toUpperCase());
}

/**
 * One call of the queue, `[method, target, argument]`, for those of the elements that it means.
 * @param {any} call
 * @param {any[]} elements
 * @returns {boolean} whether it is kept
 */
function run([method, target, argument], elements) {
  const meant = elements.filter((one) => one.matches(target ?? "*"));
  // One dialog, and one tab where there is a link instead.
  if (method === "open") meant.length &&= 1;
  for (const one of meant) one[method]?.(argument);
  return method === "configure" || !meant[0];
}

/**
 * Makes dialog and frame. The frame loads, and is told nothing until the button is pressed.
 * @param {ReportConcern} host
 */
function prepare(host) {
  const frame = make("iframe", {
    sandbox:
      "allow-scripts allow-same-origin allow-forms allow-downloads allow-modals allow-popups allow-top-navigation-by-user-activation",
    allow: "display-capture; clipboard-write",
    referrerPolicy: "no-referrer",
    src: address(host, "embed"),
    // A refused frame loads an error page, which says nothing; a form has said hello by then. The two come by different ways, so
    // the slower one is waited for.
    onload() {
      setTimeout(() => {
        if (stage === mine && !dialog.className) fail(mine);
      }, 3000);
    },
  });
  const dialog = make("dialog", {
    /** @param {Event} event */
    oncancel(event) {
      event.preventDefault();
      leave("close-requested");
    },
    onclose() {
      // A browser may close the dialog over our head (Escape twice): the text stays, and the button shows it again.
      if (stage === mine) leave("hidden");
      mine.host.announce("close");
    },
  });
  const aside = make("div");
  aside.append(
    link(host),
    make("button", { type: "button", textContent: word(host, "close-label", "Close"), onclick: end }),
  );
  dialog.append(aside, frame);
  const holder = make("div");
  holder.dataset.recourse = "";
  // A product's own dialog would take a press or the focus here for one beside it, and close.
  for (const name of ["pointerdown", "mousedown", "click", "focusin"]) holder.addEventListener(name, (event) => event.stopPropagation());
  const root = holder.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  root.append(dialog);
  /** @type {Stage} */
  const mine = { host, holder, dialog, frame };
  stage = mine;
  // Not in <body>: the host's `:last-child` and grids shall not notice.
  document.documentElement.append(holder);
}

/** @param {MessageEvent} event */
function hear({ source, origin, data }) {
  if (!stage || source !== stage.frame.contentWindow || origin !== intake || data?.recourse !== "hello") return;
  stage.port?.close();
  delete stage.port;
  stage.dialog.className = "here";
  if (stage.dialog.open) connect(stage);
}

/** @param {Stage} mine */
function connect(mine) {
  const { host, frame, dialog } = mine;
  const { port1, port2 } = new MessageChannel();
  mine.port = port1;
  port1.onmessage = ({ data }) => {
    if (stage !== mine) return;
    const said = data?.recourse;
    if (said === "ready" || said === "open") host.announce(said);
    // 480, 640 or 800 pixels.
    if (said === "height" && [1, 2, 3].includes(data.step)) dialog.style.blockSize = 320 + 160 * data.step + "px";
    // For a picture of the page, and back.
    if (said === "hide" || said === "show") {
      dialog.classList.toggle("away", said === "hide");
      say(said);
    }
    // Sent, abandoned or left in a hurry: the same for everyone who watches.
    if (said === "close" || said === "leave") end();
  };
  const [type, id, label, theme, root_key, locale, context_token] = names.slice(5).map((name) => host.getAttribute(name));
  const message = {
    recourse: "connect",
    locale: locale || document.documentElement.lang,
    theme,
    subject: { type, id, label },
    context: host.context,
    context_token,
    root_key,
  };
  frame.contentWindow?.postMessage(message, intake, [port2]);
  say("shown");
  frame.focus();
}

/** @param {string} what */
function say(what) {
  stage?.port?.postMessage({ recourse: what });
}

/**
 * The form decides what follows, once there is one.
 * @param {string} what
 */
function leave(what) {
  if (stage?.port) say(what);
  else end();
}

/** Takes frame and dialog away, whatever they held. */
function end() {
  if (!stage) return;
  const { host, holder, dialog, port } = stage;
  port?.close();
  // Closed before it is removed, or the focus would not go back to the button; and while `stage` is still set, so that this
  // focus does not load the next frame.
  if (dialog.open) dialog.close();
  stage = undefined;
  holder.remove();
  if (dialog.className === "failed") host.refuse();
}

/** @param {Stage} mine */
function fail(mine) {
  mine.dialog.className = "failed";
  if (!mine.dialog.open) end();
}

/** @param {SecurityPolicyViolationEvent} event */
function barred({ effectiveDirective, blockedURI, disposition }) {
  if (stage && effectiveDirective === "frame-src" && disposition === "enforce" && blockedURI.startsWith(intake)) fail(stage);
}

/**
 * @param {Element} host
 * @param {string} [name]
 * @param {string} [otherwise]
 */
function word(host, name = "label", otherwise = "Report a concern") {
  return host.getAttribute(name) || otherwise;
}

/**
 * @param {Element} host
 * @param {string} page
 */
function address(host, page) {
  return `${intake}/${page}/` + encodeURIComponent(word(host, "channel", ""));
}

/** @param {Element} host */
function link(host) {
  return make("a", { href: address(host, "r"), target: "_blank", rel: "noopener noreferrer", textContent: word(host) });
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, unknown>} [properties]
 */
function make(name, properties) {
  return Object.assign(document.createElement(name), properties);
}

/** @type {any} */
const page = self;
if (!customElements.get("report-concern")) {
  waiting = page.recourse ?? [];
  page.recourse = {
    /** @param {any[]} calls */
    push(...calls) {
      waiting.push(...calls.filter((call) => run(call, [...here])));
    },
  };
  addEventListener("message", hear);
  addEventListener("securitypolicyviolation", barred);
  customElements.define("report-concern", ReportConcern);
}
