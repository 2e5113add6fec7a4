// Mails as they were written: the text of their body, and the files of a data folder.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { until } from "./counter.mjs";

/** The body of a message, decoded. */
export function bodyOf(message) {
  const [head, body] = message.split(/\r\n\r\n([^]*)/);
  if (/^Content-Transfer-Encoding: base64/m.test(head)) return Buffer.from(body, "base64").toString();
  return Buffer.from(body.replace(/=\r\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))), "latin1").toString();
}

/** The path of the link in a message's text; undefined: there is none of that form. */
export function linkIn(message, base, pattern) {
  const found = bodyOf(message).split("\n").map((line) => line.trim()).find((line) => line.startsWith(`${base}/`) && pattern.test(line));
  return found?.slice(base.length);
}

/** For Person.register: waits for the mail in the data folder of a counter without a relay. */
export function folderOf(counter, base = counter.base) {
  return (email, pattern) => until(`a mail to ${email} with ${pattern}`, () => {
    const folder = join(counter.data, "mail");
    let names = [];
    try {
      names = readdirSync(folder).filter((name) => name.endsWith(".eml")).sort().reverse();
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
    for (const name of names) {
      const message = readFileSync(join(folder, name), "latin1");
      const link = message.includes(`To: <${email}>`) && linkIn(message, base, pattern);
      if (link) return link;
    }
    return undefined;
  });
}
