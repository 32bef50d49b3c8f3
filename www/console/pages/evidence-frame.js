// Draws one picture in an origin of its own, which can reach neither the console nor the network. Not a module: those are fetched as of
// this opaque origin. The console posts `{picture: Blob, label, covered}` once and `{covered}` each time that is changed.
{
  const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector("canvas"));

  /** A canvas wider than this helps nobody and costs memory. */
  const WIDEST = 4096;

  /** @param {Blob} picture */
  async function draw(picture) {
    const whole = await createImageBitmap(picture);
    const scale = Math.min(1, WIDEST / Math.max(whole.width, whole.height));
    canvas.width = Math.max(1, Math.round(whole.width * scale));
    canvas.height = Math.max(1, Math.round(whole.height * scale));
    canvas.getContext("2d")?.drawImage(whole, 0, 0, canvas.width, canvas.height);
    whole.close();
  }

  addEventListener("message", (event) => {
    if (event.source !== parent) return;
    const { picture, label, covered } = /** @type {{picture?: Blob, label?: string, covered?: boolean}} */ (event.data);
    if (covered !== undefined) canvas.classList.toggle("covered", covered);
    if (label) canvas.setAttribute("aria-label", label);
    if (picture) {
      draw(picture).then(
        () => (canvas.dataset.drawn = "true"),
        () => (canvas.dataset.drawn = "false"),
      );
    }
  });
}
