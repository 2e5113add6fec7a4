// Writes the files of web/ as a table of C: node assets.mjs OUT FILE…

import { readFileSync, writeFileSync } from "node:fs";
import { basename, extname } from "node:path";

const [, , out, ...paths] = process.argv;
const types = { ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml" };
const rows = paths.map((path) => {
  const bytes = [...readFileSync(path)].map((byte, i) => `${byte > 127 ? byte - 256 : byte},${i % 24 === 23 ? "\n" : ""}`).join("");
  return { name: basename(path), type: types[extname(path)], bytes };
});
writeFileSync(out, `#include "sim/phone/web_assets.h"\n\n${rows.map(({ bytes }, i) => `static const char file_${i}[] = {${bytes}};\n`).join("")}
const struct web_asset web_assets[WEB_ASSETS] = {\n${rows.map(({ name, type }, i) => `\t{STR_INIT("/${name}"), STR_INIT("${type}"), {file_${i}, sizeof file_${i}}},\n`).join("")}};\n`);
