// The whole program on PostgreSQL: a person's way, and what breaks between the two: connections that are ended, the answer to a COMMIT that is
// lost, a server that is away or says nothing for a while. F-30 and F-33 in small.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import http from "node:http";
import net from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Counter, ask, press, referenceOf, temporaryFolder, until } from "./lib/counter.mjs";
import { folderOf } from "./lib/mail.mjs";
import { Person } from "./lib/person.mjs";

const cluster = process.env.STORE_TEST_PG_URL;
const name = `fault_${process.pid}`;
const address = cluster?.replace("/postgres?", `/${name}?`);
const psql = (text, url = address) => execFileSync("psql", ["-qAt", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", text], { encoding: "utf8" }).trim();

/** Between the program and the server, on a socket of its own, with hands in what passes. */
class Middle {
  #pairs = new Set();

  constructor(to) {
    this.folder = temporaryFolder("pg");
    this.to = to;
    // What happens next: undefined, or "lose answer", "lose request" of a COMMIT.
    this.next = undefined;
    this.lost = 0;
    this.stalled = false;
  }

  open() {
    this.server = net.createServer((client) => this.#pair(client));
    return new Promise((done) => this.server.listen(join(this.folder, ".s.PGSQL.5432"), done));
  }

  #pair(client) {
    const server = net.connect(this.to);
    const pair = { client, server };
    this.#pairs.add(pair);
    const end = () => {
      client.destroy();
      server.destroy();
      this.#pairs.delete(pair);
    };
    for (const socket of [client, server]) socket.on("error", end).on("close", end);
    client.on("data", (piece) => {
      /* Each connection has it prepared under this name (src/store/pg_send.c). */
      if (this.next === "lose request" && piece.includes("\0commit\0")) return this.#cut(end);
      this.#pass(piece, server);
    });
    server.on("data", (piece) => {
      if (this.next === "lose answer" && piece.includes("COMMIT\0")) return this.#cut(end);
      this.#pass(piece, client);
    });
  }

  #cut(end) {
    this.next = undefined;
    this.lost++;
    end();
  }

  async #pass(piece, to) {
    if (!this.stalled) return void to.write(piece);
    this.held ??= [];
    this.held.push(() => to.write(piece));
  }

  stall() {
    this.stalled = true;
  }

  go() {
    this.stalled = false;
    for (const write of this.held ?? []) write();
    this.held = undefined;
  }

  async close() {
    for (const { client, server } of this.#pairs) {
      client.destroy();
      server.destroy();
    }
    await new Promise((done) => this.server.close(done));
  }
}

describe("on PostgreSQL", { skip: !cluster && "no cluster: run it by tests/store/with_pg.sh" }, () => {
  let counter, middle, crowd;

  before(async () => {
    psql(`CREATE DATABASE ${name}`, cluster);
    middle = new Middle(`${new URL(address.replace("postgresql:///", "postgresql://x/")).searchParams.get("host")}/.s.PGSQL.5432`);
    await middle.open();
    const url = `postgresql:///${name}?host=${middle.folder}&user=postgres`;
    counter = await new Counter({ name: "postgresql", settings: { database: url } }).choosePort();
    crowd = await counter.people(8, 30);
    await counter.start();
  });

  after(async () => {
    await counter?.close();
    await middle?.close();
    if (cluster) psql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`, cluster);
  });

  /** That number of presses at once, of drafts that nobody has pressed. */
  let taken = 0;
  const fresh = (count) => Array.from({ length: count }, () => {
    const at = taken++;
    return { person: crowd[at % crowd.length], draft: crowd[at % crowd.length].drafts[Math.floor(at / crowd.length)] };
  });
  const pressAll = (presses, agent) => Promise.all(presses.map(async (one) => {
    one.answer = await press(counter.base, one.person, one.draft, { agent });
    one.reference = referenceOf(one.answer);
    return one.answer;
  }));

  /** What must hold at any time. */
  async function check() {
    assert.equal(psql("SELECT count(*) FROM application a JOIN draft d ON d.token = a.token"), "0");
    assert.equal(psql("SELECT count(*) - count(DISTINCT token) FROM application"), "0");
    assert.equal(psql("SELECT count(*) - (SELECT count(*) FROM outbox WHERE template = 'application_received') FROM application"), "0");
    assert.equal(psql("SELECT count(*) - (SELECT count(*) FROM audit_entry WHERE event = 'application_submitted') FROM application"), "0");
    assert.equal(counter.starts, 1);
  }

  test("from registration to the receipt", async (t) => {
    const mai = new Person(counter.base);
    t.after(() => mai.close());
    await mai.register("mai@example.jp", folderOf(counter));
    assert.equal(await mai.logIn(), "/my-page");
    const reference = await mai.receipt(await mai.apply(await mai.fill()));
    assert.equal(await mai.receipt(await mai.pressAgain()), reference);
    assert.ok((await mai.see("/applications")).text.includes(reference));
    await check();
  });

  test("connections ended again and again under load: 503 at most, and what was acknowledged is there", async (t) => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
    const presses = fresh(80);
    let done = false, ended = 0;
    const killing = (async () => {
      while (!done) {
        ended += Number(psql(`SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '${name}' AND pid <> pg_backend_pid() AND backend_type = 'client backend'`, cluster));
        await sleep(50 + Math.random() * 300);
      }
    })();
    for (let i = 0; i < presses.length; i += 8) await pressAll(presses.slice(i, i + 8), agent);
    const pages = await Promise.all(Array.from({ length: 8 }, () => ask(counter.base, "/notices", { agent })));
    done = true;
    await killing;
    for (const { status } of [...presses.map((one) => one.answer), ...pages]) assert.ok([200, 303, 503].includes(status), String(status));
    const first = presses.filter((one) => one.reference);

    await until("recovery", async () => (await ask(counter.base, "/notices")).status === 200);
    for (const one of presses) {
      const again = referenceOf(await press(counter.base, one.person, one.draft, { agent }));
      assert.ok(again);
      if (one.reference) assert.equal(again, one.reference);
      one.reference = again;
    }
    agent.destroy();
    assert.equal(new Set(presses.map((one) => one.reference)).size, presses.length);
    await check();
    t.diagnostic(`${ended} connections ended; of ${presses.length} presses ${first.length} acknowledged at once, the others at the second press`);
  });

  for (const what of ["lose answer", "lose request"])
    test(`a COMMIT: ${what}; pressing again gives one number`, async () => {
      const numbers = new Map();
      for (const one of fresh(6)) {
        // Those who send mails are to have nothing to say meanwhile.
        await until("the mails", () => psql("SELECT count(*) FROM outbox WHERE state = 0") === "0");
        const lost = middle.lost;
        middle.next = what;
        const answer = await press(counter.base, one.person, one.draft);
        if (middle.lost === lost) await until("the cut", () => middle.lost > lost);
        const stored = psql(`SELECT reference FROM application WHERE token = '${one.draft.token}'`);
        const again = referenceOf(await press(counter.base, one.person, one.draft));
        assert.ok(again);
        if (stored) assert.equal(again, stored, "the number of what had been stored");
        if (referenceOf(answer)) assert.equal(again, referenceOf(answer));
        else assert.equal(answer.status, 503);
        numbers.set(one, { seen: answer.status, stored: Boolean(stored) });
      }
      await check();
      const cut = [...numbers.values()].filter(({ seen }) => seen === 503);
      assert.ok(cut.length > 0, "a press was cut");
      assert.equal(cut.some(({ stored }) => stored), what === "lose answer");
    });

  test("away: 503 with what was typed, and there again: all works in the same process", async () => {
    await middle.close();
    const [one, two] = fresh(2);
    const cookies = { Cookie: `session=${one.person.session}; language=en` };
    assert.equal((await ask(counter.base, "/healthz")).status, 200);
    const page = await ask(counter.base, "/my-page", { headers: cookies });
    assert.equal(page.status, 503);
    assert.ok(page.headers["retry-after"]);
    const answer = await ask(counter.base, `/drafts/${one.draft.id}/sections/stay`, { headers: cookies,
      body: new URLSearchParams({ _csrf: one.person.csrf, reason: "I typed <this>", _leave: "1" }).toString() });
    assert.equal(answer.status, 503);
    assert.ok(answer.text.includes("I typed &lt;this&gt;"));
    const token = new RegExp(`<form id="again" method="post" action="/drafts/${one.draft.id}/sections/stay">[^]*?name="_csrf" value="([^"]{86})"`).exec(answer.text)?.[1];
    assert.ok(token, "it can be sent again from there");
    assert.equal((await press(counter.base, two.person, two.draft)).status, 503);

    await middle.open();
    await until("recovery", async () => (await ask(counter.base, "/notices")).status === 200);
    assert.equal((await ask(counter.base, `/drafts/${one.draft.id}/sections/stay`, { headers: cookies,
      body: new URLSearchParams({ _csrf: token, reason: "I typed <this>", _leave: "1" }).toString() })).status, 303);
    assert.ok(referenceOf(await press(counter.base, two.person, two.draft)));
    await check();
  });

  test("silent for a while: some wait, the others are told, nothing piles up", async (t) => {
    const presses = fresh(40);
    middle.stall();
    const began = performance.now();
    const answers = pressAll(presses);
    assert.equal((await ask(counter.base, "/healthz")).status, 200);
    await until("one who is told", () => presses.some((one) => one.answer), 60);
    const told = presses.filter((one) => one.answer);
    for (const one of told) assert.equal(one.answer.status, 503);
    const waited = Math.round(performance.now() - began);
    middle.go();
    for (const { status } of await answers) assert.ok(status === 303 || status === 503);
    for (const one of presses) {
      const again = referenceOf(await press(counter.base, one.person, one.draft));
      assert.ok(again);
      if (one.reference) assert.equal(again, one.reference);
    }
    await check();
    t.diagnostic(`${presses.length} presses: the first was told after ${waited} ms, ${presses.filter((one) => one.reference).length} were served when it spoke again`);
  });

  test("in the end the chains are whole, and SIGTERM ends it", async () => {
    assert.match(await counter.admin("audit", "verify"), /every chain is whole/);
    assert.deepEqual(await counter.signal("SIGTERM"), { code: 0, signal: null });
  });
});
