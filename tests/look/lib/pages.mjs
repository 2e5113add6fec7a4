// Every page that there is, in every state that looks different: how a browser gets there. `as` says who is before the screen.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { homes } from "../../oidc/lib/selfinfo.mjs";
import { begin, consent, fetchIt } from "../../oidc/lib/tax.mjs";
import { more, reading, states } from "../../story/lib/card.mjs";
import { applied, attach, attachPage, draftWith, pdf, post, token } from "../../story/lib/fast.mjs";
import { answersOf } from "../../story/lib/form.mjs";
import { portrait, sheet } from "../../story/lib/papers.mjs";
import { mai as maiCard, scan } from "../../story/lib/phone.mjs";
import { demo } from "../../story/lib/portal.mjs";
import { splitBySection } from "../../story/lib/person.mjs";

const passwords = { password: "Tsukimi&2026y", password_again: "Tsukimi&2026y" };
const registrant = {
  user_type: "foreign_national", ...passwords, name: "VENKATANARASIMHARAJUVARIPETA SUBRAMANIAM ARJUN", phone: "09012345678", postal_code: "1000013",
  address: "東京都千代田区霞が関１－１－１", sex: "male",
};

/** What the pages stand on: links by mail in each state, drafts and applications in each state. */
export async function prepare(on) {
  const nobody = await on.person({ lang: "en", script: false }), made = {};
  const link = async (email) => {
    await post(nobody, "/register/email", [["email", email], ["email_again", email]]);
    return on.portal.link(await on.portal.mail(email, /\/register\/link\//));
  };
  const birth = [["birth_on", "2001"], ["birth_on", "12"], ["birth_on", "31"]];
  made.open = await link("open@look.example");
  made.filled = await link("filled@look.example");
  await post(nobody, made.filled, [...Object.entries(registrant), ...birth]);
  made.done = await link("done@look.example");
  await post(nobody, made.done, [...Object.entries(registrant), ...birth]);
  await post(nobody, `${made.done}/confirm`, []);
  /* A scrivener with as many drafts as one can have; who is in stays in when the account is locked. */
  const sato = await on.person({ lang: "en", script: false });
  await sato.logIn(demo.sato, demo.password);
  for (let n = 0; (await post(sato, "/procedures/extension", [], { maxRedirects: 0 })).status() === 303; n++) if (n > 100) throw new Error("drafts without end");
  made.scrivener = (await sato.page.context().cookies()).filter(({ name }) => name === "session");
  await sato.page.context().close();
  await post(nobody, "/forgot-password", [["login", demo.sato]]);
  made.reset = on.portal.link(await on.portal.mail(demo.sato, /\/reset\//));
  for (let i = 0; i < 5; i++) await post(nobody, "/login", [["login", demo.sato], ["password", "wrong"]]);
  made.unlock = on.portal.link(await on.portal.mail(demo.sato, /\/unlock\//));
  const notices = await (await nobody.page.request.get("/notices")).text();
  made.notice = /href="(\/notices\/\d+)"/.exec(notices)[1];
  const mails = await (await nobody.page.request.get("/development/mail")).text();
  made.mail = /href="(\/development\/mail\/[^"]+)"/.exec(mails)[1];
  await nobody.page.context().close();

  const mai = await on.person({ lang: "en", script: false });
  await mai.logIn(demo.mai, demo.password);
  made.receipt = await applied(mai, answersOf("full"));
  made.details = made.receipt.replace(/\/receipt$/, "");
  await applied(mai, answersOf("min"));
  /* Sent back: one that is being modified, and one that was, with what had been before. */
  const sentBack = async () => {
    const details = (await applied(mai, answersOf("full"))).replace(/\/receipt$/, "");
    await on.portal.admin("application", "return", /\d{12}/.exec(details)[0], "--open", "photo,field:mobile,field:reason", "--note", "Please take the photo again.");
    return { details, draft: (await post(mai, `${details}/modify`, [], { maxRedirects: 0 })).headers().location };
  };
  made.returned = await sentBack();
  made.modified = await sentBack();
  await applied(mai, null, made.modified.draft);
  made.empty = await draftWith(mai, {});
  made.full = await draftWith(mai, answersOf("full"));
  made.wrong = await draftWith(mai, { ...answersOf("full"), name: "田中", birth_date: "20011331", card_no: "X", expiry_current: "20200101" });
  made.told = await draftWith(mai, answersOf("full")); /* what is typed there stays */
  /* Files in each state: well, refused, half there, photographed pages, a photo with advice. */
  made.papers = await draftWith(mai, answersOf("full"));
  await attach(mai, made.papers, "passport_copy", pdf("passport"), "passport-of-NGUYEN-THI-MAI-2026-all-pages-from-first-to-last.pdf");
  await attach(mai, made.papers, "translation", Buffer.from("no PDF"), "translation.docx.pdf");
  await attach(mai, made.papers, "photo", await portrait(mai.page, 900, 900, { x: 0.3, size: 0.2 }));
  for (const name of ["one", "two"]) await attachPage(mai, made.papers, "reason_letter", await sheet(mai.page, name), `${name}.jpg`);
  await mai.page.request.post(`${made.papers}/files`, {
    headers: { "Tus-Resumable": "1.0.0", "X-Form-Token": await token(mai), "Upload-Length": "5000000",
      "Upload-Metadata": `document ${btoa("passport_copy")},filename ${btoa("half.pdf")}` },
  });
  made.wrongs = await draftWith(mai, answersOf("full"));
  await attach(mai, made.wrongs, "photo", Buffer.from("no picture"));
  await mai.page.context().close();

  const arjun = await on.person({ lang: "en", script: false });
  await arjun.logIn(demo.arjun, demo.password);
  await arjun.page.context().close();
  return made;
}

const go = (path) => (page) => page.goto(path);
/** The page, then its main button: what is wrong is said. */
const send = (path, key) => async (page, person) => {
  await page.goto(path);
  /* With readings a button's words are not those of the catalogue. */
  await (person.readings ? page.locator("main form .actions button.button").first() : person.button(key)).click();
  await page.waitForLoadState();
};

export function pages(made) {
  const list = [
    ["top", "nobody", go("/")],
    ["notices", "nobody", go("/notices")],
    ["notice", "nobody", go(made.notice)],
    ["help", "nobody", go("/help")],
    ["terms", "nobody", go("/terms")],
    ["accessibility", "nobody", go("/accessibility")],
    ["registration", "nobody", go("/register")],
    ["registration-email", "nobody", go("/register/email")],
    ["registration-email wrong", "nobody", send("/register/email", "registration.register")],
    ["registration-sent", "nobody", go("/register/sent")],
    ["registration-form", "nobody", go(made.open)],
    ["registration-form wrong", "nobody", send(made.open, "form.to_confirmation")],
    ["registration-confirm", "nobody", go(`${made.filled}/confirm`)],
    ["registration-done", "nobody", go(`${made.done}/done`)],
    ["link-expired", "nobody", go("/register/link/nonsense")],
    ["login", "nobody", go("/login")],
    ["login needed", "nobody", go("/my-page")],
    ["login wrong", "nobody", send("/login", "login.button")],
    ["forgot-id", "nobody", go("/forgot-id")],
    ["forgot-id wrong", "nobody", send("/forgot-id", "forgot.send")],
    ["forgot-password", "nobody", go("/forgot-password")],
    ["forgot-sent", "nobody", go("/forgot/sent")],
    ["reset", "nobody", go(made.reset)],
    ["reset wrong", "nobody", send(made.reset, "reset.button")],
    ["link-expired reset", "nobody", go("/reset/nonsense")],
    ["unlock", "nobody", go(made.unlock)],
    ["logout", "nobody", go("/logout/done")],
    ["procedures", "nobody", go("/procedures")],
    ["procedures found", "nobody", go("/procedures?q=prolong+extnesion&synonyms=yes")],
    ["procedures none", "nobody", go("/procedures?q=xyzzy&size=10&page=2")],
    ["procedure", "nobody", go("/procedures/extension")],
    ["mailbox", "nobody", go("/development/mail")],
    ["mail", "nobody", go(made.mail)],
    ["error-404", "nobody", go("/nothing")],
    ["error-405", "nobody", go("/logout")],
    ["top in", "mai", go("/")],
    ["my-page", "mai", go("/my-page")],
    ["my-page new", "arjun", go("/my-page")],
    ["procedure draft", "mai", go("/procedures/extension")],
    ["draft empty", "mai", go(made.empty)],
    ["draft", "mai", go(made.full)],
    ["draft wrong", "mai", go(made.wrong)],
    ["draft-delete", "mai", go(`${made.full}/delete`)],
    ["files", "mai", go(`${made.papers}/files`)],
    ["files empty", "mai", go(`${made.empty}/files`)],
    ["files refused", "mai", async (page) => {
      await page.goto(`${made.papers}/files`);
      await page.locator("#document-translation form.attach").evaluate((form) => form.noValidate = true);
      await page.locator("#attach-translation").click();
      await page.waitForLoadState();
    }],
    ["photo", "mai", async (page) => {
      await page.goto(`${made.papers}/photo`);
      await page.locator("main details summary").first().click();
    }],
    ["photo refused", "mai", go(`${made.wrongs}/photo`)],
    ["pages", "mai", go(`${made.papers}/documents/reason_letter/pages`)],
    ["pages empty", "mai", go(`${made.empty}/documents/passport_copy/pages`)],
    ["earlier", "mai", go(`${made.empty}/documents/passport_copy/earlier`)],
    ["confirm papers", "mai", go(`${made.papers}/confirm`)],
    ["confirm empty", "mai", go(`${made.empty}/confirm`)],
    ["confirm", "mai", go(`${made.full}/confirm`)],
    ["confirm wrong", "mai", go(`${made.wrong}/confirm`)],
    ["apply", "mai", go(`${made.full}/apply`)],
    ["draft-gone", "mai", async (page) => {
      await page.goto(`${made.full}/apply`);
      await page.locator("main form").evaluate((form, action) => { form.action = action; }, `${made.full}0/apply`);
      await page.locator("main form .actions button.button").click();
      await page.waitForLoadState();
    }],
    ["receipt", "mai", go(made.receipt)],
    ["applications", "mai", go("/applications")],
    ["applications wrong", "mai", go("/applications?from=2026")],
    ["applications none", "arjun", go("/applications")],
    ["applications found", "mai", go("/applications?procedure=extension&to=99991231")],
    ["applications not found", "mai", go("/applications?procedure=eligibility")],
    ["application", "mai", go(made.details)],
    ["application returned", "mai", go(made.returned.details)],
    ["draft returned", "mai", go(made.returned.draft)],
    ["application modified", "mai", go(made.modified.details)],
    ["application-before", "mai", go(`${made.modified.details}/before/2`)],
    ["error-404 in", "mai", go(`${made.full}0`)],
    ["error-403", "mai", async (page, person) => {
      await page.goto(`${made.empty}/delete`);
      await page.locator("main input[name=_csrf]").evaluate((e) => e.remove());
      await page.locator("main form .actions button.button").click();
      await page.waitForLoadState();
    }],
  ];
  for (const { id } of splitBySection(answersOf("full")).map((part) => part.section)) list.push([`section ${id}`, "mai", go(`${made.full}/sections/${id}`)]);
  for (const id of ["about", "passport", "family", "stay", "check"]) list.push([`section ${id} wrong`, "mai", send(`${made.empty}/sections/${id}`, "form.save_and_continue")]);
  /* Said at once, when a field is left; without script when the page is sent. */
  list.push(["section about told", "mai", async (page) => {
    await page.goto(`${made.told}/sections/about`);
    await page.locator('[name="email"]').fill("mai@example");
    await page.locator('[name="email"]').press("Tab");
  }]);
  list.push(["change", "mai", async (page) => {
    await page.goto(`${made.told}/sections/family`);
    const next = page.waitForEvent("framenavigated");
    await page.evaluate(() => {
      const form = document.getElementById("form");
      form.querySelector('[name="has_family"][value="no"]').checked = true;
      form.submit();
    });
    await next;
    await page.waitForLoadState();
  }]);
  /* The last, because nobody is somebody from here on. */
  list.push(["drafts-full", "nobody", async (page) => {
    await page.context().addCookies(made.scrivener);
    await page.goto("/procedures/extension");
    await page.locator('main form[action="/procedures/extension"] button').click();
    await page.waitForLoadState();
    if (!(await page.getByRole("main").innerText()).includes("50")) throw new Error("no page that tells of 50 drafts");
  }]);
  return list.map(([name, as, open]) => ({ name, kind: name.split(" ")[0], as, open }));
}

/* Where cards are read. */

/** Begins the reading that the page asks for, as its form does, and lets the phone finish. */
async function read(person, path, card) {
  await person.go(path);
  const form = person.page.locator("main form:has(input[name=op])");
  const fields = await form.evaluate((e) => [...new FormData(e)].filter(([name]) => name !== "_csrf"));
  const answer = await post(person, "/id/tx", fields, { maxRedirects: 0 });
  await person.go(answer.headers().location);
  await scan(person, card);
  const next = await person.page.request.post(`${answer.headers().location}/next`, { form: { _csrf: await token(person) }, maxRedirects: 0 });
  return next.headers().location;
}

async function requested(person, card) {
  const draft = (await post(person, "/procedures/usage", [], { maxRedirects: 0 })).headers().location;
  for (let i = 0; i < 2; i++) await read(person, `${draft}/card`, card);
  await post(person, `${draft}/sections/user`, [["card_no", "AB12345678CD"]]);
  return draft;
}

async function sent(person, draft) {
  const page = await (await person.page.request.get(`${draft}/apply`)).text();
  const key = /name="token" value="([^"]+)"/.exec(page)[1];
  return (await post(person, `${draft}/apply`, [["token", key]], { maxRedirects: 0 })).headers().location;
}

/** Mai is linked and accepted, and has drafts before and behind the card; Arjun's request waits, because his name is in kanji on the card. */
export async function prepareCards(on) {
  const made = { portal: on.portal }, long = { ...maiCard, address: `${maiCard.address}　${"さくらハイツ".repeat(10)}２０２号室` };
  const as = async (who, work) => {
    const person = await on.person({ lang: "en", script: false });
    await person.logIn(demo[who], demo.password);
    await work(person);
    await person.page.context().close();
  };
  await as("mai", async (mai) => {
    made.receipt = await sent(mai, await requested(mai, { ...long, card: "card of mai" }));
    made.filled = await requested(mai, { ...long, card: "card of mai" });
    made.closed = (await post(mai, "/procedures/extension", [], { maxRedirects: 0 })).headers().location;
  });
  await as("arjun", async (arjun) => {
    const card = { ...maiCard, card: "card of arjun", name: "阿周那", birth: "20011231", sex: "1" };
    made.waiting = await sent(arjun, await requested(arjun, card));
    made.about = (await post(arjun, "/procedures/usage", [], { maxRedirects: 0 })).headers().location;
  });
  return made;
}

/** A reading of the card, as far as it has come. A session begins one; what else is looked at stands beside it. */
const card = (made, state, values = {}) => async (page, person) => {
  person.reading ??= await reading(person);
  const [path] = more(made.portal, person.reading, 1, { state: states[state], ...values });
  await page.goto(path);
};
const phone = { phone_label: "Myna App 1.0, Android" };

export function cardPages(made) {
  return [
    ["q", "nobody", go("/q")],
    ["id-auth shown", "mai", card(made, "shown")],
    ["id-auth claimed", "mai", card(made, "claimed", phone)],
    ["id-auth told", "mai", card(made, "claimed", { ...phone, phone_event: 1, phone_tries: 2 })],
    ["id-auth verifying", "mai", card(made, "verifying", phone)],
    ["id-auth code", "mai", card(made, "code", { ...phone, tries_left: 3 })],
    ["id-auth code wrong", "mai", card(made, "code", { ...phone, tries_left: 2, error: "code_mismatch" })],
    ["id-auth done", "mai", card(made, "done")],
    ["id-basic4 shown", "mai", card(made, "shown", { op: "basic4" })],
    ["id-basic4 done", "mai", card(made, "done", { op: "basic4" })],
    ["id-expired", "mai", card(made, "expired", { error: "expired" })],
    ["id-claimed_twice", "mai", card(made, "failed", { error: "claimed_twice" })],
    ["id-pin_blocked", "mai", card(made, "failed", { error: "pin_blocked" })],
    ["id-cert_revoked", "mai", card(made, "failed", { error: "cert_revoked" })],
    ["id-card_mismatch", "mai", card(made, "failed", { error: "card_mismatch" })],
    ["id-revocation_unavailable", "mai", card(made, "failed", { error: "revocation_unavailable" })],
    ["id-internal", "mai", card(made, "failed", { error: "internal" })],
    ["procedure usage", "nobody", go("/procedures/usage")],
    ["procedure needs-usage", "arjun", go("/procedures/extension")],
    ["usage-needed", "arjun", go("/procedures/extension/use")],
    ["card-about", "arjun", go(`${made.about}/card`)],
    ["card-about basic4", "mai", go(`${made.closed}/card`)],
    ["card-about again", "mai", go("/my-page/card")],
    ["draft read", "mai", go(made.filled)],
    ["section read", "mai", go(`${made.filled}/sections/user`)],
    ["confirm read", "mai", go(`${made.filled}/confirm`)],
    ["receipt accepted", "mai", go(made.receipt)],
    ["receipt waiting", "arjun", go(made.waiting)],
    ["application read", "mai", go(made.receipt.replace("/receipt", ""))],
    ["my-page linked", "mai", go("/my-page")],
    ["my-page waiting", "arjun", go("/my-page")],
  ].map(([name, as, open]) => ({ name, kind: name.split(" ")[0], as, open }));
}

/* Where other services are asked. */

/** Drafts of Mai's, one for each thing that can come of asking for tax information. */
export async function prepareTax(on, service) {
  const made = {};
  const as = async (name, work) => {
    const visitor = await begin(on.portal);
    await work(visitor);
    made[name] = visitor.draft;
    return visitor;
  };
  await as("ask", async () => {});
  for (const name of ["taxed", "not_declared", "no_record", "not_yet", "municipality_unsupported", "broken"]) await as(name, (visitor) => fetchIt(visitor, service, homes[name]));
  await as("refused", (visitor) => consent(visitor, service));
  await as("attached", async (visitor) => visitor.send(await fetchIt(visitor, service, homes.taxed), /\/decide$/, { choice: "attach" }));
  await as("waiting", (visitor) => consent(visitor, service, homes.never));
  /* As long as somebody looks at it. */
  const hour = Date.now() + 3600000;
  execFileSync("sqlite3", ["-cmd", ".timeout 5000", join(on.portal.data, "madoguchi.db"), `UPDATE tax_info SET until_at = ${hour}, poll_at = ${hour} WHERE state = 0`]);
  return made;
}

export function taxPages(made) {
  const states = ["ask", "waiting", "taxed", "not_declared", "attached", "no_record", "not_yet", "municipality_unsupported", "refused", "broken"];
  return [
    ...states.map((name) => [`tax ${name}`, "mai", go(`${made[name]}/tax`)]),
    ["draft tax", "mai", go(made.ask)],
    ["draft tax-attached", "mai", go(made.attached)],
    ["confirm tax", "mai", go(`${made.ask}/confirm`)],
    ["confirm tax-attached", "mai", go(`${made.attached}/confirm`)],
    /* With script it goes on at once: looked at as it stands in between. */
    ["back", "mai", async (page) => {
      await page.route("**/*.js", (route) => route.abort());
      await page.goto("/tax/cb?state=x&code=y");
      await page.unroute("**/*.js");
    }],
  ].map(([name, as, open]) => ({ name, kind: name.split(" ")[0], as, open }));
}
