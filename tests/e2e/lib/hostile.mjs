// Pages that are hard to measure, from a small server of their own on two origins. All of them are under a policy that allows neither inline script nor
// inline style nor any Trusted Types policy.

import { createServer } from "node:http";

/**
 * What is to be found, or not, on each page. `read`: words that measuring must give out as text. `covered`: kinds of things that must be there. `secret`: words
 * that must never come out of it.
 * @type {{ [page: string]: { read: string[], covered: string[], secret: string[] } }}
 */
export const NEEDLES = {
  strict: { read: ["ada.strict@example.org", "Grace Strictly", "ana.parted@example.org", "pop.up@example.org", "tip of the pop"], covered: [], secret: ["hidden.ghost@example.org", "gone.ghost@example.org", "faint.ghost@example.org", "folded.ghost@example.org"] },
  fields: {
    read: ["mail.field@example.org", "area.field@example.org", "Select Fieldname", "placeholder.field@example.org", "DE89 3704 0044 0532 0130 00"],
    covered: ["password", "password", "password", "card", "card"],
    secret: ["hunter2-secret", "shown-secret", "remembered-secret", "4111111111111111", "737"],
  },
  // Only an extension reads the closed ones.
  shadow: { read: ["open.shadow@example.org", "slotted.shadow@example.org", "bare.slotted@example.org", "declared.shadow@example.org"], covered: [], secret: ["unslotted.shadow@example.org"] },
  closed: { read: ["light.closed@example.org"], covered: [], secret: [] },
  frames: { read: ["inner.frame@example.org", "scaled.frame@example.org", "deep.frame@example.org"], covered: ["frame", "frame", "frame"], secret: ["other.origin@example.org", "sandboxed@example.org", "turned.frame@example.org"] },
  drawn: { read: ["beside.canvas@example.org", "svg.text@example.org", "generated.text@example.org", "broken.alt@example.org"], covered: ["canvas", "video"], secret: [] },
  sticky: { read: ["top.sticky@example.org", "last.sticky@example.org"], covered: [], secret: [] },
  inner: { read: ["first.inner@example.org"], covered: [], secret: [] },
  endless: { read: ["row.0@example.org"], covered: [], secret: [] },
  long: { read: ["head.long@example.org", "foot.long@example.org"], covered: [], secret: [] },
  rtl: { read: ["layla.rtl@example.org", "ليلى الحسن"], covered: [], secret: [] },
  overlay: { read: ["over.lay@example.org", "under.lay@example.org"], covered: [], secret: [] },
  mails: { read: ["row.0@mails.example.org", "row.399@mails.example.org"], covered: [], secret: [] },
  restless: { read: ["still.here@example.org"], covered: [], secret: [] },
  clobber: { read: ["form.clobber@example.org", "field.clobber@example.org", "after.clobber@example.org"], covered: ["password"], secret: ["clobbered-secret"] },
  account: { read: ["Inbox"], covered: ["control"], secret: [] },
  many: { read: ["person0@example.org"], covered: [], secret: [] },
  layers: { read: ["top.layer@example.org", "modal.layer@example.org"], covered: [], secret: ["faint.layer@example.org"] },
  magnified: { read: ["twice.magnified@example.org", "half.magnified@example.org"], covered: [], secret: [] },
  inked: { read: ["shadow.inked@example.org", "stroke.inked@example.org", "slant.inked@example.orgf", "alt.inked@example.org"], covered: [], secret: [] },
  moving: { read: ["adrift.moving@example.org"], covered: [], secret: [] },
};

/** @typedef {{ body: string, css?: string, js?: string, head?: string, html?: string, lax?: boolean }} Hostile */

/** What every page is painted with, as red, green and blue: never the black of a box. */
export const PAPER = [0, 224, 160];
export const INK = [192, 0, 192];
const COLOURS = `html{background:rgb(${PAPER})}html,input,textarea,select,button{color:rgb(${INK})}`;

/** @param {number} count @param {(at: number) => string} row */
const rows = (count, row) => Array.from({ length: count }, (_, at) => row(at)).join("");

/** How many text nodes with something personal `many` has. */
export const MANY = 10_000;

/** Asks in every way that a page has for files of the extension `id`, and gives what came of each. Only what was there before the page began its tricks is used. */
const REACH = `
  const paths = ["panel.html", "courier.html", "measure.js", "background.js", "manifest.json", "build.json", "icons/16.png", "_locales/en/messages.json"];
  const loaded = (name, path, key) => new Promise((resolve) => {
    const element = document.createElement(name);
    element.onload = () => resolve("loaded");
    element.onerror = () => resolve("refused");
    element[key] = path;
    if (name === "link") element.rel = "stylesheet";
    if (name !== "img") { document.head.append(element); const { onload, onerror } = element; element.onload = () => (element.remove(), onload()); element.onerror = () => (element.remove(), onerror()); }
  });
  // An error page loads too: that of the browser, into which nobody may look.
  const framed = (path) => new Promise((resolve) => {
    const frame = document.createElement("iframe");
    frame.onload = () => { let seen = "closed"; try { seen = frame.contentDocument ? frame.contentDocument.URL : "closed"; } catch {} const { length } = frame.contentWindow; frame.remove(); resolve(seen + " " + length); };
    frame.src = path;
    document.documentElement.append(frame);
  });
  const said = (promise) => promise.then(() => "reached", (error) => error.name);
  window.reach = async (id) => {
    const told = {};
    for (const path of paths) {
      const address = "chrome-extension://" + id + "/" + path;
      told[path] = [await said(get(address)), await said(get(address, { mode: "no-cors" })), await loaded("img", address, "src"), await loaded("script", address, "src"), await loaded("link", address, "href"), await said(import(address)), await framed(address)];
    }
    told.runtime = typeof chrome + " " + typeof globalThis.chrome?.runtime?.sendMessage + " " + typeof globalThis.chrome?.runtime?.connect + " " + typeof globalThis.browser;
    try { told.worker = String(new Worker("chrome-extension://" + id + "/measure.js")); } catch (error) { told.worker = error.name; }
    return told;
  };
`;

/** A page that fakes what it can and writes down every trace. */
const FAKER = `
  const get = fetch.bind(window);
  const { apply } = Reflect; const { join } = Array.prototype; const { takeRecords } = MutationObserver.prototype;
  ${REACH}
  const id = location.hash.slice(1);
  const traces = [];
  let armed = false;
  const trace = (what) => { if (armed) traces[traces.length] = what; };
  window.arm = () => void (armed = true);
  window.traces = () => { heard(apply(takeRecords, watching, [])); return apply(join, traces, []); };
  const heard = (records) => { for (let at = 0; at < records.length; at += 1) trace("change " + records[at].type); };
  const watching = new MutationObserver(heard);
  watching.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  new PerformanceObserver(() => trace("resource")).observe({ type: "resource" });
  for (const type of ["message", "messageerror", "error", "unhandledrejection", "securitypolicyviolation", "scroll", "selectionchange", "slotchange", "contentvisibilityautostatechange", "beforematch", "focusin", "toggle", "animationstart", "storage", "rejectionhandled", "recourse"]) addEventListener(type, () => trace("event " + type), true);
  window.globals = () => Object.getOwnPropertyNames(window).sort().join();
  // Everything of this world tells that it was called, and answers nothing of use.
  const wrap = (name, owner) => {
    for (const key of Reflect.ownKeys(owner)) {
      const found = Reflect.getOwnPropertyDescriptor(owner, key);
      if (key === "constructor" || !found?.configurable) continue;
      const told = (how) => function () { trace(how + " " + name + "." + String(key)); return apply(how === "call" ? found.value : how === "get" ? found.get : found.set, this, arguments); };
      if (typeof found.value === "function" && !/^[A-Z]/.test(String(key))) Reflect.defineProperty(owner, key, { ...found, value: told("call") });
      else if (found.get) Reflect.defineProperty(owner, key, { ...found, get: told("get"), ...(found.set ? { set: told("set") } : {}) });
    }
  };
  window.disguise = () => {
    for (const name of ["EventTarget", "Node", "Element", "HTMLElement", "Document", "DocumentFragment", "ShadowRoot", "Range", "Selection", "CSSStyleDeclaration", "MutationObserver", "MessagePort", "TreeWalker", "NodeList", "DOMRect", "VisualViewport", "Array", "Map", "Set", "WeakSet", "Promise", "RegExp"]) if (window[name]?.prototype) wrap(name, window[name].prototype);
    for (const name of ["JSON", "Object", "performance", "scheduler"]) if (window[name]) wrap(name, window[name]);
    for (const name of ["getComputedStyle", "getSelection", "requestAnimationFrame", "setTimeout", "fetch", "postMessage"]) { const real = window[name]; window[name] = function () { trace("call " + name); return apply(real, this, arguments); }; }
    const nothing = { moment: { scroll_x: 0, scroll_y: 0, width: innerWidth, height: innerHeight, changes: 0 }, pieces: [], things: [] };
    const first = () => (trace("the faked measuring"), { measured: nothing, words: [], elements: [], selection: null, page: { address: "https://faked.example/", title: "faked", language: "", canonical: null } });
    window.recourseMeasure = { first, moment: () => (trace("the faked moment"), nothing.moment), end() {}, to: first, begin: first, finish() {}, again: first };
    window.MutationObserver = function () { trace("the faked observer"); };
  };
  // What the extension's own parts say to each other, said by the page.
  window.say = async () => {
    const captured = { way: "page", address: "https://faked.example/", tab: 1, window: 1, picture: "", late: 0, seen: null, after: null };
    for (const message of [{ captured }, { ask: "latest" }, { keep: captured }, { courier: true, origin: "https://faked.example" }, { id: 1, address: "https://faked.example/", method: "GET" }, { call: "{}" }]) {
      window.postMessage(message, "*");
      document.dispatchEvent(new CustomEvent("recourse", { detail: message }));
      for (const name of ["panel", "recourse", id]) { const to = new BroadcastChannel(name); to.postMessage(message); to.close(); }
      try { chrome.runtime.sendMessage(id, message); } catch {}
      try { chrome.runtime.connect(id, { name: "panel" }).postMessage(message); } catch {}
    }
    return window.reach(id);
  };
`;

/** A page that looks for an extension. */
const PROBE = `
  const get = fetch.bind(window);
  ${REACH}
  window.probe = async (id) => {
    const reached = await window.reach(id);
    const names = (object) => Reflect.ownKeys(object).map(String).sort();
    const listed = (object) => (object ? names(object) : null);
    return JSON.stringify({
      reached, html: document.documentElement.outerHTML, globals: names(window), chrome: listed(window.chrome), runtime: listed(window.chrome?.runtime), document: names(document), navigator: names(Navigator.prototype),
      prototypes: ["Node", "Element", "HTMLElement", "Document", "Range", "ShadowRoot", "EventTarget"].map((name) => names(window[name].prototype)),
      sheets: [document.styleSheets.length, document.adoptedStyleSheets.length], frames: window.length, entries: performance.getEntriesByType("resource").map(({ name, initiatorType }) => [name.replace(/.*:[/][/][^/]*/, ""), initiatorType]),
      native: [fetch, document.createElement, window.postMessage, EventTarget.prototype.addEventListener].map(String), plugins: Array.from(navigator.plugins, ({ name }) => name), storage: [localStorage.length, document.cookie], state: [document.hasFocus === Document.prototype.hasFocus, Boolean(history.state)],
      style: Array.from(getComputedStyle(document.body)).filter((name) => !/size|width|height|origin/.test(name)).map((name) => name + ":" + getComputedStyle(document.body).getPropertyValue(name)),
    });
  };
`;

/** @param {string} other @returns {{ [name: string]: Hostile }} */
const pages = (other) => ({
  strict: {
    head: `<link rel="canonical" href="/canonical?a=1">`,
    body: `<main id="main"><h1>Strict</h1><p class="who">Written by <b>Grace</b> <i>Strictly</i>, <a href="#">ada.strict@example.org</a>, who lives in a house with a very long
      address, so that this paragraph runs over more than one line of the window that it is shown in, and ana.<span>parted</span>@<em>example</em>.org too.</p>
      <p class="hidden">hidden.ghost@example.org</p><p class="gone">gone.ghost@example.org</p><p class="faint">faint.ghost@example.org</p>
      <details><summary>More</summary><p>folded.ghost@example.org</p></details>
      <div class="clip"><p>clipped away below: <span class="below">cut.off@example.org</span></p></div>
      <div class="zero"><p class="out">over.flow@example.org</p></div>
      <p class="lines">First Line<br>Second Line</p>
      <p class="pop">pop.<span class="tip">tip of the pop</span>up@example.org</p>
      <p class="outside">far.below@example.org</p></main>`,
    css: `.who{width:400px}.hidden{visibility:hidden}.gone{display:none}.faint{opacity:0}.clip{height:20px;overflow:hidden;position:relative}
      .clip p{margin:0}.below{position:absolute;top:60px;left:0}.zero{height:0;overflow:visible}.pop{position:relative}.tip{position:absolute;top:20px}.outside{margin-top:3000px}`,
  },
  fields: {
    body: `<form id="f"><label>Mail <input id="mail" value="mail.field@example.org"></label><textarea id="area">area.field@example.org</textarea>
      <select id="choice"><option>Other</option><option selected>Select Fieldname</option></select><input id="empty" placeholder="placeholder.field@example.org">
      <input id="pw" type="password" value="hunter2-secret"><input id="shown" type="text" autocomplete="current-password" value="shown-secret">
      <input id="memory" type="password" value="remembered-secret"><input id="cc" autocomplete="cc-number" value="4111111111111111">
      <label>CVC <input id="code" inputmode="numeric" value="737"></label><input type="hidden" value="hidden.value@example.org"><input name="iban" inputmode="numeric" value="DE89 3704 0044 0532 0130 00"><input type="submit" value="Send it"></form>`,
  },
  shadow: {
    body: `<div id="open"><p slot="a">slotted.shadow@example.org</p><p>unslotted.shadow@example.org</p></div>
      <div id="declared"><template shadowrootmode="open"><p>declared.shadow@example.org</p><slot></slot></template>bare.slotted@example.org</div>`,
    js: `const root = document.querySelector("#open").attachShadow({ mode: "open" });
      const text = document.createElement("p"); text.id = "inner"; text.textContent = "open.shadow@example.org"; const slot = document.createElement("slot"); slot.name = "a";
      root.append(text, slot);`,
  },
  closed: {
    body: `<p>light.closed@example.org</p><div id="host"></div>`,
    js: `const root = document.querySelector("#host").attachShadow({ mode: "closed" }); const text = document.createElement("p");
      text.textContent = "closed.shadow@example.org"; root.append(text);`,
  },
  frames: {
    body: `<iframe id="same" src="/part-inner.html"></iframe><iframe id="scaled" src="/part-scaled.html"></iframe><iframe id="turned" src="/part-turned.html"></iframe>
      <iframe id="cross" src="${other}/part-other.html"></iframe><iframe id="boxed" sandbox src="/part-boxed.html"></iframe>`,
    css: `iframe{width:300px;height:120px;border:7px solid;padding:5px;display:block;margin:10px}#scaled{transform:scale(1.5);transform-origin:0 0;margin-bottom:90px}#turned{transform:rotate(9deg)}`,
  },
  "part-inner": { body: `<p>inner.frame@example.org</p><iframe src="/part-deep.html"></iframe>`, css: `p{margin:0}iframe{width:250px;height:60px}` },
  "part-deep": { body: `<p>deep.frame@example.org</p>` },
  "part-scaled": { body: `<p>scaled.frame@example.org</p>` },
  "part-turned": { body: `<p>turned.frame@example.org</p>` },
  "part-other": { body: `<p>other.origin@example.org</p>` },
  "part-boxed": { body: `<p>sandboxed@example.org</p>` },
  drawn: {
    body: `<p>beside.canvas@example.org</p><canvas id="c" width="200" height="80">fallback.canvas@example.org</canvas><canvas width="4" height="4"></canvas>
      <video width="160" height="90"></video><svg width="300" height="40"><text x="5" y="20">svg.text@example.org</text></svg>
      <p id="made" data-mail="generated.text@example.org">Mail: </p><img id="broken" alt="broken.alt@example.org" src="/none.png">`,
    css: `#made::after{content:attr(data-mail)}#broken{display:block}`,
    js: `document.querySelector("#c").getContext("2d").fillText("drawn.canvas@example.org", 5, 30);`,
  },
  sticky: {
    body: `<header id="head">Sticky head</header><p>top.sticky@example.org</p>${rows(40, (at) => `<h2 class="group">Group ${at}</h2><p>Row ${at}</p>`)}
      <p>last.sticky@example.org</p><footer id="foot">Fixed foot <b>inside</b></footer><div id="late">late</div>`,
    css: `html{scroll-behavior:smooth}body{margin:0}p{height:100px}#head{position:sticky;top:0;height:50px;background:#fff}.group{position:sticky;top:50px;margin:0}
      #foot{position:fixed;bottom:0;left:0;right:0;height:40px;transition:opacity 2s}#foot b{visibility:visible}#late{position:absolute;top:0;right:0}#late.on{position:fixed}`,
    js: `document.querySelector("#foot").style.cssText = "color: red; opacity: 0.9";
      addEventListener("scroll", () => document.querySelector("#late").classList.toggle("on", scrollY > 300));`,
  },
  inner: {
    body: `<nav>Menu</nav><div id="shell"><div id="scroll"><p>first.inner@example.org</p>${rows(60, (at) => `<p>Row ${at}</p>`)}<p>last.inner@example.org</p></div></div>`,
    css: `html,body{height:100%;margin:0;overflow:hidden}nav{height:60px}#shell{position:fixed;inset:60px 0 0 100px}#scroll{height:100%;overflow-y:auto;scroll-behavior:smooth;border:3px solid;box-sizing:border-box}p{height:60px}`,
  },
  endless: {
    body: `<div id="list">${rows(60, (at) => `<p>row.${at}@example.org</p>`)}</div>`,
    css: `p{height:40px}`,
    js: `let count = 60; addEventListener("scroll", () => { if (scrollY + innerHeight < document.documentElement.scrollHeight - 300) return;
      for (let more = 0; more < 20; more += 1) { const p = document.createElement("p"); p.textContent = "row." + count++ + "@example.org"; document.querySelector("#list").append(p); } });`,
  },
  long: { body: `<p>head.long@example.org</p><div id="tall"></div><p>foot.long@example.org</p>`, css: `body{margin:0}p{margin:0;height:100px}#tall{height:29800px}` },
  rtl: {
    html: `lang="ar" dir="rtl"`,
    body: `<p id="para">كتبت ليلى الحسن من العنوان layla.rtl@example.org رسالة طويلة جدا حتى تمتد هذه الفقرة على أكثر من سطر واحد في النافذة</p><div id="side"><p>جانب</p></div>`,
    css: `#para{width:300px}#side{overflow-y:scroll;height:50px}`,
  },
  overlay: { body: `<p>under.lay@example.org</p><div id="over"><p>over.lay@example.org</p></div><div id="tall"></div>`, css: `#over{position:fixed;inset:100px;background:#eee;z-index:9}#tall{height:3000px}` },
  mails: { body: rows(400, (at) => `<p>row.${at}@mails.example.org</p>`) },
  restless: {
    body: `<p id="word">word 0</p><p>still.here@example.org</p>${rows(400, (at) => `<p class="row">old.row${at}@example.org</p>`)}`,
    js: `let n = 0; const turn = () => { document.querySelector("#word").textContent = "rewritten." + ++n + "@example.org";
      const row = document.querySelectorAll(".row")[n % 400]; row.replaceWith(Object.assign(document.createElement("p"), { className: "row", textContent: "new.row" + n + "@example.org" }));
      setTimeout(turn, 0); }; turn();`,
  },
  clobber: {
    head: `<base href="/">`,
    body: `<img name="body" alt="a"><img name="documentElement" alt="b"><form name="querySelectorAll"></form><form name="createTreeWalker"></form><img name="defaultView" alt="c"><img name="scrollingElement" alt="d"><form name="activeElement"></form><img name="title" alt="e"><form name="fonts"></form>
      <a id="recourseMeasure" href="end:nothing">x</a><a id="recourseMeasure" name="end" href="x:">y</a><a id="chrome" href="x:">z</a><form id="dom"></form><a id="scheduler" href="x:">s</a><a id="visualViewport" href="x:">v</a>
      <form id="trap" class="user-form"><p>form.clobber@example.org</p>
      ${["lastChild", "previousSibling", "parentNode", "parentElement", "nodeType", "localName", "firstElementChild", "nextElementSibling", "getBoundingClientRect", "getClientRects", "checkVisibility", "getAttribute", "getAttributeNames", "shadowRoot", "style", "id", "children", "childNodes", "scrollTop", "clientWidth", "getRootNode", "isConnected", "attributes", "matches", "scrollHeight", "setAttribute", "removeAttribute"]
        .map((name) => `<input name="${name}" value="x">`)
        .join("")}
      <input name="mail" value="field.clobber@example.org"><input type="password" name="contains" value="clobbered-secret"></form><p>after.clobber@example.org</p><div id="tall"></div>`,
    css: `#trap{position:sticky;top:0}#tall{height:3000px}`,
    js: `for (const name of ["firstChild", "lastChild", "data", "textContent"]) Object.defineProperty(Node.prototype, name, { get() { throw new Error("trap"); } });
      Element.prototype.getBoundingClientRect = () => { throw new Error("trap"); }; Range.prototype.getClientRects = () => []; Element.prototype.checkVisibility = () => false;
      window.getComputedStyle = () => { throw new Error("trap"); };
      for (const type of ["scroll", "input", "change"]) addEventListener(type, (event) => event.stopImmediatePropagation(), true);`,
  },
  account: {
    body: `<header><img id="pic" class="avatar" alt="Ada" src="/none.png"><button id="menu" aria-label="Account menu" aria-haspopup="menu">AL</button><span id="count" class="unread-count">12</span>
      <a href="#" title="Profile of Ada">Ada</a></header><div id="tiny"></div><p>Inbox</p>`,
    css: `#pic{width:32px;height:32px}#tiny{width:20px;height:20px}`,
  },
  many: {
    body: `<table><tbody>${rows(MANY / 4, (at) => `<tr><td>Person ${at} Longname</td><td><a href="#">person${at}@example.org</a></td><td data-row="${at}">+44 20 7946 ${String(at).padStart(4, "0")}</td><td><b>GB${at}</b></td></tr>`)}</tbody></table>`,
    css: `td{padding:2px}`,
    // Long tasks of the page's own loading are not asked for.
    js: `window.tasks = []; const seen = new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) window.tasks.push(duration); }); window.watchTasks = () => seen.observe({ type: "longtask" });
      window.blockFor = (ms) => { const end = performance.now() + ms; while (performance.now() < end); };`,
  },
  layers: {
    body: `<h1>Clean heading</h1><div class="cut"><div id="pop" popover="manual">top.layer@example.org</div></div><div class="faint"><p>faint.layer@example.org</p><dialog id="box">modal.layer@example.org</dialog></div>`,
    // What is in the top layer is neither cut off nor made fainter by what it is in.
    css: `.cut{overflow:hidden;position:relative;height:20px}#pop{position:absolute;top:150px;left:20px;margin:0}.faint{opacity:0}dialog::backdrop{background:none}`,
    js: `document.querySelector("#pop").showPopover(); document.querySelector("#box").showModal();`,
  },
  magnified: {
    body: `<h1>Clean heading</h1><div class="twice"><p>twice.magnified@example.org</p></div><div class="half"><p>half.magnified@example.org</p></div>`,
    css: `html{zoom:1.2}.twice{zoom:2}.half{zoom:.5;overflow:auto;height:60px}.half p{margin:0;font-size:30px}`,
  },
  inked: {
    body: `<p class="shadow">shadow.inked@example.org</p><p class="stroke">stroke.inked@example.org</p><p class="slant">slant.inked@example.orgf</p><input type="image" alt="alt.inked@example.org" src="/none.png">`,
    css: `p{white-space:nowrap;margin:0 0 60px 20px}.shadow{text-shadow:30px 40px 2px,-12px -9px}.stroke{-webkit-text-stroke:16px;font-size:40px}.slant{font:italic 60px serif}`,
  },
  moving: {
    body: `<h1>Clean heading</h1><p id="mail">adrift.moving@example.org</p>`,
    css: `@keyframes go{from{transform:translateX(0)}to{transform:translateX(600px)}}#mail{width:max-content;animation:go 2s linear infinite alternate}`,
  },
  faker: {
    lax: true,
    body: `<h1>Clean heading</h1><p>true.faker@example.org</p>`,
    js: FAKER,
  },
  probe: { lax: true, body: `<p>probe</p>`, js: PROBE },
});

/** @param {string} other */
const policy = (other) =>
  `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-src 'self' ${other}; require-trusted-types-for 'script'; trusted-types 'none'`;

/**
 * @param {import("node:http").Server} server
 * @returns {Promise<number>}
 */
const listening = (server) =>
  new Promise((resolve) => void server.listen(0, "127.0.0.1", () => resolve(/** @type {import("node:net").AddressInfo} */ (server.address()).port)));

/** @param {string} name @param {Hostile} page */
const document = (name, { body, js, head = "", html = `lang="en-GB"` }) =>
  `<!doctype html><html ${html}><head><meta charset="utf-8"><title>hostile ${name}</title>${head}<link rel="stylesheet" href="/${name}.css">${
    js ? `<script defer src="/${name}.js"></script>` : ""
  }</head><body>${body}</body></html>`;

/**
 * Serves them until `stop`. `page` gives the address of one of {@link NEEDLES}; `other` is another origin with the same pages.
 */
export async function hostilePages() {
  /** @type {{ [name: string]: Hostile }} */
  let all = {};
  let other = "";
  /** @type {import("node:http").RequestListener} */
  const answer = (request, response) => {
    if (request.url === "/favicon.ico") return void response.writeHead(204).end();
    const [, name, kind] = /^\/([\w-]+)\.(html|css|js)$/.exec(new URL(request.url ?? "", "http://localhost").pathname) ?? [];
    const page = Object.hasOwn(all, name ?? "") ? all[name] : undefined;
    if (!page) return void response.writeHead(404, { "content-type": "text/plain" }).end();
    const type = { html: "text/html", css: "text/css", js: "text/javascript" }[kind];
    response.writeHead(200, { "content-type": `${type}; charset=utf-8`, ...(kind === "html" && !page.lax ? { "content-security-policy": policy(other) } : {}) });
    response.end(kind === "html" ? document(name, page) : kind === "css" ? COLOURS + (page.css ?? "") : `{${page.js ?? ""}}`);
  };
  const servers = [createServer(answer), createServer(answer)];
  const [port, second] = await Promise.all(servers.map(listening));
  const origin = `http://127.0.0.1:${port}`;
  // Another port and another name: another site too.
  other = `http://localhost:${second}`;
  all = pages(other);
  return {
    origin,
    other,
    /** @param {string} name */
    page: (name) => {
      if (!Object.hasOwn(all, name)) throw new Error(`no hostile page ${name}`);
      return `${origin}/${name}.html`;
    },
    stop: async () => {
      for (const server of servers) server.closeAllConnections();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}
