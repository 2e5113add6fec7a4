// F-03, F-70: an orderly end while people press, and visitors who are slow on purpose.

import assert from "node:assert/strict";
import http from "node:http";
import net from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Counter, ask, begin, press, referenceOf, until } from "./lib/counter.mjs";

/** A connection that is spoken to in bytes. */
function connect(counter) {
  const socket = net.connect(counter.port, "127.0.0.1");
  const line = { socket, text: "", closed: false };
  socket.on("data", (piece) => { line.text += piece; });
  socket.on("error", () => {});
  line.ended = new Promise((done) => socket.on("close", () => {
    line.closed = true;
    done();
  }));
  return new Promise((done, failed) => socket.once("error", failed).once("connect", () => done(line)));
}

test("SIGTERM under load: what was begun is finished, the rest was not begun", async (t) => {
  const counter = await new Counter({ name: "stop" }).choosePort();
  t.after(() => counter.close());
  const crowd = await counter.people(8, 40);
  await counter.start();
  const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
  const presses = crowd.flatMap((person) => person.drafts.map((draft) => ({ person, draft })));
  let answered = 0, ended;

  // One who is in the middle of a form that takes its time.
  const slow = presses.pop();
  const line = await connect(counter);
  const body = new URLSearchParams({ _csrf: slow.person.csrf, token: slow.draft.token }).toString();
  line.socket.write(`POST /drafts/${slow.draft.id}/apply HTTP/1.1\r\nHost: x\r\nCookie: session=${slow.person.session}\r\nContent-Type: application/x-www-form-urlencoded\r\n`
    + `Content-Length: ${body.length}\r\n\r\n${body.slice(0, 20)}`);
  await Promise.all(presses.map(async (one) => {
    one.answer = await press(counter.base, one.person, one.draft, { agent }).catch((error) => void (one.error = error));
    if (one.answer && ++answered === 60) ended = counter.signal("SIGTERM");
  }));
  await sleep(200);
  line.socket.write(body.slice(20));
  await line.ended;
  assert.deepEqual(await ended, { code: 0, signal: null });
  agent.destroy();

  assert.match(line.text, /^HTTP\/1\.1 303 /);
  assert.match(line.text, /\r\nConnection: close\r\n/i);
  const stored = new Map(counter.sql("SELECT token, reference FROM application").map((row) => [row.token, row.reference]));
  assert.ok(stored.has(slow.draft.token));
  stored.delete(slow.draft.token);
  for (const one of presses) {
    if (one.answer) assert.equal(stored.get(one.draft.token), referenceOf(one.answer), one.answer.text);
    else assert.ok(!stored.has(one.draft.token), "no answer, so nothing was done");
  }
  const away = presses.filter((one) => one.error && one.error.code !== "ECONNREFUSED").length;
  t.diagnostic(`${answered} answered, ${away} on connections that were just closed, ${presses.length - answered - away} came after the end`);
  assert.ok(answered >= 60);
  assert.equal(stored.size, answered);
  assert.deepEqual(counter.sql("SELECT count(*) AS n FROM outbox WHERE state = 0 AND lease_owner <> ''"), [{ n: 0 }], "no mail is left in hand");

  await counter.start();
  for (const one of presses.filter(({ answer }) => !answer).slice(0, 10)) assert.ok(referenceOf(await press(counter.base, one.person, one.draft)));
  assert.match(await counter.admin("audit", "verify"), /every chain is whole/);
  assert.deepEqual(await counter.signal("SIGINT"), { code: 0, signal: null }, "Ctrl-C is the same");
});

test("slow heads and slow bodies beside an ordinary visitor", async (t) => {
  const counter = await new Counter({ name: "slow" }).choosePort();
  t.after(() => counter.close());
  await counter.start();
  const lines = [];
  for (let i = 0; i < 400; i++) {
    const line = await connect(counter);
    line.head = i % 2 === 0;
    line.socket.write(line.head ? "GET / HTTP/1.1\r\nHost: x\r\nX-" : "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n");
    lines.push(line);
  }
  let done = false, served = 0, slowest = 0;
  const trickle = (async () => {
    while (!done) {
      for (const line of lines) if (!line.closed) line.socket.write("a");
      await sleep(250);
    }
  })();
  const agent = new http.Agent({ keepAlive: true });
  const ordinary = (async () => {
    for (; !done; served++) {
      const began = performance.now();
      const { status } = await ask(counter.base, ["/", "/notices", "/procedures/extension", "/login"][served % 4], { agent });
      assert.equal(status, 200);
      slowest = Math.max(slowest, performance.now() - began);
      await sleep(5);
    }
  })();
  // The heads are cut at their limit of 10 s; the bodies 20 s later than they began.
  await until("the end of the slow ones", () => lines.every((line) => line.closed), 90);
  done = true;
  await Promise.all([trickle, ordinary]);
  agent.destroy();
  for (const line of lines) assert.match(line.text, /^HTTP\/1\.1 408 [^]*Connection: close\r\n/i);
  t.diagnostic(`400 slow connections; ${served} ordinary pages meanwhile, the slowest in ${Math.round(slowest)} ms`);
  assert.ok(served > 0);
  assert.deepEqual(await counter.signal("SIGTERM"), { code: 0, signal: null });
});

// What systemd does with madoguchi.socket: it opens the socket, and keeps it while the service is started anew.
const manager = `
import os, socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=128)
if listener.fileno() == 3: os.set_inheritable(3, True)
else: os.dup2(listener.fileno(), 3)
for turn in range(2):
    pid = os.fork()
    if pid == 0:
        os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1", LISTEN_FDNAMES="http")
        os.execv(sys.argv[2], sys.argv[2:])
    print(pid, flush=True)
    os.waitpid(pid, 0)
`;

test("with a socket that the service manager holds, nobody is refused while the program starts anew", async (t) => {
  const counter = await new Counter({ name: "passed" }).choosePort();
  t.after(() => counter.close());
  await counter.admin("init");
  const elsewhere = counter.options().map((option) => option.replace(/^--listen=.*/, "--listen=127.0.0.1:1"));
  const child = begin(["python3", "-c", manager, String(counter.port), process.env.MADOGUCHI, "run", ...elsewhere], { cwd: counter.folder, stdio: ["ignore", "pipe", "inherit"] });
  const pids = [];
  let words = "";
  child.stdout.on("data", (piece) => {
    words += piece;
    pids.splice(0, pids.length, ...[...words.matchAll(/^(\d+)$/gm)].map((m) => Number(m[1])));
  });
  t.after(() => pids.forEach((pid) => { try { process.kill(pid, "SIGKILL"); } catch { /* it has ended */ } }));
  await until("the first one", () => /^listening on fd:3$/m.test(words));
  await counter.ready();

  // As a browser does: a connection that ends before there is an answer is tried anew; one that is refused is not.
  let answered = 0, refused = 0, over = false;
  const visitor = async () => {
    while (!over) {
      try {
        const { status } = await ask(counter.base, "/notices");
        assert.equal(status, 200);
        answered++;
      } catch (error) {
        if (error.code === "ECONNREFUSED") refused++;
        else if (!/ECONNRESET|EPIPE|socket hang up/.test(`${error.code} ${error.message}`)) throw error;
      }
    }
  };
  const visitors = [visitor(), visitor(), visitor(), visitor()];
  await until("some answers", () => answered > 50);
  process.kill(pids[0], "SIGTERM");
  await until("the second one", () => (words.match(/^listening on fd:3$/gm) ?? []).length === 2);
  const before = answered;
  await until("answers of the second one", () => answered > before + 50);
  over = true;
  await Promise.all(visitors);
  assert.equal(refused, 0);
  process.kill(pids[1], "SIGTERM");
  assert.deepEqual(await child.ended, { code: 0, signal: null });
});
