// Two sides that lie. A hostile portal: whatever it sends, the phone signs nothing and says why. A hostile phone (--tamper): whatever it
// sends, the strict portal of lib/ refuses with the code that tampers.def promises.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { base32, base64url } from "./lib/portal.mjs";
import { makeStage, password, pin, scan, simphone, textPin } from "./lib/phone.mjs";

const stage = makeStage(["student", "mononym"]);
let portal;
before(async () => { portal = await stage.portal(); });
after(() => portal.stop());

const shown = (members) => ({ display: members });
const untrusted = 6;
const lies = [
  ["unsigned", { unsigned: true }, "request_unsigned"],
  ["signed with an HMAC of the public key", { hmac: true, header: { alg: "HS256" } }, "request_unsigned"],
  ["alg none", { unsigned: true, header: { alg: "none" } }, "request_unsigned"],
  ["one bit of the signature changed", { flip: true }, "request_unsigned"],
  ["signed by a key that is not pinned", { strangerKey: true, stranger: true }, "request_unsigned"],
  ["signed by a stranger under the pinned key's name", { strangerKey: true, pinnedName: true }, "request_unsigned"],
  ["another type of message", { header: { typ: "clp+jwt" } }, "request_unsigned"],
  ["no JWS at all", { answer: "hello" }, "request_unsigned"],
  ["not JSON inside", { payload: "hello" }, "request_unclear"],
  ["a member twice", { payload: '{"v":1,"v":1}' }, "request_unclear"],
  ["another version", { request: { v: 2 } }, "request_unclear"],
  ["another party", { request: { iss: "rp:other" } }, "request_unclear"],
  ["another origin", { request: { origin: "https://other.example" } }, "request_unclear"],
  ["another transaction", { request: { tx: "00000000000000000000000000" } }, "request_unclear"],
  ["for another app", { request: { jkt: "A".repeat(43) } }, "request_unclear"],
  ["an unknown operation", { request: { op: "sign" } }, "request_unclear"],
  ["an unknown purpose", { request: { purpose: "loan" } }, "request_unclear"],
  ["the signing certificate for a log-in", { request: { cert: ["jpki_sign"] } }, "request_unclear"],
  ["no certificate", { request: { cert: [] } }, "request_unclear"],
  ["certificates that are none", { request: { cert: [1] } }, "request_unclear"],
  ["a member that nobody knows", { request: { callback: "https://other.example" } }, "request_unclear"],
  ["a member of another kind", { request: { bindback: "no" } }, "request_unclear"],
  ["no display", { without: ["display"] }, "request_unclear"],
  ["no title", { ...shown({ title: {} }) }, "request_unclear"],
  ["a title with a control character", { ...shown({ title: { en: "Log in\u202Eto" } }) }, "request_unclear"],
  ["an account with a line feed", { ...shown({ account: "a\nasked\tauth" }) }, "request_unclear"],
  ["a browser of 201 characters", { ...shown({ browser: "x".repeat(201) }) }, "request_unclear"],
  ["a display with more in it", { ...shown({ advice: "Go on" }) }, "request_unclear"],
  ["begun in an hour", { ...shown({ started: Math.floor(Date.now() / 1000) + 3600 }) }, "request_unclear"],
  ["over already", { expSet: -1 }, "request_late"],
  ["from the future", { iatSet: 600 }, "request_late"],
  ["valid for an hour", { expSet: 3600 }, "request_unclear"],
  ["a bare random value to sign", { statement: base64url(Buffer.alloc(32, 7)) }, "request_unclear"],
  ["a statement with a line more", { statement: "CLP1 AUTH\nrp=a\nextra=b\n" }, "request_unclear"],
  ["a statement for another portal", { said: { origin: "https://bank.example" } }, "request_differs"],
  ["a statement for another party", { said: { rp: "rp:bank" } }, "request_differs"],
  ["a statement for another transaction", { said: { tx: "00000000000000000000000000" } }, "request_differs"],
  ["a statement for another purpose", { said: { purpose: "relink" } }, "request_differs"],
  ["a statement for another app", { said: { app: "B".repeat(43) } }, "request_differs"],
  ["a statement that is valid longer", { said: { exp: Math.floor(Date.now() / 1000) + 9999 } }, "request_differs"],
  ["the four items while a log-in is shown", { request: { op: "auth" } }, "request_unclear", "basic4"],
  ["another sentence", { sentence: "I ask immi-demo to sell my house." }, "request_unclear", "basic4"],
  ["a sentence for another party", { sentence: "I ask bank to read my name, address, date of birth and sex from my card for my request for use." }, "request_unclear", "basic4"],
  ["a sentence for another purpose", { sentence: "I ask immi-demo to read my name, address, date of birth and sex from my card for my application 7." }, "request_unclear", "basic4"],
  ["a sentence with more behind it", { sentence: "I ask immi-demo to read my name, address, date of birth and sex from my card for my request for use. And my house." }, "request_unclear", "basic4"],
  ["an answer of 100 KiB", { answer: "A".repeat(100000) }, "answer_unclear"],
  ["the screen of another operation", { screen: "signature_completed" }, "answer_unclear"],
];

for (const [name, lie, ending, op = "auth"] of lies) {
  test(`a portal that lies: ${name}`, async () => {
    const now = Math.floor(Date.now() / 1000), given = { ...lie };
    if (lie.expSet || lie.iatSet) given.request = { ...(lie.expSet && { exp: now + lie.expSet }), iat: now + (lie.iatSet ?? -5), ...(lie.iatSet && { exp: now + lie.iatSet + 60 }) };
    if (lie.pinnedName) given.kid = portal.key.kid;
    if (lie.stranger) given.kid = portal.strangerKey.kid;
    portal.tellStranger = Boolean(lie.stranger);
    const tx = portal.begin({ op, lies: given });
    const submits = portal.seen.filter(({ path }) => path === "/m/v1/submit").length;
    const { code, ended, facts } = await scan(stage, tx.text, { args: ["--pin", pin, "--password", password] });
    assert.equal(ended, ending);
    assert.equal(code, ending === "answer_unclear" ? 69 : untrusted);
    if (lie.screen) return;
    assert.equal(portal.seen.filter(({ path }) => path === "/m/v1/submit").length, submits, "something was handed in");
    assert.deepEqual([facts.tries, stage.tries("student").auth], [undefined, 3], "the card was touched");
  });
}

test("the honest twin of these requests goes through", async () => {
  portal.tellStranger = false;
  for (const [op, purpose, what] of [["basic4", "usage_request", "my request for use"], ["basic4", "relink", "linking my new card"], ["basic4", "apply", "my application 7"]]) {
    const tx = portal.begin({ op, purpose, lies: { sentence: `I ask immi-demo to read my name, address, date of birth and sex from my card for ${what}.` } });
    assert.equal((await scan(stage, tx.text, { args: ["--password", password] })).ended, "signature_completed", what);
  }
});

test("keys that are no JWK set, and a portal that answers HTML", async () => {
  for (const [type, body, ending] of [["text/html", "<h1>Hello</h1>", "answer_unclear"], ["application/json", "[]", "request_unsigned"], ["application/json", '{"keys":[{"kty":"RSA"}]}', "request_unsigned"]]) {
    portal.jwks = { status: 200, type, body };
    assert.equal((await scan(stage, portal.begin().text, { args: ["--pin", pin] })).ended, ending, body);
  }
  portal.jwks = undefined;
});

test("texts that are no codes of ours are not sent anywhere", async () => {
  const { origin } = portal, tx = base32(Buffer.alloc(16, 255)), claim = base64url(Buffer.alloc(16, 255));
  const wrong = ["", "hello", `${origin}/q`, `${origin}/q#1.${tx}`, `${origin}/q#2.${tx}.${claim}`, `${origin}/q#1.${tx}.${claim}x`, `${origin}/q#1.${tx}.${claim}=`,
    `${origin}/q#1.${tx.toLowerCase()}.${claim}`, `${origin}/q#1.${tx.slice(1)}.${claim}`, `${origin}/q#1.8${tx.slice(1)}.${claim}`, `${origin}/q#1.${tx}.${claim.slice(0, -1)}_`,
    `${origin}/q/#1.${tx}.${claim}`, `${origin}/q?x#1.${tx}.${claim}`, `http://portal.example/q#1.${tx}.${claim}`, `https://user@portal.example/q#1.${tx}.${claim}`,
    `https://PORTAL.example/q#1.${tx}.${claim}`, `https://portal.example:443/q#1.${tx}.${claim}`, `https://portal.example:0/q#1.${tx}.${claim}`, `https://portal.example./q#1.${tx}.${claim}`,
    `https://portal..example/q#1.${tx}.${claim}`, `ftp://portal.example/q#1.${tx}.${claim}`, `https://[::2]/q#1.${tx}.${claim}`, `https://${"a".repeat(180)}/q#1.${tx}.${claim}`];
  const before = portal.seen.length;
  for (const text of wrong) {
    const { code, ended } = await scan(stage, "-", { args: ["--pin", pin], input: text });
    assert.deepEqual([ended, code], ["not_a_code", 65], text);
  }
  for (const text of [`https://portal.example/q#1.${tx}.${claim}`, `http://localhost:1/q#1.${tx}.${claim}`, `${origin}1/q#1.${tx}.${claim}`.replace(/:\d+/, ":81")]) {
    const { code, ended } = await scan(stage, text, { args: ["--pin", pin] });
    assert.deepEqual([ended, code], ["not_pinned", untrusted], text);
  }
  assert.equal(portal.seen.length, before);
});

const tampers = execFileSync(simphone, ["tampers"]).toString().trim().split("\n").map((line) => line.split("\t"));

test("the list of tampers has what the portal's tests need", () => {
  const words = tampers.map(([word]) => word);
  for (const word of ["nonce", "tx", "origin", "sig", "cert", "other-card", "my-number", "late", "clock", "replay", "key"]) assert.ok(words.includes(word), word);
});

for (const [word, answer, words] of tampers) {
  /* It waits longer than a test may; the portal's own tests have the case with a clock that they set. */
  if (word === "late-claim") continue;
  test(`a phone that lies: ${word} (${words})`, async () => {
    const basic4 = ["basic4", "other-key"].includes(word);
    const tx = portal.begin({ op: basic4 ? "basic4" : "auth", lives: word === "late" ? 3 : 180 });
    const secrets = word === "basic4" ? ["--method", "card_text", "--pin", textPin] : ["--pin", pin, "--password", password];
    const more = { "other-card": ["--other-card", join(stage.cards, "mononym"), "--other-secret", pin], "other-key": ["--other-secret", pin] }[word] ?? [];
    const { ended, facts } = await scan(stage, tx.text, { args: ["--tamper", word, ...more, ...secrets] });
    assert.equal(ended, answer);
    assert.equal(tx.state === "done", ["repeat", "replay", "again", "race"].includes(word), tx.state);
    if (word === "race") assert.deepEqual(facts.race, ["1 8"]);
    stage.fresh();
  });
}
