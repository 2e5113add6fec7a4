// What people have attached, in the hands of an officer: the commands that list it and write it into a folder, and what they refuse.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pdf } from "../story/lib/pdf.mjs";
import { Counter, press, referenceOf, root, until } from "./lib/counter.mjs";
import { create, patch, state } from "./lib/upload.mjs";

const photo = readFileSync(join(root, "tests/data/photo.jpg"));
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const mode = (path) => statSync(path).mode & 0o7777;

async function attach(counter, person, draft, document, bytes, name) {
  const path = await create(counter, person, draft, document, bytes.length, name);
  assert.equal((await patch(counter, person, path, bytes, 0)).status, 204);
  await until("the verdict", async () => (await state(counter, person, path)).state === "ok");
}

/** A command that must not go well: its exit status and its words. */
const refused = (counter, ...command) => counter.admin(...command).then((said) => assert.fail(`done: ${said}`), (error) => error);

test("an officer lists and reads what was attached", async (t) => {
  const counter = await new Counter({ name: "papers" }).choosePort();
  t.after(() => counter.close());
  const [person] = await counter.people(1, 1), draft = person.drafts[0];
  await counter.start();
  counter.harm("DELETE FROM attachment"); // the photos of these drafts are rows alone
  const still = pdf("a letter", 50_000), moves = pdf("scripts", 3_000, "/OpenAction << /S /JavaScript /JS (app.alert(1)) >>");
  await attach(counter, person, draft, "photo", photo, "face.jpg");
  await attach(counter, person, draft, "reason_letter", still, "../手紙 $(id).pdf");
  await attach(counter, person, draft, "passport_copy", moves, "../手紙 $(id).pdf");
  const reference = referenceOf(await press(counter.base, person, draft));
  assert.match(reference, /^\d{12}$/);
  const noted = () => counter.sql("SELECT count(*) AS n FROM audit_entry WHERE event = 'attachment_read'")[0].n;

  await t.test("into a new folder: whole, closed to others, each in the audit chain", async () => {
    const papers = join(counter.folder, "papers"), said = await counter.admin("application", "files", reference, papers);
    const names = readdirSync(papers).sort();
    assert.deepEqual(names, ["01-face.jpg", "02-手紙 _(id).pdf", "03-手紙 _(id).pdf"]);
    assert.equal(mode(papers), 0o700);
    for (const name of names) assert.equal(mode(join(papers, name)), 0o600);
    const [face, letter, passport] = names.map((name) => readFileSync(join(papers, name)));
    assert.ok(letter.equals(still) && passport.equals(moves), "what comes out is what was sent");
    assert.equal(face.subarray(0, 3).toString("hex"), "ffd8ff");
    const lines = said.trimEnd().split("\n").map((line) => line.split("\t"));
    assert.deepEqual(lines.map((columns) => columns.slice(1)), [
      ["01-face.jpg", String(face.length), sha256(face), "ok"],
      ["02-手紙 _(id).pdf", String(still.length), sha256(still), "ok,pages=1"],
      ["03-手紙 _(id).pdf", String(moves.length), sha256(moves), "ok,pages=1,active"],
    ]);
    assert.equal(lines[0][0], "顔写真");
    assert.equal(noted(), 3);
    assert.match(await counter.admin("audit", "verify"), /every chain is whole/);
  });

  await t.test("into an empty one of one's own; never over anything, never where others look in", async () => {
    const make = (name, bits) => { const path = join(counter.folder, name); mkdirSync(path); chmodSync(path, bits); return path; };
    const empty = make("empty", 0o700);
    await counter.admin("application", "files", reference, empty);
    assert.equal(readdirSync(empty).length, 3);
    const before = noted();
    for (const [folder, words] of [[empty, /not empty/], [make("open", 0o755), /others may look into this folder.*chmod 700/], [join(counter.folder, "no/such"), /No such file/]]) {
      const { code, stderr } = await refused(counter, "application", "files", reference, folder);
      assert.equal(code, 73);
      assert.match(stderr, words);
    }
    const led = make("led", 0o700), link = join(counter.folder, "link");
    symlinkSync(led, link);
    assert.equal((await refused(counter, "application", "files", reference, link)).code, 73);
    assert.deepEqual(readdirSync(led), []);
    const file = join(counter.folder, "file");
    writeFileSync(file, "mine");
    assert.equal((await refused(counter, "application", "files", reference, file)).code, 73);
    assert.equal(readFileSync(file, "utf8"), "mine");
    assert.equal(noted(), before, "nothing was read");
  });

  await t.test("no such number, no folder", async () => {
    const folder = join(counter.folder, "none");
    assert.equal((await refused(counter, "application", "files", "000000000000", folder)).code, 66);
    assert.ok(!existsSync(folder));
    const { code, stderr } = await refused(counter, "application", "files", reference);
    assert.equal(code, 64);
    assert.match(stderr, /admin application files wants a reference number and a folder/);
  });

  await t.test("of a request for use: listed, and written", async () => {
    const folder = join(counter.folder, "use");
    const { code, stderr } = await refused(counter, "usage", "files", reference, folder);
    assert.equal(code, 65);
    assert.match(stderr, /no request for use/);
    assert.ok(!existsSync(folder));
    // As if it were one: what a request for use is more than an application stands beside it.
    counter.harm(`INSERT INTO usage_request (account_id, application_id, state, differs, requested_at, decided_at, months, valid_until, told)
      SELECT account_id, id, 0, 1, submitted_at, 0, 12, 0, 0 FROM application WHERE reference = '${reference}'`);
    const shown = await counter.admin("usage", "show", reference), before = noted();
    assert.match(shown, new RegExp(`^顔写真\tface\\.jpg\t\\d+\t[0-9a-f]{64}\tok$`, "m"));
    assert.match(shown, new RegExp(`^[^\t]+\t手紙 \\$\\(id\\)\\.pdf\t${still.length}\t${sha256(still)}\tok,pages=1$`, "m"));
    assert.match(shown, new RegExp(`^[^\t]+\t手紙 \\$\\(id\\)\\.pdf\t${moves.length}\t${sha256(moves)}\tok,pages=1,active$`, "m"));
    assert.equal(noted(), before, "the list gives nothing away");
    await counter.admin("usage", "files", reference, folder);
    assert.equal(readdirSync(folder).length, 3);
    assert.equal(noted(), before + 3);
  });

  await t.test("what is missing or damaged is said and left out; the rest is there", async () => {
    const kept = counter.sql("SELECT document, kept FROM attachment WHERE kept <> '' AND application_id <> 0 ORDER BY id");
    const blob = (document) => { const { kept: name } = kept.find((row) => row.document === document); return join(counter.data, "files", name.slice(0, 2), name); };
    truncateSync(blob("reason_letter"), 1000);
    rmSync(blob("photo"));
    const folder = join(counter.folder, "damaged");
    const { code, stdout, stderr } = await refused(counter, "application", "files", reference, folder);
    assert.equal(code, 1);
    assert.deepEqual(readdirSync(folder), ["03-手紙 _(id).pdf"]);
    assert.match(stdout, /^[^\t]+\t03-[^\n]+\n$/);
    assert.match(stderr, /^madoguchi: 01-face\.jpg: .+\nmadoguchi: 02-手紙 _\(id\)\.pdf: .+\n$/);
  });

  await t.test("one without files", async () => {
    counter.harm(`UPDATE attachment SET state = 5, kept = '' WHERE draft_id = 0`);
    const folder = join(counter.folder, "nothing");
    assert.equal(await counter.admin("application", "files", reference, folder), "");
    assert.deepEqual(readdirSync(folder), []);
  });
});
