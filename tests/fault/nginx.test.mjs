// The configuration of packaging/nginx before the whole program, over TLS: a person's whole way, and requests that two parsers could understand
// in two ways.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import tls from "node:tls";
import { Counter, ask, begin, freePort, root, temporaryFolder, until } from "./lib/counter.mjs";
import { folderOf } from "./lib/mail.mjs";
import { Person } from "./lib/person.mjs";
import { limit } from "../static/lib/limits.mjs";

const program = ["nginx", "/usr/sbin/nginx"].find((name) => spawnSync(name, ["-v"], { stdio: "ignore" }).status === 0);
const missing = !program ? "nginx" : spawnSync("openssl", ["version"], { stdio: "ignore" }).status !== 0 ? "openssl" : undefined;

describe("behind nginx", { skip: missing && `${missing} is not installed` }, () => {
  let folder, counter, nginx, port, base, ca;

  before(async () => {
    folder = temporaryFolder("nginx");
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
      "-addext", "subjectAltName=DNS:localhost", "-keyout", join(folder, "privkey.pem"), "-out", join(folder, "fullchain.pem")], { stdio: "ignore" });
    ca = readFileSync(join(folder, "fullchain.pem"));
    port = await freePort();
    base = `https://localhost:${port}`;
    execFileSync("packaging/nginx/render.sh", [folder, join(folder, "app.sock"), String(await freePort()), String(port), "localhost"], { cwd: root });
    nginx = begin([program, "-p", folder, "-c", join(folder, "nginx.conf")], { stdio: "ignore" });
    counter = new Counter({ name: "behind", settings: { listen: `unix:${join(folder, "app.sock")}`, trust_proxy: "yes", base_url: base, log_level: "info", event_threads: 1 } });
    Object.assign(counter, { port, base, ca });
    await counter.start();
  });

  after(async () => {
    await counter?.close();
    nginx?.kill("SIGTERM");
    await nginx?.ended;
  });

  test("from registration to the receipt", async (t) => {
    const mai = new Person(base, { ca });
    t.after(() => mai.close());
    await mai.register("mai@example.jp", folderOf(counter));
    assert.equal(await mai.logIn(), "/my-page");
    assert.ok(mai.cookies.get("__Host-session"));
    const reference = await mai.receipt(await mai.apply(await mai.fill()));
    const again = await mai.receipt(await mai.pressAgain());
    assert.equal(again, reference);
    const pdf = await mai.see(`/applications/${reference}/copy.pdf`);
    assert.equal(pdf.headers["content-type"], "application/pdf");
    assert.equal((await mai.get("/applications")).headers["strict-transport-security"], "max-age=31536000; includeSubDomains");
    const css = /href="(\/static\/[^"]+\.css)"/.exec((await mai.see("/")).text)[1];
    assert.equal((await mai.see(css)).headers["cache-control"], "public, max-age=31536000, immutable");
    await mai.send("/logout", {});
    assert.equal((await mai.get("/my-page")).status, 303);
  });

  test("a file that is too long is told by the program, with its name and the excess; what is longer still by nginx, in both languages", async (t) => {
    const mai = new Person(base, { ca });
    t.after(() => mai.close());
    await mai.logIn("mai@example.jp");
    await mai.see("/procedures/extension");
    const [, draft] = /^\/drafts\/(\d+)$/.exec(await mai.send("/procedures/extension", {}));
    await mai.see(`/drafts/${draft}/files`);
    for (const size of [26_500_000, 27_500_000, 60_000_000]) {
      const answer = await mai.sendFile(draft, "passport_copy", "scan of all.pdf", Buffer.alloc(size, 97));
      assert.equal(answer.status, 413, `${size} bytes`);
      assert.match(answer.text, new RegExp(`“scan of all.pdf” was not attached[^<]* ${(size - 25_000_000) / 1e6}`), `${size} bytes`);
    }
    const most = limit("LIMIT_HTTP_TAKE");
    const headers = { Cookie: [...mai.cookies].map(([name, value]) => `${name}=${value}`).join("; "), "Content-Type": "multipart/form-data; boundary=x", "Content-Length": String(most + 1) };
    const answer = await ask(base, `/drafts/${draft}/documents/passport_copy`, { ca, method: "POST", headers });
    assert.equal(answer.status, 413);
    assert.match(answer.text, /送る量が多すぎます[^]*too much to send at once/);
  });

  test("another host is turned away by the program too", async () => {
    // By the socket, past nginx: a name that is not ours.
    const status = (name) => new Promise((done, failed) => {
      http.get({ socketPath: join(folder, "app.sock"), path: "/", headers: { Host: name } }, (response) => {
        response.resume();
        response.on("end", () => done(response.statusCode));
      }).on("error", failed);
    });
    assert.equal(await status("evil.example"), 421);
    assert.equal(await status("localhost"), 200);
    await assert.rejects(ask(base, "/", { ca, headers: { Host: "evil.example" } }), "nginx gives it nothing");
  });

  const host = "Host: localhost\r\n";
  const post = `POST /login HTTP/1.1\r\n${host}Content-Type: application/x-www-form-urlencoded\r\n`;
  const chunked = `${post}Transfer-Encoding: chunked\r\n\r\n`;
  // What two parsers may understand in two ways is refused, and nothing behind it is taken for a request. The statuses are those of requests
  // whose end is plain: nginx makes them clean, or the program refuses them, and what follows is a request of its own.
  const cases = [
    ["differing double Content-Length", `${post}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`],
    ["equal double Content-Length", `${post}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc`],
    ["Content-Length: 3, 5", `${post}Content-Length: 3, 5\r\n\r\nabc`],
    ["Content-Length: +3", `${post}Content-Length: +3\r\n\r\nabc`],
    ["Content-Length: -1", `${post}Content-Length: -1\r\n\r\n`],
    ["Content-Length: 3x", `${post}Content-Length: 3x\r\n\r\nabc`],
    ["Content-Length and chunked", `${post}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ["Transfer-Encoding: xchunked", `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ["Transfer-Encoding: identity, chunked", `${post}Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n`],
    ["blank before the colon", `${post}Content-Length : 3\r\n\r\nabc`],
    ["folded header line", `GET /help HTTP/1.1\r\n${host}X-A: b\r\n c\r\n\r\n`],
    ["bare LF", "GET /help HTTP/1.1\nHost: localhost\n\n", [200, 200]],
    ["bare CR in a value", `GET /help HTTP/1.1\r\n${host}X-A: b\rc\r\n\r\n`],
    ["NUL in a value", `GET /help HTTP/1.1\r\n${host}X-A: b\0c\r\n\r\n`],
    ["no Host", "GET /help HTTP/1.1\r\n\r\n"],
    ["two Hosts", `GET /help HTTP/1.1\r\n${host}${host}\r\n`],
    ["HTTP/1.9", `GET /help HTTP/1.9\r\n${host}\r\n`, [200, 200]],
    ["HTTP/9.9", `GET /help HTTP/9.9\r\n${host}\r\n`],
    ["chunk size overflow", `${chunked}10000000000000003\r\nabc\r\n0\r\n\r\n`],
    ["chunk size 0x3", `${chunked}0x3\r\nabc\r\n0\r\n\r\n`],
    ["chunk data longer than its size", `${chunked}3\r\nabcd\r\n0\r\n\r\n`],
    ["declared body over the limit", `${post}Content-Length: 41943040\r\n\r\n`],
    ["unknown method", `BREW /help HTTP/1.1\r\n${host}\r\n`, [501, 200]],
    ["raw bytes in the path", `GET /caf\xc3\xa9 HTTP/1.1\r\n${host}\r\n`, [400, 200]],
    ["POST without a length", `${post}\r\n`, [411, 200]],
    ["Transfer-Encoding twice", `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ["escaped NUL", `GET /a%00 HTTP/1.1\r\n${host}\r\n`],
    ["escaped slash in a path with dots", `GET /a/%2e%2e%2f%2e%2e/etc HTTP/1.1\r\n${host}\r\n`],
  ];
  const smuggled = `GET /terms HTTP/1.1\r\n${host}Connection: close\r\n\r\n`;

  // What the program has seen so far. One thread's lines are in order: behind the line of a request that nobody else sends, none is missing.
  const seen = async () => {
    const witnesses = () => counter.log.filter((line) => line.route === "health_show").length, before = witnesses();
    await ask(base, "/healthz", { ca });
    await until("the witness's line", () => witnesses() > before);
    return counter.log.filter((line) => (line.event === "request" && line.route !== "health_show") || line.event === "refused");
  };

  for (const [name, bytes, plain] of cases) {
    test(`framing: ${name}`, async () => {
      const before = (await seen()).length;
      const text = await new Promise((done, failed) => {
        const pieces = [];
        const socket = tls.connect({ host: "127.0.0.1", port, servername: "localhost", ca }, () => socket.write(Buffer.from(bytes + smuggled, "latin1")));
        socket.on("data", (piece) => pieces.push(piece));
        socket.on("error", (error) => (pieces.length ? undefined : failed(error)));
        socket.on("close", () => done(Buffer.concat(pieces).toString("latin1")));
        socket.setTimeout(20000, () => socket.destroy(new Error("no end")));
      });
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
      const reached = (await seen()).slice(before);
      if (plain) {
        assert.deepEqual(statuses, plain);
        assert.equal(reached.length, 2);
      } else {
        assert.equal(statuses.length, 1, text);
        assert.match(String(statuses[0]), /^4\d\d$|^50[15]$/);
        assert.deepEqual(reached, [], "the program has seen nothing of it");
      }
    });
  }
});
