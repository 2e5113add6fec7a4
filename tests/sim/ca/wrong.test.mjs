// The certificates that are wrong on purpose are wrong in the way they say, and in no other: a verifier's test that refuses them for another
// reason would prove nothing. "none" is the check of this check.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { Authority, openssl, policies, run, verify } from "./lib/authority.mjs";
import { certificate, children, oid } from "./lib/der.mjs";

const authority = new Authority("wrong");
after(() => authority.close());

// P-384 because its keys are made at once; RSA where the fault is RSA's.
const rootOf = (fault) => ["rsa_1024", "e_3", "sha1"].includes(fault) ? "1" : "p384";
const issue = (fault, kind = "sign") => {
  const der = authority.wrong(kind, rootOf(fault), fault);
  return { cert: certificate(readFileSync(der)), pem: authority.toPem(der, der.replace(/der$/, "pem")) };
};
const judge = (pem, kind = "sign") => verify(pem, authority.anchor(kind, "p384"), policies[kind]);
const text = (pem) => openssl("x509", "-in", pem, "-noout", "-text").out;
const extension = (cert, id) => cert.extensions.find((one) => one.oid === oid(id).toString("hex"));
const order = ["2.5.29.35", "2.5.29.15", "2.5.29.17", "2.5.29.18", "2.5.29.31", "2.5.29.32", "2.5.29.14"];
const hasAll = (cert, ...but) => assert.deepEqual(cert.extensions.map((one) => one.oid),
  order.filter((id) => !but.includes(id)).map((id) => oid(id).toString("hex")));
/** The otherNames: [last arc, tag, bytes]. */
const items = (cert) => children(children(extension(cert, "2.5.29.17").value)[0].value).map(({ value }) => {
  const [id, explicit] = children(value), [inner] = children(explicit.value);
  return [id.value.at(-1), inner.tag, inner.value.toString("latin1")];
});

test("none: right", () => {
  for (const kind of ["auth", "sign"]) {
    const { cert, pem } = issue("none", kind);
    assert.equal(judge(pem, kind), "");
    hasAll(cert, kind === "auth" ? "2.5.29.17" : "");
  }
});

const judged = [
  ["expired", /has expired/], ["not_yet", /not yet valid/], ["self_signed", /signature failure/],
  ["unknown_critical", /unhandled critical extension/], ["no_policy", /no explicit policy/], ["policy", /no explicit policy/],
];
for (const [fault, words] of judged) {
  test(`${fault}: openssl refuses it for that`, () => {
    const { pem } = issue(fault);
    assert.match(judge(pem), words);
  });
}

test("rsa_1024, e_3, sha1: the key and the signature are as told, and nothing else is", () => {
  for (const [fault, words] of [["rsa_1024", /Public-Key: \(1024 bit\)/], ["e_3", /Exponent: 3 /],
    ["sha1", /Signature Algorithm: sha1WithRSAEncryption/]]) {
    const { cert, pem } = issue(fault);
    assert.match(text(pem), words);
    hasAll(cert);
  }
  assert.match(text(issue("e_3").pem), /\(2048 bit\)/);
  assert.match(text(issue("rsa_1024").pem), /Exponent: 65537/);
});

test("ca: a CA, but as to everything else right", () => {
  const { pem } = issue("ca");
  assert.match(text(pem), /Basic Constraints: critical\s+CA:TRUE/);
});

test("no_key_usage, key_usage", () => {
  hasAll(issue("no_key_usage").cert, "2.5.29.15");
  const { cert, pem } = issue("key_usage");
  hasAll(cert);
  assert.match(text(pem), /Key Usage: critical\s+Key Encipherment\n/);
});

test("version1", () => {
  const { cert } = issue("version1");
  assert.equal(cert.version, null);
  hasAll(cert);
});

test("item_missing, item_double, item_bmp, item_more", () => {
  const right = items(issue("none").cert);
  assert.deepEqual(right.map(([arc]) => arc), [1, 4, 3, 5, 2, 6]);
  for (let i = 0; i < 6; i++) {
    assert.deepEqual(items(issue(`item_missing=${i}`).cert), right.filter((_, k) => k !== i));
    assert.deepEqual(items(issue(`item_double=${i}`).cert), right.flatMap((one, k) => k === i ? [one, one] : [one]));
    const bmp = items(issue(`item_bmp=${i}`).cert);
    assert.equal(bmp[i][1], 0x1e);
    assert.equal(Buffer.from(bmp[i][2], "latin1").swap16().toString("utf16le"), Buffer.from(right[i][2], "latin1").toString("utf8"));
    assert.deepEqual(bmp.toSpliced?.(i, 1) ?? bmp.filter((_, k) => k !== i), right.filter((_, k) => k !== i));
  }
  const more = items(issue("item_more").cert);
  assert.deepEqual(more.slice(0, 6), right);
  assert.equal(more[6][0], 99);
  assert.equal(judge(issue("item_more").pem), "");
});

test("texts that no real certificate has", () => {
  const bytes = (name) => Buffer.from(name).toString("latin1");
  const cases = { bad_utf8: [0, "\xe3\x81"], long_name: [0, bytes("あ".repeat(201))], empty_name: [0, ""], era_letter: [1, "x20010203"],
    month_13: [1, "020011303"], february_30: [1, "020010230"], short_birth: [1, "02001020"], sex_4: [2, "4"], subst_short: [4, "0"] };
  const right = items(issue("none").cert);
  for (const [fault, [i, value]] of Object.entries(cases)) {
    const found = items(issue(fault).cert);
    assert.deepEqual(found[i], [right[i][0], 0x0c, value], fault);
    assert.deepEqual(found.filter((_, k) => k !== i), right.filter((_, k) => k !== i), fault);
  }
});

test("what OpenSSL cannot write is an error, and nothing is issued", () => {
  const before = authority.do("show");
  const done = run(process.env.WRONG_ISSUE, authority.dir, "sign", "1", "bad_policy", authority.path("none.der"));
  assert.equal(done.code, 1);
  assert.match(done.error, /not an OID/);
  assert.equal(authority.do("show"), before);
});
