// Applications a second, durable, against the same statements sent through the bare library of the database.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { series, Table } from "../lib/table.mjs";

export const CLIENTS = [1, 8, 64];

export function counts(stage) {
  return stage.quick ? { 1: 60, 8: 300, 64: 800 } : { 1: 300, 8: 1500, 64: 4000 };
}

export const draftsFor = (stage) => stage.runs * CLIENTS.reduce((sum, clients) => sum + counts(stage)[clients], 0);

// The mails of applications that were there before are not this benchmark's: they count as sent.
export const mailsSent = "UPDATE outbox SET state = 1, ended_at = created_at WHERE state = 0";

export async function submissions(stage, table, { own, raw, requests, budgets, store }) {
  for (const clients of CLIENTS) {
    const count = counts(stage)[clients];
    const results = [], limits = [];
    for (let run = 0; run < stage.runs; run++) {
      // What one of the two has left to write is not written while the other is measured.
      stage.settle();
      limits.push(await raw(clients, count));
      stage.settle();
      results.push(await own({ requests: stage.take(requests, count), connections: clients }));
    }
    const of = (list, key) => series(list.map((result) => result[key]));
    const name = `${clients} client${clients > 1 ? "s" : ""}`;
    table.add(`${store}, ${name}: applications`, "rate", of(results, "rps"), { raw: of(limits, "rps"), budget: budgets[clients] });
    table.add("– p99", "ms", of(results, "p99_us"), { raw: of(limits, "p99_us"), budget: clients === 64 ? budgets.p99 : undefined });
    if (results[0].cpu_us) table.add("– processor time of an application", "us", of(results, "cpu_us"));
    table.bytes = limits[0].bytes;
    table.statements = limits[0].statements;
  }
}

export async function onSqlite(stage, counter, base) {
  const table = new Table("Applications, SQLite, one core");
  const file = join(stage.copy(base.data, "raw"), "madoguchi.db");
  stage.settle();
  await submissions(stage, table, {
    store: "SQLite",
    requests: base.requests,
    own: (options) => stage.load(counter.address, { ...options, pid: counter.pid }),
    raw: async (clients, count) => {
      const [result] = await stage.once(stage.serving, "raw_store", `sqlite:${file}`, clients, count);
      return result;
    },
    budgets: { 1: { text: "≥ 0.5 of raw", ratio: 0.5 }, 64: { text: "≥ 0.4 of raw", ratio: 0.4 }, p99: { text: "≤ 50 ms", most: 50000 } },
  });
  table.note = "Each is a POST /drafts/…/apply of a whole application: session, form token, every answer checked anew, sealed, number, history, search words, audit entry, two mails queued, draft removed, "
    + `and answered after the commit (WAL, \`synchronous=FULL\`). \`raw\` binds the same ${table.bytes.toLocaleString("en-US")} bytes to the same ${table.statements} statements on a copy of the same database and commits `
    + "as many at once as there are clients.";
  return table;
}

// The same while the process itself writes the mails to files.
export async function withMails(stage, base, table) {
  const data = stage.copy(base.data, "mails");
  stage.settle();
  const counter = await stage.counter(data, { mails: true, more: ["--event_threads", "1"] });
  const results = [];
  for (let run = 0; run < stage.runs; run++) results.push(await stage.load(counter.address, { requests: stage.take(base.mailRequests, counts(stage)[8]), connections: 64 }));
  await counter.stop();
  table.add("SQLite, 64 clients, mails written to files meanwhile: applications", "rate", series(results.map((result) => result.rps)));
}

export function sqlite(file, sql) {
  return execFileSync("sqlite3", [file, sql], { encoding: "utf8" }).trim();
}
