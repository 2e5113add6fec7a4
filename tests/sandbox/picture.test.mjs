// What the checker makes of JPEGs: verdicts, face photos, small pictures, pages of a PDF.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ask, read, scratch, thumbnailer } from "./lib/checker.mjs";
import { jpeg, markers, pixels, withExif, withSegment } from "./lib/jpeg.mjs";
import { document } from "./lib/pdf.mjs";

const grey = () => [128, 128, 128];
// Quarters of four colours: red, green above; blue, white below.
const quarters = (w, h) => (x, y) => y < h / 2 ? (x < w / 2 ? [220, 30, 30] : [30, 200, 30]) : (x < w / 2 ? [30, 30, 220] : [240, 240, 240]);
const near = (a, b, by = 40) => a.every((v, i) => Math.abs(v - b[i]) <= by);
const jpegSays = async (bytes) => read(await ask(["jpeg"], bytes));
const photo = async (bytes, crop = [0, 0, 0, 0]) => { const result = await ask(["photo", ...crop.map(String)], bytes, { output: true }); return { ...read(result), output: result.output }; };
const noMetadata = (bytes) => assert.ok(markers(bytes).every((m) => m === 0xe0 || m < 0xe0), markers(bytes).map((m) => m.toString(16)).join(" "));

test("a sound one passes, with its size as a person sees it", async () => {
  const bytes = jpeg(320, 200, quarters(320, 200));
  assert.deepEqual(await jpegSays(bytes), { verdict: "ok", width: 320, height: 200, orientation: 1 });
  assert.deepEqual(await jpegSays(withExif(bytes, 6)), { verdict: "ok", width: 200, height: 320, orientation: 6 });
  for (const options of [["-progressive"], ["-grayscale"], ["-sample", "1x1"], ["-restart", "4"], ["-quality", "5"]])
    assert.equal((await jpegSays(jpeg(321, 201, quarters(321, 201), ...options))).verdict, "ok", options.join(" "));
  // An orientation that makes no sense is none.
  for (const orientation of [0, 9, 65535]) assert.equal((await jpegSays(withExif(bytes, orientation))).orientation, 1);
});

test("what is no JPEG, or no whole one", async () => {
  const bytes = jpeg(320, 200, (x, y) => [x ^ y, x & 255, y]);
  assert.equal((await jpegSays(Buffer.alloc(0))).verdict, "refused empty");
  assert.equal((await jpegSays(document(1))).verdict, "refused not_jpeg");
  assert.equal((await jpegSays(Buffer.from("\x89PNG\r\n\x1a\n", "latin1"))).verdict, "refused not_jpeg");
  for (const share of [0.3, 0.6, 0.95]) assert.equal((await jpegSays(bytes.subarray(0, Math.floor(bytes.length * share)))).verdict, "refused damaged");
  assert.equal((await jpegSays(bytes.subarray(0, 20))).verdict, "refused damaged");
  assert.equal((await jpegSays(jpeg(64, 64, grey, "-arithmetic"))).verdict, "refused not_jpeg");
});

test("pixels: at the limit, above it, and sizes that only the header claims", async () => {
  const claim = (w, h) => { const b = Buffer.from(jpeg(64, 64, grey)); const at = b.indexOf(Buffer.from([0xff, 0xc0])); b.writeUInt16BE(h, at + 5); b.writeUInt16BE(w, at + 7); return b; };
  for (const [w, h, verdict] of [[65500, 65500, "too_many_pixels"], [20001, 10, "too_many_pixels"], [10, 20001, "too_many_pixels"], [10000, 5001, "too_many_pixels"],
    [10000, 5000, "damaged"], [20000, 10, "damaged"]]) {
    const said = await jpegSays(claim(w, h));
    assert.equal(said.verdict, `refused ${verdict}`, `${w} × ${h}`);
    assert.deepEqual([said.width, said.height], [w, h]);
  }
});

test("a progressive one with endless scans ends", async () => {
  const bytes = jpeg(2000, 2000, grey, "-progressive");
  // The last scan again and again.
  const at = bytes.lastIndexOf(Buffer.from([0xff, 0xda])), scan = bytes.subarray(at, bytes.length - 2);
  assert.equal((await jpegSays(Buffer.concat([bytes.subarray(0, at), ...Array(300).fill(scan), bytes.subarray(-2)]))).verdict, "refused damaged");
});

test("colours of a printing press", async () => {
  const bytes = Buffer.from(jpeg(64, 64, grey, "-sample", "1x1"));
  // Adobe's marker is not needed: four components are enough.
  const at = bytes.indexOf(Buffer.from([0xff, 0xc0])), scan = bytes.indexOf(Buffer.from([0xff, 0xda]));
  const frame = Buffer.concat([Buffer.from([0xff, 0xc0, 0, 20]), bytes.subarray(at + 4, at + 9), Buffer.from([4]), bytes.subarray(at + 10, at + 19), Buffer.from([4, 0x11, 1])]);
  const start = Buffer.from([0xff, 0xda, 0, 14, 4, 1, 0, 2, 0x11, 3, 0x11, 4, 0x11, 0, 63, 0]);
  const cmyk = Buffer.concat([bytes.subarray(0, at), frame, bytes.subarray(at + 19, scan), start, bytes.subarray(scan + 14)]);
  assert.equal((await jpegSays(cmyk)).verdict, "refused cmyk");
});

test("a photo is turned for each way of holding a camera", async () => {
  // What a person sees is always the same; how it is stored differs. Rows: how to get from upright x, y of W × H to the stored place.
  const W = 600, H = 800, upright = quarters(W, H);
  const stored = {
    1: [W, H, (x, y) => [x, y]], 2: [W, H, (x, y) => [W - 1 - x, y]], 3: [W, H, (x, y) => [W - 1 - x, H - 1 - y]], 4: [W, H, (x, y) => [x, H - 1 - y]],
    5: [H, W, (x, y) => [y, x]], 6: [H, W, (x, y) => [W - 1 - y, x]], 7: [H, W, (x, y) => [W - 1 - y, H - 1 - x]], 8: [H, W, (x, y) => [y, H - 1 - x]],
  };
  for (const [orientation, [w, h, from]] of Object.entries(stored)) {
    const bytes = withExif(jpeg(w, h, (x, y) => upright(...from(x, y))), Number(orientation));
    const made = await photo(bytes);
    assert.equal(made.verdict, "ok", orientation);
    const seen = pixels(made.output);
    assert.deepEqual([seen.width, seen.height], [600, 800], orientation);
    for (const [x, y] of [[100, 100], [500, 100], [100, 700], [500, 700]])
      assert.ok(near(seen.at(x, y), upright(x, y)), `orientation ${orientation} at ${x}, ${y}: ${seen.at(x, y)}`);
    noMetadata(made.output);
    assert.equal(made.output.includes("GPS-PLACE"), false);
  }
});

test("the rectangle asked for is what is taken", async () => {
  const bytes = jpeg(2400, 1800, quarters(2400, 1800));
  const made = await photo(bytes, [1210, 0, 600, 800]); // in the green quarter
  assert.deepEqual([made.verdict, made.x, made.y, made.w, made.h, made.width, made.height, made.source_w, made.source_h], ["ok", 1210, 0, 600, 800, 600, 800, 2400, 1800]);
  const seen = pixels(made.output);
  for (const [x, y] of [[5, 5], [595, 5], [5, 795], [595, 795]]) assert.ok(near(seen.at(x, y), [30, 200, 30]), `${x}, ${y}: ${seen.at(x, y)}`);
  for (const crop of [[0, 0, 600, 900], [1900, 0, 600, 800], [0, 1100, 600, 800], [2400, 0, 300, 400], [0, 0, 600, 0]])
    assert.deepEqual(await ask(["photo", ...crop.map(String)], bytes).then(({ status, line }) => [status, line]), [64, ""], crop.join(" ")); // no verdict on the file
  assert.equal((await photo(bytes, [0, 0, 237, 316])).verdict, "refused too_small");
  assert.equal((await photo(bytes, [0, 0, 240, 320])).width, 240);
});

test("without a rectangle the middle is taken, and nothing is made larger", async () => {
  const wide = await photo(jpeg(1000, 400, grey));
  assert.deepEqual([wide.x, wide.y, wide.w, wide.h, wide.width, wide.height], [350, 0, 300, 400, 300, 400]);
  const high = await photo(jpeg(300, 1000, grey));
  assert.deepEqual([high.x, high.y, high.w, high.h], [0, 300, 300, 400]);
  assert.equal((await photo(jpeg(200, 900, grey))).verdict, "refused too_small");
  const large = await photo(jpeg(3000, 4000, quarters(3000, 4000)));
  assert.deepEqual([large.width, large.height], [600, 800]);
});

test("another program's eyes on what was made", async () => {
  const bytes = withSegment(withExif(jpeg(900, 1200, quarters(900, 1200), "-progressive"), 3), 0xfe, Buffer.from("a comment"));
  const { output } = await photo(bytes);
  const path = join(scratch, "made.jpg");
  writeFileSync(path, output);
  const tags = JSON.parse(execFileSync("exiftool", ["-json", "-G", path]))[0];
  assert.equal(tags["File:EncodingProcess"], "Baseline DCT, Huffman coding");
  for (const name of Object.keys(tags)) assert.doesNotMatch(name, /^(EXIF|XMP|ICC|IPTC|Photoshop)/);
  assert.equal(tags["File:Comment"], undefined);
});

// A head, as far as statistics see one: an ellipse on a plain background, with shoulders.
function person({ light = 200, head = [0.5, 0.4], size = 0.26, background = () => [225, 228, 232], detail = 1, soft = 0.001 } = {}) {
  const W = 600, H = 800;
  return jpeg(W, H, (x, y) => {
    const dx = (x / W - head[0]) / size, dy = (y / H - head[1]) / (size * 1.05);
    // How much of the person is here: 1 inside, falling over `soft` at the edge, as without focus.
    const fade = (distance) => Math.max(0, Math.min(1, distance / soft));
    const shoulders = Math.min(fade(y / H - head[1] - size), fade(0.45 - Math.abs(x / W - head[0])));
    const here = Math.max(fade(1 - Math.hypot(dx, dy)), shoulders), behind = background(x / W, y / H);
    const grain = detail * ((x * 7 + y * 13) % 23 < 8 ? 45 : -25) * (Math.floor(x / 4) + Math.floor(y / 4) & 1 ? 1 : -1);
    return [light, light * 0.8, light * 0.65].map((v, i) => Math.max(0, Math.min(255, (v + grain) * here + behind[i] * (1 - here))));
  }, "-quality", "92");
}

test("what the pixels tell of a photo", async () => {
  const good = await photo(person());
  assert.equal(good.verdict, "ok");
  assert.equal(good.head, 1);
  assert.ok(good.uneven < 70 && good.sharp > 30 && good.contrast > 60, JSON.stringify({ ...good, output: 0 }));
  assert.ok(good.top >= 80 && good.top <= 160, String(good.top));
  assert.ok(Math.abs(good.centre - 500) < 20, String(good.centre));
  assert.ok(good.wide > 420 && good.wide < 560, String(good.wide));
  const dark = await photo(person({ light: 45, detail: 0.3 }));
  assert.ok(dark.light < 250, String(dark.light));
  const blurred = await photo(person({ detail: 0, soft: 0.3 }));
  assert.ok(blurred.sharp < 30, String(blurred.sharp));
  const aside = await photo(person({ head: [0.3, 0.4] }));
  assert.ok(aside.centre < 420, String(aside.centre));
  const small = await photo(person({ size: 0.13 }));
  assert.ok(small.wide < 330, String(small.wide));
  const shadow = await photo(person({ background: (x) => (x < 0.5 ? [225, 225, 225] : [120, 120, 120]) }));
  assert.ok(shadow.uneven > 70, String(shadow.uneven));
  const nobody = await photo(jpeg(600, 800, () => [220, 220, 220]));
  assert.equal(nobody.head, 0);
});

test("small pictures keep their shape and are upright", async () => {
  const make = async (bytes) => { const result = await ask(["thumbnail"], bytes, { output: true }); return { ...read(result), output: result.output }; };
  const wide = await make(withExif(jpeg(1200, 900, quarters(1200, 900)), 3));
  assert.deepEqual([wide.verdict, wide.width, wide.height, wide.pages], ["ok", 240, 180, 1]);
  assert.ok(near(pixels(wide.output).at(20, 20), [240, 240, 240]));
  noMetadata(wide.output);
  const tiny = await make(jpeg(30, 7, grey));
  assert.deepEqual([tiny.width, tiny.height], [30, 7]);
  const thin = await make(jpeg(4000, 3, grey));
  assert.deepEqual([thin.width, thin.height], [240, 1]);
  assert.equal((await make(document(1))).verdict, "refused not_jpeg");
});

test("a clean copy of a whole picture: its longer side at the limit, below and above it", async () => {
  const SIDE = 2480;
  const make = async (bytes, ...words) => { const result = await ask(["picture", ...words], bytes, { output: true }); return { ...read(result), ...result }; };
  for (const [width, height, made] of [[SIDE - 1, 60, [SIDE - 1, 60]], [SIDE, 60, [SIDE, 60]], [SIDE + 1, 60, [SIDE, 60]], [60, SIDE + 1, [60, SIDE]], [2 * SIDE, 120, [SIDE, 60]]]) {
    const copy = await make(jpeg(width, height, quarters(width, height)), String(SIDE)), seen = pixels(copy.output);
    assert.deepEqual([copy.verdict, copy.width, copy.height, seen.width, seen.height], ["ok", ...made, ...made], `${width} × ${height}`);
    noMetadata(copy.output);
  }
  // What the counter may ask for.
  const small = jpeg(64, 48, grey);
  for (const side of ["1", String(SIDE - 1), String(SIDE)]) assert.equal((await make(small, side)).verdict, "ok", side);
  for (const words of [[String(SIDE + 1)], ["0"], ["-1"], ["99999999999999999999"], ["x"], [""], [], ["10", "10"]]) {
    const refused = await make(small, ...words);
    assert.deepEqual([refused.line, refused.status, refused.output.length], ["", 64, 0], words.join(" "));
  }
});

test("the picture of a PDF's first page is that page", async () => {
  const bytes = document(2, { content: Buffer.from("1 0 0 rg 0 421 595 421 re f 0 0 1 rg 0 0 595 421 re f") });
  const result = await ask([], bytes, { output: true, path: thumbnailer });
  assert.deepEqual(read(result), { verdict: "ok", width: 170, height: 240, pages: 2 });
  const seen = pixels(result.output);
  assert.ok(near(seen.at(85, 30), [255, 0, 0]) && near(seen.at(85, 210), [0, 0, 255]));
  // Text in a font that the file does not bring is drawn with one of the system's.
  const font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>", page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 3 0 R /Resources << /Font << /F 20 0 R >> >> >>";
  const text = await ask([], document(1, { content: Buffer.from("BT /F 150 Tf 20 40 Td (M) Tj ET"), more: { 10: page, 20: font } }), { output: true, path: thumbnailer });
  const drawn = pixels(text.output);
  let dark = 0;
  for (let y = 0; y < drawn.height; y++) for (let x = 0; x < drawn.width; x++) dark += drawn.at(x, y)[0] < 100;
  const { landlock } = read(await ask(["status"], bytes));
  if (landlock > 0) assert.ok(dark > 500, `${dark} dark pixels`);
  assert.equal(read(await ask([], Buffer.from("hello"), { output: true, path: thumbnailer })).verdict, "refused damaged");
});

test("pictures become the pages of one PDF", async () => {
  const upright = jpeg(600, 800, quarters(600, 800)), lying = withExif(jpeg(800, 600, quarters(800, 600)), 1);
  const turned = withExif(jpeg(800, 600, quarters(800, 600)), 6), large = withExif(jpeg(3600, 2700, quarters(3600, 2700)), 8);
  const plain = jpeg(500, 500, grey, "-grayscale");
  const result = await ask(["pages", "5"], [upright, lying, turned, large, plain], { output: true });
  assert.deepEqual(read(result), { verdict: "ok", pages: 5 });
  assert.deepEqual({ ...read(await ask(["pdf"], result.output)) }, { verdict: "ok", version: 14, pages: 5, active: 0 });
  const path = join(scratch, "pages.pdf");
  writeFileSync(path, result.output);
  execFileSync("qpdf", ["--check", path], { stdio: "ignore" });
  const sizes = [...execFileSync("pdfinfo", ["-f", "1", "-l", "5", path], { encoding: "utf8" }).matchAll(/Page +\d+ size: +([\d.]+) x ([\d.]+)/g)].map(([, w, h]) => Number(w) < Number(h) ? "upright" : "lying");
  assert.deepEqual(sizes, ["upright", "lying", "upright", "upright", "upright"]);
  assert.equal(result.output.includes("GPS-PLACE"), false);
  // What stands where. Margins of 10 mm are white; at 36 dpi a page is 298 × 421.
  const page = (n) => pixels(execFileSync("pdftoppm", ["-jpeg", "-r", "36", "-f", String(n), "-l", String(n), path], { maxBuffer: 1 << 26 }));
  const first = page(1), third = page(3), fourth = page(4);
  assert.ok(near(first.at(5, 200), [255, 255, 255]));
  assert.ok(near(first.at(60, 80), [220, 30, 30]) && near(first.at(240, 80), [30, 200, 30]));
  // Turned by a quarter to the right: what was below on the left is above on the left.
  assert.ok(near(third.at(60, 80), [30, 30, 220]) && near(third.at(240, 80), [220, 30, 30]), `${third.at(60, 80)}`);
  assert.ok(near(fourth.at(60, 80), [30, 200, 30]), `${fourth.at(60, 80)}`);
});

test("every way of holding a camera, on pages too", async () => {
  const stored = jpeg(400, 400, quarters(400, 400));
  const names = { r: [220, 30, 30], g: [30, 200, 30], b: [30, 30, 220], w: [240, 240, 240] };
  // Upright quarters, row by row, of a picture stored as r g / b w.
  const seen = { 1: "rgbw", 2: "grwb", 3: "wbgr", 4: "bwrg", 5: "rbgw", 6: "brwg", 7: "wgbr", 8: "gwrb" };
  for (const [orientation, want] of Object.entries(seen)) {
    const result = await ask(["pages", "1"], withExif(stored, Number(orientation)), { output: true });
    const path = join(scratch, "turned.pdf");
    writeFileSync(path, result.output);
    const page = pixels(execFileSync("pdftoppm", ["-jpeg", "-r", "36", path], { maxBuffer: 1 << 26 }));
    const mid = [page.width / 2, page.height / 2].map(Math.round);
    const got = [[-60, -60], [60, -60], [-60, 60], [60, 60]].map(([dx, dy]) => page.at(mid[0] + dx, mid[1] + dy));
    got.forEach((colour, i) => assert.ok(near(colour, names[want[i]]), `orientation ${orientation}, quarter ${i}: ${colour}`));
    const small = pixels((await ask(["thumbnail"], withExif(stored, Number(orientation)), { output: true })).output);
    [[60, 60], [180, 60], [60, 180], [180, 180]].forEach(([x, y], i) => assert.ok(near(small.at(x, y), names[want[i]]), `small, ${orientation}, ${i}`));
  }
});

test("one bad picture among pages is named", async () => {
  const good = jpeg(100, 100, grey);
  assert.deepEqual(read(await ask(["pages", "3"], [good, good, good.subarray(0, 300)], { output: true })), { verdict: "refused damaged", file: 2 });
  assert.deepEqual(read(await ask(["pages", "2"], [document(1), good], { output: true })), { verdict: "refused not_jpeg", file: 0 });
});

test("twenty pages, the most there can be", async () => {
  const good = jpeg(1000, 700, (x, y) => [x & 255, y & 255, (x * y) & 255]);
  assert.equal(read(await ask(["pages", "20"], Array(20).fill(good), { output: true })).pages, 20);
});
