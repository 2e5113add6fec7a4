// Words that have no place in the tree: promises instead of work, numbers of a tracker that a reader may not have, and
// traces of the place where something was written. The words are put together here, so that this file does not hold them.

import test from "node:test";
import { extname } from "node:path";
import { files, lineOf, none, read, root } from "./lib/tree.mjs";

const word = (...parts) => parts.join("");
const text = files(/./).filter((path) => !/\.(png|jpe?g|gif|ico|woff2?|pdf|gz)$/.test(path) && !path.startsWith("tests/fuzz/corpus/"));
const isText = (path) => !read(path).slice(0, 8000).includes("\0");

function absent(pattern, paths = text, see = read) {
  const faults = [];
  for (const path of paths.filter(isText)) {
    const content = see(path);
    for (const match of content.matchAll(pattern)) faults.push(`${path}:${lineOf(content, match.index)}: ${match[0].trim()}`);
  }
  none(faults);
}

/* What the program says to a person is another thing: without string literals in code, and without the catalogues. */
const unquoted = (path) => (/\.(c|h|m?js|sh|sql)$/.test(path) ? read(path).replace(/"(\\.|[^"\\\n])*"|'(\\.|[^'\\\n])*'|`[^`\n]*`/g, "") : read(path));

test("nothing is left for later", () => {
  absent(new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK", "WI" + "P", "T" + "BD"].join("|")})\\b`, "g"), text, unquoted);
  absent(new RegExp(`\\b(${[word("for", " now"), word("not yet ", "implemented"), word("place", "holder text"), word("lorem", " ipsum"),
    word("coming", " soon"), word("to be ", "written")].join("|")})\\b`, "gi"), text.filter((path) => !/^(po|templates|procedures)\/|^tests\/.*\.(txt|eml|html|exp|json|yaml|csv)$/.test(path)), unquoted);
});

test("no numbers of a tracker", () => {
  // In prose and comments; a colour is no number of a tracker.
  const prose = text.filter((path) => [".md", ".c", ".h", ".sql", ".mjs", ".js", ".sh", ".yaml", ".build", ".def", ".txt", ".1", ".5", ""].includes(extname(path)));
  absent(/(?:\b(?:issue|issues|ticket|bug|fixes|closes|resolves|pull request|merge request)\s+#?\d+\b)/gi, prose);
  absent(/(?<![\w&"'(#;:=\[{])#\d{1,6}\b(?![^\n]*[;{])/g, prose);
});

test("no host of a package registry", () => {
  absent(new RegExp(`\\b(?:registry\\.[a-z0-9.-]+|[a-z0-9.-]*(?:${word("arti", "factory")}|${word("verda", "ccio")})[a-z0-9.-]*|(?:deb|ftp)\\.debian\\.org|pypi\\.org|proxy\\.golang\\.org)`, "gi"));
  absent(/"resolved"\s*:/g, text.filter((path) => path.endsWith("package-lock.json")));
});

test("no path of a workplace", () => {
  absent(/(?<![\w.$}*-])\/(?:home|root|Users|workspaces?|work)\/[\w.-]+/g);
  const here = `${root}/`;
  if (here.split("/").length > 3) absent(new RegExp(here.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "g"));
});

test("no key, password or token of anybody", () => {
  absent(new RegExp(`-----BEGIN ([A-Z]+ )?${word("PRIV", "ATE KEY")}-----`, "g"));
  absent(/\b(?:gh[pousr]_\w{30,}|AKIA[0-9A-Z]{16}|xox[abprs]-[\w-]{10,}|sk-[a-zA-Z0-9-]{20,})/g);
});
