// What the definitions say about the fields of a form, as a person reads it: labels and choices in both languages, without readings.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./portal.mjs";
import { readYaml } from "./yaml.mjs";

const folder = join(root, "procedures");
const plain = (text) => text.replace(/｜/g, "").replace(/《[^》]*》/g, "").trim();
const words = (text) => ({ ja: plain(text.ja), en: plain(text.en) });

const csvLine = (line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) => (m[1] ?? m[2]).replace(/""/g, '"'));

const lists = new Map();
function addLists(choices = {}) {
  for (const [id, rows] of Object.entries(choices)) lists.set(id, rows.map((row) => ({ value: row.value, ...words(row) })));
}
for (const file of readdirSync(join(folder, "codes"))) {
  const [head, ...rows] = readFileSync(join(folder, "codes", file), "utf8").trim().split(/\r?\n/).map(csvLine);
  addLists({ [file.replace(/\.csv$/, "")]: rows.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i]]))) });
}

const fields = new Map();
function addFields(list, section, group) {
  for (const item of list) {
    if (item.include) {
      const shared = readYaml(readFileSync(join(folder, item.include), "utf8"));
      const wanted = (f) => !item.leave_out?.includes(f.id);
      addLists(shared.choices);
      addFields(shared.fields.filter(wanted).map((f) => ({ ...f, no: item.numbers?.[f.id] ?? f.no })), section, group);
      continue;
    }
    const field = { id: item.id, no: item.no ?? "", type: item.type, choices: item.choices, depends: item.depends_on, section, group, ...words(item.label) };
    fields.set(group ? `${group.id}.${item.id}` : item.id, field);
    if (item.type === "group") addFields(item.fields, section, field);
  }
}

const definition = readYaml(readFileSync(join(folder, "extension/procedure.yaml"), "utf8"));
addLists(definition.choices);

export const procedure = { id: "extension", title: words(definition.title), short: words(definition.short_title) };
export const sections = definition.sections.map(({ id, title, fields: list }) => {
  const section = { id, ...words(title) };
  addFields(list, section);
  return section;
});

/** The field of an answer's path; "family.0.name" is the field name of the group family, in its first row. */
export function fieldOf(path) {
  const [id, row, ...rest] = path.split(".");
  const field = fields.get(row === undefined ? id : `${id}.${rest.join(".")}`);
  if (!field) throw new Error(`the definitions have no field for ${path}`);
  return { ...field, path, row: row === undefined ? undefined : Number(row) };
}

export function choiceOf(field, value, lang) {
  const choice = lists.get(field.choices)?.find((one) => one.value === value);
  if (!choice) throw new Error(`${field.id} has no choice ${value}`);
  return choice[lang];
}

/** Answers that make a whole application, "min" or "full", of somebody with this address. */
export function answersOf(name, address = "mai@example.jp") {
  const answers = JSON.parse(readFileSync(join(root, "tests/data", `extension_student_${name}.json`), "utf8"));
  return { ...answers, email: address, email_confirm: address, notify_email: address, notify_email_confirm: address };
}
