// 178 PDFs of two public test suites: the checker's verdict, beside those of qpdf and pdfinfo. tests/data/pdf/verdicts.tsv holds what must
// come out, and why where the checker differs from `qpdf --check`.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ask, read, thumbnailer } from "./lib/checker.mjs";

const folder = "tests/data/pdf";
const rows = readFileSync(join(folder, "verdicts.tsv"), "utf8").trimEnd().split("\n").slice(1).map((line) => {
  const [file, encrypted, exit, verdict, pages, why] = line.split("\t");
  return { file, encrypted: encrypted === "encrypted", exit: Number(exit), verdict, pages: pages ? Number(pages) : undefined, why };
});
const has = (name) => !spawnSync(name, ["--version"]).error;
const agrees = ({ exit, encrypted, verdict }) => (verdict === "ok") === (exit === 0 && !encrypted);

test("each file has its row", () => {
  assert.deepEqual(rows.map(({ file }) => file).sort(), readdirSync(folder).filter((name) => name.endsWith(".pdf")).sort());
  assert.ok(rows.length >= 178);
});

test("where the checker differs from qpdf, the reason is written down", () => {
  for (const row of rows) assert.equal(agrees(row), row.why === "", `${row.file}: ${row.verdict}, qpdf ${row.exit}: "${row.why}"`);
});

test("the verdicts are as written down", async () => {
  for (const { file, verdict, pages } of rows) {
    const said = read(await ask(["pdf"], readFileSync(join(folder, file))));
    assert.equal(said.verdict, verdict, file);
    assert.equal(said.pages, pages, file);
  }
});

test("what is written down of qpdf is what it says", { skip: !has("qpdf") && "no qpdf" }, () => {
  for (const { file, exit, encrypted } of rows) {
    const path = join(folder, file);
    assert.equal(spawnSync("qpdf", ["--check", path]).status, exit, file);
    assert.equal(spawnSync("qpdf", ["--is-encrypted", path]).status === 0, encrypted, file);
  }
});

test("pdfinfo counts the same pages", { skip: !has("pdfinfo") && "no pdfinfo" }, () => {
  let compared = 0;
  for (const { file, pages } of rows.filter((row) => row.verdict === "ok")) {
    const words = spawnSync("pdfinfo", [join(folder, file)], { encoding: "utf8" }).stdout.match(/^Pages: +(\d+)/m);
    assert.equal(Number(words?.[1]), pages, file);
    compared++;
  }
  assert.ok(compared > 100);
});

test("each sound one has a picture of its first page", async () => {
  for (const { file, pages } of rows.filter((row) => row.verdict === "ok")) {
    const result = await ask([], readFileSync(join(folder, file)), { output: true, path: thumbnailer });
    const said = read(result);
    assert.equal(said.verdict, "ok", `${file}: ${result.line} ${result.signal}`);
    assert.equal(said.pages, pages, file);
    assert.ok(said.width >= 1 && said.height >= 1 && said.width <= 240 && said.height <= 240, `${file}: ${result.line}`);
    assert.equal(result.output.subarray(0, 3).toString("hex"), "ffd8ff", file);
  }
});
