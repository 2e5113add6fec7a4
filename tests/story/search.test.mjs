// Manual 6.1: finding a procedure by words, with and without script, in both languages.

import assert from "node:assert/strict";
import { test } from "node:test";
import { procedure } from "./lib/form.mjs";
import { stage } from "./lib/stage.mjs";

const on = stage({ people: false });

const keyword = (person) => person.page.getByRole("searchbox", { name: person.say("procedure.keyword") });

async function look(person, words, { synonyms = false } = {}) {
  await person.go("/procedures");
  await keyword(person).fill(words);
  if (synonyms) await person.page.getByLabel(person.say("procedure.synonyms")).check();
  await person.button("procedure.search").click();
  await person.page.waitForURL(/[?&]q=/);
}

const titles = (person) => person.main().locator("li h2").allInnerTexts();

for (const { lang, script } of [{ lang: "en", script: true }, { lang: "ja", script: false }]) {
  test(`words of any script find the extension: ${lang}`, async () => {
    const person = await on.person({ lang, script });
    for (const words of ["更新", "こうしん", "ｺｳｼﾝ", "koushin", "extension", "extnesion", "期間　更新"]) {
      await look(person, words);
      assert.ok((await titles(person)).includes(procedure.title[lang]), words);
      assert.equal(await keyword(person).inputValue(), words, "what was typed stays");
      assert.ok(await person.main().locator("mark").count() > 0, `${words}: why it is there`);
    }
    await person.main().getByRole("link", { name: procedure.title[lang], exact: true }).click();
    await person.sees(person.say("procedure.explanation"));
    await person.page.context().close();
  });

  test(`synonyms on request, and a way on when nothing is found: ${lang}`, async () => {
    const person = await on.person({ lang, script });
    await look(person, "prolong");
    assert.ok(!(await titles(person)).includes(procedure.title[lang]));
    await person.sees(person.say("procedure.none"));
    await look(person, "prolong", { synonyms: true });
    assert.ok((await titles(person)).includes(procedure.title[lang]));
    await person.sees(person.say("procedure.by_synonym"));
    await look(person, "extension xyzzy");
    assert.deepEqual(await titles(person), []);
    await person.link("procedure.none_all").click();
    assert.ok((await titles(person)).length > 1);
    await look(person, "!?");
    await person.sees(person.say("procedure.unread"));
    await person.page.context().close();
  });
}

test("what is typed stays text", async () => {
  const person = await on.person({ lang: "en" });
  await look(person, `<b onclick="x">extension</b> "'&`);
  assert.equal(await person.main().locator("b").count(), 0);
  await look(person, "a ".repeat(9));
  await person.sees(person.say("procedure.cut", { most: 8 }));
  const wrong = await person.page.request.get("/procedures?q=%ff%fe&page=-3&size=7000&sort=up");
  assert.ok([200, 400].includes(wrong.status()));
  await person.page.context().close();
});
