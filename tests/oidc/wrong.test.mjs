// Providers that are wrong in one thing each. Whatever it is: the person is told by its code, and nothing is linked or read.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createLocalJWKSet, jwtVerify } from "jose";
import { clientId, comeBack, comeIn, goThere, openCounter } from "./lib/counter.mjs";
import { openWrongProvider } from "./lib/wrong.mjs";

let counter, provider;

before(async () => {
  counter = await openCounter();
  provider = await openWrongProvider({ issuer: counter.issuer, port: counter.port, clientKeys: counter.keys });
});
after(async () => {
  await provider?.close();
  await counter?.portal.close();
});

async function tryIt(wrong, more) {
  provider.wrong = wrong;
  provider.asked.length = provider.faults.length = 0;
  const visitor = await comeIn(counter.portal);
  const back = await comeBack(visitor, provider.authorize(await goThere(visitor), more));
  assert.deepEqual(provider.faults, []);
  return { visitor, ...back };
}

async function refused(code, wrong, more) {
  const { state, code: said, page, visitor } = await tryIt(wrong, more);
  assert.deepEqual([state, said], [code === "declined" ? "cancelled" : "failed", code]);
  assert.equal(page.status, 200);
  assert.equal(counter.links(), 0);
  assert.equal(counter.sql("SELECT count(*) FROM basic4"), "0");
  assert.equal(counter.sql("SELECT count(*) FROM id_tx WHERE length(held) > 0 OR length(result) > 0"), "0");
  const draft = await visitor.ask(visitor.draft);
  assert.match(draft.to ?? "", /\/card$/, "the form stays closed");
}

/* What the ID token says. */
const tokens = {
  "iss of another": { claims: () => ({ iss: "http://127.0.0.1/other" }) },
  "no iss": { claims: () => ({ iss: undefined }) },
  "aud of another": { claims: () => ({ aud: "somebody-else" }) },
  "aud of several without azp": { claims: () => ({ aud: [clientId, "somebody-else"] }) },
  "aud of several with another's azp": { claims: () => ({ aud: [clientId, "somebody-else"], azp: "somebody-else" }) },
  "aud of others": { claims: () => ({ aud: ["somebody-else"], azp: clientId }) },
  "no aud": { claims: () => ({ aud: undefined }) },
  "another's azp": { claims: () => ({ azp: "somebody-else" }) },
  "nonce of another": { claims: () => ({ nonce: "x".repeat(43) }) },
  "no nonce": { claims: () => ({ nonce: undefined }) },
  "run out": { claims: (now) => ({ exp: now - 61 }) },
  "no exp": { claims: () => ({ exp: undefined }) },
  "exp as a text": { claims: (now) => ({ exp: String(now + 300) }) },
  "issued in the future": { claims: (now) => ({ iat: now + 90 }) },
  "issued long ago": { claims: (now) => ({ iat: now - 700 }) },
  "no iat": { claims: () => ({ iat: undefined }) },
  "not valid yet": { claims: (now) => ({ nbf: now + 90 }) },
  "at_hash of another": { claims: () => ({ at_hash: "x".repeat(22) }) },
  "at_hash that is no text": { claims: () => ({ at_hash: 7 }) },
  "acr that is too little": { claims: () => ({ acr: "aal3" }) },
  "acr that only looks like it": { claims: () => ({ acr: "aal33 crl" }) },
  "no acr": { claims: () => ({ acr: undefined }) },
  "no sub": { claims: () => ({ sub: undefined }) },
  "an empty sub": { claims: () => ({ sub: "" }) },
  "a sub that is too long": { claims: () => ({ sub: "s".repeat(256) }) },
  "alg none": { header: { alg: "none" } },
  "alg HS256 with the public key as secret": { header: { alg: "HS256" } },
  "alg RS256": { header: { alg: "RS256", kid: "rsa" } },
  "signed with another key": { signer: "strange" },
  "no kid": { header: { kid: undefined } },
  "kid of no key": { header: { kid: "three" } },
  "kid of an RSA key": { header: { kid: "rsa" } },
  "two parts": { text: (text) => text.split(".").slice(0, 2).join(".") },
  "four parts": { text: (text) => `${text}.x` },
  "a signature of 63 bytes": { text: (text) => text.replace(/[^.]+$/, (part) => Buffer.from(part, "base64url").subarray(0, 63).toString("base64url")) },
  "a changed payload": { text: (text) => text.replace(/\.([^.]+)\./, (_, part) => `.${Buffer.from(Buffer.from(part, "base64url").toString().replace("a-pairwise", "b-pairwise")).toString("base64url")}.`) },
};
for (const [name, wrong] of Object.entries(tokens)) test(`ID token: ${name}`, () => refused("oidc_protocol", wrong));

/* What the endpoints answer. */
for (const place of ["token", "userinfo"]) {
  test(`${place}: not JSON`, () => refused("oidc_protocol", { [place]: "text" }));
  test(`${place}: another type`, () => refused("oidc_protocol", { [place]: "html" }));
  test(`${place}: too big`, () => refused("oidc_protocol", { [place]: "huge" }));
  test(`${place}: a redirect is not followed`, async () => {
    await refused("oidc_protocol", { [place]: "redirect" });
    assert.ok(!provider.asked.includes("elsewhere"));
  });
  test(`${place}: 503`, () => refused("op_unavailable", { [place]: { status: 503 } }));
  test(`${place}: too slow`, () => refused("op_unavailable", { [place]: "slow" }));
}
test("token: 400", () => refused("oidc_protocol", { token: { status: 400, body: { error: "invalid_client" } } }));
test("token: temporarily_unavailable", () => refused("op_unavailable", { token: { status: 400, body: { error: "temporarily_unavailable" } } }));
test("token: no ID token", () => refused("oidc_protocol", { token: { id_token: undefined } }));
test("token: no access token", () => refused("oidc_protocol", { token: { access_token: undefined } }));
test("token: an access token with a line feed", () => refused("oidc_protocol", { token: { access_token: "a\nX: y" } }));
test("token: another type of token", () => refused("oidc_protocol", { token: { token_type: "DPoP" } }));
test("userinfo: of another person", () => refused("oidc_protocol", { userinfo: { sub: "another" } }));
test("userinfo: without a sub", () => refused("oidc_protocol", { userinfo: { sub: undefined } }));
test("userinfo: 401", () => refused("oidc_protocol", { userinfo: { status: 401 } }));
test("userinfo: no name", () => refused("basic4_missing", { userinfo: { name: undefined } }));
test("userinfo: an empty address", () => refused("basic4_missing", { userinfo: { address: {} } }));
for (const [name, value] of [["a day that is none", "20030431"], ["words", "9 April 2003"], ["a number", 20030409]]) {
  test(`userinfo: birthdate ${name}`, () => refused("oidc_protocol", { userinfo: { birthdate: value } }));
}
for (const value of ["4", "m", 5, true]) test(`userinfo: gender ${JSON.stringify(value)}`, () => refused("oidc_protocol", { userinfo: { gender: value } }));
test("userinfo: a name with a hidden character", () => refused("oidc_protocol", { userinfo: { name: "NGUYEN\u202eIAM" } }));
test("userinfo: another's sex", () => refused("basic4_mismatch", { userinfo: { gender: "male" } }));

/* What comes through the browser. */
const errors = { access_denied: "declined", login_required: "op_unavailable", interaction_required: "op_unavailable", temporarily_unavailable: "op_unavailable", server_error: "op_unavailable", invalid_scope: "oidc_protocol" };
for (const [error, code] of Object.entries(errors)) test(`error=${error}`, () => refused(code, {}, { code: undefined, error }));
test("code and error", () => refused("oidc_protocol", {}, { error: "access_denied" }));
test("neither code nor error", () => refused("oidc_protocol", {}, { code: undefined }));
test("iss of another provider", () => refused("oidc_protocol", {}, { iss: "http://127.0.0.1/other" }));

test("a state with another secret ends the transaction", async () => {
  const visitor = await comeIn(counter.portal);
  const callback = provider.authorize(await goThere(visitor));
  const back = await comeBack(visitor, callback.replace(/state=(\w{26}\.).{43}/, (_, id) => `state=${id}${"x".repeat(43)}`));
  assert.deepEqual([back.state, back.code], ["failed", "oidc_protocol"]);
});

for (const [name, state] of [["none", undefined], ["no id", "x"], ["of no transaction", `${"0".repeat(26)}.${"x".repeat(43)}`]]) {
  test(`state: ${name}`, async () => {
    const visitor = await comeIn(counter.portal);
    const page = await visitor.ask(provider.authorize(await goThere(visitor), { state }));
    assert.equal((await visitor.send(page, /\/oidc\/cb$/)).status, 404);
    assert.equal(counter.links(), 0);
  });
}

test("a parameter that stands there twice", async () => {
  const visitor = await comeIn(counter.portal);
  const back = await comeBack(visitor, `${provider.authorize(await goThere(visitor))}&code=another`);
  assert.deepEqual([back.state, back.code], ["failed", "oidc_protocol"]);
});

test("the answer of another session is not there, and does its own transaction no harm", async () => {
  provider.wrong = { userinfo: { sub: "another" } };
  const visitor = await comeIn(counter.portal), other = await comeIn(counter.portal, "arjun@example.jp");
  const callback = provider.authorize(await goThere(visitor));
  assert.equal((await other.send(await other.ask(callback), /\/oidc\/cb$/)).status, 404);
  const back = await comeBack(visitor, callback);
  assert.deepEqual([back.state, back.code], ["failed", "oidc_protocol"]);
});

test("a code that was used before", async () => {
  const visitor = await comeIn(counter.portal);
  provider.wrong = {};
  const callback = provider.authorize(await goThere(visitor));
  provider.used.add(new URL(callback).searchParams.get("code"));
  const back = await comeBack(visitor, callback);
  assert.deepEqual([back.state, back.code], ["failed", "oidc_protocol"]);
  const again = await comeBack(visitor, callback);
  assert.deepEqual([again.state, again.code], ["failed", "oidc_protocol"]);
});

test("without a session the callback leads to the login, and the answer is nobody's", async () => {
  const visitor = await comeIn(counter.portal);
  const callback = provider.authorize(await goThere(visitor));
  const answer = await fetch(callback, { redirect: "manual" });
  assert.equal(answer.status, 303);
  assert.match(answer.headers.get("location"), /^\/login\?/);
});

test("with nothing wrong it is done: iss of RFC 9207, azp, a second audience, at_hash", async () => {
  const { answer, visitor } = await tryIt({ claims: () => ({ aud: [clientId, "somebody-else"], azp: clientId }) }, { iss: counter.issuer });
  assert.equal(new URL(answer.to).pathname, visitor.draft);
  assert.equal(counter.links(), 1);
  assert.equal(counter.sql("SELECT issuer || ' ' || cert_serial FROM card_link"), `${counter.issuer} a-pairwise-subject`);
});

test("later, another person's proof is refused for the account that is linked", async () => {
  const { state, code } = await tryIt({ claims: () => ({ sub: "another" }), userinfo: { sub: "another" } });
  assert.deepEqual([state, code], ["failed", "card_mismatch"]);
});

test("and the linked person is refused for another account", async () => {
  provider.wrong = {};
  const visitor = await comeIn(counter.portal, "arjun@example.jp");
  const back = await comeBack(visitor, provider.authorize(await goThere(visitor)));
  assert.deepEqual([back.state, back.code], ["failed", "card_in_use"]);
  assert.equal(counter.links(), 1);
});

test("every word for who we are was one that jose takes, and none was used twice", async () => {
  const keys = createLocalJWKSet(counter.keys), seen = new Set();
  for (const text of provider.assertions) {
    const { payload } = await jwtVerify(text, keys, { algorithms: ["ES256"], clockTolerance: 600 });
    assert.ok(!seen.has(payload.jti));
    seen.add(payload.jti);
  }
  assert.ok(seen.size > 50);
});

test("the audit says why, in words of our own", () => {
  const details = counter.sql("SELECT group_concat(DISTINCT detail) FROM audit_entry");
  for (const word of ["nonce of the ID token", "at_hash of the ID token", "sub of userinfo"]) assert.ok(details.includes(word), word);
  for (const word of ["eyJ", "code-", "an-access-token"]) assert.ok(!details.includes(word), word);
});
