// Files that people send, one after the other, without a server: what bench_raw_files prints. A PDF of 1 MB with 250 pages of text,
// and a photo of 12 million pixels.

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { letter, photo } from "../lib/papers.mjs";
import { Table } from "../lib/table.mjs";

const PAGES = 250;

const names = {
  start: ["start a checker, confine it, end it"],
  pdf: ["verdict of a PDF, 1 MB, 250 pages of text"],
  jpeg: ["verdict of a JPEG, 4000 × 3000"],
  photo: ["face photo of it"],
  thumbnail: ["picture of the PDF's first page"],
  pages: ["PDF of the picture"],
  put: ["keep the PDF: seal, fsync, rename, fsync"],
  get: ["read it, checked before a byte is given"],
};
const budgets = { pdf: { text: "≤ 2 s", most: 2e6 } };

/** The table, and `pdf`: the verdict of the PDF alone, in µs. */
export function files(stage) {
  const folder = stage.path("files"), table = new Table("Files, one after the other", "Without a server and its queue; each check is a process of its own.");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "letter.pdf"), letter(PAGES));
  writeFileSync(join(folder, "photo.jpg"), photo());
  let pdf;
  const words = execFileSync("taskset", ["-c", String(stage.serving), stage.tool("raw_files"), join(stage.build, "src/check/madoguchi-check"),
    folder, join(folder, "letter.pdf"), join(folder, "photo.jpg"), String(stage.quick ? 20 : 50)], { encoding: "utf8" });
  for (const [, what, median, p99] of words.matchAll(/^(\w+) median=(\d+) p99=(\d+)$/gm)) {
    if (what === "pdf") pdf = { median: Number(median), p99: Number(p99) };
    table.add(names[what][0], "ms", Number(median));
    table.add("– p99", "ms", Number(p99), { budget: budgets[what] });
  }
  return { table, pdf };
}
