/*
 * What script adds, all of it optional: the page is complete without. One module, no library, nothing kept in the browser.
 *
 *  1 saving while typing (the form says where by data-autosave)
 *  2 a press or an answer that changes the page is answered in place (data-live, data-controls)
 *  3 the warning before the session ends, with a way to stay
 *  4 the questions before applying and before a change that leaves answers unused as dialogs; one press is one press
 *  5 showing a password; counting characters
 *  6 waiting for the phone (data-wait): the page moves on by itself
 */

const text = (id) => document.body.dataset[id] ?? "";
const typed = (form) => new URLSearchParams(new FormData(form));

const parse = (words) => new DOMParser().parseFromString(words, "text/html");

function post(url, body, more) {
  return fetch(url, { method: "POST", body, credentials: "same-origin", ...more });
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
  save(form) {
    return inTurn(async () => {
      const body = typed(form).toString();
      if (body === this.sent || form.dataset.gone) return;
      const words = form.querySelector(".saved");
      try {
        const answer = await post(form.dataset.autosave, new URLSearchParams(body), { keepalive: body.length < 60000 });
        /* The session is over: the page itself carries what was typed to the login and back. */
        if (answer.status === 401) return sendAway(form, "_refresh", "");
        if (!answer.ok) throw new Error(String(answer.status));
        this.sent = body;
        words.textContent = `${words.dataset.saved} ${await answer.text()}`;
        words.classList.remove("not");
        session.renew();
      } catch {
        words.textContent = words.dataset.unsaved;
        words.classList.add("not");
        this.later(form, 8000);
      }
    });
  },
  later(form, ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(form), ms);
  },
  begin(form) {
    this.sent = typed(form).toString();
    form.addEventListener("input", () => this.later(form, 2000));
    form.addEventListener("change", () => this.later(form, 300));
    addEventListener("online", () => this.save(form));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.save(form);
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
    const body = typed(form), before = values(form);
    const plain = body.toString();
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
      old.replaceWith(document.adoptNode(now));
      continue;
    }
    for (const e of controls(now)) {
      const mine = e.id && document.getElementById(e.id);
      if (mine && mine.type !== "password" && valueOf(mine) !== valueOf(e) && mine !== document.activeElement) setValue(mine, valueOf(e));
    }
  }
  for (const [id, value] of late) {
    const e = document.getElementById(id);
    if (e) setValue(e, value);
  }
  const shown = form.elements.namedItem("_shown"), nowShown = next.elements.namedItem("_shown");
  if (shown && nowShown) shown.value = nowShown.value;
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
    /* A second press of the same button is the same press; but a page that did not come may be asked for again. */
    if (form.method === "post") {
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
  } catch {
    sendAway(form, name, value);
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

/*
 * 6 Waiting. The server answers when something has changed; then this page is fetched again and shown in place, so that the line that says
 * what goes on is read out, and the focus stays.
 */
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });
const byId = (id, root = document) => root.querySelector(`#${id}`);

function showAgain(page) {
  const now = byId("wait-body", page), line = byId("wait-status", page), old = byId("wait-body").parentNode;
  if (!now) return location.reload();
  const focus = document.activeElement?.id, open = byId("by-hand")?.open, code = byId("code")?.value;
  byId("wait-body").replaceWith(document.adoptNode(now));
  if (open && byId("by-hand")) byId("by-hand").open = true;
  if (code && byId("code")) byId("code").value = code;
  document.title = page.title;
  old.querySelector("h1").innerHTML = page.querySelector("main h1").innerHTML;
  byId("wait-status").className = line.className;
  if (byId("wait-status").innerHTML !== line.innerHTML) byId("wait-status").innerHTML = line.innerHTML;
  if (document.activeElement === document.body) byId(focus || "code")?.focus();
  tick();
}

function tick() {
  const until = new Map([...document.querySelectorAll("[data-left]")].map((e) => [e, Date.now() + e.dataset.left * 1000]));
  const show = () => {
    for (const [e, at] of until) {
      const left = Math.max(0, Math.ceil((at - Date.now()) / 1000));
      e.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      if (!e.isConnected) until.delete(e);
    }
    if (until.size > 0) setTimeout(show, 1000);
  };
  show();
}

async function wait(root) {
  let { seq } = root.dataset, ms = root.dataset.interval * 1000;
  for (;;) {
    const asked = Date.now();
    try {
      const answer = await fetch(`${root.dataset.wait}?seq=${seq}`, { credentials: "same-origin" });
      /* A press is on its way: its answer shows the way, and may bring the session's new name. */
      if (document.querySelector("form[data-gone]")) {
        await pause(ms);
        continue;
      }
      if (answer.status === 429) {
        await pause(answer.headers.get("Retry-After") * 1000);
        continue;
      }
      if (answer.status >= 500) throw new Error(String(answer.status));
      if (!answer.ok || answer.redirected) return location.reload(); /* the session is over */
      const now = await answer.json();
      ms = now.interval * 1000;
      if (String(now.seq) !== seq || now.next || now.error) {
        seq = String(now.seq);
        const page = await (await fetch(location.href.replace(/\/code$/, ""), { credentials: "same-origin" })).text();
        if (document.querySelector("form[data-gone]")) {
          seq = "";
          continue;
        }
        showAgain(new DOMParser().parseFromString(page, "text/html"));
        if (now.next) return byId("wait-next")?.submit();
        if (now.error) return;
        continue; /* what comes next may come at once */
      }
    } catch {
      byId("wait-status").textContent = root.dataset.unreachable;
      seq = "";
      await pause(3000);
    }
    await pause(Math.max(0, asked + ms - Date.now()));
  }
}

/* A page that waits for something looks again each 3 seconds, and becomes the next one when that is no longer the same. */
async function untilChanged(root) {
  for (;;) {
    await pause(3000);
    try {
      const answer = await fetch(root.dataset.until, { credentials: "same-origin" });
      const page = answer.redirected ? null : new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!page?.querySelector("[data-until]")) return location.assign(root.dataset.until);
    } catch { /* the line is down: look again */ }
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) saver.begin(form);
/* A step that asks nothing of the person is taken at once; who comes back to it by the Back button stays. */
if (performance.getEntriesByType("navigation")[0]?.type !== "back_forward") document.querySelector("form[data-go]")?.requestSubmit();
enhance(document);
session.renew();
tick();
for (const root of document.querySelectorAll("[data-wait]")) wait(root);
for (const root of document.querySelectorAll("[data-until]")) untilChanged(root);
/* Of many parts the one that is open stands in sight. */
const parts = document.querySelector(".parts"), here = parts?.querySelector("[aria-current]");
if (here && parts.scrollHeight > parts.clientHeight) parts.scrollTop = here.getBoundingClientRect().top - parts.getBoundingClientRect().top - parts.clientHeight / 3;
(document.querySelector(".problem") ?? document.getElementById("new-questions"))?.focus();
