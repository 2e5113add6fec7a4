// A person's browser, without script, as requests: cookies, and the token of the last page.

import assert from "node:assert/strict";

export class Browser {
  #cookies = new Map();

  constructor(base) {
    this.base = base;
  }

  async ask(path, options = {}) {
    const answer = await fetch(this.base + path, { redirect: "manual", ...options,
      headers: { ...options.headers, "User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Edg/140.0", "Accept-Language": "en",
        Cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ") } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      this.#cookies.set(name, value);
    }
    const text = await answer.text();
    this.token = /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? this.token;
    return { status: answer.status, text, to: answer.headers.get("location") };
  }

  post(path, fields = {}) {
    return this.ask(path, { method: "POST", body: new URLSearchParams({ _csrf: this.token, ...fields }) });
  }

  get session() {
    return this.#cookies.get("session");
  }

  async logIn(who, password) {
    await this.ask("/login");
    assert.equal((await this.post("/login", { login: who, password })).status, 303);
    await this.ask("/my-page");
    return this;
  }

  /** Begins a proof: its id, and what the code says. */
  async begin(fields) {
    const { status, to, text } = await this.post("/id/tx", fields);
    assert.equal(status, 303, /<h1>([^<]*)/.exec(text)?.[1]);
    const page = await this.ask(to);
    return { id: to.split("/")[3], code: new RegExp(`${this.base}/q#1\\.[0-9A-Z]{26}\\.[\\w-]{22}`).exec(page.text)[0] };
  }

  /** Answered at once: `seq` is that of a state before the first. */
  async state(id) {
    return JSON.parse((await this.ask(`/id/tx/${id}/status?seq=0`)).text);
  }
}
