// Somebody before a browser without script: cookies by origin, forms sent as they stand on the page, redirects seen one by one.

export class Visitor {
  #cookies = new Map();

  constructor(base) {
    this.base = base;
  }

  #jar(url) {
    const { origin } = new URL(url);
    if (!this.#cookies.has(origin)) this.#cookies.set(origin, new Map());
    return this.#cookies.get(origin);
  }

  /** The same browser as it is now, to which nothing comes that answers bring to this one. */
  twin() {
    const other = new Visitor(this.base);
    for (const [origin, jar] of this.#cookies) other.#cookies.set(origin, new Map(jar));
    return other;
  }

  async ask(url, options = {}) {
    const address = new URL(url, this.base).href, jar = this.#jar(address);
    const answer = await fetch(address, {
      ...options, redirect: "manual",
      headers: { "Accept-Language": "en", ...options.headers, Cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value === "" || /max-age=0|expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    const location = answer.headers.get("location");
    return { status: answer.status, headers: answer.headers, text: await answer.text(), url: address, to: location && new URL(location, address).href };
  }

  /** Sends the form of the page whose action matches, with its hidden fields and `more`. */
  async send(page, action, more = {}) {
    const forms = [...page.text.matchAll(/<form\b([^>]*)>([^]*?)<\/form>/g)];
    const form = forms.find(([, head]) => action.test(unescape(/action="([^"]*)"/.exec(head)?.[1] ?? "")));
    if (!form) throw new Error(`no form for ${action} on ${page.url} (${page.status})\n${page.text}`);
    const fields = new URLSearchParams();
    for (const [input] of form[2].matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)) {
      fields.append(unescape(/name="([^"]*)"/.exec(input)[1]), unescape(/value="([^"]*)"/.exec(input)?.[1] ?? ""));
    }
    for (const [name, value] of Object.entries(more)) fields.set(name, value);
    const target = unescape(/action="([^"]*)"/.exec(form[1])[1]);
    return this.ask(new URL(target, page.url).href, { method: "POST", body: fields });
  }

  /** Goes on while the answer is a redirect, until `stop` says so; answers the last one. */
  async follow(answer, stop = () => false) {
    for (let n = 0; answer.to && !stop(answer.to); n++) {
      if (n === 20) throw new Error(`too many redirects, at ${answer.to}`);
      answer = await this.ask(answer.to);
    }
    return answer;
  }

  async logIn(user, password) {
    const page = await this.ask("/login");
    const answer = await this.send(page, /\/login$/, { login: user, password });
    if (answer.status !== 303) throw new Error(`login answered ${answer.status}\n${answer.text}`);
    return this.follow(answer);
  }
}

const unescape = (text) => text.replace(/&(#x?[0-9a-f]+|\w+);/gi, (all, name) => {
  if (name[0] === "#") return String.fromCodePoint(name[1] === "x" ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10));
  return { amp: "&", lt: "<", gt: ">", quot: "\"", apos: "'" }[name] ?? all;
});
