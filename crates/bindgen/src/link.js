// The way to the second part of a module that the build cut in two (`split.rs`); the first part imports this file.

/** What the first part exports. @type {any} */
let first;
/** @type {Promise<Response> | undefined} */
let asked;
/** @type {Promise<unknown> | undefined} */
let loading;

/** @param {unknown} exports of the first part, once it runs */
export function attach(exports) {
  first = exports;
}

/** Begins to fetch, which it may before the first part runs. */
export function prefetch() {
  asked ??= fetch(new URL("{{asset:PART}}", import.meta.url), { credentials: "omit", referrerPolicy: "no-referrer", redirect: "error" });
  // Told where it is loaded.
  asked.catch(() => {});
  return asked;
}

/** Says what came of it. A failure is not kept: the next call tries again. */
function load() {
  loading ??= WebAssembly.instantiateStreaming(prefetch(), { __wasm_split: first }).catch((error) => {
    asked = loading = undefined;
    throw error;
  });
  return loading;
}

/**
 * @param {number} callback place in the table of functions
 * @param {number} data for it
 */
export async function __wasm_split_load_later(callback, data) {
  let there = true;
  try {
    await load();
  } catch {
    there = false;
  }
  first.__indirect_function_table.get(callback)(data, there);
}
