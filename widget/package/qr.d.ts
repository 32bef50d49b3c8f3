/**
 * A QR code as an SVG text, made here and sent nowhere: for letters, posters, e-mail footers and native apps.
 * @param address of the hosted page, as `hostedPage()` gives it
 * @param label what it is read as; the address unless given
 * @throws TypeError when it is no address
 */
export function qrCode(address: string, label?: string): string;
