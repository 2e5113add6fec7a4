// What the static tests share: the files of the project, found as git sees them, and small readers.

import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");

/** The build folder with the generated headers: BUILD, or build-gcc, or build; undefined when none of them is there. */
export const build = [process.env.BUILD, "build-gcc", "build"]
  .filter(Boolean).map((folder) => resolve(root, folder)).find((folder) => existsSync(join(folder, "build.ninja")));

let all;
/** Paths from the root, "/" between folders, of all files that are or would be committed. Outside a checkout: what `find` finds. */
export function files(pattern = /./) {
  if (!all) {
    let out;
    try {
      out = execFileSync("git", ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        { cwd: root, maxBuffer: 1 << 26, stdio: ["ignore", "pipe", "ignore"] }).toString();
    } catch {
      out = execFileSync("find", [".", "-type", "f", "-not", "-path", "./node_modules/*", "-not", "-path", "./build*/*",
        "-not", "-path", "./data/*", "-printf", "%P\\0"], { cwd: root, maxBuffer: 1 << 26 }).toString();
    }
    all = out.split("\0").filter((path) => path && existsSync(join(root, path))).sort();
  }
  return all.filter((path) => pattern.test(path));
}

const texts = new Map();
export function read(path) {
  if (!texts.has(path)) texts.set(path, readFileSync(join(root, path), "utf8"));
  return texts.get(path);
}

export const lineOf = (text, offset) => text.slice(0, offset).split("\n").length;

/** C text with comments (and string literals when asked) blanked out; line ends stay, so that offsets and lines are kept. */
export function codeOf(text, { strings = false } = {}) {
  const blank = (s) => s.replace(/[^\n]/g, " ");
  return text.replace(/\/\*[^]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, (token) => {
    if (token[0] === "/") return blank(token);
    if (strings && token[0] === '"') return `"${blank(token.slice(1, -1))}"`;
    return token;
  });
}

/** Lines of src/web/routes.def. */
export function routes() {
  const text = codeOf(read("src/web/routes.def"));
  return [...text.matchAll(/^ROUTE\(\s*(\w*)\s*,\s*(\w*)\s*,\s*"([^"]*)"\s*,\s*(\w*)\s*,\s*(\w*)\s*,\s*([\w |]*)\)/gm)]
    .map(([, name, method, pattern, access, rate, flags]) => ({ name, method, pattern, access, rate, flags: flags.trim() }));
}

/** The members of an enum of a header, without their prefix and without _COUNT. */
export function enumOf(path, name, prefix) {
  const body = codeOf(read(path)).match(new RegExp(`enum ${name} \\{([^}]*)\\}`));
  if (!body) throw new Error(`${path}: no enum ${name}`);
  return [...body[1].matchAll(/\b([A-Z][A-Z0-9_]*)\b/g)].map((m) => m[1])
    .filter((member) => member.startsWith(prefix) && !member.endsWith("_COUNT")).map((member) => member.slice(prefix.length));
}

/** Runs the commands ([program, arguments, input]), as many at once as there are cores; answers {code, output} each, in order. */
export async function runAll(commands) {
  const results = new Array(commands.length);
  let next = 0;
  const one = ([program, args, input]) => new Promise((done) => {
    const child = spawn(program, args, { cwd: root, stdio: ["pipe", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (piece) => { output += piece; });
    child.stderr.on("data", (piece) => { output += piece; });
    child.on("error", (error) => done({ code: -1, output: String(error) }));
    child.on("close", (code) => done({ code, output }));
    child.stdin.on("error", () => {});
    child.stdin.end(input ?? "");
  });
  const lane = async () => {
    while (next < commands.length) {
      const at = next++;
      results[at] = await one(commands[at]);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, availableParallelism()) }, lane));
  return results;
}

export function has(program) {
  try {
    execFileSync("sh", ["-c", `command -v "$1"`, "sh", program], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Fails with each fault on a line of its own. */
export function none(faults) {
  if (faults.length > 0) throw new Error(`\n  ${faults.join("\n  ")}\n`);
}
