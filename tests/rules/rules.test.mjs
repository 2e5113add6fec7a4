// The rules in the browser are the rules of the server: for random answers, valid, at the edge and wrong, the interpreter (static/js/rules.js)
// must say what the C engine says (tests/rules/verdicts.c): what is shown, what is computed, what is refused and why.
//
// By kind, and only these, are left to the server (docs/rules.md): choices of lists that are not in the page (`q`), and what is typed in ways
// that take() answers with null. Values that no page can send, a choice that is not offered and a row too many, are not made.
//
//   SETS=50000 SEED=7   more, and others

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { judge, pathOf, prepare, take } from "../../static/js/rules.js";

const root = join(fileURLToPath(import.meta.url), "../../..");
const { BUILD = "build", SETS = "10000", SEED = "20261129" } = process.env;
const folder = join(root, "procedures");
const procedures = readdirSync(folder, { withFileTypes: true }).filter((e) => e.isDirectory() && existsSync(join(folder, e.name, "procedure.yaml"))).map((e) => e.name);

const plain = (value) => JSON.stringify(value);

/** The same lines as verdicts.c writes, from the interpreter. */
function verdict(rules, stored) {
  const answers = new Map(Object.entries(stored)), { shown, value, issues, rows } = judge(rules, answers), seen = [], computed = {};
  const look = (field, row) => {
    if (shown(field, row)) seen.push(pathOf(field, row));
    const is = field.t === "calc" ? value(field, row) : "";
    if (is) computed[pathOf(field, row)] = is;
  };
  for (const field of rules.f) {
    look(field, 0);
    for (let row = 0; field.f && row <= rows(field) && row < field.x; row++) for (const one of field.f) look(one, row);
  }
  const said = issues.map(({ path, msg, check, args, others = [], missing, warning }) => [path, check ? `check ${check.i}` : msg,
    Object.fromEntries(Object.entries(args).map(([name, is]) => [name, String(is)])), others.map((other) => other.i), Number(Boolean(missing)), Number(Boolean(warning))]);
  return { shown: seen, computed, issues: said };
}

const ofLists = new Set(["choice", "choice_first", "choice_elsewhere", "choice_gone"]);
const fieldAt = (rules, path) => rules.fields.get(path.replace(/\.\d+\./, "."));
/* Placeholders of {others} in a message of one are not compared with those of none: both name what the message needs. */
const comparable = (rules, issues) => issues.filter(([path, msg]) => !(ofLists.has(msg) && fieldAt(rules, path).q)).map(([path, msg, args, others, ...rest]) => plain([path, msg, args,
  msg === "required" ? [] : others, ...rest])).sort();

async function* worlds(procedure) {
  const child = spawn(resolve(root, BUILD, "tests/rules/rule_verdicts"), [folder, procedure, SETS, SEED], { stdio: ["ignore", "pipe", "inherit"] });
  const code = new Promise((done) => { child.on("exit", done); });
  let world = null;
  for await (const line of createInterface({ input: child.stdout, crlfDelay: Infinity })) {
    const one = JSON.parse(line);
    if (one.section) world = { section: one.section, rules: one.rules && prepare(one.rules) };
    else yield { ...world, set: one };
  }
  assert.equal(await code, 0, `verdicts of ${procedure}`);
}

for (const procedure of procedures) {
  test(`${procedure}: ${SETS} sets of answers, the same verdicts`, { timeout: 300_000 }, async () => {
    const count = { sets: 0, blind: 0, shown: 0, issues: 0, computed: 0, typed: 0, left: 0 }, said = new Set(), sections = new Set();
    for await (const { section, rules, set } of worlds(procedure)) {
      count.sets++;
      sections.add(section);
      if (!rules) {
        count.blind++;
        continue;
      }
      const ours = verdict(rules, set.stored), where = `${procedure}, ${section}: ${plain(set.stored)}`;
      assert.deepEqual([...ours.shown].sort(), [...set.shown].sort(), where);
      assert.deepEqual(ours.computed, set.computed, where);
      assert.deepEqual(comparable(rules, ours.issues), comparable(rules, set.issues), where);
      count.shown += set.shown.length;
      count.computed += Object.keys(set.computed).length;
      count.issues += set.issues.length;
      for (const [, msg] of set.issues) said.add(msg.split(" ")[0]);
      for (const [path, text] of Object.entries(set.typed)) {
        const field = fieldAt(rules, path);
        /* Never asked on this page; ticks come in the order of the list; what is typed again was made the same. */
        if (!field || field.w === 0 || field.e || field.t === "multi") continue;
        const mine = take(field, text);
        count.typed++;
        if (mine === null) count.left++;
        else assert.equal(mine, set.stored[path] ?? "", `${procedure}, ${section}, ${path} (${field.t} ${field.s ?? ""}): ${plain(text)}`);
      }
    }
    assert.ok(count.sets >= Number(SETS));
    assert.ok(count.shown > count.sets && count.issues > count.sets / 4, plain(count));
    /* What is left to the server stays the exception. */
    assert.ok(count.left < count.typed / 4, plain(count));
    assert.ok(said.size >= 3, [...said].join(" "));
    console.log(`${procedure}: ${sections.size} sections, ${plain(count)}, ${[...said].sort().join(" ")}`);
  });
}
