// The first step as the server drew it: what is pressed there is remembered until the form has drawn its own, and then done. A file of its
// own, so that it works before the form's glue is there.

/**
 * The host's first word and the port behind it; nothing where there is no host. Asked for here, before the form's glue is fetched: the frame
 * is shown when it has said hello. @type {Promise<{ offer?: any, port?: MessagePort }>}
 */
export const connected = new Promise((resolve) => {
  if (window.parent === window) {
    resolve({});
    return;
  }
  // Who may frame us is `frame-ancestors`' to say; here only the parent counts, and only its first word.
  addEventListener("message", function hear(event) {
    if (event.source !== window.parent || event.data?.recourse !== "connect" || !event.ports[0]) return;
    removeEventListener("message", hear);
    // The dialog has just opened: first it is painted as it stands.
    painted().then(() => resolve({ offer: event.data, port: event.ports[0] }));
  });
  window.parent.postMessage({ recourse: "hello" }, "*");
});

/** Comes back behind the next picture. */
function painted() {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

// The form starts once this step was painted, in a frame once it is shown there: whoever presses the button waits for this alone. Not for
// ever, though: a frame that is ready before the press has the form in it, and a page behind others is not painted.
Promise.race([connected.then(painted), new Promise((resolve) => setTimeout(resolve, 200))])
  .then(() => import(/** @type {HTMLLinkElement} */ (document.getElementById("start")).href))
  .catch(broke);

const drawn = /** @type {HTMLElement} */ (document.getElementById("first"));
const app = /** @type {HTMLElement} */ (document.getElementById("app"));

/** Name of what was pressed last. @type {string | undefined} */
let wanted;

/** The same control in the form. @param {string | undefined} name @returns {HTMLElement | null} */
const own = (name) => (name ? app.querySelector(`[data-testid="${name}"]`) : null);

drawn.addEventListener("click", ({ target }) => {
  const pressed = /** @type {Element} */ (target).closest("[data-door]");
  if (!(pressed instanceof HTMLElement) || pressed instanceof HTMLSelectElement) return;
  wanted = pressed.dataset.door;
  if (wanted === "quick-exit") {
    leave();
    return;
  }
  for (const door of drawn.querySelectorAll("[aria-pressed]")) {
    door.setAttribute("aria-pressed", String(door === pressed));
    door.classList.toggle("on", door === pressed);
  }
  const told = /** @type {HTMLElement | null} */ (drawn.querySelector("[role=status]"));
  if (told) told.textContent = told.dataset.wait ?? "";
});

/** The form's first screen, once what was pressed here is done there. @type {string | undefined} */
let answered;

/** When the form has drawn its first screen: does there what was pressed here, and lets the screen behind it take the place. */
function takeOver() {
  const screen = /** @type {HTMLElement | null} */ (app.querySelector("main"));
  const name = screen?.dataset.testid;
  if (!screen || name === "screen-loading" || name === answered) return;
  const pressed = answered ? null : own(wanted);
  if (pressed) {
    // The form draws in its own time: both changes at once, or they would be seen as one screen jumping.
    answered = name;
    pressed.click();
    // Whatever the press came to, nobody is left with a page that does nothing.
    setTimeout(change, 1000);
    return;
  }
  change();
  if (answered) document.getElementById("step-heading")?.focus({ preventScroll: true });
}

/**
 * Right away, without waiting for anything: blank, and whatever this origin keeps in this browser goes too, drafts of other tabs and reports
 * that wait included.
 */
export function leave() {
  waiting.disconnect();
  document.title = "";
  drawn.remove();
  try {
    localStorage.clear();
    sessionStorage.clear();
    indexedDB.deleteDatabase("waiting");
  } catch {
    // Refused here, so nothing is there.
  }
  // The loader takes a frame away. A page puts an empty one in its own place, which has the browser clear the rest; without a network
  // there is none to be had.
  if (window.parent === window) location.replace(navigator.onLine ? "/left" : "about:blank");
  else connected.then(({ port }) => port?.postMessage({ recourse: "leave" }));
}

/** When Shift was pressed, with no other key in between. @type {number[]} */
let shifts = [];

/** As the form has it: three times within five seconds. @param {KeyboardEvent} event */
function shift({ key, repeat, timeStamp }) {
  if (repeat) return;
  shifts = key === "Shift" ? [...shifts, timeStamp].slice(-3) : [];
  if (shifts.length === 3 && timeStamp - shifts[0] <= 5000) leave();
}
addEventListener("keydown", shift);

/** Says that the form does not work, or no more: what was typed stays in sight, and the ways out go on without it. */
export function broke() {
  document.getElementById("broken")?.removeAttribute("hidden");
  // More than one fault may end here; a function that listens already is not added again.
  addEventListener("keydown", shift);
  addEventListener("click", exit);
}

/** The button of a form that hears nothing any more. @param {MouseEvent} event */
function exit({ target }) {
  if (!(target instanceof Element && target.closest("[data-testid=quick-exit]"))) return;
  app.textContent = "";
  leave();
}

/** Puts the form in the place of what the server drew, in one step: nothing moves, and the focus stays where it is. */
function change() {
  waiting.disconnect();
  if (!app.hidden) return;
  removeEventListener("keydown", shift);
  const at = document.activeElement;
  const name = at instanceof HTMLElement && drawn.contains(at) ? (at.dataset.door ?? "") : undefined;
  const spoken = /** @type {HTMLSelectElement | null} */ (drawn.querySelector("#language"));
  drawn.remove();
  app.hidden = false;
  if (name !== undefined) (own(name) ?? document.getElementById(at?.id ?? ""))?.focus({ preventScroll: true });
  const select = /** @type {HTMLSelectElement | null} */ (own("language"));
  if (select && spoken && !spoken.selectedOptions[0]?.defaultSelected) {
    select.value = spoken.value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

const waiting = new MutationObserver(takeOver);
if (drawn.firstElementChild) {
  waiting.observe(app, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-testid"] });
} else {
  // A channel that takes no reports: the form says so.
  removeEventListener("keydown", shift);
  app.hidden = false;
}
