// The pages of a counter that reads cards, looked at as all others (pages.test.mjs).

import { describe, test } from "node:test";
import { cardSettings } from "../story/lib/card.mjs";
import { stage } from "../story/lib/stage.mjs";
import { lookAt, views } from "./lib/look.mjs";
import { cardPages, prepareCards } from "./lib/pages.mjs";

let made;
const on = stage({ people: true, settings: cardSettings({ card_bindback: "off" }), prepare: async (there) => { made = await prepareCards(there); } });

describe("every page about the card", { concurrency: 2 }, () => {
  for (const view of views) test(`${view.name}${view.script ? "" : ", no script"}`, () => lookAt(on, view, ["mai", "arjun"], cardPages(made)));
});
