// SQL text stands in sql/ and nowhere else: the generator writes it into C that no person edits, and only the engines of
// src/store have words of their own (BEGIN, PRAGMA …).

import test from "node:test";
import { codeOf, files, lineOf, none, read } from "./lib/tree.mjs";

const statement = new RegExp("^\\s*(" + [
  "SELECT\\s[^]*\\bFROM\\b", "SELECT\\s+[\\w(*$]", "INSERT\\s+(OR\\s+\\w+\\s+)?INTO\\b", "UPDATE\\s+\\w+\\s+SET\\b", "DELETE\\s+FROM\\b", "REPLACE\\s+INTO\\b",
  "CREATE\\s+(TABLE|INDEX|UNIQUE|VIEW|TRIGGER)\\b", "ALTER\\s+TABLE\\b", "DROP\\s+(TABLE|INDEX|VIEW)\\b", "PRAGMA\\s+\\w", "VACUUM\\b", "WITH\\s+\\w+\\s+AS\\s*\\(",
  "(BEGIN|COMMIT|ROLLBACK|SAVEPOINT)\\b\\s*(;|$|IMMEDIATE|TRANSACTION|\\w+\\s*$)",
].join("|") + ")");
const clause = /\b(WHERE|ORDER BY|GROUP BY|LIMIT|VALUES|RETURNING|ON CONFLICT)\s*[\w($?]*\s*(=|<|>|\$\d|\?\d|\(|DESC|ASC)/;

// Of the program, that is: tests look into the database from outside.
test("no SQL text in C outside src/store", () => {
  const faults = [];
  for (const path of files(/^src\/(?!store\/).*\.[ch]$/)) {
    const text = codeOf(read(path));
    for (const match of text.matchAll(/"((?:\\.|[^"\\\n])*)"/g)) {
      if (statement.test(match[1]) || clause.test(match[1])) faults.push(`${path}:${lineOf(text, match.index)}: ${match[0].slice(0, 80)}`);
    }
  }
  none(faults);
});

test("queries stand in the file of their table, migrations are numbered without gaps", () => {
  const faults = [];
  for (const path of files(/^sql\/query\/.*\.sql$/)) {
    const table = path.match(/([^/]+)\.sql$/)[1];
    for (const match of read(path).matchAll(/^-- query (\S+?):?\s/gm)) {
      if (!match[1].startsWith(`${table}_`)) faults.push(`${path}:${lineOf(read(path), match.index)}: ${match[1]}`);
    }
  }
  files(/^sql\/schema\//).forEach((path, i) => {
    if (!path.startsWith(`sql/schema/${String(i + 1).padStart(4, "0")}_`)) faults.push(`${path}: number ${i + 1} is expected here`);
  });
  none(faults);
});

test("every query is used", () => {
  const code = files(/^src\/.*\.c$/).map((path) => codeOf(read(path))).join("\n");
  const faults = [];
  for (const path of files(/^sql\/query\/.*\.sql$/)) {
    for (const [, name] of read(path).matchAll(/^-- query (\w+)/gm)) {
      if (!new RegExp(`\\bq_${name}\\s*\\(`).test(code)) faults.push(`${path}: ${name} is called by nobody`);
    }
  }
  none(faults);
});
