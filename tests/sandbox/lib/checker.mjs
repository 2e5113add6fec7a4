// Asks madoguchi-check as the counter does: files on descriptors, one line back.

import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const build = process.env.BUILD ?? "build";
export const program = join(build, "src/check/madoguchi-check");
export const thumbnailer = join(build, "src/check/madoguchi-thumbnail");

/** A folder that goes with the process. */
export const scratch = mkdtempSync(join(tmpdir(), "checker-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

let made = 0;
function fileOf(bytes) {
  const path = join(scratch, `in-${made++}`);
  writeFileSync(path, bytes);
  return path;
}

/**
 * ask(["pdf"], bytes) → { line, status, signal, ms, output }. `files` may be one Buffer or several; `output` is what was written to
 * descriptor 4 when wanted.
 */
export function ask(words, files, { output = false, path = program } = {}) {
  const inputs = (Array.isArray(files) ? files : [files]).map(fileOf), out = output ? fileOf("") : null;
  const fds = inputs.map((name) => openSync(name, "r")), outFd = out ? openSync(out, "w") : openSync("/dev/null", "r");
  const from = performance.now();
  const child = spawn(path, words, { env: {}, stdio: ["ignore", "pipe", "ignore", fds[0], outFd, ...fds.slice(1)] });
  let line = "";
  child.stdout.on("data", (piece) => { line += piece; });
  const late = setTimeout(() => child.kill("SIGKILL"), 20000);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => {
      clearTimeout(late);
      const ms = performance.now() - from, bytes = out ? readFileSync(out) : null;
      for (const fd of [...fds, outFd]) closeSync(fd);
      for (const name of [...inputs, ...(out ? [out] : [])]) rmSync(name);
      resolve({ line: line.replace(/\n$/, ""), status, signal, ms, output: bytes });
    });
  });
}

/** "refused damaged at=7" → { verdict: "refused damaged", at: 7 } */
export function read({ line }) {
  const words = line.split(" "), numbers = {};
  for (const word of words.filter((w) => w.includes("="))) {
    const [name, value] = word.split("=");
    numbers[name] = Number(value);
  }
  return { verdict: words.filter((w) => !w.includes("=")).join(" "), ...numbers };
}
