// Every header of src and sim compiles alone, with gcc and with clang, under the warnings of the build; its guard has the name of its path, and a comment
// that says what it is for comes before its first declaration.

import { execFileSync } from "node:child_process";
import test from "node:test";
import { build, files, has, none, read, runAll } from "./lib/tree.mjs";

const headers = files(/^(src|sim)\/.*\.h$/);
// How it is included, and what its guard is made of: src is left out.
const nameOf = (path) => path.replace(/^src\//, "");
const warnings = ["-Wall", "-Wextra", "-Werror", "-Wshadow", "-Wconversion", "-Wformat=2", "-Wstrict-prototypes", "-Wmissing-prototypes",
  "-Wvla", "-Wwrite-strings", "-Wundef", "-Wcast-qual"];
// Folders of libraries' headers, for those that do not stand directly in the compiler's path.
const outside = has("pkg-config")
  ? execFileSync("pkg-config", ["--cflags-only-I", "libpq", "sqlite3", "pangocairo", "libcurl", "yaml-0.1", "jansson", "libutf8proc", "libsodium",
    "openssl", "libpcsclite", "poppler-glib", "libqpdf", "libjpeg", "libseccomp"]).toString().trim().split(/\s+/).filter(Boolean).map((flag) => flag.replace(/^-I/, "-isystem"))
  : [];

for (const compiler of ["gcc", "clang"]) {
  test(`every header compiles alone with ${compiler}`, { skip: !build && "no build folder with generated headers (BUILD)" }, async () => {
    const flags = ["-std=gnu17", "-D_GNU_SOURCE", "-Isrc", "-I.", `-I${build}/src`, ...outside, "-include", "src/base/banned.h", ...warnings,
      "-fsyntax-only", "-x", "c", "-"];
    // Twice, so that the guard is tried too.
    const results = await runAll(headers.map((path) => {
      const line = `#include "${nameOf(path)}"\n`;
      return [compiler, flags, line + line];
    }));
    const faults = [];
    results.forEach(({ code, output }, i) => {
      if (code !== 0) faults.push(`${headers[i]}:\n${output.split("\n").slice(0, 6).map((line) => `      ${line}`).join("\n")}`);
    });
    none(faults);
  });
}

test("guards are named after the path", () => {
  const faults = [];
  for (const path of headers) {
    const guard = nameOf(path).replace(/[^A-Za-z0-9]/g, "_").toUpperCase();
    if (!read(path).startsWith(`#ifndef ${guard}\n#define ${guard}\n`)) faults.push(`${path}: begins not with the guard ${guard}`);
  }
  none(faults);
});

test("a comment says what the header is for before anything is declared", () => {
  const faults = [];
  for (const path of headers) {
    const rest = read(path).split("\n").slice(2).filter((line) => line.trim() && !/^\s*#\s*include\b/.test(line));
    if (!rest[0]?.startsWith("/*")) faults.push(`${path}: ${rest[0]}`);
  }
  none(faults);
});
