// What the tests of the phone share: an authority, cards and a folder for the app, made once; and the program, run and read.
//
//   SIMPHONE, SIMCA, SOFTCARD   paths of the programs

import { execFile, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Portal } from "./portal.mjs";

export const { SIMPHONE: simphone, SIMCA: simca, SOFTCARD: softcard } = process.env;
export const pin = "1234", password = "PASS1234", textPin = "5678";

/** A folder with ca/, cards/ and home/; it goes with the process. */
export function makeStage(cards) {
  const folder = mkdtempSync(join(tmpdir(), "simphone-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const at = (...names) => join(folder, ...names);
  execFileSync(simca, ["init", at("ca")]);
  execFileSync(softcard, ["cast", at("made"), "--ca", at("ca"), "--only", cards.join(",")]);
  const stage = { folder, at, home: at("home"), cards: at("cards") };
  stage.fresh = () => {
    rmSync(stage.cards, { recursive: true, force: true });
    cpSync(at("made"), stage.cards, { recursive: true });
  };
  stage.fresh();
  stage.portal = async (options) => {
    const portal = await new Portal({ anchors: at("ca", "anchors"), ...options }).start();
    /* Not synchronous: the portal lives in this process and must answer. */
    await promisify(execFile)(simphone, ["trust", portal.origin, "--id", portal.id, "--home", stage.home]);
    return portal;
  };
  stage.tries = (card) => {
    const line = execFileSync(softcard, ["list", stage.cards]).toString().split("\n").find((one) => one.startsWith(`${card} `));
    const [, auth, sign] = line.match(/PIN (\d+), password (\d+|none)/);
    return { auth: Number(auth), sign: Number(sign) };
  };
  return stage;
}

/** Runs `simphone scan …`; a promise of code, facts by name (as lists), both outputs. `input`: what standard input gets. */
export function scan(stage, target, { card = "student", args = [], input = "", wait = true, plain = false, env = { PATH: process.env.PATH } } = {}) {
  const all = ["scan", target, "--home", stage.home, ...(card ? ["--card", join(stage.cards, card)] : []), ...(plain ? [] : ["--porcelain"]),
    ...(wait ? [] : ["--no-wait"]), ...args];
  const child = spawn(simphone, all, { stdio: ["pipe", "pipe", "pipe"], env });
  let out = "", err = "";
  child.stdout.on("data", (data) => { out += data; });
  child.stderr.on("data", (data) => { err += data; });
  child.stdin.on("error", () => {}); /* it need not be read */
  child.stdin.end(input);
  const going = new Promise((done, failed) => child.on("error", failed).on("close", (code) => {
    const facts = {};
    for (const line of out.split("\n").filter(Boolean)) {
      const [name, value] = line.split("\t");
      (facts[name] ??= []).push(value);
    }
    done({ code, out, err, facts, ended: facts.ended?.[0] });
  }));
  /* What it has said so far. */
  return Object.assign(going, { now: () => ({ out, err }) });
}

/** Every file below a folder, as [path, bytes]. */
export function filesBelow(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [[path, readFileSync(path)]];
  });
}

export const folderFor = (stage, name) => {
  mkdirSync(stage.at(name), { recursive: true });
  return stage.at(name);
};
