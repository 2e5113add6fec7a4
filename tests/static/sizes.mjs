// Small files: what wants more lines is two things. And the weight of what a browser loads.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { gzipSync } from "node:zlib";
import { files, none, read, root } from "./lib/tree.mjs";

const lines = (path) => read(path).split("\n").length - 1;

function tooLong(pattern, most) {
  return files(pattern).filter((path) => lines(path) > most).map((path) => `${path}: ${lines(path)} lines, at most ${most}`);
}

test("a source file has at most 600 lines", () => {
  const faults = tooLong(/\.(c|h|def|js|mjs|sh|py|css|sql|html)$|(^|\/)meson\.build$/, 600);
  none(faults);
});

test("a header has at most 200 lines", () => {
  const faults = tooLong(/\.h$/, 200);
  none(faults);
});

test("half of the files of src and sim have at most 150 lines", () => {
  const sizes = files(/^(src|sim)\/.*\.[ch]$/).map(lines).sort((a, b) => a - b);
  const median = sizes[Math.floor(sizes.length / 2)];
  assert.ok(median <= 150, `median ${median}`);
});

test("the style sheet weighs at most 14 KiB compressed", (t) => {
  const tokens = join(root, "node_modules/@digital-go-jp/design-tokens/dist/tokens.css");
  if (!existsSync(tokens)) return t.skip("the design tokens are not installed");
  const folder = mkdtempSync(join(tmpdir(), "sizes-"));
  try {
    const out = join(folder, "main.css");
    execFileSync("node", ["tools/css.mjs", tokens, "static/css/main.css", out], { cwd: root });
    const size = gzipSync(readFileSync(out), { level: 9 }).length;
    t.diagnostic(`${size} bytes`);
    assert.ok(size <= 14 * 1024, `${size} bytes`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/* Every page has the first; those of a form the next two; pages that take files the fourth, that of the photo the fifth too; those that wait the last. */
for (const [name, most] of [["main", 6], ["rules", 7], ["asked", 4], ["files", 5.5], ["photo", 2], ["wait", 2]]) {
  test(`${name}.js weighs at most ${most} KiB compressed`, (t) => {
    const size = gzipSync(read(`static/js/${name}.js`), { level: 9 }).length;
    t.diagnostic(`${size} bytes`);
    assert.ok(size <= most * 1024, `${size} bytes`);
  });
}
