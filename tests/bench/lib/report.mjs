// docs/benchmarks.md: the machine, the day, and the tables.

import { readFileSync } from "node:fs";
import os from "node:os";
import { words } from "./stage.mjs";

const load = os.loadavg()[0];

function machine(stage) {
  const type = words("df", ["--output=fstype", stage.folder], /\n(\S+)/);
  return [
    ["date", new Date().toISOString().slice(0, 10)],
    ["processor", `${os.cpus()[0].model.trim()}, ${os.cpus().length} cores seen`],
    ["memory", `${Math.round(os.totalmem() / 2 ** 30)} GB`],
    ["system", `${readFileSync("/etc/os-release", "utf8").match(/PRETTY_NAME="(.*)"/)?.[1] ?? "?"}, Linux ${os.release().replace(/-.*/, "")}, ${type}`],
    ["load when it began", `${load.toFixed(1)} (figures of a machine that does other work are lower and wider; ratios suffer less)`],
    ["versions", `${words("cc", ["--version"])}; SQLite ${words("sqlite3", ["--version"], /(\S+)/)}; ${words("psql", ["--version"]).replace("psql ", "")}; `
      + `nginx ${words("/usr/sbin/nginx", ["-v"], /nginx\/(\S+)/)}; libsodium ${words("pkg-config", ["--modversion", "libsodium"])}`],
    ["runs", `${stage.runs} of ${stage.seconds} s each after a warm-up; median (least–most)`],
  ];
}

export function report(stage, tables) {
  return `# Benchmarks

Written by \`make bench\` with \`--write\`; nothing here is typed by hand. Every figure stands beside a limit that was measured in the same run on the same machine, because only the ratio of the two
means anything elsewhere. How it is done is in \`tests/bench\`.

| | |
|---|---|
${machine(stage).map((row) => `| ${row.join(" | ")} |`).join("\n")}

${tables.map((table) => table.markdown()).join("\n")}`;
}
