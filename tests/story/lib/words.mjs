// The texts of the catalogues as they are read: without readings, with their placeholders filled.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./portal.mjs";

const catalogues = {};

function read(lang) {
  const texts = new Map();
  for (const [, key, value] of readFileSync(join(root, "po", `${lang}.po`), "utf8").matchAll(/^msgid "(.+)"\nmsgstr ((?:".*"\n?)+)/gm)) {
    const text = [...value.matchAll(/"(.*)"/g)].map((m) => m[1]).join("");
    texts.set(key, text.replace(/\\(.)/g, (_, c) => (c === "n" ? "\n" : c)).replace(/\*\*/g, "").replace(/｜/g, "").replace(/《[^》]*》/g, ""));
  }
  return texts;
}

export function words(lang, key, values = {}) {
  catalogues[lang] ??= read(lang);
  const text = catalogues[lang].get(key);
  if (text === undefined) throw new Error(`po/${lang}.po has no text ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}
