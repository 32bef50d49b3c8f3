// The picture of a whole page. Firefox draws any part of a page, so there it is taken in slices and nothing is scrolled; elsewhere, and where only a part of
// the page scrolls, it is scrolled and put together. Boxes are found in what was measured with each piece and kept to the rows that are used of it: what two
// pieces show is covered by what was seen with the one that is kept.
import { boxes, tiles } from "{{asset:extension.js}}";

/** The longest page that is taken, in CSS pixels: `stitch.rs` has the same. */
const LONGEST = 30_000;
/** CSS pixels that Firefox draws at once. */
const SLICE = 4_096;
/** Pixels of a picture: about what a browser can hold. */
const MOST_PIXELS = 120_000_000;
/** The longest side of a canvas in Firefox. */
const MOST_ROWS = 32_767;

/**
 * @typedef {{ scroll_x: number, scroll_y: number, width: number, height: number, changes: number }} Moment
 * @typedef {{ x: number, y: number, width: number, height: number }} Area
 * @typedef {[string, number[]]} Box a reason, and where
 * @typedef {{ view: Area, page: { width: number, height: number }, window: { width: number, height: number } }} Begun
 * @typedef {object} Hands what only the panel can do, for the tab that was captured
 * @property {(name: string, ...args: any[]) => Promise<any>} measure calls what `measure.js` left in the page
 * @property {() => Promise<{ ratio: number, pinch: number }>} scale pixels of the screen to one of the page, and by how much two fingers have enlarged it
 * @property {number | undefined} zoom of the tab, where any part of the page can be drawn
 * @property {() => Promise<void>} pace until the browser takes the next picture
 * @property {(options?: object) => Promise<Blob>} shoot
 * @property {(percent: number) => void} progress
 */

/**
 * @param {Hands} hands
 * @param {string} own the person's name and user name, as JSON
 * @returns {Promise<{ blob: Blob, boxes: Box[], restless: boolean, cut: boolean }>}
 */
export async function whole(hands, own) {
  const { ratio, pinch } = await hands.scale();
  // The window shows a part of itself, and a picture of it another one than was measured.
  if (pinch !== 1) throw new Error("enlarged by two fingers");
  const begun = await hands.measure("begin");
  try {
    const { zoom } = hands;
    if (zoom === undefined) return await stitched(hands, own, begun, ratio);
    if (!begun.inner) return await sliced(hands, own, begun, ratio, zoom);
    // The window as it is, but with whole pixels to each of the page: Firefox's own ratio is not that of its pictures.
    const [scale, { scroll_x, scroll_y }] = [Math.max(1, Math.round(ratio)), await hands.measure("moment")];
    const rect = { x: Math.round(scroll_x), y: Math.round(scroll_y), ...begun.window };
    return await stitched(hands, own, begun, scale, { rect, scale: scale / zoom });
  } finally {
    await hands.measure("finish").catch(() => {});
  }
}

/**
 * Where nothing is scrolled.
 * @param {Hands} hands @param {string} own @param {Begun} begun @param {number} ratio @param {number} zoom
 */
async function sliced(hands, own, { view, page }, ratio, zoom) {
  const [width, height] = [Math.floor(view.width), Math.min(Math.ceil(page.height), LONGEST)];
  // Whole pixels to each of the page: then no slice begins between two of them.
  const most = Math.min(MOST_ROWS / height, Math.sqrt(MOST_PIXELS / width / height));
  const scale = Math.max(1, Math.min(Math.round(ratio), Math.floor(most)));
  const sheet = new Sheet(width * scale, height * scale);
  const left = Math.round((await hands.measure("moment")).scroll_x);
  /** @type {any} */
  let seen;
  /** @type {Box[]} */
  let found = [];
  let restless = false;
  for (let top = 0; top < height; top += SLICE) {
    const rows = Math.min(SLICE, height - top);
    const shot = await steady(async () => {
      const before = await hands.measure("moment");
      if (!seen || moved(seen.measured.moment, before)) {
        seen = await hands.measure("first", { whole: true });
        found = [];
      }
      const blob = await hands.shoot({ rect: { x: left, y: top, width, height: rows }, scale: scale / zoom });
      return { blob, moved: moved(seen.measured.moment, await hands.measure("moment")) };
    });
    restless ||= shot.moved;
    if (found.length === 0 || shot.moved) {
      const { scroll_x, scroll_y } = seen.measured.moment;
      found = inPicture(shifted(seen, scroll_x - left, scroll_y, width), own, sheet.width, sheet.height, shot.moved);
    }
    const bitmap = await createImageBitmap(shot.blob);
    if (bitmap.width < sheet.width || bitmap.height < rows * scale) throw new Error("smaller than what was asked for");
    sheet.put(bitmap, { left: 0, offset: top * scale }, (top + rows) * scale, found);
    hands.progress(Math.round((100 * (top + rows)) / height));
  }
  return { ...(await sheet.done()), restless, cut: page.height > LONGEST };
}

/**
 * Where the page is scrolled.
 * @param {Hands} hands @param {string} own @param {Begun} begun @param {number} ratio @param {object} [options] of each picture
 */
async function stitched(hands, own, { view, page, window }, ratio, options) {
  /** @type {[number, number, number][]} */
  const plan = JSON.parse(tiles(Math.ceil(page.height), Math.floor(view.height)));
  /** @type {Sheet | undefined} */
  let sheet;
  let cut = page.height > LONGEST;
  let restless = false;
  for (const [at, [scroll, from, height]] of plan.entries()) {
    let again = false;
    const shot = await steady(async () => {
      // Begun anew, the first one keeps what stays on the page.
      if (at === 0 && again) await hands.measure("begin");
      again = true;
      const there = await hands.measure("to", scroll);
      // What was drawn is on its way to the screen for some frames more, on a busy machine for many; later pictures are waited for anyway.
      if (at < 2) await new Promise((resolve) => setTimeout(resolve, 250));
      // Waited for before anything is measured: the picture follows at once.
      await hands.pace();
      const before = await hands.measure("moment");
      const seen = await hands.measure("first", { whole: false });
      const blob = await hands.shoot(options);
      return { blob, there, seen, moved: moved(before, await hands.measure("moment")) };
    });
    restless ||= shot.moved;
    const bitmap = await createImageBitmap(shot.blob);
    const scale = scaleOf(bitmap.width, window.width, ratio);
    const pixels = (/** @type {number} */ css) => Math.round(css * scale);
    const inside = { left: pixels(view.x), right: Math.floor((view.x + view.width) * scale), top: pixels(view.y), bottom: Math.floor((view.y + view.height) * scale) };
    if (!sheet) {
      const width = inside.right - inside.left;
      const most = Math.floor(MOST_PIXELS / width);
      const tall = pixels(Math.min(page.height, LONGEST));
      cut ||= tall > most;
      sheet = new Sheet(width, Math.min(tall, most));
    }
    // What was reached may be another place than what was wanted.
    const offset = pixels(shot.there.scroll) - inside.top;
    const end = Math.min(pixels(scroll + from + height), offset + inside.bottom, sheet.height);
    // A page that has become shorter ends sooner.
    if (end <= sheet.rows) break;
    if (sheet.rows < offset + inside.top) throw new Error("a part of the page cannot be reached");
    const found = inPicture(shifted(shot.seen, 0, 0, bitmap.width / scale), own, bitmap.width, bitmap.height, shot.moved);
    const placed = found.map(([reason, [x, y, width, height]]) => /** @type {Box} */ ([reason, [x - inside.left, y + offset, width, height]]));
    sheet.put(bitmap, { left: inside.left, offset }, end, placed);
    hands.progress(Math.round((100 * (at + 1)) / plan.length));
  }
  if (!sheet) throw new Error("nothing to be seen");
  return { ...(await sheet.done()), restless, cut };
}

/** Taken once more where the page did not keep still. @template {{ moved: boolean }} T @param {() => Promise<T>} take @returns {Promise<T>} */
async function steady(take) {
  const once = await take();
  return once.moved ? take() : once;
}

/** Whether the page or what the window shows of it has changed. @param {Moment} before @param {Moment} after */
const moved = (before, after) =>
  /** @type {const} */ (["scroll_x", "scroll_y", "width", "height", "changes"]).some((name) => before[name] !== after[name]);

/**
 * Pixels of a picture to one of the page. The window's size is told in whole pixels, and what is little there is much at the far end of a long page: the
 * page's own ratio is exact, if it is that of the picture.
 * @param {number} picture @param {number} window @param {number} ratio
 */
const scaleOf = (picture, window, ratio) => (Math.abs(picture / ratio - window) < 1 ? ratio : picture / window);

/**
 * What was seen, from another corner and in a window of another width.
 * @param {any} seen @param {number} right @param {number} down @param {number} width
 */
function shifted(seen, right, down, width) {
  const { measured } = seen;
  const area = (/** @type {Area} */ { x, y, width, height }) => ({ x: x + right, y: y + down, width, height });
  const all = (/** @type {any[]} */ list) => list.map((one) => ({ ...one, areas: one.areas && one.areas.map(area) }));
  return {
    ...seen,
    measured: { moment: { ...measured.moment, width }, pieces: all(measured.pieces), things: all(measured.things) },
    words: all(seen.words),
  };
}

/**
 * @param {any} seen @param {string} own @param {number} width @param {number} height @param {boolean} restless
 * @returns {Box[]}
 */
function inPicture(seen, own, width, height, restless) {
  const found = boxes(JSON.stringify(seen), own, width, height, restless);
  // A picture of which nobody knows what to cover is none.
  if (found === undefined) throw new Error("not measured");
  return JSON.parse(found);
}

/** The picture, which grows downwards. */
class Sheet {
  /** How many rows there are. */
  rows = 0;
  /** @type {Box[]} */
  boxes = [];

  /** @param {number} width @param {number} height at most */
  constructor(width, height) {
    this.width = width;
    this.height = height;
    this.canvas = new OffscreenCanvas(width, height);
    // In memory: what draws for the screen has lower limits.
    const context = this.canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    if (!context) throw new Error("too large");
    this.context = context;
  }

  /**
   * Adds the rows up to `end`, with what of the boxes is in them.
   * @param {ImageBitmap} bitmap
   * @param {{ left: number, offset: number }} at its first column that is used, and the row of the sheet that its first row is
   * @param {number} end @param {Box[]} found
   */
  put(bitmap, { left, offset }, end, found) {
    const start = this.rows;
    const [width, height] = [this.width, end - start];
    this.context.drawImage(bitmap, left, start - offset, width, height, 0, start, width, height);
    bitmap.close();
    for (const [reason, [x, y, across, down]] of found) {
      const [from, to] = [Math.max(x, 0), Math.min(x + across, width)];
      const [top, bottom] = [Math.max(y, start), Math.min(y + down, end)];
      if (from < to && top < bottom) this.cover(reason, [from, top, to - from, bottom - top], start);
    }
    this.rows = end;
  }

  /** One thing that two pieces show is one box. @param {string} reason @param {number[]} box @param {number} start */
  cover(reason, [x, y, width, height], start) {
    const above = y === start && this.boxes.find(([other, [left, top, across, down]]) => other === reason && left === x && across === width && top + down === y);
    if (above) above[1][3] += height;
    else this.boxes.push([reason, [x, y, width, height]]);
  }

  async done() {
    const { width, rows, canvas } = this;
    if (rows === canvas.height) return { blob: await canvas.convertToBlob({ type: "image/png" }), boxes: this.boxes };
    const shorter = new OffscreenCanvas(width, rows);
    shorter.getContext("2d", { alpha: false, willReadFrequently: true })?.drawImage(canvas, 0, 0);
    return { blob: await shorter.convertToBlob({ type: "image/png" }), boxes: this.boxes };
  }
}
