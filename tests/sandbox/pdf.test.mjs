// What the checker says of PDFs: each reason at least once, and what must pass.

import assert from "node:assert/strict";
import { test } from "node:test";
import { constants, deflateRawSync, deflateSync } from "node:zlib";
import { ask, program, read } from "./lib/checker.mjs";
import { document, lzw, pdf, qpdf, qpdfCheck, stream, zeros } from "./lib/pdf.mjs";

// In a build with sanitizers there is no limit of memory.
const { memory } = read(await ask(["status"], document(1)));
const limitless = memory === 0 && "no limit of memory in this build";
const verdict = async (bytes) => read(await ask(["pdf"], bytes));
const says = async (bytes, expected) => assert.equal((await verdict(bytes)).verdict, expected);

test("a sound one passes, with its version and pages", async () => {
  assert.deepEqual(await verdict(document(1)), { verdict: "ok", version: 17, pages: 1, active: 0 });
  assert.deepEqual(await verdict(document(7, { header: "%PDF-1.4\n" })), { verdict: "ok", version: 14, pages: 7, active: 0 });
  assert.deepEqual(await verdict(document(1, { header: "%PDF-2.0\n" })), { verdict: "ok", version: 20, pages: 1, active: 0 });
  assert.equal((await verdict(document(1, { header: "%PDF-1.3\n", catalog: "/Version /1.6" }))).version, 16);
  await says(document(1, { catalog: "/Version /1.8" }), "refused not_iso32000");
  for (const args of [["--linearize"], ["--object-streams=generate"], ["--qdf"], ["--object-streams=disable", "--compress-streams=n"]])
    await says(qpdf(document(3), ...args), "ok");
});

test("what is no PDF", async () => {
  await says(Buffer.from("hello"), "refused not_pdf");
  await says(Buffer.from("PK\x03\x04"), "refused not_pdf");
  await says(Buffer.alloc(0), "refused empty");
  await says(Buffer.from("%PDF"), "refused not_pdf");
  await says(Buffer.concat([Buffer.alloc(1024, " "), document(1)]), "refused not_pdf");
});

test("what the standard does not know", async () => {
  // Header not at the first byte: so a file cannot be a page or a program of another kind at the same time.
  await says(Buffer.concat([Buffer.from("<html>"), document(1)]), "refused not_iso32000");
  await says(Buffer.concat([Buffer.from("\n"), document(1)]), "refused not_iso32000");
  for (const header of ["%PDF-1.8\n", "%PDF-2.1\n", "%PDF-3.0\n", "%PDF-0.9\n", "%PDF-1.10\n", "%PDF-x.y\n", "%PDF-\n"])
    await says(document(1, { header }), "refused not_iso32000");
  // A form that only one program can draw.
  await says(document(1, { catalog: "/NeedsRendering true /AcroForm << /XFA 3 0 R /Fields [] >>" }), "refused not_iso32000");
  await says(document(1, { catalog: "/AcroForm << /XFA 3 0 R /Fields [] >>" }), "ok");
});

test("what is locked", async () => {
  const plain = document(2), locked = (...args) => qpdf(plain, "--encrypt", ...args, "--");
  for (const bits of ["40", "128", "256"]) {
    const weak = bits === "256" ? [] : ["--allow-weak-crypto"];
    await says(qpdf(plain, ...weak, "--encrypt", "secret", "owner", bits, "--"), "refused password_open");
    // Without a password to open it, and all allowed: still encrypted, which the manual refuses.
    await says(qpdf(plain, ...weak, "--encrypt", "", "owner", bits, "--"), "refused other_restriction");
  }
  await says(locked("", "owner", "256", "--print=none"), "refused no_printing");
  await says(locked("", "owner", "256", "--print=low"), "refused no_printing");
  await says(locked("", "owner", "256", "--extract=n"), "refused no_copying");
  await says(locked("", "owner", "256", "--modify=none"), "refused other_restriction");
  await says(locked("", "owner", "256", "--print=none", "--extract=n"), "refused no_printing");
  const handler = (name) => document(1, { more: { 20: `<< /Filter /${name} /V 4 >>` }, trailer: "/Encrypt 20 0 R /ID [<00> <00>]" });
  await says(handler("Adobe.PubSec"), "refused certificate_security");
  await says(handler("Adobe.APS"), "refused certificate_security");
  await says(handler("EBX_HANDLER"), "refused other_restriction");
});

test("what is damaged", async () => {
  const good = document(3);
  for (const share of [0.2, 0.5, 0.9]) await says(good.subarray(0, Math.floor(good.length * share)), "refused damaged");
  const moved = Buffer.from(good.toString("latin1").replace(/startxref\n\d+/, "startxref\n7"), "latin1");
  await says(moved, "refused damaged");
  await says(document(1, { filter: "/Filter /FlateDecode", content: Buffer.from("this is not packed at all") }), "refused damaged");
  await says(pdf({ 1: "<< /Type /Catalog >>" }), "refused damaged");
  await says(pdf({ 1: "<< /Type /Catalog /Pages 2 0 R >>", 2: "<< /Type /Pages /Count 1 /Kids [2 0 R] >>" }), "refused damaged");
});

test("nothing in it", async () => {
  await says(pdf({ 1: "<< /Type /Catalog /Pages 2 0 R >>", 2: "<< /Type /Pages /Count 0 /Kids [] >>" }), "refused empty");
});

test("pages: at the limit, above it, and bombs", async () => {
  assert.equal((await verdict(document(1000))).pages, 1000);
  assert.deepEqual(await verdict(document(1001)), { verdict: "refused too_many_pages", pages: 1001 });
  // The tree lies: few pages said, many there.
  const lying = document(1001).toString("latin1").replace("/Count 1001", "/Count 1   ");
  await says(Buffer.from(lying, "latin1"), "refused too_many_pages");
  // Ten levels of ten: each names the next one ten times.
  const levels = { 1: "<< /Type /Catalog /Pages 2 0 R >>" };
  for (let i = 2; i < 12; i++) levels[i] = `<< /Type /Pages /Count 1 /Kids [${`${i + 1} 0 R `.repeat(10)}] >>`;
  levels[12] = "<< /Type /Page /Parent 11 0 R /MediaBox [0 0 9 9] >>";
  const { line, signal } = await ask(["pdf"], pdf(levels));
  assert.ok(line.startsWith("refused") || signal === "SIGXCPU", `${line} ${signal}`);
});

test("streams: at the limit, above it, and bombs", async () => {
  const packed = (bytes, filter = "/Filter /FlateDecode") => document(1, { more: { 20: stream(filter, bytes) } });
  await says(packed(zeros(128 << 20)), "ok");
  await says(packed(zeros((128 << 20) + 1)), "refused too_big_decompressed");
  // One in the other.
  const nested = deflateSync(zeros(127 << 20), { level: 9 }), twice = "/Filter [/FlateDecode /FlateDecode]";
  await says(packed(nested, twice), "ok");
  await says(packed(deflateSync(zeros(129 << 20), { level: 9 }), twice), "refused too_big_decompressed");
  // 10 GB: a block of 1 MB that stands by itself, again and again; then packed twice more, to a few hundred bytes.
  const block = deflateRawSync(Buffer.alloc(1 << 20), { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  const ten = Buffer.concat([Buffer.from([0x78, 0x9c]), ...Array(10240).fill(block), Buffer.from([3, 0, 0, 0, 0, 0])]);
  await says(packed(ten), "refused too_big_decompressed");
  const twicePacked = deflateSync(deflateSync(ten, { level: 9 }), { level: 9 });
  assert.ok(twicePacked.length < 20000, String(twicePacked.length));
  await says(packed(twicePacked, "/Filter [/FlateDecode /FlateDecode /FlateDecode]"), "refused too_big_decompressed");
  // Many of them: together too much.
  const many = (count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [20 + i, stream("/Filter /FlateDecode", zeros(60 << 20))]));
  await says(document(1, { more: many(8) }), "ok");
  await says(document(1, { more: many(9) }), "refused too_big_decompressed");
  // More filters than there is sense in.
  await says(packed(zeros(10), `/Filter [${"/FlateDecode ".repeat(5)}]`), "refused too_big_decompressed");
  // Run lengths: 2 bytes give 128.
  const runs = Buffer.concat([Buffer.alloc(2 * (1 << 20) + 2, Buffer.from([129, 65])), Buffer.from([128])]);
  await says(packed(runs, "/Filter /RunLengthDecode"), "refused too_big_decompressed");
  await says(packed(runs.subarray(0, 2 * 1000), "/Filter /RunLengthDecode"), "ok");
});

// Long enough for codes of every width, and for a table that is cleared.
const drawing = Buffer.from(Array.from({ length: 4000 }, (_, i) => `${(i * 7919) % 595} ${(i * 104729) % 842} m ${i % 500} ${(i * 31) % 800} l S\n`).join(""), "latin1");

test("LZW, with codes that grow early and late, wherever that is said", async () => {
  const page = (filter, content) => document(1, { filter, content });
  const early = lzw(drawing), late = lzw(drawing, { late: true }), hex = (bytes) => Buffer.from(`${bytes.toString("hex")}>`);
  const plain = "/Filter /LZWDecode", said = (number) => `/DecodeParms << /EarlyChange ${number} >>`;
  for (const [filter, content] of [
    [plain, early], [`${plain} ${said(1)}`, early], [`${plain} ${said(0)}`, late], [`/Filter [/LZWDecode] /DecodeParms [<< /EarlyChange 0 >>]`, late],
    [`/Filter [/LZWDecode] ${said(0)}`, late], [`/Filter [/ASCIIHexDecode /LZWDecode] /DecodeParms [null << /EarlyChange 0 >>]`, hex(late)],
    [`/Filter [/ASCIIHexDecode /LZWDecode] /DecodeParms [null null]`, hex(early)], [`/Filter [/ASCIIHexDecode /LZWDecode]`, hex(early)],
    [`/Filter [/LZWDecode /LZWDecode] /DecodeParms [<< /EarlyChange 0 >> << /EarlyChange 1 >>]`, lzw(early, { late: true })],
    [`/Filter [/LZWDecode /LZWDecode] /DecodeParms [<< /EarlyChange 1 >> << /EarlyChange 0 >>]`, lzw(late)],
  ]) {
    assert.equal(qpdfCheck(page(filter, content)), 0, filter);
    assert.equal((await verdict(page(filter, content))).verdict, "ok", filter);
  }
  // What says one and is the other is damaged.
  await says(page(plain, late), "refused damaged");
  await says(page(`${plain} ${said(0)}`, early), "refused damaged");
  // In an object of its own.
  await says(document(1, { filter: `${plain} /DecodeParms 20 0 R`, content: late, more: { 20: "<< /EarlyChange 21 0 R >>", 21: "0" } }), "ok");
  // An empty or shorter list says nothing about the others.
  await says(page("/Filter [/ASCIIHexDecode /LZWDecode] /DecodeParms []", hex(early)), "ok");
  await says(page("/Filter [/ASCIIHexDecode /LZWDecode] /DecodeParms [null]", hex(early)), "ok");
});

test("bombs in what qpdf itself unpacks: tables and streams of objects", { skip: limitless }, async () => {
  const bomb = stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", zeros(300 << 20));
  assert.match((await verdict(document(1, { more: { 20: bomb } }))).verdict, /^refused (too_big_decompressed|memory)$/);
  // A table that is a stream of 300 MB: qpdf unpacks it to find anything at all.
  const head = Buffer.from("%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n");
  const table = stream("/Type /XRef /W [1 4 2] /Size 10 /Root 1 0 R /Filter /FlateDecode", zeros(300 << 20));
  const bytes = Buffer.concat([head, Buffer.from("5 0 obj\n"), table, Buffer.from(`\nendobj\nstartxref\n${head.length}\n%%EOF\n`)]);
  await says(bytes, "refused memory");
});

test("a number of objects that is not there", async () => {
  await says(document(1, { size: 500000 }), "ok");
  await says(document(1, { size: 500001 }), "refused too_big_decompressed");
  await says(document(1, { size: 12 }), "ok");
  await says(document(1, { size: 11 }), "ok");
  // Too few: what stands behind them would be looked at by no one.
  for (const size of [10, 4, 1, 0, -1]) await says(document(1, { size }), "refused damaged");
  const bomb = stream("/Filter /FlateDecode", zeros((128 << 20) + 1)), broken = stream("/Filter /FlateDecode", Buffer.from("this is not packed at all"));
  for (const [more, whole] of [[bomb, "refused too_big_decompressed"], [broken, "refused damaged"]]) {
    await says(document(1, { more: { 20: more } }), whole);
    await says(document(1, { more: { 20: more }, size: 20 }), "refused damaged");
    await says(document(1, { more: { 20: more }, size: 12 }), "refused damaged");
  }
});

test("so many objects that there is no room for them", { skip: limitless }, async () => {
  const more = Object.fromEntries(Array.from({ length: 300000 }, (_, i) => [20 + i, `<< /A ${i} /B [1 2 3] >>`]));
  await says(document(1, { more }), "refused memory");
});

test("what acts by itself is told", async () => {
  const active = async (catalog, more) => (await verdict(document(1, { catalog, more }))).active;
  assert.equal(await active("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), 1);
  assert.equal(await active("/OpenAction << /S /Launch /F (cmd.exe) >>"), 1);
  assert.equal(await active("/OpenAction << /S /#4aavaScript /JS (1) >>"), 1);
  assert.equal(await active("", { 20: stream("/Type /EmbeddedFile", Buffer.from("x")) }), 1);
  assert.equal(await active("/OpenAction << /S /GoTo /D [10 0 R /Fit] >>"), 0);
});

test("the file is too large to look at", async () => {
  const large = Buffer.alloc((25 << 20) + 1);
  document(1).copy(large);
  await says(large, "refused too_big_decompressed");
});

test("the command line", async () => {
  assert.match((await ask(["status"], document(1))).line, /^ok landlock=\d+ seccomp=1 memory=(268435456|0)$/);
  for (const words of [[], ["nothing"], ["pdf", "more"], ["photo", "1", "2"], ["pages"], ["pages", "0"], ["pages", "21"], ["pages", "x"]])
    assert.equal((await ask(words, document(1))).status, 64, `${program} ${words.join(" ")}`);
});
