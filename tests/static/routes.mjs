// The table of src/web/routes.def against the handlers and the templates: nothing that cannot be reached, nothing that is
// reached and not there, and no line without its access.

import test from "node:test";
import { codeOf, enumOf, files, lineOf, none, read, routes } from "./lib/tree.mjs";

const table = routes();
const pages = files(/^src\/web\/page_.*\.c$/);
const web = files(/^src\/web\/.*\.c$/);
const templates = files(/^templates\/.*\.(html|txt)$/);
// Asked for by machines or by the browser itself, or written into mails by the mail side.
const unlinked = new Set(["oidc_back", "tax_back", "health_show"]);
// Programs know these by their protocol.
const forPrograms = ({ flags }) => flags.split("|").some((flag) => ["MESSAGE", "TUS"].includes(flag.trim()));

test("the table is read in full", () => {
  const text = codeOf(read("src/web/routes.def"));
  const lines = [...text.matchAll(/^[ \t]*ROUTE\b/gm)].length;
  none(lines === table.length && lines > 0 ? [] : [`${lines} lines begin with ROUTE, ${table.length} have the form of a route`]);
});

test("every line has a known method, access, rate and flags; names and patterns occur once", () => {
  const access = enumOf("src/web/route.h", "access", "ACCESS_");
  const rates = enumOf("src/web/route.h", "rate_class", "RATE_");
  const flags = enumOf("src/web/route.h", "route_flag", "ROUTE_");
  const faults = [], seen = new Set();
  for (const route of table) {
    if (!["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"].includes(route.method)) faults.push(`${route.name}: method ${route.method}`);
    if (!access.includes(route.access)) faults.push(`${route.name}: access "${route.access}"`);
    if (!rates.includes(route.rate)) faults.push(`${route.name}: rate "${route.rate}"`);
    for (const flag of route.flags.split("|").map((f) => f.trim())) {
      if (flag !== "0" && !flags.includes(flag)) faults.push(`${route.name}: flag "${flag}"`);
    }
    if (!/^\/$|^(\/(:?[a-z][a-z0-9_.-]*|\*|\.well-known))+$/.test(route.pattern)) faults.push(`${route.name}: pattern ${route.pattern}`);
    for (const key of [route.name, `${route.method} ${route.pattern.replace(/:\w+/g, ":")}`]) {
      if (seen.has(key)) faults.push(`${key} occurs twice`);
      seen.add(key);
    }
  }
  none(faults);
});

test("every route has its handler in a page_….c, and every handler its route", () => {
  const faults = [], handlers = new Map();
  for (const path of pages) {
    const text = codeOf(read(path));
    for (const match of text.matchAll(/^err page_(\w+)\(struct exchange \*\w*\)\s*\{/gm)) {
      const at = `${path}:${lineOf(text, match.index)}`;
      if (handlers.has(match[1])) faults.push(`page_${match[1]} is in ${handlers.get(match[1])} and ${at}`);
      handlers.set(match[1], at);
    }
  }
  for (const { name } of table) if (!handlers.has(name)) faults.push(`${name}: no handler page_${name}`);
  for (const [name, at] of handlers) if (!table.some((route) => route.name === name)) faults.push(`${at}: page_${name} has no route`);
  none(faults);
});

test("a handler stays under 60 lines", () => {
  const faults = [];
  for (const path of pages) {
    for (const match of read(path).matchAll(/^err page_(\w+)\(struct exchange \*\w*\)\n\{\n([^]*?)\n\}\n/gm)) {
      const lines = match[2].split("\n").length;
      if (lines > 60) faults.push(`${path}: page_${match[1]} has ${lines} lines`);
    }
  }
  none(faults);
});

// Routes by where they are named: in an attribute that posts, in any {{url …}}, in C.
const posted = new Set(), linked = new Set(), inC = new Set();
for (const path of templates) {
  for (const [, attribute, name] of read(path).matchAll(/([\w-]+)="[^"]*?\{\{\s*url\s+(\w+)/g)) {
    if (/^(action|formaction|data-[\w-]+)$/.test(attribute)) posted.add(name);
  }
  for (const [, name] of read(path).matchAll(/\{\{\s*url\s+(\w+)/g)) linked.add(name);
}
for (const path of [...web, ...files(/^src\/mail\/.*\.c$/)]) {
  if (path.endsWith("/route.c")) continue;
  for (const [, name] of codeOf(read(path)).matchAll(/\bROUTE_([a-z]\w*)\b/g)) inC.add(name);
}

test("every POST route is reached by a form or the script", () => {
  none(table.filter((route) => route.method === "POST" && !forPrograms(route) && !posted.has(route.name) && !inC.has(route.name))
    .map(({ name }) => `${name}: no form, button or data-… of templates/ and no url of src/web names it`));
});

test("every page is reached by a link, a redirect or a mail", () => {
  const mails = files(/^(templates\/mail\/.*|src\/mail\/.*\.c)$/).map(read).join("\n");
  none(table.filter(({ name, method, pattern, flags }) => {
    if (forPrograms({ flags }) || method !== "GET" || unlinked.has(name) || pattern.endsWith("*")) return false;
    if (linked.has(name) || inC.has(name)) return false;
    const head = pattern.replace(/:.*$/, "");
    return !(head.length > 1 && mails.includes(head));
  }).map(({ name, pattern }) => `${name} (${pattern}): nothing leads there`));
});

test("templates name only routes of the table", () => {
  const names = new Set(table.map((route) => route.name));
  none([...linked].filter((name) => !names.has(name)).map((name) => `{{url ${name}}}: no such route`));
});
