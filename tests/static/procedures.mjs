// The definitions that are shipped, as whoever writes procedures sees them: nothing that no answer leads to, the same form as JSON, on one page,
// and by its ways.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { root } from "./lib/tree.mjs";

const program = process.env.MADOGUCHI ?? join(root, "build/src/cmd/madoguchi");
const folder = join(root, "procedures");
const good = join(root, "tests/unit/data/good");
const admin = (...words) => execFileSync(program, ["admin", "procedure", ...words], { encoding: "utf8", maxBuffer: 1 << 26 });
const refused = (...words) => spawnSync(program, ["admin", "procedure", ...words], { encoding: "utf8", maxBuffer: 1 << 26 });
const ids = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory() && !["shared", "codes"].includes(one.name)).map((one) => one.name);

test("a thorough check finds nothing", () => {
  const lines = admin("check", folder).trim().split("\n");
  assert.deepEqual(lines.filter((line) => /^\w+ [0-9a-f]{16}: \d+ sections, \d+ fields$/.test(line)).map((line) => line.split(" ")[0]), ids.sort());
  assert.ok(lines.every((line) => !/:\d+:\d+: /.test(line)), lines.join("\n"));
});

test("each procedure as JSON: every field has both languages, every condition names a field that is there", () => {
  for (const id of ids) {
    const json = JSON.parse(admin("json", folder, id));
    const paths = new Map();
    const gather = (fields) => fields.forEach((field) => { paths.set(field.path, field); gather(field.fields ?? []); });
    json.sections.forEach((section) => gather(section.fields));
    const known = (part, where) => {
      if (!part || typeof part !== "object") return;
      if (typeof part.field === "string") assert.ok(paths.has(part.field), `${id}: ${where} names ${part.field}`);
      Object.values(part).forEach((inner) => known(inner, where));
    };
    for (const [path, field] of paths) {
      assert.ok(field.label.ja && field.label.en, `${id}: ${path}`);
      if (field.choices) assert.ok(json.lists[field.choices].length > 0, `${id}: ${path}`);
      known(field.when, path);
      known(field.value, path);
    }
    json.sections.forEach((section) => known(section.when, section.id));
    json.checks.forEach((check) => known({ when: check.when, rule: check.rule }, check.id));
  }
});

test("the preview shows what somebody of a status is asked, and nothing else", () => {
  const points = admin("preview", folder, "change", "--status", "hsp_1a_2");
  assert.match(points, /^<!DOCTYPE html>/);
  assert.match(points, /id="section-x_background"/);
  assert.match(points, /id="x_total"/);
  assert.match(points, /id="x_edu_a"/);
  assert.doesNotMatch(points, /id="x_edu_b"/); // of another kind of activity
  assert.doesNotMatch(points, /id="section-p_/); // students
  assert.doesNotMatch(points, / hidden[ >]/);
  assert.match(admin("preview", folder, "change"), /id="x_edu_b"/);
});

test("a status or procedure that there is not is refused", () => {
  for (const words of [["preview", folder, "change", "--status", "wizard"], ["preview", folder, "usage", "--status", "student"], ["preview", folder, "nothing"], ["json", folder, "nothing"], ["json", folder], ["paths"]]) {
    const { status, stderr } = refused(...words);
    assert.equal(status, 64, words.join(" "));
    assert.match(stderr, /^madoguchi: /);
  }
});

test("the ways through a procedure, with the choices that lead there", () => {
  const said = admin("paths", good);
  assert.match(said, /^sample\n {2}shortest: \d+ questions on \d+ pages, \w+\n/m);
  const [, short, long] = said.match(/^sample\n {2}shortest: (\d+) [^]*?\n {2}longest: (\d+) /m);
  assert.ok(Number(short) < Number(long));
  assert.match(said, /^ {4}\w+(\.\w+)? = \S+$/m);
});
