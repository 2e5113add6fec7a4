// The whole program with a data folder of its own: started, killed, started again on the same folder.
//
//   MADOGUCHI     path of the program
//   PEOPLE        path of tests/fault/people.c's program
//   POSTAL_CODES  its table of postal codes

import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Log } from "../../lib/log.mjs";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const run = promisify(execFile);

function programOf(name) {
  if (!process.env[name]) throw new Error(`${name} names a program`);
  return process.env[name];
}

/** Asks until there is an answer that is not undefined, null or false. The time is a guard against hanging, not a measure. */
export async function until(what, ask, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain for ${what}`);
    await sleep(20);
  }
}

// What this process started and made ends with it, also when it is told to end in the middle.
const folders = new Set(), children = new Set();
process.on("exit", () => {
  children.forEach((child) => child.kill("SIGKILL"));
  folders.forEach((folder) => rmSync(folder, { recursive: true, force: true }));
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

/** A process of the test's own. */
export function begin(words, options) {
  const child = spawn(words[0], words.slice(1), options);
  children.add(child);
  child.ended = new Promise((done) => child.on("close", (code, signal) => {
    children.delete(child);
    done({ code, signal });
  }));
  return child;
}

export function temporaryFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `madoguchi-${name}-`));
  folders.add(folder);
  return folder;
}

export function freePort() {
  return new Promise((done, failed) => {
    const server = net.createServer().on("error", failed).listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

export class Counter {
  #log = new Log();

  /** settings: keys of madoguchi.conf(5); wrap: words before the program, such as those of unshare(1). */
  constructor({ name = "fault", settings = {}, wrap = [] } = {}) {
    this.folder = temporaryFolder(name);
    this.data = join(this.folder, "data");
    mkdirSync(this.data, { mode: 0o700 });
    Object.assign(this, { settings, wrap, starts: 0 });
  }

  async choosePort() {
    this.port ??= await freePort();
    this.base ??= `http://127.0.0.1:${this.port}`;
    return this;
  }

  options() {
    const settings = {
      data: this.data, procedures: join(root, "procedures"), postal_codes: programOf("POSTAL_CODES"), listen: `127.0.0.1:${this.port}`,
      base_url: this.base, mail_from: "no-reply@counter.example", log_level: "warn", ...this.settings,
    };
    return Object.entries(settings).map(([key, value]) => `--${key}=${value}`);
  }

  async admin(...command) {
    const words = [...this.wrap, programOf("MADOGUCHI"), "admin", ...command, ...this.options()];
    const { stdout } = await run(words[0], words.slice(1), { cwd: this.folder });
    return stdout;
  }

  /** People with drafts that can be sent. */
  async people(count, draftsEach) {
    const out = join(this.folder, "people.json");
    const words = [...this.wrap, programOf("PEOPLE"), ...this.options()];
    await run(words[0], [...words.slice(1), join(root, "tests/data/extension_student_min.json"), out, String(count), String(draftsEach)],
      { cwd: this.folder });
    return JSON.parse(readFileSync(out, "utf8"));
  }

  #spawn() {
    const words = [...this.wrap, programOf("MADOGUCHI"), "run", ...this.options()];
    const child = begin(words, { cwd: this.folder, stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    this.starts++;
    this.#log.follow(child.stderr);
    return child;
  }

  /** Killed before or just after it is ready, whatever comes first. */
  async startAndKill(ms) {
    const child = this.#spawn();
    await sleep(ms);
    child.kill("SIGKILL");
    await child.ended;
  }

  /** Answers how many milliseconds it took until a page was read. */
  async start() {
    await this.choosePort();
    const began = performance.now();
    const child = this.#spawn();
    await new Promise((done, failed) => {
      let out = "";
      child.stdout.on("data", (piece) => {
        out += piece;
        if (/^listening on /m.test(out)) done();
      });
      child.on("error", failed);
      child.ended.then(({ code, signal }) => failed(new Error(`the program ended with ${code ?? signal}\n${this.#log.text.slice(-2000)}`)));
    });
    await this.ready();
    return performance.now() - began;
  }

  /** A page that asks the database. */
  async ready() {
    await until("a page", () => ask(this.base, "/notices", { ca: this.ca }).then(({ status }) => status === 200, () => false));
  }

  signal(name) {
    this.child.kill(name);
    return this.child.ended;
  }

  async close() {
    if (this.child && this.child.exitCode === null && this.child.signalCode === null) await this.signal("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
    folders.delete(this.folder);
  }

  /** What was written to the log: one object a line. */
  get log() {
    return this.#log.lines;
  }

  /** Rows of a query of the test itself, on SQLite. */
  sql(text, database = join(this.data, "madoguchi.db")) {
    const out = execFileSync("sqlite3", ["-readonly", "-json", "-cmd", ".timeout 20000", database, text], { encoding: "utf8", maxBuffer: 64 << 20 });
    return out.trim() ? JSON.parse(out) : [];
  }

  /** The test's own hand in the database, on SQLite. */
  harm(text) {
    execFileSync("sqlite3", ["-cmd", ".timeout 20000", join(this.data, "madoguchi.db"), text]);
  }
}

/** One request; rejects when no whole answer came. */
export function ask(base, path, { method, headers = {}, body, agent, ca, host, timeout = 60000 } = {}) {
  return new Promise((done, failed) => {
    const url = new URL(base);
    const transport = url.protocol === "https:" ? https : http;
    const length = body === undefined ? {} : { "Content-Type": "application/x-www-form-urlencoded", "Content-Length": Buffer.byteLength(body) };
    const request = transport.request({ host: url.hostname, port: url.port, servername: url.hostname === "127.0.0.1" ? undefined : url.hostname, ca, agent,
      family: 4, method: method ?? (body === undefined ? "GET" : "POST"), path, headers: { ...(host ? { Host: host } : {}), ...length, ...headers } }, (response) => {
      const pieces = [];
      response.on("data", (piece) => pieces.push(piece));
      response.on("error", failed);
      response.on("aborted", () => failed(new Error("the answer broke off")));
      response.on("end", () => done({ status: response.statusCode, headers: response.headers, text: Buffer.concat(pieces).toString() }));
    });
    request.setTimeout(timeout, () => request.destroy(new Error("no answer")));
    request.on("error", failed);
    request.end(body);
  });
}

/** The press of Apply, as the browser sends it. */
export function press(base, person, draft, more = {}) {
  return ask(base, `/drafts/${draft.id}/apply`, {
    ...more, headers: { Cookie: `session=${person.session}` }, body: new URLSearchParams({ _csrf: person.csrf, token: draft.token }).toString(),
  });
}

/** The reference number of a receipt that a press has led to; undefined: it has not. */
export function referenceOf(answer) {
  return answer?.status === 303 ? /^\/applications\/(\d{12})\/receipt$/.exec(answer.headers.location)?.[1] : undefined;
}
