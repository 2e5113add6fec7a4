// The units as systemd reads them: no fault, an exposure of at most 1.5 (of 10), and the words of the program's own command line.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { codeOf, files, has, none, read } from "./lib/tree.mjs";

const units = files(/^packaging\/systemd\/.*\.(service|socket|timer)$/);
const skip = !has("systemd-analyze") && "systemd-analyze is not installed";

/** Runs systemd-analyze on a copy of all units, in which the program is one that is there. */
function analyze(...args) {
  const folder = mkdtempSync(join(tmpdir(), "units-"));
  try {
    for (const unit of units) writeFileSync(join(folder, unit.split("/").at(-1)), read(unit).replace(/^(Exec(?!Paths)\w+=)\/usr\/bin\/madoguchi /gm, "$1/bin/true "));
    return execFileSync("sh", ["-c", 'systemd-analyze "$@" 2>&1', "sh", ...args.map((arg) => arg.replace(/^@/, `${folder}/`))], { stdio: ["ignore", "pipe", "ignore"] }).toString();
  } catch (error) {
    return `${error.stdout ?? error}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("systemd finds no fault in the units", { skip }, () => {
  const words = units.flatMap((unit) => analyze("verify", "--man=no", `@${unit.split("/").at(-1)}`).split("\n"))
    .filter((line) => /madoguchi/.test(line) && !/postgresql\.service|nginx\.service/.test(line));
  none(words);
});

test("each service is exposed by at most 1.5", { skip }, (t) => {
  for (const unit of units.filter((name) => name.endsWith(".service"))) {
    const words = analyze("security", "--offline=true", "--no-pager", `@${unit.split("/").at(-1)}`);
    const level = words.match(/exposure level[^:]*: ([\d.]+)/)?.[1];
    t.diagnostic(`${unit}: ${level}`);
    assert.ok(level && Number(level) <= 1.5, `${unit}: ${words.slice(-400)}`);
  }
});

test("the services begin subcommands that the program has, with a configuration that exists", () => {
  const main = codeOf(read("src/cmd/main.c"));
  const faults = [];
  for (const unit of units) {
    for (const [, word, rest] of read(unit).matchAll(/^Exec(?!Paths)\w+=\/usr\/bin\/madoguchi (\S+)(.*)$/gm)) {
      if (!main.includes(`{"${word}", `)) faults.push(`${unit}: no subcommand ${word}`);
      if (rest !== " --config /etc/madoguchi/madoguchi.conf") faults.push(`${unit}: ${rest}`);
    }
  }
  none(faults);
});

test("exit codes after which nothing is tried again are the program's", () => {
  const codes = [...codeOf(read("src/cmd/exits.h")).matchAll(/EXIT_\w+ = (\d+)/g)].map((m) => m[1]);
  none(units.flatMap((unit) => (read(unit).match(/^RestartPreventExitStatus=(.*)$/m)?.[1] ?? "").split(" ")
    .filter((code) => code && !codes.includes(code)).map((code) => `${unit}: ${code}`)));
});

test("the file that closes the counter lies where nginx may look, and where the pages about it say", () => {
  const folders = new Map([...read("packaging/systemd/tmpfiles.conf").matchAll(/^d (\S+) (\d+) (\S+) (\S+)/gm)].map(([, path, mode, owner, group]) => [path, { mode, owner, group }]));
  const named = new Set([...read("packaging/nginx/madoguchi.conf").matchAll(/\(-f (\S+)\)/g)].map((m) => m[1]));
  assert.equal(named.size, 1, [...named].join(" "));
  const [file] = named, folder = folders.get(file.replace(/\/[^/]*$/, ""));
  assert.ok(folder, `${file}: nobody makes its folder`);
  assert.ok(folder.owner === "www-data" || (folder.group === "www-data" && parseInt(folder.mode.at(-2), 8) & 1), `${file}: nginx cannot enter a folder of ${folder.owner}:${folder.group}, ${folder.mode}`);
  assert.ok(read("docs/operations.md").includes(`\`${file}\``), `${file}: not in docs/operations.md`);
  assert.ok(read("packaging/nginx/render.sh").includes(`s|${file}|`), `${file}: not in render.sh`);
});
