// src/LAYERS against every #include of src and sim: includes point downwards, an outside library is included in one folder of src only
// (programs of sim and the checkers may use it once more), and no file includes itself by a detour. docs/architecture.md has the picture.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { build, codeOf, files, lineOf, none, read, root } from "./lib/tree.mjs";

const libraries = {
  openssl: /^openssl\//, sodium: /^sodium(\.h|\/)/, utf8proc: /^utf8proc\.h/, sqlite3: /^sqlite3/, "libpq-fe": /^(libpq|postgres)/,
  cairo: /^cairo/, pango: /^pango/, qrencode: /^qrencode\.h/, yaml: /^yaml\.h/, jansson: /^jansson/, curl: /^curl\//, zlib: /^z(lib|conf)\.h/,
  seccomp: /^seccomp\.h/, poppler: /^poppler/, qpdf: /^qpdf\//, jpeg: /^j(peglib|error)\.h/, winscard: /^winscard\.h/,
};
// What comes with the C library, the kernel and the compilers.
const system = new RegExp("^(" + [
  "(sys|netinet|net|arpa|linux|asm|sanitizer)/[\\w/]+", "assert", "ctype", "dirent", "endian", "errno", "fcntl", "fnmatch", "ftw", "getopt", "grp",
  "inttypes", "iso646", "langinfo", "limits", "link", "locale", "malloc", "math", "netdb", "poll", "pthread", "pwd", "sched", "semaphore", "setjmp",
  "signal", "spawn", "std(align|arg|atomic|bool|def|int|io|lib|noreturn)", "string", "strings", "sysexits", "syslog", "termios", "threads", "time",
  "ucontext", "unistd", "utime", "wait", "wchar", "wctype", "[a-z]mmintrin", "immintrin", "cpuid",
].join("|") + ")\\.h$");

const layers = new Map();
for (const line of read("src/LAYERS").split("\n")) {
  const match = line.match(/^([\w/]+):([^|]*)\|(.*)$/);
  if (match) {
    layers.set(match[1], {
      below: new Set(match[2].split(/\s+/).filter(Boolean)),
      outside: new Set(match[3].split(/\s+/).filter(Boolean)),
    });
  }
}

const sources = files(/^(src|sim)\/.*\.(c|h|def)$/);
const includes = sources.flatMap((path) => {
  const text = read(path);
  // Comments are blanked out, strings stay: an include is one.
  return [...codeOf(text).matchAll(/^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]/gm)]
    .map((m) => ({ path, at: `${path}:${lineOf(text, m.index)}`, own: m[1] === '"', target: m[2] }));
});
const isSim = (folder) => folder.startsWith("sim/");
// Programs that share no process with the counter; what they link is not in it.
const apart = (folder) => isSim(folder) || folder === "check";
// "base" of src/base/err.h, "sim/ca" of sim/ca/ca.h; in an include src is left out.
const folderOf = (path) => path.startsWith("src/") ? path.split("/")[1] : path.split("/").slice(0, 2).join("/");
const targetOf = (target) => isSim(target) ? folderOf(target) : target.split("/")[0];
const pathOf = (target) => isSim(target) ? target : `src/${target}`;

test("every folder of src and sim has its line in LAYERS, and every line its folder", () => {
  const folders = new Set(sources.filter((path) => path.split("/").length > 2).map(folderOf));
  assert.deepEqual([...folders].sort(), [...layers.keys()].sort());
});

test("LAYERS names known folders and libraries, each library once, and has no cycle", () => {
  const faults = [], owners = new Map();
  for (const [folder, { below, outside }] of layers) {
    for (const name of below) {
      if (!layers.has(name)) faults.push(`${folder}: no folder ${name}`);
      if (isSim(name) && !isSim(folder)) faults.push(`${folder}: the counter may not include ${name}`);
    }
    for (const name of outside) {
      if (!libraries[name]) faults.push(`${folder}: unknown library ${name}`);
      if (apart(folder)) continue;
      if (owners.has(name)) faults.push(`${name} belongs to ${owners.get(name)} and ${folder}`);
      owners.set(name, folder);
    }
    const reach = new Set(), open = [...below];
    while (open.length > 0) {
      const name = open.pop();
      if (reach.has(name)) continue;
      reach.add(name);
      open.push(...(layers.get(name)?.below ?? []));
    }
    if (reach.has(folder)) faults.push(`${folder} reaches itself`);
  }
  none(faults);
});

test("includes point downwards", () => {
  const faults = [];
  for (const { path, at, own, target } of includes) {
    if (!own) continue;
    const from = folderOf(path), to = targetOf(target);
    if (!target.includes("/")) faults.push(`${at}: "${target}" has no folder`);
    else if (!layers.has(to)) faults.push(`${at}: "${target}": no folder ${to} in LAYERS`);
    else if (from !== to && !layers.get(from)?.below.has(to)) faults.push(`${at}: ${from} may not include ${to} ("${target}")`);
  }
  none(faults);
});

test("own headers stand in quotes and exist, in the tree or as generated ones", () => {
  const faults = [];
  for (const { at, own, target } of includes) {
    if (!own && layers.has(targetOf(target)) && existsSync(join(root, pathOf(target)))) faults.push(`${at}: <${target}> is one of ours`);
    if (own && !existsSync(join(root, pathOf(target))) && build && !existsSync(join(build, pathOf(target))))
      faults.push(`${at}: "${target}" is not there`);
  }
  none(faults);
});

test("an outside library is included only in its folder", () => {
  const faults = [];
  for (const { path, at, own, target } of includes) {
    if (own || system.test(target)) continue;
    const name = Object.keys(libraries).find((key) => libraries[key].test(target));
    if (!name) faults.push(`${at}: <${target}> is neither the system's nor a library that LAYERS knows`);
    else if (!layers.get(folderOf(path))?.outside.has(name)) faults.push(`${at}: ${folderOf(path)} may not include ${name} (<${target}>)`);
  }
  none(faults);
});

test("no file includes itself by a detour", () => {
  const edges = new Map();
  for (const { path, own, target } of includes) {
    if (!own) continue;
    if (!edges.has(path)) edges.set(path, []);
    edges.get(path).push(pathOf(target));
  }
  const faults = [], done = new Set();
  const visit = (path, trail) => {
    const at = trail.indexOf(path);
    if (at >= 0) return faults.push([...trail.slice(at), path].join(" → "));
    if (done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  none(faults);
});
