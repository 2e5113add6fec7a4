// PDFs made to measure, well-formed unless a test wants otherwise.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { scratch } from "./checker.mjs";

const latin = (text) => Buffer.from(text, "latin1");

/** A stream object's text: dictionary entries and bytes. */
export const stream = (entries, bytes) => Buffer.concat([latin(`<< ${entries} /Length ${bytes.length} >>\nstream\n`), bytes, latin("\nendstream")]);

/** objects: { 1: "<< … >>" or a Buffer, … }; a table and a trailer are added. */
export function pdf(objects, { header = "%PDF-1.7\n", root = 1, trailer = "", size } = {}) {
  const parts = [Buffer.isBuffer(header) ? header : latin(header)], at = {};
  let n = parts[0].length;
  const add = (bytes) => { parts.push(bytes); n += bytes.length; };
  const ids = Object.keys(objects).map(Number).sort((a, b) => a - b);
  for (const id of ids) {
    at[id] = n;
    add(latin(`${id} 0 obj\n`));
    add(Buffer.isBuffer(objects[id]) ? objects[id] : latin(objects[id]));
    add(latin("\nendobj\n"));
  }
  const table = n, last = Math.max(...ids);
  let rows = "";
  for (let id = 1; id <= last; id++) rows += at[id] === undefined ? "0000000000 65535 f \n" : `${String(at[id]).padStart(10, "0")} 00000 n \n`;
  add(latin(`xref\n0 ${last + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${size ?? last + 1} /Root ${root} 0 R ${trailer} >>\nstartxref\n${table}\n%%EOF\n`));
  return Buffer.concat(parts);
}

/** A small document of n pages with one content stream. `more` are further objects from 10 + n on; `catalog` further entries. */
export function document(pages = 1, { more = {}, catalog = "", content = latin("0 0 m 100 100 l S"), filter = "", ...rest } = {}) {
  const objects = { 1: `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`, 3: stream(filter, content) };
  const kids = Array.from({ length: pages }, (_, i) => `${10 + i} 0 R`);
  objects[2] = `<< /Type /Pages /Count ${pages} /Kids [${kids.join(" ")}] >>`;
  for (let i = 0; i < pages; i++) objects[10 + i] = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R >>";
  return pdf({ ...objects, ...more }, rest);
}

/** Zeros, packed: about a thousandth of their number. */
export function zeros(bytes) {
  if (!packed.has(bytes)) packed.set(bytes, deflateSync(Buffer.alloc(bytes), { level: 9 }));
  return packed.get(bytes);
}
const packed = new Map();

/** Through qpdf with these arguments. */
export function qpdf(bytes, ...args) {
  const from = join(scratch, "qpdf-in.pdf"), to = join(scratch, "qpdf-out.pdf");
  writeFileSync(from, bytes);
  execFileSync("qpdf", [from, ...args, to], { stdio: "ignore" });
  return readFileSync(to);
}
