// What makes a page another one without a switch of the browser's.

/** Text of twice the size, as a person sets it for every page: before the page's first style. @param {import("playwright-core").BrowserContext} context */
export const twiceTheText = (context) =>
  context.addInitScript(() => {
    const grow = () => {
      if (document.documentElement && document.documentElement.style.fontSize !== "200%") document.documentElement.style.fontSize = "200%";
    };
    new MutationObserver(grow).observe(document, { childList: true, subtree: true });
  });
