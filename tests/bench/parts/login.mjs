// Logins a second against bare Argon2id, and what others notice of them.

import http from "node:http";
import { series, Table } from "../lib/table.mjs";

const AT_ONCE = 8;
const PEOPLE = 16; // of bench_prepare: bench1@example.jp …, all with one password
const PASSWORD = "Ame-no-Hi#24";
const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE });

function ask(address, method, path, headers = {}, body) {
  const [host, port] = address.split(":");
  return new Promise((done, wrong) => {
    const request = http.request({ host, port, method, path, agent, headers: { Host: "localhost", ...headers } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece) => { text += piece; }).on("end", () => done({ status: response.statusCode, headers: response.headers, text }));
    });
    request.on("error", wrong).end(body);
  });
}

// A visitor's cookie and form token are good for any number of logins.
async function visitor(address) {
  const { headers, text } = await ask(address, "GET", "/login");
  return { cookie: headers["set-cookie"].map((line) => line.split(";")[0]).join("; "), token: text.match(/name="_csrf" value="([^"]+)"/)[1] };
}

// For so long, so many at once, each from another address.
async function logins(address, seconds) {
  const { cookie, token } = await visitor(address);
  const begin = performance.now(), until = begin + seconds * 1000;
  let done = 0, next = 0;
  const one = async () => {
    while (performance.now() < until) {
      const n = next++;
      const body = new URLSearchParams({ _csrf: token, login: `bench${1 + (n % PEOPLE)}@example.jp`, password: PASSWORD }).toString();
      const from = `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
      const { status } = await ask(address, "POST", "/login", { Cookie: cookie, "X-Forwarded-For": from, "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": Buffer.byteLength(body) }, body);
      if (status !== 303) throw new Error(`a login was answered with ${status}`);
      done++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return done / ((performance.now() - begin) / 1000);
}

export async function loginRate(stage, counter, base) {
  const table = new Table("Logins, one core",
    "`raw` checks one password after another with the program's own parameters of Argon2id. Meanwhile somebody else opens the list of applications 200 times a second at most, over one connection; there `raw` is the same without logins. "
    + "Everything runs on one core: a second one would be free for that somebody.");
  const seconds = stage.quick ? 1 : 3;
  const own = [], raw = [], alone = [], among = [];
  const look = () => stage.load(counter.address, { path: base.list, cookie: base.cookie, connections: 1, pause: 5000, seconds });
  for (let run = 0; run < stage.runs; run++) {
    raw.push((await stage.once(stage.serving, "raw_hash", seconds))[0].rps);
    own.push(await logins(counter.address, seconds));
    alone.push((await look()).p99_us);
    const [seen] = await Promise.all([look(), logins(counter.address, seconds)]);
    among.push(seen.p99_us);
  }
  agent.destroy();
  table.add(`logins, ${AT_ONCE} at once`, "rate", series(own), { raw: series(raw), budget: { text: "≥ 0.9 of raw", ratio: 0.9 } });
  table.add("list of applications meanwhile: p99", "ms", series(among), { raw: series(alone), budget: { text: "≤ 20 ms", most: 20000 } });
  return table;
}
