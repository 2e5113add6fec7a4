// Files as people have them: pictures drawn and packed by the browser itself, and PDFs with what is wrong with some.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { pdf } from "./fast.mjs";
import { temporaryFolder } from "./portal.mjs";

/** A drawn head before a plain wall as a JPEG of that size. `x`, `y`: where the middle of the face is, in shares; `size`: how high it is. */
export async function portrait(page, width, height, { x = 0.5, y = 0.42, size = 0.4, wall = "#dfe6ec" } = {}) {
  const url = await page.evaluate(({ width: w, height: h, x: fx, y: fy, size: s, wall: back }) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: w, height: h }), c = canvas.getContext("2d"), r = (h * s) / 2;
    const oval = (cx, cy, rx, ry, colour) => { c.fillStyle = colour; c.beginPath(); c.ellipse(cx, cy, rx, ry, 0, 0, 7); c.fill(); };
    c.fillStyle = back;
    c.fillRect(0, 0, w, h);
    oval(w * fx, h * fy + r * 2.6, r * 1.5, r * 1.5, "#34506e");
    oval(w * fx, h * fy - r * 0.15, r * 0.84, r * 1.05, "#33261f");
    oval(w * fx, h * fy + r * 0.1, r * 0.75, r * 0.95, "#d8ad8d");
    for (const side of [-1, 1]) oval(w * fx + side * r * 0.3, h * fy, r * 0.08, r * 0.06, "#201815");
    oval(w * fx, h * fy + r * 0.55, r * 0.25, r * 0.06, "#9c4a44");
    return canvas.toDataURL("image/jpeg", 0.9);
  }, { width, height, x, y, size, wall });
  return Buffer.from(url.split(",")[1], "base64");
}

/** A page of text, as a camera has it. */
export async function sheet(page, words, width = 1200, height = 1700) {
  const url = await page.evaluate(([text, w, h]) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: w, height: h }), c = canvas.getContext("2d");
    c.fillStyle = "#5b4a3c";
    c.fillRect(0, 0, w, h);
    c.fillStyle = "#f6f5f1";
    c.fillRect(w * 0.05, h * 0.04, w * 0.9, h * 0.92);
    c.fillStyle = "#222";
    c.font = `${Math.round(w / 14)}px sans-serif`;
    for (let i = 0; i < 9; i++) c.fillText(`${text} ${i + 1}`, w * 0.12, h * (0.16 + i * 0.08));
    return canvas.toDataURL("image/jpeg", 0.85);
  }, [words, width, height]);
  return Buffer.from(url.split(",")[1], "base64");
}

/** The place of the frame header in a JPEG. */
function frame(bytes) {
  for (let at = 2; at < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) if (bytes[at + 1] === 0xc0) return at;
  throw new Error("a JPEG without a frame");
}

/** It says that it has so many pixels. */
export function ofSize(jpeg, width, height) {
  const bytes = Buffer.from(jpeg), at = frame(bytes);
  bytes.writeUInt16BE(height, at + 5);
  bytes.writeUInt16BE(width, at + 7);
  return bytes;
}

/** It says that it has four colours. */
export function ofFourColours(jpeg) {
  const at = frame(jpeg), length = jpeg.readUInt16BE(at + 2), head = Buffer.from(jpeg.subarray(at, at + 2 + length));
  head.writeUInt16BE(length + 3, 2);
  head[9] = 4;
  return Buffer.concat([jpeg.subarray(0, at), head, Buffer.from([4, 0x11, 0]), jpeg.subarray(at + 2 + length)]);
}

function qpdf(bytes, ...options) {
  const folder = temporaryFolder("papers"), from = join(folder, "from.pdf"), to = join(folder, "to.pdf");
  writeFileSync(from, bytes);
  execFileSync("qpdf", ["--warning-exit-0", from, ...options, to], { stdio: ["ignore", "ignore", "ignore"] });
  return readFileSync(to);
}

/** With objects of its own. */
function pdfOf(objects, trailer = "") {
  const parts = [Buffer.from("%PDF-1.7\n")], at = [];
  let length = parts[0].length;
  const add = (bytes) => { parts.push(bytes); length += bytes.length; };
  objects.forEach((object, i) => {
    at.push(length);
    add(Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`), Buffer.isBuffer(object) ? object : Buffer.from(object), Buffer.from("\nendobj\n")]));
  });
  const table = at.map((n) => `${String(n).padStart(10, "0")} 00000 n \n`).join("");
  const xref = length;
  add(Buffer.from(`xref\n0 ${at.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${at.length + 1} /Root 1 0 R ${trailer}>>\nstartxref\n${xref}\n%%EOF\n`));
  return Buffer.concat(parts);
}

const page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>";
const onePage = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page];

function bomb() {
  const packed = deflateSync(Buffer.alloc(130 << 20), { level: 1 });
  return pdfOf([...onePage, Buffer.concat([Buffer.from(`<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n`), packed, Buffer.from("\nendstream")])]);
}

/** Each reason for which a document is refused, with a file for it. */
export function badDocuments(picture) {
  const good = pdf("secret"), many = Array.from({ length: 1001 }, (_, i) => `${i + 3} 0 R`).join(" ");
  return {
    not_pdf: { name: "words.pdf", buffer: Buffer.from("no PDF at all\n") },
    is_picture: { name: "passport.jpg", buffer: picture },
    is_office: { name: "letter.docx", buffer: Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), Buffer.alloc(26), Buffer.from("[Content_Types].xml word/document.xml")]) },
    is_html: { name: "page.pdf", buffer: Buffer.from("<!DOCTYPE html><title>x</title>") },
    empty: { name: "nothing.pdf", buffer: Buffer.alloc(0) },
    damaged: { name: "half.pdf", buffer: pdf("half", 40000).subarray(0, 20000) },
    password_open: { name: "locked.pdf", buffer: qpdf(good, "--encrypt", "open", "own", "256", "--") },
    no_printing: { name: "no printing.pdf", buffer: qpdf(good, "--encrypt", "", "own", "256", "--print=none", "--") },
    no_copying: { name: "no copying.pdf", buffer: qpdf(good, "--encrypt", "", "own", "256", "--extract=n", "--") },
    other_restriction: { name: "sealed.pdf", buffer: qpdf(good, "--encrypt", "", "own", "256", "--") },
    certificate_security: {
      name: "certificate.pdf",
      buffer: pdfOf([...onePage, "<< /Filter /Adobe.PubSec /SubFilter /adbe.pkcs7.s4 /V 2 /R 3 /Length 128 /Recipients [<00>] >>"], "/Encrypt 4 0 R /ID [<00><00>] "),
    },
    not_iso32000: { name: "future.pdf", buffer: Buffer.from(good.toString("latin1").replace("%PDF-1.4", "%PDF-1.9"), "latin1") },
    too_many_pages: { name: "book.pdf", buffer: pdfOf(["<< /Type /Catalog /Pages 2 0 R >>", `<< /Type /Pages /Kids [${many}] /Count 1001 >>`, ...Array(1001).fill(page)]) },
    too_big_decompressed: { name: "bomb.pdf", buffer: bomb() },
  };
}

/** The same for a facial photo. */
export function badPhotos(picture, small) {
  return {
    not_jpeg: { name: "words.jpg", buffer: Buffer.from("no picture\n") },
    photo_is_pdf: { name: "scan.jpg", buffer: pdf("face") },
    photo_is_other: { name: "face.png", buffer: Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1") },
    photo_is_heic: { name: "IMG_0001.HEIC", buffer: Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1") },
    empty: { name: "nothing.jpg", buffer: Buffer.alloc(0) },
    damaged: { name: "half.jpg", buffer: picture.subarray(0, picture.length / 2) },
    too_small: { name: "stamp.jpg", buffer: small },
    too_many_pixels: { name: "poster.jpg", buffer: ofSize(picture, 20000, 20000) },
    cmyk: { name: "print.jpg", buffer: ofFourColours(picture) },
  };
}
