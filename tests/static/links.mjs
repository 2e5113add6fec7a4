// What documents and comments name is there: files, and headings of this folder's pages.

import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import test from "node:test";
import { build, files, lineOf, none, read, root } from "./lib/tree.mjs";

const there = (path) => existsSync(join(root, path));

test("links of documents lead somewhere", () => {
  const faults = [];
  for (const path of files(/\.md$/)) {
    const text = read(path).replace(/`[^`\n]*`/g, (code) => " ".repeat(code.length));
    for (const match of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      const target = match[1].split("#")[0];
      if (/^[a-z]+:/.test(match[1]) || target === "") continue;
      if (!there(normalize(join(dirname(path), target)))) faults.push(`${path}:${lineOf(text, match.index)}: ${match[1]}`);
    }
  }
  none(faults);
});

test("files that documents, comments and scripts name exist", () => {
  const faults = [];
  const tops = "docs|src|tests|tools|packaging|man|templates|static|sql|procedures|po";
  const pattern = new RegExp(`(?<![\\w./$@}>:-])(?:${tops})/(?:[\\w-]+/)*[\\w.-]*\\w(?![\\w*<{…(])`, "g");
  for (const path of files(/\.(md|c|h|mjs|js|sh|css|def|build|conf|service|txt|1|5)$|(^|\/)(Makefile|LAYERS)$/)) {
    if (/^(tests\/golden\/|tests\/unit\/data\/|tests\/unit\/mail\/|tests\/store\/sqlgen\/|po\/|CHANGELOG)/.test(path)) continue;
    const text = read(path);
    for (const match of text.matchAll(pattern)) {
      const named = match[0].replace(/\.$/, "");
      // A page of Japanese law or a route is no file: only what has an extension or is a folder of ours is looked at.
      if (!/\.\w+$/.test(named)) continue;
      if (/NNNN|xx\.po|^sql\/schema\//.test(named) || there(named) || (build && existsSync(join(build, named)))) continue;
      faults.push(`${path}:${lineOf(text, match.index)}: ${named}`);
    }
  }
  none(faults);
});
