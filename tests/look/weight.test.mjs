// What a page weighs on the line, as the proxy sends it: text compressed, files with their content in their name kept. The numbers are
// those of one slow phone: 14 KiB are the first ten segments that a server may send without waiting for an answer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { logIn } from "../story/lib/fast.mjs";
import { demo, until } from "../story/lib/portal.mjs";
import { stage } from "../story/lib/stage.mjs";
import { pages, prepare } from "./lib/pages.mjs";

const KIB = 1024;
let made;
const on = stage({ people: true, prepare: async (there) => { made = await prepare(there); } });

/** Bytes of a body on the line: as it came when it came compressed, else as the proxy compresses it. */
async function weigh(response) {
  const body = await response.body(), headers = await response.allHeaders();
  const compressed = headers["content-encoding"] === "gzip" ? Number(headers["content-length"]) : gzipSync(body, { level: 4 }).length;
  return { path: new URL(response.url()).pathname, type: headers["content-type"], status: response.status(), compressed };
}

test("the first view: at most 4 requests and 30 KiB, style sheet 14 KiB, script 6 KiB", async () => {
  for (const path of ["/", "/login", "/procedures/extension"]) {
    const person = await on.person({ lang: "ja" }), answers = [];
    const served = (route) => on.portal.log.filter((line) => line.route === route).length;
    const files = served("static_show"), helps = served("help_show");
    await person.page.context().addCookies([{ name: "language", value: "ja+furigana", url: on.portal.base }]);
    person.page.on("response", (response) => answers.push(response));
    await person.page.goto(path, { waitUntil: "networkidle" });
    const parts = await Promise.all(answers.map(weigh)), sum = parts.reduce((total, part) => total + part.compressed, 0);
    assert.ok(parts.length <= 4, `${path}: ${parts.map((part) => part.path).join(" ")}`);
    assert.ok(sum <= 30 * KIB, `${path}: ${sum} bytes`);
    for (const [type, most] of [["text/css", 14], ["text/javascript", 6], ["text/html", 10]]) {
      const part = parts.find((one) => one.type?.startsWith(type));
      assert.ok(part, `${path}: no ${type}`);
      assert.ok(part.compressed <= most * KIB, `${path}: ${part.path} has ${part.compressed} bytes`);
    }
    /* Nothing from elsewhere, and the next page needs the page alone. */
    for (const answer of answers) assert.equal(new URL(answer.url()).origin, on.portal.base);
    const all = files + parts.filter((part) => part.path.startsWith("/static/")).length;
    await until("the files in the log", () => served("static_show") === all);
    await person.page.goto("/help", { waitUntil: "networkidle" });
    await until("the next page in the log", () => served("help_show") > helps);
    assert.equal(served("static_show"), all, "the style sheet and the script are still there");
    await person.page.context().close();
  }
});

test("a page of the form as the first of all: 30 KiB with its rules, style sheet and scripts", async () => {
  const person = await on.person({ lang: "ja" });
  await logIn(person, demo.mai);
  const answers = [];
  person.page.on("response", (response) => answers.push(response));
  await person.page.goto(`${made.full}/sections/about`, { waitUntil: "networkidle" });
  const parts = (await Promise.all(answers.filter((one) => one.request().method() === "GET").map(weigh))), sum = parts.reduce((total, part) => total + part.compressed, 0);
  assert.equal(parts.filter((part) => part.type?.startsWith("text/javascript")).length, 3);
  assert.ok(sum <= 30 * KIB, `${sum} bytes: ${parts.map((part) => `${part.path} ${part.compressed}`).join(", ")}`);
  await person.page.context().close();
});

test("no page is over 14 KiB compressed, the largest form with readings neither", async () => {
  const person = await on.person({ lang: "ja", script: false }), heavy = [];
  await person.page.context().addCookies([{ name: "language", value: "ja+furigana", url: on.portal.base }]);
  person.readings = true;
  await logIn(person, demo.mai);
  let largest = { bytes: 0 };
  for (const { name, open } of pages(made)) {
    if (name.startsWith("login") || name.startsWith("error-405")) continue;
    let page;
    const listen = (response) => { if (response.request().isNavigationRequest() && response.headers()["content-type"]?.startsWith("text/html")) page = response; };
    person.page.on("response", listen);
    await open(person.page, person);
    person.page.off("response", listen);
    const { compressed } = await weigh(page);
    if (compressed > largest.bytes) largest = { name, bytes: compressed };
    if (compressed > 14 * KIB) heavy.push(`${name}: ${compressed} bytes`);
  }
  assert.deepEqual(heavy, []);
  console.log(`largest page: ${largest.name}, ${largest.bytes} bytes`);
  await person.page.context().close();
});

test("static files come compressed to those who ask, and may be kept for ever", async () => {
  const person = await on.person({ lang: "en", script: false });
  const page = await (await person.page.request.get("/")).text();
  const paths = [...page.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((m) => m[1]);
  assert.equal(paths.length, 3);
  for (const path of paths) {
    const answer = await fetch(on.portal.base + path, { headers: { "Accept-Encoding": "gzip" } });
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get("cache-control"), /immutable/);
    assert.ok((await answer.arrayBuffer()).byteLength > 0);
  }
  await person.page.context().close();
});
