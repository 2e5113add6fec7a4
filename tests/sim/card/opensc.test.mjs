// The independent witness: stock OpenSC, which knows real My Number cards, looks at a soft card through pcscd and a virtual reader.

import assert from "node:assert/strict";
import { X509Certificate, verify } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { Desk, run, softcard } from "./lib/desk.mjs";
import { Reader, path, wrapper } from "./lib/pcscd.mjs";

const has = (program) => run("sh", ["-c", `command -v ${program}`], { env: { ...process.env, PATH: path } }).code === 0;
const missing = ["pcscd", "opensc-tool", "pkcs15-tool", "pkcs11-tool"].filter((program) => !has(program));
const skip = missing.length > 0 ? `not installed: ${missing.join(", ")}`
  : !existsSync("/usr/lib/pcsc/drivers/serial/libifdvpcd.so") ? "vsmartcard-vpcd is not installed"
    : !wrapper() && "pcscd wants to be root, and there are no user namespaces";
const module = ["x86_64", "aarch64", "i386"].map((cpu) => `/usr/lib/${cpu}-linux-gnu/opensc-pkcs11.so`).find(existsSync)
  ?? "/usr/lib/opensc-pkcs11.so";

const pem = (text) => new X509Certificate(text.slice(text.indexOf("-----BEGIN"), text.lastIndexOf("-----END") + 25));
const tries = (reader) => [...reader.ask("pkcs15-tool", "--list-pins").text.matchAll(/Tries left +: (\d+)/g)].map((m) => Number(m[1]));

test("OpenSC takes it for a My Number card, reads it and signs with it", { skip }, async (t) => {
  const desk = new Desk(t);
  desk.cast("student");
  const reader = await Reader.begin(desk, "student");

  await t.test("it is recognised, by its ATR and its driver's name", () => {
    assert.match(reader.ask("opensc-tool", "-n").text, /^jpki$/m);
    assert.match(reader.ask("opensc-tool", "-a").text, /^3b:e0:00:ff:81:31:fe:45:14$/m);
  });

  await t.test("both PINs are listed, with their lengths and tries", () => {
    const { text } = reader.ask("pkcs15-tool", "--list-pins");
    assert.match(text, /PIN \[User Authentication PIN\][^]*min_len:4, max_len:4[^]*Tries left +: 3[^]*PIN \[Digital Signature PIN\][^]*min_len:6, max_len:16[^]*Tries left +: 5/);
  });

  await t.test("the authentication certificate is free, the signing certificate wants its password", () => {
    const auth = pem(reader.ask("pkcs15-tool", "--read-certificate", "1").text);
    assert.deepEqual(auth.raw, desk.read("cards", "student", "auth-cert.der"));
    assert.doesNotMatch(reader.ask("pkcs15-tool", "--read-certificate", "2").text, /BEGIN CERTIFICATE/);
    const sign = pem(reader.ask("pkcs15-tool", "--read-certificate", "2", "--verify-pin", "--auth-id", "2", "--pin", "PASS1234").text);
    assert.deepEqual(sign.raw, desk.read("cards", "student", "sign-cert.der"));
    for (const [id, kind] of [["3", "auth"], ["4", "sign"]]) {
      const root = pem(reader.ask("pkcs15-tool", "--read-certificate", id).text);
      assert.ok((kind === "auth" ? auth : sign).verify(root.publicKey));
      assert.ok(root.verify(root.publicKey));
    }
  });

  await t.test("what it signs verifies under its certificates", () => {
    writeFileSync(desk.at("message"), "a message to sign\n");
    for (const [slot, id, pin, file] of [["0", "01", "1234", "auth-cert.der"], ["1", "02", "PASS1234", "sign-cert.der"]]) {
      const signed = reader.ask("pkcs11-tool", "--module", module, "--slot-index", slot, "--login", "--pin", pin, "--sign",
        "--mechanism", "SHA256-RSA-PKCS", "--id", id, "-i", desk.at("message"), "-o", desk.at(`signature-${id}`));
      assert.equal(signed.code, 0, signed.text);
      const key = new X509Certificate(desk.read("cards", "student", file)).publicKey;
      assert.ok(verify("sha256", readFileSync(desk.at("message")), key, desk.read(`signature-${id}`)));
      writeFileSync(desk.at("key.pem"), key.export({ type: "spki", format: "pem" }));
      const answer = execFileSync("openssl", ["dgst", "-sha256", "-verify", desk.at("key.pem"), "-signature", desk.at(`signature-${id}`), desk.at("message")]);
      assert.match(answer.toString(), /Verified OK/);
    }
  });

  await t.test("our own PC/SC port sees the same card", () => {
    const seen = reader.ask(process.env.PCSC_TRY, "1234", "PASS1234", "5678", desk.at("seen"));
    assert.equal(seen.code, 0, seen.text);
    assert.match(seen.text, /^token JPKIAPICCTOKEN2$/m);
    for (const name of ["auth-cert.der", "sign-cert.der", "text-0002.bin", "text-0003.bin", "text-0007.bin"])
      assert.deepEqual(desk.read(`seen-${name}`), desk.read("cards", "student", name), name);
    const key = new X509Certificate(desk.read("cards", "student", "auth-cert.der")).publicKey;
    assert.ok(verify("sha256", Buffer.from("a message"), key, desk.read("seen-signature")));
    assert.deepEqual(tries(reader), [3, 5]);
  });

  await t.test("wrong PINs are counted 3-2-1-0, then the right one is refused, until the city hall unlocks", () => {
    for (const left of [2, 1, 0]) {
      assert.match(reader.ask("pkcs15-tool", "--verify-pin", "--auth-id", "1", "--pin", "0000").text, /PIN code or key incorrect/);
      assert.deepEqual(tries(reader), [left, 5]);
    }
    assert.match(reader.ask("pkcs15-tool", "--verify-pin", "--auth-id", "1", "--pin", "1234").text, /Operation failed/);
    assert.match(reader.ask(process.env.PCSC_TRY, "1234", "PASS1234", "5678", desk.at("seen")).text, /^locked$/m);
    assert.deepEqual(tries(reader), [0, 5]);
    desk.must(softcard, "unlock", desk.at("cards", "student"));
    assert.deepEqual(tries(reader), [3, 5]);
    assert.doesNotMatch(reader.ask("pkcs15-tool", "--verify-pin", "--auth-id", "1", "--pin", "1234").text, /failed/);
  });
});

test("a card without a reader, a reader without a card", { skip }, async (t) => {
  const desk = new Desk(t);
  desk.cast("child");
  const reader = await Reader.begin(desk, "child");
  assert.doesNotMatch(reader.ask("pkcs15-tool", "--read-certificate", "2", "--verify-pin", "--auth-id", "2", "--pin", "PASS1234").text, /BEGIN/);
  reader.card.kill("SIGTERM");
  assert.deepEqual(await reader.card.ended, { code: 0, signal: null });
  assert.match(reader.ask(process.env.PCSC_TRY, "1234", "PASS1234", "5678", desk.at("seen")).text, /no card to speak to|the card does not answer/);
  reader.daemon.kill("SIGTERM");
  await reader.daemon.ended;
  assert.match(reader.ask(process.env.PCSC_TRY, "1234", "PASS1234", "5678", desk.at("seen")).text, /no pcscd/);
});
