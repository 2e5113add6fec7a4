// Every page by axe-core, without a single violation, and by the checks of lib/checks.mjs: in both languages and with readings, at a desk
// and on small phones, with and without script, in dark and in forced colours.
//
//   SHOTS=1   leaves pictures in tests/shots, to be looked at

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { logIn } from "../story/lib/fast.mjs";
import { demo, root } from "../story/lib/portal.mjs";
import { stage } from "../story/lib/stage.mjs";
import { shape } from "./lib/checks.mjs";
import { pages, prepare, settings } from "./lib/pages.mjs";

const axe = readFileSync(join(root, "node_modules/axe-core/axe.min.js"), "utf8");
let made;
const on = stage({ people: true, settings: settings(), prepare: async (there) => { made = await prepare(there); } });

const views = [
  { name: "en-1280", lang: "en", width: 1280, script: true },
  { name: "en-360-dark", lang: "en", width: 360, script: false, colorScheme: "dark" },
  { name: "en-320", lang: "en", width: 320, script: true, axe: false },
  { name: "ja-768", lang: "ja", width: 768, script: true },
  { name: "ja-1280-dark", lang: "ja", width: 1280, script: true, colorScheme: "dark" },
  { name: "ja-furigana-360", lang: "ja", furigana: true, width: 360, script: false },
  { name: "ja-furigana-1280", lang: "ja", furigana: true, width: 1280, script: true, axe: false },
  { name: "ja-320-forced", lang: "ja", width: 320, script: false, forcedColors: "active" },
];

test("the checks see what is wrong", async () => {
  const { page } = await on.person({ lang: "en" });
  await page.setContent(`<html lang="en"><title>x</title><body><h1>a</h1><h1>b</h1><p>在留</p><a href="#no" style="display:block;width:9px;height:9px">x</a>
    <input id="i"><p style="color:#ccc;background:#fff">pale</p><div style="width:3000px">wide</div></body>`);
  const faults = [...await page.evaluate(shape, { lang: "en" }), ...await axeFaults(page), ...await tabFaults(page)].join("\n");
  for (const sign of [/2 h1/, /title x/, /sideways/, /target of 9×9/, /without lang/, /link to nowhere/, /axe label/, /axe color-contrast/, /first Tab stop/]) assert.match(faults, sign);
  await page.context().close();
});

async function axeFaults(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, {
    resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  }));
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `axe ${id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message ?? ""}`));
}

/** The first stop of the Tab key is the link over the header, and it works. */
async function tabFaults(page) {
  if (await page.evaluate(() => document.activeElement !== document.body)) return [];
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => document.activeElement.className);
  if (first !== "skip") return [`the first Tab stop is ${first}`];
  await page.keyboard.press("Enter");
  return (await page.evaluate(() => document.activeElement.id)) === "main" ? [] : ["the link to the content leads elsewhere"];
}

/* Two at once: one waits for the server or the browser while the other does not. */
describe("every page", { concurrency: 2 }, () => {
  for (const view of views) {
    test(`${view.name}${view.script ? "" : ", no script"}`, async () => {
      const { name: _, axe: withAxe = true, furigana, script, ...how } = view, people = {}, faults = [], titles = new Map();
      for (const who of ["nobody", "mai", "arjun"]) {
        people[who] = await on.person({ ...how, script: true });
        /* axe is a script itself: what is kept away is ours. */
        if (!script) await people[who].page.route("**/*.js", (route) => route.abort());
        if (furigana) await people[who].page.context().addCookies([{ name: "language", value: "ja+furigana", url: on.portal.base }]);
      }
      for (const who of ["mai", "arjun"]) await logIn(people[who], demo[who]);
      if (process.env.SHOTS) mkdirSync(join(root, "tests/shots", view.name), { recursive: true });
      for (const { name, kind, as, open } of pages(made)) {
        const person = people[as], { page } = person;
        person.readings = furigana;
        await open(page, person);
        if (process.env.SHOTS) await page.screenshot({ path: join(root, "tests/shots", view.name, `${name.replaceAll(" ", "_")}.png`), fullPage: true });
        const found = [...await page.evaluate(shape, { lang: view.lang }), ...(withAxe ? await axeFaults(page) : []), ...await tabFaults(page)];
        faults.push(...found.map((fault) => `${name}: ${fault}`));
        const title = (await page.title()).replace(/^(Error:|エラー：) /, "");
        if (titles.has(title) && titles.get(title) !== kind) faults.push(`${name}: the title “${title}” is that of ${titles.get(title)} too`);
        titles.set(title, kind);
      }
      for (const person of Object.values(people)) await person.page.context().close();
      assert.equal(faults.length, 0, `\n  ${[...new Set(faults)].slice(0, 60).join("\n  ")}\n  ${faults.length} in all`);
    });
  }
});
