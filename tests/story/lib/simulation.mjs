// What stands beside the counter when a card is read: the authority with its OCSP responder, cards, and the phone app as a command.
// The programs are those of sim/, in the build folder that BUILD names.

import { execFile, spawn } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { root, temporaryFolder, until } from "./portal.mjs";

const run = promisify(execFile);
const tool = (name) => join(process.env.BUILD ?? join(root, "build"), "sim", { simca: "ca/simca", softcard: "card/softcard", simphone: "phone/simphone" }[name]);

export const pin = "1234", password = "PASS1234";

export class Simulation {
  /** only: the cards of the cast that the test needs. */
  static async open({ only }) {
    const simulation = new Simulation();
    simulation.folder = temporaryFolder("simulation");
    simulation.authority = join(simulation.folder, "authority");
    await run(tool("simca"), ["init", simulation.authority]);
    await run(tool("softcard"), ["cast", join(simulation.folder, "cards"), "--ca", simulation.authority, "--only", only.join(",")]);
    await run(tool("simca"), ["crl", simulation.authority]);
    const child = spawn(tool("simca"), ["ocsp", simulation.authority, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
    let words = "";
    child.stdout.on("data", (piece) => { words += piece; });
    simulation.ocsp = await until("the responder", () => /^listening on (http\S+)$/m.exec(words)?.[1]);
    simulation.child = child;
    return simulation;
  }

  /** Settings of the counter; see madoguchi.conf(5). */
  get settings() {
    return { card_anchors: join(this.authority, "anchors"), card_ocsp_url: this.ocsp, card_policy: "simulation" };
  }

  async ocspMode(mode) {
    await run(tool("simca"), ["ocsp-mode", this.authority, mode]);
  }

  card(name) {
    return join(this.folder, "cards", name);
  }

  /** Another person's card of the same kind, with counters of its own. */
  copy(name, as) {
    cpSync(this.card(name), this.card(as), { recursive: true });
    return this.card(as);
  }

  /** A phone that knows the counter. */
  async phone(base, name = "phone") {
    const home = join(this.folder, name);
    await run(tool("simphone"), ["trust", base, "--id", "rp:madoguchi", "--home", home]);
    return new Phone(home, this);
  }

  async softcard(...args) {
    return (await run(tool("softcard"), args)).stdout;
  }

  async close() {
    const ended = new Promise((done) => this.child.once("exit", done));
    this.child.kill();
    await ended;
  }
}

class Phone {
  constructor(home, simulation) {
    Object.assign(this, { home, simulation, pictures: 0 });
  }

  /** Scans what the browser shows, as a camera does: from a picture of the screen. Answers what the phone said: a map of its lines. */
  async scan(page, options) {
    const picture = join(this.home, `seen-${++this.pictures}.png`);
    writeFileSync(picture, await page.screenshot({ fullPage: true }));
    return this.read(picture, options);
  }

  async read(code, { card, ...options }) {
    const words = Object.entries(options).flatMap(([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, String(value)]));
    const from = card ? ["--card", card.includes("/") ? card : this.simulation.card(card)] : [];
    const { stdout } = await run(tool("simphone"), ["scan", code, "--home", this.home, "--porcelain", ...from, ...words]).catch((error) => {
      if (typeof error.code !== "number") throw error;
      return error;
    });
    return new Map(stdout.trim().split("\n").map((line) => line.split("\t")));
  }
}
