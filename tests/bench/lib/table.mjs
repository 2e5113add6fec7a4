// Figures, and the tables that they stand in: what, figure, raw, ratio, budget, met?

export function series(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], min: sorted[0], max: sorted.at(-1) };
}

const grouped = (n) => Math.round(n).toLocaleString("en-US");
const short = (n) => (n >= 100 ? grouped(n) : n >= 10 ? n.toFixed(1) : n.toFixed(2));

const units = {
  rate: (n) => `${n >= 100 ? grouped(n) : n.toFixed(1)}/s`,
  ms: (us) => `${short(us / 1000)} ms`,
  us: (us) => `${short(us)} µs`,
  mb: (kb) => `${short(kb / 1024)} MB`,
  kb: (bytes) => `${short(bytes / 1024)} KB`,
  speed: (bytes) => `${short(bytes / 1e6)} MB/s`,
  count: (n) => grouped(n),
};

function words(figure, unit) {
  if (figure === undefined) return "";
  const { median, min, max } = typeof figure === "number" ? series([figure]) : figure;
  const text = units[unit](median);
  if (min === max) return text;
  const bare = (n) => units[unit](n).replace(/(\/s| .*)$/, "");
  return `${text} (${bare(min)}–${bare(max)})`;
}

const middle = (figure) => (typeof figure === "number" ? figure : figure?.median);

// budget: { text, most | least | ratio | within }: the figure is at most, at least that, or its ratio to raw at least, at most that.
export class Table {
  constructor(title, note) {
    Object.assign(this, { title, note, rows: [] });
  }

  add(what, unit, figure, { raw, budget } = {}) {
    const value = middle(figure);
    const ratio = raw === undefined ? undefined : value / middle(raw);
    let met = "";
    if (budget) {
      met = budget.within !== undefined ? ratio <= budget.within : budget.ratio !== undefined ? ratio >= budget.ratio : budget.least !== undefined ? value >= budget.least : value <= budget.most;
      if (budget.also !== undefined) met &&= value >= budget.also;
      met = met ? "yes" : "no";
    }
    this.rows.push([what, words(figure, unit), words(raw, unit), ratio === undefined ? "" : ratio.toFixed(2), budget?.text ?? "", met]);
  }

  static head = ["what", "figure", "raw", "ratio", "budget", "met?"];

  text() {
    const all = [Table.head, ...this.rows];
    const widths = Table.head.map((_, i) => Math.max(...all.map((row) => row[i].length)));
    const line = (row) => row.map((cell, i) => cell.padEnd(widths[i])).join("  ").trimEnd();
    return [this.title, "", line(Table.head), widths.map((n) => "-".repeat(n)).join("  "), ...this.rows.map(line), ""].join("\n");
  }

  markdown() {
    const line = (row) => `| ${row.join(" | ")} |`;
    return [`## ${this.title}`, "", ...(this.note ? [this.note, ""] : []), line(Table.head), "|---|---|---|---|---|---|", ...this.rows.map(line), ""].join("\n");
  }
}
