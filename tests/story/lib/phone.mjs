// A phone that has verified everything (tests/story/phone.c): for stories about what comes of a card, not about the card. The portal has the settings of
// card.mjs, with card_bindback off.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { root } from "./portal.mjs";

const built = resolve(dirname(process.env.MADOGUCHI ?? "."), "../..");

export const mai = { card: "first card", name: "NGUYEN　THI　MAI", address: "大分県別府市石垣東一丁目２番３号", birth: "20030409", sex: "2" };

/** Ends the reading that the page waits for; answers its state and error. */
export async function scan(person, { card, name, address, birth, sex }) {
  const tx = /\/id\/tx\/(\w+)$/.exec(new URL(person.page.url()).pathname)?.[1];
  assert.ok(tx, `${person.page.url()} waits for a phone`);
  const { stdout } = await promisify(execFile)(join(built, "tests/story/story_phone"),
    [`--data=${person.portal.data}`, `--procedures=${join(root, "procedures")}`,
      ...Object.entries(person.portal.settings).map(([key, value]) => `--${key}=${value}`), tx, card, name, address, birth, sex]);
  return stdout.trim();
}

/** Scans, and goes on from the page: it does so by itself with script, by its button without. */
export async function scanAndGoOn(person, card) {
  const waiting = person.page.url();
  assert.match(await scan(person, card), /^done/);
  await person.page.goto(waiting); /* the phone of these tests rings at no other process's door */
  if (person.page.url() === waiting) {
    const button = person.button("id.proceed");
    if (await button.isVisible().catch(() => false)) await button.click({ timeout: 5000 }).catch(() => {});
  }
  await person.page.waitForURL((url) => url.href !== waiting);
}
