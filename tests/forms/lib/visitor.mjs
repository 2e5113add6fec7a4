// A browser without script as bare requests: cookies, the token of forms, redirects not followed. What the tests of forms send is the same
// that the pages' forms send.

import assert from "node:assert/strict";
import { demo } from "../../story/lib/portal.mjs";

export class Visitor {
  #cookies = new Map();
  #token;

  constructor(base, lang) {
    this.base = base;
    this.#cookies.set("language", lang);
  }

  async ask(path, options = {}) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(this.base + path, { redirect: "manual", ...options, headers: { Cookie: cookie, Origin: this.base, ...options.headers } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      this.#cookies.set(name, value);
    }
    return answer;
  }

  /** The page at the path, which must be there. */
  async page(path) {
    const answer = await this.ask(path);
    assert.equal(answer.status, 200, `${path}: ${answer.status} ${answer.headers.get("location") ?? ""}`);
    const text = await answer.text();
    this.#token = /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? this.#token;
    return text;
  }

  async post(path, fields) {
    const body = new URLSearchParams([["_csrf", this.#token], ...fields]);
    return this.ask(path, { method: "POST", body });
  }

  async send(path, name, type, bytes) {
    const body = new FormData();
    body.append("_csrf", this.#token);
    body.append("file", new Blob([bytes], { type }), name);
    return this.ask(path, { method: "POST", body });
  }

  async logIn(user) {
    await this.page("/login");
    const answer = await this.post("/login", [["login", user], ["password", demo.password]]);
    assert.equal(answer.status, 303, "the login of a demo person");
    await this.page("/my-page");
    return this;
  }
}

const entities = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", nbsp: " " };

/** What somebody reads of a piece of a page. */
export const read = (html) => html.replace(/<br>/g, "\n").replace(/<rt>.*?<\/rt>|<[^>]+>/g, "").replace(/&(#?\w+);/g, (all, name) => entities[name] ?? all).trim();
