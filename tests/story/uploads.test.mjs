// Photo and documents, as people send them: several at once, over a bad line, with the keyboard, from a phone, without script.

import assert from "node:assert/strict";
import { test } from "node:test";
import { applied, attach, draftWith, logIn, pdf } from "./lib/fast.mjs";
import { answersOf } from "./lib/form.mjs";
import { badDocuments, badPhotos, portrait, sheet } from "./lib/papers.mjs";
import { demo, until } from "./lib/portal.mjs";
import { stage } from "./lib/stage.mjs";
import { words } from "./lib/words.mjs";

const on = stage({ people: true });
/* 240: the least width of a photo (LIMIT_PHOTO_LEAST_WIDTH). */
const reason = (lang, name) => words(lang, /^(is_|photo_is|same)/.test(name) ? `attach.reason_${name}` : `check.${name}`, { least: 240 });
const file = (name, buffer) => ({ name, mimeType: name.endsWith(".jpg") ? "image/jpeg" : "application/pdf", buffer });

async function atFiles(how, path = "files") {
  const person = await on.person(how);
  await logIn(person, demo.mai);
  person.draft = await draftWith(person, answersOf("min"));
  await person.go(`${person.draft}/${path}`);
  return person;
}

const part = (person, id) => person.page.locator(`#document-${id}`);
const rows = (person, id, state) => part(person, id).locator(`.file.${state}`);

async function choose(person, id, ...files) {
  await part(person, id).locator("input[type=file]").last().setInputFiles(files);
  await part(person, id).getByRole("button", { name: person.say("attach.attach") }).click();
}

const room = async (person) => (await person.page.locator("#room").innerText()).match(/\d+/)[0];

test("several at once: each has its progress, its verdict in two seconds, its picture, and the room goes down", async () => {
  const person = await atFiles({ lang: "en" }), before = Number(await room(person));
  await choose(person, "reason_letter", file("one.pdf", pdf("one", 900000)), file("two.pdf", pdf("two", 20000)));
  await choose(person, "passport_copy", file("パスポート.pdf", pdf("passport")));
  const began = Date.now();
  await rows(person, "reason_letter", "done").nth(1).waitFor();
  await rows(person, "passport_copy", "done").waitFor();
  assert.ok(Date.now() - began < 4000, `three files took ${Date.now() - began} ms`);
  assert.equal(Number(await room(person)), before - 3);
  await person.sees("パスポート.pdf");
  await person.sees(words("en", "attach.pages", { count: "1" }));
  const picture = rows(person, "passport_copy", "done").getByRole("img");
  await picture.scrollIntoViewIfNeeded();
  await until("the small picture", () => picture.evaluate((img) => img.complete && img.naturalWidth > 100));
  await person.go(`${person.draft}/confirm`);
  for (const name of ["one.pdf", "two.pdf", "パスポート.pdf"]) await person.main().getByRole("link", { name, exact: true }).waitFor();
  assert.equal(await person.main().getByRole("img").count(), 4);
  await person.page.context().close();
});

test("a slow line with resets and a tunnel: it waits, says so, goes on where it stood, and ends", async () => {
  const person = await atFiles({ lang: "en" }), { page } = person, offsets = [];
  const line = await page.context().newCDPSession(page);
  await line.send("Network.emulateNetworkConditions", { offline: false, latency: 100, downloadThroughput: 400000, uploadThroughput: 400000 });
  let parts = 0;
  await page.route("**/files/*", (route) => {
    if (route.request().method() !== "PATCH") return route.continue();
    offsets.push(Number(route.request().headers()["upload-offset"]));
    parts += 1;
    return parts === 2 || parts === 4 ? route.abort("connectionreset") : route.continue();
  });
  const bytes = pdf("by a slow line", 2500000);
  await choose(person, "passport_copy", file("slow.pdf", bytes));
  await part(person, "passport_copy").getByText(/The connection was lost\. The upload continues in \d+ s/).waitFor();
  await part(person, "passport_copy").getByText(/[1-9]\d?% of 2\.5 MB/).waitFor();
  await page.context().setOffline(true);
  await part(person, "passport_copy").getByText(person.say("files.offline")).waitFor();
  await page.context().setOffline(false);
  await rows(person, "passport_copy", "done").waitFor({ timeout: 60000 });
  assert.ok(offsets.length > 4 && offsets.at(-1) > 0, `parts at ${offsets}`);
  const path = await rows(person, "passport_copy", "done").getByRole("link", { name: /View/ }).getAttribute("href");
  assert.ok(bytes.equals(await (await page.request.get(path)).body()), "what arrived is what was sent");
  await page.context().close();
});

test("a counter that has every byte and does not end: it is asked again after a pause, not without one", async () => {
  const person = await atFiles({ lang: "en" }), { page } = person, bytes = pdf("unended", 20000), asked = [];
  let stuck = true;
  await page.route("**/files/*", (route) => {
    const method = route.request().method();
    if (!stuck || (method !== "PATCH" && method !== "HEAD")) return route.continue();
    asked.push(method === "HEAD" ? method : `PATCH at ${route.request().headers()["upload-offset"]}`);
    return route.fulfill({ status: method === "HEAD" ? 200 : 204,
      headers: { "Tus-Resumable": "1.0.0", "Upload-Offset": String(bytes.length), "Upload-Length": String(bytes.length), "Upload-State": "uploading" } });
  });
  await choose(person, "passport_copy", file("unended.pdf", bytes));
  await part(person, "passport_copy").getByText(/The upload continues in \d+ s/).waitFor();
  await until("the second question where it stands", () => asked.filter((one) => one === "HEAD").length > 1);
  const again = `PATCH at ${bytes.length}`;
  assert.deepEqual(asked.slice(0, 5), ["PATCH at 0", again, "HEAD", again, "HEAD"], "each try is followed by a pause, and begins with a question");
  stuck = false;
  await rows(person, "passport_copy", "done").waitFor();
  await page.context().close();
});

test("pause, go on, reload and the same file again; cancel", async () => {
  const person = await atFiles({ lang: "en" }), { page } = person, letter = part(person, "reason_letter"), heads = [];
  const line = await page.context().newCDPSession(page);
  const speed = (bytes) => line.send("Network.emulateNetworkConditions", { offline: false, latency: 20, downloadThroughput: -1, uploadThroughput: bytes });
  await speed(300000);
  page.on("request", (request) => { if (request.method() === "HEAD") heads.push(request.url()); });
  const big = file("big.pdf", pdf("big", 3000000));
  await choose(person, "reason_letter", big);
  await letter.getByText(/[1-9]\d?% of 3\.0 MB/).waitFor();
  await letter.getByRole("button", { name: "Pause big.pdf" }).click();
  await letter.getByText(person.say("files.paused")).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.dataset.do), "resume", "the focus is at what can be done now");
  await page.keyboard.press("Enter");
  await until("the question where it stands", () => heads.length > 0);
  await page.reload();
  await letter.getByText(person.say("attach.go_on")).waitFor();
  heads.length = 0;
  await speed(-1);
  await choose(person, "reason_letter", big);
  await rows(person, "reason_letter", "done").waitFor();
  assert.equal(heads.length, 1, "it went on");
  await speed(200000);
  await choose(person, "reason_letter", file("other.pdf", pdf("other", 2000000)));
  const forgotten = page.waitForResponse((answer) => answer.request().method() === "DELETE");
  await letter.getByRole("button", { name: "Cancel other.pdf" }).click();
  await until("the row to go", async () => (await letter.getByText("other.pdf").count()) === 0);
  await speed(-1);
  await forgotten;
  await page.reload();
  assert.equal(await letter.getByText("other.pdf").count(), 0, "and it is nowhere");
  await page.context().close();
});

test("dropped on a document, and beside all of them", async () => {
  const person = await atFiles({ lang: "ja" }), { page } = person;
  const drop = (selector, name, bytes) => page.evaluate(([where, label, text]) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([Uint8Array.from(text, (c) => c.charCodeAt(0))], label, { type: "application/pdf" }));
    for (const type of ["dragover", "drop"]) document.querySelector(where).dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  }, [selector, name, bytes.toString("latin1")]);
  await drop("#document-passport_copy h2", "落とした.pdf", pdf("dropped"));
  await rows(person, "passport_copy", "done").waitFor();
  await drop("h1", "どれ.pdf", pdf("which"));
  const dialog = page.getByRole("dialog", { name: words("ja", "files.drop_title") });
  await dialog.getByRole("combobox").selectOption("reason_letter");
  await dialog.getByRole("button", { name: words("ja", "attach.attach") }).click();
  await rows(person, "reason_letter", "done").waitFor();
  await page.context().close();
});

for (const [lang, script, width] of [["en", true, 1280], ["ja", false, 360]]) {
  test(`every reason for refusal, ${lang}, ${script ? "script" : "no script"}: the file, the reason and the mend`, async () => {
    const person = await atFiles({ lang, script, width });
    const maker = await on.person({ lang }), picture = await portrait(maker.page, 600, 800), small = await portrait(maker.page, 150, 200);
    for (const [id, place, bad] of [["reason_letter", "files", badDocuments(picture)], ["photo", "photo", badPhotos(picture, small)]]) {
      await person.go(`${person.draft}/${place}`);
      for (const [name, one] of Object.entries(bad)) {
        await choose(person, id, { mimeType: "application/octet-stream", ...one });
        const row = part(person, id).locator(".file.bad").filter({ hasText: one.name });
        const started = Date.now();
        await row.waitFor();
        const said = (await row.innerText()).replace(/\s+/g, " ");
        assert.ok(said.includes(reason(lang, name).replace(/\s+/g, " ")), `${name}: ${said}`);
        assert.ok(Date.now() - started < 5000);
        /* What was not even begun stays until it is read; the others until the next file comes. */
        const close = row.getByRole("button", { name: new RegExp(words(lang, "files.close")) });
        if (script && await close.isVisible()) await close.click();
      }
    }
    /* The same twice, and more than there is room for. */
    await person.go(`${person.draft}/files`);
    const twin = pdf(`twin ${lang}`);
    await choose(person, "passport_copy", file("a.pdf", twin));
    await rows(person, "passport_copy", "done").waitFor();
    await choose(person, "reason_letter", file("b.pdf", twin));
    await part(person, "reason_letter").locator(".file.bad").getByText(words(lang, "attach.reason_same", { other: "a.pdf" })).waitFor();
    await choose(person, "reason_letter", file("huge.pdf", Buffer.alloc(25500000, "%PDF")));
    await person.main().getByText(/huge\.pdf/).first().waitFor();
    await person.main().getByText(lang === "en" ? /MB too much|MB/ : /MB/).first().waitFor();
    await maker.page.context().close();
    await person.page.context().close();
  });
}

test("the photo: cut by keyboard, kept as it was cut, advice in words", async () => {
  const person = await atFiles({ lang: "en" }, "photo"), { page } = person;
  const wide = await portrait(page, 1600, 1200, { x: 0.25 });
  await part(person, "photo").locator("input[type=file]").setInputFiles(file("wide.jpg", wide));
  await part(person, "photo").locator("canvas.preview").waitFor({ state: "visible" });
  await part(person, "photo").getByRole("button", { name: /^Attach/ }).click();
  await rows(person, "photo", "done").filter({ hasText: "wide.jpg" }).waitFor();
  const across = page.getByRole("slider", { name: person.say("photo.across") });
  await across.waitFor();
  await part(person, "photo").getByText(person.say("photo.advice_off_centre")).waitFor();
  await across.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Tab");
  await page.getByRole("slider", { name: person.say("photo.down_up") }).waitFor();
  const x = Number(await page.locator("#cut [name=x]").inputValue());
  assert.equal(x, 0);
  /* The middle of the face is at 400 of 1600, and the part is 900 wide. */
  await page.getByRole("button", { name: person.say("photo.use") }).focus();
  await page.keyboard.press("Enter");
  await page.waitForLoadState();
  await until("the new photo", async () => (await page.locator("#cut [name=x]").inputValue()) === "0");
  assert.equal(await part(person, "photo").getByText(person.say("photo.advice_off_centre")).count(), 0);
  await page.context().close();
});

test("the photo with a finger, at phone width", async () => {
  const person = await atFiles({ lang: "ja", width: 360 }, "photo"), { page } = person;
  await choose(person, "photo", file("wide.jpg", await portrait(page, 1600, 1200)));
  await rows(person, "photo", "done").filter({ hasText: "wide.jpg" }).waitFor();
  const canvas = page.locator("#cut canvas");
  await canvas.waitFor({ state: "visible" });
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox(), before = Number(await page.locator("#cut [name=x]").inputValue());
  await page.mouse.move(box.x + box.width / 2, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 - 40, box.y + 100, { steps: 4 });
  await page.mouse.up();
  const moved = Number(await page.locator("#cut [name=x]").inputValue());
  assert.ok(moved > before + 80, `moved from ${before} to ${moved}`);
  await page.getByRole("button", { name: words("ja", "photo.closer"), exact: true }).click();
  assert.ok(Number(await page.locator("#cut [name=width]").inputValue()) < 900);
  await page.context().close();
});

test("the photo without script: the middle is cut, and buttons move it", async () => {
  const person = await atFiles({ lang: "en", script: false, width: 360 }, "photo"), { page } = person;
  const maker = await on.person({ lang: "en" });
  await choose(person, "photo", file("wide.jpg", await portrait(maker.page, 1600, 1200)));
  const at = async (name) => Number(await page.locator(`#cut [name=${name}]`).inputValue());
  assert.deepEqual([await at("x"), await at("y"), await at("width")], [350, 0, 900]);
  await page.getByRole("button", { name: "Left", exact: true }).click();
  assert.equal(await at("x"), 238);
  await page.getByRole("button", { name: "Closer", exact: true }).click();
  assert.equal(await at("width"), 810);
  assert.equal(await page.getByRole("slider").count(), 0);
  await page.getByRole("img", { name: person.say("photo.picture") }).waitFor();
  await maker.page.context().close();
  await page.context().close();
});

for (const script of [true, false]) {
  test(`pages with the camera, at phone width, ${script ? "script" : "no script"}: order, removal, one document`, async () => {
    const person = await atFiles({ lang: "en", script, width: 360 }), { page } = person, maker = await on.person({ lang: "en" });
    await part(person, "passport_copy").getByRole("link", { name: /Photograph the pages/ }).click();
    await person.heading("attach.pages_title");
    const camera = page.getByLabel(person.say("attach.pages_camera"), { exact: true });
    assert.deepEqual([await camera.getAttribute("capture"), await camera.getAttribute("accept")], ["environment", "image/jpeg"]);
    const shots = [];
    for (const name of ["back", "front", "table"]) shots.push(file(`${name}.jpg`, await sheet(maker.page, name)));
    await camera.setInputFiles(shots);
    await page.getByRole("button", { name: `Add ${person.say("attach.pages_camera")}` }).click();
    await person.sees("Pages for the document: 3");
    const names = () => page.locator(".page .file-name").allInnerTexts();
    await until("three pages", async () => (await names()).length === 3);
    const order = await names(), front = order.indexOf("front.jpg");
    if (front > 0) await page.locator(".page").nth(front).getByRole("button", { name: /Move up/ }).click();
    if (front > 1) await page.locator(".page").nth(front - 1).getByRole("button", { name: /Move up/ }).click();
    await until("the new order", async () => (await names())[0] === "front.jpg");
    await page.locator(".page").filter({ hasText: "table.jpg" }).getByRole("button", { name: /Delete/ }).click();
    await person.sees("Pages for the document: 2");
    await page.getByRole("button", { name: person.say("attach.pages_make"), exact: true }).click();
    await rows(person, "passport_copy", "done").getByText("Pages: 2").waitFor();
    const got = await page.request.get(await rows(person, "passport_copy", "done").getByRole("link", { name: /View/ }).getAttribute("href"));
    assert.equal((await got.body()).subarray(0, 5).toString(), "%PDF-");
    await maker.page.context().close();
    await page.context().close();
  });
}

test("a file of an earlier application is used again, and stands in the receipt with its digest", async () => {
  const first = await on.person({ lang: "en", script: false });
  await logIn(first, demo.mai);
  const draft = await draftWith(first, answersOf("min"));
  assert.equal((await attach(first, draft, "passport_copy", pdf("kept passport"), "kept.pdf")).status(), 303);
  await applied(first, answersOf("min"), draft);
  await first.page.context().close();
  const person = await atFiles({ lang: "en", script: false });
  await part(person, "passport_copy").getByRole("link", { name: /Use a file of an earlier application/ }).click();
  await person.heading("attach.earlier_title");
  await person.page.getByRole("button", { name: /Use.* kept\.pdf/ }).first().click();
  await rows(person, "passport_copy", "done").filter({ hasText: "kept.pdf" }).waitFor();
  const receipt = await applied(person, answersOf("min"), person.draft);
  await person.go(receipt);
  await person.sees("kept.pdf");
  assert.equal(await person.main().locator(".digest code").count(), 2);
  assert.equal(await person.main().getByRole("img").count(), 2);
  await person.page.context().close();
});
