// axe on a screen, frames and shadow roots included.

import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What is not WCAG's and does not fit a form in a frame: a frame needs no page landmarks of its own. */
const NOT_OURS = ["region", "landmark-one-main", "page-has-heading-one"];

/**
 * Fails when axe finds anything on this screen.
 * @param {string} name of the screen
 * @param {import("playwright-core").Page} page
 */
export async function accessible(name, page) {
  const { violations, passes } = await new AxeBuilder({ page }).withTags(TAGS).disableRules(NOT_OURS).analyze();
  const found = violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${help} at ${JSON.stringify(target)}\n    ${failureSummary?.replaceAll("\n", "\n    ")}`));
  assert.deepEqual(found, [], `axe on ${name}`);
  assert.ok(passes.length > 5, `axe looked at nothing on ${name}`);
}
