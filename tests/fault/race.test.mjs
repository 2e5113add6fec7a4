// S-10: the same press many times at once, and presses against each other. Whatever comes first, there is exactly one effect.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import http from "node:http";
import { after, before, describe, test } from "node:test";
import { Counter, ask, press, referenceOf } from "./lib/counter.mjs";

const cluster = process.env.STORE_TEST_PG_URL;
const rounds = 12;
const together = 50;

const engines = {
  SQLite: () => ({ settings: {}, sql: (counter, text) => Number(Object.values(counter.sql(text)[0])[0]), end() {} }),
  PostgreSQL: () => {
    const name = `race_${process.pid}`;
    const address = cluster.replace("/postgres?", `/${name}?`);
    const psql = (url, text) => execFileSync("psql", ["-qAt", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", text], { encoding: "utf8" }).trim();
    psql(cluster, `CREATE DATABASE ${name}`);
    return { settings: { database: address }, sql: (_, text) => Number(psql(address, text)), end: () => psql(cluster, `DROP DATABASE ${name} WITH (FORCE)`) };
  },
};

for (const [engine, open] of Object.entries(engines))
  describe(`at once, on ${engine}`, { skip: engine === "PostgreSQL" && !cluster && "no cluster: run it by tests/store/with_pg.sh" }, () => {
    let counter, store, person, agent;
    let next = 0;

    before(async () => {
      store = open();
      counter = await new Counter({ name: "race", settings: store.settings }).choosePort();
      [person] = await counter.people(1, 3 * rounds);
      await counter.start();
      agent = new http.Agent({ keepAlive: true, maxSockets: together });
    });

    after(async () => {
      agent?.destroy();
      await counter?.close();
      store?.end();
    });

    const count = (what) => store.sql(counter, what);
    const remove = (draft) => ask(counter.base, `/drafts/${draft.id}/delete`, { agent, headers: { Cookie: `session=${person.session}` },
      body: new URLSearchParams({ _csrf: person.csrf }).toString() });
    /* Every other page tells its name, as those do that are merged. */
    const save = (draft, text, n) => ask(counter.base, `/drafts/${draft.id}/sections/stay/saved`, { agent, headers: { Cookie: `session=${person.session}` },
      body: new URLSearchParams({ _csrf: person.csrf, reason: text, _seen: n % 2 ? `tab-000${n}` : "" }).toString() });

    test(`${together} presses of one draft: one application, one number, one mail`, async () => {
      const before = count("SELECT count(*) FROM application");
      for (let i = 0; i < rounds; i++) {
        const draft = person.drafts[next++];
        const answers = await Promise.all(Array.from({ length: together }, () => press(counter.base, person, draft, { agent })));
        const references = new Set(answers.map(referenceOf));
        assert.equal(references.size, 1, [...references].join(" "));
        assert.ok(!references.has(undefined));
        assert.equal(count(`SELECT count(*) FROM application WHERE token = '${draft.token}'`), 1);
      }
      assert.equal(count("SELECT count(*) FROM application") - before, rounds);
      assert.equal(count("SELECT count(*) FROM outbox WHERE template = 'application_received'"), before + rounds);
      assert.equal(count("SELECT count(*) FROM audit_entry WHERE event = 'application_submitted'"), before + rounds);
    });

    test("press against delete: an application or nothing, as the answers say", async () => {
      for (let i = 0; i < rounds; i++) {
        const draft = person.drafts[next++];
        const [pressed, removed] = await Promise.all(i % 2 ? [press(counter.base, person, draft, { agent }), remove(draft)]
          : [remove(draft), press(counter.base, person, draft, { agent })].reverse());
        const applications = count(`SELECT count(*) FROM application WHERE token = '${draft.token}'`);
        assert.equal(count(`SELECT count(*) FROM draft WHERE token = '${draft.token}'`), 0);
        assert.equal(applications, referenceOf(pressed) ? 1 : 0);
        assert.ok(referenceOf(pressed) || pressed.status === 404, String(pressed.status));
        assert.ok(removed.status === (applications ? 404 : 303), `${removed.status} with ${applications}`);
      }
    });

    test("press against saves from another tab: all are answered, and what is submitted is whole", async () => {
      for (let i = 0; i < rounds; i++) {
        const draft = person.drafts[next++];
        const tabs = Promise.all(Array.from({ length: 10 }, (_, n) => save(draft, `tab ${n}`, n)));
        const answer = await press(counter.base, person, draft, { agent });
        for (const { status } of await tabs) assert.ok(status === 200 || status === 404, String(status));
        // A draft that changes faster than it can be looked at: the person is told to press again, and then it is quiet.
        if (!referenceOf(answer)) assert.equal(answer.status, 503);
        const reference = referenceOf(await press(counter.base, person, draft, { agent }));
        assert.ok(reference);
        if (referenceOf(answer)) assert.equal(referenceOf(answer), reference);
        assert.equal(count(`SELECT count(*) FROM draft WHERE token = '${draft.token}'`), 0);
        assert.equal((await ask(counter.base, `/applications/${reference}`, { agent, headers: { Cookie: `session=${person.session}` } })).status, 200);
      }
      assert.match(await counter.admin("audit", "verify"), /every chain is whole/);
    });
  });
