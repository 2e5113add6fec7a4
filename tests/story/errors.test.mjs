// Each page that says no: its status, its words in both languages, a way on, and what was typed.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { draftWith, post } from "./lib/fast.mjs";
import { answersOf, fieldOf } from "./lib/form.mjs";
import { demo } from "./lib/portal.mjs";
import { stage } from "./lib/stage.mjs";

const on = stage({ people: true });

async function withDraft(how) {
  const person = await on.person(how);
  await person.logIn(demo.mai, demo.password);
  person.draft = await draftWith(person, {});
  return person;
}

/** What every page that says no has. */
async function isErrorPage(person, status, key) {
  await person.heading(`error.${key ?? status}_title`);
  await person.sees(person.say(`error.${key ?? status}_text`));
  await person.sees(person.say("error.id"));
  assert.match(await person.page.title(), person.lang === "ja" ? /^エラー：/ : /^Error: /);
  assert.equal(await person.page.locator("html").getAttribute("lang"), person.lang);
  const text = await person.main().innerText();
  assert.ok(!/sqlite|src\/|\.c:|errno|NULL/.test(text), "nothing of the inside");
}

for (const lang of ["en", "ja"]) {
  test(`404, 405, 400, 413: ${lang}`, async () => {
    const person = await on.person({ lang, script: false }), asked = { "Accept-Language": lang };
    for (const path of ["/nothing", "/procedures/nothing", "/static/nothing.css", "/notices/99", "/notices/x"]) {
      assert.equal((await person.go(path)).status(), 404, path);
      await isErrorPage(person, 404);
    }
    await person.link("layout.back_to_top").click();
    await person.heading("top.title");

    const answer = await person.go("/logout");
    assert.equal(answer.status(), 405);
    assert.equal(answer.headers().allow, "POST");
    await isErrorPage(person, 405);

    const bad = await person.page.request.post("/login", { data: "{}", headers: { ...asked, "Content-Type": "application/json" } });
    assert.equal(bad.status(), 415);

    const odd = await person.page.request.post("/login", { data: "login=%zz", headers: { ...asked, "Content-Type": "application/x-www-form-urlencoded" } });
    assert.equal(odd.status(), 400);
    await person.page.setContent(await odd.text());
    await isErrorPage(person, 400);

    const large = await person.page.request.post("/login", { data: `login=${"x".repeat(3 << 20)}`, headers: { "Content-Type": "application/x-www-form-urlencoded" } });
    assert.equal(large.status(), 413);
    await person.page.setContent(await large.text());
    await person.page.context().close();
  });
}

test("a form without its token: 403, and what was typed can be sent again", async () => {
  const occupation = fieldOf("occupation"), text = "学生 “<b>&amp;”";
  const person = await withDraft({ lang: "en" });
  await person.go(`${person.draft}/sections/about`);
  await person.control(occupation).fill(text);
  await person.answer("sex", "female");
  await person.page.locator("#form input[name=_csrf]").evaluate((e) => e.remove());
  await person.button("form.save_and_continue").click();
  await isErrorPage(person, 403);
  await person.sees(text);
  await person.sees(occupation.en);
  /* Another language is another look at the same page. */
  await person.page.getByRole("button", { name: "日本語" }).click();
  person.lang = "ja";
  await person.heading("error.403_title");
  await person.sees(text);
  await person.sees(occupation.ja);
  await person.page.getByRole("button", { name: "English" }).click();
  person.lang = "en";
  await person.heading("error.403_title");
  await person.button("error.try_again").click();
  await person.problems();
  assert.equal(await person.control(occupation).inputValue(), text);
  assert.ok(await person.control(fieldOf("sex")).getByRole("radio", { name: /^Female/ }).isChecked());
  await person.page.context().close();
});

test("a form from another site is not carried out", async () => {
  const person = await withDraft({ lang: "en" });
  for (const headers of [{ "Sec-Fetch-Site": "cross-site" }, { Origin: "https://elsewhere.example" }]) {
    const answer = await post(person, `${person.draft}/delete`, [], { headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers } });
    assert.equal(answer.status(), 403);
  }
  assert.equal((await person.go(person.draft)).status(), 200, "the draft is still there");
  await person.page.context().close();
});

test("nothing can be stored: 503, pages can still be read, and the same press works when it is over", async () => {
  const person = await withDraft({ lang: "ja", script: false }), occupation = fieldOf("occupation");
  await person.go(`${person.draft}/sections/about`);
  await person.control(occupation).fill("書けない間");
  /* Another program holds the database for writing. */
  const holder = spawn("sqlite3", [join(on.portal.data, "madoguchi.db")], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((done) => holder.on("close", done));
  try {
    const held = new Promise((done) => holder.stdout.once("data", done));
    holder.stdin.write(".timeout 5000\nBEGIN IMMEDIATE;\nSELECT 'held';\n");
    await held;
    person.page.setDefaultTimeout(30000);
    await person.button("form.save_and_continue").click();
    await isErrorPage(person, 503);
    await person.sees("書けない間");
    const reader = await on.person({ lang: "ja", script: false });
    assert.equal((await reader.go("/procedures")).status(), 200);
    await reader.page.context().close();
  } finally {
    holder.stdin.end("ROLLBACK;\n.quit\n");
    await ended;
  }
  await person.button("error.try_again").click();
  await person.problems();
  assert.equal(await person.control(occupation).inputValue(), "書けない間");
  await person.page.context().close();
});

test("too many links tried from one address: 429", async () => {
  const person = await on.person({ lang: "en", script: false });
  const ask = async () => (await person.page.request.get("/reset/guess", { maxRedirects: 0 })).status();
  /* One more is allowed every 200 ms, which a browser on a busy machine may need for a page: then again. */
  let status = 200;
  for (let i = 0; i < 20 && status !== 429; i++) {
    for (let k = 0; k < 5000 && status !== 429; k++) status = await ask();
    assert.equal(status, 429);
    status = (await person.go("/reset/guess")).status();
  }
  assert.equal(status, 429);
  await isErrorPage(person, 429);
  assert.equal((await person.go("/")).status(), 200, "other pages are as ever");
  await person.page.context().close();
});

test("an announced maintenance stands on every page, also on those that say no", async () => {
  const person = await on.person({ lang: "en", script: false }), banner = person.page.getByRole("region", { name: person.say("layout.maintenance") });
  await person.go("/");
  assert.equal(await banner.count(), 0);
  await on.portal.admin("maintenance", "set", "--from", "2090-01-01T22:00+09:00", "--until", "2090-01-02T06:00+09:00",
    "--text-ja", "新しい様式のため。", "--text-en", "For the new form.");
  await person.page.waitForTimeout(1000); /* it is looked for once a second */
  for (const path of ["/", "/login", "/procedures", "/notices/99"]) {
    await person.go(path);
    assert.match(await banner.innerText(), /For the new form\./, path);
    assert.match(await banner.innerText(), /\d\d:\d\d/);
  }
  await person.page.context().close();
});

test("answers are read by their reader alone: nothing is kept by browsers or proxies", async () => {
  const person = await withDraft({ lang: "en" });
  await draftWith(person, answersOf("min"));
  for (const path of ["/", "/my-page", person.draft, "/nothing"]) {
    const headers = (await person.page.request.get(path)).headers();
    assert.equal(headers["cache-control"], "no-store", path);
    assert.match(headers["content-security-policy"], /default-src 'none'/);
    assert.match(headers["content-security-policy"], /frame-ancestors 'none'/);
    assert.equal(headers["x-content-type-options"], "nosniff");
  }
  const [cookie] = (await person.page.context().cookies()).filter((one) => /session/.test(one.name));
  assert.ok(cookie.httpOnly);
  assert.equal(cookie.sameSite, "Lax");
  await person.page.context().close();
});
