// What a person does to get tax information, without a browser.

import assert from "node:assert/strict";
import { demo, until } from "../../story/lib/portal.mjs";
import { Visitor } from "./visitor.mjs";

/** Logged in, with a new application for extension. */
export async function begin(portal, user = demo.mai) {
  const visitor = new Visitor(portal.base);
  await visitor.logIn(user, demo.password);
  const draft = await visitor.send(await visitor.ask("/procedures/extension"), /\/procedures\/extension$/);
  visitor.draft = new URL(draft.to).pathname;
  return visitor;
}

/** To the page of consent. */
export async function goThere(visitor, service) {
  const page = await visitor.ask(`${visitor.draft}/tax`);
  assert.equal(page.status, 200);
  const answer = await visitor.send(page, /\/tax$/);
  assert.ok(answer.to?.startsWith(`${service.at}/oauth/authorize?`), `${answer.status} ${answer.to}`);
  return visitor.ask(answer.to);
}

export async function comeBack(visitor, callback) {
  return visitor.send(await visitor.ask(callback), /\/tax\/cb$/);
}

/** Consents as somebody who lives there, or declines; answers the way to the page behind it. */
export async function consent(visitor, service, home) {
  const page = await goThere(visitor, service);
  assert.equal(page.status, 200);
  const answer = await visitor.send(page, /authorize$/, home ? { home, answer: "agree" } : { answer: "decline" });
  return comeBack(visitor, answer.to);
}

/** The page when there is an answer. */
export async function settled(visitor, what = "the answer") {
  return until(what, async () => {
    const page = await visitor.ask(`${visitor.draft}/tax`);
    return !page.text.includes("data-until") && page;
  });
}

export async function fetchIt(visitor, service, home) {
  const back = await consent(visitor, service, home);
  assert.equal(new URL(back.to).pathname, `${visitor.draft}/tax`);
  return settled(visitor);
}
