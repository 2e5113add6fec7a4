// src/scan against a small clamd: what is found, what is clean, and that nothing else passes for clean.

import assert from "node:assert/strict";
import { execFile, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { Clamd, EICAR } from "./clamd.mjs";

const run = promisify(execFile), folder = mkdtempSync(join(tmpdir(), "scan-"));
after(() => rmSync(folder, { recursive: true }));
const SCAN = process.env.SCAN_TRY;
let made = 0;

async function ask(bytes, options = {}, ms = 20000) {
  const socket = join(folder, `s${made++}`), file = join(folder, "file"), clamd = new Clamd(socket, options);
  writeFileSync(file, bytes);
  await clamd.listen();
  const from = performance.now();
  const { stdout } = await run(SCAN, [socket, String(ms), file]);
  const took = performance.now() - from;
  await clamd.close();
  assert.deepEqual(clamd.faults, []);
  return { said: stdout.trim(), took, seen: clamd.seen };
}

test("clean, of every size, and it got every byte", async () => {
  for (const size of [0, 1, 16383, 16384, 16385, 5 << 20]) {
    const bytes = randomBytes(size), { said, seen } = await ask(bytes);
    assert.equal(said, "clean", String(size));
    assert.ok(seen[0].equals(bytes), String(size));
  }
});

test("found, wherever it stands", async () => {
  for (const at of [0, 16380, 300000]) assert.equal((await ask(Buffer.concat([randomBytes(at), EICAR, randomBytes(9)]))).said, "found Win.Test.EICAR_HDB-1");
});

test("an answer in pieces", async () => {
  assert.equal((await ask(EICAR, { manner: "in pieces" })).said, "found Win.Test.EICAR_HDB-1");
  assert.equal((await ask(Buffer.from("x"), { manner: "in pieces" })).said, "clean");
});

test("what is not said clearly is no finding, and not clean", async () => {
  for (const [manner, words] of [["without end", "no whole answer"], ["endless", "the answer is too long"], ["nonsense", "an unknown answer"],
    ["error", "it answered with an error: Can_t_allocate_memory"], ["empty", "no whole answer"]])
    assert.equal((await ask(Buffer.from("x"), { manner })).said, `undecided ${words}`, manner);
  assert.match((await ask(randomBytes(4 << 20), { manner: "breaks off" })).said, /^undecided /);
  assert.match((await ask(randomBytes(4 << 20), { most: 1 << 20 })).said, /^undecided /);
});

test("a slow one is not waited for", async () => {
  for (const [manner, bytes] of [["silent", Buffer.from("x")], ["deaf", randomBytes(8 << 20)]]) {
    const { said, took } = await ask(bytes, { manner }, 400);
    assert.equal(said, "undecided no answer in time", manner);
    assert.ok(took >= 390, `${took} ms`);
  }
});

test("names and words from outside are made plain", async () => {
  assert.match((await ask(EICAR, { manner: "hostile error" })).said, /^undecided it answered with an error: [\w./-]+$/);
  assert.match((await ask(EICAR, { manner: "long error" })).said, /^undecided it answered with an error: E{90,}$/);
  assert.match((await ask(EICAR, { manner: "hostile name" })).said, /^found [\w./-]+$/);
  assert.equal((await ask(EICAR, { manner: "long name" })).said, `found ${"N".repeat(127)}`);
});

test("nobody there", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "x");
  for (const socket of [join(folder, "nowhere"), "", "/".padEnd(200, "x"), file])
    assert.match((await run(SCAN, [socket, "500", file])).stdout, /^unavailable /);
});

// The real one, with a single signature of our own: it needs no others to start.
test("ClamAV's clamd", { skip: spawnSync("clamd", ["--version"]).error && "no clamd" }, async (t) => {
  const home = join(folder, "clamd"), socket = join(home, "socket"), clean = join(home, "clean"), found = join(home, "found");
  mkdirSync(join(home, "signatures"), { recursive: true });
  writeFileSync(join(home, "signatures", "own.ndb"), `Test.Eicar:0:*:${EICAR.toString("hex")}\n`);
  writeFileSync(join(home, "conf"), [`DatabaseDirectory ${join(home, "signatures")}`, `LocalSocket ${socket}`, "Foreground yes", "StreamMaxLength 2M",
    ...(process.getuid() === 0 ? ["User root"] : []), ""].join("\n"));
  writeFileSync(clean, randomBytes(100000));
  writeFileSync(found, EICAR);
  const clamd = spawn("clamd", ["-c", join(home, "conf")], { stdio: "ignore" });
  t.after(() => clamd.kill("SIGKILL"));
  for (let i = 0; i < 300 && !existsSync(socket) && clamd.exitCode === null; i++) await new Promise((resolve) => setTimeout(resolve, 100));
  const says = async (file) => (await run(SCAN, [socket, "20000", file])).stdout.trim();
  assert.equal(await says(clean), "clean");
  assert.equal(await says(found), "found Test.Eicar.UNOFFICIAL");
  writeFileSync(clean, randomBytes(3 << 20));
  assert.match(await says(clean), /^undecided /);
});
