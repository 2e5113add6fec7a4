/*
 * Pages that wait, for the phone (data-wait) or for another service (data-until): they move on by themselves. Without script a button
 * asks again. The server answers when something has changed; then this page is fetched again and shown in place, so that the line that says
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

tick();
for (const root of document.querySelectorAll("[data-wait]")) wait(root);
for (const root of document.querySelectorAll("[data-until]")) untilChanged(root);
