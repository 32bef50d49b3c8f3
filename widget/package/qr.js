import { encode } from "uqr";

/** @type {typeof import("./qr.js").qrCode} */
export function qrCode(address, label = address) {
  // 15 % of it may be dirty or torn; four modules of quiet, as ISO/IEC 18004 asks.
  const { data, size } = encode(new URL(address).href, { ecc: "M", border: 4 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" role="img" aria-label="${escape(label)}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${size}v${size}H0z"/><path fill="#000" d="${path}"/></svg>`
  );
}

/** @param {string} text */
function escape(text) {
  return text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
