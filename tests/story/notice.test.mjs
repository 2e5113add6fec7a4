// What the operator tells everybody, by the commands: notices that come and go, windows of maintenance, and what is refused.

import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./lib/portal.mjs";
import { stage } from "./lib/stage.mjs";

const on = stage();
const hour = 3600000;
/** As the commands take and print it: Japan's time with its zone. */
const time = (ms) => `${new Date(ms + 9 * hour).toISOString().slice(0, 19)}+09:00`;
const texts = { "--title-ja": "在留《ざいりゅう》の様式《ようしき》が変《か》わります", "--title-en": "A new form", "--text-ja": "十二月《じゅうにがつ》からです。\n\n今《いま》の様式《ようしき》も使《つか》えます。", "--text-en": "From December on.\n\nThe present one can be used <too>." };
const options = (given) => Object.entries(given).flat();
const add = async (given = {}) => (await on.portal.admin("notice", "add", ...options({ ...texts, ...given }))).trim();

test("a notice is written, read in both languages, and taken back", async () => {
  assert.equal(await on.portal.admin("notice", "list"), "");
  assert.equal(await on.portal.admin("notice", "list", "--json"), "[]\n");
  const number = await add();
  assert.match(number, /^\d+$/);
  const [en, ja] = [await on.person({ lang: "en", script: false, width: 360 }), await on.person({ lang: "ja" })];
  for (const [person, title, text] of [[en, "A new form", "The present one can be used <too>."], [ja, "在留の様式が変わります", "今の様式も使えます。"]]) {
    await person.go("/");
    await person.main().getByRole("link", { name: title, exact: true }).click();
    await person.page.getByRole("heading", { level: 1, name: title }).waitFor();
    await person.sees(text);
    assert.ok((await person.page.title()).startsWith(`${title} – `));
  }
  /* With readings, where the reader wants them. */
  await ja.page.context().addCookies([{ name: "language", value: "ja+furigana", url: on.portal.base }]);
  await ja.go("/notices");
  assert.equal(await ja.main().locator(`a[href="/notices/${number}"] rt`).first().innerText(), "ざいりゅう");
  const now = Date.now(), coming = await add({ "--from": time(now + 24 * hour), "--until": time(now + 48 * hour), "--title-en": "Soon" });
  const rows = (await on.portal.admin("notice", "list")).trimEnd().split("\n").map((line) => line.split("\t"));
  assert.deepEqual(rows.map(([id, , , state, , title]) => [id, state, title]), [[coming, "coming", "Soon"], [number, "out", "A new form"]]);
  assert.deepEqual(rows[0].slice(1, 3), [time(now + 24 * hour), time(now + 48 * hour)]);
  assert.equal(rows[1][2], "-");
  assert.equal(rows[1][4], texts["--title-ja"]);
  const [first] = JSON.parse(await on.portal.admin("notice", "list", "--json"));
  assert.deepEqual(first, { number: coming, from: time(now + 24 * hour), until: time(now + 48 * hour), state: "coming", title_ja: texts["--title-ja"], title_en: "Soon" });
  assert.equal((await en.go(`/notices/${coming}`)).status(), 404, "not yet");
  for (const id of [number, coming]) assert.equal(await on.portal.admin("notice", "remove", id), "");
  assert.equal((await en.go(`/notices/${number}`)).status(), 404);
  await en.go("/");
  await en.sees(en.say("notice.none"));
  assert.equal(await on.portal.admin("notice", "list"), "");
  for (const person of [en, ja]) await person.page.context().close();
});

test("a window of maintenance is told on every page, in both languages, until it is taken back", async () => {
  const people = [await on.person({ lang: "en", width: 360, script: false }), await on.person({ lang: "ja", width: 360 })];
  const banner = (person) => person.page.getByRole("region", { name: person.say("layout.maintenance") });
  const shown = async (person, path) => {
    await person.go(path);
    return await banner(person).count() ? banner(person).innerText() : "";
  };
  for (const person of people) assert.equal(await shown(person, "/"), "");
  assert.equal(await on.portal.admin("maintenance", "show"), "");
  const from = Date.UTC(2090, 0, 2, 13), words = { "--text-ja": "新《あたら》しい様式《ようしき》のため。", "--text-en": "For the new form." };
  assert.equal(await on.portal.admin("maintenance", "set", "--from", time(from), "--until", time(from + 2 * hour), ...options(words)), "");
  const tells = [/^This service will not be available from 2 January 2090, 22:00 \(Japan time\) to 3 January 2090, 00:00 \(Japan time\)\. Drafts are kept\. For the new form\.$/,
    /^2090年1月2日 22時00分（日本時間）から2090年1月3日 0時00分（日本時間）までサービスを停止します。下書きは保存されています。新しい様式のため。$/];
  for (const [i, person] of people.entries()) {
    await until("the banner", async () => (await shown(person, "/")) !== "");
    for (const path of ["/", "/login", "/procedures", "/notices/99"]) assert.match(await shown(person, path), tells[i], path);
    assert.equal(await person.page.evaluate(() => document.documentElement.scrollWidth), 360, "nothing is cut off");
  }
  /* Another that nobody is told of yet, and one that runs. */
  const now = Date.now();
  await on.portal.admin("maintenance", "set", "--from", time(from + 48 * hour), "--until", time(from + 50 * hour), "--announce", time(now + hour));
  await on.portal.admin("maintenance", "set", "--from", time(now - hour), "--until", time(now + hour));
  const rows = (await on.portal.admin("maintenance", "show")).trimEnd().split("\n").map((line) => line.split("\t"));
  assert.deepEqual(rows.map((row) => row.slice(1)), [
    [time(now - hour), time(now + hour), "running", "-", "-"],
    [time(from), time(from + 2 * hour), "announced", words["--text-ja"], words["--text-en"]],
    [time(from + 48 * hour), time(from + 50 * hour), "coming", "-", "-"],
  ]);
  assert.equal(rows[0][0], time(now - hour), "announced when it began");
  assert.equal(rows[2][0], time(now + hour));
  assert.equal(JSON.parse(await on.portal.admin("maintenance", "show", "--json"))[1].text_en, "For the new form.");
  assert.equal(await on.portal.admin("maintenance", "clear"), "");
  for (const person of people) {
    await until("no banner", async () => (await shown(person, "/")) === "");
    await person.page.context().close();
  }
  assert.equal(await on.portal.admin("maintenance", "show", "--json"), "[]\n");
});

test("what cannot be told is refused in words, and nothing is written", async () => {
  const notice = (given, without) => ["notice", "add", ...options(Object.fromEntries(Object.entries({ ...texts, ...given }).filter(([name]) => name !== without)))];
  const window = (from, end, ...more) => ["maintenance", "set", "--from", from, "--until", end, ...more];
  const [early, late] = ["2090-01-01T09:00+09:00", "2090-01-01T10:00+09:00"];
  for (const [words, code, says] of [
    [notice({}, "--title-ja"), 64, /wants --title-ja, --title-en, --text-ja and --text-en/],
    [notice({}, "--text-en"), 64, /wants --title-ja/],
    [notice({ "--from": "tomorrow" }), 64, /--from wants a time in Japan as 2026-12-01T09:00\+09:00, not tomorrow/],
    [notice({ "--until": "2090-02-30T00:00+09:00" }), 64, /--until wants a time/],
    [notice({ "--until": "2090-01-01T00:00Z" }), 64, /--until wants a time/],
    [notice({ "--until": "2090-01-01T00:00" }), 64, /--until wants a time/],
    [notice({ "--title-en": " " }), 65, /the title in English is missing/],
    [notice({ "--title-ja": "a\nb" }), 65, /the title in Japanese holds what cannot be shown, or a second line/],
    [notice({ "--title-en": "x".repeat(101) }), 65, /the title in English has 101 characters; 100 are the most/],
    [notice({ "--text-ja": "字".repeat(10001) }), 65, /the text in Japanese has 10001 characters; 10000 are the most/],
    [notice({ "--from": late, "--until": early }), 65, /over before it is out/],
    [notice({ "--from": "2020-01-01T09:00+09:00", "--until": "2020-01-02T09:00+09:00" }), 65, /over already/],
    [["notice", "remove"], 64, /wants the number of a notice/],
    [["notice", "remove", "first"], 64, /wants the number of a notice/],
    [["notice", "remove", "1"], 66, /no such notice/],
    [["notice"], 64, /admin knows/],
    [["maintenance", "set", "--from", early], 64, /wants --from and --until/],
    [window("9:00", late), 64, /--from wants a time/],
    [window(early, late, "--announce", "now"), 64, /--announce wants a time/],
    [window(early, early), 65, /announced, starts and ends, in this order/],
    [window(late, early), 65, /in this order/],
    [window(early, late, "--announce", late), 65, /in this order/],
    [window("2020-01-01T09:00+09:00", "2020-01-01T10:00+09:00"), 65, /over already/],
    [window(early, late, "--text-ja", "様式"), 65, /the text in English is missing/],
    [window(early, late, "--text-ja", "様".repeat(201), "--text-en", "Form"), 65, /the text in Japanese has 201 characters; 200 are the most/],
    [["maintenance", "clear"], 66, /no window of maintenance lies ahead/],
    [["maintenance", "end"], 64, /admin knows/],
  ]) {
    await assert.rejects(on.portal.admin(...words), (error) => {
      assert.equal(error.code, code, `${words.join(" ").slice(0, 200)}: ${error.stderr}`);
      assert.match(error.stderr, says);
      return true;
    }, words.join(" ").slice(0, 200));
  }
  assert.equal(await on.portal.admin("notice", "list"), "");
  assert.equal(await on.portal.admin("maintenance", "show"), "");
  assert.match(await on.portal.admin("audit", "verify"), /every chain is whole/);
});
