// The simulated self-information service, and a counter that knows it.

import { spawn } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { temporaryFolder } from "../../story/lib/portal.mjs";
import { freePort } from "./counter.mjs";

const program = process.env.SIMSELFINFO ?? resolve(dirname(process.env.MADOGUCHI), "../../sim/selfinfo/simselfinfo");

/** Settings for the counter; the service itself is started with `start` when the counter's address is known. */
export async function selfinfo({ secret = "a secret between two" } = {}) {
  const port = await freePort(), at = `http://127.0.0.1:${port}`;
  const file = join(temporaryFolder("selfinfo"), "secret");
  writeFileSync(file, `${secret}\n`);
  chmodSync(file, 0o600);
  let child;
  process.on("exit", () => child?.kill());
  return {
    at, port, file,
    settings: {
      tax_auth_url: `${at}/oauth/authorize`, tax_token_url: `${at}/oauth/token`, tax_request_url: `${at}/request`, tax_result_url: `${at}/result`,
      tax_client_id: "madoguchi-test", tax_secret_file: file,
    },
    async start(base, { delay = "0", secretFile = file } = {}) {
      await this.stop();
      child = spawn(program, ["--listen", `127.0.0.1:${port}`, "--client-id", "madoguchi-test", "--secret-file", secretFile, "--redirect", `${base}/tax/cb`, "--delay", delay],
        { stdio: ["ignore", "pipe", "inherit"] });
      await new Promise((done, failed) => {
        child.stdout.once("data", done);
        child.once("exit", (code) => failed(new Error(`simselfinfo ended with ${code}`)));
      });
      /* It does not keep the tests from ending, and ends with them. */
      child.unref();
      child.stdout.unref();
    },
    async stop() {
      if (!child) return;
      const ended = new Promise((done) => child.once("close", done));
      child.ref();
      child.kill();
      await ended;
      child = undefined;
    },
  };
}

/** Fictional places by what they answer (sim/selfinfo/people.c). */
export const homes = {
  taxed: "990019", not_taxed: "990027", per_capita_only: "990035", not_declared: "990043",
  no_record: "990051", not_yet: "990060", municipality_unsupported: "990078", broken: "990086", never: "990094",
};
