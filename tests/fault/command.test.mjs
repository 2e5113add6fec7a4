// The command line: what it does not know, what an operator's command needs, and what a start says of a schema that is too new.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Counter, begin, root } from "./lib/counter.mjs";

const DONE = 0, USAGE = 64, CONFIG = 78;
const cluster = process.env.STORE_TEST_PG_URL;
const psql = (text, url) => execFileSync("psql", ["-qAt", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", text], { encoding: "utf8" }).trim();

async function end(counter, words, options = counter.options()) {
  const child = begin([process.env.MADOGUCHI, ...words, ...options], { cwd: counter.folder, stdio: ["ignore", "pipe", "pipe"] });
  let said = "", out = "";
  child.stderr.on("data", (piece) => { said += piece; });
  child.stdout.on("data", (piece) => { out += piece; });
  const { code } = await child.ended;
  return { code, said, out };
}

async function made(t, name) {
  const counter = await new Counter({ name }).choosePort();
  t.after(() => counter.close());
  assert.equal((await end(counter, ["admin", "init"])).code, DONE);
  return counter;
}

test("words and options that a command does not know are not passed over", async (t) => {
  const counter = await made(t, "command");
  const window = ["--from", "2036-12-05T22:00+09:00", "--until", "2036-12-06T06:00+09:00"];
  assert.equal((await end(counter, ["admin", "maintenance", "set", ...window])).code, DONE);
  const cases = [
    [["run", "now"], /"now"/],
    [["run", "--json"], /no option --json/],
    [["serve", "--note", "x"], /no option --note/],
    [["work", "all"], /"all"/],
    [["check-config", "/etc/madoguchi.conf"], /"\/etc\/madoguchi\.conf"/],
    [["dump-config", "exmaple"], /"exmaple"/],
    [["admin", "audit", "verify", "lane"], /"lane"/],
    [["admin", "audit", "verify", "--json"], /no option --json/],
    [["admin", "usage", "list", "281263024410"], /"281263024410"/],
    [["admin", "application", "files", "281263024410", "papers", "more"], /"more"/],
    [["admin", "notice", "remove", "1", "2"], /"2"/],
    [["admin", "maintenance", "clear", "--from", "2036-12-05T22:00+09:00"], /no option --from/],
  ];
  for (const [words, said] of cases) {
    const ended = await end(counter, words);
    assert.equal(ended.code, USAGE, `${words.join(" ")}: ${ended.said}`);
    assert.match(ended.said, said);
  }
  assert.equal(counter.sql("SELECT count(*) AS n FROM maintenance")[0].n, 1, "the window is still announced");
  assert.equal((await end(counter, ["dump-config", "example"])).code, DONE);
  assert.match((await end(counter, ["admin", "maintenance", "show", "--json"])).out, /2036-12-05/);
});

test("an operator's command wants no secret that only the service manager passes", async (t) => {
  const counter = await made(t, "by-hand");
  const file = join(counter.folder, "madoguchi.conf");
  writeFileSync(file, `
data = ${counter.data}
procedures = ${join(root, "procedures")}
postal_codes = ${process.env.POSTAL_CODES}
listen = 127.0.0.1:${counter.port}
mail_from = no-reply@counter.example
mail_relay = smtp://relay.example:25
mail_user = counter
mail_password_file = credential:mail
tax_auth_url = https://tax.example/a
tax_token_url = https://tax.example/t
tax_request_url = https://tax.example/r
tax_result_url = https://tax.example/s
tax_client_id = counter
tax_secret_file = credential:tax
`);
  const options = ["--config", file];
  for (const words of [["admin", "audit", "verify"], ["admin", "queue"], ["admin", "migrate"], ["admin", "files", "verify"]]) {
    const { code, said } = await end(counter, words, options);
    assert.equal(code, DONE, `${words.join(" ")}: ${said}`);
  }
  assert.match((await end(counter, ["dump-config"], options)).out, /^tax_secret_file = credential:tax$/m);
  for (const words of [["run"], ["work"], ["check-config"]]) {
    const { code, said } = await end(counter, words, options);
    assert.equal(code, CONFIG, words[0]);
    assert.match(said, /mail_password_file: the service manager has passed no credentials/);
    assert.match(said, /tax_secret_file: the service manager has passed no credentials/);
  }
});

const starts = [["run"], ["serve"], ["work"], ["admin", "migrate"], ["admin", "init"], ["admin", "queue"]];

async function refused(counter) {
  for (const words of starts) {
    const { code, said } = await end(counter, words);
    assert.equal(code, CONFIG, `${words.join(" ")}: ${said}`);
    assert.match(said, /newer than this program's/);
  }
}

test("a schema of a newer program is no case for another try", async (t) => {
  const counter = await made(t, "newer");
  counter.harm("INSERT INTO schema_version (version, name) VALUES (9000, '9000_future')");
  await refused(counter);
});

test("the same on PostgreSQL", { skip: !cluster && "no cluster: run it by tests/store/with_pg.sh" }, async (t) => {
  const name = `command_${process.pid}`, database = cluster.replace("/postgres?", `/${name}?`);
  psql(`CREATE DATABASE ${name} ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`, cluster);
  const counter = await new Counter({ name: "newer-pg", settings: { database } }).choosePort();
  t.after(async () => {
    await counter.close();
    psql(`DROP DATABASE ${name} WITH (FORCE)`, cluster);
  });
  assert.equal((await end(counter, ["admin", "migrate"])).code, DONE);
  psql("INSERT INTO schema_version (version, name) VALUES (9000, '9000_future')", database);
  await refused(counter);
});
