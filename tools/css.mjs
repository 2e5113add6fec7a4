// Writes the style sheet that is served: the design tokens that it uses, in front, then static/css/main.css; comments and idle
// white space are left out.
//
//   node tools/css.mjs TOKENS.css MAIN.css OUT.css
//
// A token that the sheet names and nobody defines stops the build.

import { readFileSync, writeFileSync } from "node:fs";

const [tokensFile, mainFile, outFile] = process.argv.slice(2);
const tokens = new Map();
for (const [, name, value] of readFileSync(tokensFile, "utf8").matchAll(/(--[\w-]+):\s*([^;]+);/g)) {
  if (!tokens.has(name)) tokens.set(name, value.trim());
}

const main = readFileSync(mainFile, "utf8");
const own = new Set([...main.matchAll(/(--[\w-]+)\s*:/g)].map((m) => m[1]));
const used = new Map();
const missing = [];

function use(css) {
  for (const [, name] of css.matchAll(/var\((--[\w-]+)/g)) {
    if (own.has(name) || used.has(name)) continue;
    if (!tokens.has(name)) {
      missing.push(name);
      continue;
    }
    used.set(name, tokens.get(name));
    use(tokens.get(name));
  }
}
use(main);
if (missing.length > 0) {
  console.error(`${mainFile}: no such design token: ${missing.join(", ")}`);
  process.exit(1);
}

const minify = (css) => css
  .replace(/\/\*[^]*?\*\//g, "")
  .replace(/\s+/g, " ")
  .replace(/ ?([{};,>]) ?/g, "$1")
  .replace(/: /g, ":")
  .replace(/;}/g, "}")
  .trim();
const head = `:root{${[...used].map(([name, value]) => `${name}:${value}`).join(";")}}`;
writeFileSync(outFile, `${head}\n${minify(main)}\n`);
