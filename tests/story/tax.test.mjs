// Get Tax Information, as a person sees it: consent at the other service, waiting, the information before it is attached, and for each other outcome
// what it means and which paper to attach. With and without script, in both languages.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { homes, selfinfo } from "../oidc/lib/selfinfo.mjs";
import { draftWith, logIn, post } from "./lib/fast.mjs";
import { answersOf } from "./lib/form.mjs";
import { demo } from "./lib/portal.mjs";
import { stage } from "./lib/stage.mjs";

const service = await selfinfo();
const on = stage({ people: true, settings: service.settings, prepare: async (there) => service.start(there.portal.base, { delay: "1" }) });

/** From the list of parts to the page of consent. */
async function toConsent(person, draft) {
  await person.go(draft);
  await person.link("tax.get").click();
  await person.heading("tax.title");
  await person.button("tax.get").click();
  await person.page.waitForURL(`${service.at}/oauth/authorize**`);
}

/** Agrees there, or declines, and comes back to what follows the waiting. */
async function answer(person, home) {
  const { page } = person;
  if (home) await page.locator(`input[value="${home}"]`).check();
  await page.getByRole("button", { name: home ? /Agree/ : /Decline/ }).click();
  if (!person.script) await person.button("id.back_button").click();
  await page.waitForURL(/\/tax$/);
}

async function settled(person, key) {
  if (person.script) return person.sees(person.say(key));
  /* A page without script is asked for again by a refresh in it. */
  for (let n = 0; n < 20 && await person.page.getByText(person.say("tax.waiting"), { exact: true }).count() > 0; n++) {
    await person.page.waitForTimeout(500);
    await person.page.reload();
  }
  return person.sees(person.say(key));
}

describe("attached", { concurrency: 2 }, () => {
  for (const lang of ["en", "ja"]) {
    for (const script of [true, false]) {
      test(`${lang}, ${script ? "script" : "no script"}`, async () => {
        const mai = await on.person({ lang, script }), { page } = mai;
        await logIn(mai, demo.mai);
        const draft = await draftWith(mai, answersOf("min"));
        await toConsent(mai, draft);
        await answer(mai, homes.taxed);
        await settled(mai, "tax.look");
        await mai.sees("42,000");
        await mai.sees(mai.say("tax.class_taxed"));
        await mai.button("tax.attach").click();
        await page.waitForURL(new RegExp(`${draft}$`));
        await mai.sees(mai.say("tax.state_attached"));
        await mai.go(`${draft}/confirm`);
        await mai.sees("1,310,000");
        assert.equal(await mai.main().locator("section", { hasText: mai.say("tax.not_editable") }).locator("input, select, textarea").count(), 0);
        const { path } = await mai.apply();
        await mai.go(path.replace(/\/receipt$/, ""));
        await mai.sees("42,000");
        await mai.sees("selfinfo-sim");
        const copy = await page.request.get(path.replace(/receipt$/, "copy.pdf"));
        assert.equal(copy.status(), 200);
        await page.context().close();
      });
    }
  }
});

describe("the other outcomes say which paper to attach", { concurrency: 2 }, () => {
  const outcomes = { no_record: "no_record", not_yet: "not_yet", municipality_unsupported: "unsupported", broken: "unavailable", declined: "refused" };
  for (const [home, key] of Object.entries(outcomes)) {
    test(home, async () => {
      const mai = await on.person({ lang: home === "not_yet" ? "ja" : "en" });
      await logIn(mai, demo.arjun);
      const made = await post(mai, "/procedures/extension", [], { maxRedirects: 0 });
      await toConsent(mai, made.headers().location);
      await answer(mai, homes[home]);
      await settled(mai, `tax.${key}_title`);
      for (const part of ["detail", "paper"]) await mai.sees(mai.say(`tax.${key}_${part}`));
      assert.equal(await mai.page.locator("[value=attach]").count(), 0);
      await mai.page.context().close();
    });
  }
});
