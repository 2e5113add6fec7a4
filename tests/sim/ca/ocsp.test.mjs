// The responder as the stock openssl program sees it, in every mode, and over HTTP where no OCSP comes.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Authority, Responder, kinds, openssl, roots } from "./lib/authority.mjs";

const authority = new Authority("ocsp");
let responder;
before(async () => {
  responder = await Responder.start(authority);
});
after(async () => {
  await responder.stop();
  authority.close();
});

const mode = (name) => authority.do("ocsp-mode", name);
/** openssl ocsp with a nonce; both of its outputs. */
function ask(kind, root, leaf, ...more) {
  const done = openssl("ocsp", "-issuer", authority.anchor(kind, root), "-cert", leaf.pem, "-url", responder.url, "-CAfile",
    authority.anchor(kind, root), "-no-CApath", "-no-CAstore", "-nonce", "-timeout", "20", ...more);
  return done.out + done.error;
}

test("good, for both hierarchies and all roots, with SHA-1 and SHA-256", () => {
  for (const kind of kinds) {
    for (const root of roots) {
      const leaf = authority.issue(kind, root);
      const told = ask(kind, root, leaf, "-resp_text");
      assert.match(told, /Response verify OK/);
      assert.match(told, /\.pem: good\n/);
      assert.doesNotMatch(told, /WARNING|no nonce/);
      assert.match(told, /X509v3 Extended Key Usage: *\n +OCSP Signing\n/);
      assert.match(told, /OCSP No Check/);
      const [from, to] = [/This Update: (.*)/, /Next Update: (.*)/].map((form) => Date.parse(told.match(form)[1]));
      assert.equal(to - from, 15 * 60 * 1000);
      const sha256 = openssl("ocsp", "-issuer", authority.anchor(kind, root), "-sha256", "-cert", leaf.pem, "-url", responder.url,
        "-CAfile", authority.anchor(kind, root));
      assert.match(sha256.out + sha256.error, /\.pem: good\n/);
    }
  }
});

test("an answer is no answer under another root of the same name", () => {
  const leaf = authority.issue("auth", "1");
  const done = openssl("ocsp", "-issuer", authority.anchor("auth", "1"), "-cert", leaf.pem, "-url", responder.url, "-CAfile",
    authority.anchor("auth", "2"), "-no-CApath", "-no-CAstore");
  assert.match(done.out + done.error, /Response Verify Failure/);
});

test("revoked, with reason and time, at once", () => {
  const leaf = authority.issue("sign", "1");
  assert.match(ask("sign", "1", leaf), /: good\n/);
  const from = Math.floor(Date.now() / 1000) * 1000;
  authority.do("revoke", leaf.serial, "affiliationChanged");
  const told = ask("sign", "1", leaf);
  assert.match(told, /Response verify OK/);
  assert.match(told, /: revoked\n/);
  assert.match(told, /Reason: affiliationChanged\n/);
  const at = Date.parse(told.match(/Revocation Time: (.*)/)[1]);
  assert.ok(at >= from && at <= Date.now());
  const renewed = authority.issue("auth", "p384");
  authority.do("revoke", renewed.serial, "cessationOfOperation");
  assert.match(ask("auth", "p384", renewed), /: revoked\n[^]*Reason: cessationOfOperation\n/);
});

test("a certificate that was never issued is unknown", () => {
  const leaf = authority.issue("auth", "1");
  const done = openssl("ocsp", "-issuer", authority.anchor("auth", "1"), "-serial", "0x1234567890ABCDEF", "-url", responder.url,
    "-CAfile", authority.anchor("auth", "1"));
  assert.match(done.out, /0x1234567890ABCDEF: unknown\n/);
  // Asked of the wrong issuer, the number of a real one is unknown too.
  assert.match(ask("auth", "2", leaf), /: unknown\n/);
});

const seen = {
  good: [/Response verify OK/, /: good\n/],
  unknown: [/Response verify OK/, /: unknown\n/],
  try_later: [/Responder Error: trylater \(3\)/],
  stale: [/Response verify OK/, /WARNING: Status times invalid/, /status expired/],
  wrong_signer: [/Response Verify Failure/, /unable to get local issuer certificate/],
  wrong_delegate: [/Response Verify Failure/, /missing ocspsigning usage/],
  wrong_certid: [/Response verify OK/, /ERROR: No Status found/],
  no_nonce: [/WARNING: no nonce in response/, /Response verify OK/, /: good\n/],
  garbage: [/Error querying OCSP responder/, /missing asn1 encoding/],
};
for (const [name, words] of Object.entries(seen)) {
  test(`mode ${name}, changed while it runs`, (t) => {
    t.after(() => mode("good"));
    mode(name);
    for (const [kind, root] of [["auth", "1"], ["sign", "p384"]]) {
      const told = ask(kind, root, authority.issue(kind, root));
      for (const form of words) assert.match(told, form, `${kind} ${root}`);
    }
    assert.equal(authority.do("ocsp-mode"), name);
  });
}

test("mode silent: nothing comes, others are answered after the change, and so is who still waits", async (t) => {
  t.after(() => mode("good"));
  const leaf = authority.issue("auth", "1");
  mode("silent");
  assert.match(ask("auth", "1", leaf, "-timeout", "1"), /Error querying OCSP responder[^]*timeout/);
  // One that waits until the mode changes.
  const child = spawn("openssl", ["ocsp", "-issuer", authority.anchor("auth", "1"), "-cert", leaf.pem, "-url", responder.url, "-CAfile",
    authority.anchor("auth", "1")], { stdio: ["ignore", "pipe", "ignore"] });
  let told = "", ended = false;
  child.stdout.on("data", (piece) => { told += piece; });
  const end = new Promise((done) => child.on("close", () => done(ended = true)));
  await new Promise((done) => setTimeout(done, 300));
  assert.equal(ended, false);
  mode("good");
  await end;
  assert.match(told, /: good\n/);
});

const post = (body, type = "application/ocsp-request") => fetch(responder.url, { method: "POST", body, headers: { "content-type": type } });

test("HTTP: only POST, only application/ocsp-request, at most 4096 bytes", async () => {
  const get = await fetch(responder.url);
  assert.equal(get.status, 405);
  assert.equal(get.headers.get("allow"), "POST");
  assert.equal((await post("x", "text/plain")).status, 415);
  const large = await post(Buffer.alloc(4097));
  assert.equal(large.status, 413);
  const most = await post(Buffer.alloc(4096));
  assert.equal(most.status, 200);
  assert.equal(most.headers.get("content-type"), "application/ocsp-response");
  // malformedRequest
  assert.equal(Buffer.from(await most.arrayBuffer()).toString("hex"), "30030a0101");
});

test("a request for another authority's certificates is unauthorized", async (t) => {
  const other = new Authority("ocsp-other");
  t.after(() => other.close());
  const leaf = other.issue("auth", "p384"), file = other.path("request.der");
  openssl("ocsp", "-issuer", other.anchor("auth", "p384"), "-cert", leaf.pem, "-reqout", file);
  const answer = await post(readFileSync(file));
  assert.equal(Buffer.from(await answer.arrayBuffer()).toString("hex"), "30030a0106");
});

test("a mode nobody knows in the file: 500, and well again afterwards", async () => {
  const file = join(authority.dir, "ocsp-mode");
  writeFileSync(file, "strange\n");
  assert.equal((await post("x")).status, 500);
  writeFileSync(file, "good\n");
  assert.equal((await post("x")).status, 200);
});

test("killed and started again, it knows what it knew", async () => {
  const leaf = authority.issue("sign", "2"), good = authority.issue("sign", "2");
  authority.do("revoke", leaf.serial, "superseded");
  await responder.stop("SIGKILL");
  responder = await Responder.start(authority);
  assert.match(ask("sign", "2", leaf), /: revoked\n[^]*Reason: superseded\n/);
  assert.match(ask("sign", "2", good), /: good\n/);
});

test("ends well when asked to, also while somebody is kept waiting", async (t) => {
  t.after(() => mode("good"));
  const one = await Responder.start(authority);
  mode("silent");
  const waiting = fetch(one.url, { method: "POST", body: "x", headers: { "content-type": "application/ocsp-request" } })
    .then((answer) => answer.status, () => "gone");
  await new Promise((done) => setTimeout(done, 200));
  assert.deepEqual(await one.stop(), { code: 0, signal: null });
  assert.equal(await waiting, 503);
});
