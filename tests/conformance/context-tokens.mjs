// Makes tests/conformance/context-tokens.json: context tokens signed by `jose`, which a test of crates/client reads. Run it again when
// claims or rules change (`node context-tokens.mjs`); keys are new each time and public anyway.
import { writeFileSync } from "node:fs";
import { CompactSign, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";

const day = 86_400;
const today = 20_779 * day; // 2026-11-22
const claims = { iss: "https://crm.example", aud: "demo", subject_type: "campaign", subject_id: "17", tenant: "acme", iat: today, exp: today + 2 * day };

const keys = [];
const pairs = {};
for (const [id, alg] of [["ed", "EdDSA"], ["es", "ES256"]]) {
  const pair = await generateKeyPair(alg, { crv: alg === "EdDSA" ? "Ed25519" : undefined, extractable: true });
  const { x, y } = await exportJWK(pair.publicKey);
  keys.push({ id, alg, x, ...(y ? { y } : {}) });
  pairs[id] = { alg, key: pair.privateKey };
}

const sign = (id, payload = claims, header = {}) =>
  new SignJWT(payload).setProtectedHeader({ alg: pairs[id].alg, kid: id, ...header }).sign(pairs[id].key);
const with_ = (more) => ({ ...claims, ...more });
const vectors = [];
const add = (why, token, refused = null) => vectors.push({ why, token, refused });

for (const id of ["ed", "es"]) {
  add(`${pairs[id].alg}, all claims`, await sign(id, with_({ labels: { market: "Österreich", page: "\u{1F512} \"a\"\\b" } })));
  add(`${pairs[id].alg}, the least`, await sign(id, (({ tenant: _, ...least }) => least)(claims)));
  add(`${pairs[id].alg}, typ`, await sign(id, claims, { typ: "JWT" }));
  for (const [name, value] of Object.entries({ sub: "user-1", email: "ada@example.org", name: "Ada", jti: "1", nonce: "x" })) {
    add(`${pairs[id].alg}, ${name}`, await sign(id, with_({ [name]: value })), `"${name}" points to a person`);
  }
  add(`${pairs[id].alg}, an exact moment`, await sign(id, with_({ iat: today + 3_601 })), '"iat" is finer than the day');
  add(`${pairs[id].alg}, an exact end`, await sign(id, with_({ exp: today + day + 1 })), '"exp" is finer than the day');
  add(`${pairs[id].alg}, expired`, await sign(id, with_({ iat: today - 2 * day, exp: today })), "has expired");
  add(`${pairs[id].alg}, another channel`, await sign(id, with_({ aud: "other" })), "another channel");
  add(`${pairs[id].alg}, several audiences`, await sign(id, with_({ aud: ["demo"] })), "cannot be read");
  add(`${pairs[id].alg}, an unknown claim`, await sign(id, with_({ role: "admin" })), '"role" is not a claim');
  add(`${pairs[id].alg}, an address in a label`, await sign(id, with_({ labels: { by: "ada@example.org" } })), "looks like an e-mail address");
  add(`${pairs[id].alg}, a time in a label`, await sign(id, with_({ labels: { at: "14:05" } })), "looks like an e-mail address or a time");
  add(`${pairs[id].alg}, an unknown key`, await sign(id, claims, { kid: "other" }), 'called "other"');
  add(`${pairs[id].alg}, the other key's name`, await sign(id, claims, { kid: id === "ed" ? "es" : "ed" }), "no key of the channel");
  const good = await sign(id);
  const [header, , signature] = good.split(".");
  const other = Buffer.from(JSON.stringify(with_({ subject_id: "18" }))).toString("base64url");
  add(`${pairs[id].alg}, changed after signing`, `${header}.${other}.${signature}`, "signature does not hold");
  const short = Buffer.from(signature, "base64url").subarray(4).toString("base64url");
  add(`${pairs[id].alg}, cut off`, `${header}.${good.split(".")[1]}.${short}`, "signature does not hold");
  const stranger = await generateKeyPair(pairs[id].alg);
  const forged = await new SignJWT(claims).setProtectedHeader({ alg: pairs[id].alg, kid: id }).sign(stranger.privateKey);
  add(`${pairs[id].alg}, somebody else's key`, forged, "signature does not hold");
  add(`${pairs[id].alg}, too long`, await sign(id, with_({ labels: { a: "x".repeat(4_000) } })), "longer than 4096 bytes");
  const text = new TextEncoder().encode("not JSON");
  add(`${pairs[id].alg}, no claims`, await new CompactSign(text).setProtectedHeader({ alg: pairs[id].alg, kid: id }).sign(pairs[id].key), "cannot be read");
}
add("none", new UnsecuredJWT(claims).encode(), '"none"');
add("a shared secret", await new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid: "ed" }).sign(new Uint8Array(32)), '"HS256"');
const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
const jwk = await exportJWK(publicKey);
add("a key in the header", await new SignJWT(claims).setProtectedHeader({ alg: "ES256", jwk }).sign(privateKey), '"jwk"');

writeFileSync(new URL("context-tokens.json", import.meta.url), JSON.stringify({ channel: "demo", at: today + 15 * 3_600, keys, vectors }, null, 1) + "\n");
console.log(`${vectors.length} tokens`);
