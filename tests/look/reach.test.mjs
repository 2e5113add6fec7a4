// Who does not see, point or read as most do: the whole page by the Tab key with the focus in sight, text twice as large, and the
// spacing that some readers set (WCAG 2.1.1, 2.4.3, 2.4.7, 2.4.11, 1.4.4, 1.4.12).

import assert from "node:assert/strict";
import { test } from "node:test";
import { logIn } from "../story/lib/fast.mjs";
import { demo } from "../story/lib/portal.mjs";
import { stage } from "../story/lib/stage.mjs";
import { shape } from "./lib/checks.mjs";
import { pages, prepare } from "./lib/pages.mjs";

let made;
const on = stage({ people: true, prepare: async (there) => { made = await prepare(there); } });
const some = (names) => pages(made).filter(({ name }) => names.includes(name));

test("the Tab key reaches everything, in the order of reading, with the focus in sight", async () => {
  for (const width of [1280, 360]) {
    const person = await on.person({ lang: "en", width }), { page } = person;
    await logIn(person, demo.mai);
    for (const { name, open } of some(["top in", "section family", "section receipt wrong", "confirm", "applications"])) {
      await open(page, person);
      await page.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
      const expected = await page.evaluate(() => {
        const inRadioGroup = new Set();
        return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")].filter((e) => {
          if (e.tabIndex < 0 || !e.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) return false;
          if (e.type !== "radio") return true;
          /* One stop for a group of radio buttons: the chosen one, else the first. */
          const chosen = document.querySelector(`input[name="${CSS.escape(e.name)}"]:checked`);
          if (chosen ? chosen !== e : inRadioGroup.has(e.name)) return false;
          inRadioGroup.add(e.name);
          return true;
        }).length;
      });
      const stops = [];
      for (let i = 0; i < expected + 5; i++) {
        await page.keyboard.press("Tab");
        const stop = await page.evaluate(() => {
          const e = document.activeElement;
          if (e === document.body) return null;
          const target = e.type === "radio" || e.type === "checkbox" ? e.closest("label") ?? e : e, box = target.getBoundingClientRect();
          const place = [...document.querySelectorAll("*")].indexOf(e);
          const over = document.elementFromPoint(Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1), Math.min(Math.max(box.y + Math.min(box.height / 2, 20), 0), innerHeight - 1));
          return {
            place, html: e.outerHTML.slice(0, 120),
            outlined: getComputedStyle(target).outlineStyle !== "none" || getComputedStyle(e).outlineStyle !== "none",
            seen: box.bottom > 0 && box.top < innerHeight && (target.contains(over) || over?.contains(target)),
          };
        });
        if (!stop) break;
        stops.push(stop);
      }
      const at = `${name}, ${width} px`;
      assert.equal(stops.length, expected, `${at}: stops of the Tab key`);
      for (const [i, stop] of stops.entries()) {
        assert.ok(i === 0 || stop.place > stops[i - 1].place, `${at}: out of order: ${stop.html}`);
        assert.ok(stop.outlined, `${at}: no sign of the focus: ${stop.html}`);
        assert.ok(stop.seen, `${at}: the focus is out of sight: ${stop.html}`);
      }
    }
    await page.context().close();
  }
});

/* What the page clips can be scrolled to by nobody: left of the page, or right of it. */
const outside = () => [...document.querySelectorAll("header *, main *, footer *")].filter((e) => {
  const { left, right, width } = e.getBoundingClientRect();
  return width > 0 && (left < 0 || right > innerWidth) && e.checkVisibility() && !e.closest(".sr, .hero");
}).map((e) => `outside of the page: ${e.outerHTML.slice(0, 100)}`);
/* No word of the name is broken: it has as many lines as words, or fewer. */
const broken = () => {
  const name = document.querySelector(".brand span"), range = document.createRange();
  range.selectNodeContents(name.firstChild);
  const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size, words = name.firstChild.data.trim().split(" ").length;
  return document.documentElement.lang === "en" && lines > words ? [`the name is broken into ${lines} lines`] : [];
};

const spacing = "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}";
for (const [what, style, width] of [["text twice as large", "html{font-size:200%!important}", 1280], ["text twice as large on a phone", "html{font-size:200%!important}", 412], ["text twice as large on a small phone", "html{font-size:200%!important}", 360], ["wide spacing", spacing, 360]]) {
  for (const lang of ["en", "ja"]) {
    test(`${what}: nothing is cut or out of reach: ${lang}`, async () => {
      const person = await on.person({ lang, width, bypassCSP: true }), { page } = person, faults = [];
      await logIn(person, demo.mai);
      for (const { name, open } of some(["top in", "procedures", "draft", "section about wrong", "section money", "confirm", "receipt", "applications", "application", "my-page"])) {
        await open(page, person);
        await page.addStyleTag({ content: style });
        for (const look of [shape, outside, broken]) faults.push(...(await page.evaluate(look, { lang })).map((fault) => `${name}: ${fault}`));
      }
      assert.deepEqual(faults, []);
      await page.context().close();
    });
  }
}
