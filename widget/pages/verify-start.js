// Checks the file of an acknowledgement: the engine does it, in its worker and without any request; this page shows what came of it.
import { spawnEngine } from "{{asset:engine-start.js}}";

/** More is no acknowledgement: one has some kilobytes, most of it the manifest. */
const MOST_BYTES = 4_000_000;

/** Why a file proves nothing. @type {Record<string, string>} */
const REASONS = {
  not_one: "This is not a proof of receipt, or it is damaged.",
  manifest: "The channel’s own description in it is not signed by the key that it names. It was changed or damaged.",
  unknown_key: "It was signed with a key that the channel does not name.",
  signature: "The signature does not fit what is written in it. It was changed or damaged.",
  other_manifest: "The channel’s description in it is not the one that was signed for. Two files were mixed.",
  time: "The time in it does not fit: at that hour this description of the channel did not hold.",
};

const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const input = /** @type {HTMLInputElement} */ (find("file"));
const [state, good, bad] = ["state", "good", "bad"].map(find);
let last = 0;

const engine = spawnEngine();
engine.onerror = () => find("broken").removeAttribute("hidden");
engine.onmessage = ({ data }) => {
  const message = JSON.parse(data.message);
  const id = (message.answer ?? message.failed)?.id;
  // The first answer is to a check of nothing, by which the engine has loaded what a check needs: from then on it asks for nothing.
  if (message.answer && input.disabled) {
    input.disabled = false;
    state.textContent = "Ready. Nothing leaves this device.";
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
  state.textContent = "Checking…";
  const text = file.size > MOST_BYTES ? "" : await file.text();
  if (id === last) engine.postMessage({ call: JSON.stringify({ id, request: { check_acknowledgement: { file: text } } }), files: [] });
});

/** @param {{ proven?: Record<string, any>, fault?: string }} answer */
function show({ proven, fault }) {
  state.textContent = "Checked on this device.";
  const section = proven ? good : bad;
  if (proven) {
    const hour = new Date(proven.hour * 1000).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
    find("says").textContent = `${proven.provider} signed that it recorded a report about ${proven.product} in the hour that began on ${hour} (UTC). It cannot be changed since without this being seen.`;
    find("test").hidden = !proven.test;
    for (const place of section.querySelectorAll("[data-value]")) {
      place.textContent = String(proven[/** @type {HTMLElement} */ (place).dataset.value ?? ""]);
    }
  } else {
    find("why").textContent = REASONS[fault ?? ""] ?? REASONS.not_one;
  }
  section.hidden = false;
  section.focus();
}
