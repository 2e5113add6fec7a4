// Files as people attach them, made on the spot: letters (text), scans (a picture a page), photos.

import { deflateSync } from "node:zlib";
import { jpeg } from "../../sandbox/lib/jpeg.mjs";
import { pdf, stream } from "../../sandbox/lib/pdf.mjs";

const HEADER = "%PDF-1.7\n%0000000000\n", STAMP = 10;

/** Numbers that do not repeat soon, so that packing gains as much as with real text. */
function* digits() { for (let state = 1; ; state = (state * 48271) % 2147483647) yield String(state).padStart(10, "0"); }

/** Pages of text; 250 are 1 MB. */
export function letter(pages) {
  const number = digits(), objects = { 1: "<< /Type /Catalog /Pages 2 0 R >>", 3: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>" };
  const kids = Array.from({ length: pages }, (_, i) => `${10 + 2 * i} 0 R`);
  objects[2] = `<< /Type /Pages /Count ${pages} /Kids [${kids.join(" ")}] >>`;
  for (let i = 0; i < pages; i++) {
    const lines = Array.from({ length: 80 }, () => `(${Array.from({ length: 10 }, () => number.next().value).join(" ")}) Tj T*`);
    objects[10 + 2 * i] = `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${11 + 2 * i} 0 R /Resources << /Font << /F 3 0 R >> >> >>`;
    objects[11 + 2 * i] = stream("/Filter /FlateDecode", deflateSync(Buffer.from(`BT /F 8 Tf 9 TL 40 800 Td ${lines.join("\n")} ET`)));
  }
  return pdf(objects, { header: HEADER });
}

/** Photo of 12 million pixels. */
export const photo = () => jpeg(4000, 3000, (x, y) => [(x >> 3) ^ (y >> 2) & 255, (x * y >> 9) & 255, (x + y) >> 4 & 255], "-quality", "85");

const WIDTH = 1240, HEIGHT = 1754; // A4 at 150 dpi
let paper; // one page of paper with its grain

/** As many scanned pages as fit in so many bytes. */
export function scan(most) {
  paper ??= jpeg(WIDTH, HEIGHT, (x, y) => Array(3).fill(200 + (Math.imul(x * 7919 + y, 48271) >>> 16) % 50), "-quality", "80");
  const pages = Math.floor((most - 1000) / (paper.length + 600)), draw = Buffer.from("595 0 0 842 0 0 cm /I Do");
  const objects = { 1: "<< /Type /Catalog /Pages 2 0 R >>", 3: stream("", draw) };
  objects[2] = `<< /Type /Pages /Count ${pages} /Kids [${Array.from({ length: pages }, (_, i) => `${10 + 2 * i} 0 R`).join(" ")}] >>`;
  for (let i = 0; i < pages; i++) {
    objects[10 + 2 * i] = `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R /Resources << /XObject << /I ${11 + 2 * i} 0 R >> >> >>`;
    objects[11 + 2 * i] = stream(`/Type /XObject /Subtype /Image /Width ${WIDTH} /Height ${HEIGHT} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode`, paper);
  }
  return pdf(objects, { header: HEADER });
}

/** The same PDF as another file: the counter keeps, and refuses, the same bytes but once. */
export function stamped(bytes, number) {
  const other = Buffer.from(bytes);
  other.write(String(number).padStart(10, "0"), STAMP, "latin1");
  return other;
}
