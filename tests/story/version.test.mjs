// A form that changes while people are at it: the counter is stopped, its definitions are exchanged, and it is started again.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { axeFaults } from "../look/lib/look.mjs";
import { post } from "./lib/fast.mjs";
import { demo, temporaryFolder } from "./lib/portal.mjs";
import { stage } from "./lib/stage.mjs";

const folder = temporaryFolder("procedures");
const text = (ja, en) => `{ja: "${ja}", en: "${en}"}`;

const head = `code: 試
title: ${text("ほんのしんせい", "Application for a book")}
short_title: ${text("ほん", "Book")}
summary: ${text("ほんをかりる", "To borrow a book.")}
explanation: ${text("ほんをかりる", "To borrow a book.")}
contact: ${text("としょかん", "The library.")}
terms: ${text("かえすこと", "Bring it back.")}
needs: ${text("なし", "Nothing")}
after: ${text("まつ", "Wait")}
reception: {from: 0, until: 0}
user_types: [foreign_national]
name_field: name
choices:
  cover: [{value: VALUE, ja: "かたい", en: "Hard"}, {value: soft, ja: "やわらかい", en: "Soft"}]
`;
const page = (id, title, fields) => `  - id: ${id}\n    title: ${text(title, title)}\n    minutes: 1\n    fields:\n${fields.map((field) => `      - ${field}\n`).join("")}`;
const field = (id, type, ja, en, more = "") => `{id: ${id}, type: ${type}, required: true, label: ${text(ja, en)}${more}}`;

const name = field("name", "text", "なまえ", "Your name", ", max_length: 50");
const plot = "{id: plot, type: textarea, max_length: 200, label: {ja: \"あらすじ\", en: \"The plot\"}}";

const before = head.replace("VALUE", "hard") + "sections:\n" + page("reader", "Reader", [name])
  + page("book", "Book", [field("book_name", "text", "ほんのなまえ", "Name of the book", ", max_length: 60"), field("cover", "radio", "ひょうし", "Cover", ", choices: cover"), plot])
  + page("end", "End", [field("days", "number", "にっすう", "Days", ", max: 30")]);

const after = head.replace("VALUE", "hardback") + "sections:\n" + page("reader", "Reader", [name])
  + page("book", "Book", [field("title", "text", "だいめい", "Title of the book", ", max_length: 60"), field("cover", "radio", "ひょうし", "Cover", ", choices: cover"),
    field("shelf", "text", "たな", "Shelf", ", max_length: 20")])
  + page("end", "End", [field("days", "number", "にっすう", "Days", ", max: 30")])
  + "moved:\n  - {from: book_name, to: title}\n  - {field: cover, values: {hard: hardback}}\n";

function publish(definition) {
  mkdirSync(join(folder, "book"), { recursive: true });
  mkdirSync(join(folder, "codes"), { recursive: true });
  writeFileSync(join(folder, "book/procedure.yaml"), definition);
}
publish(before);

const on = stage({ people: true, settings: { procedures: folder } });

async function begun(person, answers) {
  const draft = (await post(person, "/procedures/book", [], { maxRedirects: 0 })).headers().location;
  for (const section of ["reader", "book", "end"]) await post(person, `${draft}/sections/${section}`, Object.entries(answers), { maxRedirects: 0 });
  return draft;
}

async function submitted(person, draft) {
  await person.go(`${draft}/apply`);
  await person.button("apply.ok").click();
  await person.page.waitForURL(/receipt$/);
  return person.page.url().replace("/receipt", "");
}

test("a draft survives a new form, is told what to look at, and old applications stay as they were asked", async () => {
  const person = await on.person({ lang: "en" });
  await person.logIn(demo.mai, demo.password);
  const answers = { name: "NGUYEN THI MAI", book_name: "The Pillow Book", cover: "hard", plot: "A lady writes lists.", days: "7" };
  const application = await submitted(person, await begun(person, answers));
  const draft = await begun(person, answers);
  assert.match(await on.portal.admin("procedure", "versions"), /^book\t[0-9a-f]{16}\t20\S+\tpresent$/m);

  publish(after);
  await on.portal.restart("SIGKILL");
  const versions = await on.portal.admin("procedure", "versions");
  assert.equal(versions.match(/\tearlier$/gm)?.length, 1);
  assert.equal(versions.match(/\tpresent$/gm)?.length, 1);

  /* The application is shown by the questions that were asked. */
  await person.go(application);
  await person.sees("Name of the book");
  await person.sees("A lady writes lists.");
  await person.sees("Hard");
  assert.ok(!(await person.main().innerText()).includes("Title of the book"));
  const pdf = await person.page.request.get(`${application}/copy.pdf`);
  assert.equal(pdf.status(), 200);

  /* The draft says what has changed; nothing is lost before the person has seen it. */
  await person.go(draft);
  await person.sees(person.say("draft.changed"));
  await person.link("changes.see").click();
  await person.heading("changes.title");
  const section = (key) => person.main().locator("section", { has: person.page.getByRole("heading", { name: person.say(key) }) });
  assert.deepEqual(await axeFaults(person.page), []);
  assert.match(await section("changes.news").innerText(), /Shelf/);
  assert.match(await section("changes.asked").innerText(), /Title of the book/);
  assert.match(await section("changes.left").innerText(), /The plot\s+A lady writes lists\./);
  assert.equal(await section("changes.moved").count(), 0);

  /* Who tries to apply comes to the same page. */
  await person.go(`${draft}/apply`);
  await person.heading("changes.title");
  await person.button("changes.go_on").click();
  await person.page.waitForURL(new RegExp(`${draft}$`));
  assert.ok(!(await person.main().innerText()).includes(person.say("draft.changed")));
  await person.go(`${draft}/changes`);
  assert.ok(person.page.url().endsWith(draft), "there is nothing to tell any more");

  await person.go(`${draft}/sections/book`);
  assert.equal(await person.page.getByRole("textbox", { name: /Title of the book/ }).inputValue(), "The Pillow Book");
  assert.equal(await person.page.getByRole("radio", { name: /Hard/ }).isChecked(), true);
  await person.page.getByRole("textbox", { name: /Shelf/ }).fill("B4");
  await person.button("form.save_and_continue").click();
  const renewed = await submitted(person, draft);
  await person.go(renewed);
  await person.sees("Title of the book");
  await person.sees("B4");
  await person.page.context().close();
});

test("a form that changes in nothing that concerns a person says so", async () => {
  const person = await on.person({ lang: "ja", script: false, width: 360 });
  await person.logIn(demo.arjun, demo.password);
  const draft = await begun(person, { name: "ARJUN", title: "Genji", cover: "soft", shelf: "A1", days: "3" });
  publish(after.replace("Bring it back.", "Bring it back in time."));
  await on.portal.restart();
  await person.go(`${draft}/changes`);
  await person.sees(person.say("changes.nothing"));
  await person.button("changes.go_on").click();
  await submitted(person, draft);
  await person.page.context().close();
});
