// Registration that goes wrong or twice: manual 3.1.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { demo } from "./lib/portal.mjs";
import { stage } from "./lib/stage.mjs";

const on = stage({ people: true });
const password = "Tsukimi&2026y";

test("opening the link consumes nothing; finishing it does, once", async () => {
  const person = await on.person({ lang: "en" }), email = "twice@student.example";
  const link = await person.askForLink(email);
  for (let i = 0; i < 3; i++) {
    assert.equal((await person.page.request.get(link)).status(), 200, "a mail program may look at it");
    assert.equal((await person.page.request.head(link)).status(), 200);
  }
  await person.go(link);
  await person.heading("registration.form_title");
  const fill = async (name) => {
    await person.page.getByRole("radio", { name: person.say("registration.type_foreign_national") }).check();
    for (const key of ["registration.password", "registration.password_again"]) await person.box(key).fill(password);
    await person.box("registration.name").fill(name);
    await person.box("registration.phone").fill("09012345678");
    await person.box("registration.postal_code").fill("100-0013");
    await person.box("registration.address").fill("東京都千代田区霞が関１－１－１");
    await person.page.getByRole("radio", { name: person.say("registration.male"), exact: true }).check();
    await person.date(new RegExp(`^${person.say("registration.birth_date")}`), ["2001", "12", "31"]);
    await person.button("form.to_confirmation").click();
  };
  await fill("TWICE TOM");
  const other = await on.person({ lang: "en" });
  await other.go(`${link}/confirm`);
  await other.heading("registration.confirm_title");
  await person.button("registration.register").click();
  await person.heading("registration.done_title");
  const id = (await person.main().locator("dd").innerText()).trim();
  await other.button("registration.register").click();
  await other.heading("registration.done_title");
  assert.equal((await other.main().locator("dd").innerText()).trim(), id, "the second press shows the same user ID");
  await person.page.reload();
  await person.heading("registration.done_title");
  assert.equal(on.portal.mails(email).filter((mail) => mail.text.includes(id)).length, 1, "one mail with the ID");
  await person.link("registration.return_to_login").click();
  await person.login(id, password);
  await person.heading("top.title");
  for (const one of [person, other]) await one.page.context().close();
});

test("a link that is too old, or not whole, leads to a page that says so and begins anew", async () => {
  const person = await on.person({ lang: "ja", script: false });
  const link = await person.askForLink("late@student.example");
  execFileSync("sqlite3", ["-cmd", ".timeout 5000", join(on.portal.data, "madoguchi.db"), "UPDATE registration SET expires_at = created_at + 1 WHERE email = 'late@student.example'"]);
  for (const path of [link, `${link}/confirm`, `${link}/done`, link.slice(0, -3), "/register/link/nonsense"]) {
    const answer = await person.go(path);
    assert.equal(answer.status(), 410, path);
    await person.heading("registration.expired_title");
  }
  await person.link("registration.start_again").click();
  await person.heading("registration.email_title");
  await person.page.context().close();
});

test("a registered address gets a mail that says so; the page says the same as ever", async () => {
  const person = await on.person({ lang: "en" });
  const ask = async (email) => {
    await person.go("/register/email");
    await person.page.getByLabel(person.say("registration.email_label")).fill(email);
    await person.page.getByLabel(person.say("registration.email_again_label")).fill(email);
    await person.button("registration.register").click();
    await person.heading("registration.sent_title");
    return person.main().innerText();
  };
  assert.equal(await ask(demo.mai), await ask("new@student.example"));
  assert.ok(!(await on.portal.mail(demo.mai)).text.includes("/register/link/"));
  await on.portal.mail("new@student.example", /\/register\/link\//);
  await person.page.context().close();
});

for (const script of [true, false]) {
  test(`what is refused is named, and nothing typed is lost: ${script ? "script" : "no script"}`, async () => {
    const person = await on.person({ lang: "en", script });
    await person.go("/register/email");
    await person.page.getByLabel(person.say("registration.email_label")).fill("a@b");
    await person.page.getByLabel(person.say("registration.email_again_label")).fill("a@c.example");
    await person.button("registration.register").click();
    assert.ok((await person.problems()).length >= 1);
    assert.equal(await person.page.getByLabel(person.say("registration.email_label")).inputValue(), "a@b");
    assert.match(await person.page.title(), /^Error: /);

    const link = await person.askForLink(`wrong-${script}@student.example`);
    await person.go(link);
    await person.box("registration.name").fill("MÜLLER, 田中");
    await person.box("registration.phone").fill("０９０－１２３４－５６７８");
    await person.box("registration.postal_code").fill("999-9999");
    await person.box("registration.password").fill("short");
    await person.button("field.address_search").click();
    await person.sees(person.say("field.not_found"));
    assert.equal(await person.box("registration.name").inputValue(), "MÜLLER, 田中");
    assert.equal(await person.box("registration.password").inputValue(), script ? "short" : "", "passwords stay where no page is loaded");
    await person.date(new RegExp(`^${person.say("registration.birth_date")}`), ["2001", "13", "31"]);
    await person.button("form.to_confirmation").click();
    const problems = await person.problems();
    for (const key of ["user_type", "password", "name", "address", "sex", "birth_date"]) {
      assert.ok(problems.some((text) => text.includes(person.say(`registration.${key}`))), `${key} by its label: ${problems.join(" | ")}`);
    }
    assert.ok(problems.some((text) => text.includes("“田”")), "the offending character is named");
    assert.ok(!problems.some((text) => text.includes(person.say("registration.phone"))), "full width and hyphens are understood");
    assert.equal(await person.box("registration.phone").inputValue(), "０９０－１２３４－５６７８");

    /* In the middle of it, another language. */
    await person.page.getByRole("button", { name: "日本語" }).click();
    person.lang = "ja";
    await person.heading("registration.form_title");
    assert.equal(await person.box("registration.name").inputValue(), "MÜLLER, 田中");
    await person.page.context().close();
  });
}

test("an existing account is not taken over by a second registration of the same address", async () => {
  const one = await on.person({ lang: "en" }), two = await on.person({ lang: "en" }), email = "race@student.example";
  const first = await one.askForLink(email), second = await two.askForLink(email);
  assert.notEqual(first, second);
  const ids = [];
  for (const [person, link, name] of [[one, first, "FIRST ONE"], [two, second, "SECOND ONE"]]) {
    const answer = await person.go(link);
    if (answer.status() === 410) continue;
    await person.page.getByRole("radio", { name: person.say("registration.type_foreign_national") }).check();
    for (const key of ["registration.password", "registration.password_again"]) await person.box(key).fill(password);
    await person.box("registration.name").fill(name);
    await person.box("registration.phone").fill("09012345678");
    await person.box("registration.postal_code").fill("1000013");
    await person.box("registration.address").fill("東京都千代田区霞が関１－１－１");
    await person.page.getByRole("radio", { name: person.say("registration.male"), exact: true }).check();
    await person.date(new RegExp(`^${person.say("registration.birth_date")}`), ["2001", "1", "2"]);
    await person.button("form.to_confirmation").click();
    await person.button("registration.register").click();
    await person.page.waitForLoadState();
    if (await person.main().locator("dd.number").count()) ids.push((await person.main().locator("dd").innerText()).trim());
  }
  const accounts = execFileSync("sqlite3", [join(on.portal.data, "madoguchi.db"), `SELECT count(*) FROM account WHERE email = '${email}'`]).toString().trim();
  assert.equal(accounts, "1");
  assert.ok(ids.length >= 1);
  for (const person of [one, two]) await person.page.context().close();
});
