// The page that waits for the phone: it moves on by itself with script, by a refresh without, says what goes on, keeps the focus, and costs little.
// What the phone does is written into the database by another process, which rings no bell: so the portal's own looks are tried too.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { cardSettings, more, reading, states, told } from "./lib/card.mjs";
import { logIn } from "./lib/fast.mjs";
import { demo, temporaryFolder, until } from "./lib/portal.mjs";
import { stage } from "./lib/stage.mjs";

const on = stage({ people: true, settings: cardSettings() });
const phone = { phone_label: "Myna App 1.0, Android" };

async function begun(how) {
  const mai = await on.person(how);
  await logIn(mai, demo.mai);
  const path = await reading(mai);
  await mai.go(path);
  await mai.heading("id.title_auth");
  return { mai, path, page: mai.page, tell: (values) => told(on.portal, path, values), end: () => mai.page.context().close() };
}

for (const lang of ["en", "ja"]) {
  test(`the code on the screen is read by zbar, ${lang}`, async () => {
    const { mai, page, path, end } = await begun({ lang, colorScheme: lang === "ja" ? "dark" : "light" });
    const file = join(temporaryFolder("qr"), "qr.png");
    await page.locator(".qr").screenshot({ path: file });
    const read = execFileSync("zbarimg", ["--nodbus", "--quiet", "--raw", file], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    const [tx, secret] = read.slice(`${on.portal.base}/q#1.`.length).split(".");
    assert.equal(read, `${on.portal.base}/q#1.${tx}.${secret}`);
    assert.equal(tx, path.slice("/id/tx/".length));
    assert.match(secret, /^[\w-]{22}$/);
    await page.getByText(mai.say("id.by_hand_title")).click();
    assert.equal((await page.locator(".by-hand").innerText()).trim(), read);
    await end();
  });
}

test("with script the page follows the phone by itself, and keeps the focus and what is typed", async () => {
  const { mai, page, tell, end } = await begun({ lang: "en" });
  const focus = () => page.evaluate(() => document.activeElement.textContent || document.activeElement.id);
  const line = page.getByRole("status");
  await page.evaluate(() => { window.same = document.querySelector("[role=status]"); });
  await mai.button("id.cancel").focus();
  tell({ state: states.claimed, ...phone });
  await line.getByText(mai.say("id.connected")).waitFor();
  await mai.sees("Myna App 1.0, Android");
  assert.equal(await focus(), mai.say("id.cancel"));
  tell({ phone_event: 1, phone_tries: 2 });
  await line.getByText(mai.say("id.pin_wrong", { count: 2 })).waitFor();
  assert.equal(await focus(), mai.say("id.cancel"));
  assert.equal(await page.locator(".qr").count(), 0);
  tell({ state: states.verifying, phone_event: 0 });
  await line.getByText(mai.say("id.verifying")).waitFor();
  await page.evaluate(() => document.activeElement.blur());
  tell({ state: states.code, tries_left: 3 });
  await page.getByLabel(mai.say("id.code_label")).waitFor();
  await until("the field to have the focus", async () => (await focus()) === "code");
  await page.keyboard.type("48");
  tell({ error: "code_mismatch", tries_left: 2 });
  await mai.sees(mai.say("id.code_wrong", { count: 2 }));
  assert.equal(await page.getByLabel(mai.say("id.code_label")).inputValue(), "48");
  /* The line that is read out is the same one all the while: a new one would not be. */
  assert.ok(await page.evaluate(() => window.same === document.querySelector("[role=status]")));
  /* So it is on the page that answers the wrong number. */
  await page.reload();
  await until("the field to have the focus", async () => (await focus()) === "code");
  tell({ state: states.done, error: "" });
  await page.waitForURL("**/my-page");
  await end();
});

test("with script the page says how it ended, and stops asking", async () => {
  const { mai, page, tell, end } = await begun({ lang: "ja" });
  let asked = 0;
  page.on("request", (one) => { asked += /\/status/.test(one.url()); });
  tell({ state: states.failed, error: "claimed_twice" });
  await mai.heading("idv_error.claimed_twice_title");
  assert.match(await page.title(), new RegExp(`^${mai.say("idv_error.claimed_twice_title")}`));
  const before = asked;
  await page.waitForTimeout(2500);
  assert.equal(asked, before);
  await mai.button("id.new_code").click();
  await page.locator(".qr").waitFor();
  await end();
});

test("with script a portal that is away for a moment is waited for", async () => {
  const { mai, page, tell, end } = await begun({ lang: "en" });
  await on.portal.stop();
  await page.getByRole("status").getByText(mai.say("id.unreachable")).waitFor();
  await on.portal.start();
  tell({ state: states.claimed, ...phone });
  await page.getByRole("status").getByText(mai.say("id.connected")).waitFor();
  await end();
});

test("without script the page comes anew, and a press goes on", async () => {
  const { mai, page, tell, path, end } = await begun({ lang: "en", script: false });
  assert.match(await page.locator("main noscript").innerText(), new RegExp(mai.say("id.by_itself")));
  tell({ state: states.claimed, ...phone });
  await mai.sees(mai.say("id.connected")); /* nobody has pressed anything */
  tell({ state: states.code, tries_left: 3 });
  await page.getByLabel(mai.say("id.code_label")).waitFor();
  await page.getByLabel(mai.say("id.code_label")).fill("x");
  await mai.button("id.code_button").click();
  await mai.sees(mai.say("id.code_form"));
  tell({ state: states.done, error: "" });
  await mai.link("id.look").click();
  await mai.sees(mai.say("id.done_auth"));
  await mai.button("id.proceed").click();
  await page.waitForURL("**/my-page");
  /* The session goes on under another name. */
  await mai.go(path);
  await mai.sees(mai.say("id.done_auth"));
  await end();
});

test("without script one may cancel and begin again", async () => {
  const { mai, page, end } = await begun({ lang: "ja", script: false, width: 360 });
  await mai.button("id.cancel").click();
  await mai.heading("idv_error.cancelled_title");
  await mai.button("id.new_code").click();
  await page.locator(".qr").waitFor();
  await end();
});

/** One question of a page, on a connection of its own. */
function ask(path, cookie, agent) {
  return new Promise((done, bad) => {
    request(on.portal.base + path, { agent, headers: { cookie } }, (answer) => {
      let body = "";
      answer.on("data", (piece) => { body += piece; });
      answer.on("end", () => done({ status: answer.statusCode, body }));
    }).on("error", bad).end();
  });
}

test("two hundred that wait take less than 150 MB in all, and all are answered", async () => {
  const { page, path, end } = await begun({ lang: "en" });
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  await page.goto("about:blank");
  const paths = more(on.portal, path, 200), agent = new Agent({ keepAlive: true, maxSockets: 300 });
  const pid = execFileSync("pgrep", ["-f", "--", `--data=${on.portal.data}`], { encoding: "utf8" }).trim().split("\n")[0];
  const resident = () => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
  let answered = 0;
  const waiting = paths.map((one) => ask(`${one}/status?seq=2`, cookie, agent).then((answer) => { answered++; return answer; }));
  await page.waitForTimeout(5000);
  assert.equal(answered, 0);
  assert.equal((await ask("/my-page", cookie)).status, 200);
  const mib = resident();
  assert.ok(mib < 150, `${mib} MiB`);
  for (const one of paths) told(on.portal, one, { state: states.claimed });
  const found = new Set((await Promise.all(waiting)).map(({ status, body }) => `${status} ${JSON.parse(body).state}`));
  assert.deepEqual([...found], ["200 claimed"]);
  agent.destroy();
  await end();
});
