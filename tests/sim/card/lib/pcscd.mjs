// pcscd with a virtual reader, for one test alone: a socket, a configuration and a port of its own.

import { mkdirSync, writeFileSync } from "node:fs";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { run, softcard } from "./desk.mjs";

const driver = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
export const path = `${process.env.PATH}:/usr/sbin:/sbin`;

const listens = (port) => new Promise((done, failed) => {
  const server = net.createServer().once("error", failed);
  server.listen(port, "127.0.0.1", () => done(server));
});

/** A free port whose next one is free too: the reader has two slots. */
async function freePorts() {
  for (;;) {
    const first = await listens(0), { port } = first.address();
    const second = await listens(port + 1).catch(() => undefined);
    first.close();
    second?.close();
    if (second && port < 65535) return port;
  }
}

/** pcscd writes to /run/pcscd, and wants to be root; in a namespace it has both. Undefined: neither is to be had. */
export function wrapper() {
  if (run("unshare", ["-rm", "mount", "-t", "tmpfs", "none", "/run"]).code === 0)
    return ["unshare", "-rm", "sh", "-c", 'mount -t tmpfs none /run && mkdir /run/pcscd && exec "$@"', "sh"];
  return process.getuid() === 0 ? [] : undefined;
}

export class Reader {
  static async begin(desk, name) {
    const reader = new Reader();
    const port = await freePorts(), conf = desk.at(`pcscd-${name}`), socket = desk.at(`pcscd-${name}.socket`);
    const hex = `0x${port.toString(16).toUpperCase()}`;
    mkdirSync(conf);
    writeFileSync(`${conf}/vpcd`, `FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:${hex}\nLIBPATH ${driver}\nCHANNELID ${hex}\n`);
    reader.env = { ...process.env, PATH: path, PCSCLITE_CSOCK_NAME: socket };
    const [program, ...args] = [...wrapper(), process.env.PRIVATE_PCSCD, socket, conf];
    reader.daemon = desk.start(program, args, { env: reader.env });
    reader.card = desk.start(softcard, ["reader", desk.at("cards", name), "--port", String(port), "--wait", "30"]);
    for (let i = 0; !/^0 +Yes/m.test(reader.ask("opensc-tool", "-l").text); i++) {
      if (i === 100) throw new Error(`no card on the reader\n${reader.daemon.said}\n${reader.card.said}`);
      await sleep(100);
    }
    return reader;
  }

  /** A program that looks at the card; with what goes to its input. */
  ask(program, ...args) {
    const input = typeof args.at(-1) === "object" ? args.pop().input : "";
    return run(program, args, { env: this.env, input });
  }
}
