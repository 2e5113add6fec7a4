// Every page of every form, filled in to the limits, by axe and by the checks of tests/look: in English at a desk with script, in Japanese
// on a phone without. A page that asks the same for several statuses or procedures is looked at once.
//
//   PAGES=20   the first pages only

import assert from "node:assert/strict";
import { test } from "node:test";
import { lookAt } from "../look/lib/look.mjs";
import { demo } from "../story/lib/portal.mjs";
import { stage } from "../story/lib/stage.mjs";
import { bySection, definition, filledBy } from "./lib/filled.mjs";
import { Visitor } from "./lib/visitor.mjs";

const views = [
  { name: "en-1280", lang: "en", width: 1280, script: true },
  { name: "ja-360", lang: "ja", width: 360, script: false },
];
let list;

/** The pages of each status that asks something not asked before. There may be few drafts at a time: one is made when it is looked at. */
async function prepare({ portal }) {
  const visitor = await new Visitor(portal.base, "en").logIn(demo.sato), seen = new Set();
  let now = {};

  async function draftOf(filled) {
    if (now.filled === filled) return now.draft;
    if (now.draft) assert.equal((await visitor.post(`${now.draft}/delete`, [])).status, 303, "the last draft is deleted");
    await visitor.page(`/procedures/${filled.procedure}`);
    const begun = await visitor.post(`/procedures/${filled.procedure}`, []);
    assert.equal(begun.status, 303, `${filled.procedure} ${filled.status}`);
    now = { filled, draft: begun.headers.get("location") };
    for (let round = 0; round < 2; round++) for (const [id, fields] of bySection(filled)) await visitor.post(`${now.draft}/sections/${id}`, fields);
    return now.draft;
  }

  const key = ([id, fields]) => `${id}: ${[...new Set(fields.map(([path]) => path.replace(/\.\d+\./, ".")))].join(" ")}`;
  list = [];
  for (const filled of filledBy("attorney")) {
    const { sections } = definition(filled.procedure);
    for (const part of bySection(filled)) {
      if (seen.has(key(part))) continue;
      seen.add(key(part));
      const [id] = part, kind = sections.find((one) => one.id === id).en;
      list.push({ name: `${filled.procedure} ${filled.status} ${id}`, kind, as: "sato", open: async (page) => page.goto(`${await draftOf(filled)}/sections/${id}`) });
    }
  }
}

const on = stage({ people: true, prepare });

for (const view of views) {
  test(`every page of every form, ${view.name}`, async () => {
    assert.ok(list.length > 100, `${list.length} pages`);
    await lookAt(on, view, ["sato"], process.env.PAGES ? list.slice(0, Number(process.env.PAGES)) : list);
  });
}
