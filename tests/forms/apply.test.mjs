// Every procedure, for every status, through the portal by an attorney: filled in to the limits as a browser without script does it,
// confirmed, submitted; the application and its copy say what was given. On the way each page is weighed.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { demo, openPortal, root, temporaryFolder } from "../story/lib/portal.mjs";
import { bySection, definition, filledBy } from "./lib/filled.mjs";
import { read, Visitor } from "./lib/visitor.mjs";

const photo = readFileSync(join(root, "tests/data/photo.jpg"));
const MOST = 14 * 1024; /* what a server may send at once */
let portal, largest = [];

before(async () => { portal = await openPortal({ people: true }); });
after(async () => {
  await portal?.close();
  console.log(`largest pages: ${largest.sort((a, b) => b.bytes - a.bytes).slice(0, 5).map(({ name, bytes }) => `${name} ${bytes}`).join(", ")}`);
});

function weigh(name, page) {
  const bytes = gzipSync(page, { level: 6 }).length;
  largest.push({ name, bytes });
  assert.ok(bytes <= MOST, `${name} has ${bytes} bytes compressed`);
}

const months = ["", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const plain = (text) => text.replace(/[\s,]/g, "");

/** What of the page's answers stands for the value: its label, or what was typed; dates and amounts by their digits. */
function stands(form, field, value, shown) {
  const { lists } = form;
  if (field.choices) return value.split(" ").every((one) => lists[field.choices].some((choice) => choice.value === one && shown.includes(choice.en)));
  if (/date|month/.test(field.type)) {
    const parts = [value.slice(0, 4), months[Number(value.slice(4, 6))], value.slice(6) && String(Number(value.slice(6)))];
    return parts.filter(Boolean).every((part) => shown.includes(part));
  }
  if (field.type === "checkbox") return shown.length > 0;
  if (field.type === "calc") return plain(shown).includes(plain(value)) || plain(shown).includes(String(Number(value)));
  return plain(shown).includes(plain(value)) || shown.replace(/\D/g, "") === value.replace(/\D/g, "");
}

/** Label and value of each answer on the page, in order. */
const answersOn = (page) => [...page.matchAll(/<dt>([\s\S]*?)<\/dt><dd>([\s\S]*?)<\/dd>/g)].map(([, label, value]) => [read(label), read(value)]);

function compare(filled, page, where) {
  const form = definition(filled.procedure), shown = answersOn(page);
  const missing = Object.entries(filled.answers).filter(([path, value]) => {
    const field = form.fieldOf(path);
    return !field.same_as && !shown.some(([label, text]) => label.includes(read(field.label.en)) && stands(form, field, value, text));
  });
  assert.deepEqual(missing, [], `${where} does not say what was given`);
}

async function fillIn(visitor, filled) {
  await visitor.page(`/procedures/${filled.procedure}`);
  const begun = await visitor.post(`/procedures/${filled.procedure}`, []);
  assert.equal(begun.status, 303, `the draft: ${begun.status}`);
  const draft = begun.headers.get("location");
  for (const [id, fields] of bySection(filled)) {
    const answer = await visitor.post(`${draft}/sections/${id}`, fields);
    assert.ok([200, 303].includes(answer.status), `${id}: ${answer.status}`);
  }
  /* A question may have hung on one of a later page; what was sent to it then was not asked yet. */
  for (const [id, fields] of bySection(filled)) {
    const answer = await visitor.post(`${draft}/sections/${id}`, fields);
    assert.equal(answer.status, 303, `${id} is refused: ${answer.status === 200 ? read(/<div class="errors[\s\S]*?<\/div>/.exec(await answer.text())?.[0] ?? "") : ""}`);
    weigh(`${filled.procedure} ${filled.status} ${id}`, await visitor.page(`${draft}/sections/${id}`));
  }
  return draft;
}

async function submit(visitor, draft) {
  let page = await visitor.page(`${draft}/apply`).catch(() => "");
  if (!/name="token"/.test(page)) {
    const sent = await visitor.send(`${draft}/documents/photo`, "photo.jpg", "image/jpeg", photo);
    assert.equal(sent.status, 303, `the photo: ${sent.status}`);
    page = await visitor.page(`${draft}/apply`);
  }
  const key = /name="token" value="([^"]+)"/.exec(page)?.[1];
  assert.ok(key, `not ready: ${read(page).slice(0, 400)}`);
  const answer = await visitor.post(`${draft}/apply`, [["token", key]]);
  assert.match(answer.headers.get("location") ?? "", /^\/applications\/\d+\/receipt$/, `applying: ${answer.status}`);
  return answer.headers.get("location").replace("/receipt", "");
}

const folder = temporaryFolder("forms");

async function readCopy(visitor, application, filled) {
  const answer = await visitor.ask(`${application}/copy.pdf`);
  assert.equal(answer.status, 200, "the copy");
  const file = join(folder, "copy.pdf");
  writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
  const text = plain(execFileSync("pdftotext", [file, "-"], { encoding: "utf8" }));
  const form = definition(filled.procedure);
  /* Short ones: long ones are broken over lines and pages. */
  const missing = Object.entries(filled.answers).filter(([path, value]) => form.fieldOf(path).type === "number" && !text.includes(plain(value)));
  assert.deepEqual(missing, [], "the copy does not say what was given");
}

/* Logs in once: a person who does so a hundred times in a minute is held back. */
let loggedIn;
const attorney = () => (loggedIn ??= new Visitor(portal.base, "en").logIn(demo.sato));

describe("an attorney applies", () => {
  /* The receipt of an application can be changed when there is one. */
  const all = filledBy("attorney").sort((a, b) => (a.procedure === "receipt_method") - (b.procedure === "receipt_method"));
  let certificate;
  test("there is something to apply for in every procedure that attorneys may use", () => {
    assert.ok(new Set(all.map(({ procedure }) => procedure)).size >= 11, [...new Set(all.map(({ procedure }) => procedure))].join(" "));
  });
  for (const filled of all) {
    test(`${filled.procedure} ${filled.status}`, async () => {
      const visitor = await attorney();
      if (filled.procedure === "receipt_method") filled.answers.number = certificate;
      const draft = await fillIn(visitor, filled);
      const confirm = await visitor.page(`${draft}/confirm`);
      compare(filled, confirm, "the confirmation");
      const application = await submit(visitor, draft);
      compare(filled, await visitor.page(application), "the application");
      await readCopy(visitor, application, filled);
      if (filled.procedure === "coe") certificate = application.split("/").pop();
    });
  }
});
