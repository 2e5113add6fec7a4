/*
 * What script adds, all of it optional: the page is complete without. One module, no library, nothing kept in the browser.
 *
 *  1 saving while typing (the form says where by data-autosave)
 *  2 a press or an answer that changes the page is answered in place (data-live, data-controls)
 *  3 the warning before the session ends, with a way to stay
 *  4 the question before applying as a dialog; one press is one press
 *  5 showing a password; counting characters
 */

const text = (id) => document.body.dataset[id] ?? "";

/* 1 Saving. A save is sent two seconds after the last key, at leaving a field, and when the page is hidden. */
const saver = {
  timer: 0, sent: "", busy: false,
  body(form) {
    return new URLSearchParams(new FormData(form)).toString();
  },
  async save(form) {
    const body = this.body(form);
    if (body === this.sent || this.busy) return;
    const line = form.querySelector(".saved");
    this.busy = true;
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body, keepalive: body.length < 60000, credentials: "same-origin",
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
      });
      if (answer.status === 401) return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      this.sent = body;
      line.textContent = `${line.dataset.saved} ${await answer.text()}`;
      session.renew();
    } catch {
      line.textContent = line.dataset.unsaved ?? "";
      this.later(form, 8000);
    } finally {
      this.busy = false;
    }
  },
  later(form, ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(form), ms);
  },
  begin(form) {
    this.sent = this.body(form);
    form.addEventListener("input", () => this.later(form, 2000));
    form.addEventListener("change", () => this.later(form, 300));
  },
};
document.addEventListener("visibilitychange", () => {
  const form = document.querySelector("form[data-autosave]");
  if (form && document.visibilityState === "hidden") saver.save(form);
});

/*
 * 2 The server's page is the only truth: the new one is fetched, and the fields whose markup it changed are exchanged. What the person
 * typed since the question was sent is newer than the answer and stays.
 */
const fieldsOf = (form) => [...form.querySelectorAll("[data-field]")].filter((e) => !e.parentElement.closest("[data-field]"));
const markup = new WeakMap(); // of each field as the server wrote it, before anybody typed

function remember(form) {
  for (const field of fieldsOf(form)) if (!markup.has(field)) markup.set(field, field.outerHTML);
}

async function press(form, name, value) {
  const body = new URLSearchParams(new FormData(form));
  body.set(name, value);
  const sent = new Map([...form.elements].map((e) => [e, state(e)]));
  const answer = await fetch(form.action, {
    method: "POST", body, credentials: "same-origin",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
  });
  if (!answer.ok && answer.status !== 400) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = page.querySelector("form[data-live]");
  if (!next || next.getAttribute("action") !== form.getAttribute("action")) return false;
  exchange(form, next, sent);
  return true;
}

const state = (e) => (e.type === "radio" || e.type === "checkbox" ? e.checked : e.value);

/* Carries what was typed since `sent` from a field to the one that takes its place. */
function carry(from, to, sent) {
  const fresh = [...to.querySelectorAll("[id]")];
  for (const old of from.querySelectorAll("input, select, textarea")) {
    if (!sent.has(old) || sent.get(old) === state(old)) continue;
    const same = fresh.find((e) => e.id === old.id);
    if (same && (old.type === "radio" || old.type === "checkbox")) same.checked = old.checked;
    else if (same) same.value = old.value;
  }
}

function exchange(form, next, sent) {
  const active = document.activeElement?.id;
  const there = new Map(fieldsOf(next).map((e) => [e.dataset.field, e]));
  for (const old of fieldsOf(form)) {
    const now = there.get(old.dataset.field);
    if (!now || now.outerHTML === markup.get(old)) continue;
    markup.set(now, now.outerHTML);
    carry(old, now, sent);
    old.replaceWith(document.adoptNode(now));
  }
  const shown = form.elements.namedItem("_shown"), fresh = next.elements.namedItem("_shown");
  if (shown && fresh) shown.value = fresh.value;
  const line = form.querySelector(".saved"), saved = next.querySelector(".saved");
  if (line && saved) line.textContent = saved.textContent;
  if (active && document.activeElement?.id !== active) document.getElementById(active)?.focus();
  enhance(form);
}

const inPlace = new Set(["_add", "_remove", "_search", "_clear", "_refresh"]);
document.addEventListener("submit", async (event) => {
  const form = event.target, button = event.submitter;
  if (form.id === "session-form") {
    event.preventDefault();
    form.closest("dialog").close();
    return;
  }
  if (form.matches("[data-once]")) {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    return;
  }
  if (!form.matches("[data-live]") || !button || !inPlace.has(button.name)) return;
  event.preventDefault();
  const name = button.name, value = button.value;
  const done = await press(form, name, value).catch(() => false);
  if (!done) {
    const hidden = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    form.append(hidden);
    form.submit();
    return;
  }
  if (name === "_add") {
    const rows = form.querySelectorAll(`[data-field="${CSS.escape(value)}"] .row`);
    rows[rows.length - 1]?.querySelector("input, select, textarea")?.focus();
  } else if (name === "_remove") {
    document.getElementById(value.split(".")[0])?.focus();
  } else if (name === "_clear") {
    document.getElementById(value)?.focus();
  }
});
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-autosave]") && "controls" in event.target.dataset) press(form, "_refresh", event.target.name).catch(() => {});
});

/* 3 The session: a warning three minutes before its end. */
const session = {
  seconds: Number(document.body.dataset.sessionSeconds || 0), until: 0, timer: 0,
  renew() {
    if (!this.seconds) return;
    this.until = Date.now() + this.seconds * 1000;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.warn(), Math.max(0, (this.seconds - 180) * 1000));
  },
  warn() {
    const dialog = document.getElementById("session-warning");
    if (!dialog) return;
    dialog.addEventListener("close", () => this.stay(), { once: true });
    dialog.showModal();
    setTimeout(() => { if (Date.now() >= this.until) location.reload(); }, this.until - Date.now() + 1000);
  },
  async stay() {
    const form = document.getElementById("session-form");
    await fetch(form.action, {
      method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
    }).catch(() => {});
    this.renew();
  },
};

/* 5 Passwords and long texts. */
function enhance(root) {
  for (const field of root.querySelectorAll("input[type=password]")) {
    if (field.dataset.seen) continue;
    field.dataset.seen = "yes";
    const button = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: text("show") });
    button.setAttribute("aria-controls", field.id);
    button.addEventListener("click", () => {
      const hidden = field.type === "password";
      field.type = hidden ? "text" : "password";
      button.textContent = hidden ? text("hide") : text("show");
    });
    field.after(button);
  }
  for (const area of root.querySelectorAll("textarea[data-max]")) {
    if (area.dataset.seen || !Number(area.dataset.max)) continue;
    area.dataset.seen = "yes";
    const line = Object.assign(document.createElement("p"), { className: "count" });
    line.setAttribute("aria-live", "polite");
    const count = () => {
      const n = [...area.value].length, max = Number(area.dataset.max);
      line.textContent = n >= max * 0.8 ? text("count").replace("{count}", n).replace("{max}", max) : "";
    };
    area.addEventListener("input", count);
    count();
    area.after(line);
  }
}

/* 4 The dialog before applying holds the page that it stands for. */
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-dialog]");
  if (!link) return;
  event.preventDefault();
  try {
    const page = new DOMParser().parseFromString(await (await fetch(link.href, { credentials: "same-origin" })).text(), "text/html");
    const form = page.querySelector("form[data-once]"), title = page.querySelector("main h1");
    if (!form) throw new Error("no form");
    const dialog = document.createElement("dialog");
    form.className = "";
    title.id = "dialog-title";
    dialog.setAttribute("aria-labelledby", title.id);
    dialog.append(document.adoptNode(title), document.adoptNode(form));
    document.body.append(dialog);
    form.querySelector("a.button")?.addEventListener("click", (e) => { e.preventDefault(); dialog.close(); });
    dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
    dialog.showModal();
  } catch {
    location.href = link.href;
  }
});

for (const form of document.querySelectorAll("form[data-live]")) remember(form);
for (const form of document.querySelectorAll("form[data-autosave]")) saver.begin(form);
enhance(document);
session.renew();
(document.querySelector(".problem") ?? document.getElementById("new-questions"))?.focus();
