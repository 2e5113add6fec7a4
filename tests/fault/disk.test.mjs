// D7, F-10: the disk is full. Pages are read, what cannot be stored is answered with 503 and stands on the page, nothing is half
// written; when there is room again, all works without a restart.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { test } from "node:test";
import { Counter, ask, begin, press, referenceOf, until } from "./lib/counter.mjs";

const asRoot = process.getuid() === 0;
const own = asRoot ? ["--mount"] : ["--user", "--map-root-user", "--mount"];
const enter = asRoot ? ["--mount"] : ["--user", "--mount", "--preserve-credentials"];

/** A disk of 8 MiB that exists for the processes of this test only; it ends with its holder. */
async function smallDisk(folder) {
  mkdirSync(folder, { recursive: true });
  const holder = begin(["unshare", ...own, "sh", "-c", 'mount -t tmpfs -o size=8m,mode=0700 none "$0" && echo mounted && exec sleep 600', folder],
    { stdio: ["ignore", "pipe", "pipe"] });
  let words = "";
  holder.stdout.on("data", (piece) => { words += piece; });
  holder.stderr.on("data", (piece) => { words += piece; });
  await until("the disk", () => words.includes("mounted") || holder.exitCode !== null);
  assert.ok(words.includes("mounted"), words);
  const wrap = ["nsenter", "-t", String(holder.pid), ...enter, "--"];
  return {
    wrap,
    run: (...command) => execFileSync(wrap[0], [...wrap.slice(1), ...command], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    /** Until not one byte more fits. */
    fill: () => spawnSync(wrap[0], [...wrap.slice(1), "sh", "-c", 'cat /dev/zero >>"$0/fill"; for i in 1 2 3; do printf x >>"$0/fill"; done', folder], { stdio: "ignore" }),
    free: () => execFileSync(wrap[0], [...wrap.slice(1), "rm", `${folder}/fill`]),
    end: () => holder.kill("SIGKILL"),
  };
}

function refusal() {
  for (const [program, ...words] of [["unshare", ...own, "true"], ["nsenter", "--version"]]) {
    const { status, error } = spawnSync(program, words, { stdio: "ignore" });
    if (error || status !== 0) return `${program} is not there or may not make a mount of its own`;
  }
  return false;
}

test("a full disk, and room again", { skip: refusal() }, async (t) => {
  const counter = await new Counter({ name: "disk" }).choosePort();
  const disk = await smallDisk(counter.data);
  t.after(async () => {
    await counter.close();
    disk.end();
  });
  counter.wrap = disk.wrap;
  const [mai] = await counter.people(1, 4);
  await counter.start();
  const cookies = { Cookie: `session=${mai.session}; language=en` };
  const [first, second] = mai.drafts;
  const sql = (text) => disk.run("sqlite3", "-readonly", "-cmd", ".timeout 20000", `${counter.data}/madoguchi.db`, text).trim();
  const revisions = () => sql("SELECT group_concat(id || ':' || revision) FROM (SELECT * FROM draft ORDER BY id)");
  const save = (draft, text) => ask(counter.base, `/drafts/${draft.id}/sections/stay`, { headers: cookies,
    body: new URLSearchParams({ _csrf: mai.csrf, reason: text, _leave: "1" }).toString() });

  assert.equal((await save(first, "before")).status, 303);
  disk.fill();
  // The log of the database may still have room in places that it uses again.
  let refused, number = 0;
  await until("a refusal", async () => {
    const answer = await save(first, `I typed "this" & <more> number ${++number} ${"x".repeat(300)}`);
    if (answer.status === 303) disk.fill();
    else refused = answer;
    return refused;
  });
  assert.equal(refused.status, 503);
  assert.match(refused.headers["retry-after"], /^\d+$/);
  assert.match(refused.headers["content-type"], /^text\/html/);
  assert.ok(refused.text.includes(`I typed &quot;this&quot; &amp; &lt;more&gt; number ${number}`), "what was typed stands on the page");
  assert.match(refused.text, /name="_csrf" value="/, "and can be sent again from there");
  const before = revisions();

  await t.test("pages are read", async () => {
    for (const path of ["/", "/notices", "/my-page", "/procedures/extension", "/applications", `/drafts/${first.id}`, `/drafts/${first.id}/confirm`,
      `/drafts/${first.id}/sections/stay`, "/healthz"]) {
      assert.equal((await ask(counter.base, path, { headers: cookies })).status, 200, path);
    }
    assert.ok((await ask(counter.base, `/drafts/${first.id}/sections/stay`, { headers: cookies })).text.includes(number > 1 ? `number ${number - 1} ` : "before"));
  });

  await t.test("whatever writes is refused, and says so", async () => {
    const visitor = await ask(counter.base, "/login", {});
    const cookie = visitor.headers["set-cookie"][0].split(";")[0];
    const csrf = /name="_csrf" value="([^"]+)"/.exec(visitor.text)[1];
    const form = (path, fields) => ask(counter.base, path, { headers: { Cookie: cookie }, body: new URLSearchParams({ _csrf: csrf, ...fields }).toString() });
    const answers = {
      press: await press(counter.base, mai, second),
      autosave: await ask(counter.base, `/drafts/${first.id}/sections/stay/saved`, { headers: cookies, body: new URLSearchParams({ _csrf: mai.csrf, reason: "x".repeat(900) }).toString() }),
      create: await ask(counter.base, "/procedures/extension", { headers: cookies, body: new URLSearchParams({ _csrf: mai.csrf }).toString() }),
      remove: await ask(counter.base, `/drafts/${first.id}/delete`, { headers: cookies, body: new URLSearchParams({ _csrf: mai.csrf }).toString() }),
      login: await form("/login", { login: mai.email, password: "Ame-no-Hi#24" }),
      register: await form("/register/email", { email: "new@example.jp", email_again: "new@example.jp" }),
    };
    for (const [name, answer] of Object.entries(answers)) {
      assert.equal(answer.status, 503, `${name}: ${answer.status} ${answer.headers.location}`);
      assert.ok(!answer.text.includes("Ame-no-Hi"), "no password on a page");
    }
    assert.equal(revisions(), before);
    assert.equal(sql("SELECT count(*) FROM application"), "0");
    const failures = () => counter.log.filter((line) => line.event === "request_failed" && line.status === 503 && line.level === "error");
    await until("the lines of them", () => failures().length >= Object.keys(answers).length);
    assert.ok(!JSON.stringify(counter.log).includes("I typed"), "the log holds nothing of it");
  });

  await t.test("with room again all works, in the same process", async () => {
    disk.free();
    assert.equal((await save(first, "after")).status, 303);
    const reference = referenceOf(await press(counter.base, mai, second));
    assert.ok(reference);
    assert.equal(referenceOf(await press(counter.base, mai, second)), reference);
    assert.equal(counter.starts, 1);
    await until("its mail", () => sql("SELECT count(*) FROM outbox WHERE state = 0") === "0");
    assert.equal(disk.run("sh", "-c", 'ls "$0" | grep -c "\\.eml$"', `${counter.data}/mail`).trim(), "1");
    assert.equal(sql("PRAGMA integrity_check"), "ok");
    assert.match(await counter.admin("audit", "verify"), /every chain is whole/);
  });

  await t.test("killed and started again on a full disk: it reads, or says in words why not; nothing is damaged", async () => {
    disk.fill();
    await counter.signal("SIGKILL");
    const words = await counter.start().then(() => undefined, (error) => error.message);
    if (words === undefined) assert.equal((await ask(counter.base, "/applications", { headers: cookies })).status, 200);
    else assert.match(words, /^the program ended with (69|75)\n[^]*madoguchi: [^]+\n/);
    t.diagnostic(words === undefined ? "it reads" : words.split("\n").slice(0, 2).join(": "));
    if (counter.child.exitCode === null) await counter.signal("SIGKILL");
    disk.free();
    await counter.start();
    assert.equal((await save(first, "again")).status, 303);
    assert.equal(sql("SELECT count(*) FROM application"), "1");
    assert.equal(sql("PRAGMA integrity_check"), "ok");
    assert.deepEqual(await counter.signal("SIGTERM"), { code: 0, signal: null });
  });
});
