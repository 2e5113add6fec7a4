// One procedure as a person lives it: found by its words, its page and terms, the first questions, the parts, something wrong that is
// mended, the confirmation with a Change, Apply, receipt, mail, details and the copy on paper.
//
//   { procedure, data, who, search: {en, ja}, byHand: [section], check, change: {path: value}, paper: [words] }
//
// byHand names the parts that are filled in on their pages, "all" all of them; the others go the way of fast.mjs. check is
// {wrong: {path: value}, at: section or "confirm", says: {en, ja}}: these answers are given first, the counter says so at the question of
// the first of them, and they are mended. Only: a warning is told, and nothing must be mended ({warns: true}).

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fillIn, attachPhoto, logIn, wantsPhoto } from "./fast.mjs";
import { definitionOf, told } from "./form.mjs";
import { exactly, splitBySection } from "./person.mjs";
import { demo } from "./portal.mjs";

/** From the top page by the search to the procedure's page, and through its terms into a draft; answers its path. */
async function find(person, { search }) {
  const { page, form, lang } = person;
  await person.go("/");
  await person.link("top.procedures_button").click();
  await person.heading("procedure.list_title");
  await page.getByRole("searchbox").fill(search[lang]);
  await page.getByRole("search").getByRole("button", { name: person.say("procedure.search"), exact: true }).click();
  await page.getByRole("heading", { level: 2, name: /\d/ }).first().waitFor();
  await person.main().getByRole("link", { name: form.title[lang], exact: true }).first().click();
  await page.getByRole("heading", { level: 1, name: exactly(form.title[lang]) }).waitFor();
  await person.sees(person.say("procedure.explanation"));
  await page.getByRole("region", { name: person.say("terms.title") }).waitFor();
  await person.button("procedure.agree").click();
  await page.waitForURL(/\/drafts\/\d+$/);
  return new URL(page.url()).pathname;
}

const heading = (person, section) => person.page.getByRole("heading", { level: 1, name: exactly(section[person.lang]) });

/** One part on its page, up to the next one; with what is wrong in it given, told and mended first. */
async function part(person, draft, { section, answers }, check) {
  await person.go(`${draft}/sections/${section.id}`);
  await heading(person, section).waitFor();
  if (check?.at === section.id) {
    await person.fillSection({ ...answers, ...check.wrong });
    if (check.warns) return;
    await heading(person, section).waitFor();
    await toldAndMend(person, check, answers);
    return;
  }
  await person.fillSection(answers);
}

/** The counter names the question and says what to do; the person mends it there. */
async function toldAndMend(person, { wrong, says, mend }, answers) {
  const field = person.form.fieldOf(Object.keys(wrong)[0]), problems = await person.problems();
  assert.ok(problems.some((text) => text.includes(field[person.lang]) && text.includes(says[person.lang])),
    `${field[person.lang]}: ${says[person.lang]}, but told was:\n${problems.join("\n")}`);
  await person.page.getByRole("alert").getByRole("link").filter({ hasText: says[person.lang] }).first().click();
  await person.control(field).waitFor();
  const faulty = person.main().locator("[aria-invalid=true], .wrong");
  assert.ok((await faulty.count()) > 0, "the question is marked");
  await person.fillSection(mend ?? Object.fromEntries(Object.keys(wrong).map((path) => [path, answers[path]])));
}

/** Fills in what the story has, and ends at the confirmation without anything wrong. */
async function fill(person, draft, story, answers) {
  const { byHand = [], check } = story, parts = splitBySection(answers, person.form);
  const hand = ({ section }) => byHand === "all" || section === parts[0].section || byHand.includes(section.id) || check?.at === section.id;
  for (const one of parts) {
    if (hand(one)) await part(person, draft, one, check);
    else await fillIn(person, draft, one.answers);
  }
  /* What was asked in an early part because of a later one. */
  if (byHand !== "all") await fillIn(person, draft, answers);
  if (check?.at === "confirm") {
    await fillIn(person, draft, check.wrong);
    await person.go(`${draft}/confirm`);
    await person.heading("confirm.title");
    await toldAndMend(person, check, answers);
  }
  if (await wantsPhoto(person, draft)) await attachPhoto(person, draft);
}

async function confirm(person, draft, { change, check }) {
  await person.go(`${draft}/confirm`);
  await person.heading("confirm.title");
  assert.equal(await person.page.getByRole("alert").count(), 0, `nothing is wrong: ${await person.page.getByRole("alert").allInnerTexts()}`);
  await person.sees(person.say("confirm.not_yet"));
  if (check?.warns) await person.sees(check.says[person.lang]);
  for (const [path, value] of Object.entries(change)) {
    const field = person.form.fieldOf(path);
    await person.main().getByRole("link", { name: `${person.say("confirm.change")} ${field[person.lang]}`, exact: true }).first().click();
    await person.page.waitForURL(/back=confirm/);
    await person.fillSection({ [path]: value });
    await person.heading("confirm.title");
    await person.sees(field.choices ? person.form.choiceOf(field, value, person.lang) : value);
  }
}

async function paper(person) {
  const [download] = await Promise.all([person.page.waitForEvent("download"), person.link("application.pdf").click()]);
  return execFileSync("pdftotext", ["-layout", await download.path(), "-"], { maxBuffer: 1 << 26 }).toString();
}

/** Lives the story; answers {receipt, paper, draft}. */
export async function live(on, how, story) {
  const person = await on.person(how), answers = { ...told(story.data), ...story.answers };
  person.form = definitionOf(story.procedure);
  const who = demo[story.who ?? "mai"];
  await logIn(person, who);
  const draft = await find(person, story);
  await fill(person, draft, story, answers);
  await story.look?.(person, draft, answers);
  await confirm(person, draft, story);
  const receipt = await person.apply();
  assert.match(receipt.reference, /^\d{12}$/);
  const mail = await on.portal.mail(who, new RegExp(receipt.reference));
  assert.ok(mail.text.includes(person.form.title.ja), "the mail names the procedure");
  await person.go(receipt.path.replace("/receipt", ""));
  await person.sees(receipt.reference);
  for (const path of Object.keys(story.change)) await person.sees(story.change[path]).catch(() => person.sees(person.form.choiceOf(person.form.fieldOf(path), story.change[path], person.lang)));
  const text = await paper(person);
  for (const words of [receipt.reference, ...(story.paper ?? [])]) assert.ok(text.includes(words), `the copy has ${words}`);
  await person.page.context().close();
  return { receipt, paper: text, draft };
}
