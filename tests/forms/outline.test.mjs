// The forms as text stand in tests/golden/forms, to be read in review. After a change of definitions:
//
//   node tests/forms/outline.test.mjs --write

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../story/lib/portal.mjs";
import { definition } from "./lib/filled.mjs";
import { outlines, procedures } from "./lib/outline.mjs";

const folder = join(root, "tests/golden/forms");

if (process.argv.includes("--write")) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of outlines()) writeFileSync(join(folder, name), text);
} else {
  test("the forms as text are those of the definitions", () => {
    const now = outlines(), hint = "node tests/forms/outline.test.mjs --write, and read what changed";
    assert.deepEqual(readdirSync(folder).sort(), [...now.keys()].sort(), hint);
    for (const [name, text] of now) assert.equal(readFileSync(join(folder, name), "utf8"), text, `${name}: ${hint}`);
  });
  test("English has no Japanese in it, and Japanese is Japanese", () => {
    const japanese = /[\u3040-\u30ff\u3400-\u9fff]/u, faults = [];
    /* Hints may name a word to be typed in Japanese. */
    const look = (where, text) => {
      if (text && japanese.test(text.en)) faults.push(`${where}: ${text.en}`);
      if (text && /[a-z]{3,} [a-z]{3,}/.test(text.ja)) faults.push(`${where}: ${text.ja}`);
    };
    for (const id of procedures()) {
      const { fields, lists, sections_json, checks, title, short_title } = definition(id);
      look(id, title);
      look(id, short_title);
      for (const section of sections_json) look(`${id} ${section.id}`, section.title);
      for (const [path, field] of fields) {
        look(`${id} ${path}`, field.label);
      }
      for (const check of checks) look(`${id} ${check.id}`, check.message);
      for (const [list, choices] of Object.entries(lists)) for (const choice of choices) look(`${id} ${list}`, choice);
    }
    assert.deepEqual([...new Set(faults)], []);
  });
}
