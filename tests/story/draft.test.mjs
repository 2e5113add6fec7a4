// What is typed is kept: over a session's end, a logout, another device, a restart, a crash, and while typing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { post } from "./lib/fast.mjs";
import { fieldOf, procedure } from "./lib/form.mjs";
import { demo, until } from "./lib/portal.mjs";
import { stage } from "./lib/stage.mjs";

const on = stage({ people: true });
const occupation = fieldOf("occupation"), town = fieldOf("home_town"), school = fieldOf("p_school_name");

async function atSection(how, section = "about", user = demo.mai) {
  const person = await on.person(how);
  await person.logIn(user, demo.password);
  person.draft = await person.begin(procedure);
  /* Which parts there are hangs on the status. */
  await post(person, `${person.draft}/sections/status`, [["status_group", "student"]], { maxRedirects: 0 });
  person.section = `${person.draft}/sections/${section}`;
  await person.go(person.section);
  return person;
}

const value = (person, field) => person.control(field).inputValue();
const endSession = (person) => person.page.context().clearCookies({ name: "session" });

test("while typing it says Saved, with the time; the next device has it", async () => {
  const person = await atSection({ lang: "en" });
  await person.control(occupation).pressSequentially("student of law");
  const saved = person.main().getByRole("status").filter({ hasText: /^Saved \d\d:\d\d$/ });
  await saved.waitFor();
  await person.control(town).fill("ハノイ");
  await person.control(town).press("Tab");
  const other = await on.person({ lang: "ja", script: false, width: 360 });
  await other.logIn(demo.mai, demo.password);
  await until("the second answer", async () => {
    await other.go(person.section);
    return (await value(other, town)) === "ハノイ";
  });
  assert.equal(await value(other, occupation), "student of law");
  for (const one of [person, other]) await one.page.context().close();
});

test("leaving the page saves what the last two seconds brought", async () => {
  const person = await atSection({ lang: "en" });
  await person.control(occupation).fill("typed at the last moment");
  await person.go("/help");
  await until("the answer", async () => {
    await person.go(person.section);
    return (await value(person, occupation)) === "typed at the last moment";
  });
  await person.page.context().close();
});

test("a lost connection is said, and what was typed is saved when it is back", async () => {
  const person = await atSection({ lang: "en" });
  await person.page.context().setOffline(true);
  await person.control(occupation).fill("through a tunnel");
  await person.main().getByText(person.say("script.not_saved")).waitFor();
  await person.page.context().setOffline(false);
  await person.main().getByText(/^Saved \d\d:\d\d$/).waitFor({ timeout: 15000 });
  await person.page.context().close();
});

test("without a line no button leads away from what was typed; with one the same button goes on", async () => {
  const person = await atSection({ lang: "en" }), { page } = person;
  await page.context().setOffline(true);
  await person.control(occupation).fill("in the lift");
  for (const button of [person.button("form.save_and_continue"), person.button("field.address_search").first()]) {
    await button.click();
    await person.sees(person.say("script.offline"));
    assert.equal(new URL(page.url()).pathname, person.section);
    assert.equal(await value(person, occupation), "in the lift");
  }
  await page.context().setOffline(false);
  await person.button("form.save_and_list").click();
  await page.waitForURL((url) => url.pathname === person.draft);
  await person.go(person.section);
  assert.equal(await value(person, occupation), "in the lift");
  await page.context().close();
});

test("without a line no link leads away from what was typed either; with one the same link goes on", async () => {
  const person = await atSection({ lang: "en" }), { page } = person;
  await page.context().setOffline(true);
  await person.control(occupation).fill("in the cellar");
  for (const link of [person.link("form.back"), page.getByRole("navigation", { name: person.say("section.parts") }).getByRole("link").last()]) {
    await link.click();
    await person.sees(person.say("script.offline"));
    assert.equal(new URL(page.url()).pathname, person.section);
    assert.equal(await value(person, occupation), "in the cellar");
  }
  await page.context().setOffline(false);
  await person.link("form.back").click();
  await page.waitForURL((url) => url.pathname !== person.section);
  await person.go(person.section);
  assert.equal(await value(person, occupation), "in the cellar");
  await page.context().close();
});

test("a busy counter is not called a lost connection; a refusal says which button keeps what was typed", async () => {
  const person = await atSection({ lang: "en" }), { page } = person;
  for (const [status, key] of [[503, "script.busy"], [413, "script.refused"]]) {
    await page.route("**/saved", (route) => route.fulfill({ status, contentType: "text/html", body: "<p>no</p>" }), { times: 1 });
    await person.control(occupation).fill(`answer ${status}`);
    await person.control(occupation).press("Tab");
    await person.sees(person.say(key));
  }
  await person.button("form.save_and_list").click();
  await page.waitForURL((url) => url.pathname === person.draft);
  await person.go(person.section);
  assert.equal(await value(person, occupation), "answer 413");
  await page.context().close();
});

for (const script of [true, false]) {
  test(`one section on two devices: neither undoes the other: ${script ? "script" : "no script"}`, async () => {
    const pc = await atSection({ lang: "en", script }), phone = await on.person({ lang: "ja", script, width: 360 });
    const leave = async (person) => {
      await person.button("form.save_and_list").click();
      await person.page.waitForURL((url) => url.pathname === pc.draft);
    };
    await phone.logIn(demo.mai, demo.password);
    await pc.control(occupation).fill("Student");
    await leave(pc);
    for (const one of [pc, phone]) await one.go(pc.section);
    await pc.control(occupation).fill("Cook");
    await leave(pc);
    /* The phone still shows the old occupation. */
    await phone.control(town).fill("ハノイ");
    await leave(phone);
    for (const one of [pc, phone]) {
      await one.go(pc.section);
      assert.deepEqual([await value(one, occupation), await value(one, town)], ["Cook", "ハノイ"]);
    }
    /* The same answer on both: the second one is asked. */
    await pc.control(occupation).fill("Nurse");
    await leave(pc);
    await phone.control(occupation).fill("Driver");
    await phone.button("form.save_and_continue").click();
    const [problem] = await phone.problems();
    assert.match(problem.replace(/\s/g, ""), /別のページか端末/);
    await phone.sees("Nurse");
    assert.equal(await value(phone, occupation), "Driver");
    await pc.go(pc.section);
    assert.equal(await value(pc, occupation), "Nurse");
    await leave(phone);
    await pc.go(pc.section);
    assert.equal(await value(pc, occupation), "Driver");
    for (const one of [pc, phone]) await one.page.context().close();
  });
}

test("two devices that type at once are told which answer is not saved", async () => {
  const pc = await atSection({ lang: "en" }), phone = await on.person({ lang: "en", width: 360 });
  await phone.logIn(demo.mai, demo.password);
  await phone.go(pc.section);
  await pc.control(occupation).fill("Nurse");
  await pc.main().getByText(/^Saved \d\d:\d\d$/).waitFor();
  await phone.control(occupation).fill("Driver");
  await phone.sees(phone.say("section.changed_elsewhere", { label: occupation.en }));
  await phone.control(town).fill("ハノイ");
  await until("the other answer of the phone", async () => {
    await pc.go(pc.section);
    return (await value(pc, town)) === "ハノイ";
  });
  assert.equal(await value(pc, occupation), "Nurse");
  assert.equal(await value(phone, occupation), "Driver");
  for (const one of [pc, phone]) await one.page.context().close();
});

for (const script of [true, false]) {
  test(`a session that ended while typing: login, and on with what was typed: ${script ? "script" : "no script"}`, async () => {
    const person = await atSection({ lang: "en", script }, "study");
    const text = `あおぞら大学 “&<i>” ${script}`;
    await endSession(person);
    await person.control(school).fill(text);
    if (!script) await person.button("form.save_and_continue").click();
    /* With script the next save finds out by itself. */
    await person.heading("login.title");
    await person.sees(person.say("login.ended"));
    await person.login(demo.mai, "not the password");
    await person.problems();
    await person.page.getByRole("button", { name: "日本語" }).click();
    person.lang = "ja";
    await person.heading("login.title");
    await person.login(demo.mai, demo.password);
    await person.heading("login.resume_title");
    await person.sees(text);
    await person.sees(school.ja);
    await person.button("login.resume_button").click();
    await person.page.waitForURL((url) => url.pathname.startsWith(person.draft));
    await person.go(person.section);
    assert.equal(await value(person, school), text);
    await person.page.context().close();
  });
}

test("Agree before the login: the draft begins after it", async () => {
  const person = await on.person({ lang: "en", script: false });
  await person.go(`/procedures/${procedure.id}`);
  await person.button("procedure.agree").click();
  await person.heading("login.title");
  await person.sees(person.say("login.needed"));
  await person.login(demo.mai, demo.password);
  await person.sees(person.say("login.resume_plain"));
  await person.button("login.resume_button").click();
  await person.page.waitForURL(/\/drafts\/\d+$/);
  await person.page.context().close();
});

test("the form that a login carries along is of no use to another page or person", async () => {
  const person = await atSection({ lang: "en", script: false });
  await endSession(person);
  await person.control(occupation).fill("mine");
  await person.button("form.save_and_continue").click();
  await person.login(demo.sato, demo.password);
  await person.heading("login.resume_title");
  await person.button("login.resume_button").click();
  await person.heading("error.404_title");
  await person.page.context().close();
});

test("a draft outlives a logout, a restart and a crash", async () => {
  const person = await atSection({ lang: "ja", script: false });
  const write = async (text) => {
    await person.go(person.section);
    await person.control(occupation).fill(text);
    await person.main().getByRole("button", { name: person.say("form.save_and_list") }).click();
    await person.page.waitForURL((url) => url.pathname === person.draft);
  };
  const read = async () => {
    await person.go(person.section);
    return value(person, occupation);
  };
  await write("学生");
  await person.logOut();
  await person.logIn(demo.mai, demo.password);
  assert.equal(await read(), "学生");

  await write("大学生");
  const { code } = await on.portal.restart();
  assert.equal(code, 0, "an orderly end");
  assert.equal(await read(), "大学生", "the session too is still there");

  await write("大学院生");
  await on.portal.restart("SIGKILL");
  assert.equal(await read(), "大学院生");
  assert.match(await on.portal.admin("audit", "verify"), /whole/);

  await person.go("/");
  await person.sees(person.say("top.continue_draft"));
  await person.page.context().close();
});

test("deleting a draft asks first, and then it is gone", async () => {
  const person = await atSection({ lang: "en", script: false }, "about", demo.arjun);
  await person.go(person.draft);
  await person.link("draft.delete").click();
  await person.heading("draft.delete_title");
  await person.link("draft.keep").click();
  await person.link("draft.delete").click();
  await person.button("draft.delete").click();
  await person.heading("account.title");
  await person.sees(person.say("account.no_drafts"));
  assert.equal((await person.go(person.draft)).status(), 404);
  await person.page.context().close();
});

test("what stands in another person's draft cannot be reached", async () => {
  const mine = await atSection({ lang: "en" }), other = await on.person({ lang: "en", script: false });
  await other.logIn(demo.sato, demo.password);
  for (const path of ["", "/confirm", "/apply", "/delete", "/sections/about", "/sections/about?check=1"]) {
    const answer = await other.go(mine.draft + path);
    assert.equal(answer.status(), 404, path);
    await other.heading("error.404_title");
  }
  await other.go("/my-page");
  const csrf = await other.page.locator("input[name=_csrf]").first().inputValue();
  for (const path of ["/sections/about", "/sections/about/saved", "/apply", "/delete"]) {
    const answer = await other.page.request.post(mine.draft + path, { form: { _csrf: csrf, occupation: "theirs" } });
    assert.equal(answer.status(), 404, path);
  }
  await mine.go(mine.section);
  assert.equal(await value(mine, occupation), "");
  for (const one of [mine, other]) await one.page.context().close();
});
