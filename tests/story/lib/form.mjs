// What the program says about the fields of a form (`admin procedure json`), as a person reads it: labels and choices in both languages,
// without readings.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./portal.mjs";

const program = process.env.MADOGUCHI ?? join(root, "build/src/cmd/madoguchi");

/** A compiled definition: {id, title, short, sections, lists, fieldOf(path), choiceOf(field, value, lang)}. */
export function definitionOf(id) {
  const json = JSON.parse(execFileSync(program, ["admin", "procedure", "json", join(root, "procedures"), id], { encoding: "utf8", maxBuffer: 1 << 26 }));
  const fields = new Map();

  function add(list, section, group) {
    for (const one of list) {
      const name = group ? one.path.slice(group.path.length + 1) : one.path;
      const field = { ...one, id: name, no: one.no ?? "", depends: one.depends_on, section, group, ...one.label };
      fields.set(one.path, field);
      if (one.fields) add(one.fields, section, field);
    }
  }
  const sections = json.sections.map((one) => {
    const section = { id: one.id, when: one.when, ...one.title };
    add(one.fields, section);
    return section;
  });

  return {
    ...json, sections, sections_json: json.sections, fields, short: json.short_title,

    /** The field of an answer's path; "family.0.name" is the field name of the group family, in its first row. */
    fieldOf(path) {
      const [id, row, ...rest] = path.split(".");
      const field = fields.get(row === undefined ? id : `${id}.${rest.join(".")}`);
      if (!field) throw new Error(`the definitions have no field for ${path}`);
      return { ...field, path, row: row === undefined ? undefined : Number(row) };
    },

    choiceOf(field, value, lang) {
      const choice = json.lists[field.choices]?.find((one) => one.value === value);
      if (!choice) throw new Error(`${field.id} has no choice ${value}`);
      return choice[lang];
    },
  };
}

export const procedure = definitionOf("extension");
export const { sections, fieldOf, choiceOf } = procedure;

/** Answers that make a whole application, "min" or "full", of somebody with this address. */
export function answersOf(name, address = "mai@example.jp") {
  const answers = JSON.parse(readFileSync(join(root, "tests/data", `extension_student_${name}.json`), "utf8"));
  return { ...answers, email: address, email_confirm: address, notify_email: address, notify_email_confirm: address };
}

/** So many days from today, as the counter's clock has it: YYYYMMDD. */
export function dayFromNow(days) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Tokyo" }).format(Date.now() + days * 86400000).replace(/-/g, "");
}

/** The answers of a story, tests/data/<name>.json; "{today+30}" stands for a day that must lie so far from today. */
export function told(name) {
  const text = readFileSync(join(root, "tests/data", `${name}.json`), "utf8");
  return JSON.parse(text.replace(/\{today([+-]\d+)\}/g, (_, days) => dayFromNow(Number(days))));
}
