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

/** What the page tells by ".It Cm" or ".It Fl" lines, as words: "admin usage accept", "--note". `pick` chooses. */
function items(page, pick) {
  const told = [];
  for (const line of page.match(/^\.It (?:Cm|Fl) .*$/gm) ?? [])
    for (const part of line.slice(4).split(" , ")) {
      const option = part.match(/^Fl -([\w-]+)/);
      const words = part.replace(/^Cm /, "").split(/ (?:Ar|Fl|Op|Ns) /)[0];
      told.push(option ? `--${option[1]}` : words);
    }
  return told.filter(pick);
}

/** Both lists hold the same. */
const differ = (told, real, what) => none([...real.filter((word) => !told.includes(word)).map((word) => `${word} is missing in the page`),
  ...told.filter((word) => !real.includes(word)).map((word) => `${word} is no ${what}`)]);

/** The commands of the synopsis, "a | b" as two. */
function synopsis(page) {
  const part = page.match(/^\.Sh SYNOPSIS$[^]*?(?=^\.Sh )/m)[0];
  return [...part.matchAll(/^\.Cm (.*)$/gm)].flatMap(([, words]) => {
    const first = words.split(" | ")[0].split(" ");
    return words.split(" | ").map((word, i) => (i === 0 ? word : [...first.slice(0, -1), word].join(" ")));
  });
}

test("madoguchi(1) tells every subcommand and every command of the operator, in its list and in its synopsis", () => {
  const page = read("man/madoguchi.1");
  const table = [...codeOf(read("src/cmd/command_admin.c")).matchAll(/^\t\{"(\w+)", (?:"(\w+)"|NULL), "/gm)].map((m) => ["admin", m[1], m[2]].filter(Boolean).join(" "));
  const others = [...codeOf(read("src/cmd/main.c")).matchAll(/^\t\{"([\w-]+)", "/gm)].map((m) => m[1]).filter((word) => word !== "admin");
  differ(items(page, (word) => /^(admin |[a-z][a-z-]*$)/.test(word)), [...others, ...table], "command");
  differ(synopsis(page), [...others, ...table], "command");
});

test("madoguchi(1) tells every option that is no setting", () => {
  const told = items(read("man/madoguchi.1"), (word) => word.startsWith("--"));
  const code = codeOf(read("src/cmd/program.c"));
  const real = [...code.matchAll(/str_eq\(name, STR\("([\w-]+)"\)\)/g), ...code.matchAll(/^\t\{"([\w-]+)", AT\(/gm), ...code.matchAll(/strcmp\(option, "--([\w-]+)"\)/g)].map((m) => `--${m[1]}`);
  differ(told, [...real, "--help", "--version"], "option");
});

test("madoguchi-check(1) tells every question and every reason, and the program names its questions", () => {
  const page = read("man/madoguchi-check.1"), code = codeOf(read("src/check/main.c"));
  const questions = [...code.matchAll(/^\t\{"(\w+)", task_/gm)].map((m) => m[1]).concat("status");
  const reasons = [...codeOf(read("src/sandbox/verdict.c")).matchAll(/\[CHECK_\w+\] = "(\w+)"/g)].map((m) => m[1]).filter((word) => word !== "ok");
  differ(items(page, () => true), [...questions, ...reasons], "word of a checker");
  differ([...new Set(synopsis(page))], questions, "question");
  differ(code.match(/usage: madoguchi-check ([\w|]+)/)[1].split("|"), questions, "question");
});

test("simphone(1) tells every subcommand and every option", () => {
  const page = read("man/simphone.1"), told = items(page, () => true);
  for (const line of page.match(/^\.(?:Op )?Fl .*$/gm)) for (const m of line.matchAll(/Fl -([\w-]+)/g)) told.push(`--${m[1]}`);
  const real = [...codeOf(read("sim/phone/main.c")).matchAll(/^\t\{"([\w-]+)",/gm)].map((m) => m[1])
    .concat([...codeOf(read("sim/phone/options.c")).matchAll(/^\t\{"([\w-]+)",/gm)].map((m) => `--${m[1]}`), "--help", "--version");
  differ([...new Set(told)], real, "word of simphone");
});

test("simselfinfo(1) and its usage tell every option", () => {
  const code = codeOf(read("sim/selfinfo/main.c"));
  const real = [...code.matchAll(/\{"(--[\w-]+)", &out->/g)].map((m) => m[1]);
  differ(items(read("man/simselfinfo.1"), (word) => word.startsWith("--")), real, "option");
  differ([...new Set(code.match(/usage: simselfinfo .*/)[0].match(/--[\w-]+/g))], real, "option");
});
