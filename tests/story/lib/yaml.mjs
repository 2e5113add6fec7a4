// Reads the part of YAML that the definitions of procedures use: maps and lists by indentation or in brackets, quoted and plain
// scalars, block scalars. Every scalar is a string. No anchors, tags or documents: the program refuses them too.

export function readYaml(text) {
  const lines = text.split("\n").filter((line) => !/^\s*#/.test(line));
  let at = 0;
  const indent = (line) => line.search(/\S/);
  const skipEmpty = () => { while (at < lines.length && lines[at].trim() === "") at++; };

  function block(column) {
    skipEmpty();
    return /^\s*- /.test(lines[at] ?? "") ? list(column) : map(column);
  }

  function list(column) {
    const items = [];
    for (skipEmpty(); at < lines.length && indent(lines[at]) === column && lines[at].trimStart().startsWith("- "); skipEmpty()) {
      const rest = lines[at].slice(column + 2);
      if (/^[\w]+:(\s|$)/.test(rest)) {
        lines[at] = " ".repeat(column + 2) + rest;
        items.push(map(column + 2));
      } else {
        at++;
        items.push(scalar(rest.trim()));
      }
    }
    return items;
  }

  function map(column) {
    const out = {};
    for (skipEmpty(); at < lines.length && indent(lines[at]) === column; skipEmpty()) {
      const m = /^\s*([\w.]+):(?:\s+(.*))?$/.exec(lines[at]);
      if (!m) throw new Error(`not understood: ${lines[at]}`);
      at++;
      const [, key, value = ""] = m;
      if (/^[|>]/.test(value)) out[key] = blockScalar(column, value[0] === ">" ? " " : "\n");
      else if (value) out[key] = scalar(value);
      else {
        skipEmpty();
        const below = at < lines.length ? indent(lines[at]) : -1;
        out[key] = below > column || (below === column && lines[at].trimStart().startsWith("- ")) ? block(below) : "";
      }
    }
    return out;
  }

  function blockScalar(column, join) {
    const rows = [];
    while (at < lines.length && (lines[at].trim() === "" || indent(lines[at]) > column)) rows.push(lines[at++].trim());
    return rows.join(join).trim();
  }

  return block(0);
}

/** One value on one line: in quotes, in brackets, or plain. */
function scalar(text) {
  let at = 0;
  const blank = () => { while (text[at] === " ") at++; };

  function value(end) {
    blank();
    if (text[at] === "{" || text[at] === "[") return flow(text[at]);
    if (text[at] === '"' || text[at] === "'") {
      const close = text.indexOf(text[at], at + 1), inside = text.slice(at + 1, close);
      at = close + 1;
      return inside;
    }
    const from = at;
    while (at < text.length && !end.includes(text[at]) && !(text[at] === " " && text[at + 1] === "#")) at++;
    return text.slice(from, at).trim();
  }

  function flow(open) {
    const close = open === "{" ? "}" : "]", out = open === "{" ? {} : [];
    at++;
    for (blank(); at < text.length && text[at] !== close; blank()) {
      if (open === "{") {
        const key = value(":");
        at++;
        out[key] = value(",}");
      } else {
        out.push(value(",]"));
      }
      blank();
      if (text[at] === ",") at++;
    }
    at++;
    return out;
  }

  return value("");
}
