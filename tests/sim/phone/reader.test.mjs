// `simphone scan --pcsc`: the card lies on a PC/SC reader, as a real one would. The reader is a virtual one of pcscd's, the card a soft card.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { promisify } from "node:util";
import { Desk, run } from "../card/lib/desk.mjs";
import { Reader, path, wrapper } from "../card/lib/pcscd.mjs";
import { Portal } from "./lib/portal.mjs";
import { password, pin, scan, simphone } from "./lib/phone.mjs";

const missing = ["pcscd", "opensc-tool"].filter((program) => run("sh", ["-c", `command -v ${program}`], { env: { ...process.env, PATH: path } }).code !== 0);
const skip = missing.length > 0 ? `not installed: ${missing.join(", ")}`
  : !existsSync("/usr/lib/pcsc/drivers/serial/libifdvpcd.so") ? "vsmartcard-vpcd is not installed"
    : !wrapper() && "pcscd wants to be root, and there are no user namespaces";

test("a card on a reader: log-in, four items, wrong PIN, no such reader", { skip }, async (t) => {
  const desk = new Desk(t), stage = { home: desk.at("home") };
  desk.cast("student");
  const reader = await Reader.begin(desk, "student");
  const portal = await new Portal({ anchors: desk.at("ca", "anchors") }).start();
  t.after(() => portal.stop());
  await promisify(execFile)(simphone, ["trust", portal.origin, "--id", portal.id, "--home", stage.home]);
  const held = (text, ...args) => scan(stage, text, { card: null, env: reader.env, args: ["--pcsc", ...args] });

  const login = portal.begin();
  assert.deepEqual([(await held(login.text, "--pin", pin)).ended, login.state, login.token], ["login_completed", "done", "JPKIAPICCTOKEN2"]);
  const items = portal.begin({ op: "basic4" });
  assert.deepEqual([(await held(items.text, "--password", password)).ended, items.state], ["signature_completed", "done"]);
  const wrong = portal.begin();
  const { ended, facts } = await held(wrong.text, "--pin", "9999");
  assert.deepEqual([ended, facts.tries, wrong.events], ["pin_wrong", ["3", "2"], ["pin_wrong 2"]]);
  const named = portal.begin();
  assert.equal((await scan(stage, named.text, { card: null, env: reader.env, args: ["--pcsc=Virtual", "--pin", pin] })).ended, "login_completed");
  const other = portal.begin();
  const gone = await scan(stage, other.text, { card: null, env: reader.env, args: ["--pcsc=Contactless", "--pin", pin] });
  assert.deepEqual([gone.code, other.events], [69, ["card_unreadable"]]);
});
