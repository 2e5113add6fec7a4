// The manual pages: mandoc has nothing to say against them, and they tell what the program does.

import { execFileSync } from "node:child_process";
import test from "node:test";
import { codeOf, files, has, none, read, root } from "./lib/tree.mjs";

const pages = files(/^man\/.*\.[158]$/);

test("mandoc finds no fault", { skip: !has("mandoc") && "mandoc is not installed" }, () => {
  const faults = [];
  for (const page of pages) {
    let out = "";
    try {
      out = execFileSync("mandoc", ["-T", "lint", page], { cwd: root, stdio: ["ignore", "pipe", "pipe"] }).toString();
    } catch (error) {
      out = `${error.stdout}${error.stderr}`;
    }
    // A page may name its neighbour that is not installed here; a line may be as long as a sentence.
    faults.push(...out.split("\n").filter((line) => line && !/referenced manual not found|text line longer than|outdated mandoc\.db/.test(line)));
  }
  none(faults);
});

test("madoguchi(1) lists every exit code of src/cmd/exits.h", () => {
  const page = read("man/madoguchi.1").match(/^\.Sh EXIT STATUS$[^]*?(?=^\.Sh )/m)?.[0] ?? "";
  const told = [...page.matchAll(/^\.It (?:Cm )?(\d+)$/gm)].map((m) => Number(m[1]));
  const real = [...codeOf(read("src/cmd/exits.h")).matchAll(/\bEXIT_\w+ = (\d+)/g)].map((m) => Number(m[1]));
  none([...real.filter((n) => !told.includes(n)).map((n) => `${n} is missing in the page`),
    ...told.filter((n) => !real.includes(n)).map((n) => `${n} is no code of ours`)]);
});

test("simca(1) tells every subcommand and every way of its responder", () => {
  const page = read("man/simca.1");
  const told = new Set([...page.matchAll(/^\.It Cm (\S+)$/gm)].map((m) => m[1]));
  const real = [...codeOf(read("sim/ca/main.c")).matchAll(/^\t\{"([\w-]+)",/gm), ...codeOf(read("sim/ca/mode.c")).matchAll(/\] = "(\w+)"/g)]
    .map((m) => m[1]);
  none([...real.filter((word) => !told.has(word)).map((word) => `${word} is missing in the page`),
    ...[...told].filter((word) => !real.includes(word)).map((word) => `${word} is no word of simca`)]);
});

test("softcard(1) tells every command and every option", () => {
  const page = read("man/softcard.1");
  const told = new Set([...page.matchAll(/^\.It Cm (\S+)$/gm)].map((m) => m[1]));
  for (const line of page.match(/^\.It Fl .*$/gm)) for (const m of line.matchAll(/Fl -([\w-]+)/g)) told.add(m[1]);
  const real = [...codeOf(read("sim/card/main.c")).matchAll(/^\t\{"([\w-]+)",/gm), ...codeOf(read("sim/card/options.c")).matchAll(/\] = \{"([\w-]+)"/g)]
    .map((m) => m[1]).concat("help", "version");
  none([...real.filter((word) => !told.has(word)).map((word) => `${word} is missing in the page`),
    ...[...told].filter((word) => !real.includes(word)).map((word) => `${word} is no word of softcard`)]);
});
