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

/** Names are of the form that the application was submitted by. */
const sendBack = (application, open, note) => on.portal.admin("application", "return", /\d{12}/.exec(application)[0], "--open", open, "--note", note);

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
  await person.saveAndContinue();
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

for (const { lang, script } of [{ lang: "en", script: true }, { lang: "ja", script: false }]) {
  test(`sent back, and the form changes before the press: nothing is lost, and nothing is told as done that is not, ${lang}`, async () => {
    publish(before);
    await on.portal.restart();
    const person = await on.person({ lang, script, width: script ? 1280 : 360 });
    await person.logIn(demo.mai, demo.password);
    const answers = { name: "NGUYEN THI MAI", book_name: "The Pillow Book", cover: "hard", plot: "A lady writes lists.", days: "7" };
    const application = await submitted(person, await begun(person, answers));
    await sendBack(application, "field:name,field:days", "Please correct your name.");

    /* Details, Modify: the parts with what is open, and no others. */
    await person.go(application);
    await person.sees("Please correct your name.");
    await person.button("amend.modify").click();
    await person.page.waitForURL(/\/drafts\/\d+$/);
    const draft = new URL(person.page.url()).pathname;
    assert.equal(await person.main().locator("ol.tasks li").count(), 2);
    await person.go(`${draft}/sections/reader`);
    const corrected = lang === "en" ? "TRAN THI MAI" : "PHAM THI MAI";
    await person.page.locator('[name="name"]').fill(corrected);
    await person.button("form.save_and_continue").click();
    await person.page.waitForURL((url) => !url.pathname.endsWith("/reader"));
    await person.go(`${draft}/apply`);
    await person.heading("apply.title");

    publish(after);
    await on.portal.restart();
    await person.button("apply.ok").click();
    await person.heading("changes.title");
    await person.sees(person.say("confirm.not_yet"));
    if (script) assert.deepEqual(await axeFaults(person.page), []);
    /* What is closed is not to be looked at; what is not asked any more is told. */
    const section = (key) => person.main().locator("section", { has: person.page.getByRole("heading", { name: person.say(key) }) });
    assert.equal(await section("changes.news").count(), 0);
    assert.equal(await section("changes.asked").count(), 0);
    assert.match(await section("changes.left").innerText(), /A lady writes lists\./);
    const other = await person.page.context().newPage();
    await other.goto(application);
    await other.getByRole("button", { name: person.say("amend.modify"), exact: true }).waitFor();
    await other.close();
    await person.button("changes.go_on").click();
    await person.page.waitForURL(new RegExp(`${draft}$`));
    await submitted(person, draft);

    /* The details as the form asks now, and behind the entry of the history as it asked then. */
    await person.go(application);
    assert.equal(await person.button("amend.modify").count(), 0);
    const details = await person.main().innerText();
    for (const words of [corrected, "The Pillow Book", lang === "en" ? "Title of the book" : "だいめい"]) assert.ok(details.includes(words), words);
    for (const words of ["NGUYEN THI MAI", "A lady writes lists."]) assert.ok(!details.includes(words), words);
    await person.link("application.before_see").click();
    await person.heading("application.before_title");
    const then = await person.main().innerText();
    for (const words of ["NGUYEN THI MAI", "The Pillow Book", "A lady writes lists.", lang === "en" ? "Name of the book" : "ほんのなまえ"]) assert.ok(then.includes(words), words);
    if (script) assert.deepEqual(await axeFaults(person.page), []);
    /* The list knows the new name. */
    await person.go(`/applications?q=${corrected.slice(0, 4).toLowerCase()}`);
    assert.equal(await person.main().getByRole("link", { name: new RegExp(`^${person.say("application.details")}`) }).count(), 1);
    await person.page.context().close();
  });
}

test("sent back, and the draft is deleted in another window: the press says so, and Modify begins anew", async () => {
  const person = await on.person({ lang: "en", script: true });
  await person.logIn(demo.arjun, demo.password);
  const application = await submitted(person, await begun(person, { name: "ARJUN", title: "Genji", cover: "soft", shelf: "A1", days: "3" }));
  await sendBack(application, "field:days", "Please say how long.");
  await person.go(application);
  await person.button("amend.modify").click();
  await person.page.waitForURL(/\/drafts\/\d+$/);
  const draft = new URL(person.page.url()).pathname;
  await person.go(`${draft}/apply`);
  await post(person, `${draft}/delete`, [], { maxRedirects: 0 });
  await person.button("apply.ok").click();
  await person.heading("draft.gone_title");
  await person.sees(person.say("draft.gone_nothing"));
  assert.deepEqual(await axeFaults(person.page), []);
  await person.main().getByRole("link", { name: person.say("layout.applications") }).click();
  await person.page.waitForURL(/\/applications$/);
  await person.main().getByRole("link", { name: new RegExp(`^${person.say("application.details")}`) }).first().click();
  await person.button("amend.modify").click();
  await person.page.waitForURL(/\/drafts\/\d+$/);
  await submitted(person, new URL(person.page.url()).pathname);
  await person.go(application);
  assert.equal(await person.button("amend.modify").count(), 0);
  await person.page.context().close();
});
