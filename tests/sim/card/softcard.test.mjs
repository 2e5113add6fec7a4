// The program softcard: its commands, how it ends, what it never prints; and a reader that misbehaves.

import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { existsSync, statSync, writeFileSync } from "node:fs";
import net from "node:net";
import { test } from "node:test";
import { Desk, run, softcard } from "./lib/desk.mjs";

const ends = (code, ...args) => {
  const done = run(softcard, args);
  assert.equal(done.code, code, `${args.join(" ")}\n${done.text}`);
  return done.text;
};
const person = ["--name", "ＴＥＳＴ　ＰＥＲＳＯＮ", "--address", "大分県別府市石垣東１－１", "--birth", "20010203", "--sex", "2",
  "--prefecture", "Oita-ken", "--municipality", "Beppu-shi"];

test("help and the wrong command line", () => {
  assert.match(ends(0, "--help"), /softcard make CARD --ca DIR/);
  assert.match(ends(0, "reader", "-h"), /usage:/);
  assert.match(ends(0, "--version"), /^softcard \d/);
  ends(64);
  assert.match(ends(64, "forge"), /no command forge/);
  for (const args of [["show"], ["show", "a", "b"], ["show", "a", "--ca", "b"], ["cast", "a"], ["cast", "a", "--ca"],
    ["cast", "a", "--ca=b", "--ca=c"], ["make", "a", "--ca=b", ...person, "--no-sign=yes"], ["make", "a", "--ca=b"],
    ["move", "a", "--ca=b"], ["reader", "a", "--speed", "9"]])
    assert.match(ends(64, ...args), /usage: softcard/, args.join(" "));
});

test("a card from its making to its end", (t) => {
  const desk = new Desk(t), card = desk.at("card");
  ends(0, "make", card, "--ca", desk.ca, ...person, "--pin=2468", "--password", "QWERTY99", "--text-pin", "1357", "--label", "mine");
  ends(73, "make", card, "--ca", desk.ca, ...person);
  ends(66, "make", desk.at("other"), "--ca", desk.at("nowhere"), ...person);
  for (const [name, value] of [["--sex", "4"], ["--birth", "20010230"], ["--pin", "12345"], ["--password", "short"],
    ["--expires", "soon"], ["--issued", "20261301"], ["--root", "7"], ["--security-code", "1"]]) {
    const args = [...person];
    const at = args.indexOf(name);
    if (at >= 0) args.splice(at, 2);
    ends(65, "make", desk.at("refused"), "--ca", desk.ca, ...args, name, value);
    assert.ok(!existsSync(desk.at("refused")), name);
  }

  const shown = ends(0, "show", card), about = desk.read("card", "card.json").toString();
  assert.match(shown, /^label +mine$/m);
  assert.match(shown, /^auth +3 of 3 tries left/m);
  assert.match(shown, /^sign +5 of 5 tries left/m);
  const number = desk.read("card", "text-0001.bin").subarray(3, 15).toString();
  assert.match(number, /^\d{12}$/);
  for (const secret of [number, "2468", "QWERTY99", "1357"]) {
    assert.ok(!shown.includes(secret), secret);
    assert.ok(!new RegExp(`"${secret}"`).test(about), secret);
  }
  for (const name of ["card.json", "auth-key.der", "sign-key.der", "text-0001.bin"])
    assert.equal(statSync(desk.at("card", name)).mode & 0o777, 0o600, name);

  const old = desk.read("card", "sign-cert.der");
  ends(0, "move", card, "--ca", desk.ca, "--address", "福岡県福岡市中央区天神１－１", "--prefecture", "Fukuoka-ken", "--municipality", "Fukuoka-shi");
  assert.deepEqual(desk.read("card", "sign-cert.der"), old);
  ends(0, "renew", card, "--ca", desk.ca, "--expires", "20991231");
  ends(65, "renew", card, "--ca", desk.ca, "--expires", "20200101");
  assert.notDeepEqual(desk.read("card", "sign-cert.der"), old);
  assert.ok(new X509Certificate(desk.read("card", "sign-cert.der")).subject.includes("Fukuoka-shi"));
  assert.match(ends(0, "show", card), /^expires +20991231$/m);
  ends(0, "unlock", card, "--pin", "9999");
  ends(65, "unlock", card, "--pin", "99999");
  for (const command of ["show", "list", "unlock"]) ends(66, command, desk.at("nobody"));
  writeFileSync(desk.at("card", "card.json"), "{");
  ends(65, "show", card);
});

test("the cast is listed", (t) => {
  const desk = new Desk(t);
  ends(65, "cast", desk.at("cards"), "--ca", desk.ca, "--only", "student,nobody");
  const printed = ends(0, "cast", desk.at("cards"), "--ca", desk.ca, "--only", "child,phone");
  assert.match(printed, /PIN 1234, password of the signing certificate PASS1234/);
  assert.match(printed, /cards\/child +under 15/);
  ends(73, "cast", desk.at("cards"), "--ca", desk.ca, "--only", "child");
  const list = ends(0, "list", desk.at("cards"));
  assert.match(list, /^child .*password none/m);
  assert.match(list, /^phone .*PIN 3, password 5/m);
  assert.ok(!existsSync(desk.at("cards", "phone", "text-0002.bin")));
});

/** A virtual reader that the card connects to. */
async function reader(desk, name) {
  const server = net.createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const came = new Promise((done) => server.once("connection", done));
  const card = desk.start(softcard, ["reader", desk.at("cards", name), "--port", String(server.address().port)]);
  const socket = await came;
  server.close();
  let read = Buffer.alloc(0), wake = () => {};
  socket.on("data", (piece) => { read = Buffer.concat([read, piece]); wake(); });
  socket.on("error", () => {});
  const next = async () => {
    while (read.length < 2 || read.length < 2 + read.readUInt16BE(0)) await new Promise((done) => { wake = done; });
    const answer = read.subarray(2, 2 + read.readUInt16BE(0));
    read = read.subarray(2 + answer.length);
    return answer.toString("hex");
  };
  const send = (hex) => {
    const bytes = Buffer.from(hex, "hex"), length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    socket.write(Buffer.concat([length, bytes]));
  };
  return { card, socket, send, next, ask: (hex) => (send(hex), next()) };
}

const selectJpki = "00a4040c0ad392f000260100000001", verify = "0020009804", right = "31323334";

test("on a reader: power, reset, pieces, and how it ends", async (t) => {
  const desk = new Desk(t);
  desk.cast("child");
  const first = await reader(desk, "child");
  first.send("01");
  assert.equal(await first.ask("04"), "3be000ff8131fe4514");
  assert.equal(await first.ask(selectJpki), "9000");
  assert.equal(await first.ask(verify + right), "9000");
  assert.match(await first.ask("802a039703616263" + "00"), /^.{512}9000$/);
  // Reset and power off: what was verified is forgotten, and nothing is selected.
  for (const off of ["02", "00"]) {
    first.send(off);
    assert.equal(await first.ask("00b08a0000"), "6a82");
    assert.equal(await first.ask(selectJpki), "9000");
    assert.equal(await first.ask("802a039703616263" + "00"), "6982");
  }
  // A byte at a time; a single byte that is no command; the longest message.
  for (const byte of Buffer.from("000f" + selectJpki, "hex")) {
    first.socket.write(Buffer.of(byte));
    await new Promise(setImmediate);
  }
  assert.equal(await first.next(), "9000");
  assert.equal(await first.ask("07"), "6700");
  assert.equal(await first.ask("00".repeat(65535)), "6700");
  first.socket.end();
  assert.deepEqual(await first.card.ended, { code: 0, signal: null });

  for (const [bytes, code] of [["0000", 65], ["000f00a4", 69], ["00", 69]]) {
    const bad = await reader(desk, "child");
    bad.socket.end(Buffer.from(bytes, "hex"));
    assert.deepEqual(await bad.card.ended, { code, signal: null }, bytes);
  }
  const stopped = await reader(desk, "child");
  assert.equal(await stopped.ask(selectJpki), "9000");
  stopped.card.kill("SIGTERM");
  assert.deepEqual(await stopped.card.ended, { code: 0, signal: null });
  ends(69, "reader", desk.at("cards", "child"), "--port", "1");
  ends(65, "reader", desk.at("cards", "child"), "--port", "1", "--wait", "3601");
  ends(65, "reader", desk.at("cards", "child"), "--port", "1", "--wait", "x");
  ends(66, "reader", desk.at("cards", "nobody"), "--port", "1");
});

test("the tries survive kill -9 of the program", async (t) => {
  const desk = new Desk(t);
  desk.cast("child");
  for (const left of ["63c2", "63c1", "63c0", "6984"]) {
    const one = await reader(desk, "child");
    assert.equal(await one.ask(selectJpki), "9000");
    assert.equal(await one.ask(verify + "30303030"), left);
    one.card.kill("SIGKILL");
    assert.deepEqual(await one.card.ended, { code: null, signal: "SIGKILL" });
  }
  const last = await reader(desk, "child");
  assert.equal(await last.ask(selectJpki), "9000");
  assert.equal(await last.ask(verify + right), "6984");
});
