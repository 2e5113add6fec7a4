// The proxy's configuration as it is installed, on loopback ports before a program that notes what reaches it: what nginx lets through, what it
// adds, what it keeps to itself.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import tls from "node:tls";
import { gunzipSync } from "node:zlib";
import { limit } from "./lib/limits.mjs";
import { has, root } from "./lib/tree.mjs";

const missing = ["nginx", "openssl"].find((program) => !has(program) && !has(`/usr/sbin/${program}`));

function freePort() {
  return new Promise((done) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

describe("packaging/nginx/madoguchi.conf", { skip: missing && `${missing} is not installed` }, () => {
  let folder, httpPort, httpsPort, nginx, upstream, ca;
  const reached = [], begun = []; // as a whole; the paths of those whose head has come

  const listen = () => new Promise((done) => { upstream.listen(join(folder, "app.sock"), done); });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "proxy-"));
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
      "-addext", "subjectAltName=DNS:localhost", "-keyout", join(folder, "privkey.pem"), "-out", join(folder, "fullchain.pem")], { stdio: "ignore" });
    ca = readFileSync(join(folder, "fullchain.pem"));
    upstream = http.createServer({ maxHeaderSize: 65536 }, (request, response) => {
      let size = 0;
      begun.push(request.url);
      request.on("data", (piece) => { size += piece.length; });
      request.on("end", () => {
        reached.push({ method: request.method, url: request.url, headers: request.rawHeaders, size });
        const security = { "Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Strict-Transport-Security": "max-age=31536000; includeSubDomains" };
        if (request.url.startsWith("/static/")) {
          response.writeHead(200, { ...security, "Cache-Control": "public, max-age=31536000, immutable", Vary: "Accept-Encoding", "Content-Type": "text/css" });
          return response.end(`encoding ${request.headers["accept-encoding"] ?? "none"}`);
        }
        if (request.url === "/full") {
          response.writeHead(503, { ...security, "Retry-After": "5", "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" });
          return response.end("the program's own words");
        }
        response.writeHead(200, { ...security, "Cache-Control": "no-store", "Content-Type": "text/html; charset=utf-8", "Set-Cookie": "__Host-visitor=x; Secure; Path=/" });
        response.end("a page ".repeat(1000));
      });
    });
    await listen();
    [httpPort, httpsPort] = [await freePort(), await freePort()];
    execFileSync("packaging/nginx/render.sh", [folder, join(folder, "app.sock"), String(httpPort), String(httpsPort), "localhost"], { cwd: root });
    const program = has("nginx") ? "nginx" : "/usr/sbin/nginx";
    nginx = spawn(program, ["-p", folder, "-c", join(folder, "nginx.conf")], { stdio: ["ignore", "ignore", "pipe"] });
    let words = "";
    nginx.stderr.on("data", (piece) => { words += piece; });
    for (let i = 0; ; i++) {
      const there = await new Promise((done) => {
        const socket = net.connect(httpsPort, "127.0.0.1", () => { socket.destroy(); done(true); }).on("error", () => done(false));
      });
      if (there) break;
      assert.ok(i < 200 && nginx.exitCode === null, words);
      await new Promise((done) => setTimeout(done, 25));
    }
  });

  after(async () => {
    if (nginx && nginx.exitCode === null) {
      const ended = new Promise((done) => nginx.once("exit", done));
      nginx.kill("SIGTERM");
      await ended;
    }
    upstream?.close();
    upstream?.closeAllConnections?.();
    if (folder) rmSync(folder, { recursive: true });
  });

  function ask(path, { method = "GET", headers = {}, body, plain = false, name = "localhost" } = {}) {
    return new Promise((done, wrong) => {
      const options = { host: "127.0.0.1", port: plain ? httpPort : httpsPort, servername: name, ca, method, path, agent: false,
        headers: { Host: `${name}:${plain ? httpPort : httpsPort}`, ...headers } };
      const request = (plain ? http : https).request(options, (response) => {
        const pieces = [];
        response.on("data", (piece) => pieces.push(piece));
        response.on("error", wrong);
        response.on("end", () => done({ status: response.statusCode, headers: response.headers, raw: response.rawHeaders, bytes: Buffer.concat(pieces) }));
      });
      request.on("error", wrong);
      request.end(body);
    });
  }
  const count = (raw, name) => raw.filter((word, i) => i % 2 === 0 && word.toLowerCase() === name.toLowerCase()).length;
  const value = (raw, name) => raw[raw.findIndex((word, i) => i % 2 === 0 && word.toLowerCase() === name.toLowerCase()) + 1];

  test("http leads to https under the one name, whatever the path says", async () => {
    const { status, headers } = await ask("//evil.example/x", { plain: true });
    assert.equal(status, 301);
    assert.equal(headers.location, `https://localhost:${httpsPort}//evil.example/x`);
  });

  test("another name gets nothing", async () => {
    await assert.rejects(ask("/", { plain: true, name: "evil.example" }));
    await assert.rejects(ask("/", { name: "evil.example" }));
  });

  test("TLS below 1.2 is refused, HTTP/2 is spoken", async () => {
    const speak = (options) => new Promise((done, wrong) => {
      const socket = tls.connect({ host: "127.0.0.1", port: httpsPort, servername: "localhost", ca, ...options }, () => {
        const said = [socket.getProtocol(), socket.alpnProtocol];
        socket.destroy();
        done(said);
      }).on("error", wrong);
    });
    await assert.rejects(speak({ minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" }));
    assert.deepEqual(await speak({ maxVersion: "TLSv1.2", ALPNProtocols: ["http/1.1"] }), ["TLSv1.2", "http/1.1"]);
    assert.deepEqual(await speak({ ALPNProtocols: ["h2", "http/1.1"] }), ["TLSv1.3", "h2"]);
  });

  test("what a visitor says about addresses is dropped", async () => {
    await ask("/who?x=%2F", { headers: { "X-Forwarded-For": "203.0.113.7, 203.0.113.8", "X-Real-IP": "203.0.113.9", "X-Forwarded-Proto": "http",
      "X-Forwarded-Host": "evil.example", Forwarded: "for=203.0.113.7", Proxy: "http://evil.example", Upgrade: "h2c" } });
    const { url, headers } = reached.at(-1);
    assert.equal(url, "/who?x=%2F");
    for (const [name, expected] of [["X-Forwarded-For", "127.0.0.1"], ["X-Real-IP", "127.0.0.1"], ["X-Forwarded-Proto", "https"], ["Host", `localhost:${httpsPort}`]]) {
      assert.equal(count(headers, name), 1, name);
      assert.equal(value(headers, name), expected, name);
    }
    for (const name of ["X-Forwarded-Host", "Forwarded", "Proxy", "Upgrade"]) assert.equal(count(headers, name), 0, name);
  });

  test("a body of 1 MiB passes, one byte more does not reach the program", async () => {
    const before = reached.length;
    assert.equal((await ask("/form", { method: "POST", body: Buffer.alloc(1 << 20, 97) })).status, 200);
    assert.equal(reached.at(-1).size, 1 << 20);
    const { status } = await ask("/form", { method: "POST", body: Buffer.alloc((1 << 20) + 1, 97) }).catch(() => ({ status: 413 }));
    assert.equal(status, 413);
    assert.equal(reached.length, before + 1);
  });

  // What comes to the program of a request whose body is announced with that length, and what its visitor is answered meanwhile.
  const announced = async (path, length) => {
    const before = begun.length;
    const socket = tls.connect({ host: "127.0.0.1", port: httpsPort, servername: "localhost", ca });
    let text = "";
    socket.on("data", (piece) => { text += piece; }).on("error", () => {});
    const closed = new Promise((done) => { socket.on("close", done); });
    socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\n`);
    for (let i = 0; i < 400 && begun.length === before && !text.includes("</html>"); i++) await new Promise((done) => setTimeout(done, 25));
    socket.destroy();
    await closed;
    return { reached: begun.slice(before), text };
  };

  test("what the program takes comes to it, and no byte more: a file, photographed pages, a part that goes on", async () => {
    const most = limit("LIMIT_HTTP_TAKE");
    for (const path of ["/drafts/7/documents/passport_copy", "/drafts/7/documents/passport_copy/pages", "/drafts/7/files/9"]) {
      assert.deepEqual((await announced(path, most)).reached, [path]);
      const { reached: over, text } = await announced(path, most + 1);
      assert.deepEqual(over, []);
      assert.match(text, /^HTTP\/1\.1 413 /);
    }
    assert.deepEqual((await announced("/drafts/7/sections/about", limit("LIMIT_HTTP_BODY") + 1)).reached, []);
  });

  test("what nginx cannot take or understand is told in both languages", async () => {
    const plain = (bytes, bare) => new Promise((done) => {
      let text = "";
      const to = { host: "127.0.0.1", port: httpsPort, servername: "localhost", ca };
      const socket = bare ? net.connect(to, () => socket.write(bytes)) : tls.connect(to, () => socket.write(bytes));
      // Closed with a reset where not all was read.
      socket.on("data", (piece) => { text += piece; }).on("error", () => {}).on("close", () => done(text));
    });
    const cases = [
      [413, `POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${(1 << 20) + 1}\r\n\r\n`, /多すぎます[^]*too much/],
      [414, `GET /${"a".repeat(5000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, /受け取れませんでした[^]*could not/],
      [431, `GET / HTTP/1.1\r\nHost: localhost\r\nCookie: ${"a".repeat(20000)}\r\n\r\n`, /受け取れませんでした[^]*could not/],
      [400, "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: b\0c\r\n\r\n", /受け取れませんでした[^]*could not/],
      [400, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", /受け取れませんでした[^]*could not/, "without TLS"],
    ];
    const before = begun.length;
    for (const [status, bytes, words, bare] of cases) {
      const text = await plain(bytes.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"), bare);
      assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.match(text, words, String(status));
      assert.match(text, /<html lang="ja">[^]*<main>[^]* lang="en">/, String(status));
      assert.equal(text.match(/<h1>/g).length, 1, String(status));
      for (const line of ["Content-Type: text/html; charset=utf-8", "Cache-Control: no-store", "X-Content-Type-Options: nosniff", "Content-Security-Policy: default-src 'none'"]) assert.ok(text.includes(line), `${status}: ${line}`);
      assert.doesNotMatch(text, /<center>|nginx\//, String(status));
    }
    assert.equal(begun.length, before, "the program has seen nothing of it");
  });

  test("a target of 5 KiB is refused", async () => {
    assert.equal((await ask(`/${"a".repeat(5000)}`)).status, 414);
  });

  test("pages are compressed, and the program's headers stand once", async () => {
    const { headers, raw, bytes } = await ask("/", { headers: { "Accept-Encoding": "gzip" } });
    assert.equal(headers["content-encoding"], "gzip");
    assert.equal(gunzipSync(bytes).toString(), "a page ".repeat(1000));
    for (const name of ["Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options", "Cache-Control", "Set-Cookie"]) assert.equal(count(raw, name), 1, name);
    assert.doesNotMatch(headers.server ?? "", /\d/);
  });

  test("static files are fetched once for each encoding, without cookies", async () => {
    const before = reached.length;
    for (let i = 0; i < 3; i++) {
      assert.equal((await ask("/static/css/main.css", { headers: { "Accept-Encoding": "gzip, br", Cookie: "__Host-session=secret" } })).bytes.toString(), "encoding gzip");
      assert.equal((await ask("/static/css/main.css", { headers: { Cookie: "__Host-session=secret" } })).bytes.toString(), "encoding none");
    }
    assert.equal(reached.length, before + 2);
    assert.ok(reached.slice(before).every(({ headers }) => count(headers, "Cookie") === 0));
  });

  test("the mailbox of development is not reached; machines on this host may ask for health", async () => {
    const before = reached.length;
    assert.equal((await ask("/development/mail")).status, 404);
    assert.equal(reached.length, before);
    assert.equal((await ask("/healthz")).status, 200);
  });

  test("the program's own 503 passes as it is", async () => {
    const { status, headers, bytes } = await ask("/full");
    assert.deepEqual([status, headers["retry-after"], bytes.toString()], [503, "5", "the program's own words"]);
  });

  test("a closed counter says so, in both languages, and opens again", async () => {
    writeFileSync(join(folder, "closed"), "");
    const { status, headers, bytes } = await ask("/");
    unlinkSync(join(folder, "closed"));
    assert.equal(status, 503);
    assert.equal(headers["retry-after"], "1800");
    assert.equal(headers["content-type"], "text/html; charset=utf-8");
    assert.match(bytes.toString(), /閉まっています[^]*closed at the moment/);
    assert.equal((await ask("/")).status, 200);
  });

  test("the page stands in for a program that is away, also for a POST", async () => {
    upstream.closeAllConnections();
    await new Promise((done) => upstream.close(done));
    for (const method of ["GET", "POST"]) {
      const { status, headers, bytes } = await ask("/", { method });
      assert.equal(status, 503);
      assert.equal(headers["cache-control"], "no-store");
      assert.match(bytes.toString(), /つながりません/);
    }
    assert.equal((await ask("/static/css/main.css")).bytes.toString(), "encoding none");
    await listen();
    assert.equal((await ask("/")).status, 200);
  });

  test("the log holds no secret of a link", async () => {
    await ask("/reset/a-secret-of-a-mail?also=this");
    await ask("/register/link/another-secret/confirm");
    const log = readFileSync(join(folder, "madoguchi.log"), "utf8");
    assert.match(log, /"path":"\/reset\/\.\.\."/);
    assert.doesNotMatch(log, /secret|also=this/);
    assert.equal(readFileSync(join(folder, "madoguchi.error.log"), "utf8"), "");
    for (const line of log.trim().split("\n")) JSON.parse(line);
  });

  test("a flood from one address is held off with 429, static files are not counted", async () => {
    const client = http2.connect(`https://localhost:${httpsPort}`, { ca, lookup: (_name, _options, found) => found(null, [{ address: "127.0.0.1", family: 4 }]) });
    const seen = new Map();
    const one = (path) => new Promise((done, wrong) => {
      const stream = client.request({ ":path": path });
      stream.on("response", (headers) => seen.set(headers[":status"], (seen.get(headers[":status"]) ?? 0) + 1));
      stream.on("error", wrong).on("close", done).resume();
      stream.end();
    });
    // Many more than the burst, faster than any rate allows.
    for (let i = 0; i < 40 && !seen.has(429); i++) await Promise.all(Array.from({ length: 100 }, () => one("/")));
    assert.ok(seen.get(429) > 0, JSON.stringify([...seen]));
    assert.ok(seen.get(200) >= 400);
    seen.clear();
    await Promise.all(Array.from({ length: 100 }, () => one("/static/css/main.css")));
    assert.deepEqual([...seen], [[200, 100]]);
    await new Promise((done) => client.close(done));
  });
});
