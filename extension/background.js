// The extension's background script: ways in, and the first picture. Every listener is added in the first turn, for it is started by an event and ends
// half a minute later; nothing that somebody typed is ever here alone.

/** @type {any} */
const api = /** @type {any} */ (globalThis).browser ?? /** @type {any} */ (globalThis).chrome;

/** What was captured last, until a panel takes it. @type {Promise<object> | undefined} */
let latest;
/** How often a page is asked for again that may not be looked at yet. */
const TRIES = 5;
/** Milliseconds in which a browser takes two pictures and no more, and some to spare. */
const SECOND = 1100;
/** Panels that are open, and the windows they are in. @type {Map<any, number | undefined>} */
const panels = new Map();
/** What a panel was given and has not said that it has: it may have been closed meanwhile. @type {Map<any, Promise<object>>} */
const given = new Map();

api.action.onClicked.addListener((/** @type {any} */ tab) => begin(tab, { way: "page" }));

api.contextMenus?.onClicked.addListener((/** @type {any} */ info, /** @type {any} */ tab) => {
  if (!tab) return;
  if (info.menuItemId === "without") begin(tab, { way: "no_picture" });
  else if (info.selectionText) begin(tab, { way: "selection" });
  else if (info.mediaType === "image") begin(tab, { way: "image", image: info.srcUrl });
  else if (info.linkUrl) begin(tab, { way: "link", link: info.linkUrl });
  else begin(tab, { way: info.frameId ? "frame" : "page" });
});

api.runtime.onInstalled.addListener((/** @type {any} */ { reason }) => {
  api.contextMenus?.removeAll(() => {
    const contexts = ["page", "selection", "image", "link", "frame"];
    api.contextMenus.create({ id: "report", title: api.i18n.getMessage("menuReport"), contexts });
    api.contextMenus.create({ id: "without", title: api.i18n.getMessage("menuWithout"), contexts });
  });
  // What everybody should know before the first report: on whose device not to use it.
  if (reason === "install") api.tabs.create({ url: api.runtime.getURL("panel.html?welcome") });
});

api.runtime.onConnect.addListener((/** @type {any} */ port) => {
  if (port.name !== "panel") return;
  panels.set(port, undefined);
  /** The tab that is scrolled for a picture of the whole page. @type {number | undefined} */
  let measuring;
  port.onDisconnect.addListener(() => {
    panels.delete(port);
    const lost = given.get(port);
    given.delete(port);
    if (lost && !latest) {
      latest = lost;
      offer();
    }
    if (measuring !== undefined) run(measuring, "end").catch(() => {});
  });
  port.onMessage.addListener((/** @type {any} */ { ask, keep, took, window, ...more }) => {
    if (window !== undefined) panels.set(port, window);
    if ("measuring" in more) measuring = more.measuring ?? undefined;
    else if (ask === "latest") hand(port);
    else if (took) given.delete(port);
    // For the panel that is loaded in this one's place.
    else if (keep) latest = Promise.resolve(keep);
  });
});

/** Deletes a draft whose hour is over: with each press and each start of the browser, beside the panel's own look at it. */
function purge() {
  const opening = indexedDB.open("draft", 1);
  // One that is not there is not made.
  opening.onupgradeneeded = () => opening.transaction?.abort();
  opening.onerror = (event) => event.preventDefault();
  opening.onsuccess = () => {
    const base = opening.result;
    const asked = base.transaction("draft").objectStore("draft").get("draft");
    base.close();
    asked.onsuccess = () => {
      if (!(asked.result?.until > Date.now())) indexedDB.deleteDatabase("draft");
    };
  };
}
api.runtime.onStartup.addListener(purge);

/** Gives a panel what was captured; nothing where it was opened by itself. @param {any} port */
async function hand(port) {
  const mine = latest;
  latest = undefined;
  if (mine) given.set(port, mine);
  const captured = (await mine) ?? null;
  // One that was closed meanwhile has been forgotten.
  if (panels.has(port)) port.postMessage({ captured });
}

/** Gives what was captured to a panel that is open, first of all to that of a window; one that opens now asks for it. @param {number} [window] */
function offer(window) {
  const all = [...panels.keys()].reverse();
  const open = all.find((port) => panels.get(port) === window) ?? all[0];
  if (open) hand(open);
  // Or was open when this script was ended for having nothing to do.
  else if (window !== undefined) api.runtime.sendMessage({ wake: window }).catch(() => {});
}

/**
 * Captures and opens the panel, both begun in one turn: a picture that is waited for costs the panel its gesture, and a panel that is opened first
 * moves the page.
 * @param {any} tab
 * @param {{ way: string, image?: string, link?: string }} how
 */
function begin(tab, how) {
  const target = { tabId: tab.id };
  // Chromium may hear of the press only after it was asked for this: then it is asked again, on a busy machine more than once.
  const inject = (/** @type {number} */ left) =>
    api.scripting.executeScript({ target, files: ["measure.js"] }).catch(async (/** @type {Error} */ error) => {
      if (left === 0) throw error;
      await pause(25 * (TRIES - left));
      return inject(left - 1);
    });
  latest = capture(tab, how, inject(TRIES));
  if (api.sidePanel) api.sidePanel.open({ windowId: tab.windowId }).catch(() => {});
  else if (api.sidebarAction) api.sidebarAction.open().catch(() => {});
  // A phone has neither: there the panel is a page of its own.
  else api.tabs.create({ url: api.runtime.getURL("panel.html") });
  purge();
  offer(tab.windowId);
}

/**
 * @param {any} tab
 * @param {{ way: string, image?: string, link?: string }} how
 * @param {Promise<unknown>} injected the page can be measured
 */
async function capture(tab, how, injected) {
  /** When pictures were taken: the panel may take no more in that second. @type {number[]} */
  const shots = [];
  /** A picture shows whatever tab is in front by then: of another one it must not be. */
  const shoot = async () => {
    await inFront(tab);
    shots.push(Date.now());
    const taken = await api.tabs.captureVisibleTab(tab.windowId, { format: "png" });
    await inFront(tab);
    return taken;
  };
  const seen = injected.then(() => run(tab.id, "first", { whole: false }));
  // Chromium gives out the last frame that was drawn, which may be older than what is measured. So it draws some more, and is asked then. Firefox draws one when it is asked.
  const still = injected.then(() => Promise.all([run(tab.id, "moment"), api.sidePanel && run(tab.id, "drawn")]));
  // A busy browser may have no frame to give, or gave two in this second.
  const shot = how.way === "no_picture" ? Promise.resolve("") : still.then(shoot).catch(() => injected.then(() => pause(SECOND)).then(shoot));
  // Not before all is measured: what was measured after the last look could be that of another moment.
  const after = Promise.all([shot, seen]).then(() => run(tab.id, "moment"));
  const known = (/** @type {Promise<any>} */ one) => one.catch(() => undefined);
  const [picture, measured, moment, before] = await Promise.all([known(shot), known(seen), known(after), known(still)]);
  // Unless nothing changed from before the picture until all was measured, the panel takes the picture again.
  return { ...how, tab: tab.id, window: tab.windowId, address: tab.url ?? "", picture, shots, before: before?.[0], seen: measured, after: moment };
}

/** Fails unless this tab is still the one in front. @param {any} tab */
async function inFront({ id, windowId }) {
  const now = await api.tabs.get(id);
  if (!now.active || now.windowId !== windowId) throw new Error("another tab is in front");
}

/** @param {number} milliseconds */
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Calls what `measure.js` left in its own world of the page. @param {number} tabId @param {string} name @param {any[]} args */
async function run(tabId, name, ...args) {
  const call = (/** @type {string} */ name, /** @type {any[]} */ args) => /** @type {any} */ (globalThis).recourseMeasure[name](...args);
  const [{ result }] = await api.scripting.executeScript({ target: { tabId }, func: call, args: [name, args] });
  return result;
}
