// The real counter against npm oidc-provider, which is certified: what it takes is what the standard says.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { clientId, comeBack, comeIn, goThere, openCounter } from "./lib/counter.mjs";
import { openProvider, signingKey } from "./lib/provider.mjs";
import { demo } from "../story/lib/portal.mjs";

let counter, provider;
const redirect = () => `${counter.portal.base}/oidc/cb`;

async function setUp(options = {}) {
  await provider?.close();
  provider = await openProvider({ issuer: counter.issuer, port: counter.port, redirect: redirect(), clientKeys: counter.keys, ...options });
}

before(async () => { counter = await openCounter(); });
after(async () => {
  await provider?.close();
  await counter?.portal.close();
});

/** The person does at the provider what it is set up for; answers the address of the counter that it leads back to. */
async function atProvider(visitor, url) {
  const there = await visitor.follow(await visitor.ask(url), (to) => to.startsWith(redirect()));
  assert.ok(there.to?.startsWith(redirect()), `${there.status} ${there.url}\n${there.text}`);
  return there.to;
}

test("the address there has what the profile asks for", async () => {
  await setUp();
  const url = new URL(await goThere(await comeIn(counter.portal)));
  const params = Object.fromEntries(url.searchParams);
  assert.equal(url.origin + url.pathname, `${counter.issuer}/protocol/openid-connect/auth`);
  assert.equal(params.response_type, "code");
  assert.equal(params.scope, "openid name address birthdate gender");
  assert.equal(params.client_id, clientId);
  assert.equal(params.redirect_uri, redirect());
  assert.equal(params.acr_values, "aal3 crl");
  assert.equal(params.code_challenge_method, "S256");
  assert.match(params.code_challenge, /^[A-Za-z0-9_-]{43}$/);
  assert.match(params.nonce, /^[A-Za-z0-9_-]{43}$/);
  assert.match(params.state, /^[0-9A-Z]{26}\.[A-Za-z0-9_-]{43}$/);
});

test("pages let their forms lead to the provider and nowhere else", async () => {
  const page = await (await comeIn(counter.portal)).ask("/my-page");
  const csp = page.headers.get("content-security-policy");
  assert.ok(csp.includes(`form-action 'self' http://127.0.0.1:${counter.port};`), csp);
});

test("without PKCE the provider refuses", async () => {
  await setUp();
  const visitor = await comeIn(counter.portal);
  const url = new URL(await goThere(visitor));
  url.searchParams.delete("code_challenge");
  url.searchParams.delete("code_challenge_method");
  const back = await comeBack(visitor, await atProvider(visitor, url.href));
  assert.deepEqual([back.state, back.code], ["failed", "oidc_protocol"]);
  assert.equal(counter.links(), 0);
});

test("a person who declines is told so, and nothing is linked", async () => {
  await setUp({ decide: "deny" });
  const visitor = await comeIn(counter.portal);
  const back = await comeBack(visitor, await atProvider(visitor, await goThere(visitor)));
  assert.deepEqual([back.state, back.code], ["cancelled", "declined"]);
  assert.equal(counter.links(), 0);
});

test("a counter with another key than was handed in is refused", async () => {
  const { privateKey, ...wrong } = { ...counter.keys.keys[0], ...signingKey("x"), privateKey: undefined };
  delete wrong.d;
  await setUp({ clientKeys: { keys: [wrong] } });
  const visitor = await comeIn(counter.portal);
  const back = await comeBack(visitor, await atProvider(visitor, await goThere(visitor)));
  assert.deepEqual([back.state, back.code], ["failed", "oidc_protocol"]);
  assert.equal(counter.links(), 0);
});

test("a claim that the provider does not tell", async () => {
  await setUp({ claims: { name: "NGUYEN THI MAI", birthdate: "20030409", gender: "2" } });
  const visitor = await comeIn(counter.portal);
  const back = await comeBack(visitor, await atProvider(visitor, await goThere(visitor)));
  assert.deepEqual([back.state, back.code], ["failed", "basic4_missing"]);
  assert.equal(counter.links(), 0);
});

test("another person than the one who is registered", async () => {
  await setUp({ claims: { name: "NGUYEN THI MAI", address: "大分県別府市", birthdate: "2003-04-10", gender: "female" } });
  const visitor = await comeIn(counter.portal);
  const back = await comeBack(visitor, await atProvider(visitor, await goThere(visitor)));
  assert.deepEqual([back.state, back.code], ["failed", "basic4_mismatch"]);
  assert.equal(counter.links(), 0);
});

test("a session that the provider's answer does not belong to", async () => {
  await setUp();
  const visitor = await comeIn(counter.portal), other = await comeIn(counter.portal);
  const callback = await atProvider(visitor, await goThere(visitor));
  const page = await other.ask(callback);
  const answer = await other.send(page, /\/oidc\/cb$/);
  assert.equal(answer.status, 404);
  assert.equal(counter.links(), 0);
  await visitor.ask("/logout");
});

test("one who proves it has the form with the four items, and keeps the session under a new name", async () => {
  await counter.portal.restart();
  await setUp();
  const visitor = await comeIn(counter.portal);
  const callback = await atProvider(visitor, await goThere(visitor));
  const page = await visitor.ask(callback);
  assert.match(page.text, /data-go/);
  const answer = await visitor.send(page, /\/oidc\/cb$/);
  assert.deepEqual(provider.errors.map(String), []);
  assert.equal(answer.status, 303);
  assert.equal(new URL(answer.to).pathname, visitor.draft);
  assert.match(answer.headers.getSetCookie().join(), /session=/);
  const draft = await visitor.ask(visitor.draft);
  assert.equal(draft.status, 200);
  assert.equal(counter.links(), 1);
  assert.equal(counter.sql("SELECT adapter FROM card_link"), "oidc");
  assert.equal(counter.sql("SELECT count(*) FROM basic4"), "1");
  const again = await visitor.send(page, /\/oidc\/cb$/);
  assert.equal(again.status, 403, "the form token of the session that was renewed");
  assert.equal(counter.links(), 1);
  const confirm = await visitor.ask(`${visitor.draft}/confirm`);
  assert.match(confirm.text, /大分県別府市石垣東/);
  assert.equal(provider.asked.filter((line) => line.endsWith("/certs")).length, 1);
});

test("one whose answer is lost, or who presses twice, is not logged out by the proof", async () => {
  await setUp();
  const visitor = await comeIn(counter.portal);
  const callback = await atProvider(visitor, await goThere(visitor));
  const page = await visitor.ask(callback), pressed = visitor.twin(), reloaded = visitor.twin(), elsewhere = visitor.twin();
  assert.equal((await visitor.send(page, /\/oidc\/cb$/)).status, 303);
  const again = await pressed.send(page, /\/oidc\/cb$/);
  assert.equal(new URL(again.to).pathname, visitor.draft);
  assert.equal((await pressed.ask(visitor.draft)).status, 200);
  const back = await reloaded.ask(callback);
  assert.equal(back.to, callback);
  const sent = await reloaded.send(await reloaded.ask(callback), /\/oidc\/cb$/);
  assert.equal(new URL(sent.to).pathname, visitor.draft);
  assert.equal((await reloaded.ask(visitor.draft)).status, 200);
  assert.match((await elsewhere.ask(visitor.draft)).to, /\/login\?/);
});

test("keys that rotate are fetched again, but not more often than once a minute", async () => {
  const keys = [signingKey("two")];
  await setUp({ keys });
  /* The counter has looked a moment ago: the new key is not known yet. */
  let visitor = await comeIn(counter.portal);
  let back = await comeBack(visitor, await atProvider(visitor, await goThere(visitor)));
  assert.deepEqual([back.state, back.code], ["failed", "oidc_protocol"]);
  assert.equal(provider.asked.filter((line) => line.endsWith("/certs")).length, 0);
  /* A counter that knows no keys looks at once. */
  await counter.portal.restart();
  visitor = await comeIn(counter.portal);
  back = await comeBack(visitor, await atProvider(visitor, await goThere(visitor)));
  assert.equal(new URL(back.answer.to).pathname, visitor.draft);
  assert.equal(provider.asked.filter((line) => line.endsWith("/certs")).length, 1);
  assert.equal(counter.links(), 1);
});

test("a provider that is not there", async () => {
  await setUp();
  const visitor = await comeIn(counter.portal);
  const callback = await atProvider(visitor, await goThere(visitor));
  await provider.close();
  provider = undefined;
  const back = await comeBack(visitor, callback);
  assert.deepEqual([back.state, back.code], ["failed", "op_unavailable"]);
});

test("nothing of codes, tokens and states is in the log", () => {
  const log = JSON.stringify(counter.portal.log);
  for (const word of ["code=", "state=", "eyJ", "NGUYEN", demo.mai]) assert.ok(!log.includes(word), word);
});
