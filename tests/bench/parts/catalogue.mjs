// All definitions of procedures/ as one catalogue: reading them, their memory, the checks of the longest form, its largest page.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../lib/stage.mjs";
import { Table } from "../lib/table.mjs";

const budgets = {
  "memory of all definitions": { text: "≤ 32 MB", most: 32 * 1024 },
  "reading all definitions": { text: "≤ 100 ms", most: 100000 },
  "checking all its answers": { text: "≤ 200 µs", most: 200 },
  "the page that takes longest": { text: "≤ 300 µs", most: 300 },
};
const units = { kb: "mb", us: "us", count: "count" };

export function catalogue(stage) {
  const table = new Table("The catalogue of procedures", "In one thread without a server, by `bench_catalogue`: processor time, the least of several rounds.");
  const tool = join(stage.build, "tests/bench/bench_catalogue");
  const words = execFileSync("taskset", ["-c", String(stage.serving), tool, join(root, "procedures")], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  for (const line of words.trim().split("\n")) {
    const [what, value, unit] = line.split("\t");
    table.add(what, what.startsWith("reading") ? "ms" : units[unit], Number(value), { budget: budgets[what] });
  }
  return table;
}
