// Every page by axe-core, without a single violation, and by the checks of lib/checks.mjs: in both languages and with readings, at a desk
// and on small phones, with and without script, in dark and in forced colours.
//
//   SHOTS=1   leaves pictures in tests/shots, to be looked at

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "../story/lib/portal.mjs";
import { stage } from "../story/lib/stage.mjs";
import { shape } from "./lib/checks.mjs";
import { axeFaults, lookAt, tabFaults, views } from "./lib/look.mjs";
import { pages, prepare } from "./lib/pages.mjs";

let made;
const on = stage({ people: true, prepare: async (there) => { made = await prepare(there); } });

test("the checks see what is wrong", async () => {
  const { page } = await on.person({ lang: "en" });
  await page.setContent(`<html lang="en"><title>x</title><body><h1>a</h1><h1>b</h1><p>在留</p><a href="#no" style="display:block;width:9px;height:9px">x</a>
    <input id="i"><p style="color:#ccc;background:#fff">pale</p><div style="width:3000px">wide</div></body>`);
  const faults = [...await page.evaluate(shape, { lang: "en" }), ...await axeFaults(page), ...await tabFaults(page)].join("\n");
  for (const sign of [/2 h1/, /title x/, /sideways/, /target of 9×9/, /without lang/, /link to nowhere/, /axe label/, /axe color-contrast/, /first Tab stop/]) assert.match(faults, sign);
  await page.context().close();
});

/* Two at once: one waits for the server or the browser while the other does not. */
describe("every page", { concurrency: 2 }, () => {
  for (const view of views) test(`${view.name}${view.script ? "" : ", no script"}`, () => lookAt(on, view, ["mai", "arjun"], pages(made)));
});

/* Behind the others, since it stands on every page. */
test("the banner of maintenance", async () => {
  await on.portal.admin("maintenance", "set", "--from", "2090-12-05T22:00+09:00", "--until", "2090-12-06T06:00+09:00",
    "--text-ja", "新《あたら》しい様式《ようしき》に切《き》り替《か》えるためです。", "--text-en", "We are changing to the new form (新様式).");
  const { page } = await on.person({ lang: "en" });
  await until("the banner", async () => {
    await page.goto("/help");
    return page.locator(".banner").count();
  });
  await page.context().close();
  const open = (path) => async (there) => {
    await there.goto(path);
    assert.equal(await there.locator(".banner").count(), 1);
  };
  for (const view of views) await lookAt(on, view, [], [["banner", "/"], ["banner login", "/login"]].map(([name, path]) => ({ name, kind: name, as: "nobody", open: open(path) })));
});
