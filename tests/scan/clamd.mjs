// A small clamd: the command zINSTREAM of clamd(8) over a Unix socket, read strictly, with one signature. It plays ClamAV's part where that has
// no signatures, and also the parts of one that is slow, full or broken.

import { createServer } from "node:net";

// The test file of all scanners, in two parts, so that none takes this file for one.
export const EICAR = Buffer.from("X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD" + "-ANTIVIRUS-TEST-FILE!$H+H*");

export class Clamd {
  /** manner: "right", or how it goes wrong. */
  constructor(path, { manner = "right", most = 26 << 20 } = {}) {
    Object.assign(this, { path, manner, most, seen: [], faults: [] });
    this.server = createServer((socket) => this.talk(socket));
  }

  listen() { return new Promise((resolve) => this.server.listen(this.path, resolve)); }

  close() { return new Promise((resolve) => { this.server.close(resolve); for (const socket of this.sockets ?? []) socket.destroy(); }); }

  talk(socket) {
    (this.sockets ??= new Set()).add(socket);
    let held = Buffer.alloc(0), begun = false, got = [], size = 0, ended = false, whole = false;
    const answer = (text) => { ended = true; this.answer(socket, text); };
    socket.on("error", () => {});
    socket.on("data", (piece) => {
      if (whole) return this.faults.push("something behind the end");
      if (ended) return;
      held = Buffer.concat([held, piece]);
      if (this.manner === "deaf") return;
      if (!begun) {
        if (held.length < 10) return;
        if (held.subarray(0, 10).toString() !== "zINSTREAM\0") { this.faults.push("another command"); return answer("UNKNOWN COMMAND"); }
        held = held.subarray(10);
        begun = true;
      }
      while (!ended && held.length >= 4 && held.length >= 4 + held.readUInt32BE(0)) {
        const length = held.readUInt32BE(0);
        if (length === 0) { held = held.subarray(4); whole = true; this.seen.push(Buffer.concat(got)); answer(this.judge(Buffer.concat(got))); break; }
        got.push(held.subarray(4, 4 + length));
        size += length;
        held = held.subarray(4 + length);
        if (size > this.most) answer("INSTREAM size limit exceeded. ERROR");
        if (this.manner === "breaks off") { ended = true; socket.destroy(); }
      }
    });
  }

  judge(bytes) { return bytes.includes(EICAR) ? "stream: Win.Test.EICAR_HDB-1 FOUND" : "stream: OK"; }

  answer(socket, text) {
    switch (this.manner) {
      case "silent": return;
      case "in pieces": for (const c of `${text}\0`) socket.write(c); return socket.end();
      case "without end": return socket.end(text);
      case "endless": return void socket.write("stream: ".padEnd(5000, "x"));
      case "hostile name": return socket.end("stream: <b>\n\x1b[31m\u00e9 FOUND\0");
      case "long name": return socket.end(`stream: ${"N".repeat(500)} FOUND\0`);
      case "nonsense": return socket.end("stream: FOUND\0");
      case "error": return socket.end("Can't allocate memory ERROR\0");
      case "hostile error": return socket.end("<b>\n\x1b[31m\u00e9 ERROR\0");
      case "long error": return socket.end(`${"E".repeat(500)} ERROR\0`);
      case "empty": return socket.end();
      default: return socket.end(`${text}\0`);
    }
  }
}
