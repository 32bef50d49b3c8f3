// What makes a page another one without an option of a context.

/**
 * Text of twice the size, as a person sets it in the browser for all pages. Not by a style of ours: the widths at which a page folds are counted
 * in the same unit, and would stay as they are.
 */
export const TWICE_THE_TEXT = ["--blink-settings=defaultFontSize=32"];
