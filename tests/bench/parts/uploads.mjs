// Files on their way through the whole counter: how fast they come in, what memory many at once take, and how long the verdict takes.

import { join } from "node:path";
import { Line } from "../lib/line.mjs";
import { letter, photo, scan, stamped } from "../lib/papers.mjs";
import { sleep } from "../lib/stage.mjs";
import { series, Table } from "../lib/table.mjs";
import { mailsSent, sqlite } from "./submit.mjs";

const ALL = 25e6 - 20e3; // all files of an application; the rest is for what stands around them in a form
// Where the 20 files of a student go: [document, files].
const PLACES = [["photo", 1], ["translation", 5], ["passport_copy", 3], ["reason_letter", 3], ["p_enrollment", 3], ["p_transcript", 3], ["p_list", 2]];
const TUS_LINES = 3; // as static/js/files.js
const AT_ONCE = 50;
const DRAFTS_EACH = 7; // of one person: what all of them send at once is no more than one may have on its way (LIMIT_SPOOL_ACCOUNT)
const WORKERS = 64; // the program's default
const OK = 3, PROBLEM = 4; // enum attachment_state

const must = (answer, good, what) => {
  if (!good(answer)) throw new Error(`${what}: ${answer.status} ${answer.headers["upload-state"] ?? ""} ${answer.text.slice(0, 300)}`);
  return answer;
};

/** The next draft of those that were prepared: nothing but a photo is attached to it. */
function nextDraft(base) {
  const [path, cookie, form] = base.requests.pop().split("\t");
  return { id: path.split("/")[2], cookie, token: new URLSearchParams(form).get("_csrf") };
}

/** One without its photo, which is a row without bytes. */
async function emptyDraft(base, address) {
  const draft = nextDraft(base), line = new Line(address), id = sqlite(join(base.data, "madoguchi.db"), `SELECT id FROM attachment WHERE draft_id = ${draft.id}`);
  must(await line.ask("DELETE", `/drafts/${draft.id}/files/${id}`, tus(draft)), ({ status }) => status === 204, "to delete the photo");
  line.close();
  return draft;
}

const count = (data, draft, state) => Number(sqlite(join(data, "madoguchi.db"), `SELECT count(*) FROM attachment WHERE draft_id = ${draft.id} AND state = ${state}`));

// ---- by the form ----

const BOUNDARY = "----bench0123456789";
const part = (disposition, type) => `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n${type ? `Content-Type: ${type}\r\n` : ""}\r\n`;
const formHead = (draft) => `${part('name="_csrf"')}${draft.token}\r\n`;
const fileHead = (name) => part(`name="file"; filename="${name}"`, name.endsWith(".jpg") ? "image/jpeg" : "application/pdf");
const formHeaders = (draft) => ({ Cookie: draft.cookie, "Content-Type": `multipart/form-data; boundary=${BOUNDARY}` });
const taken = ({ status }) => status === 200 || status === 303;

/** One form for each document, as the page has them: made before the clock starts. */
function formsOf(draft, files) {
  return PLACES.map(([document]) => ({ path: `/drafts/${draft.id}/documents/${document}`, headers: formHeaders(draft), body: Buffer.concat([
    Buffer.from(formHead(draft)),
    ...files.filter((file) => file.document === document).flatMap(({ name, bytes }) => [Buffer.from(fileHead(name)), bytes, Buffer.from("\r\n")]),
    Buffer.from(`--${BOUNDARY}--\r\n`)]) }));
}

async function sendForms(address, forms, good) {
  const line = new Line(address), began = performance.now();
  for (const { path, headers, body } of forms) must(await line.ask("POST", path, headers, body), good, path);
  line.close();
  return performance.now() - began;
}

// ---- by tus ----

const tus = (draft, more) => ({ Cookie: draft.cookie, "X-Form-Token": draft.token, "Tus-Resumable": "1.0.0", ...more });
const append = (draft, offset) => tus(draft, { "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" });
const base64 = (text) => Buffer.from(text).toString("base64");
const settled = ({ status, headers }) => status === 204 && headers["upload-state"] === "ok";

async function create(line, draft, { document, name, bytes }) {
  const answer = await line.ask("POST", `/drafts/${draft.id}/files`, tus(draft, { "Upload-Length": bytes.length, "Upload-Metadata": `document ${base64(document)},filename ${base64(name)}` }));
  return must(answer, ({ status }) => status === 201, `an upload for ${document}`).headers.location;
}

/** Some at once, in their order; `send` does one over its line. */
async function inOrder(address, files, send) {
  const waiting = [...files], began = performance.now();
  await Promise.all(Array.from({ length: TUS_LINES }, async () => {
    const line = new Line(address);
    for (let file = waiting.shift(); file; file = waiting.shift()) await send(line, file);
    line.close();
  }));
  return performance.now() - began;
}

const sendTus = (address, draft, files, { whole }) => inOrder(address, files, async (line, file) => {
  const path = await create(line, draft, file), body = whole ? file.bytes : file.bytes.subarray(0, -1);
  must(await line.ask("PATCH", path, append(draft, 0), body), whole ? settled : ({ status }) => status === 204, `${file.name} for ${file.document}`);
});

// ---- the sink ----

const startSink = (stage, ...folder) => stage.start(stage.serving, stage.tool("raw_sink"), ["127.0.0.1:0", WORKERS, ...folder], { ready: /port=(\d+)/ });

async function sunk(address, files, draft, { form }) {
  const counted = { files: 0, bytes: 0 };
  const add = ({ text }) => {
    counted.files += Number(/files=(\d+)/.exec(text)?.[1]);
    counted.bytes += Number(/bytes=(\d+)/.exec(text)?.[1]);
    return true;
  };
  const well = (answer) => answer.status === 200 && add(answer);
  const took = form ? await sendForms(address, formsOf(draft, files), well)
    : await inOrder(address, files, async (line, { bytes }) => must(await line.ask("PATCH", "/", append(draft, 0), bytes), well, "the sink"));
  if (counted.files !== files.length || counted.bytes !== total(files)) throw new Error(`the sink has got ${counted.bytes} bytes of ${counted.files} files`);
  return took;
}

// ---- 25 MB in 20 files ----

const total = (files) => files.reduce((sum, { bytes }) => sum + bytes.length, 0);

function application() {
  const picture = photo(), count = PLACES.reduce((sum, [, n]) => sum + n, 0) - 1, one = letter(100).length / 100;
  const paper = letter(Math.floor((ALL - picture.length) / count / one) - 1);
  let number = 0;
  return PLACES.flatMap(([document, n]) => Array.from({ length: n }, () => document)).map((document) => (document === "photo"
    ? { document, name: "photo.jpg", bytes: picture } : { document, name: `paper${++number}.pdf`, bytes: stamped(paper, number) }));
}

/** The same bytes but for the first one, so that the first look says no: what it takes until the check. */
const strange = (files) => files.map((file) => {
  const bytes = Buffer.from(file.bytes);
  bytes[0] = 0x78;
  return { ...file, bytes };
});

async function speeds(stage, base, counter, table) {
  const files = application(), bytes = total(files), refused = strange(files);
  const sinks = [await startSink(stage), await startSink(stage, stage.folder)], [bare, disk] = sinks.map(({ found }) => `127.0.0.1:${found[1]}`);
  const got = { formSink: [], formDisk: [], formArrived: [], form: [], tusSink: [], tusDisk: [], tusArrived: [], tus: [] };
  const note = (list, ms) => list.push((bytes * 1000) / ms);
  const empty = () => emptyDraft(base, counter.address);
  const whole = (draft) => { if (count(base.data, draft, OK) !== files.length) throw new Error(`${count(base.data, draft, OK)} of ${files.length} files were kept`); };
  for (let run = 0; run < stage.runs; run++) {
    const [first, second, third, fourth] = [await empty(), await empty(), await empty(), await empty()];
    note(got.formSink, await sunk(bare, files, first, { form: true }));
    note(got.formDisk, await sunk(disk, files, first, { form: true }));
    note(got.formArrived, await sendForms(counter.address, formsOf(first, refused), taken));
    if (count(base.data, first, PROBLEM) === 0) throw new Error("what is no PDF was not refused");
    note(got.form, await sendForms(counter.address, formsOf(second, files), taken));
    whole(second);
    note(got.tusSink, await sunk(bare, files, third, { form: false }));
    note(got.tusDisk, await sunk(disk, files, third, { form: false }));
    note(got.tusArrived, await sendTus(counter.address, third, files, { whole: false }));
    note(got.tus, await sendTus(counter.address, fourth, files, { whole: true }));
    whole(fourth);
  }
  for (const sink of sinks) await sink.stop();
  const what = `${Math.round(bytes / 1e6)} MB in ${files.length} files`, budget = { text: "≥ 0.5 of raw", ratio: 0.5 };
  for (const [way, name] of [["form", "by forms"], ["tus", `by tus, ${TUS_LINES} at once`]]) {
    const raw = series(got[`${way}Sink`]);
    table.add(`${what}, ${name}: until the check`, "speed", series(got[`${way}Arrived`]), { raw, budget });
    table.add("– a sink that waits for the disk at each file's end", "speed", series(got[`${way}Disk`]), { raw });
    table.add("– with all checks, to the last verdict", "speed", series(got[way]), { raw });
  }
}

// ---- the verdict ----

/** From the last byte to the answer with the verdict. */
async function verdicts(stage, base, counter, table, raw) {
  const line = new Line(counter.address), draft = nextDraft(base), paper = letter(250), took = [];
  for (let n = 0; n < (stage.quick ? 30 : 100); n++) {
    const bytes = stamped(paper, n), path = await create(line, draft, { document: "passport_copy", name: "letter.pdf", bytes });
    const { answer } = await line.begin("PATCH", path, append(draft, 0), bytes.length);
    await line.write(bytes.subarray(0, -1));
    await sleep(20); // it is there, but for its end
    const began = performance.now();
    await line.write(bytes.subarray(-1));
    must(await answer, settled, "a letter");
    took.push((performance.now() - began) * 1000);
    must(await line.ask("DELETE", path, tus(draft)), ({ status }) => status === 204, "to delete it");
  }
  line.close();
  took.sort((a, b) => a - b);
  table.add("PDF of 1 MB, from its last byte to the verdict", "ms", series(took).median, { raw: raw.median });
  table.add("– p99", "ms", took[Math.ceil(took.length * 0.99) - 1], { raw: raw.p99, budget: { text: "≤ 2 s", most: 2e6 } });
}

// ---- memory ----

/** All have sent a half before one sends the rest. */
async function atOnce(base, address, bytes) {
  const half = bytes.length >> 1, lines = [];
  const begun = await Promise.all(Array.from({ length: AT_ONCE }, async (_, n) => {
    const line = new Line(address), draft = nextDraft(base), byForm = n % 2 === 0, file = { document: "passport_copy", name: "scan.pdf", bytes };
    lines.push(line);
    const before = byForm ? Buffer.from(formHead(draft) + fileHead(file.name)) : Buffer.alloc(0), after = Buffer.from(byForm ? `\r\n--${BOUNDARY}--\r\n` : "");
    const length = before.length + bytes.length + after.length;
    const { answer } = byForm ? await line.begin("POST", `/drafts/${draft.id}/documents/${file.document}`, formHeaders(draft), length)
      : await line.begin("PATCH", await create(line, draft, file), append(draft, 0), length);
    if (byForm) await line.write(before);
    await line.write(bytes.subarray(0, half));
    return { line, draft, answer, after, byForm };
  }));
  await Promise.all(begun.map(async ({ line, draft, answer, after, byForm }) => {
    await line.write(bytes.subarray(half));
    if (byForm) await line.write(after);
    must(await answer, byForm ? taken : settled, "a scan");
    if (count(base.data, draft, OK) !== 2) throw new Error("a scan was not kept"); // and the photo
  }));
  lines.forEach((line) => line.close());
}

async function peaks(stage, base, table, say) {
  const results = [];
  for (const most of [1.1e6, stage.quick ? 8e6 : 24.95e6]) {
    const bytes = scan(most), counter = await stage.counter(base.data, { core: null });
    const size = `${Math.round(bytes.length / 1e6)} MB`, before = counter.memory("Rss");
    say(`files: ${AT_ONCE} of ${size} at once`);
    await atOnce(base, counter.address, bytes);
    results.push({ size, before, peak: counter.memory("VmHWM") });
    await counter.stop();
  }
  const [small, large] = results;
  table.add(`peak with ${AT_ONCE} files of ${small.size} at once`, "mb", small.peak);
  table.add("– for each of them, above what is resident after start", "kb", ((small.peak - small.before) * 1024) / AT_ONCE);
  table.add(`peak with ${AT_ONCE} files of ${large.size} at once`, "mb", large.peak, { raw: small.peak, budget: { text: `≤ 1.1 of that with ${small.size}`, within: 1.1 } });
  table.add("– for each of them, above what is resident after start", "kb", ((large.peak - large.before) * 1024) / AT_ONCE);
}

export async function uploads(stage, raw, say) {
  const table = new Table("Files through the counter",
    "`raw` of the speeds is a sink on the same HTTP core, which reads the same forms, or the same bodies, in pieces, counts, and throws away; it and the program ran on one core, one after the other; the client could use any. "
    + "Until the check means: on stable storage, and the file's row says so. By forms these are the same bytes with a strange first one, which are refused without a checker; by tus all but the last byte of each file. "
    + "`raw` of the verdict is the check alone, without a server: the verdict also keeps the file, draws its first page, and commits. "
    + `Memory is the program's own, on all cores, without its checkers, which end with their file; half of the files come by forms and half by tus, all have sent half before one goes on; \`raw\` of the larger ones is that of the smaller ones.`);
  say("files: drafts for them");
  const base = await stage.prepare("uploads", 0, 2 * AT_ONCE + 4 * stage.runs + 1, { each: DRAFTS_EACH });
  sqlite(join(base.data, "madoguchi.db"), mailsSent);
  stage.settle();
  const counter = await stage.counter(base.data, { more: ["--event_threads", "1"] });
  say("files: uploads");
  await speeds(stage, base, counter, table);
  say("files: verdicts");
  await verdicts(stage, base, counter, table, raw);
  await counter.stop();
  await peaks(stage, base, table, say);
  return table;
}
