// Counts tests in what a test run has left behind; prints "PASSED FAILED SKIPPED".
//
//   node tools/tally.mjs meson BUILD/meson-logs/testlog.json      programs of cmocka and of node count with each of their tests
//   node tools/tally.mjs tap LOG                                   node --test --test-reporter=tap
//
// A program that failed without saying which of its tests did (it crashed, or ran out of time) counts as one failure more.

import { existsSync, readFileSync } from "node:fs";

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

function add(numbers) {
  for (const key of Object.keys(total)) total[key] += numbers[key];
}

if (kind === "tap") {
  add(counted(text) ?? { passed: 0, failed: 1, skipped: 0 });
} else {
  const lines = text.split("\n").filter(Boolean);
  if (lines.length === 0) total.failed++;
  for (const line of lines) {
    const { result, stdout = "", stderr = "" } = JSON.parse(line);
    const good = result === "OK" || result === "EXPECTEDFAIL", skipped = result === "SKIP";
    const numbers = counted(`${stdout}\n${stderr}`) ?? { passed: good ? 1 : 0, failed: good || skipped ? 0 : 1, skipped: skipped ? 1 : 0 };
    if (!good && !skipped && numbers.failed === 0) numbers.failed = 1;
    add(numbers);
  }
}
console.log(total.passed, total.failed, total.skipped);
