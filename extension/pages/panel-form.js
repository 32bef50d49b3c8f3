// The form of the intake app inside the panel: started with what was captured, sent by courier or sealed into a file.
import init, { start } from "{{asset:intake_app.js}}";
import { attach, prefetch } from "{{asset:intake-later.js}}";
import { keep } from "{{asset:keep.js}}";
import { evidence_manifest, speak } from "{{asset:extension.js}}";
import { courier } from "{{asset:courier-port.js}}";
import { dropPicture, forget, keepOnDisk, typed } from "{{asset:panel-keep.js}}";
import { load, packaged } from "{{asset:panel-words.js}}";

const panel = /** @type {HTMLElement} */ (document.getElementById("panel"));
const app = /** @type {HTMLElement} */ (document.getElementById("app"));
const broken = /** @type {HTMLElement} */ (document.getElementById("broken"));

/** Limits of a file that only its owner has. */
const LIMITS = { attachment_bytes: 25_000_000, report_bytes: 100_000_000, attachments: 50, text_chars: 20_000 };

/**
 * @param {any} record the open report: see `panel-keep.js`
 * @param {(sent: boolean) => void} ended called once the form is closed; whether something was sent
 * @param {(save: () => void) => void} sealed called once a file was saved, with what saves it unsealed
 */
export async function write(record, ended, sealed) {
  const { detail, picture, boxes, text, tag } = record;
  const { to, bundle } = detail;
  const build = await packaged("build.json");
  const items = brought(detail, picture, boxes);
  /** Its place is its number in the form. */
  const captured = items.map(({ title, selector, address, redactions, composite }, at) => ({ id: at + 1, title, selector, address, redactions, composite }));
  if (!bundle && items.length > 0) items.push(await listed(items, captured, build));
  const place = `${to.origin}/${to.channel}`;
  let spoken = tag;
  /** @type {Blob | undefined} */
  let unsealed;

  /** @returns {Worker} */
  function spawn() {
    if (bundle) {
      const worker = new Worker(new URL("{{asset:bundle-worker.js}}", import.meta.url), { type: "module" });
      const team = { kind: "team", name: "", members: [] };
      const channel = { provider: to.host, product: to.host, groups: [team], stages: [], limits: LIMITS, controller: {}, other_routes: [], hidden_categories: [] };
      worker.postMessage({ bundle: { captured, build, channel } });
      worker.addEventListener("message", ({ data }) => (unsealed = data.plain ?? unsealed));
      return worker;
    }
    const worker = new Worker(new URL("{{asset:sending-worker.js}}", import.meta.url), { type: "module" });
    const { version, build: hash } = JSON.parse(build);
    // The form asks for nothing before the person sends; by then the port is there.
    courier(to.origin).then((port) => worker.postMessage({ courier: port, captured, build, version: `${version}+${hash.slice(0, 16)}` }, [port]));
    return worker;
  }

  const offer = JSON.stringify({ root_key: to.root_key });
  /** What the panel says to the form, in its language: an address goes along once. @param {string} tag @param {string} [address] */
  const embedder = async (tag, address = "") => JSON.stringify({ ...JSON.parse(speak(tag, await load("panel", tag))), record: bundle, address });

  /** What the form asks for: see `widget/pages/intake-start.js`. @type {Record<string, (detail: any) => unknown>} */
  const answers = {
    begin: async () => ({ tag: spoken, texts: await load("form", spoken), offer, embedder: await embedder(spoken, text ? "" : detail.address) }),
    later: async (tag) => ({ tag, texts: await load("later", tag) }),
    speak: async (tag) => {
      spoken = tag;
      return { tag, texts: await load("form", tag), later: await load("later", tag), embedder: await embedder(tag) };
    },
    manifest: () => ({ status: 200, body: bundle ? "{}" : to.envelope }),
    copy: (text) => navigator.clipboard.writeText(text).then(() => true, () => false),
    save: (file) => {
      const end = file.indexOf("\n");
      const name = file.slice(0, end);
      const type = name.endsWith(".ics") ? "text/calendar" : "text/plain";
      save(name, URL.createObjectURL(new Blob([file.slice(end + 1)], { type })));
    },
    saveAt: (file) => {
      const end = file.indexOf("\n");
      save(file.slice(0, end), file.slice(end + 1));
      const plain = unsealed;
      if (plain) sealed(() => save("notes.zip", URL.createObjectURL(plain)));
    },
    evidence: async (job) => {
      try {
        return await (await import("{{asset:evidence.js}}")).evidence(job);
      } catch {
        return { what: job.what, id: job.id, failed: true };
      }
    },
    dropped: () => dropPicture(),
    print: () => window.print(),
    reload: () => undefined,
    keep: async (job) => {
      switch (job.do) {
        case "find":
          // Only now can the form take files in; what was typed comes first, for a form with something in it takes no draft.
          setTimeout(() => {
            for (const item of [...items, ...links(detail)]) tell("evidence", { what: "brought", id: 0, ...item });
          });
          return { did: "find", text: text || undefined };
        case "begin":
          return { did: "begin", can: await keepOnDisk(true) };
        case "store":
          await typed(job.text);
          return { did: "store" };
        case "erase":
          await keepOnDisk(false);
          return { did: "erase" };
        // Two services may call their channels the same: what is sealed for one must never be offered to the other.
        case "list":
          return keep({ ...job, channel: place });
        case "put":
          return keep({ ...job, channel: place, to: { ...to, remember: null } });
        default:
          return keep(job);
      }
    },
    close: () => finish(),
    leave: async () => {
      // As everywhere: leaving takes along what waits to be sent.
      indexedDB.deleteDatabase("waiting");
      await finish();
      window.close();
    },
  };

  /** @type {(what: string, value: unknown) => void} */
  let tell = () => {};

  async function finish() {
    keep({ do: "guard", on: false });
    await forget();
    observer.disconnect();
    app.hidden = true;
    app.textContent = "";
    panel.hidden = false;
    ended(sentOnce && !bundle);
  }

  let sentOnce = false;
  const observer = new MutationObserver(() => {
    if (app.querySelector("[data-testid=screen-sent]")) {
      sentOnce = true;
      // What was sent is no draft any more.
      forget().catch(() => {});
    }
  });
  observer.observe(app, { childList: true, subtree: true });

  /** @param {string} what @param {any} wanted @param {(what: string, value: unknown) => void} to */
  async function ask(what, wanted, to) {
    tell = to;
    try {
      to(what, await answers[what](wanted));
    } catch {
      broken.hidden = false;
    }
  }

  prefetch();
  panel.hidden = true;
  app.hidden = false;
  try {
    attach(await loaded());
    start(spawn, ask, bundle ? "bundle" : to.channel, false, bundle ? "" : to.origin);
  } catch (error) {
    broken.hidden = false;
    throw error;
  }
}

/** @type {Promise<any> | undefined} */
let loading;
const loaded = () => (loading ??= init({ module_or_path: new URL("{{asset:intake_app_bg.wasm}}", import.meta.url) }));

/** @param {string} name @param {string} address */
function save(name, address) {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

/** What was captured, as files of the form. @param {any} detail @param {Blob | undefined} picture @param {number} boxes */
function brought(detail, picture, boxes) {
  const items = [];
  const { address, title } = detail;
  if (picture) {
    const redactions = JSON.parse(detail.redactions);
    items.push({ name: "picture.png", kind: "screenshot", blob: picture, address, title, selector: detail.path, covered: boxes, redactions, composite: detail.composite });
  }
  if (detail.selection) {
    const blob = new Blob([detail.selection], { type: "text/plain" });
    items.push({ name: "selection.txt", kind: "selection", blob, address: detail.fragment || address, title, selector: detail.selectors, covered: 0, redactions: [], composite: false });
  }
  return items;
}

/**
 * The list of what was captured, with the hashes of it: goes along as a file of its own, seen like all others.
 * @param {any[]} items @param {object[]} captured @param {string} build
 */
async function listed(items, captured, build) {
  const files = items.map(({ name, kind, blob, covered, address }, at) => ({ id: at + 1, name, kind, media_type: blob.type, size: blob.size, description: null, redactions: covered, url: address }));
  const contents = await Promise.all(items.map(async ({ blob }) => new Uint8Array(await blob.arrayBuffer())));
  const text = evidence_manifest(JSON.stringify(files), JSON.stringify(captured), build, contents, Date.now() / 1000);
  const blob = new Blob([text], { type: "application/json" });
  return { name: "evidence.json", kind: "file", blob, address: "", title: "", selector: "", covered: 0, redactions: [], composite: false };
}

/** The addresses that were captured, each with what the page calls itself. @param {any} detail @returns {{ address: string, description: string }[]} */
function links({ address, canonical, image, link, title, language }) {
  const description = [title, language && `(${language})`].filter(Boolean).join(" ");
  const page = canonical || address;
  const all = [page && (description || canonical) && { address: page, description }, ...[image, link].map((address) => address && { address, description: "" })];
  return all.filter(Boolean);
}
