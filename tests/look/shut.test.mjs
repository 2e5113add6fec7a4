// What is left when the keys are lost for good and others have been accepted: a draft, an application, their files and a registration that do not
// open any more. Looked at as all other pages (pages.test.mjs).

import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { applied, draftWith, post } from "../story/lib/fast.mjs";
import { answersOf } from "../story/lib/form.mjs";
import { demo } from "../story/lib/portal.mjs";
import { stage } from "../story/lib/stage.mjs";
import { lookAt, views } from "./lib/look.mjs";

const made = {};

async function prepare(on) {
  const mai = await on.person({ lang: "en", script: false });
  await mai.logIn(demo.mai, demo.password);
  made.receipt = await applied(mai, answersOf("full"));
  made.details = made.receipt.replace(/\/receipt$/, "");
  made.draft = await draftWith(mai, answersOf("full"));
  await on.portal.stop();
  for (const key of ["master.key", "files.key"]) rmSync(join(on.portal.data, key));
  await on.portal.admin("key", "accept");
  await on.portal.start();
  /* Begun since, and as good as any. */
  const again = await on.person({ lang: "en", script: false });
  await again.logIn(demo.mai, demo.password);
  made.fresh = await draftWith(again, answersOf("full"));
  for (const person of [mai, again]) await person.page.context().close();
}

const go = (path, status) => async (page) => assert.equal((await page.goto(path())).status(), status, path());

const pages = [
  ["draft-shut", go(() => made.draft, 410)],
  ["draft-shut section", go(() => `${made.draft}/sections/passport`, 410)],
  ["draft-delete", go(() => `${made.draft}/delete`, 200)],
  ["application", go(() => made.details, 200)],
  ["receipt", go(() => made.receipt, 200)],
  ["pdf-shut", go(() => `${made.details}/copy.pdf`, 410)],
  ["applications", go(() => "/applications", 200)],
  ["draft", go(() => made.fresh, 200)],
].map(([name, open]) => ({ name, kind: name.split(" ")[0], as: "mai", open }));

const on = stage({ people: true, prepare });

describe("every page of what does not open any more", { concurrency: 2 }, () => {
  for (const view of views) test(`${view.name}${view.script ? "" : ", no script"}`, () => lookAt(on, view, ["mai"], pages));
});
