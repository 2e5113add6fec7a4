// Lists of revoked certificates, as the stock openssl program reads and uses them.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { Authority, kinds, openssl, policies, roots, verify } from "./lib/authority.mjs";

const authority = new Authority("crl");
after(() => authority.close());

const file = (kind, root) => join(authority.dir, "anchors", `crl-${kind}-${root}.der`);
const number = (kind, root) => parseInt(openssl("crl", "-inform", "DER", "-in", file(kind, root), "-noout", "-crlnumber").out
  .match(/crlNumber=0x([0-9A-F]+)/)[1], 16);

/** verify with the list. */
function judge(leaf, kind, root) {
  const pem = authority.path(`${kind}-${root}.crl.pem`);
  assert.equal(openssl("crl", "-inform", "DER", "-in", file(kind, root), "-out", pem).code, 0);
  return verify(leaf.pem, authority.anchor(kind, root), policies[kind], "-crl_check", "-CRLfile", pem);
}

test("no list before it is asked for, then six, each signed by its own root alone", () => {
  assert.deepEqual(readdirSync(join(authority.dir, "anchors")).filter((name) => name.startsWith("crl")), []);
  const told = authority.do("crl").split("\n");
  assert.deepEqual(told, kinds.flatMap((kind) => roots.map((root) => file(kind, root))));
  for (const kind of kinds) {
    for (const root of roots) {
      const check = (anchor) => openssl("crl", "-inform", "DER", "-in", file(kind, root), "-noout", "-CAfile", anchor).error;
      assert.match(check(authority.anchor(kind, root)), /verify OK/);
      for (const wrong of roots.filter((name) => name !== root)) assert.match(check(authority.anchor(kind, wrong)), /verify failure|error/);
      assert.match(check(authority.anchor(kinds.find((name) => name !== kind), root)), /[Ee]rror getting CRL issuer/);
    }
  }
});

test("version 2, 26 hours, the right issuer, key id and number", () => {
  const { out } = openssl("crl", "-inform", "DER", "-in", file("sign", "1"), "-noout", "-text");
  assert.match(out, /Version 2 \(0x1\)/);
  assert.match(out, /Issuer: C = JP, O = JPKI-SIM, OU = JPKI for digital signature, OU = Japan Agency/);
  assert.match(out, /CRL extensions:\s+X509v3 Authority Key Identifier:\s+[0-9A-F:]+\s+X509v3 CRL Number:\s+\d+\n/);
  const [from, to] = [/Last Update: (.*)/, /Next Update: (.*)/].map((form) => Date.parse(out.match(form)[1]));
  assert.equal(to - from, 26 * 3600 * 1000);
  const key = (text) => text.match(/Key Identifier: *\n +((?:[0-9A-F]{2}:?)+)/)[1];
  assert.equal(key(out), key(openssl("x509", "-in", authority.anchor("sign", "1"), "-noout", "-text").out));
});

test("numbers rise, across all lists", () => {
  const before = number("sign", "p384");
  authority.do("crl");
  const numbers = kinds.flatMap((kind) => roots.map((root) => number(kind, root)));
  assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6].map((n) => before + n));
});

test("a move revokes the signing certificate and leaves the other", () => {
  const sign = authority.issue("sign", "1"), auth = authority.issue("auth", "1"), still = authority.issue("sign", "1");
  authority.do("crl");
  assert.equal(judge(sign, "sign", "1"), "");
  const before = Math.floor(Date.now() / 1000) * 1000;
  authority.do("revoke", sign.serial, "affiliationChanged");
  const behind = Date.now();
  assert.equal(judge(sign, "sign", "1"), "", "the old list does not know");
  authority.do("crl");
  assert.match(judge(sign, "sign", "1"), /certificate revoked/);
  assert.equal(judge(still, "sign", "1"), "");
  assert.equal(judge(auth, "auth", "1"), "");
  const { out } = openssl("crl", "-inform", "DER", "-in", file("sign", "1"), "-noout", "-text");
  const entry = out.match(/Serial Number: (\w+)\n +Revocation Date: (.*)\n +CRL entry extensions:\n +X509v3 CRL Reason Code: *\n +(.*)\n/);
  assert.equal(entry[1], sign.serial);
  assert.ok(Date.parse(entry[2]) >= before && Date.parse(entry[2]) <= behind);
  assert.equal(entry[3], "Affiliation Changed");
});

test("each reason as openssl names it", () => {
  const names = { cessationOfOperation: "Cessation Of Operation", superseded: "Superseded", keyCompromise: "Key Compromise",
    affiliationChanged: "Affiliation Changed", unspecified: null };
  const leaves = Object.entries(names).map(([word, name]) => ({ word, name, ...authority.issue("auth", "p384") }));
  // A serial number may be written in small letters.
  for (const { serial, word } of leaves) authority.do("revoke", serial.toLowerCase(), word);
  authority.do("crl");
  const { out } = openssl("crl", "-inform", "DER", "-in", file("auth", "p384"), "-noout", "-text");
  for (const { serial, name } of leaves) {
    const entry = out.split("Serial Number: ").find((part) => part.startsWith(serial));
    assert.equal(entry.match(/Reason Code: *\n +(.*)/)?.[1] ?? null, name);
    assert.match(authority.do("show", serial), new RegExp(`^${serial}\tauth\tp384\t${leaves.find((one) => one.serial === serial).word}\t20`));
  }
});
