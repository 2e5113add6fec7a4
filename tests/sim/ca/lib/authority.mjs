// An authority in a folder of its own, made and used through the program simca, and the stock openssl program beside it.

import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const simca = process.env.SIMCA;
export const kinds = ["auth", "sign"];
export const roots = ["1", "2", "p384"];
export const policies = { auth: "1.2.392.200149.8.5.1.0.30", sign: "1.2.392.200149.8.5.1.0.20" };
export const units = { auth: "JPKI for user authentication", sign: "JPKI for digital signature" };

/** Runs a program: { code, out, error }; out as text. */
export function run(program, ...args) {
  const done = spawnSync(program, args, { encoding: "utf8", timeout: 60000 });
  return { code: done.status, out: done.stdout, error: done.stderr };
}
export const openssl = (...args) => run("openssl", ...args);

export class Authority {
  constructor(name) {
    this.folder = mkdtempSync(join(tmpdir(), `simca-${name}-`));
    this.dir = join(this.folder, "ca");
    this.count = 0;
    execFileSync(simca, ["init", this.dir]);
  }
  path(name) {
    return join(this.folder, name);
  }
  anchor(kind, root) {
    return join(this.dir, "anchors", `${kind}-${root}.pem`);
  }
  /** simca SUBCOMMAND DIR …, which must work; its output without the last line end. */
  do(subcommand, ...args) {
    const done = run(simca, subcommand, this.dir, ...args);
    assert.equal(done.code, 0, done.error);
    return done.out.replace(/\n$/, "");
  }
  /** { der, pem, key, serial }: file names, but for the serial. */
  issue(kind, root, ...args) {
    const base = this.path(`${kind}-${root}-${this.count++}`);
    const files = { der: `${base}.der`, key: `${base}.key`, pem: `${base}.pem` };
    const serial = this.do("issue", kind, "--root", root, "--cert", files.der, "--key", files.key, ...args);
    this.toPem(files.der, files.pem);
    return { ...files, serial };
  }
  /** A certificate with a fault, by the tests' own program; the name of the file, DER. */
  wrong(kind, root, fault) {
    const file = this.path(`wrong-${this.count++}.der`);
    const done = run(process.env.WRONG_ISSUE, this.dir, kind, root, fault, file);
    assert.equal(done.code, 0, done.error);
    return file;
  }
  toPem(der, pem) {
    const lines = readFileSync(der).toString("base64").match(/.{1,64}/g).join("\n");
    writeFileSync(pem, `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`);
    return pem;
  }
  close() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** As a careful verifier would call it; "" or the words of openssl's error. */
export function verify(cert, anchor, policy, ...more) {
  const done = openssl("verify", "-no-CAfile", "-no-CApath", "-no-CAstore", "-x509_strict", "-policy_check", "-explicit_policy",
    "-policy", policy, "-CAfile", anchor, ...more, cert);
  return done.code === 0 ? "" : done.error.match(/error \d+ at \d+ depth lookup: (.*)/)?.[1] ?? done.error;
}

/** simca ocsp: resolves when it listens. */
export class Responder {
  static async start(authority) {
    const responder = new Responder();
    responder.child = spawn(simca, ["ocsp", authority.dir, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
    responder.ended = new Promise((done) => responder.child.on("exit", (code, signal) => done({ code, signal })));
    responder.url = await new Promise((done, refuse) => {
      let text = "";
      responder.child.stdout.on("data", (piece) => {
        text += piece;
        const found = text.match(/listening on (http:\S+)\n/);
        if (found) done(found[1]);
      });
      responder.child.on("exit", (code) => refuse(new Error(`simca ocsp ended with ${code}`)));
    });
    return responder;
  }
  async stop(signal = "SIGTERM") {
    this.child.kill(signal);
    return this.ended;
  }
}
