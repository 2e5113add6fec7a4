/*
 * Files, on the pages that take them: several at once, dropped or chosen, in parts that survive a broken line (tus 1.0, docs/attachments.md). The forms of
 * the page do the same without it. Every word stands in the page; what became of a file is shown by the page anew, so the server's page stays the truth.
 */

const byId = (id) => document.getElementById(id);
const box = byId("files-script");
const text = (name, values = {}) => Object.entries(values).reduce((words, [key, value]) => words.replaceAll(`{${key}}`, value), box.dataset[name] ?? "");
/* What is said aloud stands beside the page's content, which has the same words for the eye. */
document.body.append(byId("files-said"), byId("files-cried"));
const say = (words) => { byId("files-said").textContent = words; };
const cry = (words) => { byId("files-cried").textContent = words; };
const sleep = (ms) => new Promise((done) => { setTimeout(done, ms); });
const encoded = (words) => btoa(String.fromCharCode(...new TextEncoder().encode(words)));

const AT_ONCE = 3, LEAST = 1 << 16, MOST = 1 << 23, TRIES = 60;
const PAUSES = [1, 2, 4, 8, 15, 30];
let part = 1 << 18; /* bytes of a part: as many as go in some seconds */

/* An answer that another try does not change. */
class Refused extends Error {
  constructor(words, login = false) {
    super(words);
    this.login = login;
  }
}

class Upload {
  constructor(document_, file, path) {
    Object.assign(this, { document: document_, file, path, offset: 0, unsure: Boolean(path), tries: 0, told: 0 });
    this.row = byId("upload-row").cloneNode(true);
    this.row.removeAttribute("id");
    this.find(".file-name").textContent = file.name;
    this.find("progress").setAttribute("aria-label", `${this.find("progress").getAttribute("aria-label")} ${file.name}`);
    for (const button of this.row.querySelectorAll("[data-do]")) {
      button.append(Object.assign(document.createElement("span"), { className: "sr", textContent: ` ${file.name}` }));
      button.addEventListener("click", () => this[button.dataset.do]());
    }
    liveList(document_).append(this.row);
    this.mark();
    this.progress(0);
  }

  find(selector) { return this.row.querySelector(selector); }
  words(words) { this.find(".file-words").textContent = words; }
  mark() { if (this.path) this.row.dataset.file = this.path.split("/").pop(); }

  buttons(...shown) {
    const active = document.activeElement;
    for (const button of this.row.querySelectorAll("[data-do]")) button.hidden = !shown.includes(button.dataset.do);
    if (this.row.contains(active) && active.hidden) this.find("[data-do]:not([hidden])").focus();
  }

  progress(bytes) {
    const percent = this.file.size > 0 ? Math.floor((bytes * 100) / this.file.size) : 0;
    const far = text("far", { percent, size: (this.file.size / 1e6).toFixed(1) });
    this.find("progress").value = percent;
    this.find(".percent").textContent = far;
    if (percent < 100 && Math.floor(percent / 25) > this.told) {
      this.told = Math.floor(percent / 25);
      say(`${this.file.name}: ${far}`);
    }
  }

  request(method, path, headers = {}, body = null) {
    return new Promise((done, broken) => {
      const xhr = new XMLHttpRequest();
      this.xhr = xhr;
      xhr.open(method, path);
      const all = { "Tus-Resumable": "1.0.0", "X-Form-Token": document.querySelector("input[name=_csrf]").value, ...headers };
      for (const [name, value] of Object.entries(all)) xhr.setRequestHeader(name, value);
      xhr.timeout = 120000;
      xhr.onload = () => done(xhr);
      xhr.onerror = xhr.onabort = xhr.ontimeout = () => broken(new Error("no answer"));
      if (body) xhr.upload.onprogress = (event) => this.progress(this.offset + event.loaded);
      xhr.send(body);
    });
  }

  /* What is not as hoped: another try later, or never. */
  refuse(xhr) {
    let words = "";
    try { words = JSON.parse(xhr.responseText).text ?? ""; } catch { /* a page, or nothing */ }
    if (xhr.status >= 500 || xhr.status === 429 || xhr.status === 408) throw Object.assign(new Error("busy"), { words });
    throw new Refused(words || text("failed", { file: this.file.name }), xhr.status === 401);
  }

  async create() {
    const metadata = [`document ${encoded(this.document)}`, `filename ${encoded(this.file.name)}`, ...(box.dataset.page ? [`page ${encoded("yes")}`] : [])];
    this.creating = true;
    const xhr = await this.request("POST", box.dataset.upload, { "Upload-Length": this.file.size, "Upload-Metadata": metadata.join(",") })
      .finally(() => { this.creating = false; });
    if (xhr.status !== 201) this.refuse(xhr);
    Object.assign(this, { path: new URL(xhr.getResponseHeader("Location"), location.href).pathname, offset: 0 });
    if (this.ended) this.forget();
    else this.mark();
  }

  forget() { this.request("DELETE", this.path).catch(() => {}).then(() => show(this.document)); }

  /* Gone: given up after a day, or on another host. It begins anew. */
  gone() { Object.assign(this, { path: "", offset: 0, unsure: false }); }

  stands(xhr) {
    this.state = xhr.getResponseHeader("Upload-State");
    this.offset = Number(xhr.getResponseHeader("Upload-Offset"));
    this.unsure = false;
    this.progress(this.offset);
  }

  async ask() {
    const xhr = await this.request("HEAD", this.path);
    if (xhr.status === 404 || xhr.status === 410) return this.gone();
    if (xhr.status !== 200) this.refuse(xhr);
    if (this.tries > 0 || this.offset === 0) say(text("resumed", { file: this.file.name }));
    return this.stands(xhr);
  }

  async send() {
    const began = performance.now(), piece = this.file.slice(this.offset, this.offset + part);
    const xhr = await this.request("PATCH", this.path, { "Upload-Offset": this.offset, "Content-Type": "application/offset+octet-stream" }, piece);
    if (xhr.status === 404 || xhr.status === 410) return this.gone();
    if (xhr.status === 409) {
      this.unsure = true;
      return sleep(200);
    }
    if (xhr.status !== 204) this.refuse(xhr);
    const took = performance.now() - began, stood = this.offset;
    this.stands(xhr);
    /* Taken, and no further than before: another try at once would be as much in vain. */
    if (this.state === "uploading" && this.offset <= stood) throw new Error("stands still");
    if (took < 1000 && piece.size === part) part = Math.min(part * 2, MOST);
    else if (took > 8000) part = Math.max(part / 2, LEAST);
    this.tries = 0;
    return undefined;
  }

  async run() {
    while (!this.ended) {
      try {
        if (this.pausing) await this.stop();
        else if (!this.path) await this.create();
        else if (this.unsure) await this.ask();
        else if (this.state && this.state !== "uploading") return await this.verdict();
        else await this.send();
      } catch (fault) {
        if (this.ended) return undefined;
        if (fault instanceof Refused) return this.end(fault.message, fault.login);
        this.unsure = Boolean(this.path);
        if (!this.pausing) {
          part = Math.max(part / 2, LEAST);
          if (++this.tries > TRIES) return this.end(text("failed", { file: this.file.name }));
          await this.later(fault.words);
        }
      }
    }
    return undefined;
  }

  /* Waits so many ms, or until somebody wakes it. */
  rest(ms) {
    return new Promise((done) => {
      const timer = ms === undefined ? 0 : setTimeout(done, ms);
      this.wake = () => { clearTimeout(timer); done(); };
    });
  }

  async later(words) {
    const until = performance.now() + PAUSES[Math.min(this.tries, PAUSES.length) - 1] * 1000;
    let left = Math.ceil((until - performance.now()) / 1000);
    say(`${this.file.name}: ${navigator.onLine ? words || text("waiting", { seconds: left }) : text("offline")}`);
    while (!this.ended && !this.pausing && (left > 0 || !navigator.onLine)) {
      this.words(navigator.onLine ? `${words ? `${words} ` : ""}${text("waiting", { seconds: Math.max(left, 1) })}` : text("offline"));
      await this.rest(navigator.onLine ? 1000 : undefined);
      left = this.woken ? 0 : Math.ceil((until - performance.now()) / 1000);
      this.woken = false;
    }
    this.words("");
  }

  pause() {
    this.pausing = true;
    this.xhr?.abort();
    this.wake?.();
  }

  async stop() {
    this.words(text("paused"));
    this.buttons("resume", "cancel");
    say(`${this.file.name}: ${text("paused")}`);
    await this.rest();
    this.words("");
  }

  resume() {
    Object.assign(this, { pausing: false, unsure: Boolean(this.path) });
    this.buttons("pause", "cancel");
    this.wake?.();
  }

  cancel() {
    this.ended = true;
    /* What the server is just making has no name yet: it is deleted as soon as it has one. */
    if (!this.creating) this.xhr?.abort();
    this.wake?.();
    say(text("cancelled", { file: this.file.name }));
    if (this.path) this.forget();
    this.close();
  }

  close() {
    const input = sectionOf(this.document)?.querySelector("input[type=file]"), inside = this.row.contains(document.activeElement);
    this.row.remove();
    if (inside) input?.focus();
  }

  async verdict() {
    this.buttons();
    for (let ms = 250; ; ms = Math.min(ms * 1.5, 5000)) {
      const xhr = await this.request("GET", this.path);
      if (xhr.status === 404) return this.close();
      if (xhr.status !== 200) this.refuse(xhr);
      const { state, label, text: why } = JSON.parse(xhr.responseText);
      if (state !== "checking") {
        (state === "ok" ? say : cry)(`${this.file.name}: ${label} ${why}`);
        await show(this.document, this);
        return undefined;
      }
      this.words(why);
      await sleep(ms);
    }
  }

  /* Not taken: why, until somebody has read it. */
  end(words, login) {
    this.ended = true;
    this.row.classList.replace("begun", "bad");
    this.find(".state").hidden = true;
    this.find(".progress").hidden = true;
    this.words(words);
    if (login) this.find(".file-words").append(" ", Object.assign(document.createElement("a"), { href: location.pathname, textContent: text("login") }));
    this.buttons("close");
    cry(`${this.file.name}: ${words}`);
  }
}

addEventListener("online", () => { for (const upload of running) Object.assign(upload, { woken: true }).wake?.(); });

/* At most so many at once: the others stand in the list and wait. */
const waiting = [], running = new Set();
function next() {
  while (running.size < AT_ONCE && waiting.length > 0) {
    const upload = waiting.shift();
    running.add(upload);
    upload.run().catch(() => upload.end(text("failed", { file: upload.file.name }))).finally(() => {
      running.delete(upload);
      next();
    });
  }
}

const sectionOf = (document_) => byId(`document-${document_}`);
function liveList(document_) {
  const section = sectionOf(document_), list = section.querySelector("ul.live");
  if (list) return list;
  const made = Object.assign(document.createElement("ul"), { className: "files live" });
  section.querySelector("form.attach").before(made);
  return made;
}

/* An upload that was broken off, on this page or another, goes on with the same file. */
function brokenOff(document_, file) {
  const row = [...sectionOf(document_).querySelectorAll("[data-coming]")].find(({ dataset }) => dataset.name === file.name && Number(dataset.bytes) === file.size);
  row?.remove();
  return row?.dataset.coming;
}

function start(document_, files) {
  for (const file of files) waiting.push(new Upload(document_, file, brokenOff(document_, file)));
  if (files.length > 0) say([...files].map(({ name }) => text("begun", { file: name })).join(" "));
  next();
}

/* The document's part of the page as the server has it now; rows that are on their way stay. */
let turn = Promise.resolve();
function show(document_, over) {
  turn = turn.then(async () => {
    const answer = await fetch(location.pathname, { credentials: "same-origin" });
    const page = answer.ok && !answer.redirected ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    over?.row.remove();
    if (!page) return;
    swap(`document-${document_}`, page);
    const room = page.getElementById("room");
    if (room && byId("room") && byId("room").textContent !== room.textContent) byId("room").replaceChildren(...room.children);
  }).catch(() => over?.row.remove());
  return turn;
}

function swap(id, page) {
  const old = byId(id), now = page.getElementById(id), active = document.activeElement;
  if (!old || !now) return;
  const live = old.querySelector("ul.live");
  for (const row of live?.children ?? []) now.querySelector(`#file-${row.dataset.file}`)?.remove();
  document.adoptNode(now);
  /* It has been said already, with the file's name. */
  for (const words of now.querySelectorAll(".file-words[role=alert]")) words.removeAttribute("role");
  if (live?.children.length > 0) (now.querySelector("form.attach") ?? now.lastElementChild).before(live);
  for (const input of old.querySelectorAll("input[type=file]")) {
    if (input.files.length > 0) now.querySelector(`#${CSS.escape(input.id)}`)?.replaceWith(input);
  }
  const inside = old.contains(active) || live?.contains(active);
  old.replaceWith(now);
  enhance();
  if (inside) (active.isConnected ? active : (active.id && byId(active.id)) || now.querySelector("input[type=file]"))?.focus();
  document.dispatchEvent(new Event("files-shown"));
}

function enhance() {
  if (matchMedia("(any-pointer: fine)").matches) for (const hint of document.querySelectorAll(".drop-here")) hint.hidden = false;
  /* One whose check waits for something: look again until there is a verdict. */
  const checking = document.querySelector(".file.begun[id]:not([data-coming], #upload-row)")?.closest("[data-document]");
  if (checking) setTimeout(() => show(checking.dataset.document), 3000);
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form.attach"), section = form?.closest("[data-document]"), input = form?.querySelector("input[type=file]");
  if (!section || input.files.length === 0) return;
  event.preventDefault();
  start(section.dataset.document, [...input.files]);
  input.value = "";
  const preview = section.querySelector("canvas.preview");
  if (preview) preview.hidden = true;
});

/* Dropped: on the part of a document, or beside all of them. */
const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
const over = (section) => {
  for (const e of document.querySelectorAll(".over")) if (e !== section) e.classList.remove("over");
  section?.classList.add("over");
};
addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  over(event.target.closest?.("[data-document]"));
});
addEventListener("dragleave", (event) => { if (!event.relatedTarget) over(null); });
addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  over(null);
  const all = document.querySelectorAll("[data-document]"), files = [...event.dataTransfer.files];
  const section = event.target.closest?.("[data-document]") ?? (all.length === 1 ? all[0] : null);
  if (section) return start(section.dataset.document, files);
  const dialog = byId("drop-choice");
  if (!dialog || files.length === 0) return;
  byId("drop-names").textContent = files.map(({ name }) => name).join(", ");
  dialog.returnValue = "";
  dialog.onclose = () => { if (dialog.returnValue && sectionOf(byId("drop-document").value)) start(byId("drop-document").value, files); };
  for (const button of dialog.querySelectorAll("button")) button.onclick = () => dialog.close(button.value);
  dialog.showModal();
});

enhance();
