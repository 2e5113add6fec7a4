// D1, D2, D4 and D8: the program is killed at random moments while people press Apply. Whoever has seen a reference number finds the
// application after the restart, once; whoever has not, presses again.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Counter, ask, press, referenceOf, until } from "./lib/counter.mjs";

const rounds = Number(process.env.KILL_ROUNDS ?? 50);
const together = 8;
const people = 40;

test(`${rounds} kills under load`, async (t) => {
  const counter = await new Counter({ name: "kill" }).choosePort();
  t.after(() => counter.close());
  const crowd = await counter.people(people, rounds);
  const figures = { acknowledged: 0, unanswered: 0, committed: 0, ready: [] };
  const references = new Map();

  await counter.start();
  for (let round = 0; round < rounds; round++) {
    const presses = crowd.map((person) => ({ person, draft: person.drafts[round] }));
    await killedRound(counter, presses);
    // Now and then the restart is killed too.
    if (round % 5 === 4) await counter.startAndKill(Math.random() * 120);
    figures.ready.push(await counter.start());
    await checkRound(counter, presses, references, figures);
    if ((round + 1) % 10 === 0) await checkAll(counter, (round + 1) * people, rounds * people);
  }
  await checkMails(counter, rounds * people);

  const ready = figures.ready.sort((a, b) => a - b).map(Math.round);
  t.diagnostic(`${rounds} kills under load and ${Math.floor(rounds / 5)} of a restart: ${figures.acknowledged} acknowledged, 0 lost, 0 doubled; ${figures.unanswered} without an answer, of which ${figures.committed} had been stored`);
  t.diagnostic(`ready again in ms: median ${ready[ready.length >> 1]}, longest ${ready.at(-1)}`);
  assert.ok(figures.acknowledged > 0 && figures.unanswered > 0, "the kills fell into the load");
});

/** All press at once; after a number of answers that chance says, the program is killed. */
async function killedRound(counter, presses) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: together });
  const dieAfter = Math.floor(Math.random() * presses.length);
  let answered = 0, dead;
  const die = async () => {
    if (Math.random() < 0.5) await sleep(Math.random() * 8);
    dead ??= counter.signal("SIGKILL");
  };
  if (dieAfter === 0) die();
  await Promise.all(presses.map(async (one) => {
    one.answer = await press(counter.base, one.person, one.draft, { agent }).catch(() => undefined);
    if (one.answer && ++answered === dieAfter) die();
  }));
  await until("its end", () => dead);
  assert.deepEqual(await dead, { code: null, signal: "SIGKILL" });
  agent.destroy();
}

async function checkRound(counter, presses, references, figures) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: together });
  const tokens = new Map(counter.sql("SELECT token, reference FROM application").map((row) => [row.token, row.reference]));
  const drafts = new Set(counter.sql("SELECT token FROM draft").map((row) => row.token));

  for (const one of presses) {
    const { token } = one.draft;
    assert.notEqual(drafts.has(token), tokens.has(token), "a draft or an application, never both and never neither");
    if (!one.answer) {
      figures.unanswered++;
      figures.committed += tokens.has(token) ? 1 : 0;
      continue;
    }
    assert.equal(one.answer.status, 303, one.answer.text);
    one.reference = referenceOf(one.answer);
    assert.ok(one.reference, one.answer.headers.location);
    assert.equal(tokens.get(token), one.reference, "acknowledged, so it is there");
    figures.acknowledged++;
  }
  await Promise.all(presses.map(async (one) => {
    const again = referenceOf(await press(counter.base, one.person, one.draft, { agent }));
    assert.ok(again, "a second press leads to a receipt");
    if (one.reference) assert.equal(again, one.reference, "the same press, the same number");
    assert.ok(!references.has(again), "a number is given once");
    references.set(again, one.draft.token);
    const receipt = await ask(counter.base, `/applications/${again}/receipt`, { agent, headers: { Cookie: `session=${one.person.session}; language=en` } });
    assert.equal(receipt.status, 200);
    assert.ok(receipt.text.includes(again));
  }));
  agent.destroy();
}

/** What must hold at any time, of all that was ever pressed. */
async function checkAll(counter, pressed, all) {
  const [counts] = counter.sql(`SELECT (SELECT count(*) FROM application) AS applications, (SELECT count(DISTINCT token) FROM application) AS tokens,
    (SELECT count(DISTINCT reference) FROM application) AS numbers, (SELECT count(*) FROM draft) AS drafts,
    (SELECT count(*) FROM outbox WHERE template = 'application_received') AS mails,
    (SELECT count(*) FROM audit_entry WHERE event = 'application_submitted') AS entries,
    (SELECT count(*) FROM application_event) AS events,
    (SELECT count(*) FROM application a WHERE (SELECT count(*) FROM number n WHERE n.application_id = a.id) <> 2) AS unnumbered,
    (SELECT count(*) FROM application a WHERE NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.object_id = a.id AND e.account_id = a.account_id)) AS unaudited`);
  assert.deepEqual(counts, { applications: pressed, tokens: pressed, numbers: pressed, drafts: all - pressed, mails: pressed, entries: pressed,
    events: pressed, unnumbered: 0, unaudited: 0 });
  assert.match(await counter.admin("audit", "verify"), /every chain is whole/);
  assert.match(await counter.admin("audit", "heads"), /^(\d+ (0 |[1-9]\d* [0-9a-f]{64})\n){16}$/);
  assert.deepEqual(counter.sql("PRAGMA integrity_check"), [{ integrity_check: "ok" }]);
}

/** D5: the mails leave, one for each application. Those that a killed process had in hand wait for its lease to end: here that is now. */
async function checkMails(counter, count) {
  counter.harm("UPDATE outbox SET next_at = 1 WHERE state = 0");
  await until("the mails", () => counter.sql("SELECT count(*) AS n FROM outbox WHERE state = 0")[0].n === 0, 120);
  assert.deepEqual(counter.sql("SELECT state, count(*) AS n FROM outbox WHERE template = 'application_received' GROUP BY state"), [{ state: 1, n: count }]);
  assert.equal(readdirSync(join(counter.data, "mail")).filter((name) => name.endsWith(".eml")).length, count);
}
