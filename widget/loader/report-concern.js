// The <report-concern> element: a button, and behind it a dialog with a frame of the intake origin. No dependency, no Wasm, no
// inline style, nothing that Trusted Types would have to allow. What it says to the frame stands in README.md beside this file.

/** Where this script came from is where reports go: a host cannot change one without the other. */
const intake = new URL(import.meta.url).origin;

// In a sandboxed or file: host our frame would be opaque too, and could not be told from anybody else's.
const opaque = self.origin === "null";

const buttonSheet = sheet(
  ":host{display:inline-block}" +
    ":host([hidden]){display:none}" +
    ":host([placement=corner]){position:fixed;inset-block-end:16px;inset-inline-end:16px;z-index:2147483000}" +
    "button{font:600 14px/20px system-ui,sans-serif;min-block-size:44px;padding:10px 16px;border:1px solid transparent;border-radius:8px;" +
    "background:var(--recourse-accent,#0b5c6b);color:var(--recourse-on-accent,#fff);cursor:pointer}" +
    ":host([theme=dark]) button{background:var(--recourse-accent,#7fd3e0);color:var(--recourse-on-accent,#10181b)}" +
    "button:hover{text-decoration:underline}" +
    // A light ring and a dark one: one of them is seen on every background.
    "button:focus-visible{outline:3px solid #0b5c6b;outline-offset:2px;box-shadow:0 0 0 2px #fff}",
);

const dialogSheet = sheet(
  // Nothing of the host's text style comes in, and the holder takes no room of its own.
  ":host{all:initial;display:contents}" +
    "dialog{color-scheme:light dark;box-sizing:border-box;inline-size:min(560px,100vw);max-inline-size:none;block-size:800px;" +
    "max-block-size:calc(100dvh - 32px);padding:0;border:1px solid transparent;border-radius:8px;overflow:hidden;background:Canvas;color:CanvasText;" +
    "font:16px/1.5 system-ui,sans-serif;box-shadow:0 8px 32px rgb(0 0 0/.24)}" +
    "dialog[data-theme=light]{color-scheme:light}dialog[data-theme=dark]{color-scheme:dark}" +
    "dialog[data-step='1']{block-size:480px}dialog[data-step='2']{block-size:640px}" +
    "dialog::backdrop{background:rgb(0 0 0/.5)}" +
    "iframe{position:absolute;inset:0;inline-size:100%;block-size:100%;border:0;visibility:hidden}" +
    // Seen after two seconds without a form.
    "div{padding:24px;animation:wait 2s step-end}@keyframes wait{from{visibility:hidden}}" +
    ".here iframe{visibility:visible}.here div{display:none}.failed div{animation:none}" +
    "a,button{font:inherit;padding:10px 16px;margin:4px;display:inline-block}" +
    "@media(max-width:639.9px){dialog,dialog[data-step]{inset:0;inline-size:100vw;block-size:100dvh;max-block-size:none;border:0;border-radius:0}}",
);

/** @typedef {{ host: ReportConcern, channel: string, holder: HTMLElement, dialog: HTMLDialogElement, frame: HTMLIFrameElement, port?: MessagePort, hello?: boolean, failed?: boolean }} Stage */

/**
 * The one dialog of this page, made when somebody comes near a button, and given to the button that is pressed.
 * @type {Stage | undefined}
 */
let stage;

/** `<report-concern channel root-key label? locale? theme? placement? subject-type? subject-id? subject-label?>` */
export class ReportConcern extends HTMLElement {
  static observedAttributes = ["label", "subject-label", "placement"];

  /**
   * What the product knows about the place, offered to the reporter: names to short texts.
   * @type {Record<string, unknown>}
   */
  context = {};

  #root = this.attachShadow({ mode: "open" });
  #refused = false;

  connectedCallback() {
    this.#root.adoptedStyleSheets = [buttonSheet];
    // Not `pointerenter`: it also comes when the dialog closes over a resting pointer, and would load the next frame.
    for (const name of ["pointermove", "pointerdown", "focusin"]) this.addEventListener(name, this.#near);
    this.addEventListener("click", this.#click);
    if (opaque) this.refuse();
    else this.#draw();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#draw();
  }

  get channel() {
    return this.getAttribute("channel") ?? "";
  }

  get label() {
    return this.getAttribute("label") || "Report a concern";
  }

  /** Opens the dialog, as the button does. */
  open() {
    this.#near();
    if (!stage || stage.dialog.open) return;
    const { dialog, frame } = stage;
    // A report begun at another button of this page stays what it is.
    if (!stage.port) stage.host = this;
    dialog.dataset.theme = this.getAttribute("theme") ?? "";
    dialog.showModal();
    if (stage.port) say("shown");
    else if (stage.hello) connect(stage);
    frame.focus();
  }

  /** @param {string} name */
  announce(name) {
    this.dispatchEvent(new CustomEvent("recourse:" + name, { bubbles: true, composed: true }));
  }

  /** The form cannot stand here: from now on there is a link, in the host's own markup and style. */
  refuse() {
    this.#refused = true;
    if (!this.querySelector("a")) this.append(link(this.channel, this.label));
    this.#draw();
    this.announce("error");
  }

  #draw() {
    // With placement="own" the provider's link is the button, and still a link where this script never came.
    if (this.#refused || this.getAttribute("placement") === "own") {
      this.#root.replaceChildren(make("slot"));
      return;
    }
    const button = make("button", { type: "button", part: "button", "aria-haspopup": "dialog" });
    button.textContent = this.label;
    // Several on one page need names of their own; the visible words come first.
    const about = this.getAttribute("subject-label");
    if (about) button.setAttribute("aria-label", this.label + ": " + about);
    this.#root.replaceChildren(button);
  }

  #near = () => {
    // A frame that somebody may have written in is never thrown away for another.
    if (this.#refused || stage?.dialog.open || stage?.port) return;
    if (stage && stage.channel !== this.channel) end();
    if (!stage) prepare(this);
  };

  /** @param {MouseEvent} event */
  #click = (event) => {
    // Keys that open a link elsewhere are the provider's link's; our button opens whatever is held, a Shift of quick exit above all.
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (this.#refused || (elsewhere && this.getAttribute("placement") === "own")) return;
    event.preventDefault();
    this.open();
  };
}

/**
 * Makes dialog and frame. The frame loads, and is told nothing until the button is pressed.
 * @param {ReportConcern} host
 */
function prepare(host) {
  const { channel, label } = host;
  const dialog = make("dialog", { "aria-label": label });
  const frame = make("iframe", {
    title: label,
    sandbox:
      "allow-scripts allow-same-origin allow-forms allow-downloads allow-modals allow-popups allow-top-navigation-by-user-activation",
    allow: "display-capture; clipboard-write",
    referrerpolicy: "no-referrer",
    src: intake + "/embed/" + encodeURIComponent(channel),
  });
  const close = make("button", { type: "button" });
  close.textContent = "Close";
  close.addEventListener("click", end);
  const aside = make("div");
  aside.append(link(channel, "Open the form in a new tab"), close);
  dialog.append(aside, frame);
  const holder = make("div", { "data-recourse": "" });
  const root = holder.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [dialogSheet];
  root.append(dialog);
  /** @type {Stage} */
  const mine = { host, channel, holder, dialog, frame };
  stage = mine;
  dialog.addEventListener("cancel", (event) => {
    // The form decides: it asks when something was typed.
    if (!mine.port) return;
    event.preventDefault();
    say("close-requested");
  });
  dialog.addEventListener("close", () => {
    // A browser may close the dialog over our head (Escape twice): the text stays, and the button shows it again.
    if (stage === mine && mine.port) say("hidden");
    else if (stage === mine) end();
    mine.host.announce("close");
  });
  // A refused frame loads an error page, which says nothing; a form has said hello by then. The two come by different ways, so
  // the slower one is waited for.
  frame.addEventListener("load", () => {
    setTimeout(() => {
      if (stage === mine && !mine.hello) fail(mine);
    }, 3000);
  });
  addEventListener("message", hear);
  document.addEventListener("securitypolicyviolation", barred);
  // Not in <body>: the host's `:last-child` and grids shall not notice.
  document.documentElement.append(holder);
}

/** @param {MessageEvent} event */
function hear({ source, origin, data }) {
  if (!stage || source !== stage.frame.contentWindow || origin !== intake || data?.recourse !== "hello") return;
  stage.hello = true;
  stage.failed = false;
  stage.port?.close();
  stage.port = undefined;
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
    const word = data?.recourse;
    if (word === "ready" || word === "open") host.announce(word);
    if (word === "height" && [1, 2, 3].includes(data.step)) dialog.dataset.step = data.step;
    // Sent, abandoned or left in a hurry: the same for everyone who watches.
    if (word === "close" || word === "leave") end();
  };
  const [type, id, label, theme, root_key, locale] = [
    "subject-type",
    "subject-id",
    "subject-label",
    "theme",
    "root-key",
    "locale",
  ].map((name) => host.getAttribute(name));
  const message = {
    recourse: "connect",
    locale: locale || document.documentElement.lang,
    theme,
    subject: type || id || label ? { type, id, label } : null,
    context: Object.fromEntries(Object.entries(host.context).map(([name, value]) => [name, String(value)])),
    root_key,
  };
  frame.contentWindow?.postMessage(message, intake, [port2]);
  say("shown");
  frame.focus();
}

/** @param {string} word */
function say(word) {
  stage?.port?.postMessage({ recourse: word });
}

/** Takes frame and dialog away, whatever they held. */
function end() {
  if (!stage) return;
  const { host, holder, dialog, port, failed } = stage;
  port?.close();
  removeEventListener("message", hear);
  document.removeEventListener("securitypolicyviolation", barred);
  // Closed before it is removed, or the focus would not go back to the button; and while `stage` is still set, so that this
  // focus does not load the next frame.
  if (dialog.open) dialog.close();
  stage = undefined;
  holder.remove();
  if (failed) host.refuse();
}

/** @param {Stage} mine */
function fail(mine) {
  mine.failed = true;
  mine.dialog.className = "failed";
  if (!mine.dialog.open) end();
}

/** @param {SecurityPolicyViolationEvent} event */
function barred({ effectiveDirective, blockedURI, disposition }) {
  if (stage && effectiveDirective === "frame-src" && disposition === "enforce" && blockedURI.startsWith(intake)) fail(stage);
}

/**
 * @param {string} channel
 * @param {string} text
 */
function link(channel, text) {
  const href = intake + "/r/" + encodeURIComponent(channel);
  const a = make("a", { href, target: "_blank", rel: "noopener noreferrer" });
  a.textContent = text;
  return a;
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string>} [attributes]
 */
function make(name, attributes = {}) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** @param {string} text */
function sheet(text) {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}

if (!customElements.get("report-concern")) customElements.define("report-concern", ReportConcern);
