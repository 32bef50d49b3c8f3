// Checks the file of an acknowledgement: the engine does it, in its worker and without any request; this page shows what came of it.
import { spawnEngine } from "{{asset:engine-start.js}}";

/** More is no acknowledgement: one has some kilobytes, most of it the manifest. */
const MOST_BYTES = 4_000_000;

const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const input = /** @type {HTMLInputElement} */ (find("file"));
const [state, good, bad] = ["state", "good", "bad"].map(find);
/** What is said at the time, in the page's language: the server wrote it there. @param {HTMLElement} place @param {string} name */
const said = (place, name) => place.getAttribute(`data-${name}`) ?? "";
let last = 0;

const engine = spawnEngine();
engine.onerror = () => find("broken").removeAttribute("hidden");
engine.onmessage = ({ data }) => {
  const message = JSON.parse(data.message);
  const id = (message.answer ?? message.failed)?.id;
  // The first answer is to a check of nothing, by which the engine has loaded what a check needs: from then on it asks for nothing.
  if (message.answer && input.disabled) {
    input.disabled = false;
    state.textContent = said(state, "ready");
    return;
  }
  if (message.failed && input.disabled) {
    find("broken").removeAttribute("hidden");
    return;
  }
  // An answer to an earlier choice is no longer of interest.
  if (id === last) show(message.answer?.answer.acknowledgement_checked ?? { fault: "not_one" });
};

engine.postMessage({ call: JSON.stringify({ id: 0, request: { check_acknowledgement: { file: "" } } }), files: [] });

input.addEventListener("change", async () => {
  const file = input.files?.[0];
  good.hidden = bad.hidden = true;
  last += 1;
  const id = last;
  if (!file) return;
  state.textContent = said(state, "checking");
  const text = file.size > MOST_BYTES ? "" : await file.text();
  if (id === last) engine.postMessage({ call: JSON.stringify({ id, request: { check_acknowledgement: { file: text } } }), files: [] });
});

/** @param {{ proven?: Record<string, any>, fault?: string }} answer */
function show({ proven, fault }) {
  state.textContent = said(state, "checked");
  const section = proven ? good : bad;
  if (proven) {
    const hour = new Date(proven.hour * 1000).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
    const values = { provider: proven.provider, product: proven.product, hour };
    // Each placeholder once and in one pass: what a file says is not read again.
    find("says").textContent = said(find("says"), "text").replace(/\{(\w+)\}/g, (all, /** @type {keyof typeof values} */ name) => String(values[name] ?? all));
    find("test").hidden = !proven.test;
    for (const place of section.querySelectorAll("[data-value]")) {
      place.textContent = String(proven[/** @type {HTMLElement} */ (place).dataset.value ?? ""]);
    }
  } else {
    const why = find("why");
    why.textContent = said(why, fault ?? "") || said(why, "not_one");
  }
  section.hidden = false;
  section.focus();
}
