// What pages weigh on their way to a browser, and what the largest costs to make.

import http from "node:http";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { series, Table } from "../lib/table.mjs";

const languages = ["ja", "ja+furigana", "en"];
const small = { text: "≤ 14 KB", most: 14 * 1024 };

function get(address, path, cookie, encoding) {
  const [host, port] = address.split(":");
  return new Promise((done, wrong) => {
    http.get({ host, port, path, agent: false, headers: { Host: "localhost", Cookie: cookie, ...(encoding ? { "Accept-Encoding": encoding } : {}) } }, (response) => {
      const pieces = [];
      response.on("data", (piece) => pieces.push(piece)).on("end", () => {
        if (response.statusCode !== 200) wrong(new Error(`${path}: ${response.statusCode}`));
        else done(Buffer.concat(pieces));
      });
    }).on("error", wrong);
  });
}

// What a browser fetches besides the page, without what it does not need to show it.
const parts = (page) => [...new Set([...page.matchAll(/<(?:link|script|img)\b[^>]*?(?:href|src)="(\/static\/[^"]+)"/g)].map((match) => match[1]))];

async function firstView(counter, cookie) {
  const page = await get(counter.address, "/", cookie);
  const others = parts(page.toString());
  let bytes = gzipSync(page, { level: 4 }).length;
  for (const path of others) bytes += (await get(counter.address, path, cookie, "gzip")).length;
  return { bytes, requests: 1 + others.length };
}

async function largest(counter, pages) {
  let found = { bytes: 0 };
  for (const language of languages) {
    for (const { path, cookie } of pages) {
      const page = await get(counter.address, path, `${cookie}; language=${language}`);
      const bytes = gzipSync(page, { level: 4 }).length;
      if (bytes > found.bytes) found = { bytes, least: gzipSync(page, { level: 1 }).length, plain: page.length, path, cookie: `${cookie}; language=${language}`, language };
    }
  }
  return found;
}

export async function weights(stage, counter, base) {
  const table = new Table("Weight of pages, compressed",
    "Bodies; pages as nginx compresses them (gzip, level 4), style sheet and script as they are sent (compressed at build). The largest of Japanese, Japanese with furigana, and English.");
  let first = { bytes: 0, requests: 0 };
  for (const language of languages) {
    const view = await firstView(counter, `language=${language}`);
    if (view.bytes > first.bytes) first = view;
  }
  table.add("first view: top page, style sheet, scripts, icon", "kb", first.bytes, { budget: { text: "≤ 30 KB", most: 30 * 1024 } });
  table.add("– requests", "count", first.requests, { budget: { text: "≤ 4", most: 4 } });
  const next = await largest(counter, ["/procedures", "/login", "/register", "/help"].map((path) => ({ path, cookie: "" })));
  table.add(`next page, the largest (${next.path})`, "kb", next.bytes, { budget: { text: "≤ 8 KB", most: 8 * 1024 } });
  const draft = base.section.replace(/\/sections\/.*/, "");
  const sections = [...new Set([...(await get(counter.address, draft, base.cookie)).toString().matchAll(/href="(\/drafts\/\d+\/sections\/[a-z_0-9]+)/g)].map((match) => match[1]))];
  const section = await largest(counter, sections.map((path) => ({ path, cookie: base.cookie })));
  const name = `largest of ${sections.length} section pages (${section.path.replace(/.*\//, "")}, ${section.language}, ${(section.plain / 1024).toFixed(0)} KB plain)`;
  table.add(name, "kb", section.bytes, { budget: small });
  table.add("– with gzip at level 1", "kb", section.least);
  const list = await largest(counter, [{ path: base.list, cookie: base.cookie }]);
  table.add("list of 50 applications", "kb", list.bytes);
  table.section = section;
  return table;
}

// How long handlers took is in the program's own log.
export async function largestPage(stage, counter, section, table) {
  const before = readFileSync(counter.log).length;
  await stage.load(counter.address, { path: section.path, cookie: section.cookie, connections: 1, count: 500 });
  const times = readFileSync(counter.log).subarray(before).toString().match(/"route":"section_show","status":200,"us":\d+/g).map((text) => Number(text.match(/\d+$/)[0]));
  table.add("largest section page, from request to page (session, draft, decryption, view, rendering)", "us", series(times).median, { budget: { text: "≤ 300 µs", most: 300 } });
}
