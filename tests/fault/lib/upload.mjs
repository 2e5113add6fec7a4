// Uploads by the resume protocol, as a script sends them.

import assert from "node:assert/strict";
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { ask } from "./counter.mjs";

/** Headers of the protocol, as this person. */
export const tus = (person, more = {}) => ({ Cookie: `session=${person.session}`, "Tus-Resumable": "1.0.0", "X-Form-Token": person.csrf, ...more });
const base64 = (text) => Buffer.from(text).toString("base64");

/** Announces a file for a document of a draft; answers its path. */
export async function create(counter, person, draft, document, size, name = "paper.pdf") {
  const answer = await ask(counter.base, `/drafts/${draft.id}/files`, { method: "POST",
    headers: tus(person, { "Upload-Length": String(size), "Upload-Metadata": `document ${base64(document)},filename ${base64(name)}`, "Content-Length": "0" }) });
  assert.equal(answer.status, 201, answer.text);
  return answer.headers.location;
}

/** Where it stands. */
export async function state(counter, person, path) {
  const answer = await ask(counter.base, path, { method: "HEAD", headers: tus(person) });
  return { status: answer.status, offset: Number(answer.headers["upload-offset"]), state: answer.headers["upload-state"] };
}

/** Sends from `offset` on, `piece` bytes at a time with a pause, and breaks off behind `until` bytes; how it ended. */
export function patch(counter, person, path, bytes, offset, { upTo = bytes.length, piece = 65536, pause = 0 } = {}) {
  return new Promise((done) => {
    const request = http.request(`${counter.base}${path}`, { method: "PATCH",
      headers: tus(person, { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream", "Content-Length": String(bytes.length - offset) }) },
    (response) => { response.resume(); response.on("end", () => done({ status: response.statusCode, headers: response.headers })); });
    request.on("error", () => done({ status: 0 }));
    (async () => {
      for (let at = offset; at < upTo && !request.destroyed; at += piece) {
        request.write(bytes.subarray(at, Math.min(at + piece, upTo)));
        if (pause) await sleep(pause);
      }
      if (upTo < bytes.length) { await sleep(50); request.destroy(); } else request.end();
    })();
  });
}
