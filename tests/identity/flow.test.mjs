// The whole way, with real programs: the counter, the simulated authority and its responder, soft cards, and the simulated phone. The browser is
// requests here; what its pages look like is tested elsewhere. A lying phone is refused with the code that it promises, and links nobody.
//
//   MADOGUCHI, SIMPHONE, SIMCA, SOFTCARD   paths of the programs

import assert from "node:assert/strict";
import { execFile, execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { filesBelow, makeStage, password, pin, scan, simca, simphone, softcard, textPin } from "../sim/phone/lib/phone.mjs";
import { demo, openPortal, until } from "../story/lib/portal.mjs";
import { Browser } from "./lib/browser.mjs";

const stage = makeStage(["student", "mononym", "p384", "expired", "moved", "child", "other-root", "phone"]);
let portal, responder, responderUrl;

async function startResponder() {
  const child = spawn(simca, ["ocsp", stage.at("ca"), "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout.on("data", (piece) => { out += piece; });
  responderUrl = await until("the responder", () => /http:\/\/127\.0\.0\.1:\d+\/?/.exec(out)?.[0]);
  return child;
}
const mode = (name) => execFileSync(simca, ["ocsp-mode", stage.at("ca"), name]);

before(async () => {
  responder = await startResponder();
  portal = await openPortal({
    people: true,
    settings: { card_anchors: stage.at("ca", "anchors"), card_policy: "simulation", card_p384: "yes", card_ocsp_url: responderUrl, log_level: "info" },
  });
  await promisify(execFile)(simphone, ["trust", portal.base, "--id", "rp:madoguchi", "--home", stage.home]);
});
after(async () => {
  responder?.kill();
  await portal?.close();
});

const auth = { op: "auth", purpose: "usage_request" };
const fresh = async (who = demo.mai) => new Browser(portal.base).logIn(who, demo.password);
const audit = () => portal.log.map((line) => JSON.stringify(line)).join("\n");

/** Types the phone's number into the page, as soon as the phone shows it and the page asks for it. */
async function typeCode(browser, id, going) {
  const code = await going.code, state = await browser.state(id);
  assert.equal(state.need, "code", JSON.stringify(state));
  return browser.post(`/id/tx/${id}/code`, { code });
}

/** A scan whose number can be asked for while it waits. */
function scanning(code, args, card = "student") {
  const all = ["scan", code, "--home", stage.home, "--card", join(stage.cards, card), "--porcelain", ...args];
  const child = spawn(simphone, all, { stdio: ["ignore", "pipe", "inherit"], env: { PATH: process.env.PATH } });
  let out = "";
  child.stdout.on("data", (piece) => { out += piece; });
  const ended = new Promise((done) => child.on("close", () => done(/^ended\t(\w+)/m.exec(out)?.[1])));
  return { ended, code: until("the number on the phone", () => /^code\t(\d{4})/m.exec(out)?.[1]).catch(() => undefined) };
}

test("both codes, from the log-in to the link", async () => {
  const browser = await fresh();
  const first = await browser.begin(auth);
  const going = scanning(first.code, ["--pin", pin]);
  const old = browser.session;
  const typed = await typeCode(browser, first.id, going);
  assert.equal(typed.status, 303, typed.text);
  assert.equal(await going.ended, "login_completed");
  await browser.ask("/my-page");
  assert.notEqual(browser.session, old, "the session has a new token");
  const second = await browser.begin({ op: "basic4", purpose: "usage_request", chain: first.id });
  const { ended } = await scan(stage, second.code, { args: ["--password", password] });
  assert.equal(ended, "signature_completed");
  assert.equal((await browser.state(second.id)).state, "done");
  const mail = await portal.mail(demo.mai, /マイナンバーカード/);
  assert.match(mail.text, /登録されました/);
});

test("the four items by the text applet, for an application", async () => {
  const browser = await fresh(), tx = await browser.begin({ op: "basic4", purpose: "apply" });
  const { ended } = await scan(stage, tx.code, { wait: false, args: ["--pin", textPin, "--method", "card_text"] });
  assert.equal(ended ?? "a number", "a number", "the session is young, so a number is asked for");
  assert.equal((await browser.state(tx.id)).need, "code");
});

test("another card, and another account, are refused from then on", async () => {
  const browser = await fresh(), other = await fresh(demo.arjun);
  let tx = await browser.begin({ op: "auth", purpose: "apply" });
  assert.equal((await scan(stage, tx.code, { card: "mononym", args: ["--pin", pin] })).ended, "card_mismatch");
  assert.equal((await browser.state(tx.id)).error.code, "card_mismatch");
  tx = await other.begin(auth);
  assert.equal((await scan(stage, tx.code, { args: ["--pin", pin] })).ended, "card_in_use");
});

test("a stranger's session, a stranger's code", async () => {
  const browser = await fresh(demo.arjun), stranger = await fresh(demo.mai), tx = await browser.begin(auth);
  for (const path of ["", "/status?seq=0"]) assert.equal((await stranger.ask(`/id/tx/${tx.id}${path}`)).status, 404);
  assert.equal((await stranger.post(`/id/tx/${tx.id}/code`, { code: "1234" })).status, 404);
  /* The victim's phone completes what an attacker began: without the number the attacker gets nowhere. */
  const going = scanning(tx.code, ["--pin", pin], "mononym");
  const shown = Number(await going.code);
  let last;
  for (let i = 1; i <= 3; i++) last = await browser.post(`/id/tx/${tx.id}/code`, { code: String((shown + i) % 10000).padStart(4, "0") });
  assert.notEqual(last.status, 303);
  assert.equal((await browser.state(tx.id)).error.code, "code_mismatch");
  assert.equal(await going.ended, "code_mismatch");
  assert.equal((await browser.post("/id/tx", { op: "basic4", purpose: "usage_request", chain: tx.id })).status, 409);
});

for (const [card, ending] of [["expired", "cert_expired"], ["child", "login_completed"], ["other-root", "login_completed"], ["phone", "login_completed"], ["p384", "login_completed"]]) {
  test(`a card: ${card}`, async () => {
    const browser = await fresh(demo.sato), tx = await browser.begin(auth);
    const { facts, ended } = await scan(stage, tx.code, { card, wait: false, args: ["--pin", pin] });
    if (ending === "login_completed") assert.match(facts.code[0], /^\d{4} /);
    else assert.equal(ended, ending);
  });
}

test("the authority says: revoked, and says nothing", async () => {
  execFileSync(softcard, ["renew", join(stage.cards, "mononym"), "--ca", stage.at("ca")]);
  const browser = await fresh(demo.sato);
  for (const [name, ending] of [["unknown", "revocation_unavailable"], ["try_later", "revocation_unavailable"], ["stale", "revocation_unavailable"],
    ["wrong_signer", "revocation_unavailable"], ["garbage", "revocation_unavailable"]]) {
    mode(name);
    const another = await fresh(demo.sato), tx = await another.begin(auth);
    assert.equal((await scan(stage, tx.code, { card: "mononym", args: ["--pin", pin] })).ended, ending, name);
    assert.equal((await another.state(tx.id)).error.code, ending);
  }
  mode("good");
  const tx = await browser.begin(auth);
  const { facts } = await scan(stage, tx.code, { card: "mononym", wait: false, args: ["--pin", pin] });
  assert.match(facts.code[0], /^\d{4} /);
});

test("declined, locked, and a wrong PIN", async () => {
  const browser = await fresh(demo.sato);
  let tx = await browser.begin(auth);
  assert.equal((await scan(stage, tx.code, { args: ["--decline"] })).ended, "declined");
  let state = await browser.state(tx.id);
  assert.deepEqual([state.state, state.error.code], ["cancelled", "declined"]);
  tx = await browser.begin(auth);
  const { ended } = await scan(stage, tx.code, { card: "mononym", args: ["--pin", "0000", "--wrong-pin", "3"] });
  state = await browser.state(tx.id);
  assert.deepEqual([ended, state.error?.code], ["pin_blocked", "pin_blocked"]);
  stage.fresh();
});

const tampers = execFileSync(simphone, ["tampers"]).toString().trim().split("\n").map((line) => line.split("\t"));

for (const [word, answer, words] of tampers) {
  /* These wait until a code has run out; tests with a clock that they set have the cases. */
  if (["late-claim", "late"].includes(word)) continue;
  test(`a phone that lies: ${word} (${words})`, async () => {
    const basic4 = ["basic4", "other-key"].includes(word), browser = await fresh(demo.mai);
    const tx = await browser.begin(basic4 ? { op: "basic4", purpose: "apply" } : { op: "auth", purpose: "apply" });
    const secrets = word === "basic4" ? ["--method", "card_text", "--pin", textPin] : ["--pin", pin, "--password", password];
    const more = { "other-card": ["--other-card", join(stage.cards, "mononym"), "--other-secret", pin], "other-key": ["--other-secret", pin] }[word] ?? [];
    const { ended, facts } = await scan(stage, tx.code, { wait: false, args: ["--tamper", word, ...more, ...secrets] });
    const state = await browser.state(tx.id), through = ["repeat", "replay", "again", "race"].includes(word);
    if (answer !== "login_completed") assert.equal(ended, answer);
    assert.equal(["done", "await_code"].includes(state.state), through, JSON.stringify(state));
    if (word === "race") assert.deepEqual(facts.race, ["1 8"]);
    stage.fresh();
  });
}

test("where real cards count, simulated ones do not, and the operator is told what he must be", async () => {
  const own = portal;
  portal = await openPortal({ people: true, settings: { card_anchors: stage.at("ca", "anchors"), card_policy: "production", card_ocsp_url: responderUrl } });
  try {
    assert.ok(portal.log.some(({ event }) => event === "card_policy_production"));
    await promisify(execFile)(simphone, ["trust", portal.base, "--id", "rp:madoguchi", "--home", stage.home]);
    const browser = await fresh(), tx = await browser.begin(auth);
    assert.match((await scan(stage, tx.code, { args: ["--pin", pin] })).ended, /^cert_(kind|untrusted)$/);
  } finally {
    await portal.close();
    portal = own;
  }
});

test("no PIN, no password and no My Number is anywhere: not in the data, not in the log", async () => {
  await portal.stop();
  /* The file of the number has three bytes before the digits, which alone stand somewhere in a large file by chance. */
  const canaries = [["PIN", (text) => text.includes(`"${pin}"`)], ["password", (text) => text.includes(password)], ["file of the number", (text) => /\xff\x10\x0c\d{12}/.test(text)]];
  const texts = [["the log", audit()], ...[...filesBelow(portal.data)].map(([path, bytes]) => [path, bytes.toString("latin1")])];
  for (const [where, text] of texts) for (const [name, stands] of canaries) assert.ok(!stands(text), `${name} in ${where}`);
  assert.equal(readFileSync(join(portal.data, "card.key")).includes("PRIVATE KEY"), true);
  const report = await portal.admin("audit", "verify");
  assert.match(report, /\d+ entries/);
});
