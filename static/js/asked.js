/*
 * A form's page that answers at once: questions come and go, what is computed is computed, lists narrow, and what is wrong is said when a field
 * is left: never while somebody types, and it goes as soon as it is mended. The rules are rules.js and come with the page; what they cannot
 * know is asked of the server by the event "ask", which main.js answers with a new page and the event "exchanged". Words are the page's.
 */

import { judge, pathOf, prepare, take } from "./rules.js";

const form = document.querySelector("form[data-rules]");
const ticks = new Set(["radio", "multi", "checkbox"]), dates = new Set(["date", "month", "partial_date", "partial_month"]);
const left = new Set(); /* paths of fields that the person has left */
const served = new Map(); /* what the server alone finds wrong: path → the answer that it is wrong with */
let rules, last, voice;

const boxOf = (path) => form.querySelector(`[data-field="${CSS.escape(path)}"]`);

/* ---- reading the page ---- */

function text(field, boxes) {
  if (ticks.has(field.t)) return boxes.filter((e) => e.checked).map((e) => e.value).join(" ");
  if (!dates.has(field.t)) return boxes[0].value;
  const parts = boxes.map((e) => e.value.trim());
  return parts.slice(1).every((part) => part === "") ? parts[0] : parts.join("-");
}

/* Each field of the page in each row that it shows. */
function* places() {
  for (const field of rules.f) {
    yield [field, 0];
    if (!field.f) continue;
    const rows = boxOf(field.i)?.querySelectorAll(":scope > .row").length ?? 0;
    for (let row = 0; row < rows; row++) for (const one of field.f) yield [one, row];
  }
}

function look() {
  const boxes = new Map(), answers = new Map(), unknown = new Set();
  for (const e of form.elements) if (e.name) boxes.set(e.name, [...(boxes.get(e.name) ?? []), e]);
  for (const [field, row] of places()) {
    const path = pathOf(field, row), mine = boxes.get(path);
    if (!mine) continue;
    const typed = text(field, mine), value = ticks.has(field.t) ? typed : take(field, typed);
    if (value === null) unknown.add(path);
    if (value ?? typed) answers.set(path, value ?? typed.trim());
  }
  /* A condition that hangs on what only the server can read is the server's. */
  const blind = [...unknown].some((path) => "controls" in (boxes.get(path)[0].dataset ?? {}));
  return { answers, unknown, blind, boxes, ...judge(rules, answers) };
}

/* ---- showing what follows ---- */

/* A text of the page with its placeholders filled: by words, or by a copy of what stands on the page. */
function fill(html, values) {
  const body = document.createElement("template");
  body.innerHTML = html ?? "";
  const walk = document.createTreeWalker(body.content, NodeFilter.SHOW_TEXT), nodes = [];
  while (walk.nextNode()) nodes.push(walk.currentNode);
  for (const node of nodes) {
    const parts = node.data.split(/\{([a-z_]+)\}/);
    node.replaceWith(...parts.map((part, i) => (i % 2 ? (values[part]?.cloneNode?.(true) ?? String(values[part] ?? "")) : part)));
  }
  return body.content;
}

function labelOf(field, row) {
  const found = boxOf(pathOf(field, row))?.querySelector("label, legend, .question"), label = document.createDocumentFragment();
  for (const node of found?.cloneNode(true).childNodes ?? []) if (!node.matches?.(".no, .tag")) label.append(node.cloneNode(true));
  label.firstChild?.replaceWith(...(label.firstChild.data !== undefined ? [label.firstChild.data.trimStart()] : [label.firstChild]));
  if (label.lastChild?.data !== undefined) label.lastChild.data = label.lastChild.data.trimEnd();
  return field.g ? fill(rules.m.row_label, { label, row: row + 1 }) : label;
}

function words({ msg, check, args, field, row, others = [] }) {
  if (check) return fill(check.m, {});
  const list = document.createDocumentFragment();
  others.forEach((other, i) => list.append(i ? rules.m.join : "", labelOf(other, other.g ? row : 0)));
  return fill(rules.m[msg], { ...args, label: labelOf(field, row), others: list });
}

const grouped = (value) => value.replace(/^(-?)(\d+)/, (_, sign, digits) => sign + digits.replace(/\B(?=(\d{3})+$)/g, ","));

function showComputed(field, row, now) {
  const output = document.getElementById(pathOf(field, row)), value = now.value(field, row);
  if (!output || field.c) return;
  output.replaceChildren(value === "" ? fill(rules.m.none, {}) : field.y ? fill(rules.m[field.y], { amount: grouped(value) }) : grouped(value));
}

/* What is chosen stays among the choices until another is. */
function narrow(field, row, now) {
  const [select] = now.boxes.get(pathOf(field, row)) ?? [], parent = rules.fields.get(field.d), under = now.value(parent, row);
  if (!select || select.dataset.under === under) return;
  const chosen = select.value;
  select.dataset.under = under;
  select.replaceChildren(select.options[0], ...rules.l[field.l].filter(([value, of]) => !of || !under || of === under || value === chosen)
    .map(([value, , label]) => new Option(label, value, false, value === chosen)));
}

function show(now) {
  const shown = [];
  for (const [field, row] of places()) {
    const path = pathOf(field, row), box = boxOf(path), asked = now.shown(field, row);
    if (box && box.hidden === asked) box.hidden = !asked;
    if (asked && !field.f) shown.push(path);
    if (field.t === "calc" && asked) showComputed(field, row, now);
    if (field.l && asked) narrow(field, row, now);
  }
  form.elements.namedItem("_shown").value = shown.join(" ");
}

/* ---- saying what is wrong ---- */

function tell(path, now, aloud) {
  const box = boxOf(path), had = box?.querySelector(":scope > .error"), boxes = now.boxes.get(path) ?? [];
  if (!box || now.unknown.has(path)) return;
  if (served.has(path) && served.get(path) === now.answers.get(path)) return;
  served.delete(path);
  const issue = now.issues.find((one) => one.path === path && !one.warning && (one.check ? one.check.m : rules.m[one.msg]));
  /* What is not there yet is asked for when the page is sent, not before. */
  if (issue?.missing && !had) return;
  const described = box.matches("[aria-describedby]") ? box : box.querySelector("[aria-describedby]");
  if (!issue) had?.remove();
  box.classList.toggle("wrong", Boolean(issue));
  described?.setAttribute("aria-describedby", `${path}-hint${issue ? ` ${path}-error` : ""}`);
  for (const e of boxes.filter((one) => !["radio", "checkbox"].includes(one.type))) {
    if (issue) e.setAttribute("aria-invalid", "true");
    else e.removeAttribute("aria-invalid");
  }
  if (!issue) return;
  const line = had ?? Object.assign(document.createElement("p"), { className: "error", id: `${path}-error` }), prefix = Object.assign(document.createElement("span"), { className: "sr" });
  const said = line.textContent;
  prefix.append(fill(rules.m.prefix, {}), " ");
  line.replaceChildren(prefix, words(issue));
  if (!had) box.querySelector(":scope > .hint").after(line);
  if (aloud === path && line.textContent !== said) voice.textContent = line.textContent;
}

function tellAll(now, aloud) {
  for (const path of new Set([...left, ...[...form.querySelectorAll(".wrong[data-field]")].map((e) => e.dataset.field)])) tell(path, now, aloud);
}

/* ---- what the person does ---- */

/* What was given and asked is asked no longer, or can no longer be chosen: the server tells what all would go unused. */
function drops(now) {
  for (const [field, row] of places()) {
    const path = pathOf(field, row), given = last.answers.get(path);
    if (!given || now.answers.get(path) !== given || !last.shown(field, row)) continue;
    if (!now.shown(field, row)) return true;
    const lost = (one) => one.path === path && one.msg?.startsWith("choice_");
    if (now.issues.some(lost) && !last.issues.some(lost)) return true;
  }
  return false;
}

function settle(path) {
  const field = rules.fields.get(path.replace(/\.\d+\./, ".")), now = look(), dropping = drops(now);
  if (field?.b || now.blind || dropping) form.dispatchEvent(new CustomEvent("ask", { bubbles: true, detail: path }));
  if (dropping || now.blind) return;
  last = now;
  show(now);
  tellAll(now);
}

/* While a finger is down nothing moves: it would miss what it came for. */
let down = false;
const later = [];
addEventListener("pointerdown", () => { down = true; }, true);
for (const end of ["pointerup", "pointercancel"]) {
  addEventListener(end, () => {
    down = false;
    setTimeout(() => { while (later.length) later.shift()(); });
  }, true);
}
const soon = (work) => (down ? later.push(work) : work());

function begin() {
  rules = prepare(JSON.parse(form.dataset.rules));
  last = look();
  served.clear();
  for (const { dataset } of form.querySelectorAll(".wrong[data-field]")) {
    if (!last.issues.some((one) => one.path === dataset.field && !one.warning)) served.set(dataset.field, last.answers.get(dataset.field));
  }
  if (!last.blind) show(last);
  tellAll(last);
}

if (form) {
  voice = Object.assign(document.createElement("p"), { className: "sr" });
  voice.setAttribute("role", "status");
  form.append(voice);
  form.dataset.asked = "";
  const pathAt = (e) => e.closest?.("[data-field]")?.dataset.field;
  form.addEventListener("change", ({ target }) => {
    const path = pathAt(target);
    if (path && !target.closest(".dates")) soon(() => settle(path));
  });
  form.addEventListener("input", ({ target }) => {
    const path = pathAt(target);
    if (!path || served.has(path) || !boxOf(path)?.classList.contains("wrong")) return;
    const now = look();
    if (!now.issues.some((one) => one.path === path && !one.warning)) tell(path, now);
  });
  form.addEventListener("focusout", ({ target, relatedTarget }) => {
    const path = pathAt(target), box = path && boxOf(path);
    /* The page is about to be sent, or the person is still in the field. */
    if (!box || box.contains(relatedTarget) || relatedTarget?.matches?.("[type=submit]")) return;
    soon(() => {
      if (!box.isConnected) return;
      left.add(path);
      if (target.closest(".dates")) settle(path);
      tell(path, look(), path);
    });
  });
  form.addEventListener("exchanged", begin);
  addEventListener("pageshow", begin);
  begin();
}
