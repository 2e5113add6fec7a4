// The benchmark: the program against limits that are measured in the same run.
//
//   node tests/bench/bench.mjs BUILD [--quick] [--write] [--only pages,sqlite,login,memory,weight,form,catalogue,files,card,postgresql]
//
// --quick: one short run of each, to see that it works. --write: the tables go to docs/benchmarks.md.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { report } from "./lib/report.mjs";
import { root, Stage } from "./lib/stage.mjs";
import { catalogue } from "./parts/catalogue.mjs";
import { files } from "./parts/files.mjs";
import { formEngine } from "./parts/form.mjs";
import { identity } from "./parts/identity.mjs";
import { loginRate } from "./parts/login.mjs";
import { atRest, memoryTable, peak, starts } from "./parts/memory.mjs";
import { pages } from "./parts/pages.mjs";
import { onPostgresql } from "./parts/postgresql.mjs";
import { counts, draftsFor, mailsSent, onSqlite, sqlite, withMails } from "./parts/submit.mjs";
import { uploads } from "./parts/uploads.mjs";
import { largestPage, weights } from "./parts/weight.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean" }, write: { type: "boolean" }, only: { type: "string" } },
});
if (positionals.length !== 1 || (options.write && options.only)) {
  console.error("usage: bench.mjs BUILD [--quick] [--only PART,…]   or   bench.mjs BUILD [--quick] --write");
  process.exit(64);
}

const began = performance.now();
const tables = [];
const wanted = (part) => !options.only || options.only.split(",").includes(part);
const say = (words) => console.error(`[${String(Math.round((performance.now() - began) / 1000)).padStart(4)} s] ${words}`);
function show(table) {
  tables.push(table);
  console.log(table.text());
}

async function everythingOnSqlite(stage) {
  const applications = stage.quick ? 1000 : 10000;
  const mailDrafts = stage.runs * counts(stage)[8];
  say(`filling a database: ${applications} applications, ${draftsFor(stage) + mailDrafts} drafts`);
  const base = await stage.prepare("sqlite", applications, draftsFor(stage) + mailDrafts);
  base.applications = applications;
  base.mailRequests = base.requests.splice(0, mailDrafts);
  sqlite(join(base.data, "madoguchi.db"), mailsSent);

  const memory = memoryTable();
  const data = stage.copy(base.data, "data");
  stage.settle();
  if (wanted("memory")) {
    say("starts");
    await starts(stage, data, memory);
  }
  const counter = await stage.counter(data, { more: ["--event_threads", "1"] });
  if (wanted("memory")) await atRest(counter, memory);
  if (wanted("pages")) {
    say("pages");
    show(await pages(stage, counter, base));
  }
  if (wanted("sqlite")) {
    say("applications, SQLite");
    const table = await onSqlite(stage, counter, base);
    await withMails(stage, base, table);
    show(table);
  }
  if (wanted("memory")) peak(counter, "peak after all of the above", memory);
  if (wanted("login")) {
    say("logins");
    show(await loginRate(stage, counter, base));
    if (wanted("memory")) peak(counter, "peak with 8 logins at once (19 MiB each, by intent)", memory);
  }
  if (wanted("memory")) show(memory);
  if (wanted("weight") || wanted("form")) {
    const weight = await weights(stage, counter, base);
    if (wanted("weight")) show(weight);
    const form = formEngine(stage);
    await largestPage(stage, counter, weight.section, form);
    if (wanted("form")) show(form);
  }
  await counter.stop();
}

const stage = new Stage({ build: positionals[0], quick: options.quick });
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stage.end().finally(() => process.exit(130)));
try {
  if (["pages", "sqlite", "login", "memory", "weight", "form"].some(wanted)) await everythingOnSqlite(stage);
  if (wanted("catalogue")) {
    say("the catalogue");
    show(catalogue(stage));
  }
  if (wanted("files")) {
    say("files");
    const alone = files(stage);
    show(alone.table);
    show(await uploads(stage, alone.pdf, say));
  }
  if (wanted("card")) {
    say("the card");
    show(await identity(stage));
  }
  if (wanted("postgresql")) {
    say("applications, PostgreSQL");
    show(await onPostgresql(stage, stage.quick ? 200 : 2000));
  }
  say("done");
  if (options.write) writeFileSync(join(root, "docs/benchmarks.md"), report(stage, tables));
} finally {
  await stage.end();
}
