// What the panel asks for.

/** @param {{ whole?: boolean }} [options] */
const first = ({ whole = false } = {}) =>
  inTurn(async () => {
    slice();
    top = topPlacing();
    // Before anything is measured: whatever happens meanwhile is a change.
    const begun = moment();
    kept.clear();
    states.clear();
    spots.clear();
    uncut = whole ? scroller().element : null;
    const run = new Run(whole);
    await run.all();
    const measured = { moment: begun, pieces: run.pieces, things: run.things };
    return { measured, words: await words(run.pieces), elements: run.elements, selection: await selection(run.paths), page: pageOf() };
  });

/** What could be somebody's: an address, a number, a key. */
const SUSPECT = /[@\p{N}]|\S{20}/u;

/**
 * Where each word stands, at the same moment as the texts: what is found in them is then covered as narrowly as it can be, without a second look at a page that has
 * moved since. What could be somebody's comes first, for there is an end to it.
 * @param {Piece[]} pieces @returns {Promise<Found[]>}
 */
async function words(pieces) {
  /** @type {Found[]} */
  const found = [];
  const seen = pieces.filter(({ areas }) => areas.length > 0);
  for (const suspect of [true, false]) {
    for (const { node, text } of seen) {
      const record = kept.get(node);
      if (!record?.node || SUSPECT.test(text) !== suspect) continue;
      for (const { 0: word, index } of text.matchAll(/\S+/gu)) {
        if (found.length >= WORDS) return found;
        if (performance.now() > until) await breathe();
        // Another text by now: that counts as a change, and the lines are covered whole.
        if (record.node.data !== text) break;
        range.setStart(record.node, index);
        range.setEnd(record.node, index + word.length);
        found.push({ span: { node, from: index, to: index + word.length }, areas: lines(record.info, true) });
      }
    }
  }
  return found;
}

/** Who led here is nobody's business: the referrer is not read. */
function pageOf() {
  const link = firstInDocument(document, 'head link[rel~="canonical" i][href]');
  return {
    address: location.href,
    title: titleOf(document),
    language: attribute(rootElement(document), "lang") ?? "",
    canonical: link ? /** @type {HTMLLinkElement} */ (link).href : null,
  };
}
