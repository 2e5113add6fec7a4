// The phone and the counter itself: a browser shows the code, its picture is read by zbarimg, the card signs, and the page moves on; then every
// lie of a hostile phone, each in a transaction of its own, with the answer that tampers.def promises.

import assert from "node:assert/strict";
import { execFile, execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { promisify } from "node:util";
import { logIn, post } from "../../story/lib/fast.mjs";
import { openBrowser } from "../../story/lib/browser.mjs";
import { Person } from "../../story/lib/person.mjs";
import { demo, openPortal } from "../../story/lib/portal.mjs";
import { makeStage, password, pin, scan, simca, simphone, textPin } from "./lib/phone.mjs";

const stage = makeStage(["student", "mononym"]);
let ocsp, portal, browser;
before(async () => {
  ocsp = spawn(simca, ["ocsp", stage.at("ca"), "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((done) => ocsp.stdout.once("data", (data) => done(/http:\S+/.exec(String(data))[0])));
  portal = await openPortal({ people: true, settings: { card_anchors: stage.at("ca", "anchors"), card_policy: "simulation", card_ocsp_url: url, card_rp: "rp:immi-demo", card_p384: "yes" } });
  browser = await openBrowser(portal.base);
  await promisify(execFile)(simphone, ["trust", portal.base, "--id", "rp:immi-demo", "--home", stage.home]);
});
after(async () => {
  await browser?.close();
  await portal?.close();
  ocsp?.kill();
});
beforeEach(() => stage.fresh());

/** Somebody who has logged in, in a session of their own: each may begin five readings. */
async function somebody(user = demo.mai) {
  const person = new Person(await browser.device({ lang: "en" }), portal);
  await logIn(person, user);
  return person;
}

async function begin(person, fields) {
  const made = await post(person, "/id/tx", fields, { maxRedirects: 0 });
  assert.equal(made.status(), 303);
  return made.headers().location;
}

/** What is written under the code. */
async function textOf(person, path) {
  const page = await (await person.page.request.get(path)).text();
  return /http:\/\/[^<"\s]+\/q#1\.[\w.-]+/.exec(page)[0];
}

test("both codes of a request for use: seen by the camera, signed, the number typed, the page moves on", async () => {
  const person = await somebody(), shot = stage.at("page.png");
  const first = await begin(person, [["op", "auth"], ["purpose", "usage_request"]]);
  await person.page.goto(first);
  await person.page.screenshot({ path: shot });
  const login = scan(stage, shot, { args: ["--pin", pin] });
  const code = person.page.locator("input[name=code]");
  await code.waitFor();
  /* The phone still waits: its number is what it prints first. */
  const { number } = await numberOf(login);
  await code.fill(number);
  await code.press("Enter");
  const { ended, facts } = await login;
  assert.equal(ended, "login_completed");
  assert.deepEqual([facts.asked, facts.who], [["auth usage_request"], ["rp:immi-demo"]]);
  const second = await begin(person, [["op", "basic4"], ["purpose", "usage_request"], ["chain", first.split("/").pop()]]);
  await person.page.goto(second);
  await person.page.screenshot({ path: shot });
  const signature = await scan(stage, shot, { args: ["--password", password] });
  assert.equal(signature.ended, "signature_completed");
  await person.page.context().close();
});

/** The digits from a scan that is under way. */
async function numberOf(going) {
  for (;;) {
    const { out = "" } = going.now();
    const number = /^code\t(\d{4})/m.exec(out)?.[1];
    if (number) return { number };
    await new Promise((done) => setTimeout(done, 30));
  }
}

test("declining and wrong PINs are seen by the counter", async () => {
  const person = await somebody();
  const path = await begin(person, [["op", "auth"], ["purpose", "usage_request"]]);
  await person.page.goto(path);
  await scan(stage, await textOf(person, path), { args: ["--pin", "9999"] });
  await person.page.getByText(/Attempts left: 2/).first().waitFor();
  const next = await begin(person, [["op", "auth"], ["purpose", "usage_request"]]);
  await person.page.goto(next);
  assert.equal((await scan(stage, await textOf(person, next), { card: null, args: ["--decline"] })).code, 2);
  await person.page.getByText(/declined/).first().waitFor();
  await person.page.context().close();
});

/* What can be tried before anything is linked. The rest needs a second step, a clock, or another card than the phone has. */
const apart = { "late-claim": 1, late: 1, "other-key": 1, basic4: 1 };
for (const [word, answer, words] of execFileSync(simphone, ["tampers"]).toString().trim().split("\n").map((line) => line.split("\t"))) {
  if (word in apart) continue;
  test(`a phone that lies: ${word} (${words})`, async () => {
    const person = await somebody(demo.arjun);
    const path = await begin(person, [["op", "auth"], ["purpose", "usage_request"]]);
    const more = word === "other-card" ? ["--other-card", join(stage.cards, "student"), "--other-secret", pin] : [];
    /* Not the card of the first test, which belongs to somebody by now. */
    const { ended, facts, out } = await scan(stage, await textOf(person, path), { card: "mononym", wait: false, args: ["--tamper", word, ...more, "--pin", pin] });
    const taken = ["repeat", "race"].includes(word);
    if (taken) assert.match(facts.code?.[0] ?? "", /^\d{4} /, out);
    else assert.equal(ended, answer);
    if (word === "race") assert.deepEqual(facts.race, ["1 8"]);
    await person.page.context().close();
  });
}

test("a phone that lies about the four items, or signs with the other key", async () => {
  const person = await somebody();
  const first = await begin(person, [["op", "auth"], ["purpose", "usage_request"]]);
  const login = scan(stage, await textOf(person, first), { args: ["--pin", pin] });
  const { number } = await numberOf(login);
  assert.ok((await post(person, `${first}/code`, [["code", number]])).ok());
  assert.equal((await login).ended, "login_completed");
  const chain = ["chain", first.split("/").pop()], fields = [["op", "basic4"], ["purpose", "usage_request"], chain];
  const items = await scan(stage, await textOf(person, await begin(person, fields)), { args: ["--tamper", "basic4", "--method", "card_text", "--pin", textPin] });
  assert.ok(["sig_invalid", "basic4_malformed"].includes(items.ended), items.ended);
  const key = await scan(stage, await textOf(person, await begin(person, fields)), { args: ["--tamper", "other-key", "--other-secret", pin, "--password", password] });
  assert.equal(key.ended, "cert_kind");
  const good = await scan(stage, await textOf(person, await begin(person, fields)), { args: ["--method", "card_text", "--pin", textPin] });
  assert.equal(good.ended, "signature_completed");
  await person.page.context().close();
});
