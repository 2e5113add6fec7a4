// The ceilings of src/base/limits.h, as numbers.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./tree.mjs";

const lines = new Map([...readFileSync(join(root, "src/base/limits.h"), "utf8").matchAll(/^#define (LIMIT_\w+) (.+?)(?:\s*\/\*.*)?$/gm)].map(([, name, text]) => [name, text]));

export function limit(name) {
  const text = lines.get(name)?.replace(/LIMIT_\w+/g, (other) => limit(other)).replace(/(\d)u\b/g, "$1");
  if (!/^[\d\s()+*<]+$/.test(text ?? "")) throw new Error(`no number: ${name} ${text}`);
  return Number(Function(`return ${text}`)());
}
