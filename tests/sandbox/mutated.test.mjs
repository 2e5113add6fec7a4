// Files broken by chance, from a seed: whatever comes, there is one verdict in its form, within the processor's time, and no crash. MUTATIONS asks for more than
// the suite's few hundred of each kind; SEED for others.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ask, thumbnailer } from "./lib/checker.mjs";
import { jpeg, withExif } from "./lib/jpeg.mjs";

const many = Number(process.env.MUTATIONS ?? 250), seed = Number(process.env.SEED ?? 20260105);
const form = /^(ok|refused [a-z_0-9]+)( [a-z_]{1,16}=\d+)*$/;

/** Numbers from a seed (mulberry32). */
function chance(from) {
  let state = from >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const words = ["/FlateDecode", "/Length 99999999", "/Count 2147483647", "/Kids", "/Size 0", "endobj", "stream", "[[[[[[[[[[", "<<<<<<<<", "1 0 R", "-1", "/Filter", "/Encrypt", "\xff\xda", "\xff\xc4", "\xff\xd9", "\xff\xc2", "\xff\xff"];

function mutate(bytes, pick) {
  let out = Buffer.from(bytes);
  for (let n = 1 + pick(6); n > 0; n--) {
    const at = pick(out.length), length = Math.min(1 + pick(64), out.length - at);
    switch (pick(7)) {
      case 0: out[at] ^= 1 << pick(8); break;
      case 1: out[at] = pick(256); break;
      case 2: out = Buffer.concat([out.subarray(0, at), out.subarray(at + length)]); break;
      case 3: out = Buffer.concat([out.subarray(0, at), out.subarray(at, at + length), out.subarray(at)]); break;
      case 4: out = Buffer.concat([out.subarray(0, at), Buffer.from(words[pick(words.length)], "latin1"), out.subarray(at)]); break;
      case 5: out = out.subarray(0, Math.max(1, at)); break;
      default: out.copy(out, at, pick(out.length - length + 1), undefined); break;
    }
    if (out.length === 0) out = Buffer.from([pick(256)]);
  }
  return out;
}

async function run(name, sources, task) {
  const pick = chance(seed), seen = {};
  let slowest = 0, done = 0;
  const one = async () => {
    while (done < many) {
      const n = done++, bytes = mutate(sources[pick(sources.length)], pick);
      const { line, status, signal, ms } = await task(bytes, n);
      slowest = Math.max(slowest, ms);
      // Ended by its limit of processor time: the counter says "time".
      const word = signal === "SIGXCPU" ? "time" : line.replace(/ [a-z_]+=\d+/g, "");
      seen[word] = (seen[word] ?? 0) + 1;
      const what = `${name} ${n} of seed ${seed}: "${line}", status ${status}, ${signal}, ${Math.round(ms)} ms`;
      assert.ok(signal === "SIGXCPU" || (status === 0 && form.test(line)), what);
    }
  };
  await Promise.all([one(), one()]);
  return { seen, slowest };
}

const report = (t, { seen, slowest }) => t.diagnostic(`${JSON.stringify(seen)}, slowest ${Math.round(slowest)} ms`);

const folder = "tests/data/pdf";
const pdfs = readdirSync(folder).filter((name) => name.endsWith(".pdf")).map((name) => readFileSync(join(folder, name)));
const picture = (x, y) => [(x * 3) & 255, (y * 5) & 255, (x ^ y) & 255];
const jpegs = [jpeg(160, 120, picture), jpeg(160, 120, picture, "-progressive"), withExif(jpeg(90, 120, picture), 6), jpeg(333, 211, picture, "-grayscale"),
  withExif(jpeg(240, 320, picture, "-restart", "2"), 8), jpeg(64, 64, picture, "-sample", "1x1", "-quality", "99")];

test("broken PDFs", async (t) => {
  const result = await run("pdf", pdfs, (bytes) => ask(["pdf"], bytes));
  report(t, result);
  assert.ok(result.seen.ok > 0 && result.seen["refused damaged"] > 0);
});

test("broken JPEGs", async (t) => {
  const tasks = [["jpeg"], ["photo", "0", "0", "0", "0"], ["thumbnail"], ["pages", "1"]];
  const result = await run("jpeg", jpegs, (bytes, n) => ask(tasks[n % tasks.length], bytes, { output: true }));
  report(t, result);
  assert.ok(result.seen.ok > 0 && result.seen["refused damaged"] > 0);
});

// Poppler has defects that are not ours; a crash here ends a process that can do nothing, and one sees no picture. Only time is promised.
test("pictures of broken PDFs", async (t) => {
  const result = await run("thumbnail", pdfs, async (bytes) => {
    const said = await ask([], bytes, { output: true, path: thumbnailer });
    return said.signal && said.signal !== "SIGKILL" && said.signal !== "SIGSYS" ? { ...said, line: "refused died", status: 0, signal: null } : said;
  });
  report(t, result);
});
