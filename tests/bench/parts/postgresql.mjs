// The same on PostgreSQL, with a cluster of its own that waits for the disk.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../lib/stage.mjs";
import { Table } from "../lib/table.mjs";
import { draftsFor, mailsSent, submissions } from "./submit.mjs";

const options = "-c fsync=on -c full_page_writes=on -c synchronous_commit=on -c deadlock_timeout=1s -c shared_buffers=128MB";

function ask(url, ...lines) {
  execFileSync("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", url, ...lines.flatMap((line) => ["-c", line])], { stdio: ["ignore", "ignore", "inherit"] });
}

export async function onPostgresql(stage, applications) {
  const cluster = await stage.start(null, join(root, "tests/store/with_pg.sh"), ["sh", "-c", "echo \"url $STORE_TEST_PG_URL\"; read -r _ || true"],
    { ready: /url (\S+)/, env: { TMPDIR: stage.folder, STORE_TEST_PG_OPTIONS: options, STORE_TEST_PG_URL: "" } });
  const url = (name) => cluster.found[1].replace("///postgres?", `///${name}?`);
  ask(url("postgres"), "CREATE DATABASE bench");
  const base = await stage.prepare("postgresql", applications, draftsFor(stage), { more: ["--database", url("bench")] });
  ask(url("bench"), mailsSent, "VACUUM ANALYZE");
  ask(url("postgres"), "CREATE DATABASE raw TEMPLATE bench", "CHECKPOINT");
  stage.settle();
  const counter = await stage.counter(base.data, { core: null, more: ["--database", url("bench")] });
  const table = new Table("Applications, PostgreSQL, both cores",
    "The database server, the program (or the raw loop) and the client share the cores; `fsync`, `full_page_writes` and `synchronous_commit` are on. `raw` sends the same statements from as many connections "
    + "as there are clients, each submission as one pipeline with one round trip, which the program cannot do: it reads the session, the draft, the account and the files first, and the head of the audit chain before it writes its entries.");
  await submissions(stage, table, {
    store: "PostgreSQL",
    requests: base.requests,
    own: (more) => stage.load(counter.address, { ...more, core: null }),
    raw: async (clients, count) => {
      const [result] = await stage.once(null, "raw_store", url("raw"), clients, count);
      return result;
    },
    budgets: { 1: { text: "≥ 0.5 of raw", ratio: 0.5 }, 8: { text: "≥ 0.5 of raw", ratio: 0.5 }, 64: { text: "≥ 0.5 of raw", ratio: 0.5 } },
  });
  await counter.stop();
  await cluster.stop();
  return table;
}
