// Counts tests in what a test run has left behind; prints "PASSED FAILED SKIPPED".
//
//   node tools/tally.mjs meson BUILD/meson-logs/testlog.json      programs of cmocka and of node count with each of their tests
//   node tools/tally.mjs tap LOG                                   node --test --test-reporter=tap
//
// A program that failed without saying which of its tests did (it crashed, or ran out of time) counts as one failure more.
// The names of what failed go to standard error, one a line.

import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";

const [kind, file] = process.argv.slice(2);
const text = file && existsSync(file) ? readFileSync(file, "utf8") : "";
const total = { passed: 0, failed: 0, skipped: 0 };

const sum = (output, pattern) => [...output.matchAll(pattern)].reduce((all, match) => all + Number(match[1]), 0);

/* What the output itself counts; null: nothing. */
function counted(output) {
  if (/^\[==========\]/m.test(output)) {
    return {
      passed: sum(output, /^\[  PASSED  \] (\d+) test/gm),
      failed: sum(output, /^\[  FAILED  \] (?:\w+: )?(\d+) test/gm),
      skipped: sum(output, /^\[  SKIPPED \] (?:\w+: )?(\d+) test/gm),
    };
  }
  if (/^(?:#|ℹ) pass \d+$/m.test(output)) {
    return {
      passed: sum(output, /^(?:#|ℹ) pass (\d+)$/gm),
      failed: sum(output, /^(?:#|ℹ) (?:fail|cancelled) (\d+)$/gm),
      skipped: sum(output, /^(?:#|ℹ) (?:skipped|todo) (\d+)$/gm),
    };
  }
  return null;
}

/* The names of the tests that failed, as their program writes them. */
const named = (output) => [...output.matchAll(/^\[  FAILED  \] (\w+)$|^ *not ok \d+ - (.*)$/gm)].map((match) => match[1] ?? match[2]);

function tell(program, output) {
  const names = [...new Set(named(output))];
  for (const name of names.length > 0 ? names : [""]) console.error(name ? `${program}: ${name}` : program);
}

function add(numbers) {
  for (const key of Object.keys(total)) total[key] += numbers[key];
}

if (kind === "tap") {
  const numbers = counted(text) ?? { passed: 0, failed: 1, skipped: 0 };
  if (numbers.failed > 0) tell(basename(file, ".log"), text);
  add(numbers);
} else {
  const lines = text.split("\n").filter(Boolean);
  if (lines.length === 0) {
    total.failed++;
    console.error(file);
  }
  for (const line of lines) {
    const { name, result, stdout = "", stderr = "" } = JSON.parse(line);
    const good = result === "OK" || result === "EXPECTEDFAIL", skipped = result === "SKIP";
    const numbers = counted(`${stdout}\n${stderr}`) ?? { passed: good ? 1 : 0, failed: good || skipped ? 0 : 1, skipped: skipped ? 1 : 0 };
    if (!good && !skipped && numbers.failed === 0) numbers.failed = 1;
    if (numbers.failed > 0) tell(name, `${stdout}\n${stderr}`);
    add(numbers);
  }
}
console.log(total.passed, total.failed, total.skipped);
