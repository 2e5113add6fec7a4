// What a page of the form does: the language in the middle of it, conditions, rows, choices taken back, refusals in words.

import assert from "node:assert/strict";
import { test } from "node:test";
import { post } from "./lib/fast.mjs";
import { answersOf, choiceOf, fieldOf, procedure } from "./lib/form.mjs";
import { demo, until } from "./lib/portal.mjs";
import { stage } from "./lib/stage.mjs";

const on = stage({ people: true });
const f = Object.fromEntries(["occupation", "sex", "email", "email_confirm", "mobile", "postal_code", "address", "has_family", "family.0.name", "family.1.name",
  "family.1.relation", "family.2.name", "p_school_kind", "p_school_name", "p_moved", "p_years", "p_jp_proof", "p_jp_test", "birth_date", "name", "reason",
  "status_current", "period_current", "nationality"].map((path) => [path, fieldOf(path)]));

async function at(how, section) {
  const person = await on.person(how);
  await person.logIn(demo.mai, demo.password);
  person.draft = await person.begin(procedure);
  /* Which parts there are hangs on the status. */
  await post(person, `${person.draft}/sections/status`, [["status_group", "student"]], { maxRedirects: 0 });
  person.section = `${person.draft}/sections/${section}`;
  await person.go(person.section);
  return person;
}

for (const script of [true, false]) {
  const how = { lang: "en", script }, said = script ? "script" : "no script";

  test(`another language and readings in the middle of a page keep what was typed: ${said}`, async () => {
    const person = await at(how, "about");
    await person.control(f.occupation).fill("学生 & half done");
    await person.answer("sex", "female");
    await person.page.getByRole("button", { name: "日本語" }).click();
    person.lang = "ja";
    await person.page.locator("html[lang=ja]").waitFor();
    await person.page.getByRole("heading", { level: 1, name: "あなたのこと" }).waitFor();
    assert.equal(await person.control(f.occupation).inputValue(), "学生 & half done");
    assert.ok(await person.control(f.sex).getByRole("radio", { name: "女" }).isChecked());
    await person.control(f.occupation).fill("学生 & more");
    await person.page.getByRole("button", { name: "ふりがな" }).click();
    await person.page.locator("h1 rt, label rt").first().waitFor();
    assert.equal(await person.page.locator(`[name=${f.occupation.id}]`).inputValue(), "学生 & more");
    assert.equal(await person.page.getByRole("button", { name: "ふりがな" }).getAttribute("aria-pressed"), "true");
    await person.page.getByRole("button", { name: "English" }).click();
    person.lang = "en";
    await person.page.locator("html[lang=en]").waitFor();
    assert.equal(await person.control(f.occupation).inputValue(), "学生 & more");
    await person.page.context().close();
  });

  test(`Deselect takes a choice back: ${said}`, async () => {
    const person = await at(how, "about"), sex = person.control(f.sex);
    await person.answer("sex", "male");
    await person.control(f.occupation).fill("typed before");
    await sex.getByRole("button", { name: /^Deselect/ }).click();
    await until("no choice", async () => (await sex.getByRole("radio", { checked: true }).count()) === 0);
    assert.equal(await person.control(f.occupation).inputValue(), "typed before");
    await person.go(person.section);
    assert.equal(await person.control(f.sex).getByRole("radio", { checked: true }).count(), 0);
    await person.page.context().close();
  });

  test(`a question that hangs on another comes and goes with it: ${said}`, async () => {
    const person = await at(how, "study");
    const settle = async () => { if (!script) await person.main().getByRole("button", { name: person.say("form.save_and_continue") }).click(); };
    const years = person.control(f.p_years), proof = person.control(f.p_jp_proof), level = person.control(f.p_jp_test);
    assert.ok(await years.isHidden());
    await person.answer("p_moved", "yes");
    await settle();
    await years.waitFor({ state: "visible" });
    await years.fill("15");
    assert.ok(await proof.isHidden());
    await person.answer("p_school_kind", "vocational");
    await settle();
    await proof.waitFor({ state: "visible" });
    await person.answer("p_jp_proof", "test");
    await settle();
    await level.waitFor({ state: "visible" });
    await level.fill("JLPT");
    await person.answer("p_school_kind", "university");
    await settle();
    if (!script) { /* what would go is told first (asked.test.mjs has this with script) */
      await person.heading("change.title");
      await person.button("change.go").click();
      await person.go(`${person.draft}/sections/study`);
    }
    await proof.waitFor({ state: "hidden" });
    await level.waitFor({ state: "hidden" });
    assert.equal(await years.inputValue(), "15", "what was typed in between is still there");
    /* Hidden answers are not submitted: the confirmation does not have them. */
    await person.main().getByRole("button", { name: person.say("form.save_and_list") }).click();
    await person.go(`${person.draft}/confirm`);
    assert.equal(await person.main().getByText("JLPT").count(), 0);
    await person.sees("15");
    await person.page.context().close();
  });

  /* With script they come at once. */
  if (!script) test("new questions are asked, not blamed", async () => {
    const person = await at(how, "study");
    const { p_school_kind, p_school_name, p_school_postal, p_school_address, p_school_phone } = answersOf("min");
    await person.fillSection({ p_school_kind, p_school_name, p_school_postal, p_school_address, p_school_phone, p_moved: "yes" }, { send: false });
    await person.button("form.save_and_continue").click();
    await person.sees(person.say("section.new_questions"));
    assert.equal(await person.page.getByRole("alert").count(), 0);
    assert.equal(await person.main().locator("[aria-invalid=true]").count(), 0);
    await person.page.context().close();
  });

  test(`rows are added and removed: ${said}`, async () => {
    const person = await at(how, "family");
    await person.answer("has_family", "yes");
    if (!script) await person.button("form.save_and_continue").click();
    await person.control(f["family.0.name"]).waitFor({ state: "visible" });
    await person.control(f["family.0.name"]).fill("FIRST");
    const group = person.main().getByRole("group", { name: person.label(fieldOf("family")) });
    const add = () => group.getByRole("button", { name: new RegExp(`^${person.say("section.add_row")}`) });
    await add().click();
    await person.control(f["family.1.name"]).waitFor();
    if (script) assert.ok(await person.place(f["family.1.name"]).evaluate((e) => e.contains(document.activeElement)), "the focus is in the new row");
    await person.control(f["family.1.name"]).fill("SECOND");
    await person.answer("family.1.relation", "father");
    await add().click();
    await person.control(f["family.2.name"]).fill("THIRD");
    await person.place(f["family.1.name"]).getByRole("button", { name: new RegExp(`^${person.say("section.remove_row")}`) }).click();
    await person.place(f["family.2.name"]).waitFor({ state: "detached" });
    await until("the third in the place of the second", async () => /ＴＨＩＲＤ|THIRD/.test(await person.control(f["family.1.name"]).inputValue()));
    assert.match(await person.control(f["family.0.name"]).inputValue(), /ＦＩＲＳＴ|FIRST/);
    await person.go(person.section);
    assert.match(await person.control(f["family.1.name"]).inputValue(), /ＴＨＩＲＤ|THIRD/);
    assert.equal(await person.main().getByText("SECOND").count(), 0);
    await person.page.context().close();
  });

  test(`Address Search fills the address, keeps its end, and says when there is none: ${said}`, async () => {
    const person = await at(how, "about"), search = person.button("field.address_search"), address = person.control(f.address);
    await person.control(f.postal_code).fill("〒１００－００１３");
    await search.click();
    await until("the address", async () => (await address.inputValue()).startsWith("東京都千代田区霞が関"));
    if (script) await until("the focus in the address", () => address.evaluate((e) => e === document.activeElement));
    await address.fill("東京都千代田区霞が関１－１－１");
    await search.click();
    await until("the search", async () => (await address.inputValue()) === "東京都千代田区霞が関１－１－１");
    await person.control(f.postal_code).fill("9999999");
    await search.click();
    await person.sees(person.say("field.not_found"));
    assert.equal(await address.inputValue(), "東京都千代田区霞が関１－１－１");
    await person.page.context().close();
  });

  test(`a list that hangs on another answer: ${said}`, async () => {
    const person = await at(how, "passport"), period = person.control(f.period_current);
    assert.ok(await period.isVisible());
    await person.control(f.status_current).selectOption({ label: choiceOf(f.status_current, "student", "en") });
    const refresh = period.locator("xpath=..").getByRole("button", { name: person.say("field.refresh") });
    /* Where the list follows at once there is no button for it, which would do nothing. */
    if (!script) await refresh.click();
    else assert.equal(await refresh.count(), 0);
    await until("the periods of a student", async () => (await period.locator("option").allInnerTexts()).includes(choiceOf(f.period_current, "P2Y", "en")));
    await person.page.context().close();
  });

  test(`refusals name the field, the character and the cure, keep what was typed, and lead there: ${said}`, async () => {
    const person = await at(how, "about");
    await person.control(f.name).fill("NGUYEN 麻衣");
    await person.control(f.email).fill("mai＠example.jp");
    await person.date(person.label(f.birth_date), ["2003", "13", "9"]);
    await person.control(f.mobile).fill("090-abc");
    await person.button("form.save_and_continue").click();
    const problems = await person.problems();
    assert.match(await person.page.title(), /^Error: /);
    const of = (field) => problems.find((text) => text.includes(`“${field.en}”`) || text.includes(field.en));
    assert.match(of(f.name) ?? "", /麻/, problems.join("\n"));
    assert.ok(of(f.birth_date), problems.join("\n"));
    assert.ok(of(f.mobile), problems.join("\n"));
    assert.ok(of(f.nationality), "what is missing is named too");
    for (const text of problems) assert.ok(!/invalid|oops|please/i.test(text), text);
    assert.equal(await person.control(f.name).inputValue(), "NGUYEN 麻衣");
    assert.match(await person.control(f.mobile).inputValue(), /^090-?abc$/);
    assert.equal(await person.main().getByRole("group", { name: person.label(f.birth_date) }).getByRole("textbox").nth(1).inputValue(), "13");
    const link = person.page.getByRole("alert").getByRole("link").filter({ hasText: "麻" });
    await link.click();
    assert.ok(await person.control(f.name).evaluate((e) => e === document.activeElement), "the link leads to the box");
    const described = await person.control(f.name).getAttribute("aria-describedby");
    assert.equal(await person.control(f.name).getAttribute("aria-invalid"), "true");
    assert.match(await person.page.locator(`#${described.split(" ").at(-1)}`).innerText(), /麻/);
    await person.page.context().close();
  });
}

test("what is typed while an answer is on its way stays", async () => {
  const person = await at({ lang: "en" }, "study");
  let release;
  const held = new Promise((done) => { release = done; });
  await person.page.route(`**${person.section}`, async (route) => {
    if (route.request().method() === "POST") await held;
    await route.continue();
  });
  await person.answer("p_moved", "yes");
  await person.control(f.p_school_name).pressSequentially("typed meanwhile");
  release();
  await person.control(f.p_years).waitFor({ state: "visible" });
  assert.equal(await person.control(f.p_school_name).inputValue(), "typed meanwhile");
  assert.ok(await person.control(f.p_school_name).evaluate((e) => e === document.activeElement && e.selectionStart === 15), "and the cursor is where it was");
  await person.page.unroute(`**${person.section}`);
  await person.control(f.p_school_name).press("Tab");
  await until("it is stored", async () => (await (await person.page.request.get(person.section)).text()).includes("typed meanwhile"));
  await person.page.context().close();
});

test("a long text counts its characters near the end", async () => {
  const person = await at({ lang: "en" }, "stay"), box = person.control(f.reason), max = Number(await box.getAttribute("data-max"));
  await box.fill("あ".repeat(10));
  assert.equal(await person.main().getByText(/ of \d+ characters/).count(), 0);
  await box.fill("あ".repeat(max - 1));
  await person.main().getByText(`${max - 1} of ${max} characters`).waitFor();
  await box.fill("あ".repeat(max + 1));
  await person.button("form.save_and_continue").click();
  assert.ok((await person.problems()).some((text) => text.includes(String(max + 1))), "nothing is cut: the person is told");
  assert.equal((await box.inputValue()).length, max + 1);
  await person.page.context().close();
});

test("Enter in a box saves and goes on; it does not press some other button", async () => {
  const person = await at({ lang: "ja", script: false }, "study");
  await person.control(f.p_school_name).fill("あおぞら大学");
  await person.control(f.p_school_name).press("Enter");
  await person.problems();
  assert.equal(await person.control(f.p_school_name).inputValue(), "あおぞら大学");
  await person.page.locator("html[lang=ja]").waitFor();
  await person.page.context().close();
});

test("a part that is not asked leads to the list of those that are", async () => {
  const person = await at({ lang: "en", script: false }, "agent");
  await person.page.waitForURL((url) => url.pathname === person.draft);
  assert.equal((await person.go(`${person.draft}/sections/nothing`)).status(), 404);
  await person.page.context().close();
});
