// A portal and a browser for the tests of one file, ended whatever happens.

import { after, before } from "node:test";
import { openBrowser } from "./browser.mjs";
import { Person } from "./person.mjs";
import { openPortal } from "./portal.mjs";

/** Answers an object whose members are there when the first test begins; `prepare` is called with it before. browser: of lib/browser.mjs. */
export function stage({ prepare, browser, ...options } = {}) {
  const on = {
    /** A new device and who sits before it. */
    async person(how) {
      return new Person(await on.browser.device(how), on.portal);
    },
  };
  before(async () => {
    on.portal = await openPortal(options);
    on.browser = await openBrowser(on.portal.base, browser);
    await prepare?.(on);
  });
  after(async () => {
    try {
      await on.browser?.close();
    } finally {
      await on.portal?.close();
    }
  });
  return on;
}
