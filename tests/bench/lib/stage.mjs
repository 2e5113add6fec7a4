// Where a benchmark plays: a folder, cores, and the processes in it. What serves runs on the first core, what asks on the second.

import { execFile, execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
export const root = resolve(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../../..");
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// "0-1,4" → [0, 1, 4]
function allowedCores() {
  const list = readFileSync("/proc/self/status", "utf8").match(/^Cpus_allowed_list:\s*(.*)$/m)[1];
  return list.split(",").flatMap((part) => {
    const [from, to = from] = part.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}

export function freePort() {
  return new Promise((done) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

const pairs = (line) => Object.fromEntries(line.trim().split(/\s+/).map((pair) => {
  const [name, value] = pair.split("=");
  return [name, Number(value)];
}));

export class Stage {
  constructor({ build, quick }) {
    // Not /tmp, which may be memory: what is durable here must reach a disk.
    this.folder = mkdtempSync(join(process.env.TMPDIR ?? "/var/tmp", "madoguchi-bench-"));
    chmodSync(this.folder, 0o711);
    this.build = resolve(build);
    this.quick = quick;
    this.runs = quick ? 1 : 3;
    this.seconds = quick ? 1 : 2;
    this.program = join(this.build, "src/cmd/madoguchi");
    this.started = new Set();
    this.counters = 0;
    const cores = allowedCores();
    this.serving = cores[0];
    this.asking = cores[1] ?? cores[0];
  }

  path(...parts) {
    return join(this.folder, ...parts);
  }

  tool(name) {
    return join(this.build, "tests/bench", `bench_${name}`);
  }

  // The arguments that every one of the program's runs needs.
  settings(data, more = []) {
    return ["--data", data, "--procedures", join(root, "procedures"), "--postal_codes", join(this.build, "src/domain", "postal.bin"), ...more];
  }

  // One tool to its end; the keys and values of what it prints.
  async once(core, name, ...args) {
    const pin = core === null ? [] : ["taskset", "-c", String(core)];
    const [command, ...rest] = [...pin, this.tool(name), ...args.map(String)];
    const { stdout } = await run(command, rest, { cwd: root, maxBuffer: 1 << 24 });
    return stdout.trim().split("\n").map(pairs);
  }

  // The client stays awake where it has a core to itself and is not there to be quiet.
  async load(to, { core = this.asking, ...options }) {
    const awake = core === this.asking && core !== this.serving && !options.pause;
    const args = Object.entries(options).filter(([, value]) => value !== undefined).flatMap(([name, value]) => [`--${name}`, value]);
    if (awake) args.push("--awake");
    const [result] = await this.once(core, "load", "--to", to, ...args);
    if (result.errors > 0) throw new Error(`load ${to} ${options.path ?? options.requests}: ${result.errors} of ${result.requests} answers were errors`);
    return result;
  }

  // A process that stays. `ready` finds in what it prints that it serves.
  async start(core, command, args, { ready, env, log }) {
    const pin = core === null ? [] : ["taskset", "-c", String(core)];
    const [first, ...rest] = [...pin, command, ...args.map(String)];
    const child = spawn(first, rest, { cwd: root, env: { ...process.env, ...env }, stdio: ["pipe", "pipe", log ? openSync(log, "a") : "inherit"] });
    const ended = new Promise((done) => child.once("exit", done));
    this.started.add(child);
    let words = "";
    child.stdout.on("data", (piece) => { words += piece; });
    for (let i = 0; !ready.test(words); i++) {
      if (i > 3000 || child.exitCode !== null) throw new Error(`${command} does not start: ${words}${log && existsSync(log) ? readFileSync(log, "utf8") : ""}`);
      await sleep(10);
    }
    const stop = async () => {
      child.stdin.end();
      child.kill("SIGTERM");
      await ended;
      this.started.delete(child);
    };
    return { pid: child.pid, found: words.match(ready), child, stop };
  }

  // The whole counter, as behind the proxy. Mails wait for a relay that is not there, unless `mails` says that they are written.
  async counter(data, { core = this.serving, mails = false, more = [] } = {}) {
    const socket = this.path(`http${this.counters++}.sock`);
    const relay = mails ? [] : ["--mail_relay", "smtp://127.0.0.1:9", "--mail_from", "no-reply@example.jp", "--mail_tls", "none"];
    const log = `${data}.log`;
    const args = ["run", ...this.settings(data, ["--listen", `127.0.0.1:0,unix:${socket}`, "--base_url", "https://localhost", "--trust_proxy", "yes", ...relay, ...more])];
    const server = await this.start(core, this.program, args, { ready: /listening on http:\/\/127\.0\.0\.1:(\d+)[^]*listening on unix/, log });
    return { ...server, address: `127.0.0.1:${server.found[1]}`, socket, log, memory: (key) => memory(server.pid, key) };
  }

  async rawLoop(address, bytes) {
    const server = await this.start(this.serving, this.tool("raw_loop"), [address, bytes], { ready: /port=(\d+)/ });
    return { ...server, address: address.startsWith("unix:") ? address : `127.0.0.1:${server.found[1]}` };
  }

  // A filled database in `name`, once; copies of it are cheap.
  async prepare(name, applications, drafts, { more = [], each = 40 } = {}) {
    const out = this.path(name);
    mkdirSync(out, { recursive: true });
    await run(this.tool("prepare"), [...this.settings(join(out, "data"), more), join(root, "tests/data/extension_student_full.json"), out, String(applications), String(drafts), String(each)],
      { cwd: root });
    const text = (file) => readFileSync(join(out, file), "utf8");
    const requests = text("submit.requests").trim().split("\n");
    for (let i = requests.length - 1; i > 0; i--) { // people come in no order
      const k = Math.floor(Math.random() * (i + 1));
      [requests[i], requests[k]] = [requests[k], requests[i]];
    }
    return { data: join(out, "data"), cookie: text("reader.cookie"), list: text("list.path"), section: text("section.path"), requests };
  }

  // What was copied goes to the disk before anything is measured.
  settle() {
    execFileSync("sync");
  }

  copy(from, name) {
    const to = this.path(name);
    rmSync(to, { recursive: true, force: true });
    cpSync(from, to, { recursive: true });
    return to;
  }

  // The next `count` drafts as a file of requests.
  take(requests, count) {
    if (requests.length < count) throw new Error("too few drafts were prepared");
    const file = this.path("requests");
    writeFileSync(file, `${requests.splice(0, count).join("\n")}\n`);
    return file;
  }

  async end() {
    for (const child of this.started) {
      child.stdin.end();
      child.kill("SIGTERM");
      await new Promise((done) => (child.exitCode === null && child.signalCode === null ? child.once("exit", done) : done()));
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

// KB. What a process has now is counted page by page; the most that it ever had is the kernel's own note.
export function memory(pid, key) {
  const file = key === "VmHWM" ? "status" : "smaps_rollup";
  return Number(readFileSync(`/proc/${pid}/${file}`, "utf8").match(new RegExp(`^${key}:\\s*(\\d+)`, "m"))[1]);
}

export function words(command, args, pattern = /(.*)/) {
  const { stdout, stderr } = spawnSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  /* Some say their version where others complain. */
  return [stdout, stderr].map((text) => text?.match(pattern)?.[1]?.trim()).find(Boolean) ?? "?";
}
