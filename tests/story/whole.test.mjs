// A person's whole way, from the top page to the receipt and back to the application, in both languages, with and without script, at a
// desk and on a phone: manual 3.1, 3.2, 4 and 5.1. One of them answers every question there is, the others what must be answered. In the
// browser that people install; the other stories are told to its engine.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, test } from "node:test";
import { desktop } from "./lib/browser.mjs";
import { answersOf, procedure } from "./lib/form.mjs";
import { stage } from "./lib/stage.mjs";

const password = "Sakura+2026x";
const on = stage({ browser: desktop });

const ways = [];
for (const lang of ["en", "ja"]) {
  for (const script of [true, false]) {
    for (const width of [1280, 360]) ways.push({ lang, script, width, answers: lang === "en" && script && width === 1280 ? "full" : "min" });
  }
}

/* Two at once: one waits for the server or the browser while the other does not. */
describe("registration to receipt", { concurrency: 2 }, () => {
  for (const way of ways) {
    const { lang, script, width } = way;
    test(`${lang}, ${script ? "script" : "no script"}, ${width} px, ${way.answers}`, async () => {
      const { portal } = on, person = await on.person({ lang, script, width }), { page } = person;
      const email = `${lang}-${script ? "s" : "n"}-${width}@student.example`;
      const answers = answersOf(way.answers, email);
      const name = answers.name;

      /* 3.1: the user ID */
      await person.register({ email, password, name });
      await person.sees(name);
      await person.link("form.return_to_input").click();
      await person.heading("registration.form_title");
      assert.equal(await person.box("registration.name").inputValue(), name, "Return to Input keeps what was typed");
      assert.equal(await person.box("registration.phone").inputValue(), "09012345678");
      assert.equal(await page.getByRole("radio", { name: person.say("registration.female"), exact: true }).isChecked(), true);
      assert.equal(await person.box("registration.password").inputValue(), "", "but no password");
      await person.box("registration.password").fill(password);
      await person.box("registration.password_again").fill(password);
      await person.button("form.to_confirmation").click();
      await person.button("registration.register").click();
      await person.heading("registration.done_title");
      const userId = (await person.main().locator("dd").innerText()).trim();
      assert.match(userId, /^[A-Z0-9]{6,}$/);
      assert.match((await portal.mail(email, new RegExp(userId))).text, new RegExp(userId), "the ID comes by mail too");

      /* 3.2: login, and the procedure */
      await person.link("registration.return_to_login").click();
      await person.login(userId, password);
      await person.heading("top.title");
      await person.link("top.procedures_button").click();
      await person.heading("procedure.list_title");
      await person.main().getByRole("link", { name: procedure.title[lang], exact: true }).click();
      await person.sees(person.say("procedure.explanation"));
      await person.button("procedure.agree").click();
      await page.waitForURL(/\/drafts\/\d+$/);

      /* 4: each part, the confirmation, the application */
      await person.fillForm(new URL(page.url()).pathname, answers);
      await person.sees(person.say("confirm.not_yet"));
      const change = person.main().getByRole("link", { name: new RegExp(`^${person.say("confirm.change")}`) });
      await change.nth(1).click();
      await page.waitForURL(/back=confirm/);
      await person.button("form.save_and_continue").click();
      await person.heading("confirm.title");
      const receipt = await person.apply();
      assert.match(receipt.reference, /^\d{12}$/);
      assert.match(receipt.temporary, /^.オン留T\d{8}$/u);
      const mail = await portal.mail(email, new RegExp(receipt.reference));
      assert.match(mail.text, new RegExp(receipt.temporary));

      /* 5.1: the list, the details, the copy */
      await person.link("receipt.return_to_list").click();
      await person.heading("application.list_title");
      await person.sees(receipt.reference);
      await person.main().getByRole("link", { name: new RegExp(`^${person.say("application.details")}`) }).click();
      await person.sees(person.say("application.show_title"));
      await person.sees(receipt.temporary);
      await person.sees(name);
      const [download] = await Promise.all([page.waitForEvent("download"), person.link("application.pdf").click()]);
      const text = execFileSync("pdftotext", [await download.path(), "-"]).toString();
      assert.ok(text.includes(name), "the copy has the name");
      assert.ok(text.includes(receipt.reference), "the copy has the number");
      await page.context().close();
    });
  }
});
