// Manual 3.2 and 4.1 where cards are read: the request for use, what the card fills in, who decides, and the application behind it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { post } from "./lib/fast.mjs";
import { exactly } from "./lib/person.mjs";
import { demo } from "./lib/portal.mjs";
import { cardSettings } from "./lib/card.mjs";
import { mai, scan, scanAndGoOn } from "./lib/phone.mjs";
import { stage } from "./lib/stage.mjs";

const on = stage({ people: true, settings: cardSettings({ card_bindback: "off" }) });
const title = { en: "Usage Application (For Foreign Nationals Who Wish to Begin Applying for Status of Residence)", ja: "利用申出（在留申請を始める外国人の方）" };
const words = {
  en: { part: "User Information Input", sex: "Sex", female: "Female", birth: "Date of birth", address: "Address in Japan", basic: "Name (basic 4 information)", card: "Residence Card No." },
  ja: { part: "利用者情報の入力", sex: "性別", female: "女", birth: "生年月日", address: "日本における住居地", basic: "氏名（基本4情報）", card: "在留カード番号" },
};

/** From the list of procedures to the page that explains the reading. */
async function toAboutPage(person, name) {
  await person.go("/");
  await person.link("top.procedures_button").click();
  await person.heading("procedure.list_title");
  await person.main().getByRole("link", { name, exact: true }).click();
  await person.button("procedure.agree").click();
  await person.heading("card.about_title");
}

const readOnly = (person, label) => person.main().getByRole("textbox", { name: new RegExp(`^${exactly(label).source.slice(1, -1)}`) });

async function readBoth(person, card) {
  await person.button("card.proceed").click();
  await person.heading("id.title_auth");
  await scanAndGoOn(person, card);
  /* With script the second code comes by itself. */
  if (!person.script) await person.button("card.proceed").click();
  await person.page.waitForURL(/\/id\/tx\//);
  await person.heading("id.title_basic4");
  await scanAndGoOn(person, card);
  await person.page.waitForURL(/\/drafts\/\d+$/);
}

async function fillAndApply(person) {
  const text = words[person.lang];
  await person.main().getByRole("link", { name: text.part, exact: true }).click();
  await person.page.getByRole("heading", { level: 1, name: text.part }).waitFor();
  for (const [label, value] of [[text.basic, mai.name], [text.sex, text.female], [text.address, mai.address]]) {
    const box = readOnly(person, label);
    assert.equal(await box.getAttribute("readonly"), "", `${label} is read only`);
    assert.equal(await box.getAttribute("name"), null, `${label} is not sent`);
    if (label !== text.basic) assert.equal(await box.inputValue(), value);
  }
  await person.sees(person.say("card.badge"));
  await person.main().getByRole("textbox", { name: new RegExp(`^${exactly(text.card).source.slice(1, -1)}`) }).fill("ａｂ12345678cd");
  await person.button("form.save_and_continue").click();
  await person.heading("confirm.title");
  await person.sees("AB12345678CD");
  await person.sees(person.say("card.badge"));
  return person.apply();
}

for (const [how, name] of [[{ lang: "en" }, "with script"], [{ lang: "ja", script: false, width: 360 }, "without script, on a phone"]]) {
  test(`the manual's way, ${how.lang}, ${name}: two codes, the form is filled, accepted at once, and the extension opens`, async () => {
    const person = await on.person(how), email = `${how.lang}@usage.example`, password = "Tsukimi&2026y";
    await person.register({ email, password, name: "NGUYEN THI MAI" });
    await person.button("registration.register").click();
    await person.heading("registration.done_title");
    await person.logIn(email, password);
    /* Residence first: it leads to the request. */
    await person.go("/procedures/extension");
    await person.link("card.to_usage").first().click();
    await person.heading("usage.needed_title");
    await person.link("usage.begin").click();
    await toAboutPage(person, title[how.lang]);
    const card = { ...mai, card: `card of ${how.lang}` };
    await readBoth(person, card);
    const receipt = await fillAndApply(person);
    await person.sees(person.say("usage.state_accepted"));
    const mail = await on.portal.mail(email, /Usage application accepted|利用申出を受け入れました/);
    assert.ok(mail.subject.includes(receipt.reference));
    await person.go(receipt.path.replace("/receipt", ""));
    await person.sees(person.say("card.badge"));
    /* 4.1: one code only, and the card's items stand in the form. */
    await person.go("/procedures/extension");
    await person.button("procedure.agree").click();
    await person.heading("card.about_title");
    await person.button("card.proceed").click();
    await person.heading("id.title_basic4");
    await scanAndGoOn(person, card);
    await person.page.waitForURL(/\/drafts\/\d+$/);
    await person.go(`${person.page.url()}/sections/about`);
    assert.equal(await readOnly(person, words[how.lang].sex).or(person.main().locator("[data-field=sex] input[readonly]")).first().inputValue(), words[how.lang].female);
    await person.page.context().close();
  });
}

test("a name in kanji waits for an officer, who refuses and accepts by the command", async () => {
  const person = await on.person({ lang: "en", script: false });
  await person.logIn(demo.mai, demo.password);
  const request = async () => {
    await toAboutPage(person, title.en);
    await readBoth(person, { ...mai, card: "card of the demo", name: "阮氏梅" });
    return fillAndApply(person);
  };
  const first = await request();
  await person.sees(person.say("usage.differs_name"));
  const waiting = await on.portal.admin("usage", "list");
  assert.match(waiting, new RegExp(`^${first.reference}\t.*\tusage\t.*\tNGUYEN THI MAI\tname$`, "m"));
  assert.match(await on.portal.admin("usage", "show", first.reference), /^カードの氏名\t阮氏梅$/m);
  await person.go("/procedures/extension");
  assert.equal(await person.button("procedure.agree").count(), 0, "no residence before it is accepted");
  await on.portal.admin("usage", "refuse", first.reference, "--note", "Please send a copy of your passport.");
  await on.portal.mail(demo.mai, /could not be accepted|受け入れられませんでした/);
  await person.go("/my-page");
  await person.sees("Please send a copy of your passport.");
  const second = await request();
  await on.portal.admin("usage", "accept", second.reference);
  await on.portal.mail(demo.mai, /Usage application accepted|利用申出を受け入れました/);
  await assert.rejects(on.portal.admin("usage", "refuse", second.reference), "decided already");
  await person.go("/my-page");
  await person.sees(person.say("usage.state_accepted"));
  assert.equal(await on.portal.admin("usage", "list"), "");
  await person.page.context().close();
});

test("the help desk ends the link of a lost card, and the person links another", async () => {
  const person = await on.person({ lang: "en", script: false });
  await person.logIn(demo.mai, demo.password);
  assert.match(await on.portal.admin("card", "list", demo.mai), /^cardlink\t20\S+\t-\t-$/m);
  await assert.rejects(on.portal.admin("card", "end", "nobody@example.jp"), /no such account/);
  assert.equal(await on.portal.admin("card", "end", demo.mai.toUpperCase()), "cardlink\n");
  await on.portal.mail(demo.mai, /link to your My Number Card was ended|マイナンバーカードの登録が解除/);
  assert.match(await on.portal.admin("card", "list", demo.mai), /^cardlink\t20\S+\t20\S+\thelp_desk$/m);
  await assert.rejects(on.portal.admin("card", "end", demo.mai), /not linked/);
  await person.go("/my-page");
  await person.sees(person.say("card.panel_none"));
  await person.page.context().close();
});

test("values of the card that are sent are left aside; another person's card is refused", async () => {
  const person = await on.person({ lang: "en", script: false });
  await person.logIn(demo.arjun, demo.password);
  await toAboutPage(person, title.en);
  await person.button("card.proceed").click();
  await scanAndGoOn(person, { ...mai, card: "card of arjun" });
  await person.button("card.proceed").click();
  assert.match(await scan(person, { ...mai, card: "card of arjun" }), /^failed basic4_mismatch/);
  const draft = (await post(person, "/procedures/usage", [], { maxRedirects: 0 })).headers().location;
  const answer = await post(person, `${draft}/sections/user`, [["sex", "female"], ["card_no", "AB12345678CD"]], { maxRedirects: 0 });
  assert.equal(answer.headers().location, `${draft}/card`, "the form opens behind the card only");
  await person.page.context().close();
});

test("my page shows the card, and a renewed one is read again", async () => {
  const person = await on.person({ lang: "en", script: false });
  await person.logIn("en@usage.example", "Tsukimi&2026y");
  await person.go("/my-page");
  await person.sees(person.say("card.panel_linked"));
  await person.link("card.read_again").click();
  await person.heading("card.about_title");
  await person.button("card.proceed").click();
  await person.heading("id.title_auth");
  /* The linked card itself is still good: the phone of these tests cannot say that another one has replaced it. */
  await scanAndGoOn(person, { ...mai, card: "card of en" });
  await person.button("card.proceed").click();
  await person.heading("id.title_basic4");
  await scanAndGoOn(person, { ...mai, card: "card of en" });
  await person.page.waitForURL(/\/my-page$/);
  await person.page.context().close();
});
