// Several processes at once, and processes that are killed: what was told is in the index, once, and the index can always be read.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { Authority, roots, simca } from "./lib/authority.mjs";

const authority = new Authority("together");
after(() => authority.close());

let count = 0;
/** A process that issues: { serial, code, child }. serial null: it did not come to tell. */
function issue(root = "p384", killAfter = null) {
  const base = authority.path(`t${count++}`);
  const child = spawn(simca, ["issue", authority.dir, "auth", "--root", root, "--cert", `${base}.der`, "--key", `${base}.key`],
    { stdio: ["ignore", "pipe", "inherit"] });
  if (killAfter !== null) setTimeout(() => child.kill("SIGKILL"), killAfter);
  let text = "";
  child.stdout.on("data", (piece) => { text += piece; });
  return new Promise((done) => child.on("close", (code) => done({ code, serial: text.trim() || null })));
}
const index = () => readFileSync(join(authority.dir, "index.tsv"), "utf8").split("\n").slice(1, -1).map((line) => line.split("\t"));

test("ten processes at once issue ten certificates", async () => {
  const before = index().length;
  const all = await Promise.all(Array.from({ length: 10 }, (_, i) => issue(roots[i % roots.length])));
  for (const { code, serial } of all) {
    assert.equal(code, 0);
    assert.ok(serial);
  }
  const serials = index().map(([serial]) => serial);
  assert.equal(serials.length, before + 10);
  assert.equal(new Set(serials).size, serials.length);
  for (const { serial } of all) assert.ok(serials.includes(serial));
});

test("issue, revoke and lists at once lose nothing", async () => {
  const leaves = await Promise.all(Array.from({ length: 6 }, () => issue()));
  const command = (...args) => new Promise((done) => spawn(simca, args, { stdio: "ignore" }).on("close", done));
  const codes = await Promise.all([
    ...leaves.map(({ serial }) => command("revoke", authority.dir, serial, "superseded")),
    ...Array.from({ length: 4 }, () => command("crl", authority.dir)),
    ...Array.from({ length: 4 }, async () => (await issue()).code),
  ]);
  assert.deepEqual(codes, codes.map(() => 0));
  const states = new Map(index().map(([serial, , , state]) => [serial, state]));
  for (const { serial } of leaves) assert.equal(states.get(serial), "superseded");
  // Six lists each time, and no number twice.
  assert.equal(readFileSync(join(authority.dir, "index.tsv"), "utf8").split("\n")[0], "simca\t1\t24");
});

test("one revokes, the others are told that it is so already", async () => {
  const { serial } = await issue();
  const codes = await Promise.all(Array.from({ length: 6 }, () =>
    new Promise((done) => spawn(simca, ["revoke", authority.dir, serial, "superseded"], { stdio: "ignore" }).on("close", done))));
  assert.deepEqual(codes.sort(), [0, 1, 1, 1, 1, 1]);
});

test("killed at any moment: what was told stays, and the next one works", async () => {
  const begun = Date.now();
  await issue();
  const whole = Date.now() - begun;
  const told = new Set(index().map(([serial]) => serial));
  let unfinished = 0;
  for (let round = 0; round < 25; round++) {
    const pair = await Promise.all([issue("p384", Math.random() * whole * 1.2), issue("p384", Math.random() * whole * 1.2)]);
    for (const { serial, code } of pair) {
      if (serial) told.add(serial);
      if (code === null) unfinished++;
    }
    const serials = new Set(authority.do("show").split("\n").map((line) => line.split("\t")[0]));
    for (const serial of told) assert.ok(serials.has(serial), `${serial} was told and is gone`);
  }
  assert.ok(unfinished > 0, "some were killed in their work");
  assert.equal((await issue()).code, 0);
});
