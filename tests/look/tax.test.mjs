// The pages about tax information, in each state, looked at as all others (pages.test.mjs).

import { describe, test } from "node:test";
import { selfinfo } from "../oidc/lib/selfinfo.mjs";
import { stage } from "../story/lib/stage.mjs";
import { lookAt, views } from "./lib/look.mjs";
import { prepareTax, taxPages } from "./lib/pages.mjs";

const service = await selfinfo();
let made;
const on = stage({
  people: true, settings: service.settings,
  prepare: async (there) => {
    await service.start(there.portal.base);
    made = await prepareTax(there, service);
  },
});

describe("every page about tax information", { concurrency: 2 }, () => {
  for (const view of views) test(`${view.name}${view.script ? "" : ", no script"}`, () => lookAt(on, view, ["mai"], taxPages(made)));
});
