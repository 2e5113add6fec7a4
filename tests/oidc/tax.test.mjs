// Tax information against the simulated self-information service: every outcome, what is attached, and what is refused.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { demo, openPortal, until } from "../story/lib/portal.mjs";
import { words } from "../story/lib/words.mjs";
import { homes, selfinfo } from "./lib/selfinfo.mjs";
import * as tax from "./lib/tax.mjs";
import { Visitor } from "./lib/visitor.mjs";

let portal, service, sql;

before(async () => {
  service = await selfinfo();
  portal = await openPortal({ people: true, settings: service.settings });
  await service.start(portal.base);
  sql = (text) => execFileSync("sqlite3", ["-cmd", ".timeout 5000", join(portal.data, "madoguchi.db"), text]).toString().trim();
});
after(async () => {
  await service?.stop();
  await portal?.close();
});

const say = (key) => words("en", key).replaceAll("'", "&#39;").replaceAll("\"", "&quot;");

const begin = (user) => tax.begin(portal, user);
const goThere = (visitor) => tax.goThere(visitor, service);
const fetchIt = (visitor, home) => tax.fetchIt(visitor, service, home);
const { comeBack } = tax;

test("the list of parts offers the button", async () => {
  const visitor = await begin();
  const page = await visitor.ask(visitor.draft);
  assert.ok(page.text.includes(say("tax.get")));
  assert.ok(page.text.includes(`href="${visitor.draft}/tax"`));
  assert.ok((await visitor.ask(`${visitor.draft}/confirm`)).text.includes(say("tax.none_attached")));
});

test("another procedure, another person, nobody", async () => {
  const visitor = await begin(), other = new Visitor(portal.base);
  await other.logIn(demo.arjun, demo.password);
  assert.equal((await other.ask(`${visitor.draft}/tax`)).status, 404);
  assert.match((await new Visitor(portal.base).ask(`${visitor.draft}/tax`)).to, /\/login\?/);
  const usage = await visitor.send(await visitor.ask("/procedures/usage"), /\/procedures\/usage$/);
  assert.equal((await visitor.ask(`${new URL(usage.to).pathname}/tax`)).status, 404);
});

for (const [kind, shown] of [["taxed", "42,000"], ["not_taxed", "190,000"], ["per_capita_only", "5,000"], ["not_declared", "990043"]]) {
  test(`ok: ${kind} is shown, and not attached by itself`, async () => {
    const visitor = await begin();
    const page = await fetchIt(visitor, homes[kind]);
    assert.ok(page.text.includes(say(`tax.class_${kind}`)), page.text);
    assert.ok(page.text.includes(shown));
    assert.ok(page.text.includes("selfinfo-sim"));
    assert.ok((await visitor.ask(`${visitor.draft}/confirm`)).text.includes(say("tax.none_attached")));
    assert.equal(sql("SELECT count(*) FROM tax_info WHERE state = 0 OR length(work) > 0"), "0", "no token is kept");
  });
}

const outcomes = { no_record: "no_record", not_yet: "not_yet", municipality_unsupported: "unsupported", broken: "unavailable" };
for (const [home, key] of Object.entries(outcomes)) {
  test(`${home}: says what it means and which paper to attach`, async () => {
    const page = await fetchIt(await begin(), homes[home]);
    for (const part of ["title", "detail", "paper"]) assert.ok(page.text.includes(say(`tax.${key}_${part}`)), `${part}\n${page.text}`);
    assert.ok(!page.text.includes('value="attach"'));
  });
}

test("declined on the page of consent", async () => {
  const visitor = await begin();
  const answer = await visitor.send(await goThere(visitor), /authorize$/, { answer: "decline" });
  const page = await visitor.follow(await comeBack(visitor, answer.to));
  assert.ok(page.text.includes(say("tax.refused_title")));
  assert.ok(page.text.includes(say("tax.again")));
});

test("one that never answers is unavailable after a minute", async () => {
  const visitor = await begin();
  const answer = await visitor.send(await goThere(visitor), /authorize$/, { home: homes.never, answer: "agree" });
  const back = await comeBack(visitor, answer.to);
  const waiting = await visitor.ask(back.to);
  assert.ok(waiting.text.includes(say("tax.waiting")));
  assert.match(waiting.text, /<noscript><meta http-equiv="refresh"/);
  sql("UPDATE tax_info SET until_at = begun_at + 1 WHERE state = 0");
  const page = await visitor.ask(back.to);
  assert.ok(page.text.includes(say("tax.unavailable_title")));
  await until("the note of it", () => sql("SELECT count(*) FROM tax_info WHERE state = 0") === "0");
});

test("attached: on the confirmation and in the list of parts, and taken away again", async () => {
  const visitor = await begin();
  const page = await fetchIt(visitor, homes.taxed);
  let answer = await visitor.send(page, /\/decide$/, { choice: "attach" });
  assert.equal(new URL(answer.to).pathname, visitor.draft);
  assert.ok((await visitor.ask(`${visitor.draft}/confirm`)).text.includes("42,000"));
  assert.ok((await visitor.ask(visitor.draft)).text.includes(say("tax.state_attached")));
  /* What is attached is not replaced: no button, and a form of before leads back. */
  const attached = await visitor.ask(`${visitor.draft}/tax`);
  assert.ok(!/action="[^"]*\/tax"/.test(attached.text));
  answer = await visitor.send(attached, /\/decide$/, { choice: "remove" });
  assert.ok((await visitor.ask(`${visitor.draft}/confirm`)).text.includes(say("tax.none_attached")));
  assert.equal(sql("SELECT count(*) FROM tax_info WHERE state = 2"), "0");
});

test("what is sent back from a page of before is not attached", async () => {
  const visitor = await begin();
  const first = await fetchIt(visitor, homes.taxed);
  await visitor.send(first, /\/decide$/, { choice: "remove" });
  await fetchIt(visitor, homes.not_taxed);
  const answer = await visitor.send(first, /\/decide$/, { choice: "attach" });
  assert.equal(new URL(answer.to).pathname, `${visitor.draft}/tax`);
  assert.equal(sql("SELECT count(*) FROM tax_info WHERE state = 2"), "0");
  assert.equal((await visitor.send(first, /\/decide$/, { choice: "sell" })).status, 400);
});

test("a failure cannot be attached", async () => {
  const visitor = await begin();
  await fetchIt(visitor, homes.no_record);
  const form = await visitor.ask(`${visitor.draft}/tax`);
  const id = sql("SELECT id FROM tax_info WHERE answer = 'no_record' ORDER BY id DESC LIMIT 1");
  const csrf = /name="_csrf" value="([^"]+)"/.exec(form.text)[1];
  await visitor.ask(`${visitor.draft}/tax/decide`, { method: "POST", body: new URLSearchParams({ _csrf: csrf, choice: "attach", info: id }) });
  assert.equal(sql("SELECT count(*) FROM tax_info WHERE state = 2"), "0");
});

test("the answer of another session, and one that was used", async () => {
  const visitor = await begin(), other = await begin(demo.arjun);
  const answer = await visitor.send(await goThere(visitor), /authorize$/, { home: homes.taxed, answer: "agree" });
  assert.equal((await comeBack(other, answer.to)).status, 404);
  await comeBack(visitor, answer.to);
  const rows = sql("SELECT count(*) FROM tax_info");
  const again = await comeBack(visitor, answer.to);
  assert.equal(new URL(again.to).pathname, `${visitor.draft}/tax`);
  assert.equal(sql("SELECT count(*) FROM tax_info"), rows);
});

test("a secret that the service does not know", async () => {
  const wrong = `${service.file}.wrong`;
  writeFileSync(wrong, "another\n");
  chmodSync(wrong, 0o600);
  await service.start(portal.base, { secretFile: wrong });
  const visitor = await begin();
  const answer = await visitor.send(await goThere(visitor), /authorize$/, { home: homes.taxed, answer: "agree" });
  const page = await visitor.follow(await comeBack(visitor, answer.to));
  assert.ok(page.text.includes(say("tax.unavailable_title")));
  await service.stop();
});

test("answers that are no such thing are the service's being away", async (t) => {
  const year = { fiscal_year: 2026, income_year: 2025, municipality: "990019", salary_income: 1, total_income: 1, dependents: 0, levy_income_based: 42000, levy_per_capita: 5000, class: "taxed" };
  const info = (years) => ({ state: "done", answer: "ok", info: { v: 1, fetched: 1, source: "x", years } });
  let answer = () => {};
  const server = createServer((req, res) => answer(req, res));
  await new Promise((done) => server.listen(service.port, "127.0.0.1", done));
  t.after(() => { server.closeAllConnections(); server.close(); });
  const json = (res, body) => res.writeHead(200, { "Content-Type": "application/json" }).end(typeof body === "string" ? body : JSON.stringify(body));
  const wrong = {
    "a class that its levies do not give": info([{ ...year, class: "not_taxed" }]),
    "a levy by income without one per capita": info([{ ...year, levy_per_capita: 0 }]),
    "an amount below nothing": info([{ ...year, total_income: -1 }]),
    "no year": info([]),
    "the same year twice": info([year, year]),
    "years that do not go together": info([{ ...year, income_year: 2024 }]),
    "a municipality of letters": info([{ ...year, municipality: "BEPPU!" }]),
    "an amount as a text": info([{ ...year, total_income: "1" }]),
    "no amounts": info([{ ...year, total_income: undefined }]),
    "no information": { state: "done", answer: "ok" },
    "an unknown answer": { state: "done", answer: "perhaps" },
    "an unknown state": { state: "soon" },
    "no JSON": "hello",
    "too much": `{"x":"${"x".repeat(1 << 17)}"}`,
  };
  for (const [name, body] of Object.entries(wrong)) {
    answer = (req, res) => {
      if (req.url.startsWith("/oauth/token")) return json(res, { access_token: "a", token_type: "Bearer" });
      if (req.url.startsWith("/request")) return json(res, { process_id: "p" });
      return json(res, body);
    };
    const visitor = await begin();
    const to = (await visitor.send(await visitor.ask(`${visitor.draft}/tax`), /\/tax$/)).to;
    const back = await comeBack(visitor, `/tax/cb?code=c&state=${new URL(to).searchParams.get("state")}`);
    const page = await until(name, async () => {
      const shown = await visitor.ask(back.to);
      return !shown.text.includes("data-until") && shown;
    });
    assert.ok(page.text.includes(say("tax.unavailable_title")), name);
  }
  for (const body of [{ token_type: "Bearer" }, { access_token: "a b" }, { access_token: "a\nb" }, { access_token: "" }]) {
    answer = (req, res) => json(res, body);
    const visitor = await begin();
    const to = (await visitor.send(await visitor.ask(`${visitor.draft}/tax`), /\/tax$/)).to;
    const page = await visitor.follow(await comeBack(visitor, `/tax/cb?code=c&state=${new URL(to).searchParams.get("state")}`));
    assert.ok(page.text.includes(say("tax.unavailable_title")), JSON.stringify(body));
  }
});

test("nothing of codes, tokens and amounts is in the log", () => {
  const log = JSON.stringify(portal.log);
  for (const word of ["code=", "Bearer", "42000", "NGUYEN"]) assert.ok(!log.includes(word), word);
});
