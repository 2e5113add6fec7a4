// The colours of static/css/main.css by their duties, light and dark: text has a contrast of at least 4.5:1 with what it stands on (WCAG 1.4.3),
// edges and the focus 3:1 (1.4.11).

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { none, read, root } from "./lib/tree.mjs";

const tokens = join(root, "node_modules/@digital-go-jp/design-tokens/dist/tokens.css");
const css = read("static/css/main.css");
const skip = !existsSync(tokens) && "the design tokens are not installed";

const declarations = (text) => new Map([...text.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value.trim()]));

const text = [["ink", "ground"], ["ink", "sheet"], ["ink", "tint"], ["ink", "bad-tint"], ["ink", "care"], ["ink-soft", "ground"], ["ink-soft", "sheet"],
  ["ink-soft", "tint"], ["link", "ground"], ["link", "sheet"], ["link", "tint"], ["link-visited", "sheet"], ["on-key", "key"], ["on-key", "key-hover"],
  ["on-good", "good"], ["good", "sheet"], ["bad", "sheet"], ["bad", "bad-tint"]];
const edges = [["line-strong", "sheet"], ["line-strong", "ground"], ["key", "sheet"], ["focus", "sheet"], ["focus", "ground"], ["bad", "sheet"], ["care-line", "care"]];

for (const scheme of ["light", "dark"]) {
  test(`contrast, ${scheme}`, { skip }, () => {
    const base = declarations(readFileSync(tokens, "utf8"));
    for (const [name, value] of declarations(css.match(/^:root \{([^}]*)\}/m)[1])) base.set(name, value);
    if (scheme === "dark") for (const [name, value] of declarations(css.match(/prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}/)[1])) base.set(name, value);

    const colour = (name) => {
      let value = base.get(`--${name}`);
      for (let i = 0; value?.startsWith("var("); i++) {
        if (i > 8) break;
        value = base.get(value.slice(4, -1).trim());
      }
      const hex = value?.match(/^#([0-9a-f]{6}|[0-9a-f]{3})$/i)?.[1];
      if (!hex) throw new Error(`--${name} is ${value}, no plain colour`);
      const full = hex.length === 3 ? [...hex].map((c) => c + c).join("") : hex;
      return [0, 2, 4].map((i) => parseInt(full.slice(i, i + 2), 16) / 255);
    };
    // WCAG 2.2, relative luminance.
    const light = (name) => colour(name).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
      .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const ratio = (a, b) => {
      const [dark, bright] = [light(a), light(b)].sort((x, y) => x - y);
      return (bright + 0.05) / (dark + 0.05);
    };
    const faults = [];
    for (const [pairs, least] of [[text, 4.5], [edges, 3]]) {
      for (const [front, back] of pairs) if (ratio(front, back) < least) faults.push(`--${front} on --${back}: ${ratio(front, back).toFixed(2)}, at least ${least}`);
    }
    none(faults);
  });
}
