// What a program under test writes to its log.

/** The log of a stream: `text` is all of it, `lines` the objects of its whole lines. A line is read some time after the answer to its request:
    whoever asks for one waits for it. */
export class Log {
  text = "";
  lines = [];

  /** May be called again, for the next process: what one that was killed has not ended is no part of the next one's line. */
  follow(stream) {
    let rest = "";
    stream.setEncoding("utf8");
    stream.on("data", (piece) => {
      this.text += piece;
      const lines = (rest + piece).split("\n");
      rest = lines.pop();
      this.lines.push(...lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line)));
    });
  }
}
