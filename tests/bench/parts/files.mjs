// Files that people send, one after the other, without a server: what bench_raw_files prints. The files are made here: a PDF of 1 MB with 250
// pages of text, and a photo of 12 million pixels.

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { jpeg } from "../../sandbox/lib/jpeg.mjs";
import { pdf, stream } from "../../sandbox/lib/pdf.mjs";
import { Table } from "../lib/table.mjs";

const PAGES = 250;

/** Numbers that do not repeat soon, so that packing gains as much as with real text. */
function* digits() { for (let state = 1; ; state = (state * 48271) % 2147483647) yield String(state).padStart(10, "0"); }

function letter() {
  const number = digits(), objects = { 1: "<< /Type /Catalog /Pages 2 0 R >>", 3: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>" };
  const kids = Array.from({ length: PAGES }, (_, i) => `${10 + 2 * i} 0 R`);
  objects[2] = `<< /Type /Pages /Count ${PAGES} /Kids [${kids.join(" ")}] >>`;
  for (let i = 0; i < PAGES; i++) {
    const lines = Array.from({ length: 80 }, () => `(${Array.from({ length: 10 }, () => number.next().value).join(" ")}) Tj T*`);
    objects[10 + 2 * i] = `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${11 + 2 * i} 0 R /Resources << /Font << /F 3 0 R >> >> >>`;
    objects[11 + 2 * i] = stream("/Filter /FlateDecode", deflateSync(Buffer.from(`BT /F 8 Tf 9 TL 40 800 Td ${lines.join("\n")} ET`)));
  }
  return pdf(objects);
}

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

export function files(stage) {
  const folder = stage.path("files"), table = new Table("Files, one after the other", "Without a server and its queue; each check is a process of its own.");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "letter.pdf"), letter());
  writeFileSync(join(folder, "photo.jpg"), jpeg(4000, 3000, (x, y) => [(x >> 3) ^ (y >> 2) & 255, (x * y >> 9) & 255, (x + y) >> 4 & 255], "-quality", "85"));
  const words = execFileSync("taskset", ["-c", String(stage.serving), stage.tool("raw_files"), join(stage.build, "src/check/madoguchi-check"),
    folder, join(folder, "letter.pdf"), join(folder, "photo.jpg"), String(stage.quick ? 30 : 200)], { encoding: "utf8" });
  for (const [, what, median, p99] of words.matchAll(/^(\w+) median=(\d+) p99=(\d+)$/gm)) {
    table.add(names[what][0], "ms", Number(median));
    table.add("– p99", "ms", Number(p99), { budget: budgets[what] });
  }
  return table;
}
