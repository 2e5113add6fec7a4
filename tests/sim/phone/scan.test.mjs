// `simphone scan` against the strict portal of lib/: the whole way, what a person does, what goes wrong on the line.

import assert from "node:assert/strict";
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { after, before, beforeEach, test } from "node:test";
import { filesBelow, makeStage, password, pin, scan, simphone, textPin } from "./lib/phone.mjs";

const stage = makeStage(["student", "child", "p384", "other-root", "phone", "locked", "expired"]);
let portal;
before(async () => { portal = await stage.portal(); });
after(() => portal.stop());
beforeEach(() => { stage.fresh(); portal.drops = 0; });

test("a log-in: the card signs the statement, the computer moves on", async () => {
  const tx = portal.begin();
  const { code, facts, ended } = await scan(stage, tx.text, { args: ["--pin", pin] });
  assert.deepEqual([code, ended, tx.state, tx.token], [0, "login_completed", "done", "JPKIAPICCTOKEN2"]);
  assert.deepEqual(facts.asked, ["auth usage_request"]);
  assert.deepEqual([facts.who[0], facts.origin[0], facts.account[0], facts.browser[0], facts.place[0]],
    ["rp:immi-demo", portal.origin, "t•••@apu.ac.jp", "Edge, Windows", "Beppu (approx.)"]);
  assert.deepEqual(tx.app, { name: "simphone", ver: "0.1.0", os: "linux" });
});

test("the four items by the signing certificate", async () => {
  const tx = portal.begin({ op: "basic4", purpose: "apply" });
  const { ended, facts } = await scan(stage, tx.text, { args: ["--password", password] });
  assert.deepEqual([ended, tx.state], ["signature_completed", "done"]);
  assert.match(facts.text[0], /^I ask immi-demo to read my name, address, date of birth and sex/);
  assert.match(tx.subject, /L=Oita-ken/);
});

test("the four items by the text applet", async () => {
  const tx = portal.begin({ op: "basic4" });
  const { ended } = await scan(stage, tx.text, { args: ["--pin", textPin, "--method", "card_text"] });
  assert.deepEqual([ended, tx.state], ["signature_completed", "done"]);
  assert.deepEqual([tx.items.df22, tx.items.df24, tx.items.df25], ["ＮＧＵＹＥＮ　ＴＨＩ　ＭＡＩ", "20030409", "2"]);
});

for (const card of ["p384", "other-root", "phone"]) {
  test(`another card: ${card}`, async () => {
    const tx = portal.begin();
    assert.deepEqual([(await scan(stage, tx.text, { card, args: ["--pin", pin] })).code, tx.state], [0, "done"]);
    if (card === "phone") assert.equal(tx.token, "JPKIAPGPSETOKEN");
  });
}

test("a code to type on the computer: shown, waited for, and its end told", async () => {
  const tx = portal.begin({ bindback: true });
  const going = scan(stage, tx.text, { args: ["--pin", pin] });
  while (tx.state !== "await_code") await new Promise((done) => setTimeout(done, 20));
  setTimeout(() => { tx.state = "done"; }, 300);
  const { code, facts, ended } = await going;
  assert.deepEqual([code, ended], [0, "login_completed"]);
  assert.match(facts.code[0], /^4827 (89|90)$/);
});

test("a code that was typed wrongly three times, and one whose time ran out", async () => {
  const tx = portal.begin({ bindback: true });
  const going = scan(stage, tx.text, { args: ["--pin", pin] });
  while (tx.state !== "await_code") await new Promise((done) => setTimeout(done, 20));
  Object.assign(tx, { state: "failed", error: "code_mismatch" });
  assert.deepEqual([(await going).ended, (await going).code], ["code_mismatch", 1]);
  const late = portal.begin({ bindback: true });
  const waiting = scan(stage, late.text, { args: ["--pin", pin] });
  while (late.state !== "await_code") await new Promise((done) => setTimeout(done, 20));
  Object.assign(late, { state: "failed", error: "expired" });
  assert.equal((await waiting).ended, "expired");
});

test("declining reaches the portal, and no card is touched", async () => {
  const tx = portal.begin();
  const { code, ended } = await scan(stage, tx.text, { card: null, args: ["--decline"] });
  assert.deepEqual([code, ended, tx.events], [2, "declined", ["declined"]]);
});

test("wrong PINs are counted on the card and told to the portal", async () => {
  const tx = portal.begin();
  const { code, facts } = await scan(stage, tx.text, { args: ["--pin", pin, "--wrong-pin", "2"] });
  assert.deepEqual([code, facts.tries, tx.events, tx.state], [0, ["3", "2", "1"], ["pin_wrong 2", "pin_wrong 1"], "done"]);
  assert.equal(stage.tries("student").auth, 3);
  const next = portal.begin();
  const wrong = await scan(stage, next.text, { args: ["--pin", "9999"] });
  assert.deepEqual([wrong.code, wrong.ended, next.state, stage.tries("student").auth], [3, "pin_wrong", "claimed", 2]);
});

test("the third wrong PIN locks the card; the right one is refused afterwards", async () => {
  const tx = portal.begin();
  const { code, ended } = await scan(stage, tx.text, { args: ["--pin", pin, "--wrong-pin", "3"] });
  assert.deepEqual([code, ended, tx.events], [4, "pin_blocked", ["pin_wrong 2", "pin_wrong 1", "pin_blocked"]]);
  const next = portal.begin();
  assert.deepEqual([(await scan(stage, next.text, { args: ["--pin", pin] })).ended, next.events], ["pin_blocked", ["pin_blocked"]]);
});

test("a signature password has five tries", async () => {
  const tx = portal.begin({ op: "basic4" });
  const { ended } = await scan(stage, tx.text, { args: ["--password", password, "--wrong-pin", "5"] });
  assert.deepEqual([ended, tx.events.length, stage.tries("student").sign], ["pin_blocked", 5, 0]);
});

test("what is no PIN costs no try", async () => {
  const tx = portal.begin();
  assert.equal((await scan(stage, tx.text, { args: ["--pin", "12345"] })).ended, "pin_wrong");
  assert.deepEqual([stage.tries("student").auth, tx.events], [3, []]);
});

test("cards that cannot do it", async () => {
  const sign = portal.begin({ op: "basic4" });
  const child = await scan(stage, sign.text, { card: "child", args: ["--password", password] });
  assert.deepEqual([child.code, child.ended, sign.events], [5, "no_sign_cert", ["no_sign_cert"]]);
  const text = portal.begin({ op: "basic4" });
  assert.equal((await scan(stage, text.text, { card: "phone", args: ["--pin", textPin, "--method", "card_text"] })).ended, "card_unsuited");
  const locked = portal.begin();
  assert.equal((await scan(stage, locked.text, { card: "locked", args: ["--pin", pin] })).code, 4);
  const rsaOnly = portal.begin({ lies: { request: { algs: ["RS256"] } } });
  assert.equal((await scan(stage, rsaOnly.text, { card: "p384", args: ["--pin", pin] })).ended, "card_unsuited");
  const nothing = portal.begin();
  assert.deepEqual([(await scan(stage, nothing.text, { card: "absent", args: ["--pin", pin] })).code, nothing.events], [66, ["card_unreadable"]]);
});

test("what the portal refuses has its own words and the exit code 1", async () => {
  const tx = portal.begin();
  const { code, ended } = await scan(stage, tx.text, { card: "expired", args: ["--pin", pin] });
  assert.deepEqual([code, ended], [1, "cert_expired"]);
  const strange = portal.begin();
  portal.txs.delete(strange.id);
  assert.deepEqual([(await scan(stage, strange.text, { args: ["--pin", pin] })).ended], ["not_found"]);
});

test("a lost answer: the same message goes again, and is answered as the first time", async () => {
  for (const dropAfter of [false, true]) {
    for (const drops of [1, 2]) {
      const tx = portal.begin();
      Object.assign(portal, { drops, dropAfter });
      const { code, ended, err } = await scan(stage, tx.text, { args: ["--pin", pin] });
      assert.deepEqual([code, ended, tx.state], [0, "login_completed", "done"], err);
      const bodies = portal.seen.filter(({ path }) => path === "/m/v1/claim").slice(-1 - drops).map(({ body }) => body);
      assert.equal(new Set(bodies).size, 1);
    }
  }
});

test("no portal there", async () => {
  const gone = await stage.portal({ id: "rp:gone" });
  const tx = gone.begin();
  await gone.stop();
  const { code, ended } = await scan(stage, tx.text, { args: ["--pin", pin] });
  assert.deepEqual([code, ended], [69, "no_connection"]);
});

test("a code in a picture, from standard input, and none", async () => {
  const tx = portal.begin(), png = stage.at("code.png");
  execFileSync("qrencode", ["-l", "M", "-s", "6", "-o", png, tx.text]);
  assert.equal((await scan(stage, png, { args: ["--pin", pin] })).ended, "login_completed");
  const second = portal.begin();
  execFileSync("qrencode", ["-o", png, second.text]);
  assert.equal((await scan(stage, "-", { args: ["--pin", pin], input: readFileSync(png) })).ended, "login_completed");
  const third = portal.begin();
  assert.equal((await scan(stage, "-", { args: ["--pin", pin], input: `  ${third.text}\n` })).ended, "login_completed");
  execFileSync("qrencode", ["-o", png, "https://example.com/"]);
  assert.equal((await scan(stage, png)).ended, "not_a_code");
  writeFileSync(png, readFileSync(png).subarray(0, 60));
  const broken = await scan(stage, png);
  assert.deepEqual([broken.code, broken.ended], [65, "no_code_found"]);
  assert.equal((await scan(stage, stage.at("absent.png"))).code, 66);
});

test("the list of portals: pinned keys, damaged, readable by others", async () => {
  const list = stage.at("home/parties.json"), key = stage.at("home/key.pem"), kept = readFileSync(list);
  const tx = portal.begin();
  assert.equal((await scan(stage, tx.text.replace("127.0.0.1", "localhost"), { args: ["--pin", pin] })).ended, "not_pinned");
  for (const wrong of ["{", "[]", '{"parties":[{"id":"immi","origin":"https://a.example","keys":[]}]}', '{"parties":[{"id":"rp:a","origin":"http://a.example","keys":[]}]}']) {
    writeFileSync(list, wrong);
    assert.equal((await scan(stage, tx.text, { args: ["--pin", pin] })).code, 65, wrong);
  }
  writeFileSync(list, kept);
  chmodSync(key, 0o644);
  assert.equal((await scan(stage, tx.text, { args: ["--pin", pin] })).code, 77);
  chmodSync(key, 0o600);
  const trust = (...args) => new Promise((done) => execFile(simphone, ["trust", "--home", stage.home, ...args], (error) => done(error?.code ?? 0)));
  for (const [code, ...args] of [[64, "http://portal.example", "--id", "rp:a"], [64, portal.origin], [65, portal.origin, "--id", "rp:UPPER"],
    [69, portal.origin, "--id", "rp:immi-demo", "--thumbprint", "A".repeat(43)], [0, portal.origin, "--id", "rp:immi-demo", "--thumbprint", portal.key.kid]])
    assert.equal(await trust(...args), code, args.join(" "));
});

test("secrets by file and standard input; none is left in a file, a message or an output", async () => {
  const secret = stage.at("secret");
  writeFileSync(secret, `${password}\n`);
  const outputs = [];
  const tries = [
    [portal.begin(), ["--pin-file", "-"], `${pin}\n`], [portal.begin({ op: "basic4" }), ["--password-file", secret], ""],
    [portal.begin(), ["--pin", "7391"], ""], [portal.begin({ op: "basic4" }), ["--password", "CANARY99X"], ""],
  ];
  for (const [tx, args, input] of tries) {
    const { out, err } = await scan(stage, tx.text, { args, input });
    outputs.push(out, err, (await scan(stage, portal.begin().text, { args: ["--pin", "7391", "--lang", "ja"], plain: true })).out);
    stage.fresh();
  }
  const seen = portal.seen.flatMap(({ body }) => [body, ...body.split(".").map((part) => Buffer.from(part, "base64url").toString("latin1"))]);
  const kept = filesBelow(stage.home).map(([, bytes]) => bytes.toString("latin1"));
  /* Four digits come up by chance within times and base64: the PIN is sought as a word of its own. */
  for (const canary of [new RegExp(password), /CANARY99X/, /(?<![\w+/-])7391(?![\w+/-])/])
    for (const text of [...outputs, ...kept, ...seen]) assert.ok(!canary.test(text), `${canary} in ${text.slice(0, 200)}`);
});

test("screens for people, in both languages and without readings", async () => {
  const en = await scan(stage, portal.begin({ bindback: true }).text, { args: ["--pin", pin], plain: true, wait: false });
  for (const words of ["== Log in to APPLY ==", "Edge, Windows", "4-digit passcode", "Tries left: 3", "Hold the card", "4827"]) assert.ok(en.out.includes(words), words);
  const ja = await scan(stage, portal.begin().text, { args: ["--pin", pin, "--lang", "ja"], plain: true });
  for (const words of ["== APPLYにログイン ==", "依頼元: rp:immi-demo", "== ログイン完了 =="]) assert.ok(ja.out.includes(words), words);
  assert.doesNotMatch(ja.out, /[《》]/);
});

test("the command line", () => {
  const run = (...args) => spawnSync(simphone, args, { env: { PATH: process.env.PATH } });
  assert.equal(run().status, 64);
  assert.equal(run("--help").status, 0);
  assert.equal(run("--version").stdout.toString(), "simphone 0.1.0\n");
  for (const args of [["fly"], ["scan"], ["scan", "x"], ["scan", "x", "y", "--decline"], ["scan", "x", "--card", "a", "--pcsc"], ["scan", "--pin"], ["scan", "--pin", ""],
    ["scan", "--pin", "12345678901234567"], ["scan", "--method", "guess"], ["scan", "--lang", "fr"], ["scan", "--wrong-pin", "0"], ["scan", "--wrong-pin", "11"],
    ["scan", "--tamper", "sweetly"], ["scan", "--fast"]]) assert.equal(run(...args).status, 64, args.join(" "));
  assert.equal(run("scan", "x", "--pin-file", "/nonexistent", "--decline").status, 66);
});
