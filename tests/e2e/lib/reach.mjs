// What axe cannot see of WCAG 2.2 AA on a screen: the order of focus, whether what has it is seen, the size of targets, and what is said.

import assert from "node:assert/strict";

/** @typedef {import("playwright-core").Page} Page */

/**
 * Walks a screen by Tab, from its heading to its end and round: in the order of the document and of the eye (2.4.3, 1.3.2), each stop seen (2.4.7)
 * and not hidden behind what is fixed (2.4.11).
 * @param {string} screen @param {Page} page whose form is not framed
 */
export async function focusOrder(screen, page) {
  await page.getByTestId("step-heading").focus();
  // Such a one comes before all others, wherever it stands.
  const faults = await page.evaluate(() => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[tabindex]")]).filter(({ tabIndex }) => tabIndex > 0).map((element) => `${element.dataset.testid ?? element.id}: has a place of its own in the order`));
  /** @type {string[]} */
  const way = [];
  for (let n = 0; n < 200; n += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(LOOK);
    if (at.end) break;
    if (at.fault) faults.push(`${at.name}: ${at.fault}`);
    way.push(at.name);
  }
  await page.evaluate(() => {
    delete (/** @type {any} */ (window).before);
  });
  assert.deepEqual(faults, [], `focus on ${screen}, by way of ${way.join(" ")}`);
  assert.ok(way.length > 0, `nothing takes the focus on ${screen}`);
}

/** Runs in the page: about the element that has the focus, and how it stands to the one before. @returns {{ name: string, end?: boolean, fault?: string }} */
const LOOK = () => {
  const element = /** @type {HTMLElement | null} */ (document.activeElement);
  const kept = /** @type {{ before?: Element }} */ (/** @type {unknown} */ (window));
  const { before } = kept;
  // Out of the page, or round.
  if (!element || element === document.body) return { name: "", end: true };
  const name = element.dataset.testid ?? (element.id || element.localName);
  kept.before = element;
  if (before && before.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING) return { name, end: true };
  const label = /** @type {HTMLInputElement} */ (element).labels?.[0];
  const own = element.getBoundingClientRect();
  // A box is often drawn by its label.
  const box = label && (own.width < 8 || own.height < 8 || getComputedStyle(element).opacity === "0") ? label.getBoundingClientRect() : own;
  const points = [0.5, 0.02, 0.98].flatMap((x) => [0.5, 0.02, 0.98].map((y) => [box.left + box.width * x, box.top + box.height * y]));
  const hit = points.some(([x, y]) => {
    const there = document.elementFromPoint(x, y);
    return there && (element.contains(there) || label?.contains(there) || (there.contains(element) && there !== document.body && there !== document.documentElement && there.localName !== "main"));
  });
  if (!hit) return { name, fault: `is hidden (${Math.round(box.left)}, ${Math.round(box.top)})` };
  /** @type {Element | null} */
  let around = element;
  let ring = false;
  for (let depth = 0; around && depth < 3 && !ring; depth += 1, around = around.parentElement) {
    const style = getComputedStyle(around);
    ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  }
  if (!ring) return { name, fault: "does not show that it has the focus" };
  const last = before?.getBoundingClientRect();
  const fixed = [element, before].some((each) => each?.closest("header, footer, nav"));
  if (last && !fixed && last.height > 0) {
    const sameRow = Math.min(last.bottom, own.bottom) - Math.max(last.top, own.top) > Math.min(last.height, own.height) / 2;
    const toStart = getComputedStyle(element.parentElement ?? element).direction === "rtl" ? own.left > last.right : own.right < last.left;
    if (sameRow && toStart) return { name, fault: "stands before the one that had it, on the same line" };
    if (!sameRow && own.bottom <= last.top) return { name, fault: "stands above the one that had it" };
  }
  return { name };
};

/**
 * Every target is 24 by 24 px, stands in a sentence, or has that room around it (2.5.8); nothing is done by dragging alone (2.5.7).
 * @param {string} screen @param {Page} page
 */
export async function targets(screen, page) {
  const found = await page.evaluate(() => {
    const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=link], [tabindex='0']")];
    const seen = /** @type {HTMLElement[]} */ (all).filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.matches(":disabled") && !element.closest("[inert], [aria-hidden=true]"));
    const boxes = seen.map((element) => {
      const own = element.getBoundingClientRect();
      const label = /** @type {HTMLInputElement} */ (element).labels?.[0]?.getBoundingClientRect();
      // Pressing the label is pressing the box.
      const box = label && element.matches("[type=radio], [type=checkbox], [type=file]") && label.width * label.height > own.width * own.height ? label : own;
      return { element, box, middle: [box.left + box.width / 2, box.top + box.height / 2] };
    });
    const named = (/** @type {HTMLElement} */ element) => element.dataset.testid ?? (element.id || `${element.localName} “${element.textContent?.trim().slice(0, 30)}”`);
    const small = boxes.filter(({ element, box, middle }) => {
      if (box.width >= 23.5 && box.height >= 23.5) return false;
      const parent = element.parentElement;
      if (getComputedStyle(element).display === "inline" && parent && (parent.textContent ?? "").trim().length > (element.textContent ?? "").trim().length) return false;
      return boxes.some((other) => {
        if (other.element === element || other.element.contains(element) || element.contains(other.element)) return false;
        const x = Math.max(other.box.left - middle[0], 0, middle[0] - other.box.right);
        const y = Math.max(other.box.top - middle[1], 0, middle[1] - other.box.bottom);
        return Math.hypot(x, y) < 12;
      });
    });
    return {
      count: boxes.length,
      small: small.map(({ element, box }) => `${named(element)}: ${Math.round(box.width)} × ${Math.round(box.height)}`),
      dragged: [...document.querySelectorAll("[draggable=true], input[type=range]")].map((element) => named(/** @type {HTMLElement} */ (element))),
    };
  });
  assert.ok(found.count > 0, `no target on ${screen}`);
  assert.deepEqual(found.small, [], `targets on ${screen}`);
  assert.deepEqual(found.dragged, [], `only by dragging on ${screen}`);
}

/** Keeps, in every frame, what live regions say. @param {import("playwright-core").BrowserContext} context */
export async function listen(context) {
  /** @type {string[]} */
  const said = [];
  await context.exposeBinding("tellSaid", (_, text) => void said.push(text));
  await context.addInitScript(() => {
    const LIVE = "[role=status], [role=alert], [role=log], [aria-live=polite], [aria-live=assertive], output";
    let last = "";
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const around = target instanceof Element ? target : target.parentElement;
        const region = around?.closest(LIVE) ?? (around?.querySelector?.(LIVE) || null);
        const text = region?.textContent?.trim();
        if (!text || text === last) continue;
        last = text;
        // @ts-expect-error the binding above
        window.tellSaid(text);
      }
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
  return said;
}

/** A screen that has just come is read out because its heading has the focus. @param {string} screen @param {Page} page */
export async function readOut(screen, page) {
  const heading = page.getByTestId("step-heading");
  await page.locator("[data-testid=step-heading]:focus").waitFor();
  assert.ok(await heading.evaluate((element) => /^H[12]$/.test(element.tagName)), `what is read out of ${screen} is no heading`);
  assert.notEqual((await heading.innerText()).trim(), "");
}
