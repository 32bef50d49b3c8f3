// axe on a screen, frames and shadow roots included.

import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Good practice beyond WCAG that axe counts over all frames together: host and form each have a header, a main part and a first heading. */
const ACROSS_FRAMES = ["region", "landmark-one-main", "landmark-unique", "landmark-no-duplicate-main", "landmark-no-duplicate-banner", "page-has-heading-one"];

/**
 * Fails when axe finds anything on this screen.
 * @param {string} name of the screen
 * @param {import("playwright-core").Page} page
 */
export async function accessible(name, page) {
  // From the top: of a long screen that was scrolled, axe takes what lies half under the fixed head for a target that is too small.
  for (const frame of page.frames()) await frame.evaluate(() => scrollTo(0, 0)).catch(() => {});
  const { violations, passes } = await new AxeBuilder({ page })
    // Else it fetches style sheets by script, which the policy of the evidence frame refuses, rightly. (First: it replaces what is set.)
    .options({ preload: false })
    .withTags(TAGS)
    .disableRules(ACROSS_FRAMES)
    .analyze();
  const found = violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${help} at ${JSON.stringify(target)}\n    ${failureSummary?.replaceAll("\n", "\n    ")}`));
  assert.deepEqual(found, [], `axe on ${name}`);
  assert.ok(passes.length > 5, `axe looked at nothing on ${name}`);
  if ((await page.locator("[data-recourse] iframe").count()) === 0) return;
  const inFrame = passes.some(({ nodes }) => nodes.some(({ target }) => target.length > 1));
  assert.ok(inFrame, `axe did not look into the frame on ${name}`);
}
