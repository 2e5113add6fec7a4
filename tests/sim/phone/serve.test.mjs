// `simphone serve` in Chromium at the size of a phone: every screen with its texts, with and without script, in both languages, by axe-core without
// a violation; and what a page of somebody else could try.
//
//   SHOTS=1   leaves pictures in tests/shots/phone, to be looked at

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { chromium } from "playwright-core";
import { desktop, openBrowser } from "../../story/lib/browser.mjs";
import { root } from "../../story/lib/portal.mjs";
import { filesBelow, makeStage, password, pin, simphone, textPin } from "./lib/phone.mjs";

const axe = readFileSync(join(root, "node_modules/axe-core/axe.min.js"), "utf8");
const shots = process.env.SHOTS ? join(root, "tests/shots/phone") : null;
if (shots) mkdirSync(shots, { recursive: true });

const stage = makeStage(["student", "long-name", "child", "locked", "expired", "p384"]);
let portal, phone, base, browser, log = "";
before(async () => {
  portal = await stage.portal();
  phone = spawn(simphone, ["serve", "--listen", "127.0.0.1:0", "--home", stage.home, "--cards", stage.cards], { stdio: ["ignore", "pipe", "pipe"] });
  phone.stderr.on("data", (data) => { log += data; });
  base = await new Promise((done) => phone.stdout.on("data", (data) => { log += data; done(String(data).trim().replace(/\/$/, "")); }));
  browser = await openBrowser(base);
});
after(async () => {
  await browser.close();
  const ended = new Promise((done) => phone.on("close", done));
  phone.kill("SIGTERM");
  assert.equal(await ended, 0, log);
  await portal.stop();
});
beforeEach(() => stage.fresh());

async function faultsOf(page) {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
    const faults = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
    if (document.documentElement.scrollWidth > innerWidth) faults.push(`scrolls sideways: ${document.documentElement.scrollWidth}`);
    for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), summary")) {
      const box = (e.closest("label") ?? e).getBoundingClientRect();
      if (e.checkVisibility() && !e.closest(".skip") && (box.height < 44 || box.width < 44)) faults.push(`target of ${box.width}×${box.height}: ${e.outerHTML.slice(0, 100)}`);
    }
    return faults;
  });
}

/** Looks at the screen: no fault, and a picture when asked for. */
async function look(page, name) {
  const faults = page.script ? await faultsOf(page) : [];
  if (shots) await page.screenshot({ path: join(shots, `${name}-${page.view}.png`), fullPage: true });
  assert.deepEqual(faults, [], `${name} ${page.view}`);
  assert.equal(await page.locator("h1").count(), 1);
  assert.match(await page.locator(".simulated").textContent(), page.lang === "ja" ? /模擬/ : /Simulated phone/);
}

async function open({ lang = "en", ...more } = {}) {
  const page = await browser.device({ lang, width: 390, viewport: { width: 390, height: 844 }, ...more });
  page.view = `${lang}${more.script === false ? "-plain" : ""}${more.colorScheme ? "-dark" : ""}${more.forcedColors ? "-forced" : ""}`;
  await page.goto("/");
  /* The phone is where the last test left it. */
  for (const name of ["Decline", "Cancel", "Close", "ことわる", "やめる", "閉じる"])
    for (const button of await page.locator("button").all().catch(() => [])) if ((await plain(button)) === name) { await button.click(); break; }
  if (await page.locator(".end button.key").count()) await page.locator(".end button.key").click();
  if ((await page.locator("html").getAttribute("lang")) !== lang) await page.locator("button[name=lang]").click();
  return page;
}
const plain = (locator) => locator.evaluate((e) => { const copy = e.cloneNode(true); copy.querySelectorAll("rt, rp").forEach((r) => r.remove()); return copy.textContent.trim(); });
const title = (page) => plain(page.locator("h1"));
async function paste(page, text) {
  await page.fill("#text", text);
  await page.locator("form[action='/scan'] button").click();
}
const go = (page, value) => page.locator(`button[name=go][value=${value}]`).click();
const choose = (page, card) => page.locator(`button[name=card][value=${card}]`).click();
async function type(page, secret) {
  await page.fill("#secret", secret);
  await page.locator("form[action='/secret'] button.key").click();
}
const hold = (page) => page.locator("form[action='/hold'] button").click();

const views = [{ lang: "en" }, { lang: "ja" }, { lang: "en", script: false }, { lang: "ja", colorScheme: "dark" }, { lang: "en", forcedColors: "active" }];
for (const view of views) {
  test(`the whole way, with every screen: ${JSON.stringify(view)}`, async () => {
    const page = await open(view), ja = view.lang === "ja";
    assert.equal(await title(page), ja ? "QRコードを読み取る" : "Scan QR code");
    await look(page, "1-start");
    const tx = portal.begin({ bindback: true });
    await paste(page, tx.text);
    assert.equal(await title(page), ja ? "APPLYにログイン" : "Log in to APPLY");
    for (const words of ["rp:immi-demo", portal.origin, "t•••@apu.ac.jp", "Edge, Windows", "Beppu (approx.)"]) assert.ok((await page.locator("dl").textContent()).includes(words), words);
    const [no, yes] = await Promise.all(["decline", "continue"].map((value) => page.locator(`button[value=${value}]`).boundingBox()));
    assert.deepEqual([no.width, no.height], [yes.width, yes.height], "Decline is as large as Continue");
    await page.locator("summary").click();
    assert.equal((await page.locator("pre").textContent()), tx.statement);
    await look(page, "2-ask");
    await go(page, "continue");
    assert.equal(await page.locator("button[name=card]").count(), 6);
    await look(page, "3-cards");
    await choose(page, "student");
    assert.match(await title(page), ja ? /利用者証明用暗証番号/ : /^Enter the authentication passcode for your physical My Number Card$/);
    await look(page, "4-pin");
    await type(page, "9998");
    await look(page, "5-hold");
    await hold(page);
    assert.match(await plain(page.locator("[role=alert]")), ja ? /のこり2回/ : /Tries left: 2/);
    assert.deepEqual(tx.events, ["pin_wrong 2"]);
    await look(page, "6-wrong");
    await type(page, pin);
    await hold(page);
    assert.equal(await plain(page.locator(".digits")), "4827");
    assert.match(await plain(page.locator("#left")), /\d\d/);
    await look(page, "7-code");
    tx.state = "done";
    await page.waitForURL("**/end");
    assert.equal(await title(page), ja ? "ログイン完了" : "Login completed");
    await look(page, "8-login");
    await page.locator(".end button.key").click();
    assert.match(page.url(), /\/$/);

    const second = portal.begin({ op: "basic4", purpose: "apply" });
    await paste(page, second.text);
    await look(page, "9-ask-items");
    await go(page, "continue");
    await choose(page, "student");
    await look(page, "10-password");
    await type(page, password);
    await hold(page);
    assert.equal(await title(page), ja ? "署名完了" : "Signature completed");
    await look(page, "11-signature");
    assert.equal(second.state, "done");
    await page.locator(".end button.key").click();
    await page.context().close();
  });
}

test("endings that are no good ones, each with what to do", async () => {
  const page = await open();
  const ends = async (name, text, words) => {
    assert.equal(await title(page), text);
    assert.match(await page.locator("main").textContent(), new RegExp(name));
    if (words) assert.match(await page.locator(".lead").textContent(), words);
    await look(page, `end-${name}`);
    await page.locator(".end button.key").click();
  };
  await paste(page, "hello");
  await ends("not_a_code", "This is not a code for this app");
  await paste(page, portal.begin().text.replace("127.0.0.1", "localhost"));
  await ends("not_pinned", "This app does not know who made this code", /Nothing was sent/);
  await paste(page, portal.begin({ lies: { unsigned: true } }).text);
  await ends("request_unsigned", "The request is not signed by the counter");
  await paste(page, portal.begin({ lies: { said: { purpose: "relink" } } }).text);
  await ends("request_differs", "The text to sign is not what the counter shows", /tell the counter/);
  const declined = portal.begin();
  await paste(page, declined.text);
  await go(page, "decline");
  await ends("declined", "You declined");
  assert.deepEqual(declined.events, ["declined"]);
  const cancelled = portal.begin();
  await paste(page, cancelled.text);
  await go(page, "continue");
  await choose(page, "student");
  await page.locator("form[action='/cancel'] button").click();
  await ends("declined", "You declined");
  assert.deepEqual(cancelled.events, ["declined"]);
  const locked = portal.begin();
  await paste(page, locked.text);
  await go(page, "continue");
  await choose(page, "locked");
  await ends("pin_blocked", "The card is locked", /city hall/);
  assert.deepEqual(locked.events, ["pin_blocked"]);
  await paste(page, portal.begin().text);
  await go(page, "continue");
  await choose(page, "expired");
  await type(page, pin);
  await hold(page);
  await ends("cert_expired", "The certificate of the card has expired", /period of stay/);
  const late = portal.begin({ lives: 2 });
  await paste(page, late.text);
  await new Promise((done) => setTimeout(done, 2100));
  await go(page, "continue");
  await ends("expired", "The code has expired", /new code/);
  const gone = portal.begin({ bindback: true });
  await paste(page, gone.text);
  await go(page, "continue");
  await choose(page, "student");
  await type(page, pin);
  await hold(page);
  Object.assign(gone, { state: "failed", error: "code_mismatch" });
  await page.waitForURL("**/end");
  await ends("code_mismatch", "The number typed on the computer was wrong");
  await page.context().close();
});

test("a card is locked by the last wrong PIN, with a warning before", async () => {
  const page = await open(), tx = portal.begin();
  await paste(page, tx.text);
  await go(page, "continue");
  await choose(page, "long-name");
  for (const left of [2, 1]) {
    await type(page, "0000");
    await hold(page);
    assert.match(await page.locator("#tries").textContent(), new RegExp(`Tries left: ${left}`));
  }
  assert.match(await page.locator("#tries strong").textContent(), /locked/);
  await look(page, "last-try");
  await type(page, "0000");
  await hold(page);
  assert.equal(await title(page), "The card is locked");
  assert.deepEqual([tx.events, stage.tries("long-name").auth], [["pin_wrong 2", "pin_wrong 1", "pin_blocked"], 0]);
  await page.locator(".end button.key").click();
  await page.context().close();
});

test("a child's card, and the reading by four digits", async () => {
  const page = await open({ script: false }), tx = portal.begin({ op: "basic4" });
  await paste(page, tx.text);
  await go(page, "continue");
  await choose(page, "child");
  assert.match(await page.locator("[role=alert]").textContent(), /no signing certificate/);
  /* The browser would not send it. */
  await page.locator("#secret").evaluate((e) => { e.removeAttribute("pattern"); });
  await type(page, "12");
  assert.match(await page.locator("[role=alert]").textContent(), /No try was used/);
  await type(page, textPin);
  await hold(page);
  assert.deepEqual([await title(page), tx.state, tx.items.df22], ["Signature completed", "done", "ＮＧＵＹＥＮ　ＢＡＯ"]);
  await page.locator(".end button.key").click();
  const other = portal.begin({ op: "basic4" });
  await paste(page, other.text);
  await go(page, "continue");
  await choose(page, "student");
  await page.locator("button[value=card_text]").click();
  assert.match(await title(page), /input support passcode/);
  await page.locator("button[value=jpki_sign]").click();
  assert.match(await title(page), /signature password/);
  await page.locator("form[action='/back'] button").click();
  assert.equal(await title(page), "Choose your card");
  await page.context().close();
});

test("a picture of the code: chosen, pasted, and one without a code", async () => {
  const page = await open(), png = stage.at("page.png");
  const picture = (text) => execFileSync("qrencode", ["-l", "M", "-s", "5", "-o", png, text]);
  picture(portal.begin().text);
  await page.setInputFiles("#image", png);
  await page.locator("form[action='/image'] button").click();
  assert.equal(await title(page), "Log in to APPLY");
  await go(page, "decline");
  await page.locator(".end button.key").click();
  picture(portal.begin().text);
  await page.locator("#camera-open").waitFor(); /* it is shown by script, which from then on hears what is pasted */
  await page.evaluate((base64) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], "a.png", { type: "image/png" }));
    document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, readFileSync(png).toString("base64"));
  await page.waitForURL("**/ask");
  await go(page, "decline");
  await page.locator(".end button.key").click();
  writeFileSync(png, "no picture");
  await page.setInputFiles("#image", png);
  await page.locator("form[action='/image'] button").click();
  assert.equal(await title(page), "No QR code was found");
  await look(page, "end-no_code");
  await page.locator(".end button.key").click();
  await page.context().close();
});

/** A film of one picture, for a camera that shows nothing but the code (YUV4MPEG2, 640 by 480). */
function film(text, path) {
  const rows = execFileSync("qrencode", ["-t", "ASCII", "-l", "M", "-m", "4", text]).toString().split("\n").filter(Boolean);
  const width = 640, height = 480, scale = Math.floor(height / rows.length), left = (width - rows.length * scale) >> 1;
  const light = Buffer.alloc(width * height, 235), grey = Buffer.alloc(width * height / 2, 128);
  rows.forEach((row, y) => {
    for (let x = 0; x * 2 < row.length; x++) {
      if (row[x * 2] !== "#") continue;
      for (let line = 0; line < scale; line++) light.fill(16, (y * scale + line) * width + left + x * scale, (y * scale + line) * width + left + (x + 1) * scale);
    }
  });
  writeFileSync(path, Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), ...Array(5).fill([Buffer.from("FRAME\n"), light, grey]).flat()]));
}

test("a camera: it is looked through until there is a code", async () => {
  const path = stage.at("camera.y4m");
  film(portal.begin().text, path);
  const own = await chromium.launch({ executablePath: desktop, args: ["--headless", "--no-sandbox", "--disable-gpu", "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${path}`] });
  const page = await own.newPage({ baseURL: base, viewport: { width: 390, height: 844 }, locale: "en-GB" });
  await page.goto("/");
  await page.locator("#camera-open").click();
  await page.waitForURL("**/ask");
  assert.equal(await title(page), "Log in to APPLY");
  await go(page, "decline");
  await page.locator(".end button.key").click();
  await own.close();
});

test("no camera: the page says what else there is", async () => {
  const page = await open();
  await page.locator("#camera-open").click();
  await page.locator("#camera-none").waitFor();
  assert.match(await page.locator("#camera-none").textContent(), /Choose a picture, or paste the text/);
  await look(page, "start-no-camera");
  await page.context().close();
});

test("the pad types digits, and takes them back", async () => {
  const page = await open();
  await paste(page, portal.begin().text);
  await go(page, "continue");
  await choose(page, "student");
  for (const key of ["1", "2", "9"]) await page.locator("#pad button", { hasText: key }).click();
  await page.locator("#pad button[aria-label=Delete]").click();
  for (const key of ["3", "4", "5"]) await page.locator("#pad button", { hasText: key }).click();
  assert.equal(await page.inputValue("#secret"), "1234");
  await page.locator("form[action='/secret'] button.key").click();
  await hold(page);
  assert.equal(await title(page), "Login completed");
  await page.locator(".end button.key").click();
  await page.context().close();
});

/** A request as no browser sends it. */
const raw = (options, body) => new Promise((done, failed) => {
  const ask = request(`${base}${options.path}`, { method: body === undefined ? "GET" : "POST", ...options }, async (res) => {
    let text = "";
    for await (const chunk of res) text += chunk;
    done({ status: res.statusCode, headers: res.headers, text });
  });
  ask.on("error", failed).end(body);
});

test("other pages cannot press a button here, nor read one", async () => {
  const form = { "Content-Type": "application/x-www-form-urlencoded" };
  for (const body of ["text=x", "token=&text=x", `token=${"0".repeat(32)}&text=x`]) assert.equal((await raw({ path: "/scan", headers: form }, body)).status, 400);
  for (const host of ["evil.example", "127.0.0.1.evil.example", "localhostx:80"]) assert.equal((await raw({ path: "/", headers: { Host: host } })).status, 400, host);
  for (const host of ["localhost:8090", "127.0.0.1", "[::1]:8090"]) assert.equal((await raw({ path: "/", headers: { Host: host } })).status, 200, host);
  assert.equal((await raw({ path: "/nothing" })).status, 404);
  assert.equal((await raw({ path: "/nothing", headers: form }, "x")).status, 404);
  assert.equal((await raw({ path: "/hold" })).headers.location, "/");
  const { headers } = await raw({ path: "/" });
  assert.match(headers["content-security-policy"], /default-src 'none'.*frame-ancestors 'none'/);
  assert.equal(headers["cache-control"], "no-store");
  const large = await raw({ path: "/image", headers: { "Content-Type": "multipart/form-data; boundary=x", "Content-Length": String(6 << 20) } }, "");
  assert.deepEqual([large.status, /too large/.test(large.text)], [413, true]);
});

test("a button works only in its step, and an old page changes nothing", async () => {
  const page = await open(), token = await page.locator("input[name=token]").first().getAttribute("value");
  const press = (path, fields) => raw({ path, headers: { "Content-Type": "application/x-www-form-urlencoded" } }, `token=${token}&${fields}`);
  for (const [path, fields] of [["/hold", ""], ["/secret", "secret=1234"], ["/card", "card=student"], ["/ask", "go=continue"], ["/close", ""], ["/back", ""], ["/method", "method=card_text"]])
    assert.deepEqual([path, (await press(path, fields)).headers.location], [path, "/"]);
  await paste(page, portal.begin().text);
  assert.equal((await press("/scan", "text=x")).headers.location, "/ask");
  assert.equal((await press("/card", "card=student")).headers.location, "/ask");
  await go(page, "continue");
  assert.equal((await press("/card", "card=../made/student")).headers.location, "/card");
  assert.equal((await press("/card", "card=")).headers.location, "/card");
  assert.equal((await press("/back", "")).headers.location, "/ask");
  /* Whatever is not Continue declines. */
  assert.equal((await press("/ask", "go=perhaps")).headers.location, "/end");
  await press("/close", "");
  await page.context().close();
});

test("what a portal says cannot become markup", async () => {
  const page = await open();
  await paste(page, portal.begin({ lies: { display: { title: { en: "<img src=x onerror=alert(1)>" }, account: "\"><b>a</b>", browser: "'&amp;" } } }).text);
  assert.equal(await title(page), "<img src=x onerror=alert(1)>");
  assert.ok((await page.locator("dl").textContent()).includes("\"><b>a</b>"));
  assert.ok((await page.locator("dl").textContent()).includes("'&amp;"));
  await go(page, "decline");
  await page.locator(".end button.key").click();
  await page.context().close();
});

test("no PIN or password is left in a page, a file or an output", async () => {
  const page = await open(), seen = [];
  page.on("response", async (response) => { seen.push(await response.text().catch(() => "")); });
  for (const [op, card, secret] of [["auth", "student", "7391"], ["basic4", "student", "CANARY99X"]]) {
    await paste(page, portal.begin({ op }).text);
    await go(page, "continue");
    await choose(page, card);
    await type(page, secret);
    await hold(page);
    seen.push(await page.content());
    await page.locator("form[action='/cancel'] button").click();
    await page.locator(".end button.key").click();
  }
  const texts = [...seen, log, ...filesBelow(stage.home).map(([, bytes]) => bytes.toString("latin1")), ...filesBelow(stage.cards).map(([, bytes]) => bytes.toString("latin1"))];
  for (const text of texts) for (const canary of [/(?<![\w+/-])7391(?![\w+/-])/, /CANARY99X/]) assert.doesNotMatch(text, canary);
  await page.context().close();
  rmSync(stage.at("page.png"), { force: true });
});

test("serve listens on this machine only", () => {
  for (const listen of ["0.0.0.0:8090", "192.0.2.1:80", "[::]:8090", "nonsense"])
    assert.throws(() => execFileSync(simphone, ["serve", "--listen", listen, "--home", stage.home], { stdio: "ignore" }), { status: 64 }, listen);
});
