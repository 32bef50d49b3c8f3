// A product with the browser's own dialog, and a shadow root in it.
const dialog = document.createElement("dialog");
const title = Object.assign(document.createElement("h2"), { id: "title", textContent: "Product's dialog" });
const part = document.createElement("product-part");
const concern = document.createElement("report-concern");
for (const [name, value] of [["channel", "demo"], ["root-key", "KEY"], ["subject-id", "in-native"]]) concern.setAttribute(name, value);
part.attachShadow({ mode: "open" }).append(concern);
dialog.setAttribute("aria-labelledby", "title");
dialog.append(title, Object.assign(document.createElement("input"), { ariaLabel: "Product's field" }), part);
const opener = Object.assign(document.createElement("button"), { textContent: "Open the product's dialog", onclick: () => dialog.showModal() });
document.getElementById("root")?.append(opener, dialog);

export {};
