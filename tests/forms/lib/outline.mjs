// Forms as text, for reviewers who read no definitions: each question once, with its numbers, wording, kind, limits and condition, in both
// languages. Sections that several procedures share stand together.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../story/lib/portal.mjs";
import { definition } from "./filled.mjs";

export const procedures = () => readdirSync(join(root, "procedures"), { withFileTypes: true })
  .filter((one) => one.isDirectory() && !["shared", "codes"].includes(one.name)).map((one) => one.name).sort();

function rule(one) {
  if (!one) return "";
  const inner = (sub) => (["all", "any"].includes(sub.op) && sub.of.length > 1 ? `(${rule(sub)})` : rule(sub));
  switch (one.op) {
  case "all": case "any": return one.of.length ? one.of.map(inner).join(one.op === "all" ? " and " : " or ") : one.op === "all" ? "always" : "never";
  case "not": return `not ${inner(one.of[0])}`;
  case "is": case "in": case "has": return `${one.field} ${one.op === "has" ? "has" : "="} ${one.values.join("|")}`;
  case "given": return `${one.field} given`;
  case "range": case "age": return `${one.op === "age" ? "age by " : ""}${one.field} ${one.at_least ?? ""}…${one.below === undefined ? "" : `<${one.below}`}`;
  case "actor": return `by ${one.values.join("|")}`;
  default: return one.op;
  }
}

function kind(field, lists) {
  const parts = [field.type];
  if (field.script && field.script !== "any") parts.push(field.script);
  if (field.min_length || field.max_length) parts.push(field.min_length ? `${field.min_length}–${field.max_length}` : `≤${field.max_length}`);
  if (field.max !== undefined) parts.push(`${field.min ?? 0}…${field.max}`);
  if (field.choices) parts.push(`${field.choices} (${lists[field.choices].length})${field.depends_on ? ` by ${field.depends_on}` : ""}`);
  return parts.join(" ");
}

/** The lines of one question, without its number. */
function question(field, lists, indent) {
  const lines = [`${indent}${field.path.replace(/.*\./, "")}${field.required ? " *" : ""}: ${kind(field, lists)}`];
  lines.push(`${indent}  ${field.label.ja} / ${field.label.en}`);
  if (field.hint) lines.push(`${indent}  ? ${field.hint.ja} / ${field.hint.en}`.replace(/\n+/g, " "));
  if (field.when) lines.push(`${indent}  if ${rule(field.when)}`);
  return lines;
}

/** Name of the file → text. */
export function outlines() {
  const files = new Map();
  for (const id of procedures()) {
    const form = definition(id);
    for (const section of form.sections_json) {
      const letter = /^([a-z])_/.exec(section.id), name = letter ? `section_${letter[1]}` : id;
      const sections = files.get(name) ?? files.set(name, new Map()).get(name);
      const known = sections.get(section.id) ?? sections.set(section.id, { titles: new Set(), questions: new Map() }).get(section.id);
      const normal = (text) => text.replaceAll(form.status_field ?? "\0", "$status");
      known.titles.add(normal(`${section.title.ja} / ${section.title.en}${section.when ? `\n  if ${rule(section.when)}` : ""}`));
      const add = (list, indent) => {
        for (const field of list) {
          const text = normal(question(field, form.lists, indent).join("\n"));
          const all = known.questions.get(text) ?? known.questions.set(text, new Map()).get(text);
          all.set(id, field.no ?? "");
          if (field.fields) add(field.fields, `${indent}  `);
        }
      };
      add(section.fields, "  ");
    }
  }
  return new Map([...files].map(([name, sections]) => {
    const out = [];
    for (const [id, { titles, questions }] of sections) {
      out.push(`== ${id}`, ...titles, "");
      for (const [text, numbers] of questions) {
        const shared = [...numbers].map(([procedure, no]) => `${procedure}${no && ` ${no}`}`).join(", ");
        out.push(...text.split("\n"), `${/^ */.exec(text)[0]}  [${shared}]`);
      }
      out.push("");
    }
    return [`${name}.txt`, out.join("\n")];
  }));
}
