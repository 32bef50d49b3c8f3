// A link or QR code carries the receipt code behind the "#", which no server gets. It is taken out of the address before anything else is
// loaded; imports come after it for that reason.
const code = location.hash.slice(1);
if (location.hash) history.replaceState(null, "", location.pathname);

/**
 * Files, the screen, the picture editor: loaded with the first of them.
 * @param {{ what: string, id: number }} job
 * @param {(answer: object) => void} tell
 */
async function evidence(job, tell) {
  try {
    tell(await (await import("{{asset:evidence.js}}")).evidence(job));
  } catch {
    tell({ what: job.what, id: job.id, failed: true });
  }
}

try {
  const [{ default: init, start }, { spawnEngine }] = await Promise.all([
    import("{{asset:follow_up.js}}"),
    import("{{asset:engine-start.js}}"),
  ]);
  await init({ module_or_path: new URL("{{asset:follow_up_bg.wasm}}", import.meta.url) });
  await start(spawnEngine, evidence, code);
} catch (fault) {
  document.getElementById("broken")?.removeAttribute("hidden");
  throw fault;
}
