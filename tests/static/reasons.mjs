// Why a file is refused or waits: each word that the checkers, the first look and the counter say of a file has words of its own for a person, in
// every language. A word that the table of src/web/files_words.c lacks would be told as the last resort, "it cannot be used", which is no help.

import assert from "node:assert/strict";
import test from "node:test";
import { codeOf, enumOf, files, none, read } from "./lib/tree.mjs";

const code = (path) => codeOf(read(path));
const all = (text, pattern) => [...text.matchAll(pattern)].map((m) => m.slice(1));
const idOf = (key) => key.replace(/[.-]/g, "_");

function catalogue(lang) {
  const entries = all(read(`po/${lang}.po`), /^msgid "(.+)"\nmsgstr ((?:".*"\n?)+)/gm);
  return new Map(entries.map(([key, value]) => [idOf(key), all(value, /"(.*)"/g).join("").replace(/《[^》]*》|｜/g, "")]));
}
const languages = files(/^po\/\w+\.po$/).map((path) => path.slice(3, -3)), texts = new Map(languages.map((lang) => [lang, catalogue(lang)]));

/** What the checkers say: member of the enum → word. */
const verdicts = new Map(all(code("src/sandbox/verdict.c"), /\[CHECK_(\w+)\] = "(\w+)"/g).filter(([member]) => member !== "OK"));

/** What the counter says by itself, with the place. */
const own = [];
for (const path of files(/^src\/(files|domain)\/.*\.c$/)) {
  for (const [statement] of all(code(path), /\breason = ([^;{}]*?STR\("\w+"\)[^;{}]*)[;}]/g)) for (const [word] of all(statement, /STR\("(\w+)"\)/g)) own.push([word, path]);
  for (const [word] of all(code(path), /\[LOOK_\w+\] = "(\w+)"/g)) own.push([word, path]);
  for (const [word] of all(code(path), /\bintake_tried\([^;]*"(\w+)"\);/g)) own.push([word, path]);
}
const waits = files(/^src\/files\/.*\.c$/).flatMap((path) => all(code(path), /\bintake_(?:waits|tried)\(intake, "(\w+)"/g).map(([word]) => word));

/** What is told: word → message. */
const view = code("src/web/files_words.c"), table = all(view, /\{STR_INIT\("(\w+)"\), MSG_(\w+)\}/g), told = new Map(table);

/** A text of its own in every language, in that language. */
function texted(id, of, faults) {
  for (const [lang, catalogued] of texts) {
    const text = catalogued.get(id);
    if (!text) faults.push(`po/${lang}.po: no words for ${of} (${id})`);
    else if ((lang === "ja") !== /[ぁ-んァ-ヶ一-龠]/.test(text)) faults.push(`po/${lang}.po: ${id} is in another language`);
  }
}

test("every reason of the checkers has a word, and every word its words in all languages", () => {
  assert.deepEqual([...verdicts.keys()].sort(), enumOf("src/sandbox/verdict.h", "check_reason", "CHECK_").filter((member) => member !== "OK").sort());
  assert.ok(verdicts.size >= 18 && languages.length >= 2);
  const faults = [];
  for (const word of verdicts.values()) {
    if (told.get(word) !== `check_${word}`) faults.push(`src/web/files_words.c: "${word}" is told as ${told.get(word) ?? "nothing of its own"}`);
    texted(`check_${word}`, `"${word}"`, faults);
  }
  none(faults);
});

test("so has every reason of our own", () => {
  const words = new Set(own.map(([word]) => word));
  for (const word of ["virus", "unscannable", "lost", "same", "empty", "is_office", "photo_is_heic", "page_is_pdf"]) assert.ok(words.has(word), `${word} is found`);
  const faults = [], checked = new Set(verdicts.values());
  for (const [word, path] of own) {
    if (!told.has(word)) faults.push(`${path}: "${word}" has no words in src/web/files_words.c`);
    else if (!checked.has(word) && told.get(word) !== `attach_reason_${word}`) faults.push(`src/web/files_words.c: "${word}" is told as ${told.get(word)}`);
    else texted(told.get(word), `"${word}"`, faults);
  }
  none(faults);
});

test("no two reasons are told alike, and none is told that nobody gives", () => {
  const given = new Set([...verdicts.values(), ...own.map(([word]) => word)]), faults = [];
  assert.equal(told.size, table.length, "a word stands in the table once");
  for (const [word] of table) if (!given.has(word)) faults.push(`src/web/files_words.c: nobody says "${word}"`);
  for (const [lang, catalogued] of texts) {
    const seen = new Map();
    for (const [word, id] of table) {
      const text = catalogued.get(id);
      if (seen.has(text)) faults.push(`po/${lang}.po: "${word}" is told like "${seen.get(text)}"`);
      seen.set(text, word);
    }
  }
  none(faults);
});

test("what a file waits for is told", () => {
  assert.deepEqual([...new Set(waits)].sort(), ["checker", "scanner"]);
  const faults = [];
  for (const word of new Set(waits)) {
    if (!view.includes(`STR("${word}")`) || !view.includes(`MSG_attach_waits_${word}`)) faults.push(`src/web/files_words.c: "${word}" is not told`);
    texted(`attach_waits_${word}`, `"${word}"`, faults);
  }
  none(faults);
});

test("every advice about a photo is told", () => {
  const faults = [], members = enumOf("src/sandbox/check.h", "photo_advice", "PHOTO_"), advised = new Map(all(code("src/sandbox/advice.c"), /\[PHOTO_(\w+)\] = "(\w+)"/g));
  assert.deepEqual([...advised.keys()].sort(), members.sort());
  for (const [member, word] of advised) {
    if (!code("src/web/page_photo.c").includes(`[PHOTO_${member}] = MSG_photo_advice_${word}`)) faults.push(`src/web/page_photo.c: "${word}" is not told`);
    texted(`photo_advice_${word}`, `"${word}"`, faults);
  }
  none(faults);
});

test("every refusal of an upload has a word for scripts and words for people", () => {
  const faults = [], members = enumOf("src/domain/attachment/attachment.h", "attachment_refusal", "ATTACHMENT_").filter((member) => member !== "TAKEN");
  const protocol = new Map(all(code("src/web/page_upload.c"), /\[ATTACHMENT_(\w+)\] = "(\w+)"/g)), messages = new Map(all(view, /\[ATTACHMENT_(\w+)\] = MSG_(attach_refused_\w+|check_\w+)/g));
  assert.ok(members.length >= 7);
  for (const member of members) {
    if (protocol.get(member) !== member.toLowerCase()) faults.push(`src/web/page_upload.c: ${member} has no word`);
    if (messages.has(member)) texted(messages.get(member), member, faults);
    else faults.push(`src/web/files_words.c: ${member} has no words`);
  }
  assert.equal(new Set(messages.values()).size, messages.size, "no two are told alike");
  none(faults);
});
