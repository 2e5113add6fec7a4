// The way to a point of a story that another test has walked: the same requests as a browser without script sends, without one.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pdf } from "./pdf.mjs";
import { demo } from "./portal.mjs";

export { pdf };

/** A token for forms, from any page. */
export async function token(person, path = "/my-page") {
  const page = await (await person.page.request.get(path)).text();
  return /name="_csrf" value="([^"]+)"/.exec(page)[1];
}

export async function post(person, path, fields, options = {}) {
  const body = new URLSearchParams({ _csrf: await token(person) });
  for (const [name, value] of fields) body.append(name, value);
  return person.page.request.post(path, { data: body.toString(), headers: { "Content-Type": "application/x-www-form-urlencoded" }, ...options });
}

export async function logIn(person, user) {
  const answer = await post(person, "/login", [["login", user], ["password", demo.password]], { maxRedirects: 0 });
  assert.equal(answer.status(), 303, "the login of a demo person");
}

const data = new URL("../../data/", import.meta.url);
export const photo = readFileSync(new URL("photo.jpg", data));

/** Sends a file for a document of the draft, as the form does: the token stands before it. */
export async function attach(person, draft, document, buffer, name = document === "photo" ? "photo.jpg" : "paper.pdf") {
  const mimeType = document === "photo" ? "image/jpeg" : "application/pdf";
  return person.page.request.post(`${draft}/documents/${document}`, {
    multipart: { _csrf: await token(person), file: { name, mimeType, buffer } }, maxRedirects: 0,
  });
}

/** A photographed page for a document of the draft. */
export async function attachPage(person, draft, document, buffer, name) {
  const answer = await person.page.request.post(`${draft}/documents/${document}/pages`, {
    multipart: { _csrf: await token(person), file: { name, mimeType: "image/jpeg", buffer } }, maxRedirects: 0,
  });
  assert.equal(answer.status(), 303);
}

export async function wantsPhoto(person, draft) {
  return (await (await person.page.request.get(`${draft}/photo`)).text()).includes('class="photo-rules"');
}

/** A photo that is good. */
export async function attachPhoto(person, draft) {
  const answer = await attach(person, draft, "photo", photo);
  assert.equal(answer.status(), 303, await answer.text());
}

/** Puts these answers into the draft, part by part. */
export async function fillIn(person, draft, answers, form = person.form) {
  const fields = Object.entries(answers).flatMap(([path, value]) => (form.fieldOf(path).type === "multi" ? value.split(" ").map((one) => [path, one]) : [[path, value]]));
  const asked = new Set(Object.keys(answers).map((path) => form.fieldOf(path).section.id));
  const parts = form.sections.filter(({ id }) => asked.has(id));
  /* What is asked in one part may hang on a later one: two rounds. */
  for (let round = 0; round < 2; round++) {
    for (const { id } of parts) await post(person, `${draft}/sections/${id}`, fields, { maxRedirects: 0 });
  }
}

/** A draft with these answers, and a photo where one is asked for; answers its path. */
export async function draftWith(person, answers, form = person.form) {
  const made = await post(person, `/procedures/${form.id}`, [], { maxRedirects: 0 });
  assert.equal(made.status(), 303);
  const draft = made.headers().location;
  await fillIn(person, draft, answers, form);
  if (await wantsPhoto(person, draft)) await attachPhoto(person, draft);
  return draft;
}

/** An application with these answers, or of that draft; answers the path of its receipt. */
export async function applied(person, answers, made) {
  const draft = made ?? await draftWith(person, answers);
  const page = await (await person.page.request.get(`${draft}/apply`)).text();
  const key = /name="token" value="([^"]+)"/.exec(page)?.[1];
  assert.ok(key, "the draft is ready");
  const answer = await post(person, `${draft}/apply`, [["token", key]], { maxRedirects: 0 });
  assert.match(answer.headers().location, /^\/applications\/\d+\/receipt$/);
  return answer.headers().location;
}
