// The form engine by itself: what the unit test of its speed prints.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../lib/stage.mjs";
import { Table } from "../lib/table.mjs";

const checked = { text: "≤ 200 µs", most: 200 };

export function formEngine(stage) {
  const table = new Table("The form engine, 274 questions", "In one thread without a server, by `test_form_speed`.");
  const words = execFileSync("sh", ["-c", `exec taskset -c ${stage.serving} "${join(stage.build, "tests/unit/test_form_speed")}" 2>&1`], { cwd: root, encoding: "utf8" });
  for (const [, what, us] of words.matchAll(/^(\S[^\n]*?)\s+([\d.]+) us \(/gm)) {
    const checks = what.includes("answered");
    table.add(checks ? `check, ${what}` : what, "us", Number(us), { budget: checks ? checked : undefined });
  }
  return table;
}
