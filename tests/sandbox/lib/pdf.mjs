// PDFs made to measure, well-formed unless a test wants otherwise.

import { execFileSync, spawnSync } from "node:child_process";
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
  const table = n, last = ids.at(-1);
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

/** Packed by LZW; late: codes become wider when they must, and not one code before (/EarlyChange 0). */
export function lzw(bytes, { late = false } = {}) {
  const out = [];
  let held = 0, bits = 0, width = 9, codes = new Map(), next = 258;
  const put = (code) => {
    held = (held << width) | code;
    for (bits += width; bits >= 8; bits -= 8) out.push((held >> (bits - 8)) & 255);
    held &= (1 << bits) - 1;
  };
  put(256);
  let text = "";
  for (const byte of bytes) {
    const longer = text + String.fromCharCode(byte);
    if (longer.length === 1 || codes.has(longer)) { text = longer; continue; }
    put(codes.get(text) ?? text.charCodeAt(0));
    codes.set(longer, next++);
    if (next >= (1 << width) + (late ? 1 : 0) && width < 12) width++;
    if (next === 4094) { put(256); codes = new Map(); width = 9; next = 258; }
    text = String.fromCharCode(byte);
  }
  if (text) {
    put(codes.get(text) ?? text.charCodeAt(0));
    next++;
    if (next >= (1 << width) + (late ? 1 : 0) && width < 12) width++;
  }
  put(257);
  if (bits > 0) out.push((held << (8 - bits)) & 255);
  return Buffer.from(out);
}

/** What `qpdf --check` makes of it: 0 sound, 2 damaged, 3 warnings. */
export function qpdfCheck(bytes) {
  const from = join(scratch, "qpdf-check.pdf");
  writeFileSync(from, bytes);
  return spawnSync("qpdf", ["--check", from]).status;
}

/** Through qpdf with these arguments. */
export function qpdf(bytes, ...args) {
  const from = join(scratch, "qpdf-in.pdf"), to = join(scratch, "qpdf-out.pdf");
  writeFileSync(from, bytes);
  execFileSync("qpdf", [from, ...args, to], { stdio: "ignore" });
  return readFileSync(to);
}
