// The command line: what each subcommand refuses, with which exit code, and the files it leaves.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { after, test } from "node:test";
import { Authority, run, simca } from "./lib/authority.mjs";

const authority = new Authority("program");
after(() => authority.close());

const dir = authority.dir;
const USAGE = 64, DATA = 65, NO_INPUT = 66, UNAVAILABLE = 69, IO = 74;
const cert = authority.path("c.der"), key = authority.path("k.der");
const files = ["--cert", cert, "--key", key];

function refused(code, words, ...args) {
  const done = run(simca, ...args);
  assert.equal(done.code, code, `${args.join(" ")}: ${done.error}`);
  assert.match(done.error, /^simca: /);
  assert.match(done.error, words);
  assert.equal(done.out, "");
}

test("help, version, no word", () => {
  for (const args of [["--help"], ["issue", "--help"], ["init", dir, "--help"]]) {
    const help = run(simca, ...args);
    assert.equal(help.code, 0);
    for (const word of ["init", "issue", "revoke", "crl", "ocsp", "ocsp-mode", "show"]) assert.match(help.out, new RegExp(`^  simca ${word} `, "m"));
    assert.match(help.out, /nothing it issues is real/);
  }
  assert.match(run(simca, "--version").out, /^simca \d+\.\d+\.\d+\n$/);
  const none = run(simca);
  assert.equal(none.code, USAGE);
  assert.match(none.error, /usage:/);
  refused(USAGE, /first word is a subcommand/, "unmake", dir);
});

test("every subcommand refuses wrong words", () => {
  for (const args of [["init"], ["init", dir, "x"], ["revoke", dir], ["revoke", dir, "a", "b", "c"], ["crl"], ["crl", dir, "x"], ["show"],
    ["show", dir, "a", "b"], ["ocsp"], ["ocsp", dir, "x"], ["ocsp-mode"], ["ocsp-mode", dir, "good", "x"], ["issue"], ["issue", dir],
    ["issue", dir, "auth", "x", ...files], ["issue", dir, "auth"], ["issue", dir, "auth", "--cert", cert], ["issue", dir, "auth", "--key", key],
    ["issue", dir, "auth", "--cert=", "--key="]])
    refused(USAGE, /simca --help/, ...args);
  refused(USAGE, /no option --force/, "init", dir, "--force", "x");
  refused(USAGE, /wants a value/, "issue", dir, "auth", "--cert");
  refused(USAGE, /twice/, "issue", dir, "auth", ...files, "--cert", cert);
});

test("issue: values that are none", () => {
  const before = authority.do("show");
  refused(USAGE, /neither auth nor sign/, "issue", dir, "both", ...files);
  for (const [option, value, words] of [["root", "3", /not 1, 2 or p384/], ["birth", "2000-04-01", /not YYYYMMDD/], ["birth", "200004", /not YYYYMMDD/],
    ["birth", "2000041x", /not YYYYMMDD/], ["sex", "4", /--sex/], ["era", "10", /--era/], ["from", "2026-02-30", /--from: not a day/],
    ["until", "tomorrow", /--until: not a day/]])
    refused(USAGE, words, "issue", dir, "auth", ...files, `--${option}`, value);
  for (const [option, value, words] of [["name", "", /name/], ["name", "あ".repeat(201), /name/], ["address", "", /address/], ["birth", "20010229", /no date/],
    ["sex", "0", /sex/], ["office", "short", /office/], ["name-subst", "01", /name_subst/], ["address-subst", "01", /address_subst/],
    ["prefecture", "", /prefecture/], ["municipality", "x".repeat(59), /municipality/], ["until", "2001-01-01", /not_after/]])
    refused(DATA, words, "issue", dir, "sign", ...files, `--${option}`, value);
  assert.equal(authority.do("show"), before);
  assert.ok(!existsSync(cert) && !existsSync(key));
});

test("issue: a folder that is none, a file that cannot be written", () => {
  refused(NO_INPUT, /no such file/, "issue", authority.path("none"), "auth", ...files);
  refused(IO, /No such file/, "issue", dir, "auth", "--root", "p384", "--cert", authority.path("none/c"), "--key", key);
});

test("issue: the key is for its owner alone", () => {
  authority.do("issue", "auth", "--root", "p384", ...files);
  assert.equal(statSync(key).mode & 0o777, 0o600);
  assert.equal(statSync(cert).mode & 0o777, 0o644 & ~process.umask());
});

test("init: what is there already is left alone", () => {
  const before = readFileSync(`${dir}/index.tsv`, "utf8");
  refused(1, /already/, "init", dir);
  refused(1, /not an empty folder/, "init", authority.folder);
  assert.equal(readFileSync(`${dir}/index.tsv`, "utf8"), before);
  refused(IO, /No such file/, "init", authority.path("none/there"));
  // Nothing half made is left beside it.
  assert.deepEqual(readdirSync(authority.folder).filter((name) => name.startsWith("ca.")), []);
});

test("revoke and show: unknown, wrong, twice", () => {
  const { serial } = authority.issue("sign", "p384");
  refused(NO_INPUT, /no certificate/, "revoke", dir, "1234", "superseded");
  refused(DATA, /no reason/, "revoke", dir, serial, "moved");
  refused(NO_INPUT, /no certificate/, "show", dir, "1234");
  assert.match(authority.do("show", serial), /^[0-9A-F]{16}\tsign\tp384\tgood\t-\t20[^\t]*\+09:00\t20[^\t]*\t20\d{16}44202001A$/);
  assert.equal(authority.do("revoke", serial, "superseded"), "");
  refused(1, /already/, "revoke", dir, serial, "keyCompromise");
  assert.match(authority.do("show", serial), /\tsuperseded\t20/);
});

test("ocsp: a mode that is none, an address that is none or taken", async () => {
  refused(DATA, /no way to answer/, "ocsp-mode", dir, "loud");
  refused(NO_INPUT, /no such file/, "ocsp", authority.path("none"));
  refused(USAGE, /an address is/, "ocsp", dir, "--listen", "nowhere");
  const { Responder } = await import("./lib/authority.mjs");
  const one = await Responder.start(authority);
  refused(UNAVAILABLE, /./, "ocsp", dir, "--listen", new URL(one.url).host);
  assert.deepEqual(await one.stop("SIGINT"), { code: 0, signal: null });
});
