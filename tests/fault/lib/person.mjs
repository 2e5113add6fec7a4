// A person with a browser that has no script and shows nothing: cookies, pages, the hidden fields of forms, redirects.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { join } from "node:path";
import { ask, root } from "./counter.mjs";

export const answers = JSON.parse(readFileSync(join(root, "tests/data/extension_student_min.json"), "utf8"));
const photo = readFileSync(join(root, "tests/data/photo.jpg"));
export const password = "Ame-no-Hi#24";

const unescaped = (text) => text.replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

export class Person {
  constructor(base, { ca, host } = {}) {
    const Agent = base.startsWith("https") ? https.Agent : http.Agent;
    Object.assign(this, { base, ca, host, cookies: new Map([["language", "en"]]), agent: new Agent({ keepAlive: true, maxSockets: 4, ca }) });
  }

  close() {
    this.agent.destroy();
  }

  async #send(path, options) {
    const url = new URL(this.base);
    const headers = { Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
    if (options.body !== undefined) Object.assign(headers, { Origin: this.base, "Sec-Fetch-Site": "same-origin" });
    const answer = await ask(this.base, path, { agent: this.agent, ca: this.ca, host: this.host ?? url.host, ...options, headers: { ...headers, ...options.headers } });
    for (const line of answer.headers["set-cookie"] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value === "") this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    this.last = { path, ...answer };
    return answer;
  }

  get(path, options = {}) {
    return this.#send(path, options);
  }

  /** Sends a form with the token of the page that was seen last. */
  post(path, fields, options = {}) {
    const body = new URLSearchParams(fields);
    const token = this.token();
    if (token) body.append("_csrf", token);
    return this.#send(path, { body: body.toString(), ...options });
  }

  token() {
    const found = /name="_csrf" value="([^"]+)"/.exec(this.last?.text ?? "");
    if (found) this.seenToken = found[1];
    return this.seenToken;
  }

  hidden(name) {
    const found = new RegExp(`name="${name}" value="([^"]*)"`).exec(this.last.text);
    return found && unescaped(found[1]);
  }

  /** A page that must be there. */
  async see(path, status = 200) {
    const answer = await this.get(path);
    assert.equal(answer.status, status, `${path}\n${answer.text.slice(0, 3000)}`);
    this.token();
    return answer;
  }

  /** A form that must be taken; answers where it leads. */
  async send(path, fields) {
    const answer = await this.post(path, fields);
    assert.equal(answer.status, 303, `${path}: ${answer.status}\n${answer.text.slice(0, 6000)}`);
    return answer.headers.location;
  }

  /** From the mail address to the user ID. mailLink(email, pattern) answers the path of the link in the mail. */
  async register(email, mailLink) {
    this.email = email;
    await this.see("/register/email");
    assert.equal(await this.send("/register/email", { email, email_again: email }), "/register/sent");
    const link = await mailLink(email, /\/register\/link\//);
    await this.see(link);
    const form = new URLSearchParams({ user_type: "foreign_national", password, password_again: password, name: "NGUYEN THI MAI", phone: "09012345678",
      postal_code: "8740919", address: "大分県別府市石垣東１－２－３", sex: "female" });
    for (const part of ["2003", "4", "9"]) form.append("birth_on", part);
    const confirm = await this.send(link, form);
    await this.see(confirm);
    const done = await this.send(confirm, {});
    const page = await this.see(done);
    this.userId = /<(?:strong|code|dd|p)[^>]*>\s*([A-Z0-9]{10})\s*</.exec(page.text)?.[1];
    return this;
  }

  async logIn(name = this.email) {
    await this.see("/login");
    return this.send("/login", { login: name, password, next: "/my-page" });
  }

  /** A file for a document of a draft, as the form of its page sends it: the token stands before the file. Answers the answer. */
  sendFile(draft, document, name, bytes) {
    const line = "----counter";
    const body = Buffer.concat([
      Buffer.from(`--${line}\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n${this.token()}\r\n`
        + `--${line}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`),
      bytes, Buffer.from(`\r\n--${line}--\r\n`),
    ]);
    return this.#send(`/drafts/${draft}/documents/${document}`, { body, headers: { "Content-Type": `multipart/form-data; boundary=${line}` } });
  }

  async sendPhoto(draft) {
    const answer = await this.sendFile(draft, "photo", "photo.jpg", photo);
    assert.equal(answer.status, 303, `${answer.status}\n${answer.text.slice(0, 3000)}`);
  }

  /** A draft with every part filled in, and the photo; answers its id. */
  async fill(given = { ...answers, notify_email: this.email, notify_email_confirm: this.email }) {
    await this.see("/procedures/extension");
    const [, draft] = /^\/drafts\/(\d+)$/.exec(await this.send("/procedures/extension", {}));
    const list = await this.see(`/drafts/${draft}`);
    const sections = [...list.text.matchAll(new RegExp(`/drafts/${draft}/sections/(\\w+)`, "g"))].map(([, id]) => id);
    // The first answers decide which parts are asked: what is shown after each one is followed.
    let at = `/drafts/${draft}/sections/${sections[0]}`;
    for (let i = 0; i < 40 && at !== `/drafts/${draft}/confirm`; i++) {
      await this.see(at);
      at = await this.send(at, given);
    }
    assert.equal(at, `/drafts/${draft}/confirm`);
    await this.sendPhoto(draft);
    return draft;
  }

  /** The press of Apply; answers the answer. */
  async apply(draft) {
    await this.see(`/drafts/${draft}/apply`);
    this.submission = { draft, token: this.hidden("token"), csrf: this.token() };
    return this.pressAgain();
  }

  pressAgain() {
    const { draft, token, csrf } = this.submission;
    return this.#send(`/drafts/${draft}/apply`, { body: new URLSearchParams({ token, _csrf: csrf }).toString() });
  }

  /** The receipt that an answer leads to; answers the reference number. */
  async receipt(answer) {
    assert.equal(answer.status, 303, answer.text);
    const [, reference] = /^\/applications\/(\d{12})\/receipt$/.exec(answer.headers.location);
    const page = await this.see(answer.headers.location);
    assert.ok(page.text.includes(reference));
    return reference;
  }
}
