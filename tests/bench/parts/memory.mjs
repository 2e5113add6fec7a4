// Resident memory, and the time to the first answer.

import net from "node:net";
import { freePort } from "../lib/stage.mjs";
import { series, Table } from "../lib/table.mjs";

export async function starts(stage, data, table) {
  const port = await freePort();
  const results = await stage.once(stage.serving, "first_answer", stage.quick ? 3 : 10, `127.0.0.1:${port}`, "/login",
    stage.program, "run", ...stage.settings(data, ["--listen", `127.0.0.1:${port}`, "--mail_relay", "smtp://127.0.0.1:9", "--mail_from", "no-reply@example.jp", "--mail_tls", "none"]));
  table.add("from exec to the first answer of /login", "ms", series(results.map((result) => result.us)), { budget: { text: "≤ 100 ms", most: 100000 } });
}

// So many connections, each with one page asked for and answered, all open at once.
async function idle(address, count) {
  const [host, port] = address.split(":");
  const open = (await Promise.all(Array.from({ length: count }, () => new Promise((done, wrong) => {
    const socket = net.connect(Number(port), host, () => socket.write("GET /login HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    let text = "";
    socket.on("error", wrong).on("data", (piece) => {
      text += piece;
      if (text.endsWith("</html>\n") || text.endsWith("</html>")) done(socket);
    });
  }))));
  return () => open.forEach((socket) => socket.destroy());
}

export async function atRest(counter, table) {
  const before = counter.memory("Rss");
  table.add("resident after start", "mb", before, { budget: { text: "≤ 32 MB", most: 32 * 1024 } });
  const warm = await idle(counter.address, 16);
  const first = counter.memory("Rss");
  const close = await idle(counter.address, 1000);
  const full = counter.memory("Rss");
  close();
  warm();
  table.add("resident with 1,000 idle connections, each of which has got a page", "mb", full);
  table.add("– for each of them", "kb", ((full - first) * 1024) / 1000, { budget: { text: "≤ 8 KB", most: 8192 } });
}

export const peak = (counter, what, table) => table.add(what, "mb", counter.memory("VmHWM"));

export const memoryTable = () => new Table("Memory and start, SQLite",
  "All of it is the process's own resident set, with the libraries' pages that it shares with others, procedures, texts, and SQLite's page cache (8 MiB a connection).");
