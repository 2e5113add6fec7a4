// Forms that are filled in to their limits, from the definitions alone (fill.c), and the compiled definitions.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { definitionOf } from "../../story/lib/form.mjs";
import { root } from "../../story/lib/portal.mjs";

const program = join(process.env.BUILD ?? join(root, "build"), "tests/forms/fill");

/** [{procedure, status, activity, answers}] for a kind of people; each status once. */
export function filledBy(type, ...procedures) {
  const lines = execFileSync(program, [join(root, "procedures"), type, ...procedures], { encoding: "utf8", maxBuffer: 1 << 28 });
  const seen = new Set();
  return lines.split("\n").filter(Boolean).map((line) => JSON.parse(line)).filter(({ procedure, status }) => {
    const name = `${procedure} ${status}`, first = !seen.has(name);
    seen.add(name);
    return first;
  });
}

const known = new Map();

export function definition(id) {
  if (!known.has(id)) known.set(id, definitionOf(id));
  return known.get(id);
}

/** The answers by section, as pairs of names and values of its page. */
export function bySection({ procedure, answers }) {
  const { sections, fieldOf } = definition(procedure), parts = new Map(sections.map(({ id }) => [id, []]));
  for (const [path, value] of Object.entries(answers)) {
    const field = fieldOf(path);
    if (field.type === "calc") continue;
    for (const one of field.type === "multi" ? value.split(" ") : [value]) parts.get(field.section.id).push([path, one]);
  }
  return [...parts].filter(([, fields]) => fields.length > 0);
}
