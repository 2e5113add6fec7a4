/*
 * What script adds to every page, all of it optional: the page is complete without. No library, nothing kept in the browser. What only some
 * pages have stands in modules of their own beside this one.
 *
 *  1 saving while typing (the form says where by data-autosave)
 *  2 a press or an answer that changes the page is answered in place (data-live, data-controls); without a line the page is not left
 *  3 the warning before the session ends, with a way to stay
 *  4 the questions before applying and before a change that leaves answers unused as dialogs; one press is one press
 *  5 showing a password; counting characters
 */

const text = (id) => document.body.dataset[id] ?? "";
const typed = (form) => new URLSearchParams(new FormData(form));

const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });
const parse = (words) => new DOMParser().parseFromString(words, "text/html");

/* Nobody answered: the page stays, and what is typed on it. */
class NoLine extends Error {}
async function post(url, body, more) {
  return fetch(url, { method: "POST", body, credentials: "same-origin", ...more }).catch(() => { throw new NoLine(); });
}

function sayOffline(button) {
  const words = Object.assign(document.createElement("p"), { className: "error", textContent: text("offline") });
  words.setAttribute("role", "alert");
  words.dataset.added = "";
  (button ?? document.querySelector("main button")).after(words);
  setTimeout(() => words.remove(), 15000);
}

/* One request of a form at a time, so that what was typed first is never stored last. */
let line = Promise.resolve();
function inTurn(work) {
  const turn = line.then(work);
  line = turn.catch(() => {});
  return turn;
}

/* The form goes as a whole page: what `name` asks for is done without script. From now on nothing else is sent. */
function sendAway(form, name, value) {
  if (form.dataset.gone) return;
  form.dataset.gone = "yes";
  const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
  form.append(field);
  form.submit();
}

/* 1 Saving. A save is sent two seconds after the last key, at leaving a field, and when the page is hidden. */
const saver = {
  timer: 0,
  sent: "",
  /* What a person sees of the form. */
  state(form) {
    const all = typed(form);
    all.delete("_seen");
    return all.toString();
  },
  say(form, words, saved) {
    const line = form.querySelector(".saved");
    line.textContent = words;
    line.classList.toggle("not", !saved);
  },
  save(form) {
    return inTurn(async () => {
      const state = this.state(form), body = typed(form), { saved, unsaved, busy, refused } = form.querySelector(".saved").dataset;
      if (state === this.sent || form.dataset.gone) return;
      const answer = await post(form.dataset.autosave, body, { keepalive: state.length < 60000 }).catch(() => null);
      if (!answer || answer.status === 429 || answer.status >= 500) {
        this.say(form, answer ? busy : unsaved, false);
        this.later(form, 8000);
        if (!answer) throw new NoLine();
        return;
      }
      /* The session is over: the page itself carries what was typed to the login and back. */
      if (answer.status === 401) return form.dataset.leaves ? undefined : sendAway(form, "_refresh", "");
      this.sent = state; /* else it is not asked again before something else is typed */
      if (!answer.headers.get("Content-Type")?.startsWith("text/plain")) return this.say(form, refused, false);
      const [said, seen] = (await answer.text()).split("\n");
      form.elements.namedItem("_seen").value = seen;
      this.say(form, answer.ok ? `${saved} ${said}` : said, answer.ok);
      session.renew();
    });
  },
  later(form, ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(form).catch(() => {}), ms);
  },
  begin(form) {
    this.sent = this.state(form);
    form.addEventListener("input", () => this.later(form, 2000));
    form.addEventListener("change", () => this.later(form, 300));
    addEventListener("online", () => this.later(form, 0));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.save(form).catch(() => {});
    });
  },
};

/*
 * 2 The server's page is the only truth: the new one is fetched, and the fields that differ are exchanged. What is typed while the
 * answer is on its way stays.
 */
const controls = (root) => [...root.querySelectorAll("input, select, textarea")];
const ticks = (e) => e.type === "radio" || e.type === "checkbox";
const valueOf = (e) => (ticks(e) ? e.checked : e.value);
const setValue = (e, value) => { e[ticks(e) ? "checked" : "value"] = value; };
const values = (form) => new Map(controls(form).filter((e) => e.id).map((e) => [e.id, valueOf(e)]));

/* A field's markup without its values. */
function shape(field) {
  const copy = field.cloneNode(true);
  for (const e of copy.querySelectorAll("[data-added]")) e.remove();
  for (const e of controls(copy)) {
    if (e.tagName === "TEXTAREA") e.textContent = "";
    else if (e.tagName === "INPUT" && !ticks(e)) e.removeAttribute("value");
    if (e.dataset.seen === "password") e.type = "password";
    delete e.dataset.seen;
    e.removeAttribute("checked");
    for (const option of e.options ?? []) option.removeAttribute("selected");
  }
  return copy.outerHTML;
}

function press(form, name, value) {
  return inTurn(async () => {
    if (document.querySelector("dialog[data-asks]")) return true; /* the question that is open comes first */
    const body = typed(form), before = values(form), plain = saver.state(form);
    body.set(name, value);
    const answer = await post(form.action, body);
    if (answer.status === 401) return sendAway(form, name, value);
    if (!answer.ok) throw new Error(String(answer.status));
    const page = parse(await answer.text()), next = page.querySelector("form[data-live]");
    if (page.querySelector("form[data-drop]")) {
      saver.sent = plain;
      return askBefore(form, page);
    }
    if (next?.getAttribute("action") !== form.getAttribute("action")) throw new Error("another page");
    saver.sent = plain;
    exchange(form, next, before, name === "_remove");
    session.renew();
    return false;
  });
}

function exchange(form, next, before, moved) {
  const active = document.activeElement, place = active?.id && ticks(active) === false ? [active.selectionStart, active.selectionEnd] : null;
  const fresh = new Map([...next.children].filter((e) => e.dataset.field).map((e) => [e.dataset.field, e]));
  const late = new Map(moved ? [] : [...values(form)].filter(([id, value]) => before.has(id) && before.get(id) !== value));
  for (const old of [...form.children].filter((e) => e.dataset.field)) {
    const now = fresh.get(old.dataset.field);
    if (!now) continue;
    if (shape(old) !== shape(now)) {
      /* The server sends no password back. */
      for (const e of controls(now)) if (e.type === "password") e.value = document.getElementById(e.id)?.value ?? "";
      old.replaceWith(document.adoptNode(now));
      continue;
    }
    for (const e of controls(now)) {
      const mine = e.id && document.getElementById(e.id);
      if (mine && e.type !== "password" && valueOf(mine) !== valueOf(e) && mine !== document.activeElement) setValue(mine, valueOf(e));
    }
  }
  for (const [id, value] of late) {
    const e = document.getElementById(id);
    if (e) setValue(e, value);
  }
  for (const name of ["_shown", "_seen"]) {
    const had = form.elements.namedItem(name), now = next.elements.namedItem(name);
    if (had && now) had.value = now.value;
  }
  if (next.dataset.rules) form.dataset.rules = next.dataset.rules;
  const words = form.querySelector(".saved"), now = next.querySelector(".saved");
  if (words && now) words.textContent = now.textContent;
  enhance(form);
  form.dispatchEvent(new CustomEvent("exchanged"));
  if (active && active !== document.body && !active.isConnected && active.id) {
    const e = document.getElementById(active.id);
    e?.focus();
    if (place && e?.setSelectionRange && place[0] !== null) e.setSelectionRange(...place);
  }
  if (late.size > 0 && form.dataset.autosave) saver.later(form, 2000);
}

const inPlace = new Set(["_add", "_remove", "_search", "_clear", "_refresh"]);
const fieldOf = (form, name) => form.querySelector(`[data-field="${CSS.escape(name)}"]`);

/* Where a person goes on after a press: the new row, the address that was found, the question that was cleared. */
function focusAfter(form, name, value, before) {
  if (name === "_add") {
    const rows = fieldOf(form, value).querySelectorAll(".row");
    rows[rows.length - 1].querySelector("input, select, textarea").focus();
  } else if (name === "_search") {
    const filled = controls(form).find((e) => e.id && before.has(e.id) && e.id !== value && before.get(e.id) !== valueOf(e));
    (filled ?? document.getElementById(value))?.focus();
  } else {
    const field = document.getElementById(name === "_remove" ? value.split(".")[0] : value);
    field?.focus();
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target, button = event.submitter;
  if (form.id === "session-form") {
    event.preventDefault();
    form.closest("dialog").close();
    return;
  }
  if (form.dataset.gone) return event.preventDefault();
  if (!form.matches("[data-live]") || !inPlace.has(button?.name)) {
    /* Before the page is left its form is saved: without a line it is not left. */
    if (form.matches("[data-autosave]") && form.dataset.leaves !== "saved" && saver.state(form) !== saver.sent) {
      event.preventDefault();
      if (form.dataset.leaves) return;
      form.dataset.leaves = "saving";
      try {
        await Promise.race([saver.save(form), pause(4000)]);
        await pause(0); /* while a form's submit is told, it is not submitted again */
        form.dataset.leaves = "saved";
        form.requestSubmit(button);
      } catch {
        sayOffline(button);
      } finally {
        delete form.dataset.leaves;
      }
      return;
    }
    /* A second press of the same button is the same press; but a page that did not come may be asked for again. */
    if (form.method === "post") {
      if (!navigator.onLine) {
        event.preventDefault();
        return sayOffline(button);
      }
      form.dataset.gone = "yes";
      setTimeout(() => delete form.dataset.gone, 8000);
    }
    return;
  }
  event.preventDefault();
  const { name, value } = button, before = values(form);
  try {
    const asked = await press(form, name, value);
    if (!form.dataset.gone && !asked) focusAfter(form, name, value, before);
  } catch (error) {
    if (error instanceof NoLine) sayOffline(button);
    else sendAway(form, name, value);
  }
});
/* A link leads away too: what is typed is saved before, and without a line the page stays. */
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[href]:not([data-dialog], [target])"), form = document.querySelector("form[data-autosave]");
  if (event.defaultPrevented || !form || !link || link.origin !== location.origin || (link.hash && link.pathname === location.pathname)) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || saver.state(form) === saver.sent) return;
  event.preventDefault();
  try {
    await Promise.race([saver.save(form), pause(4000)]);
    if (!form.dataset.gone) location.href = link.href;
  } catch {
    sayOffline(link);
  }
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.gone;
});
document.addEventListener("change", (event) => {
  const form = event.target.form;
  /* Where asked.js knows the rules it says when the server is to be asked. */
  if (form?.matches("[data-autosave]:not([data-asked])") && "controls" in event.target.dataset) press(form, "_refresh", event.target.name).catch(() => {});
});
document.addEventListener("ask", (event) => {
  press(event.target, "_refresh", event.detail).catch(() => {});
});

/* 3 The session: a warning three minutes before its end. */
const session = {
  seconds: Number(document.body.dataset.sessionSeconds || 0),
  until: 0,
  timer: 0,
  renew() {
    if (!this.seconds) return;
    this.until = Date.now() + this.seconds * 1000;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.warn(), Math.max(0, (this.seconds - 180) * 1000));
  },
  warn() {
    const dialog = document.getElementById("session-warning");
    if (!dialog || dialog.open) return;
    dialog.addEventListener("close", () => this.stay(), { once: true });
    dialog.showModal();
    this.timer = setTimeout(() => this.end(), this.until - Date.now() + 1000);
  },
  /* What was typed goes along to the login. */
  end() {
    const form = document.querySelector("form[data-autosave]");
    if (form) sendAway(form, "_refresh", "");
    else location.reload();
  },
  async stay() {
    const form = document.getElementById("session-form");
    const answer = await post(form.action, typed(form)).catch(() => null);
    if (answer?.status === 401) this.end();
    else this.renew();
  },
};

/* 4 A dialog holds the page that it stands for. */
function openDialog(page, form, closed) {
  const dialog = document.createElement("dialog"), title = page.querySelector("main h1");
  form.className = "";
  title.id = "dialog-title";
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.append(document.adoptNode(title), document.adoptNode(form));
  document.body.append(dialog);
  form.querySelector(".actions a")?.addEventListener("click", (e) => { e.preventDefault(); dialog.close(); });
  dialog.addEventListener("close", () => { dialog.remove(); closed(); });
  /* The second press of two on the link was not meant for what has come under it. */
  dialog.addEventListener("click", (e) => {
    if (e.detail < 2) return;
    e.preventDefault();
    e.stopPropagation();
  }, true);
  dialog.showModal();
  return dialog;
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.dataset.gone) return; /* pressed twice: the question is on its way */
  link.dataset.gone = "yes";
  try {
    const page = parse(await (await fetch(link.href, { credentials: "same-origin" })).text()), form = page.querySelector("form[data-once]");
    if (!form) throw new Error("another page");
    openDialog(page, form, () => link.focus());
  } catch {
    location.href = link.href;
  } finally {
    delete link.dataset.gone;
  }
});

/* Nothing of the change is stored yet. Without a yes the form becomes again what is stored. */
function askBefore(form, page) {
  const ask = page.querySelector("form[data-drop]"), keep = ask.querySelector(".actions a").href, origin = document.activeElement?.id;
  let yes = false;
  const become = async (request) => {
    const next = parse(await (await request).text()).querySelector("form[data-live]");
    document.activeElement?.blur();
    exchange(form, next, values(form), false);
    document.getElementById(origin)?.focus();
  };
  const dialog = openDialog(page, ask, () => {
    if (!yes) become(fetch(keep, { credentials: "same-origin" })).catch(() => location.reload());
  });
  ask.addEventListener("submit", (event) => {
    event.preventDefault();
    yes = true;
    become(post(ask.action, typed(ask))).catch(() => location.reload());
    dialog.close();
  });
  dialog.dataset.asks = "";
  /* The list is read from its beginning; the buttons stand below it. */
  const title = dialog.querySelector("h1");
  title.tabIndex = -1;
  title.focus();
  return true;
}

/* 5 Passwords and long texts. */
function enhance(root) {
  for (const field of root.querySelectorAll("input[type=password]")) {
    if (field.dataset.seen) continue;
    field.dataset.seen = "password";
    const button = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: text("show") });
    button.dataset.added = "";
    button.setAttribute("aria-controls", field.id);
    button.addEventListener("click", () => {
      const hidden = field.type === "password";
      field.type = hidden ? "text" : "password";
      button.textContent = hidden ? text("hide") : text("show");
    });
    field.after(button);
  }
  for (const area of root.querySelectorAll("textarea[data-max]")) {
    const max = Number(area.dataset.max);
    if (area.dataset.seen || !max) continue;
    area.dataset.seen = "textarea";
    const words = Object.assign(document.createElement("p"), { className: "count" });
    words.dataset.added = "";
    words.setAttribute("aria-live", "polite");
    const count = () => {
      const n = [...area.value].length;
      words.textContent = n >= max * 0.8 ? text("count").replace("{count}", n).replace("{max}", max) : "";
    };
    area.addEventListener("input", count);
    count();
    area.after(words);
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) saver.begin(form);
/* A step that asks nothing of the person is taken at once; who comes back to it by the Back button stays. */
if (performance.getEntriesByType("navigation")[0]?.type !== "back_forward") document.querySelector("form[data-go]")?.requestSubmit();
enhance(document);
session.renew();
/* Of many parts the one that is open stands in sight. */
const parts = document.querySelector(".parts"), here = parts?.querySelector("[aria-current]");
if (here && parts.scrollHeight > parts.clientHeight) parts.scrollTop = here.getBoundingClientRect().top - parts.getBoundingClientRect().top - parts.clientHeight / 3;
(document.querySelector(".problem") ?? document.getElementById("new-questions"))?.focus();
