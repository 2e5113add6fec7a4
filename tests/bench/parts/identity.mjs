// The card: verifying, waiting, and the whole way with both codes. Beside the counter stand the simulated authority, cards and phone.

import { execFile, execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { Browser } from "../../identity/lib/browser.mjs";
import { freePort, memory, root, sleep } from "../lib/stage.mjs";
import { series, Table } from "../lib/table.mjs";
import { sqlite } from "./submit.mjs";

const run = promisify(execFile);
const PASSWORD = "Ame-no-Hi#24"; // of the people of `admin demo`
const WAITING = 200;

// What the unit test of the proofs says of itself: work for one, without asking about revocation.
function verifying(stage, table) {
  const words = execFileSync("sh", ["-c", `exec taskset -c ${stage.serving} "${join(stage.build, "tests/unit/test_identity_evidence")}" 2>&1`], { cwd: root, encoding: "utf8" });
  for (const [, what, us] of words.matchAll(/^(\S[^\n:]*): (\d+) us of work each/gm)) table.add(`verify a proof, ${what}, without OCSP`, "us", Number(us), { budget: { text: "≤ 5 ms", most: 5000 } });
}

class Simulation {
  constructor(stage) {
    this.stage = stage;
    this.authority = stage.path("authority");
    this.made = stage.path("cards");
    const tool = (folder, name) => join(stage.build, "sim", folder, name);
    Object.assign(this, { simca: tool("ca", "simca"), softcard: tool("card", "softcard"), simphone: tool("phone", "simphone") });
    execFileSync(this.simca, ["init", this.authority]);
    execFileSync(this.softcard, ["cast", this.made, "--ca", this.authority, "--only", "student"]);
    execFileSync(this.simca, ["crl", this.authority]);
  }

  async open() {
    const { stage } = this, port = await freePort(), data = stage.path("card-data");
    this.data = data;
    this.responder = await stage.start(null, this.simca, ["ocsp", this.authority, "--listen", "127.0.0.1:0"], { ready: /listening on (http:\/\/\S+)/ });
    this.base = `http://127.0.0.1:${port}`;
    const settings = stage.settings(data, ["--listen", `127.0.0.1:${port}`, "--base_url", this.base, "--log_level", "warn", "--card_policy", "simulation",
      "--card_anchors", join(this.authority, "anchors"), "--card_ocsp_url", this.responder.found[1]]);
    execFileSync(stage.program, ["admin", "demo", ...settings]);
    this.counter = await stage.start(null, stage.program, ["run", ...settings], { ready: /listening on http/ });
    this.home = stage.path("phone");
    await run(this.simphone, ["trust", this.base, "--id", "rp:madoguchi", "--home", this.home]);
    return this;
  }

  async scan(code, card, ...secret) {
    const { stdout } = await run(this.simphone, ["scan", code, "--home", this.home, "--card", card, "--porcelain", "--no-wait", ...secret]).catch((error) => error);
    return stdout;
  }
}

// Log-in certificate, number, signing certificate, number when asked for: until the four items are there.
async function bothCodes(simulation, who, card) {
  const browser = await new Browser(simulation.base).logIn(who, PASSWORD), began = performance.now();
  const step = async (fields, ...secret) => {
    await browser.ask("/my-page"); // the session's token, and with it that of forms, changes with each proof
    const tx = await browser.begin(fields), said = await simulation.scan(tx.code, card, ...secret);
    const number = /^code\t(\d{4})/m.exec(said)?.[1];
    if (number) await browser.post(`/id/tx/${tx.id}/code`, { code: number });
    const { state } = await browser.state(tx.id);
    if (state !== "done") throw new Error(`the proof ended with ${state}: ${said}`);
    return tx.id;
  };
  const first = await step({ op: "auth", purpose: "usage_request" }, "--pin", "1234");
  await step({ op: "basic4", purpose: "usage_request", chain: first }, "--password", "PASS1234");
  return (performance.now() - began) * 1000;
}

// So many pages that wait for a phone at once. An account may have two; the others are copies of one's row.
async function waiting(simulation, table) {
  const browser = await new Browser(simulation.base).logIn("sato@example.jp", PASSWORD);
  const { id } = await browser.begin({ op: "auth", purpose: "usage_request" }), { seq } = await browser.state(id);
  const file = join(simulation.data, "madoguchi.db");
  const columns = sqlite(file, "SELECT group_concat(name) FROM pragma_table_info('id_tx') WHERE name <> 'id'");
  const names = Array.from({ length: WAITING }, (_, i) => `0${String(i).padStart(5, "0")}${id.slice(6)}`);
  sqlite(file, ["BEGIN", ...names.map((name) => `INSERT INTO id_tx (id,${columns}) SELECT '${name}',${columns} FROM id_tx WHERE id = '${id}'`), "COMMIT"].join(";"));
  const before = memory(simulation.counter.pid, "Rss");
  const polls = names.map((name) => browser.ask(`/id/tx/${name}/status?seq=${seq}`));
  await sleep(3000);
  const held = memory(simulation.counter.pid, "Rss");
  sqlite(file, "UPDATE id_tx SET seq = seq + 1");
  const told = (await Promise.all(polls)).filter(({ status, text }) => status === 200 && JSON.parse(text).seq > seq).length;
  if (told !== WAITING) throw new Error(`${told} of ${WAITING} that waited were told`);
  table.add(`resident with ${WAITING} pages that wait for a phone`, "mb", held, { budget: { text: "≤ 150 MB", most: 150 * 1024 } });
  table.add("– for each of them", "kb", ((held - before) * 1024) / WAITING);
}

export async function identity(stage) {
  const table = new Table("The card, SQLite, both cores",
    "The whole way is what a person's browser and the simulated phone do after the log-in: two codes, two proofs by the card with OCSP, the number in return; each scan starts the phone's program anew. "
    + "Nobody types or holds a card meanwhile.");
  verifying(stage, table);
  const simulation = await new Simulation(stage).open();
  const took = [];
  for (let n = 0; n < (stage.quick ? 1 : 3); n++) {
    const card = stage.path(`card${n}`);
    cpSync(join(simulation.made, "student"), card, { recursive: true });
    took.push(await bothCodes(simulation, "mai@example.jp", card));
  }
  table.add("both codes, from the first page to the four items", "ms", series(took), { budget: { text: "≤ 3 s", most: 3000000 } });
  await waiting(simulation, table);
  await simulation.counter.stop();
  await simulation.responder.stop();
  return table;
}
