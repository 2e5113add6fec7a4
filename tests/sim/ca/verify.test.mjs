// Chains as the stock openssl program judges them, strictly and with explicit policies: each leaf under its own root and under no other.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Authority, kinds, openssl, policies, roots, verify } from "./lib/authority.mjs";

const authority = new Authority("verify"), other = new Authority("verify-other");
after(() => {
  authority.close();
  other.close();
});

const leaves = [];
before(() => {
  for (const kind of kinds) for (const root of roots) leaves.push({ kind, root, ...authority.issue(kind, root) });
});

test("a leaf verifies under its own root and policy", () => {
  for (const { kind, root, pem } of leaves) assert.equal(verify(pem, authority.anchor(kind, root), policies[kind]), "", `${kind} ${root}`);
});

test("a root of the same name with another key does not do", () => {
  for (const { kind, root, pem } of leaves) {
    for (const wrong of roots.filter((name) => name !== root))
      assert.notEqual(verify(pem, authority.anchor(kind, wrong), policies[kind]), "", `${kind} ${root} under ${wrong}`);
  }
});

test("the other hierarchy does not do", () => {
  for (const { kind, pem } of leaves) {
    for (const root of roots) {
      const wrong = kinds.find((name) => name !== kind);
      assert.match(verify(pem, authority.anchor(wrong, root), policies[kind]), /unable to get local issuer certificate/);
    }
  }
});

test("the same root of another authority, with the same name, does not do", () => {
  for (const { kind, root, pem } of leaves) assert.notEqual(verify(pem, other.anchor(kind, root), policies[kind]), "", `${kind} ${root}`);
});

test("the other hierarchy's policy, and production's, do not do", () => {
  for (const { kind, root, pem } of leaves) {
    const wrong = kinds.find((name) => name !== kind);
    for (const policy of [policies[wrong], "1.2.392.200149.8.5.1.1.20", "1.2.392.200149.8.5.1.3.30"])
      assert.match(verify(pem, authority.anchor(kind, root), policy), /no explicit policy/);
  }
});

test("time: before, in and after the term", () => {
  const leaf = authority.issue("auth", "1", "--from", "2026-04-01", "--until", "2027-03-31");
  const at = (text) => String(Date.parse(text) / 1000);
  const judge = (text) => verify(leaf.pem, authority.anchor("auth", "1"), policies.auth, "-attime", at(text));
  assert.match(judge("2026-03-31T14:59:59Z"), /not yet valid/);
  assert.equal(judge("2026-03-31T15:00:00Z"), "");
  // The last second is in the term (RFC 5280 4.1.2.5), but openssl takes it for the end.
  assert.equal(judge("2027-03-31T14:59:58Z"), "");
  assert.match(judge("2027-03-31T15:00:00Z"), /expired/);
});

test("the key belongs to the certificate", () => {
  for (const { pem, key } of leaves)
    assert.equal(openssl("x509", "-in", pem, "-noout", "-pubkey").out, openssl("pkey", "-in", key, "-inform", "DER", "-pubout").out);
});

test("a leaf issues nothing", () => {
  const [{ pem, kind, root }] = leaves;
  // Under its own certificate as the only anchor, openssl looks for a CA.
  assert.notEqual(verify(pem, pem, policies[kind]), "", root);
});
