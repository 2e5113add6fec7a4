// Proving who one is at the OpenID provider, as a person sees it: from the page about reading certificates there and back to the form with the four items.

import assert from "node:assert/strict";
import { test } from "node:test";
import { freePort, providerSettings } from "../oidc/lib/counter.mjs";
import { openProvider } from "../oidc/lib/provider.mjs";
import { logIn, post } from "./lib/fast.mjs";
import { demo } from "./lib/portal.mjs";
import { stage } from "./lib/stage.mjs";

const setUp = providerSettings(await freePort());
let provider;
const on = stage({
  people: true, settings: setUp.settings,
  prepare: async ({ portal }) => {
    const keys = JSON.parse(await portal.admin("oidc", "keys"));
    provider = await openProvider({ issuer: setUp.issuer, port: setUp.port, redirect: `${portal.base}/oidc/cb`, clientKeys: keys });
    provider.server.unref();
  },
});

for (const [lang, script, user, decide] of [["en", true, demo.mai, "consent"], ["ja", false, demo.arjun, "deny"]]) {
  test(`${lang}, ${script ? "script" : "no script"}, ${decide}`, async () => {
    provider.decide(decide);
    const person = await on.person({ lang, script }), { page } = person;
    await logIn(person, user);
    const made = await post(person, "/procedures/usage", [], { maxRedirects: 0 });
    await person.go(made.headers().location);
    await person.heading("card.about_title");
    assert.equal(await person.button("card.proceed").count(), 0, "this counter reads no codes");
    await person.button("card.proceed_provider").click();
    if (!script) await person.button("id.back_button").click();
    if (decide === "deny") {
      await person.heading("idv_error.declined_title");
      return page.context().close();
    }
    await page.waitForURL(/\/drafts\/\d+$/);
    await person.go(`${new URL(page.url()).pathname}/confirm`);
    await person.sees("大分県別府市石垣東１－２－３");
    await person.sees(person.say("card.badge"));
    return page.context().close();
  });
}
