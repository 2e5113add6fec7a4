// Ways in that go wrong: wrong passwords, the lock and its end, a forgotten ID, a forgotten password. Manual 3.2 step 1.

import assert from "node:assert/strict";
import { test } from "node:test";
import { demo } from "./lib/portal.mjs";
import { stage } from "./lib/stage.mjs";

const on = stage({ people: true });

// What stands there under the settings as they are without any.
const wrong = (person) => person.say("login.wrong", { tries: person.say("login.tries", { n: 5 }), time: person.say("time.hours", { n: 24 }) });

test("an unknown ID, a wrong password and a locked account are told in the same words", async () => {
  const person = await on.person({ lang: "en" });
  const tries = async (user, password) => {
    await person.go("/login");
    await person.login(user, password);
    const [problem] = await person.problems();
    const answer = { problem, title: await person.page.title(), user: await person.main().getByLabel(person.say("login.user_id")).inputValue() };
    assert.equal(answer.user, user, "the ID stays");
    assert.equal(await person.box("login.password").inputValue(), "", "the password does not");
    return { ...answer, user: "" };
  };
  const unknown = await tries("NOBODY1234", "Wrong-Word-1");
  assert.equal(unknown.problem, wrong(person));
  assert.match(unknown.title, /^Error: /);
  assert.deepEqual(await tries("nobody@example.jp", "Wrong-Word-1"), unknown);
  for (let i = 0; i < 5; i++) assert.deepEqual(await tries(demo.arjun, "Wrong-Word-1"), unknown, `try ${i + 1}`);
  assert.deepEqual(await tries(demo.arjun, demo.password), unknown, "locked: the right password too");
  await person.page.context().close();
});

test("the mailed link ends the lock; opening it alone does not", async () => {
  const person = await on.person({ lang: "en", script: false });
  const mail = await on.portal.mail(demo.arjun, /\/unlock\//), link = on.portal.link(mail);
  await person.go(link);
  await person.heading("unlock.title");
  await person.go("/login");
  await person.login(demo.arjun, demo.password);
  assert.deepEqual(await person.problems(), [wrong(person)], "still locked: the button was not pressed");
  await person.go(link);
  await person.button("unlock.button").click();
  await person.sees(person.say("login.unlocked"));
  await person.login(demo.arjun, demo.password);
  await person.heading("top.title");
  await person.logOut();
  await person.go(link);
  await person.heading("forgot.expired_title");
  await person.page.context().close();
});

test("empty boxes are named, each with a link to it", async () => {
  const person = await on.person({ lang: "ja" });
  await person.go("/login");
  await person.login("", "");
  assert.deepEqual(await person.problems(), [person.say("login.enter_id"), person.say("login.enter_password")]);
  assert.ok(await person.page.getByRole("alert").evaluate((e) => e === document.activeElement), "the list has the focus");
  await person.page.getByRole("alert").getByRole("link").nth(1).click();
  assert.equal(await person.page.evaluate(() => document.activeElement.id), "password");
  await person.page.context().close();
});

test("a forgotten ID comes by mail, and no answer tells whether there is an account", async () => {
  const person = await on.person({ lang: "en" });
  const ask = async (email) => {
    await person.go("/login");
    await person.link("login.forgot_id").click();
    await person.heading("forgot.id_title");
    await person.box("forgot.email").fill(email);
    await person.button("forgot.send").click();
    await person.heading("forgot.sent_title");
    return person.main().innerText();
  };
  assert.equal(await ask(demo.sato), await ask("stranger@example.jp"));
  const mail = await on.portal.mail(demo.sato, /ID/), id = /^([A-Z0-9]{8,12})$/m.exec(mail.text)?.[1];
  assert.ok(id, mail.text);
  await person.logIn(id, demo.password);
  await person.logOut();
  await person.page.context().close();
});

test("a forgotten password: a link for one time, a new password, the end of other sessions", async () => {
  const there = await on.person({ lang: "en" }), person = await on.person({ lang: "en", script: false });
  await there.logIn(demo.sato, demo.password);
  await person.go("/login");
  await person.link("login.forgot_password").click();
  await person.heading("forgot.password_title");
  await person.main().getByLabel(person.say("login.user_id")).fill(demo.sato);
  await person.button("forgot.send").click();
  await person.heading("forgot.sent_title");
  const link = on.portal.link(await on.portal.mail(demo.sato, /\/reset\//));
  await person.go(link);
  await person.heading("reset.title");
  const set = async (one, two = one) => {
    await person.box("registration.password").fill(one);
    await person.box("registration.password_again").fill(two);
    await person.button("reset.button").click();
  };
  await set("kort");
  assert.ok((await person.problems()).length > 0, "the rules of passwords hold here too");
  await set("Hanami=2026ok", "Hanami=2026no");
  assert.equal((await person.problems()).length, 1);
  await set("Hanami=2026ok");
  await person.sees(person.say("login.password_set"));
  await person.login(demo.sato, demo.password);
  assert.deepEqual(await person.problems(), [wrong(person)], "the old one is no longer good");
  await person.login(demo.sato, "Hanami=2026ok");
  await person.heading("top.title");
  await there.go("/my-page");
  await there.heading("login.title");
  await person.logOut();
  await person.go(link);
  await person.heading("forgot.expired_title");
  await on.portal.mail(demo.sato, /password|パスワード/i);
  for (const one of [there, person]) await one.page.context().close();
});

test("after logout nothing comes back by the browser's Back", async () => {
  const person = await on.person({ lang: "en" });
  await person.logIn(demo.mai, demo.password);
  await person.go("/my-page");
  await person.sees("NGUYEN THI MAI");
  await person.logOut();
  await person.page.goBack();
  await person.heading("login.title");
  assert.equal(await person.page.getByText("NGUYEN THI MAI").count(), 0);
  await person.page.context().close();
});

test("a page that needs a login leads there and back", async () => {
  const person = await on.person({ lang: "ja", script: false, width: 360 });
  await person.go("/applications?sort=old&size=50");
  await person.heading("login.title");
  await person.sees(person.say("login.needed"));
  await person.login(demo.mai, demo.password);
  await person.heading("application.list_title");
  assert.match(person.page.url(), /\/applications\?sort=old&size=50$/);
  await person.page.context().close();
});
