// The keys beside the database: a start without them, or with others, is refused before anything is sealed or opened, and what waits is
// there when they are back. On SQLite, and on PostgreSQL with a second host.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pdf } from "../story/lib/pdf.mjs";
import { Counter, ask, begin, freePort, until } from "./lib/counter.mjs";
import { folderOf } from "./lib/mail.mjs";
import { Person } from "./lib/person.mjs";
import { create, patch, state } from "./lib/upload.mjs";

const CONFIG = 78;
const cluster = process.env.STORE_TEST_PG_URL;
const psql = (text, url) => execFileSync("psql", ["-qAt", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", text], { encoding: "utf8" }).trim();

/** How a command of the program ends that must not go on. */
async function end(counter, ...words) {
  const child = begin([process.env.MADOGUCHI, ...words, ...counter.options()], { cwd: counter.folder, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (piece) => { said += piece; });
  const { code } = await child.ended;
  return { code, said };
}

async function refused(counter, file, words, ...commands) {
  for (const command of commands) {
    const { code, said } = await end(counter, ...command);
    assert.equal(code, CONFIG, `${command.join(" ")}: ${said}`);
    assert.match(said, words);
    assert.ok(said.includes(join(counter.data, file)), "says which file belongs where");
  }
}

const all = [["run"], ["serve"], ["work"], ["admin", "init"], ["admin", "queue"], ["admin", "usage", "list"], ["admin", "files", "verify"]];

/** A person asks for the link of registration; the mail waits, because there is no relay at that port. */
async function mailThatWaits(counter) {
  await counter.start();
  const mai = new Person(counter.base);
  await mai.see("/register/email");
  assert.equal(await mai.send("/register/email", { email: "mai@example.jp", email_again: "mai@example.jp" }), "/register/sent");
  mai.close();
  await counter.signal("SIGTERM");
}

test("master.key: another one, none, and the one that belongs there", async (t) => {
  const counter = await new Counter({ name: "key", settings: { mail_relay: `smtp://127.0.0.1:${await freePort()}`, mail_tls: "none" } }).choosePort();
  t.after(() => counter.close());
  const key = join(counter.data, "master.key"), aside = join(counter.folder, "aside");
  await mailThatWaits(counter);
  const waits = () => counter.sql("SELECT count(*) AS n, MIN(length(payload)) AS size FROM outbox WHERE state = 0")[0];
  const before = waits();
  assert.equal(before.n, 1);

  renameSync(key, aside);
  await refused(counter, "master.key", /is missing/, ...all);
  assert.ok(!existsSync(key), "no new one is made");
  writeFileSync(key, Buffer.alloc(32, 7), { mode: 0o600 });
  await refused(counter, "master.key", /is not the key that this database was written with/, ...all);
  assert.deepEqual(waits(), before, "nothing was touched");

  // As a program before this one left it.
  counter.harm("DELETE FROM installation_key");
  await refused(counter, "master.key", /is not the key/, ["run"], ["work"]);
  rmSync(key);
  await refused(counter, "master.key", /is missing/, ["run"], ["work"]);
  renameSync(aside, key);
  counter.settings = {};
  await counter.start();
  assert.match(await folderOf(counter)("mai@example.jp", /\/register\//), /^\/register\//, "the mail goes");
  assert.deepEqual(counter.sql("SELECT name FROM installation_key ORDER BY name"), [{ name: "files.key" }, { name: "master.key" }]);
});

test("files.key: the same", async (t) => {
  const counter = await new Counter({ name: "files-key" }).choosePort();
  t.after(() => counter.close());
  const [person] = await counter.people(1, 1), key = join(counter.data, "files.key"), aside = join(counter.folder, "aside");
  await counter.start();
  const bytes = pdf("paper", 30_000), path = await create(counter, person, person.drafts[0], "passport_copy", bytes.length);
  assert.equal((await patch(counter, person, path, bytes, 0)).status, 204);
  await until("the verdict", async () => (await state(counter, person, path)).state === "ok");
  await counter.signal("SIGTERM");
  const commands = [["run"], ["work"], ["admin", "files", "verify"]];
  for (const known of [true, false]) {
    if (!known) counter.harm("DELETE FROM installation_key");
    renameSync(key, aside);
    await refused(counter, "files.key", /is missing/, ...commands);
    assert.ok(!existsSync(key));
    writeFileSync(key, Buffer.alloc(32, 7), { mode: 0o600 });
    await refused(counter, "files.key", /is not the key/, ...commands);
    renameSync(aside, key);
  }
  await counter.start();
});

test("a key that is lost for good", async (t) => {
  const counter = await new Counter({ name: "lost-key" }).choosePort();
  t.after(() => counter.close());
  await counter.people(1, 1);
  rmSync(join(counter.data, "master.key"));
  await refused(counter, "master.key", /is missing/, ["run"]);
  assert.match(await counter.admin("key", "accept"), /from now on/);
  assert.equal(statSync(join(counter.data, "master.key")).mode & 0o777, 0o600);
  const made = readFileSync(join(counter.data, "master.key"));
  await counter.start();
  assert.equal((await ask(counter.base, "/notices")).status, 200);
  assert.deepEqual(readFileSync(join(counter.data, "master.key")), made);
  assert.equal(counter.sql("SELECT count(*) AS n FROM audit_entry WHERE event = 'key_accepted' AND detail = 'master.key'")[0].n, 1);
});

test("files.key that is lost for good: files of drafts are sent again", async (t) => {
  const counter = await new Counter({ name: "lost-files-key" }).choosePort();
  t.after(() => counter.close());
  const [person] = await counter.people(1, 1), key = join(counter.data, "files.key"), bytes = pdf("paper", 30_000);
  const send = async () => {
    const path = await create(counter, person, person.drafts[0], "passport_copy", bytes.length);
    assert.equal((await patch(counter, person, path, bytes, 0)).status, 204);
    await until("the verdict", async () => (await state(counter, person, path)).state === "ok");
    return path;
  };
  await counter.start();
  const path = await send();
  await counter.signal("SIGTERM");
  rmSync(key);
  await refused(counter, "files.key", /is missing/, ["run"]);
  assert.match(await counter.admin("key", "accept"), /from now on/);
  await counter.start();
  assert.equal((await state(counter, person, path)).state, "problem");
  await send();
  await counter.signal("SIGTERM");
  assert.match(await counter.admin("files", "verify"), /every one is whole/);
});

test("a second host without the key, on PostgreSQL", { skip: !cluster && "no cluster: run it by tests/store/with_pg.sh" }, async (t) => {
  const name = `key_${process.pid}`, url = cluster.replace("/postgres?", `/${name}?`);
  psql(`CREATE DATABASE ${name}`, cluster);
  const settings = { database: url, mail_relay: `smtp://127.0.0.1:${await freePort()}`, mail_tls: "none" };
  const first = await new Counter({ name: "key-first", settings }).choosePort();
  const second = await new Counter({ name: "key-second", settings }).choosePort();
  t.after(async () => {
    await first.close();
    await second.close();
    psql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`, cluster);
  });
  await mailThatWaits(first);
  await refused(second, "master.key", /is missing/, ["work"], ["serve"], ["admin", "migrate"], ["admin", "queue"]);
  assert.ok(!existsSync(join(second.data, "master.key")), "no key of its own");
  writeFileSync(join(second.data, "master.key"), Buffer.alloc(32, 7), { mode: 0o600 });
  await refused(second, "master.key", /is not the key/, ["work"], ["serve"]);
  assert.equal(psql("SELECT count(*) FROM outbox WHERE state = 0 AND length(payload) > 0", url), "1");
  for (const file of ["master.key", "files.key"]) writeFileSync(join(second.data, file), readFileSync(join(first.data, file)), { mode: 0o600 });
  assert.match(await second.admin("queue"), /registration/);
});
