// Reads QR codes as a phone does: from a picture of the screen.

import jsQR from "jsqr";

/** What a camera reads on the screen. @param {import("playwright-core").Page} page any that may decode pictures @param {Buffer} picture */
export async function scan(page, picture) {
  const { width, height, data } = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = Object.assign(document.createElement("canvas"), { width: bitmap.width, height: bitmap.height });
    const drawing = canvas.getContext("2d");
    drawing?.drawImage(bitmap, 0, 0);
    return { width: bitmap.width, height: bitmap.height, data: [...(drawing?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? [])] };
  }, picture.toString("base64"));
  return /** @type {any} */ (jsQR)(Uint8ClampedArray.from(data), width, height)?.data;
}
