// D6, F-01, F-11, F-72, F-73: uploads, and what breaks under them. The program is killed in their midst, the line breaks and is silent, the disk is
// full: what a person was told has arrived is there, the rest is sent again, and nothing half is ever part of an application.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pdf } from "../story/lib/pdf.mjs";
import { Counter, ask, begin, until } from "./lib/counter.mjs";
import { create, patch, state, tus } from "./lib/upload.mjs";

/* A check that a kill has cut off is made again a minute later. */
const AGAIN = 150;

test("killed again and again in the midst of an upload: it goes on from what was told", async (t) => {
  const counter = await new Counter({ name: "files" }).choosePort();
  t.after(() => counter.close());
  const [person] = await counter.people(1, 1), draft = person.drafts[0];
  await counter.start();
  const bytes = pdf("resumed", 12_000_000);
  const path = await create(counter, person, draft, "passport_copy", bytes.length);
  let told = 0, kills = 0;
  for (let round = 0; round < 40; round++) {
    const now = await state(counter, person, path);
    assert.equal(now.status, 200);
    assert.ok(now.offset >= told, `${now.offset} bytes are there, ${told} were told`);
    told = now.offset;
    if (now.state !== "uploading") break;
    const ended = patch(counter, person, path, bytes, now.offset, { piece: 200_000, pause: 2 });
    if (kills < 6) {
      await sleep(20 + Math.random() * 120);
      await counter.signal("SIGKILL");
      kills++;
      await ended;
      await counter.start();
    } else {
      assert.equal((await ended).status, 204);
    }
  }
  await until("the verdict", async () => ["ok", "problem"].includes((await state(counter, person, path)).state), AGAIN);
  assert.equal((await state(counter, person, path)).state, "ok");
  const back = await new Promise((done, failed) => {
    http.get(`${counter.base}${path}/content`, { headers: { Cookie: `session=${person.session}` } }, (response) => {
      const pieces = [];
      response.on("data", (one) => pieces.push(one));
      response.on("end", () => done(Buffer.concat(pieces)));
    }).on("error", failed);
  });
  assert.ok(back.equals(bytes), "what comes back is what was sent");
  assert.deepEqual(readdirSync(join(counter.data, "spool")), [], "nothing is left in the spool");
  t.diagnostic(`${kills} kills`);
});

test("killed while files are checked: every file has an answer, and no application one that is not clean", async (t) => {
  const counter = await new Counter({ name: "checks" }).choosePort();
  t.after(() => counter.close());
  const people = await counter.people(4, 1);
  await counter.start();
  const paths = [], bytes = pdf("checked", 400_000);
  for (const person of people) paths.push({ person, path: await create(counter, person, person.drafts[0], "passport_copy", bytes.length) });
  const sent = paths.map(({ person, path }) => patch(counter, person, path, bytes, 0));
  await sleep(30 + Math.random() * 60);
  await counter.signal("SIGKILL");
  await Promise.all(sent);
  await counter.start();
  /* Those whose bytes had all arrived are checked by the job; the others go on. */
  for (const { person, path } of paths) {
    const now = await state(counter, person, path);
    if (now.state === "uploading") assert.equal((await patch(counter, person, path, bytes, now.offset)).status, 204);
    await until("an answer", async () => ["ok", "problem"].includes((await state(counter, person, path)).state), AGAIN);
  }
  assert.deepEqual(counter.sql("SELECT count(*) AS n FROM attachment WHERE application_id <> 0 AND state <> 3"), [{ n: 0 }]);
});

test("resets, silence and a slow line: it completes", async (t) => {
  const counter = await new Counter({ name: "line" }).choosePort();
  t.after(() => counter.close());
  const [person] = await counter.people(1, 1);
  await counter.start();
  const bytes = pdf("slow", 1_500_000);
  const path = await create(counter, person, person.drafts[0], "passport_copy", bytes.length);
  for (const upTo of [1, 100_001, 300_000, 700_003]) {
    const { offset } = await state(counter, person, path);
    await patch(counter, person, path, bytes, offset, { upTo, piece: 30_000, pause: 5 });
    await until("what has come", async () => (await state(counter, person, path)).offset >= upTo, 20);
  }
  /* Two connections at once: one of them goes on, and nothing is mixed. */
  const { offset } = await state(counter, person, path);
  const both = await Promise.all([0, 1].map(() => patch(counter, person, path, bytes, offset, { piece: 50_000, pause: 3 })));
  assert.ok(both.some(({ status }) => status === 204) || both.every(({ status }) => status === 409), JSON.stringify(both));
  for (let tries = 0; tries < 5; tries++) {
    const now = await state(counter, person, path);
    if (now.state !== "uploading") break;
    await patch(counter, person, path, bytes, now.offset);
  }
  assert.equal((await state(counter, person, path)).state, "ok");
});

test("admin files verify: tells what is whole, and names what is not", async (t) => {
  const counter = await new Counter({ name: "verify" }).choosePort();
  t.after(() => counter.close());
  const people = await counter.people(3, 1);
  await counter.start();
  counter.harm("DELETE FROM attachment"); // the photos of these drafts are rows alone
  assert.equal(await counter.admin("files", "verify"), "0 files, 0 bytes, every one is whole\n");
  for (const [i, person] of people.entries()) {
    const bytes = pdf(`paper ${i}`, 300_000 + i);
    const path = await create(counter, person, person.drafts[0], "passport_copy", bytes.length);
    assert.equal((await patch(counter, person, path, bytes, 0)).status, 204);
    await until("the verdict", async () => (await state(counter, person, path)).state === "ok");
  }
  // Each with its small picture.
  assert.match(await counter.admin("files", "verify"), /^6 files, \d+ bytes, every one is whole\n$/);
  const rows = counter.sql("SELECT CAST(account_id AS TEXT) AS account, CAST(id AS TEXT) AS id, kept FROM attachment WHERE kept <> '' ORDER BY account_id");
  const [flipped, cut, gone] = rows.map(({ kept }) => join(counter.data, "files", kept.slice(0, 2), kept));
  const bytes = readFileSync(flipped);
  bytes[bytes.length - 40] ^= 1;
  writeFileSync(flipped, bytes);
  truncateSync(cut, 1000);
  rmSync(gone);
  const refused = async (...command) => {
    const said = await counter.admin(...command).then(() => assert.fail("it says that all is whole"), (error) => error);
    assert.equal(said.code, 1);
    return said.stdout.trimEnd().split("\n");
  };
  const line = (why, row) => [why, "draft", row.account, row.id, row.kept].join("\t");
  assert.deepEqual(await refused("files", "verify"),
    [line("damaged", rows[0]), line("damaged", rows[1]), line("missing", rows[2]), "3 of 6 files cannot be read"]);
  /* What nobody names any more is not missed. */
  counter.harm(`DELETE FROM draft WHERE account_id = ${rows[2].account}`);
  assert.deepEqual(await refused("files", "verify"), [line("damaged", rows[0]), line("damaged", rows[1]), "2 of 4 files cannot be read"]);
  /* Their keys do not open: nothing can be given back. */
  await counter.signal("SIGTERM");
  counter.harm("UPDATE draft SET files_key = zeroblob(73)");
  assert.deepEqual((await refused("files", "verify")).map((words) => words.split("\t")[0]), ["key", "key", "key", "key", "4 of 4 files cannot be read"]);
});

/* A form that breaks off cannot be gone on with: nothing of it stays. */
test("a form that breaks off", async (t) => {
  const counter = await new Counter({ name: "form" }).choosePort();
  t.after(() => counter.close());
  const [person] = await counter.people(1, 1), draft = person.drafts[0];
  await counter.start();
  const head = `--x\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n${person.csrf}\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n`;
  const socket = net.connect(counter.port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(`POST /drafts/${draft.id}/documents/passport_copy HTTP/1.1\r\nHost: x\r\nCookie: session=${person.session}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 900000\r\n\r\n${head}`);
  socket.write(pdf("part", 400_000));
  await until("its row", () => counter.sql("SELECT count(*) AS n FROM attachment WHERE state = 1")[0].n === 1);
  socket.resetAndDestroy();
  await until("its end", () => counter.sql("SELECT count(*) AS n FROM attachment WHERE state = 1")[0].n === 0);
  await until("an empty spool", () => readdirSync(join(counter.data, "spool")).length === 0);
});

const asRoot = process.getuid() === 0;
const own = asRoot ? ["--mount"] : ["--user", "--map-root-user", "--mount"];
const enter = asRoot ? ["--mount"] : ["--user", "--mount", "--preserve-credentials"];
const noMount = ["unshare", "nsenter"].some((program) => spawnSync(program, ["--version"], { stdio: "ignore" }).status !== 0)
  || spawnSync("unshare", [...own, "true"], { stdio: "ignore" }).status !== 0;

test("a full disk under the spool: said so, everything else kept, and room again", { skip: noMount && "no mount of its own" }, async (t) => {
  const counter = await new Counter({ name: "full" }).choosePort(), spool = join(counter.data, "spool");
  mkdirSync(spool, { mode: 0o700 });
  const holder = begin(["unshare", ...own, "sh", "-c", 'mount -t tmpfs -o size=2m,mode=0700 none "$0" && echo mounted && exec sleep 600', spool], { stdio: ["ignore", "pipe", "pipe"] });
  let words = "";
  holder.stdout.on("data", (piece) => { words += piece; });
  await until("the disk", () => words.includes("mounted"));
  t.after(async () => { await counter.close(); holder.kill("SIGKILL"); });
  counter.wrap = ["nsenter", "-t", String(holder.pid), ...enter, "--"];
  const [person] = await counter.people(1, 1), draft = person.drafts[0];
  await counter.start();
  const big = pdf("too big for this disk", 4_000_000), small = pdf("fits", 200_000);
  const first = await create(counter, person, draft, "passport_copy", big.length);
  const answer = await patch(counter, person, first, big, 0);
  assert.equal(answer.status, 507);
  assert.equal((await state(counter, person, first)).state, "uploading");
  /* by a form: a page that says so */
  const head = Buffer.from(`--x\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n${person.csrf}\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n`);
  const form = await ask(counter.base, `/drafts/${draft.id}/documents/reason_letter`, { method: "POST",
    headers: { Cookie: `session=${person.session}; language=en`, "Content-Type": "multipart/form-data; boundary=x" },
    body: Buffer.concat([head, big, Buffer.from("\r\n--x--\r\n")]) });
  assert.equal(form.status, 507);
  assert.match(form.text, /Your answers and the files that you have already attached are kept/);
  assert.equal((await ask(counter.base, `/drafts/${draft.id}/files`, { headers: { Cookie: `session=${person.session}` } })).status, 200, "pages are read");
  /* away with the big one: there is room again, without a restart */
  assert.equal((await ask(counter.base, first, { method: "DELETE", headers: tus(person) })).status, 204);
  const second = await create(counter, person, draft, "passport_copy", small.length);
  assert.equal((await patch(counter, person, second, small, 0)).status, 204);
  assert.equal((await state(counter, person, second)).state, "ok");
  execFileSync(counter.wrap[0], [...counter.wrap.slice(1), "sh", "-c", 'test -z "$(ls "$0")"', spool]);
});
