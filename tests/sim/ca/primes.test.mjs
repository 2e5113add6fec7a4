// Keys from primes that were made before, as a test run has them (SIMCA_PRIMES): right keys, no two the same, whoever takes them; and keys of
// primes of their own without.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { Authority, kinds, openssl, run, simca, verify, policies } from "./lib/authority.mjs";

delete process.env.SIMCA_PRIMES;
const folder = mkdtempSync(join(tmpdir(), "simca-primes-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The folder with this name, and what simca is called with to use it. */
function shared(name) {
  const path = join(folder, name);
  mkdirSync(path);
  return { path, env: { ...process.env, SIMCA_PRIMES: path } };
}

/** The modulus and the two primes of a key that is right in itself. */
function parts(key) {
  const checked = openssl("pkey", "-in", key, "-check", "-noout");
  assert.match(checked.out, /Key is valid/, `${key}: ${checked.error}`);
  const text = openssl("rsa", "-in", key, "-noout", "-text").out.replace(/\n {4}/g, "");
  const number = (name) => text.match(new RegExp(`^${name}:([0-9a-f:]+)$`, "m"))[1].replaceAll(":", "").replace(/^00/, "");
  assert.match(text, /Private-Key: \(2048 bit, 2 primes\)/);
  assert.match(text, /publicExponent: 65537 /);
  return { n: number("modulus"), primes: [number("prime1"), number("prime2")] };
}

const keysOf = (dir) => [...kinds.flatMap((kind) => [join(dir, kind, "1/key.pem"), join(dir, kind, "2/key.pem"), join(dir, kind, "ocsp.key.pem")]),
  join(dir, "cv/root.key.pem"), join(dir, "cv/office.key.pem")];
const distinct = (list) => assert.equal(new Set(list).size, list.length);

test("two authorities and certificates made at once: every key is right, and there is no other like it", async () => {
  const { path, env } = shared("together"), call = (...args) => promisify(execFile)(simca, args, { env });
  const dirs = ["a", "b"].map((name) => join(folder, name));
  await Promise.all(dirs.map((dir) => call("init", dir)));
  const leaves = await Promise.all(dirs.flatMap((dir) => kinds.map(async (kind, i) => {
    const base = `${dir}.${i}`;
    await call("issue", dir, kind, "--root", String(i + 1), "--cert", `${base}.der`, "--key", `${base}.key`);
    return { key: `${base}.key`, cert: `${base}.der`, pem: `${base}.pem`, kind, root: i + 1, dir };
  })));
  const keys = [...dirs.flatMap(keysOf), ...leaves.map(({ key }) => key)].map(parts);
  assert.equal(keys.length, 20);
  distinct(keys.map(({ n }) => n));
  // 20 pairs are all of six primes and five of a seventh.
  const primes = new Set(keys.flatMap((key) => key.primes));
  assert.equal(primes.size, 7);
  assert.deepEqual(readdirSync(path).sort(), ["0", "1", "2", "3", "4", "5", "6", "taken"]);
  assert.equal(readFileSync(join(path, "taken"), "utf8"), "00000014");
  // They vouch as others do, and only for their own.
  for (const { cert, pem, kind, root, dir } of leaves) {
    assert.equal(openssl("x509", "-inform", "DER", "-in", cert, "-out", pem).code, 0);
    for (const other of dirs) {
      const said = verify(pem, join(other, "anchors", `${kind}-${root}.pem`), policies[kind]);
      if (other === dir) assert.equal(said, "");
      else assert.notEqual(said, "");
    }
  }
});

test("without it each key has primes of its own", () => {
  const authority = new Authority("primes");
  try {
    const keys = keysOf(authority.dir).map(parts);
    distinct(keys.flatMap((key) => key.primes));
  } finally {
    authority.close();
  }
});

test("a folder that is none, and one that holds something else", () => {
  const refused = (name, code, words, fill = {}) => {
    const path = fill ? shared(name).path : join(folder, name);
    for (const [file, text] of Object.entries(fill ?? {})) writeFileSync(join(path, file), text);
    process.env.SIMCA_PRIMES = path;
    const done = run(simca, "init", join(folder, `${name}.ca`));
    delete process.env.SIMCA_PRIMES;
    assert.equal(done.code, code, done.error);
    assert.match(done.error, words);
  };
  refused("none", 74, /No such file/, null);
  refused("half", 65, /taken: not a number/, { taken: "0000" });
  refused("words", 65, /taken: not a number/, { taken: "a number" });
  refused("short", 65, /1: not a prime/, { 1: "FFFF" });
  refused("letters", 65, /1: not a prime/, { 1: `${"F".repeat(255)}Z` });
});
