// A desk for one test run: an authority, cards in a folder, and the program softcard; all of it goes when the test ends.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const softcard = process.env.SOFTCARD, simca = process.env.SIMCA;

/** Runs a program to its end: {code, out, text} (out as bytes, text both streams). */
export function run(program, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { timeout: 120000, ...options });
  if (error) throw error;
  return { code: status, out: stdout, text: stdout.toString() + stderr.toString() };
}

export class Desk {
  constructor(t) {
    this.folder = mkdtempSync(join(tmpdir(), "softcard-"));
    this.children = [];
    t.after(() => this.clear());
    this.must(simca, "init", this.ca);
  }

  get ca() {
    return this.at("ca");
  }

  at(...names) {
    return join(this.folder, ...names);
  }

  read(...names) {
    return readFileSync(this.at(...names));
  }

  must(program, ...args) {
    const done = run(program, args);
    if (done.code !== 0) throw new Error(`${program} ${args.join(" ")}: ${done.code}\n${done.text}`);
    return done;
  }

  cast(only) {
    this.must(softcard, "cast", this.at("cards"), "--ca", this.ca, "--only", only);
  }

  /** A program that goes on; ended with the desk. child.said: what it has written so far; child.ended: {code, signal}. */
  start(program, args, options = {}) {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    child.said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => { child.said += piece; });
    child.ended = new Promise((done) => child.on("close", (code, signal) => done({ code, signal })));
    child.on("error", (error) => { child.said += String(error); });
    this.children.push(child);
    return child;
  }

  async clear() {
    for (const child of this.children) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGTERM");
        await child.ended;
      }
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
