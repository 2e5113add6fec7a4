// A form's page that answers at once: questions come and go without the server, what is wrong is said when a field is left, and a change that
// would leave answers unused is asked about before.

import assert from "node:assert/strict";
import { test } from "node:test";
import { draftWith } from "./lib/fast.mjs";
import { fieldOf, procedure } from "./lib/form.mjs";
import { demo, until } from "./lib/portal.mjs";
import { stage } from "./lib/stage.mjs";

const on = stage({ people: true });
const f = Object.fromEntries(["name", "home_town", "email", "email_confirm", "birth_date", "mobile", "occupation", "has_rep", "has_family", "family.0.name", "family.0.relation"]
  .map((path) => [path, fieldOf(path)]));

async function at(how, section, answers = {}) {
  const person = await on.person(how);
  await person.logIn(demo.mai, demo.password);
  person.draft = await draftWith(person, answers);
  person.section = `${person.draft}/sections/${section}`;
  await person.go(person.section);
  return person;
}

const errorAt = (person, path) => person.place(f[path]).locator(".error");
const stored = async (person, section) => (await person.page.request.get(`${person.draft}/sections/${section}`)).text();

test("a question comes and goes without a request", async () => {
  const person = await at({ lang: "en" }, "about"), posts = [];
  await person.control(f.email).fill("");
  await person.control(f.email).press("Tab");
  await until("the second box is gone", async () => person.control(f.email_confirm).isHidden());
  await person.page.route("**/drafts/**", (route) => {
    if (route.request().method() === "POST") posts.push(route.request().url());
    return route.abort();
  });
  await person.control(f.email).fill("mai@example.jp");
  await person.control(f.email).press("Tab");
  await person.control(f.email_confirm).waitFor({ state: "visible" });
  assert.ok(posts.every((url) => url.endsWith("/saved")), "only saving asks the server");
  const shown = await person.page.locator("[name=_shown]").inputValue();
  assert.ok(shown.split(" ").includes("email_confirm"), "the next press says that it was seen");
  await person.page.context().close();
});

for (const [lang, furigana] of [["en"], ["ja"], ["ja", true]]) {
  test(`what is wrong is said when a field is left, in the server's words: ${lang}${furigana ? " with readings" : ""}`, async () => {
    const person = await at({ lang }, "about");
    if (furigana) {
      await person.page.context().addCookies([{ name: "language", value: "ja+furigana", url: on.portal.base }]);
      await person.go(person.section);
    }
    const box = (id) => person.page.locator(`[name="${id}"]`).first(), field = (id) => person.page.locator(`[data-field="${id}"]`);
    const error = (id) => field(id).locator(".error");
    await box("email").focus();
    await person.page.keyboard.type("mai@example");
    assert.equal(await error("email").count(), 0, "nothing is said while typing");
    await box("email").press("Tab");
    await error("email").waitFor();
    assert.equal(await box("email").getAttribute("aria-invalid"), "true");
    assert.match(await box("email").getAttribute("aria-describedby"), /email-error/);
    const said = async (id) => (await error(id).innerHTML()).replace(/<span class="sr">.*?<\/span>/s, "").replace(/\s+/g, " ").trim();
    const mine = { email: await said("email") };
    for (const [i, part] of ["2001", "2", "30"].entries()) await person.page.locator('[name="birth_date"]').nth(i).fill(part);
    assert.equal(await error("birth_date").count(), 0);
    await person.page.locator('[name="birth_date"]').nth(2).press("Tab");
    await error("birth_date").waitFor();
    mine.birth_date = await said("birth_date");
    await box("mobile").fill("090-12ab");
    await box("mobile").press("Tab");
    await error("mobile").waitFor();
    mine.mobile = await said("mobile");
    /* What is missing is not asked for before the page is sent. */
    await box("occupation").focus();
    await box("occupation").press("Tab");
    assert.equal(await error("occupation").count(), 0);
    await person.page.locator("main form .actions button.button").first().click();
    await person.page.getByRole("alert").waitFor();
    for (const [id, words] of Object.entries(mine)) assert.equal(await said(id), words, `${id}: the server says the same`);
    await error("occupation").waitFor();
    /* Mended, it goes at once. */
    await box("email").fill("mai@example.jp");
    await until("no error", async () => (await error("email").count()) === 0);
    assert.equal(await box("email").getAttribute("aria-invalid"), null);
    await person.page.context().close();
  });
}

const family = { has_family: "yes", "family.0.name": "ＮＧＵＹＥＮ", "family.0.relation": "father" };

test("a change that leaves answers unused is asked about in a dialog", async () => {
  const person = await at({ lang: "en" }, "family", family), dialog = person.page.getByRole("dialog");
  await person.answer("has_family", "no");
  await dialog.waitFor();
  assert.match(await dialog.innerText(), /ＮＧＵＹＥＮ/);
  assert.match(await stored(person, "family"), /value="yes"[^>]* checked/, "nothing is changed yet");
  await dialog.getByRole("link", { name: person.say("change.keep") }).click();
  await until("as it was", async () => person.control(f.has_family).getByRole("radio", { name: /^Yes/ }).isChecked());
  assert.ok(await person.control(f["family.0.name"]).isVisible());
  /* Escape is no yes. */
  await person.answer("has_family", "no");
  await dialog.waitFor();
  await person.page.keyboard.press("Escape");
  await until("as it was", async () => person.control(f.has_family).getByRole("radio", { name: /^Yes/ }).isChecked());
  await person.answer("has_family", "no");
  await dialog.waitFor();
  await dialog.getByRole("button", { name: person.say("change.go") }).click();
  await until("changed", async () => (await stored(person, "family")).match(/value="no"[^>]* checked/));
  assert.ok(await person.control(f["family.0.name"]).isHidden());
  /* It is still there for who changes back. */
  await person.answer("has_family", "yes");
  await person.control(f["family.0.name"]).waitFor({ state: "visible" });
  assert.equal(await person.control(f["family.0.name"]).inputValue(), "ＮＧＵＹＥＮ");
  await person.page.context().close();
});

/* Leaving the date and answering are told to the page one after the other: both see that answers would go unused. */
test("who comes out of a date to such a change is asked once", async () => {
  const person = await at({ lang: "en" }, "family", family), { page } = person, dialogs = page.locator("dialog[open]");
  await page.locator("[id='family.0.birth_date-y']").focus();
  await Promise.all([
    page.waitForResponse((answer) => answer.request().method() === "POST" && answer.request().postData().includes("has_family=no")),
    person.answer("has_family", "no"),
  ]);
  await dialogs.first().waitFor();
  /* What the page was going to ask besides would be on its way by now: requests are sent in their order. */
  await page.evaluate(() => new Promise((done) => { setTimeout(done, 700); }));
  assert.equal(await dialogs.count(), 1);
  await page.keyboard.press("Escape");
  await until("as it was", async () => person.control(f.has_family).getByRole("radio", { name: /^Yes/ }).isChecked());
  assert.equal(await dialogs.count(), 0);
  await page.context().close();
});

test("the same without script, as a page", async () => {
  const person = await at({ lang: "en", script: false }, "family", family);
  await person.answer("has_family", "no");
  await person.control(f["family.0.name"]).fill("ＢＩＮＨ");
  await person.button("form.save_and_list").click();
  await person.heading("change.title");
  /* What was typed besides is kept whatever is decided, and is no loss of an older answer. */
  await person.sees("Father");
  assert.equal(await person.main().getByText("ＢＩＮＨ").count(), 0);
  await person.link("change.keep").click();
  assert.ok(await person.control(f.has_family).getByRole("radio", { name: /^Yes/ }).isChecked());
  assert.equal(await person.control(f["family.0.name"]).inputValue(), "ＢＩＮＨ");
  await person.answer("has_family", "no");
  await person.button("form.save_and_list").click();
  await person.heading("change.title");
  await person.sees("ＢＩＮＨ");
  await person.button("change.go").click();
  await person.page.waitForURL(`**${person.draft}`);
  assert.match(await stored(person, "family"), /value="no"[^>]* checked/);
  await person.go(`${person.draft}/confirm`);
  assert.equal(await person.main().getByText("ＢＩＮＨ").count(), 0, "not asked, not sent");
  await person.go(person.section);
  await person.answer("has_family", "yes");
  await person.saveAndContinue();
  await person.go(person.section);
  assert.equal(await person.control(f["family.0.name"]).inputValue(), "ＢＩＮＨ", "and back again");
  await person.page.context().close();
});
