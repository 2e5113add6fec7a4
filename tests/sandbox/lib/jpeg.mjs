// JPEGs made to measure by libjpeg-turbo's cjpeg, and read back by its djpeg: other programs than the one that is tested.

import { execFileSync } from "node:child_process";

/** pixel(x, y) → [r, g, b]; options as cjpeg has them. */
export function jpeg(width, height, pixel, ...options) {
  const bytes = Buffer.alloc(width * height * 3);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i += 3) [bytes[i], bytes[i + 1], bytes[i + 2]] = pixel(x, y);
  return execFileSync("cjpeg", options, { input: Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), bytes]), maxBuffer: 1 << 28 });
}

/** { width, height, at(x, y) } */
export function pixels(bytes) {
  const ppm = execFileSync("djpeg", ["-pnm"], { input: bytes, maxBuffer: 1 << 28 });
  const [head, kind, width, height] = ppm.toString("latin1", 0, 60).match(/^(P[56])\s+(\d+)\s+(\d+)\s+255\s/);
  const depth = kind === "P6" ? 3 : 1;
  return {
    width: Number(width), height: Number(height),
    at: (x, y) => { const i = head.length + (y * Number(width) + x) * depth; return depth === 3 ? [...ppm.subarray(i, i + 3)] : Array(3).fill(ppm[i]); },
  };
}

const u16 = (n) => Buffer.from([n >> 8, n & 255]);
const u32 = (n) => { const b = Buffer.alloc(4); b.writeUInt32BE(n); return b; };
/** A segment behind SOI. */
export const withSegment = (bytes, marker, content) => Buffer.concat([bytes.subarray(0, 2), Buffer.from([0xff, marker]), u16(content.length + 2), content, bytes.subarray(2)]);

/** EXIF with an orientation, and a place that must not come through. */
export function withExif(bytes, orientation, { place = "GPS-PLACE-35.68N" } = {}) {
  const entry = (tag, type, count, value) => Buffer.concat([u16(tag), u16(type), u32(count), value]);
  const text = Buffer.from(`${place}\0`);
  const ifd = Buffer.concat([u16(2), entry(0x010e, 2, text.length, u32(38)), entry(0x0112, 3, 1, Buffer.concat([u16(orientation), u16(0)])), u32(0)]);
  return withSegment(bytes, 0xe1, Buffer.concat([Buffer.from("Exif\0\0MM\0*"), u32(8), ifd, text]));
}

/** The markers up to the first scan, as numbers. */
export function markers(bytes) {
  const found = [];
  for (let at = 2; at < bytes.length && bytes[at] === 0xff; at += 2 + bytes.readUInt16BE(at + 2)) {
    found.push(bytes[at + 1]);
    if (bytes[at + 1] === 0xda) break;
  }
  return found;
}
