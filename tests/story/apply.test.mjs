// One application is made of one draft, whatever a person or a line does: twice, again, back, in two tabs; and nobody else sees it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { applied, draftWith, post } from "./lib/fast.mjs";
import { answersOf, fieldOf } from "./lib/form.mjs";
import { demo } from "./lib/portal.mjs";
import { stage } from "./lib/stage.mjs";

const on = stage({ people: true });
const min = answersOf("min");

async function ready(how, answers = min) {
  const person = await on.person(how);
  await person.logIn(demo.mai, demo.password);
  person.draft = await draftWith(person, answers);
  return person;
}

/** The numbers of the applications on the page. */
async function shown(person) {
  return (await person.main().getByRole("link", { name: new RegExp(`^${person.say("application.details")}`) }).allInnerTexts()).map((text) => /\d{12}/.exec(text)[0]);
}

async function listed(person) {
  await person.go("/applications?size=50");
  return shown(person);
}

test("Apply pressed twice in a row makes one application, without script", async () => {
  const person = await ready({ lang: "en", script: false }), had = (await listed(person)).length;
  await person.go(`${person.draft}/apply`);
  const button = person.page.getByRole("button", { name: person.say("apply.ok"), exact: true });
  await button.dblclick({ noWaitAfter: true });
  await person.heading("receipt.title");
  assert.equal((await listed(person)).length, had + 1);
  await person.page.context().close();
});

test("OK pressed twice in the dialog makes one application; Back and Escape make none", async () => {
  const person = await ready({ lang: "ja" }), had = (await listed(person)).length;
  await person.go(`${person.draft}/confirm`);
  const open = async () => {
    await person.link("confirm.apply").dblclick();
    const dialog = person.page.getByRole("dialog", { name: person.say("apply.title") });
    await dialog.waitFor(); /* the question is fetched: a key pressed before it is there is a key for the page */
    return dialog;
  };
  let dialog = await open();
  /* The question may come between the two, and OK to where the link was: the second press was not meant for it. */
  await dialog.getByRole("button", { name: "OK" }).hover();
  await person.page.mouse.down({ clickCount: 2 });
  await person.page.mouse.up({ clickCount: 2 });
  await person.page.waitForTimeout(300);
  assert.ok(await dialog.isVisible(), "the second press of two on the link is none on OK");
  await person.page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.ok(await person.link("confirm.apply").evaluate((e) => e === document.activeElement), "the focus is back where it was");
  dialog = await open();
  await dialog.getByRole("link", { name: person.say("form.back") }).click();
  await dialog.waitFor({ state: "detached" });
  dialog = await open();
  await dialog.getByRole("button", { name: "OK" }).dblclick({ noWaitAfter: true });
  await person.heading("receipt.title");
  assert.equal((await listed(person)).length, had + 1);
  await person.page.context().close();
});

test("the receipt can be loaded again, left and found again; Back does not apply again", async () => {
  const person = await ready({ lang: "en", script: false }), had = (await listed(person)).length;
  await person.go(`${person.draft}/confirm`);
  const receipt = await person.apply();
  await person.page.reload();
  assert.deepEqual(await person.receipt(), receipt);
  await person.page.goBack();
  const button = person.page.getByRole("button", { name: person.say("apply.ok"), exact: true });
  if (await button.count()) {
    await button.click();
    assert.deepEqual(await person.receipt(), receipt, "the same page sent again: the same receipt");
  } else {
    await person.heading("error.404_title");
  }
  const other = await on.person({ lang: "ja", width: 360 });
  await other.logIn(demo.mai, demo.password);
  await other.go(receipt.path);
  assert.deepEqual(await other.receipt(), receipt, "on another device too");
  assert.equal((await listed(person)).length, had + 1);
  for (const one of [person, other]) await one.page.context().close();
});

test("two tabs with the same draft: the second shows the receipt of the first", async () => {
  const person = await ready({ lang: "en", script: false }), had = (await listed(person)).length;
  await person.go(`${person.draft}/apply`);
  const tab = Object.assign(await person.page.context().newPage(), { lang: "en", script: false });
  await tab.goto(`${person.draft}/apply`);
  await person.page.getByRole("button", { name: person.say("apply.ok"), exact: true }).click();
  const receipt = await person.receipt();
  await tab.getByRole("button", { name: person.say("apply.ok"), exact: true }).click();
  await tab.getByText(receipt.reference).first().waitFor();
  await tab.getByText(receipt.temporary).first().waitFor();
  assert.equal((await listed(person)).length, had + 1);
  await person.page.context().close();
});

test("a lost answer: the same press after a crash gives the receipt", async () => {
  const person = await ready({ lang: "en", script: false });
  const page = await (await person.page.request.get(`${person.draft}/apply`)).text();
  const key = /name="token" value="([^"]+)"/.exec(page)[1];
  const send = async () => (await post(person, `${person.draft}/apply`, [["token", key]], { maxRedirects: 0 })).headers().location;
  const first = await send();
  await on.portal.restart("SIGKILL");
  assert.equal(await send(), first);
  await person.page.context().close();
});

test("what is missing or wrong is listed before applying, and leads to its place", async () => {
  const { p_school_name, ...rest } = min;
  const person = await ready({ lang: "en", script: false }, { ...rest, expiry_current: "20200101" });
  await person.go(`${person.draft}/confirm`);
  const problems = await person.problems(), school = fieldOf("p_school_name");
  assert.ok(p_school_name && problems.some((text) => text.includes(school.en)), problems.join("\n"));
  assert.equal(await person.link("confirm.apply").count(), 0, "no Apply");
  await person.page.getByRole("alert").getByRole("link").filter({ hasText: school.en }).click();
  await person.control(school).waitFor();
  assert.equal(await person.control(school).getAttribute("aria-invalid"), "true");
  const answer = await person.go(`${person.draft}/apply`);
  assert.match(answer.url(), /\/confirm$/, "there is no way around");
  await person.page.context().close();
});

test("Change leads to the question and back to the confirmation", async () => {
  const person = await ready({ lang: "en" });
  await person.go(`${person.draft}/confirm`);
  const occupation = fieldOf("occupation");
  await person.main().getByRole("link", { name: `${person.say("confirm.change")} ${occupation.en}`, exact: true }).click();
  await person.control(occupation).fill("大学院生");
  await person.button("form.save_and_continue").click();
  await person.heading("confirm.title");
  await person.sees("大学院生");
  await person.page.context().close();
});

test("the application of one person is nobody else's", async () => {
  const mine = await ready({ lang: "en" }), other = await on.person({ lang: "en", script: false }), nobody = await on.person({ lang: "en", script: false });
  const receipt = await applied(mine, min), details = receipt.replace(/\/receipt$/, "");
  await other.logIn(demo.sato, demo.password);
  for (const path of [receipt, details]) {
    assert.equal((await mine.go(path)).status(), 200);
    assert.equal((await other.go(path)).status(), 404);
    await other.heading("error.404_title");
    await nobody.go(path);
    await nobody.heading("login.title");
  }
  assert.equal((await mine.page.request.get(`${details}/copy.pdf`)).status(), 200);
  assert.equal((await other.page.request.get(`${details}/copy.pdf`)).status(), 404);
  assert.equal((await listed(other)).length, 0);
  await other.go(`/applications?q=${/\d+/.exec(details)[0]}`);
  await other.sees(other.say("application.none_found"));
  assert.equal(await other.page.locator("nav.pager").count(), 0, "nothing to leaf through");
  for (const one of [mine, other, nobody]) await one.page.context().close();
});

test("the list is searched by number, name, procedure and date, sorted and paged", async () => {
  const person = await ready({ lang: "en", script: false });
  for (let i = 0; i < 2; i++) await applied(person, min);
  const all = await listed(person);
  assert.ok(all.length > 1);
  await person.go("/applications");
  await person.page.getByLabel(person.say("application.related")).fill(all[1]);
  await person.button("application.search").click();
  await person.sees(all[1]);
  assert.deepEqual(await shown(person), [all[1]]);
  await person.page.getByLabel(person.say("application.related")).fill("nguyen");
  await person.page.getByLabel(person.say("application.sort")).selectOption({ label: person.say("application.oldest") });
  await person.page.getByLabel(person.say("application.per_page")).selectOption("50");
  await person.button("application.search").click();
  assert.deepEqual(await shown(person), [...all].reverse());
  for (const [words, found] of [["extension", [...all].reverse()], ["更新", [...all].reverse()], ["eligibility", []]]) {
    await person.page.getByLabel(person.say("application.procedure")).fill(words);
    await person.button("application.search").click();
    assert.deepEqual(await shown(person), found, words);
    assert.equal(await person.page.getByLabel(person.say("application.procedure")).inputValue(), words);
  }
  await person.sees(person.say("application.none_found"));
  await person.page.getByLabel(person.say("application.procedure")).fill("");
  await person.page.getByLabel(person.say("application.from")).fill("2026-1-3");
  await person.button("application.search").click();
  await person.sees(person.say("application.bad_date"));
  assert.equal(await person.page.getByLabel(person.say("application.from")).inputValue(), "2026-1-3");
  await person.page.getByLabel(person.say("application.from")).fill("２０９９０１０１");
  await person.button("application.search").click();
  await person.sees(person.say("application.none_found"));
  await person.page.context().close();
});
