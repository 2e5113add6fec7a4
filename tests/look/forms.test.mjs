// Pages of long forms that others do not have, looked at as all others (pages.test.mjs): a choice of status with its lists, a page of the
// organization, groups that hang on an answer, points and other sums, applications at the same time, long confirmations. That every
// page of every form is well made is asked of the definitions, without a browser, elsewhere (tests/forms).

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { draftWith, logIn } from "../story/lib/fast.mjs";
import { definitionOf, told } from "../story/lib/form.mjs";
import { demo } from "../story/lib/portal.mjs";
import { stage } from "../story/lib/stage.mjs";
import { lookAt, views } from "./lib/look.mjs";

const made = {};
const on = stage({
  people: true,
  async prepare(there) {
    for (const [who, id, data] of [["mai", "change", "change_specified_skilled"], ["mai", "extension", "extension_student_concurrent"], ["sato", "coe", "coe_highly_skilled"]]) {
      const person = await there.person({ lang: "en", script: false });
      person.form = definitionOf(id);
      await logIn(person, demo[who]);
      made[id] = await draftWith(person, told(data));
      await person.page.context().close();
    }
  },
});

const go = (id, path) => (page) => page.goto(made[id] + path);
const pages = [
  ["procedure change", "mai", (page) => page.goto("/procedures/change")],
  ["section status", "mai", go("change", "/sections/status")],
  ["section group-in-condition", "mai", go("change", "/sections/v_skill")],
  ["section concurrent", "mai", go("extension", "/sections/concurrent")],
  ["section travel", "mai", go("extension", "/sections/re_trip")],
  ["files change", "mai", go("change", "/documents")],
  ["photo change", "mai", go("change", "/photo")],
  ["section organization", "sato", go("coe", "/sections/n_org")],
  ["section points", "sato", go("coe", "/sections/x_background")],
  ["section sums", "sato", go("coe", "/sections/x_points?check=1")],
  ["confirm long", "sato", go("coe", "/confirm")],
].map(([name, as, open]) => ({ name, kind: name.split(" ")[0], as, open }));

describe("pages of long forms", { concurrency: 2 }, () => {
  for (const view of views) test(`${view.name}${view.script ? "" : ", no script"}`, () => lookAt(on, view, ["mai", "sato"], pages));
});

/* The form on one page that these pages stand for has 274 items and about 960 KB of HTML, before any style, script or font of it. */
test("no page of the certificate of eligibility is over 12 KiB compressed with readings; its first view is under 30 KiB", async () => {
  const person = await on.person({ lang: "ja" }), { page } = person;
  await page.context().addCookies([{ name: "language", value: "ja+furigana", url: on.portal.base }]);
  await logIn(person, demo.sato);
  let largest = { bytes: 0, plain: 0 };
  const answers = [];
  for (const section of definitionOf("coe").sections) {
    const answer = await page.request.get(`${made.coe}/sections/${section.id}`, { maxRedirects: 0 });
    if (answer.status() !== 200) continue;
    const body = await answer.body(), bytes = gzipSync(body, { level: 6 }).length;
    answers.push(section.id);
    if (bytes > largest.bytes) largest = { section: section.id, bytes, plain: body.length };
  }
  assert.ok(answers.length >= 15, `a form of ${answers.length} parts`);
  const loads = [];
  page.on("response", (response) => loads.push(response));
  await page.goto(`${made.coe}/sections/${largest.section}`, { waitUntil: "networkidle" });
  const sizes = await Promise.all(loads.map(async (response) => gzipSync(await response.body(), { level: 6 }).length));
  const first = sizes.reduce((sum, bytes) => sum + bytes, 0);
  console.log(`largest page ${largest.section}: ${largest.plain} bytes, ${largest.bytes} compressed; first view ${first} compressed in ${loads.length} requests`);
  assert.ok(largest.bytes <= 12 * 1024, `${largest.section}: ${largest.bytes}`);
  assert.ok(first <= 30 * 1024, `${first} bytes`);
  await page.context().close();
});
