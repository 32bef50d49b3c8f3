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
  restless: { read: ["still.here@example.org"], covered: [], secret: [] },
  clobber: { read: ["form.clobber@example.org", "field.clobber@example.org", "after.clobber@example.org"], covered: ["password"], secret: ["clobbered-secret"] },
  account: { read: ["Inbox"], covered: ["control"], secret: [] },
  many: { read: ["person0@example.org"], covered: [], secret: [] },
};

/** @typedef {{ body: string, css?: string, js?: string, head?: string, html?: string }} Hostile */

/** @param {number} count @param {(at: number) => string} row */
const rows = (count, row) => Array.from({ length: count }, (_, at) => row(at)).join("");

/** How many text nodes with something personal `many` has. */
export const MANY = 10_000;

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
const document = (name, { body, css, js, head = "", html = `lang="en-GB"` }) =>
  `<!doctype html><html ${html}><head><meta charset="utf-8"><title>hostile ${name}</title>${head}${css ? `<link rel="stylesheet" href="/${name}.css">` : ""}${
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
    response.writeHead(200, { "content-type": `${type}; charset=utf-8`, ...(kind === "html" ? { "content-security-policy": policy(other) } : {}) });
    response.end(kind === "html" ? document(name, page) : kind === "css" ? (page.css ?? "") : `{${page.js ?? ""}}`);
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
