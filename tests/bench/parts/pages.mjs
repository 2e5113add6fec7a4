// Pages a second on one core, directly and through nginx, against a loop that sends as many bytes without reading the request.

import { unlinkSync } from "node:fs";
import { startNginx } from "../lib/nginx.mjs";
import { series, Table } from "../lib/table.mjs";

const RAW_HEAD = 119; // of raw_loop's answers
const budgets = {
  "/healthz": { text: "≥ 0.85 of raw", ratio: 0.85 },
  login: { text: "≥ 0.75 of raw", ratio: 0.75 },
  list: { text: "≥ 0.18 of raw", ratio: 0.18 },
};

// The program and the raw loop take turns, so that what else the machine does falls on both.
async function inTurns(stage, options, both) {
  const results = both.map(() => []);
  for (let run = 0; run < stage.runs; run++) {
    for (const [i, [to, more]] of both.entries()) results[i].push(await stage.load(to, { ...options, ...more, seconds: stage.seconds, warm: run === 0 ? 1 : 0 }));
  }
  return results.map((list) => (key) => series(list.map((result) => result[key])));
}

async function page(stage, table, counter, nginx, { what, path, cookie, key }) {
  const probe = await stage.load(counter.address, { path, cookie, connections: 1, count: 10 });
  const bytes = Math.round(probe.bytes / probe.requests);
  const raw = await stage.rawLoop("127.0.0.1:0", Math.max(bytes - RAW_HEAD, 1));
  const [own, limit] = await inTurns(stage, { connections: 64 }, [[counter.address, { path, cookie, pid: counter.pid }], [raw.address, { pid: raw.pid }]]);
  await raw.stop();
  const name = `${what}, ${(bytes / 1024).toFixed(1)} KB`;
  table.add(`${name}: requests`, "rate", own("rps"), { raw: limit("rps"), budget: budgets[key] });
  table.add("– processor time of a request", "us", own("cpu_us"), { raw: limit("cpu_us") });
  table.add("– p99", "ms", own("p99_us"), { raw: limit("p99_us"), budget: key === "list" ? { text: "≤ 20 ms", most: 20000 } : undefined });

  const behind = await stage.rawLoop(`unix:${stage.path("raw.sock")}`, Math.max(bytes - RAW_HEAD, 1));
  const [proxied, proxiedLimit] = await inTurns(stage, { connections: 64 }, [[nginx.address, { path, cookie }], [nginx.rawAddress, {}]]);
  await behind.stop();
  unlinkSync(stage.path("raw.sock"));
  table.add("– through nginx: requests", "rate", proxied("rps"), { raw: proxiedLimit("rps"), budget: key === "list" ? { text: "≥ 5,000/s", least: 5000 } : undefined });
  table.add("– through nginx: p99", "ms", proxied("p99_us"), { raw: proxiedLimit("p99_us") });
}

export async function pages(stage, counter, base) {
  const table = new Table("Pages, one core, 64 connections",
    "`raw` is an epoll loop that reads, does not look at what it read, and sends as many bytes as the page's answer has; in the lines \"through nginx\" it stands behind the same nginx. Program, nginx and "
    + "raw loop run on one core; the client has another to itself and does not sleep, because waking it would be the server's work here and is not across a network. The reader has 50 applications among those of others, and a session cookie.");
  const nginx = await startNginx(stage, counter.socket, stage.path("raw.sock"));
  await page(stage, table, counter, nginx, { what: "/healthz", key: "/healthz", path: "/healthz" });
  await page(stage, table, counter, nginx, { what: "login page", key: "login", path: "/login" });
  await page(stage, table, counter, nginx, { what: `list of 50 of ${base.applications.toLocaleString("en-US")} applications`, key: "list", path: base.list, cookie: base.cookie });
  await page(stage, table, counter, nginx, { what: "section page, filled in", key: "section", path: base.section, cookie: base.cookie });
  await nginx.stop();
  return table;
}
