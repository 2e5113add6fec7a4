/*
 * The rules of a form's page, at once: which questions are asked, what is computed, what is wrong with an answer (docs/rules.md). The server
 * writes them into the page (src/domain/definition/rule_data.c) and stays the truth: what this file cannot know it leaves to it, and tests/rules holds
 * both to the same verdicts. The first half knows no page and runs anywhere.
 */

const TEXT = "text", DAY = new Set(["date", "month", "partial_date", "partial_month"]), UNASKED = new Set(["group", "note", "calc"]);
const MOST = 999999999999999n, TOP = 2n ** 63n - 1n;
const within = (n) => (n > TOP ? TOP : n < -TOP - 1n ? -TOP - 1n : n);
const points = (s) => [...s].length;

const whole = (s) => {
  if (!/^-?\d{1,20}$/.test(s)) return null;
  const n = BigInt(s);
  return n === within(n) ? n : null;
};

function thousandths(s) {
  const m = /^(-?)(\d{1,15})(?:\.(\d{1,3}))?$/.exec(s);
  if (!m) return null;
  const n = BigInt(m[2]) * 1000n + BigInt((m[3] ?? "").padEnd(3, "0"));
  return m[1] ? -n : n;
}

/* Rounded half up, away from 0. */
function written(n, decimals) {
  const unit = BigInt(10 ** (3 - decimals)), shift = BigInt(10 ** decimals), amount = ((n < 0n ? -n : n) + unit / 2n) / unit;
  return (n < 0n && amount ? "-" : "") + amount / shift + (decimals ? `.${String(amount % shift).padStart(decimals, "0")}` : "");
}

/* Dates as numbers: YYYYMMDD, YYYYMM. */
const isMonth = (n) => n >= 101 && n <= 999912 && n % 100 >= 1 && n % 100 <= 12;
const days = (year, month) => (month === 2 ? 28 + (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)) : [4, 6, 9, 11].includes(month) ? 30 : 31);
const isDate = (n) => n <= 99991231 && isMonth(Math.floor(n / 100)) && n % 100 >= 1 && n % 100 <= days(Math.floor(n / 10000), Math.floor(n / 100) % 100);
const flat = (type, s) => /^[1-9]\d*$/.test(s) && { date: [8], month: [6], partial_date: [4, 6, 8], partial_month: [4, 6] }[type].includes(s.length);
const exists = (s) => s.length === 4 || (s.length === 8 ? isDate(+s) : isMonth(+s));
const digitsOf = (n) => (n >= 10000000 && n <= 99991231 ? (isDate(n) ? 8 : 0) : n >= 100000 && n <= 999912 ? (isMonth(n) ? 6 : 0) : n >= 1000 && n <= 9999 ? 4 : 0);

function order(a, b) {
  const da = digitsOf(a), db = digitsOf(b), known = Math.min(da, db), cut = (n, from) => Math.floor(n / 10 ** (from - known));
  return known ? { order: Math.sign(cut(a, da) - cut(b, db)), whole: da === db } : null;
}

/* ---- one answer by itself ---- */

const HIDDEN = new RegExp("[\\0-\\x1f\\x7f-\\x9f\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164"
  + "\\ufdd0-\\ufdef\\ufeff\\uffa0\\ufff0-\\ufffb\\ufffd\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e00ff}\\u{e01f0}-\\u{e0fff}]", "u");
const hidden = (c) => (c.codePointAt(0) & 0xfffe) === 0xfffe || HIDDEN.test(c);
const any = /^/u;
const LETTERS = {
  full: /[^\0-\x7f\xa5\uff61-\uffdc\uffe8-\uffee]/u, ascii: /[ -~]/, upper: /[A-Z '.,-]/, alnum: /[0-9A-Za-z]/, digit: /\d/, number: /[\d-]/, card: /[A-Z\d]/,
  email: /[0-9A-Za-z!#$%&'*+\-/=?^_\x60{|}~.@]/,
};

function character(field, value, allowed, msg) {
  for (const c of value) {
    if (field.t === "textarea" && c === "\n") continue;
    if (hidden(c)) return { msg: "hidden", args: { char: `U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}` } };
    if (!allowed.test(c)) return { msg, args: { char: c } };
  }
  return null;
}

function length({ n = 0, x = 0 }, value) {
  const count = points(value);
  if (count > x) return { msg: n === x ? "length" : "too_long", args: { count, max: x } };
  if (count < n) return n === x ? { msg: "length", args: { count, max: x } } : { msg: "too_short", args: { count, min: n } };
  return null;
}

const quoted = (value) => (points(value) > 40 ? `${[...value].slice(0, 40).join("")}…` : value);
const isLabel = (s) => s.length <= 63 && /^[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?$/.test(s);

function isEmail(s) {
  const at = s.indexOf("@"), local = s.slice(0, at), labels = s.slice(at + 1).split(".");
  return s.length <= 254 && at >= 1 && at <= 64 && /^[0-9A-Za-z!#$%&'*+\-/=?^_\x60{|}~]+(?:\.[0-9A-Za-z!#$%&'*+\-/=?^_\x60{|}~]+)*$/.test(local)
    && s.length - at - 1 <= 253 && labels.length >= 2 && labels.every(isLabel) && /^[A-Za-z]/.test(labels.at(-1));
}

function corporate(s) {
  let sum = 0;
  for (let n = 1; n <= 12; n++) sum += Number(s[13 - n]) * (n % 2 ? 1 : 2);
  return Number(s[0]) === 9 - (sum % 9);
}

function day(field, value) {
  if (!flat(field.t, value)) return character(field, value, any) ?? { msg: field.t, args: { typed: quoted(value) } };
  return exists(value) ? null : { msg: "no_such_date", args: { typed: value.replace(/^(....)(..)(..)?$/, (_, y, m, d) => [y, m, ...(d ? [d] : [])].join("-")) } };
}

function count(field, value) {
  const min = field.n ?? 0, bad = character(field, value, min < 0 ? LETTERS.number : LETTERS.digit, "char_number"), n = whole(value);
  if (bad) return bad;
  return n !== null && n >= BigInt(min) && n <= BigInt(field.x ?? 0) ? null : { msg: "range", args: { typed: quoted(value), min, max: field.x ?? 0 } };
}

const long = (field, value) => character(field, value, any) ?? length(field, value);
const code = (field, value) => character(field, value, LETTERS.digit, "char_digit") ?? length(field, value);
const wrong = {
  text: (field, value) => character(field, value, LETTERS[field.s] ?? any, `char_${field.s}`) ?? length(field, value),
  textarea: long, address: long, number: count, yen: count, digits: code, phone: code, postal: code, date: day, month: day, partial_date: day, partial_month: day,
  email: (field, value) => character(field, value, LETTERS.email, "char_email") ?? length(field, value) ?? (isEmail(value) ? null : { msg: "email", args: { typed: quoted(value) } }),
  card_no: (field, value) => character(field, value, LETTERS.card, "char_card") ?? (/^[A-Z]{2}\d{8}[A-Z]{2}$/.test(value) ? null : { msg: "card", args: { typed: quoted(value) } }),
  corp_no: (field, value) => code(field, value) ?? (corporate(value) ? null : { msg: "corp", args: { typed: value } }),
};

/* ---- from what was typed to what is stored; null: the server can tell, this cannot ---- */

const kana = (s) => s.replace(/[\uff61-\uff9f][\uff9e\uff9f]?/g, (m) => {
  const one = m.normalize("NFKC");
  return one.length === 1 && m[0] < "\uff9e" ? one : [...m].map((c) => (c === "\uff9e" ? "\u309b" : c === "\uff9f" ? "\u309c" : c.normalize("NFKC"))).join("");
});
const half = (s) => kana(s.replace(/[\u2010-\u2015\u2212\ufe63\ufe58]/g, "-").replace(/[\u3000\xa0]/g, " ").replace(/[\u2018\u2019]/g, "'")
  .replace(/[\u201c\u201d]/g, '"').replace(/\u301c/g, "~").replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))).normalize("NFC");
const full = (s) => kana(s).replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)).replace(/[ \xa0]/g, "\u3000").replace(/\xa5/g, "\uffe5")
  .replace(/[\u2010-\u2013\u2212]/g, "\uff0d").normalize("NFC");
const trim = (s) => s.replace(/^[ \t\n\r\v\f\u3000\xa0]+|[ \t\n\r\v\f\u3000\xa0]+$/g, "");
const without = (s, signs) => trim([...half(s)].filter((c) => !signs.includes(c)).join(""));
const upper = (s) => s.replace(/[a-z]/g, (c) => c.toUpperCase());

/* Canonical: no sign +, no zeros in front. */
function integer(s, typed) {
  const m = /^([+-]?)0*(\d+)$/.exec(s);
  if (!m || s.replace(/^[+-]/, "").length > 256) return typed;
  return m[1] === "-" && m[2] !== "0" ? `-${m[2]}` : m[2];
}

const yen = (s) => {
  const amount = without(s, " ,\\").replace(/^\xa5/, "").replace(/^\uffe5/, "").replace(/円$/, "").replace(/yen$/, "").replace(/JPY$/, "");
  return integer(amount.replace(/^(\d+)万(\d{0,4})$/, (_, high, low) => high + low.padStart(4, "0")), s);
};

/* 2000-1-23, 2000/1, 20000123: of digits only; eras and names of months are for the server. */
function dated(type, typed) {
  const text = trim(half(typed.normalize("NFKC"))), most = type.endsWith("month") ? 2 : 3, partial = type.startsWith("partial");
  if (/^[-/., ]*$/.test(typed)) return "";
  if (!/^[\d\-/., ]+$/.test(text) || /^[-/., ]/.test(text)) return null;
  let parts = text.replace(/[-/., ]+$/, "").split(/ *[-/.,] *| +/);
  if (parts.length === 1 && /^(\d{4}|\d{6}|\d{8})$/.test(parts[0])) parts = parts[0].replace(/^(....)(..)?(..)?$/, "$1 $2 $3").trim().split(" ");
  if (parts.some((part, i) => !(i ? /^\d{1,2}$/ : /^[1-9]\d{3}$/).test(part)) || parts.length > 3) return typed;
  while (parts.length > 1 && Number(parts.at(-1)) === 0) parts.pop();
  return parts.length > most || (parts.length < most && !partial) ? typed : parts.map((part) => part.padStart(2, "0")).join("");
}

const taking = {
  text(s, field) {
    const text = s.replaceAll("\t", " ");
    if (field.s === "full") return full(text);
    if (!field.s) return text;
    if (field.s === "alnum") return without(text, " -");
    const narrow = half(text);
    if (field.s === "ascii") return narrow;
    return /[^\0-\x7f]/.test(narrow) ? null : upper(narrow).replace(/ +/g, " ");
  },
  textarea: (s) => s.replace(/\r\n?/g, "\n").replaceAll("\t", " "),
  address: (s) => full(s.replaceAll("\t", " ")),
  number: (s) => integer(without(s, " ,"), s), yen, digits: (s) => without(s, " -"),
  phone: (s) => without(s, " -().").replace(/^\+810?/, "0"),
  postal: (s) => without(s, " -").replace(/^〒+/, ""),
  card_no: (s) => upper(without(s, " -")),
  corp_no: (s) => upper(without(s, " -")).replace(/^T(?=.{13}$)/su, ""),
  email: (s) => without(s, " ").replace(/@.*$/s, (domain) => domain.replace(/[A-Z]/g, (c) => c.toLowerCase())),
};
const wide = new Set(["address", "textarea"]);

export function take(field, typed) {
  const type = field.t ?? TEXT, s = trim(typed.normalize("NFC"));
  /* A long vowel sign may be meant for a hyphen: that hangs on its neighbours. */
  if (s && /[\u30fc\uff70]/.test(s) && !wide.has(type) && !(type === TEXT && (!field.s || field.s === "full"))) return null;
  if (!s) return "";
  if (DAY.has(type)) return dated(type, s);
  const value = taking[type] ? taking[type](s, field) : s;
  return value === null ? null : trim(value);
}

/* ---- all of them together ---- */

/** The rules, ready for use; `data` as it stands in the page. */
export function prepare(data) {
  const fields = new Map();
  const add = (field, group) => {
    Object.assign(field, { t: field.t ?? TEXT, g: group, tail: group ? field.i.slice(group.i.length + 1) : "" });
    fields.set(field.i, field);
    for (const one of field.f ?? []) add(one, field);
  };
  for (const field of data.f) add(field, null);
  for (const guest of data.g) add(guest, null);
  return { ...data, fields };
}

export const pathOf = (field, row) => (field.g ? `${field.g.i}.${row}.${field.tail}` : field.i);

/**
 * What follows from the answers (path → stored value): `shown(field, row)`, `value(field, row)` of those that are computed too, and `issues`,
 * each {path, msg or check, args, others, missing, warning}.
 */
export function judge(rules, answers) {
  const seen = new Map(), computed = new Map(), issues = [];
  const named = (id) => rules.fields.get(id);

  function value(field, row) {
    const path = pathOf(field, row);
    if (field.t !== "calc") return field.v ?? answers.get(path) ?? "";
    if (!computed.has(path)) {
      const copy = field.k?.[0] === "y" || field.k?.[0] === "v", n = copy || !shown(field, row) ? null : amount(field.k, row);
      computed.set(path, copy && shown(field, row) ? copied(field.k, row) : n === null ? "" : written(n, field.u ?? 0));
    }
    return computed.get(path);
  }

  function copied([sign, id], row) {
    return sign === "v" ? id : shown(named(id), row) ? value(named(id), row) : "";
  }

  function shown(field, row) {
    const path = pathOf(field, row);
    if (!seen.has(path)) seen.set(path, (!field.g || shown(field.g)) && holds(field.w ?? 1, row));
    return seen.get(path);
  }

  function holds(rule, row) {
    if (!Array.isArray(rule)) return rule === 1;
    const [sign, name, ...rest] = rule;
    if (sign === "&") return rule.slice(1).every((one) => holds(one, row));
    if (sign === "|") return rule.slice(1).some((one) => holds(one, row));
    if (sign === "!") return !holds(name, row);
    const field = named(name);
    if (!shown(field, row)) return false;
    const is = value(field, row);
    if (sign === "=") return rest.includes(is);
    if (sign === "~") return is.split(" ").some((one) => rest.includes(one));
    if (sign === "?") return is !== "";
    const n = sign === "@" ? age(is) : number(field, is);
    return n !== null && (rest[0] === null || n >= BigInt(rest[0])) && (rest[1] === null || n < BigInt(rest[1]));
  }

  function number(field, is) {
    if (field.t === "calc") return thousandths(is);
    const n = whole(is);
    return n === null || n > MOST || n < -MOST ? null : n * 1000n;
  }

  function age(is) {
    if (!/^(\d{4}|\d{6}|\d{8})$/.test(is)) return null;
    const born = Number(is.padEnd(8, "01"));
    return isDate(born) && born <= rules.t ? BigInt(Math.floor((rules.t - born) / 10000)) * 1000n : null;
  }

  /* One more than the last row with any answer; of one too many nobody looks further. */
  function rows(group) {
    let n = group.x + 1;
    while (n && !group.f.some((field) => field.t !== "calc" && (answers.get(pathOf(field, n - 1)) ?? "") !== "")) n--;
    return n;
  }
  /* A group that is never asked comes without its fields. */
  const rowsOf = (group) => (group.f ? [...Array(Math.min(rows(group), group.x)).keys()] : []);
  const given = (group, row) => group.f.some((field) => !UNASKED.has(field.t) && shown(field, row) && value(field, row) !== "");

  function amount(k, row) {
    if (k === null) return null;
    const [sign, ...of] = k, parts = () => of.map((one) => amount(one, row)).filter((n) => n !== null);
    if (sign === "k") return BigInt(of[0]);
    if (sign === "w") return holds(of[0], row) ? amount(of[1], row) : of.length > 2 ? amount(of[2], row) : null;
    if (sign === "/") {
      const part = amount(of[0], row), all = amount(of[1], row);
      return part === null || all === null || all === 0n ? null : within((part * 100000n) / all);
    }
    if ("+Mm".includes(sign)) {
      const n = parts();
      return n.length ? n.reduce((a, b) => (sign === "+" ? within(a + b) : (sign === "M") === (a > b) ? a : b)) : null;
    }
    const field = named(of[0]);
    if (!field) return null;
    if (sign === "r") return shown(field) ? BigInt(rowsOf(field).filter((one) => given(field, one)).length) * 1000n : null;
    if (sign === "s") {
      const n = !shown(field.g) ? [] : rowsOf(field.g).filter((one) => shown(field, one)).map((one) => number(field, value(field, one))).filter((one) => one !== null);
      return n.length ? n.reduce((a, b) => within(a + b)) : null;
    }
    if (!shown(field, row)) return null;
    const is = value(field, row);
    if (sign === "a") return age(is);
    if (sign === "p") return is !== "" && is in of[1] ? BigInt(of[1][is]) * 1000n : null;
    if (sign === "c") return BigInt(of[1][Math.min(is ? is.split(" ").length : 0, of[1].length - 1)]) * 1000n;
    return number(field, is);
  }

  const refuse = (field, row, issue) => issues.push({ path: pathOf(field, row), field, row, args: {}, ...issue });

  function choice(field, row, is) {
    if (field.q || !field.d) return null;
    const parent = named(field.d), under = shown(parent, row) ? value(parent, row) : "", list = rules.l[field.l];
    if (!under) return { msg: "choice_first", others: [parent], missing: true };
    if (list.some(([one, of]) => one === is && (!of || of === under))) return null;
    return list.some(([one]) => one === is) ? { msg: "choice_elsewhere", others: [parent] } : null;
  }

  function one(field, row) {
    const is = value(field, row);
    if (UNASKED.has(field.t) || field.h) return;
    if (is !== "") {
      const same = field.e && named(field.e);
      const issue = same ? (shown(same, row) && value(same, row) !== is ? { msg: "same", others: [same] } : null) : (wrong[field.t]?.(field, is) ?? choice(field, row, is));
      if (issue) refuse(field, row, issue);
    } else if (field.r) {
      refuse(field, row, { msg: field.t === "checkbox" ? "tick" : ["select", "radio", "multi", "country"].includes(field.t) ? "choose" : "required", missing: true });
    } else if (field.o !== undefined) {
      const all = (field.g ? field.g.f : rules.f).filter((other) => other.o === field.o && shown(other, row));
      if (all[0] === field && all.every((other) => value(other, row) === ""))
        refuse(field, row, all.length === 1 ? { msg: "required", missing: true, others: all } : { msg: "one_of", others: all, missing: true });
    }
  }

  function group(field) {
    const full = rowsOf(field).filter((row) => given(field, row));
    let needed = Math.max(0, (field.n ?? 0) - full.length);
    for (let row = 0; row < field.x; row++) {
      const standsIn = !full.includes(row) && needed > 0, before = issues.length;
      if (!full.includes(row) && !standsIn) continue;
      for (const one_ of field.f) if (shown(one_, row)) one(one_, row);
      needed -= standsIn;
      if (standsIn && issues.length === before) {
        refuse(field, 0, { msg: "rows_min", args: { min: field.n }, missing: true });
        needed = 0;
      }
    }
  }

  function measure(field, row) {
    if (!shown(field, row)) return null;
    const is = value(field, row);
    return DAY.has(field.t) ? whole(is) : number(field, is);
  }

  const compare = (op, by, complete) => (op === "le" ? by <= 0 : op === "lt" ? by < 0 || (by === 0 && !complete) : by === 0);

  /* What is compared must be there; what is only asked to be given need not. */
  function comparable(rule, row) {
    if (!Array.isArray(rule) || rule[0] === "?") return true;
    if ("&|!".includes(rule[0])) return rule.slice(1).every((part) => comparable(part, row));
    return shown(named(rule[1]), row) && value(named(rule[1]), row) !== "";
  }

  function stands({ o, a, b, v = 0, t, r }, row) {
    const first = named(a), second = b && named(b);
    if (o === "rule") return !comparable(r, row) || holds(r, row);
    if (t) return !shown(first, row) || !shown(second, row) || !value(first, row) || !value(second, row) || value(first, row) === value(second, row);
    const n = measure(first, row);
    if (n === null) return true;
    if (o === "from" || o === "until") {
      const by = order(Number(n), v);
      return !by || (o === "from" ? by.order >= 0 : by.order <= 0);
    }
    const m = second ? measure(second, row) : BigInt(v) * (DAY.has(first.t) ? 1n : 1000n);
    if (m === null) return true;
    if (!DAY.has(first.t)) return compare(o, n < m ? -1 : Number(n > m), true);
    const by = order(Number(n), Number(m));
    return !by || compare(o, by.order, by.whole);
  }

  function check(rule) {
    const refused = (row) => refuse(named(rule.a), row, { check: rule, warning: Boolean(rule.s) });
    if (!rule.g) return holds(rule.w ?? 1) && !stands(rule) && refused();
    const all = rowsOf(named(rule.g));
    if (rule.o !== "sum") return all.forEach((row) => holds(rule.w ?? 1, row) && !stands(rule, row) && refused(row));
    const parts = holds(rule.w ?? 1) ? all.map((row) => [row, measure(named(rule.a), row)]).filter(([, n]) => n !== null) : [];
    if (parts.reduce((sum, [, n]) => within(sum + n), 0n) > BigInt(rule.v ?? 0) * 1000n) refused(parts[0][0]);
  }

  for (const field of rules.f) {
    if (!shown(field)) continue;
    if (field.t === "group") group(field);
    else one(field);
  }
  rules.c.forEach(check);
  return { shown, value, issues, rows };
}
