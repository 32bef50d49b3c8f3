// The texts of panel and form, which all lie in the package.

const lists = document.body.dataset;
/** @type {Record<string, Record<string, string>>} */
const addresses = { panel: JSON.parse(lists.locales ?? "{}"), form: JSON.parse(lists.form ?? "{}"), later: JSON.parse(lists.later ?? "{}") };
/** How the names of each end. @type {Record<string, string>} */
const endings = { panel: ".panel.json", form: ".form.json", later: ".form-later.json" };

/** A file of the package as text. @param {string} name */
export const packaged = async (name) => (await fetch(new URL(`/${name}`, location.href))).text();

/** The languages that the panel speaks. */
export const languages = () => Object.keys(addresses.panel).map((name) => name.split(".")[0]);

/** The texts of one surface in one language. @param {"panel" | "form" | "later"} surface @param {string} tag @returns {Promise<string[]>} */
export const load = async (surface, tag) => (await fetch(addresses[surface][tag + endings[surface]])).json();

/** The panel's texts in the first wanted language that there is, else in English. */
export async function texts() {
  const primary = (/** @type {string} */ tag) => tag.toLowerCase().split("-")[0];
  const tags = languages();
  let found = "en";
  for (const want of [...navigator.languages].reverse()) {
    found = tags.find((tag) => tag === want) ?? tags.find((tag) => primary(tag) === primary(want)) ?? found;
  }
  return { tag: found, texts: await load("panel", found) };
}

/** The panel's texts in that language. @param {string} tag */
export const speak = async (tag) => ({ tag, texts: await load("panel", tag).catch(() => undefined) });
