// A virus scanner that is configured and does not answer: nobody listens at its socket, or it takes the bytes and is silent. The file waits and says
// so, the operator is told, the counter goes on, nothing is submitted without it; and when the scanner answers, the file has its verdict by itself.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { Clamd, EICAR } from "../scan/clamd.mjs";
import { pdf } from "../story/lib/pdf.mjs";
import { words } from "../story/lib/words.mjs";
import { Counter, ask, press, referenceOf, until } from "./lib/counter.mjs";
import { create, patch, state } from "./lib/upload.mjs";

/* Behind the waiting of 30 s: the job asks by then. */
const WAITED = 75;

/** A sound PDF of that length with the scanners' test file in a stream that no page shows. */
function infected(label, size) {
  const bytes = pdf(label, size), at = bytes.indexOf("a".repeat(EICAR.length * 2));
  assert.ok(at > 0);
  EICAR.copy(bytes, at);
  return bytes;
}

async function open(t, name, peopleCount) {
  const counter = await new Counter({ name }).choosePort(), socket = join(counter.folder, "clamd");
  counter.settings = { virus_scanner: socket };
  t.after(() => counter.close());
  const people = await counter.people(peopleCount, 1);
  await counter.start();
  return { counter, socket, people };
}

async function listening(t, socket, manner) {
  const clamd = new Clamd(socket, { manner });
  await clamd.listen();
  t.after(() => clamd.close());
  return clamd;
}

const page = (counter, person, path, lang) => ask(counter.base, path, { headers: { Cookie: `session=${person.session}; language=${lang}` } });

/** In what words the script is told of it. */
const told = async (counter, person, path, lang) => JSON.parse((await page(counter, person, path, lang)).text);

async function seenWaiting(counter, person, path) {
  assert.equal((await state(counter, person, path)).state, "checking");
  for (const lang of ["en", "ja"]) {
    const now = await told(counter, person, path, lang);
    assert.deepEqual([now.state, now.text, now.label], ["checking", words(lang, "attach.waits_scanner"), words(lang, "attach.state_checking")], lang);
  }
  const shown = await page(counter, person, `/drafts/${person.drafts[0].id}/files`, "en");
  assert.equal(shown.status, 200);
  assert.ok(shown.text.includes(words("en", "attach.waits_scanner")), "the page of files says what it waits for");
}

/* Whoever presses Apply is led to what stands in the way; the draft and the file stay. */
async function notSubmitted(counter, person) {
  const [draft] = person.drafts, answer = await press(counter.base, person, draft);
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.location, `/drafts/${draft.id}/confirm`);
  assert.deepEqual(counter.sql("SELECT count(*) AS n FROM application"), [{ n: 0 }]);
  const confirm = await page(counter, person, answer.headers.location, "en");
  assert.ok(confirm.text.includes(words("en", "attach.issue_checking", { file: "paper.pdf" })), "the confirmation names the file that is not checked");
}

/* What the operator is told: a line of the queue for all that wait, and one of the log when it begins. */
async function operatorTold(counter, files, why) {
  const [line, ...more] = (await counter.admin("queue")).trimEnd().split("\n").filter((words) => words.startsWith("files\t")).map((words) => words.split("\t"));
  assert.deepEqual(more, [], "one line for all of them");
  const [, count, kind, since, state, tries, next, reason] = line;
  assert.deepEqual([count, kind, state, tries, reason], [String(files), "scanner", "waits", "0", "the virus scanner does not answer"]);
  for (const time of [since, next]) assert.ok(Number.isFinite(Date.parse(time)), time);
  const json = JSON.parse(await counter.admin("queue", "--json")).find(({ queue }) => queue === "files");
  assert.deepEqual([json.files, json.kind, json.reason], [files, "scanner", "the virus scanner does not answer"]);
  const told = counter.log.filter(({ event }) => event === "files_wait");
  assert.deepEqual(told.map((one) => [one.level, one.for, one.why]), [["warn", "scanner", why]], "told once");
}

const verdict = (counter, person, path) => until("the verdict", async () => ["ok", "problem"].includes((await state(counter, person, path)).state), WAITED);

async function refusedAsVirus(counter, person, path) {
  for (const lang of ["en", "ja"]) {
    const now = await told(counter, person, path, lang);
    assert.deepEqual([now.state, now.text], ["problem", words(lang, "attach.reason_virus")], lang);
  }
  assert.equal((await page(counter, person, `${path}/content`, "en")).status, 404, "nobody gets the bytes");
}

test("nobody listens: the file waits, and has its verdict when a scanner is there", async (t) => {
  const { counter, socket, people: [mai, lee] } = await open(t, "absent", 2);
  const clean = pdf("clean", 90_000), bad = infected("infected", 90_000);
  const good = await create(counter, mai, mai.drafts[0], "passport_copy", clean.length);
  const virus = await create(counter, lee, lee.drafts[0], "passport_copy", bad.length);
  assert.equal((await patch(counter, mai, good, clean, 0)).status, 204, "its bytes have arrived");
  assert.equal((await patch(counter, lee, virus, bad, 0)).status, 204);
  for (const [person, path] of [[mai, good], [lee, virus]]) {
    await seenWaiting(counter, person, path);
    await notSubmitted(counter, person);
    assert.equal((await page(counter, person, `${path}/content`, "en")).status, 404, "not given before it is scanned");
  }

  await operatorTold(counter, 2, "not reached");

  /* It waits over a restart too. */
  await counter.signal("SIGKILL");
  await counter.start();
  await seenWaiting(counter, mai, good);

  const clamd = await listening(t, socket, "right");
  await verdict(counter, mai, good);
  assert.equal((await state(counter, mai, good)).state, "ok");
  await verdict(counter, lee, virus);
  await refusedAsVirus(counter, lee, virus);
  assert.deepEqual(counter.log.filter(({ event }) => event === "virus").map(({ name }) => name), ["Win.Test.EICAR_HDB-1"], "the log names it");
  assert.doesNotMatch(await counter.admin("queue"), /^files\t/m, "nothing waits any more");
  assert.deepEqual(clamd.faults, []);
  assert.deepEqual(clamd.seen.map((bytes) => bytes.length).sort(), [clean.length, bad.length].sort(), "each was scanned whole, once");

  const reference = referenceOf(await press(counter.base, mai, mai.drafts[0]));
  assert.ok(reference, "with the clean file it is taken");
  assert.deepEqual(counter.sql("SELECT document, state FROM attachment WHERE application_id <> 0 AND document <> 'photo'"), [{ document: "passport_copy", state: 3 }]);
  assert.ok((await page(counter, mai, `/applications/${reference}/receipt`, "en")).text.includes("paper.pdf"));
});

test("it is silent: the counter goes on meanwhile, and the file has its verdict when it speaks", async (t) => {
  const { counter, socket, people } = await open(t, "silent", 8), senders = people.slice(0, 6), [other, late] = people.slice(6);
  const silent = await listening(t, socket, "silent");
  const sent = [];
  for (const [i, person] of senders.entries()) {
    const bytes = i === 0 ? infected("infected", 60_000) : pdf(`clean ${i}`, 60_000);
    sent.push({ person, bytes, path: await create(counter, person, person.drafts[0], "passport_copy", bytes.length) });
  }
  let answered = 0;
  const patches = sent.map(({ person, path, bytes }) => patch(counter, person, path, bytes, 0).then((answer) => { answered++; return answer; }));
  await until("the scanner to have the first bytes", () => silent.seen.length > 0, 15);

  /* While it is silent, pages are read, and another person's application is taken. */
  const times = [];
  for (let i = 0; i < 20; i++) {
    const began = performance.now();
    assert.equal((await page(counter, other, i % 2 ? "/notices" : `/drafts/${other.drafts[0].id}`, "en")).status, 200);
    times.push(performance.now() - began);
  }
  const began = performance.now();
  assert.ok(referenceOf(await press(counter.base, other, other.drafts[0])), "the application of somebody else is taken");
  times.push(performance.now() - began);
  assert.equal(answered, 0, "nobody waits for the scanner, which was silent all that time");

  for (const answer of await Promise.all(patches)) assert.equal(answer.status, 204);
  await seenWaiting(counter, sent[1].person, sent[1].path);

  /* Who comes behind them does not wait for it in turn: nobody asks it for a while. */
  const more = pdf("late", 60_000), path = await create(counter, late, late.drafts[0], "passport_copy", more.length);
  assert.equal((await patch(counter, late, path, more, 0)).status, 204);
  const asked = () => silent.seen.filter((bytes) => bytes.length > 50_000).length; // not its own question whether the scanner works
  assert.equal(asked(), senders.length, "nor is it asked");
  await seenWaiting(counter, late, path);
  sent.push({ person: late, path });
  const press1 = await press(counter.base, sent[1].person, sent[1].person.drafts[0]);
  assert.equal(press1.headers.location, `/drafts/${sent[1].person.drafts[0].id}/confirm`);
  t.diagnostic(`the slowest of ${times.length} answers took ${Math.round(Math.max(...times))} ms; ${asked()} files were with the scanner`);

  silent.manner = "right";
  for (const { person, path } of sent) await verdict(counter, person, path);
  await refusedAsVirus(counter, sent[0].person, sent[0].path);
  for (const { person, path } of sent.slice(1)) assert.equal((await state(counter, person, path)).state, "ok");
});
