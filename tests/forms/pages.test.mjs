// Every page of every form, filled in to the limits, by axe and by the checks of tests/look: in English at a desk with script, in Japanese
// on a phone without. A page that asks the same for several statuses or procedures is looked at once.

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

/** A draft for each status that asks something not asked before, and its new pages. */
async function prepare({ portal }) {
  const visitor = await new Visitor(portal.base, "en").logIn(demo.sato), seen = new Set();
  list = [];
  for (const filled of filledBy("attorney")) {
    const parts = bySection(filled), key = ([id, fields]) => `${id}: ${[...new Set(fields.map(([path]) => path.replace(/\.\d+\./, ".")))].join(" ")}`;
    const fresh = parts.filter((part) => !seen.has(key(part)));
    if (fresh.length === 0) continue;
    await visitor.page(`/procedures/${filled.procedure}`);
    const begun = await visitor.post(`/procedures/${filled.procedure}`, []);
    assert.equal(begun.status, 303);
    const draft = begun.headers.get("location"), { sections } = definition(filled.procedure);
    for (let round = 0; round < 2; round++) for (const [id, fields] of parts) await visitor.post(`${draft}/sections/${id}`, fields);
    for (const part of fresh) {
      seen.add(key(part));
      const [id] = part, kind = sections.find((one) => one.id === id).en;
      list.push({ name: `${filled.procedure} ${filled.status} ${id}`, kind, as: "sato", open: (page) => page.goto(`${draft}/sections/${id}`) });
    }
  }
}

const on = stage({ people: true, prepare });

for (const view of views) {
  test(`every page of every form, ${view.name}`, async () => {
    assert.ok(list.length > 100, `${list.length} pages`);
    await lookAt(on, view, ["sato"], list);
  });
}
