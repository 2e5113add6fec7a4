// A clock that ran ahead and was set back: as of a machine whose own clock was taken for UTC until the network's was there. What it has put off
// comes back by itself, after a start and while the program runs. On SQLite and on PostgreSQL.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { Counter, freePort, until } from "./lib/counter.mjs";
import { Person } from "./lib/person.mjs";
import { folderOf } from "./lib/mail.mjs";

const cluster = process.env.STORE_TEST_PG_URL;
const psql = (text, url) => execFileSync("psql", ["-qAt", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", text], { encoding: "utf8" }).trim();
const HOUR = 3600_000, AHEAD = 90 * 24 * HOUR;

async function setBack(counter, write, number) {
  // The relay does not answer, so the mail waits.
  counter.settings = { ...counter.settings, mail_relay: `smtp://127.0.0.1:${await freePort()}`, mail_tls: "none" };
  await counter.start();
  const mai = new Person(counter.base);
  await mai.see("/register/email");
  assert.equal(await mai.send("/register/email", { email: "mai@example.jp", email_again: "mai@example.jp" }), "/register/sent");
  mai.close();
  const idle = () => number("SELECT count(*) FROM job WHERE state = 0 AND lease_owner = '' AND next_at > 0") === 7
    && number(`SELECT count(*) FROM job WHERE next_at <= ${Date.now()}`) === 0;
  await until("the first round", idle);
  const late = () => number(`SELECT count(*) FROM job WHERE next_at > ${Date.now() + 25 * HOUR}`);
  assert.equal(late(), 0);

  write(`UPDATE job SET next_at = next_at + ${AHEAD}`);
  assert.equal(late(), 7);
  await until("all of it, while the program runs", () => late() === 0);

  await counter.signal("SIGTERM");
  delete counter.settings.mail_relay;
  delete counter.settings.mail_tls;
  // One of them and the mail; the others tell nothing of a clock.
  write(`UPDATE job SET next_at = next_at + ${AHEAD} WHERE kind = 'retention' OR kind = 'outbox'`);
  write(`UPDATE outbox SET next_at = next_at + ${AHEAD} WHERE state = 0`);
  await counter.start();
  await until("those two, after a start", () => late() === 0);
  assert.match(await folderOf(counter)("mai@example.jp", /\/register\//), /^\/register\//, "the mail goes");
}

test("on SQLite", async (t) => {
  const counter = await new Counter({ name: "clock" }).choosePort();
  t.after(() => counter.close());
  await setBack(counter, (text) => counter.harm(text), (text) => Object.values(counter.sql(text)[0])[0]);
});

test("on PostgreSQL", { skip: !cluster && "no cluster: run it by tests/store/with_pg.sh" }, async (t) => {
  const name = `clock_${process.pid}`, database = cluster.replace("/postgres?", `/${name}?`);
  psql(`CREATE DATABASE ${name} ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`, cluster);
  const counter = await new Counter({ name: "clock-pg", settings: { database } }).choosePort();
  t.after(async () => {
    await counter.close();
    psql(`DROP DATABASE ${name} WITH (FORCE)`, cluster);
  });
  await setBack(counter, (text) => psql(text, database), (text) => Number(psql(text, database)));
});
