// How a page is looked at: by axe-core, by the checks of checks.mjs, and by the Tab key, in each of the views.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { logIn } from "../../story/lib/fast.mjs";
import { demo, root } from "../../story/lib/portal.mjs";
import { shape } from "./checks.mjs";

const axe = readFileSync(join(root, "node_modules/axe-core/axe.min.js"), "utf8");

export const views = [
  { name: "en-1280", lang: "en", width: 1280, script: true },
  { name: "en-360-dark", lang: "en", width: 360, script: false, colorScheme: "dark" },
  { name: "en-320", lang: "en", width: 320, script: true, axe: false },
  { name: "ja-768", lang: "ja", width: 768, script: true },
  { name: "ja-1280-dark", lang: "ja", width: 1280, script: true, colorScheme: "dark" },
  { name: "ja-furigana-360", lang: "ja", furigana: true, width: 360, script: false },
  { name: "ja-furigana-1280", lang: "ja", furigana: true, width: 1280, script: true, axe: false },
  { name: "ja-320-forced", lang: "ja", width: 320, script: false, forcedColors: "active" },
];

export async function axeFaults(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, {
    resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  }));
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `axe ${id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message ?? ""}`));
}

/** The first stop of the Tab key is the link over the header, and it works. */
export async function tabFaults(page) {
  if (await page.evaluate(() => document.activeElement !== document.body)) return [];
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => document.activeElement.className);
  if (first !== "skip") return [`the first Tab stop is ${first}`];
  await page.keyboard.press("Enter");
  return (await page.evaluate(() => document.activeElement.id)) === "main" ? [] : ["the link to the content leads elsewhere"];
}

/** All pages of the list in one view, by the people that it names; fails with what is wrong. */
export async function lookAt(on, view, whos, list) {
  const { name: _, axe: withAxe = true, furigana, script, ...how } = view, people = {}, faults = [], titles = new Map();
  for (const who of ["nobody", ...whos]) {
    people[who] = await on.person({ ...how, script: true });
    /* axe is a script itself: what is kept away is ours. */
    if (!script) await people[who].page.route("**/*.js", (route) => route.abort());
    if (furigana) await people[who].page.context().addCookies([{ name: "language", value: "ja+furigana", url: on.portal.base }]);
  }
  for (const who of whos) await logIn(people[who], demo[who]);
  if (process.env.SHOTS) mkdirSync(join(root, "tests/shots", view.name), { recursive: true });
  for (const { name, kind, as, open } of list) {
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
}
