// Photo and documents as a person attaches them, with and without script; what is refused and why; sent back, modified, submitted again:
// manual 4.2.7, 4.2.8 and 5.2.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { applied, draftWith, logIn, pdf, photo } from "./lib/fast.mjs";
import { answersOf } from "./lib/form.mjs";
import { demo, until } from "./lib/portal.mjs";
import { stage } from "./lib/stage.mjs";

const on = stage({ people: true });
const section = (person, id) => person.main().locator(`#document-${id}`);

async function choose(person, id, file) {
  const place = section(person, id);
  await place.locator("input[type=file]").setInputFiles(file);
  await place.getByRole("button", { name: new RegExp(`^${person.say("attach.attach")}`) }).click();
  await person.page.waitForLoadState();
  /* With script the page stays: the verdict is there when nothing is on its way any more. */
  await until("the verdict", async () => (await place.locator(".live .file.begun").count()) === 0);
}

const paper = (name, buffer) => ({ name, mimeType: "application/pdf", buffer });

for (const { lang, script } of [{ lang: "en", script: true }, { lang: "ja", script: false }]) {
  test(`documents and photo, ${lang}, ${script ? "script" : "no script"}`, async () => {
    const person = await on.person({ lang, script, width: script ? 1280 : 360 });
    await logIn(person, lang === "en" ? demo.mai : demo.arjun);
    const draft = await draftWith(person, answersOf("min"));
    await person.go(draft);
    await person.link("attach.button").click();
    await person.heading("attach.title");
    await person.sees(person.say("attach.rules"));

    /* a good one: its row says so, and what room is left */
    await choose(person, "passport_copy", paper("旅券 passport.pdf", pdf("passport", 150000)));
    const row = section(person, "passport_copy");
    await row.getByText("旅券 passport.pdf").first().waitFor();
    await row.getByText(person.say("attach.state_ok"), { exact: true }).first().waitFor();

    /* a bad one: named, with reason and mend, beside its document; the good ones stay */
    await choose(person, "translation", paper("notes.pdf", Buffer.from("no PDF at all")));
    const bad = section(person, "translation");
    await bad.getByText("notes.pdf").first().waitFor();
    await bad.getByText(person.say("check.not_pdf")).waitFor();
    await bad.getByRole("button", { name: new RegExp(`^${person.say("attach.delete")}`) }).click();
    await person.page.waitForLoadState();
    assert.equal(await section(person, "translation").getByText("notes.pdf").count(), 0);

    /* the same file for another document */
    await choose(person, "reason_letter", paper("again.pdf", pdf("passport", 150000)));
    await section(person, "reason_letter").getByText("旅券 passport.pdf").waitFor();

    /* the photo has a page of its own */
    await section(person, "photo").getByRole("link").click();
    await person.heading("attach.photo_title");
    await choose(person, "photo", { name: "me.jpg", mimeType: "image/jpeg", buffer: Buffer.from("no photo") });
    await person.main().getByText(person.say("check.not_jpeg")).waitFor();
    await choose(person, "photo", { name: "me.jpg", mimeType: "image/jpeg", buffer: photo });
    await person.main().getByText(person.say("attach.state_ok"), { exact: true }).first().waitFor();

    /* the confirmation lists them, and the application takes them along */
    await person.go(`${draft}/confirm`);
    await person.sees("旅券 passport.pdf");
    const { path } = await person.apply();
    await person.sees("旅券 passport.pdf");
    await person.go(path.replace(/\/receipt$/, ""));
    const [download] = await Promise.all([person.page.waitForEvent("download"), person.main().getByRole("link", { name: "旅券 passport.pdf" }).click()]);
    assert.equal(download.suggestedFilename(), "旅券 passport.pdf");
  });
}

test("sent back: mail, login, Details, Modify, replace, submit again", async () => {
  const { portal } = on, person = await on.person({ lang: "en", script: false });
  await logIn(person, demo.mai);
  const answers = answersOf("min"), receipt = await applied(person, answers);
  const reference = /\/applications\/(\d+)\//.exec(receipt)[1];
  execFileSync(process.env.MADOGUCHI, ["admin", "application", "return", reference, "--open", "photo,document:passport_copy,field:phone", "--note",
    "Please take the photo again.", "--data", portal.data, "--procedures", "procedures"], { stdio: "ignore" });
  const mail = await portal.mail(answers.notify_email, /Please take the photo again/);
  const link = new RegExp(`https?://\\S+/applications/${reference}`).exec(mail.text)[0];
  await person.go(new URL(link).pathname);
  await person.sees("Please take the photo again.");
  await person.sees(person.say("amend.title"));
  await person.button("amend.modify").click();
  await person.page.waitForURL(/\/drafts\/\d+$/);
  const draft = new URL(person.page.url()).pathname;
  /* one part, with what is open, and nothing else */
  assert.equal(await person.main().locator("ol.tasks li").count(), 1);
  await person.link("attach.button").click();
  await choose(person, "passport_copy", paper("passport.pdf", pdf("page with the photo", 20000)));
  await person.go(`${draft}/confirm`);
  const again = await person.apply();
  assert.equal(again.reference, reference, "the number stays");
  await person.go(`/applications/${reference}`);
  await person.sees("passport.pdf");
  assert.equal(await person.button("amend.modify").count(), 0);
});
