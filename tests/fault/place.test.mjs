// The folders of attachments belong to one database: who comes with others, or with none, is told before a file is taken for lost.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pdf } from "../story/lib/pdf.mjs";
import { Counter, begin, until } from "./lib/counter.mjs";
import { create, patch, state } from "./lib/upload.mjs";

const CONFIG = 78;
const cluster = process.env.STORE_TEST_PG_URL;
const psql = (text, url) => execFileSync("psql", ["-qAt", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", text], { encoding: "utf8" }).trim();
const inData = (counter, ...names) => join(counter.data, ...names);

/** How a command of the program ends that must not go on: at once, and not by waiting for us. */
async function end(counter, ...words) {
  const child = begin([process.env.MADOGUCHI, ...words, ...counter.options()], { cwd: counter.folder, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (piece) => { said += piece; });
  const late = setTimeout(() => child.kill("SIGKILL"), 30_000);
  const { code } = await child.ended;
  clearTimeout(late);
  return { code, said };
}

/** Each of the commands is refused, and says which folder, and what to do. */
async function refused(counter, folder, words, ...commands) {
  for (const command of commands) {
    const { code, said } = await end(counter, ...command);
    assert.equal(code, CONFIG, `${command.join(" ")}: ${said}`);
    assert.match(said, words);
    assert.ok(said.includes(inData(counter, folder)), said);
    assert.match(said, /all hosts of one database share/);
    assert.match(said, /admin files adopt/);
  }
}

const all = [["run"], ["serve"], ["work"], ["admin", "files", "verify"]];

test("another folder, none, and the one that belongs there", async (t) => {
  const counter = await new Counter({ name: "place" }).choosePort();
  t.after(() => counter.close());
  const [person] = await counter.people(1, 1);
  const files = inData(counter, "files"), mark = join(files, "mark"), aside = join(counter.folder, "aside");
  await counter.start();
  counter.harm("DELETE FROM attachment"); // the photo is a row alone
  const bytes = pdf("paper", 30_000), path = await create(counter, person, person.drafts[0], "passport_copy", bytes.length);
  assert.equal((await patch(counter, person, path, bytes, 0)).status, 204);
  await until("the verdict", async () => (await state(counter, person, path)).state === "ok");
  await counter.signal("SIGTERM");
  const known = counter.sql("SELECT name, mark FROM installation_folder");
  assert.equal(known.length, 1);
  assert.match(known[0].mark, /^[0-9a-f]{32}$/);
  assert.equal(readFileSync(mark, "utf8"), `${known[0].mark}\n`);
  assert.equal(statSync(mark).mode & 0o777, 0o600);

  renameSync(files, aside);
  await refused(counter, "files", /has no mark/, ...all);
  assert.ok(!existsSync(mark), "none is made in its place");
  writeFileSync(mark, "0123456789abcdef0123456789abcdef\n", { mode: 0o600 });
  await refused(counter, "files", /belongs to another database/, ...all);
  rmSync(files, { recursive: true });
  renameSync(aside, files);
  await counter.start();
  assert.match(await counter.admin("files", "verify"), /every one is whole/);
  await counter.signal("SIGTERM");

  /* One host has no other whose uploads it could miss: an empty spool is an empty spool. */
  rmSync(inData(counter, "spool"), { recursive: true });
  await counter.start();
  await counter.signal("SIGTERM");

  /* Brought back from a copy that was made before there was a mark: the operator's word. */
  rmSync(mark);
  await refused(counter, "files", /has no mark/, ["run"]);
  assert.match(await counter.admin("files", "adopt"), /from now on/);
  assert.equal(readFileSync(mark, "utf8"), `${known[0].mark}\n`);
  writeFileSync(mark, "no mark at all");
  await refused(counter, "files", /belongs to another database/, ["run"]);
  await counter.admin("files", "adopt");
  await counter.start();
  assert.match(await counter.admin("files", "verify"), /every one is whole/);
  await counter.signal("SIGTERM");
  assert.deepEqual(counter.sql("SELECT name, mark FROM installation_folder"), known);
  assert.equal(counter.sql("SELECT count(*) AS n FROM audit_entry WHERE event = 'folders_adopted'")[0].n, 2);

  /* A database that is brought back from before: it takes the mark that is there. */
  counter.harm("DELETE FROM installation_folder");
  await counter.start();
  assert.deepEqual(counter.sql("SELECT name, mark FROM installation_folder"), known);
});

test("a second host without the shared folders, on PostgreSQL", { skip: !cluster && "no cluster: run it by tests/store/with_pg.sh" }, async (t) => {
  const name = `place_${process.pid}`, url = cluster.replace("/postgres?", `/${name}?`);
  psql(`CREATE DATABASE ${name}`, cluster);
  const first = await new Counter({ name: "place-first", settings: { database: url } }).choosePort();
  const second = await new Counter({ name: "place-second", settings: { database: url } }).choosePort();
  t.after(async () => {
    await first.close();
    await second.close();
    psql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`, cluster);
  });
  const [person] = await first.people(1, 1);
  await first.start();
  for (const file of ["master.key", "files.key"]) copyFileSync(inData(first, file), inData(second, file));
  const hosts = [["run"], ["serve"], ["work"]];
  await refused(second, "files", /has no mark/, ...hosts);
  /* Only one of the two is shared: good files would be taken for lost by this host's job. */
  rmSync(inData(second, "files"), { recursive: true });
  symlinkSync(inData(first, "files"), inData(second, "files"));
  await refused(second, "spool", /has no mark/, ...hosts);
  rmSync(inData(second, "spool"), { recursive: true });
  symlinkSync(inData(first, "spool"), inData(second, "spool"));
  await second.start();
  /* An upload that begins at one host goes on at the other. */
  const bytes = pdf("two hosts", 300_000), path = await create(first, person, person.drafts[0], "passport_copy", bytes.length);
  await patch(first, person, path, bytes, 0, { upTo: 100_000, piece: 50_000 });
  await until("what has come", async () => (await state(second, person, path)).offset === 100_000);
  assert.equal((await patch(second, person, path, bytes, 100_000)).status, 204);
  await until("the verdict", async () => (await state(first, person, path)).state === "ok");
  await second.signal("SIGTERM");

  /* A mark of another database. */
  rmSync(inData(second, "spool"));
  mkdirSync(inData(second, "spool"), { mode: 0o700 });
  writeFileSync(inData(second, "spool", "mark"), "0123456789abcdef0123456789abcdef\n", { mode: 0o600 });
  await refused(second, "spool", /belongs to another database/, ...hosts);
});
