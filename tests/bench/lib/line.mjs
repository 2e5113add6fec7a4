// One connection that is kept open, and one request at a time on it. Bodies go to the socket as they lie in memory, so that the client costs
// little: it would be the limit otherwise.

import net from "node:net";

export class Line {
  constructor(address) {
    const [host, port] = address.split(":");
    this.socket = net.connect(Number(port), host).setNoDelay();
    this.arrived = Buffer.alloc(0);
    this.socket.on("data", (piece) => this.#read(piece)).on("error", (error) => this.#end(error)).on("close", () => this.#end(new Error("the line broke")));
  }

  #end(error) {
    this.waiting?.wrong(error);
    this.waiting = undefined;
  }

  #read(piece) {
    this.arrived = Buffer.concat([this.arrived, piece]);
    const end = this.arrived.indexOf("\r\n\r\n");
    if (end < 0) return;
    const [first, ...lines] = this.arrived.toString("latin1", 0, end).split("\r\n");
    const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]));
    const whole = end + 4 + Number(headers["content-length"] ?? 0);
    if (this.arrived.length < whole) return;
    const text = this.arrived.toString("utf8", end + 4, whole);
    this.arrived = this.arrived.subarray(whole);
    this.waiting?.done({ status: Number(first.split(" ")[1]), headers, text });
    this.waiting = undefined;
  }

  /** When the system has taken it. */
  write(bytes) {
    return new Promise((done, wrong) => { this.socket.write(bytes, (error) => (error ? wrong(error) : done())); });
  }

  /** The head of a request and the answer to come; its body is written by whoever asks. */
  async begin(method, path, headers, length) {
    const answer = new Promise((done, wrong) => { this.waiting = { done, wrong }; });
    answer.catch(() => {}); // whoever awaits it is told
    const lines = Object.entries({ Host: "localhost", ...headers, "Content-Length": length }).map(([name, value]) => `${name}: ${value}\r\n`);
    await this.write(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
    return { answer };
  }

  async ask(method, path, headers = {}, body = Buffer.alloc(0)) {
    const { answer } = await this.begin(method, path, headers, body.length);
    if (body.length > 0) await this.write(body);
    return answer;
  }

  close() {
    this.socket.destroy();
  }
}
