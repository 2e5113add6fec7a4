// Texts that nothing shows: every key of the catalogues is named by a template ({{t key}}) or by C (MSG_key). That those which are named exist is
// checked by the build; what the two catalogues have in common too, by msggen.

import test from "node:test";
import { codeOf, files, none, read } from "./lib/tree.mjs";

const keys = (path) => [...read(path).matchAll(/^msgid "([^"]+)"/gm)].map((m) => m[1]);

test("every text is used", () => {
  const used = new Set();
  for (const path of files(/^templates\//)) {
    for (const [, key] of read(path).matchAll(/\{\{\s*t\s+([a-z][a-z0-9._-]*)/g)) used.add(key.replace(/[.-]/g, "_"));
  }
  /* A table of names, each with three texts. */
  for (const [, name] of read("src/domain/identity/idv_errors.def").matchAll(/^X\((\w+),/gm)) for (const part of ["title", "detail", "next"]) used.add(`idv_error_${name}_${part}`);
  for (const path of files(/^src\/.*\.(c|h|def)$/)) {
    for (const [, id] of codeOf(read(path)).matchAll(/\bMSG_(\w+)/g)) used.add(id);
  }
  none(keys("po/en.po").filter((key) => !used.has(key.replace(/[.-]/g, "_"))).map((key) => `po: ${key} is used by nobody`));
});

test("the catalogues have the same keys in the same order", () => {
  const ja = keys("po/ja.po"), en = keys("po/en.po");
  none(en.map((key, i) => (key === ja[i] ? null : `en.po: ${key}, ja.po at the same place: ${ja[i]}`)).filter(Boolean).slice(0, 1));
});
