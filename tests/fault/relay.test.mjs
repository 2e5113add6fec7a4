// D5, F-50 to F-52: the relay is away, then refuses, then takes. The pages do not mind; each mail arrives, once. The finer cases are
// tested in tests/smtp; here it is the whole program with a person at its counter.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SMTPServer } from "smtp-server";
import { startRelay } from "../smtp/relay.mjs";
import { Counter, freePort, until } from "./lib/counter.mjs";
import { bodyOf, linkIn } from "./lib/mail.mjs";
import { Person } from "./lib/person.mjs";

/** A good relay of somebody else's making; rcpt may refuse an address. */
async function goodRelay(port, rcpt = () => {}) {
  const relay = { messages: [], refused: 0 };
  const server = new SMTPServer({
    hideSTARTTLS: true, disabledCommands: ["AUTH", "STARTTLS"], logger: false, disableReverseLookup: true,
    onRcptTo({ address }, _session, done) {
      const error = rcpt(address);
      relay.refused += error ? 1 : 0;
      done(error);
    },
    onData(stream, session, done) {
      const pieces = [];
      stream.on("data", (piece) => pieces.push(piece));
      stream.on("end", () => {
        relay.messages.push({ to: session.envelope.rcptTo.map(({ address }) => address), text: Buffer.concat(pieces).toString("latin1") });
        done();
      });
    },
  });
  server.on("error", () => {});
  await new Promise((done, failed) => server.listen(port, "127.0.0.1", done).on("error", failed));
  relay.stop = () => new Promise((done) => server.close(done));
  return relay;
}

const refusal = (code, words) => Object.assign(new Error(words), { responseCode: code });
const idOf = (message) => /^Message-ID: <(.*)>/m.exec(message.text)[1];

test("a relay that is away, that refuses, and that takes", async (t) => {
  const port = await freePort();
  const counter = await new Counter({ name: "relay", settings: { mail_relay: `smtp://127.0.0.1:${port}`, mail_tls: "none" } }).choosePort();
  const mai = new Person(counter.base);
  const stops = [];
  t.after(async () => {
    mai.close();
    await counter.close();
    for (const stop of stops) await stop();
  });
  await counter.start();
  const waiting = () => counter.sql("SELECT count(*) AS n FROM outbox WHERE state = 0")[0].n;
  const seen = [];

  await t.test("away: the page does not mind, the mail waits", async () => {
    await mai.see("/register/email");
    assert.equal(await mai.send("/register/email", { email: "mai@example.jp", email_again: "mai@example.jp" }), "/register/sent");
    assert.equal((await mai.see("/register/sent")).status, 200);
    await until("a try", () => counter.log.some((line) => line.event === "mail_later"));
    assert.equal(waiting(), 1);
    assert.equal((await mai.get("/development/mail")).status, 404, "the mailbox of development is not there");
  });

  await t.test("busy: it waits on", async () => {
    const relay = await startRelay({ CONNECT: "421 4.3.2 come later" }, { port });
    stops.push(() => relay.stop());
    await until("a connection", () => relay.connections > 0);
    await until("a second try", () => counter.log.filter((line) => line.event === "mail_later").length >= 2);
    assert.equal(waiting(), 1);
    await stops.pop()();
  });

  await t.test("there again: it goes, once", async () => {
    const relay = await goodRelay(port);
    stops.push(() => relay.stop());
    await until("the mail", () => relay.messages.length > 0);
    await until("its end", () => waiting() === 0);
    await stops.pop()();
    assert.equal(relay.messages.length, 1);
    assert.deepEqual(relay.messages[0].to, ["mai@example.jp"]);
    seen.push(...relay.messages);
  });

  await t.test("4xx for one mail: it waits, goes with the next one and before it", async () => {
    let refusals = 1;
    const relay = await goodRelay(port, () => (refusals-- > 0 ? refusal(451, "4.7.1 greylisted") : undefined));
    stops.push(() => relay.stop());
    for (let i = 0; i < 2; i++) {
      await mai.see("/register/email");
      await mai.send("/register/email", { email: "ali@example.jp", email_again: "ali@example.jp" });
      if (i === 0) await until("the refusal", () => relay.refused === 1 && counter.log.some((line) => line.event === "mail_later" && /451/.test(line.reason)));
    }
    await until("both", () => relay.messages.length === 2);
    await until("their end", () => waiting() === 0);
    await stops.pop()();
    assert.equal(relay.messages.length, 2);
    seen.push(...relay.messages);
  });

  await t.test("5xx for one mail: failed, told, listed, not tried again; others go", async () => {
    const relay = await goodRelay(port, (address) => (address === "nobody@example.jp" ? refusal(550, "5.1.1 nobody of that name") : undefined));
    stops.push(() => relay.stop());
    for (const email of ["nobody@example.jp", "kim@example.jp"]) {
      await mai.see("/register/email");
      await mai.send("/register/email", { email, email_again: email });
    }
    await until("the others", () => relay.messages.length === 1);
    await until("their end", () => waiting() === 0);
    assert.equal(relay.refused, 1);
    const failures = counter.log.filter((line) => line.event === "mail_failed");
    assert.equal(failures.length, 1);
    assert.equal(failures[0].level, "error");
    assert.ok(!JSON.stringify(counter.log).includes("nobody@"), "no address in the log");
    assert.match(await counter.admin("queue"), /550/);
    await stops.pop()();
    seen.push(...relay.messages);
  });

  await t.test("with the relay the whole way: registration to receipt, each mail once", async () => {
    const relay = await goodRelay(port);
    stops.push(() => relay.stop());
    await mai.register("mai2@example.jp", async (email, pattern) => {
      const links = () => relay.messages.filter((one) => one.to[0] === email).map((one) => linkIn(one.text, counter.base, pattern));
      return until("the link", () => links().find((link) => link));
    });
    assert.equal(await mai.logIn(), "/my-page");
    const reference = await mai.receipt(await mai.apply(await mai.fill()));
    await until("the mail of the receipt", () => relay.messages.some((one) => bodyOf(one.text).includes(reference)));
    await until("the end", () => waiting() === 0);
    await stops.pop()();
    assert.deepEqual(relay.messages.map((one) => one.to[0]), ["mai2@example.jp", "mai2@example.jp", "mai2@example.jp"]);
    seen.push(...relay.messages);
    assert.equal(new Set(seen.map(idOf)).size, seen.length, "none twice");
    assert.equal(seen.length, 7);
  });
});
