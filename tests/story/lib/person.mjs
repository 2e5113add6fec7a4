// What a person does at the counter: finds things by what stands on the page, never by ids.

import assert from "node:assert/strict";
import { procedure as extension } from "./form.mjs";
import { attachPhoto, wantsPhoto } from "./fast.mjs";
import { until } from "./portal.mjs";
import { words } from "./words.mjs";

/** A pattern that fits the whole of an accessible name, whatever blanks stand in it. */
export const exactly = (text, before = "", after = "") => new RegExp(`^${before}\\s*${text.trim().split(/\s+/).map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+")}\\s*${after}$`);

export class Person {
  /** form: the definition of what is filled in (form.mjs). */
  constructor(page, portal) {
    Object.assign(this, { page, portal, lang: page.lang, script: page.script, form: extension });
  }

  /** A text of the catalogue in this person's language. */
  say(key, values) {
    return words(this.lang, key, values);
  }

  main() {
    return this.page.getByRole("main");
  }

  async go(path) {
    return this.page.goto(path);
  }

  button(key) {
    return this.page.getByRole("button", { name: exactly(this.say(key)) });
  }

  /** The next page is there when this ends; with script what was typed is saved before this one is left. */
  async saveAndContinue() {
    await Promise.all([this.page.waitForEvent("load"), this.button("form.save_and_continue").click()]);
  }

  link(key) {
    return this.main().getByRole("link", { name: exactly(this.say(key)) });
  }

  async heading(key, values) {
    await this.page.getByRole("heading", { level: 1, name: exactly(this.say(key, values)) }).waitFor();
  }

  async sees(text) {
    await this.main().getByText(text, typeof text === "string" ? { exact: false } : undefined).first().waitFor();
  }

  /** The words of what is wrong, as the list at the top has them. */
  async problems() {
    const box = this.page.getByRole("alert");
    await box.waitFor();
    return (await box.getByRole("listitem").allInnerTexts()).map((text) => text.trim());
  }

  /** Header links fold into a menu on a phone. */
  async menu(key) {
    const link = this.page.getByRole("banner").getByRole("link", { name: exactly(this.say(key)) });
    if (!(await link.isVisible())) await this.page.getByRole("banner").getByText(this.say("layout.menu"), { exact: true }).first().click();
    await link.click();
  }

  /* Registration, manual 3.1 */

  async askForLink(email) {
    await this.go("/");
    await this.link("top.new_button").click();
    await this.heading("registration.start_title");
    await this.link("registration.agree").click();
    await this.heading("registration.email_title");
    await this.page.getByLabel(this.say("registration.email_label"), { exact: false }).fill(email);
    await this.page.getByLabel(this.say("registration.email_again_label"), { exact: false }).fill(email);
    await this.button("registration.register").click();
    await this.heading("registration.sent_title");
    return this.portal.link(await this.portal.mail(email, /\/register\/link\//));
  }

  box(key) {
    return this.main().getByRole("textbox", { name: exactly(this.say(key), "", "(Required|Optional|必須|任意)") });
  }

  async register({ email, password, name, phone = "09012345678", postal = "1000013", rest = "１－１－１", birth = ["2003", "4", "9"] }) {
    const link = await this.askForLink(email);
    await this.go(link);
    await this.heading("registration.form_title");
    await this.page.getByRole("radio", { name: this.say("registration.type_foreign_national") }).check();
    await this.box("registration.password").fill(password);
    await this.box("registration.password_again").fill(password);
    await this.box("registration.name").fill(name);
    await this.box("registration.phone").fill(phone);
    await this.box("registration.postal_code").fill(postal);
    await this.button("field.address_search").click();
    const address = this.box("registration.address");
    const found = await until("the address of the postal code", () => address.inputValue());
    await address.fill(found + rest);
    await this.page.getByRole("group", { name: exactly(this.say("registration.sex"), "", "(Required|必須)") })
      .getByRole("radio", { name: this.say("registration.female"), exact: true }).check();
    await this.date(exactly(this.say("registration.birth_date"), "", "(Required|必須)"), birth);
    if (this.script) for (const key of ["registration.password", "registration.password_again"]) assert.equal(await this.box(key).inputValue(), password);
    /* Without script the search was a new page, and pages give no passwords back. */
    if (!this.script) {
      await this.box("registration.password").fill(password);
      await this.box("registration.password_again").fill(password);
    }
    await this.button("form.to_confirmation").click();
    await this.heading("registration.confirm_title");
    return found;
  }

  async date(group, parts, where = this.main()) {
    const boxes = where.getByRole("group", { name: group });
    for (const [i, key] of ["field.year", "field.month", "field.day"].entries()) {
      if (parts[i] !== undefined) await boxes.getByRole("textbox", { name: this.say(key), exact: true }).fill(parts[i]);
    }
  }

  async login(user, password) {
    await this.main().getByLabel(this.say("login.user_id"), { exact: false }).fill(user);
    await this.box("login.password").fill(password);
    await this.main().getByRole("button", { name: this.say("login.button"), exact: true }).click();
  }

  async logIn(user, password) {
    await this.go("/login");
    await this.login(user, password);
    await this.page.waitForURL((url) => url.pathname !== "/login");
  }

  async logOut() {
    const button = this.page.getByRole("banner").getByRole("button", { name: this.say("layout.logout") });
    if (!(await button.isVisible())) await this.page.getByRole("banner").getByText(this.say("layout.menu"), { exact: true }).first().click();
    await button.click();
    await this.heading("logout.title");
  }

  /* The form, manual 4 */

  /** From the list of procedures into a new draft; answers its path. */
  async begin(procedure) {
    await this.go(`/procedures/${procedure.id}`);
    await this.button("procedure.agree").click();
    await this.page.waitForURL(/\/drafts\/\d+$/);
    return new URL(this.page.url()).pathname;
  }

  /** The place on the page that holds the field: its row, for a field of a group. */
  place(field) {
    if (field.row === undefined) return this.main();
    const label = words(this.lang, "form.row_label", { label: field.group[this.lang], row: String(field.row + 1) });
    return this.main().getByRole("group", { name: exactly(label) });
  }

  label(field) {
    const number = field.no ? `${field.no.replace(/\./g, "\\.")}\\s*` : "";
    return exactly(field[this.lang], number, "(Required|Optional|必須|任意)?");
  }

  control(field) {
    const place = this.place(field), name = this.label(field);
    switch (field.type) {
    case "radio": case "multi": case "checkbox": case "date": case "month": case "partial_date": case "partial_month":
      return place.getByRole("group", { name });
    case "select": case "country":
      return place.getByRole("combobox", { name });
    default:
      return place.getByRole("textbox", { name });
    }
  }

  async answer(path, value) {
    const field = this.form.fieldOf(path), control = this.control(field);
    switch (field.type) {
    case "radio":
      return control.getByRole("radio", { name: this.choice(field, value) }).check();
    case "multi":
      for (const one of value.split(" ")) await control.getByRole("checkbox", { name: this.choice(field, one) }).check();
      return undefined;
    case "checkbox":
      return control.getByRole("checkbox").check();
    case "select": case "country":
      return control.selectOption({ label: this.form.choiceOf(field, value, this.lang) });
    case "date": case "partial_date": case "month": case "partial_month":
      return this.date(this.label(field), [value.slice(0, 4), value.slice(4, 6), value.slice(6, 8)].filter(Boolean), this.place(field));
    default:
      await control.fill(value);
      return control.press("Tab"); /* what hangs on an answer comes when the box is left */
    }
  }

  /** A choice's words; readers of another language have the Japanese wording behind. */
  choice(field, value) {
    return exactly(this.form.choiceOf(field, value, this.lang), "", this.lang === "ja" ? "" : `(${exactly(this.form.choiceOf(field, value, "ja")).source.slice(1, -1)})?`);
  }

  /**
   * Fills in what the page asks of these answers, in order. A question that hangs on another one comes by itself with script, and by a
   * press without: then the page is sent once more.
   */
  async fillSection(answers, { send = true } = {}) {
    const left = new Map(Object.entries(answers));
    for (let round = 0; round < 6; round++) {
      for (const [path, value] of left) {
        const field = this.form.fieldOf(path);
        if (field.row !== undefined) await this.rowFor(field);
        const control = this.control(field);
        if (this.script && !(await control.isVisible())) await control.waitFor({ state: "visible", timeout: 15000 }).catch(() => {});
        if (!(await control.isVisible())) continue;
        if (field.depends && !(await this.hasChoice(control, field, value))) continue;
        await this.answer(path, value);
        left.delete(path);
      }
      if (!send && left.size === 0) return;
      assert.ok(!this.script || left.size === 0, `with script all questions come at once, but not ${[...left.keys()]}`);
      const before = this.page.url();
      await this.saveAndContinue();
      if (left.size === 0) return;
      assert.equal(this.page.url(), before, `the page went on without asking ${[...left.keys()]}`);
    }
    throw new Error(`never asked: ${[...left.keys()]}`);
  }

  /** A list that hangs on another answer: with script it is there at once, without after a press. */
  async hasChoice(control, field, value) {
    const kind = { radio: "radio", multi: "checkbox" }[field.type];
    const has = async () => (kind ? (await control.getByRole(kind, { name: this.choice(field, value) }).count()) > 0 : (await control.locator("option").allInnerTexts()).includes(this.form.choiceOf(field, value, this.lang)));
    if (this.script) await until(`the choice ${value} of ${field.id}`, has);
    return has();
  }

  /** Presses "Add another" until the row is there. */
  async rowFor(field) {
    const row = this.place(field), group = this.main().getByRole("group", { name: this.label({ ...field.group }) });
    if (field.row === 0 || (await row.isVisible()) || !(await group.isVisible())) return;
    await group.getByRole("button", { name: new RegExp(`^${this.say("section.add_row")}`) }).click();
    await row.waitFor();
  }

  /** The id of the part whose page this is. */
  at() {
    const found = /\/sections\/(\w+)$/.exec(new URL(this.page.url()).pathname);
    assert.ok(found, `${this.page.url()} is no part of a form`);
    return found[1];
  }

  /** The whole form, part after part, up to the confirmation. */
  async fillForm(draft, answers) {
    await this.go(draft);
    await this.main().getByRole("link", { name: this.form.sections[0][this.lang], exact: true }).click();
    for (const part of splitBySection(answers, this.form)) {
      /* A part may come that none of the answers belongs to: nothing is wanted there. */
      while (this.at() !== part.section.id) await this.fillSection({});
      await this.page.getByRole("heading", { level: 1, name: exactly(part.section[this.lang]) }).waitFor();
      await this.fillSection(part.answers);
    }
    await this.heading("confirm.title");
    /* The page of the photo has stories of its own (files.test.mjs). */
    if (!(await wantsPhoto(this, draft))) return;
    await attachPhoto(this, draft);
    await this.page.reload();
  }

  async apply() {
    await this.link("confirm.apply").click();
    await this.page.getByRole("heading", { name: this.say("apply.title") }).waitFor();
    await this.page.getByRole("button", { name: this.say("apply.ok"), exact: true }).click();
    await this.heading("receipt.title");
    return this.receipt();
  }

  async receipt() {
    const value = async (key) => (await this.main().locator("dt", { hasText: exactly(this.say(key)) }).locator("xpath=following-sibling::dd").innerText()).trim();
    return { reference: await value("receipt.reference"), temporary: await value("receipt.temporary"), path: new URL(this.page.url()).pathname };
  }
}

/** The answers by the section that asks them, in the form's order. */
export function splitBySection(answers, form = extension) {
  const parts = form.sections.map((section) => ({ section, answers: {} }));
  for (const [path, value] of Object.entries(answers)) parts.find(({ section }) => section.id === form.fieldOf(path).section.id).answers[path] = value;
  return parts.filter((part) => Object.keys(part.answers).length > 0);
}
