import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { encodeFrame, OPCODE } from "../../src/websocket/frame.ts";
import { SAMPLE_KEY } from "../support/tcp.ts";
import { until } from "../support/until.ts";
import { type Line, LineReader } from "./lines.ts";

const maskingKey = Uint8Array.of(1, 2, 3, 4);
const END_OF_HEAD = "\r\n\r\n";
/** Long enough for a burst on a machine that does other things as well. */
const DEADLINE_MS = 240_000;

/** Sockets are read one after the other, so they share one buffer. */
const buffer = Buffer.alloc(256 * 1024);

/** The answer to a command. */
export interface Reply {
  /** Undefined: it was carried out. */
  readonly error: number | undefined;
  readonly line: Line;
}

/** A client that is so cheap that one process has thousands of them. It remembers little of what it is told. */
export class Member {
  /** Replies that have not been looked at. */
  readonly replies = new Map<number, Reply>();
  /** Publications that have come, by channel. */
  readonly publications = new Map<string, number>();
  /** What ended a subscription, by channel. */
  readonly unsubscribes = new Map<string, number>();
  bytes = 0;
  closeCode: number | undefined;
  hasEnded = false;
  readonly #tcp: Socket;
  readonly #reader = new LineReader({
    line: (line) => this.#take(line),
    close: (code) => {
      this.closeCode = code;
      this.#tcp.destroy();
    },
  });
  #head = "";
  #lastId = 0;

  constructor(port: number, path: string) {
    const callback = (count: number) => {
      this.bytes += count;
      if (this.status === undefined) this.#readHead(Buffer.from(buffer.subarray(0, count)));
      else this.#reader.read(buffer, count);
      return true;
    };
    this.#tcp = connect({ host: "127.0.0.1", port, noDelay: true, onread: { buffer, callback } });
    this.#tcp.on("error", () => {});
    this.#tcp.on("close", () => {
      this.hasEnded = true;
    });
    const lines = [
      `GET ${path} HTTP/1.1`,
      "Host: localhost",
      "Upgrade: websocket",
      "Connection: Upgrade",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${SAMPLE_KEY}`,
    ];
    this.#tcp.write(lines.join("\r\n") + END_OF_HEAD);
  }

  /** The HTTP status of the handshake, once it is there. */
  get status(): number | undefined {
    return this.#head.endsWith(END_OF_HEAD) ? Number(this.#head.split(" ")[1]) : undefined;
  }

  /** Sends commands in one frame. Returns their ids. */
  send(...commands: readonly object[]): number[] {
    const ids = commands.map(() => {
      this.#lastId += 1;
      return this.#lastId;
    });
    const lines = commands.map((command, index) => JSON.stringify({ id: ids[index], ...command }));
    const payload = new TextEncoder().encode(lines.join("\n"));
    this.#tcp.write(encodeFrame({ opcode: OPCODE.text, payload, maskingKey }));
    return ids;
  }

  /** Waits for the answer to a command, and forgets it. */
  async reply(id: number | undefined): Promise<Reply> {
    let reply: Reply | undefined;
    await until(
      () => {
        reply = this.replies.get(id ?? 0);
        return reply !== undefined || this.hasEnded;
      },
      `the reply to command ${id}`,
      DEADLINE_MS,
    );
    if (reply === undefined) throw new Error(`the connection ended with ${this.closeCode}`);
    this.replies.delete(id ?? 0);
    return reply;
  }

  async ask(command: object): Promise<Reply> {
    return this.reply(this.send(command)[0]);
  }

  /** Reads no more until `resume`. */
  stall(): void {
    this.#tcp.pause();
  }

  resume(): void {
    this.#tcp.resume();
  }

  async end(): Promise<void> {
    if (this.hasEnded) return;
    this.#tcp.destroy();
    await once(this.#tcp, "close");
  }

  #readHead(bytes: Buffer): void {
    const text = bytes.toString("latin1");
    const end = text.indexOf(END_OF_HEAD);
    this.#head += end < 0 ? text : text.slice(0, end + END_OF_HEAD.length);
    if (end < 0) return;
    const rest = bytes.subarray(end + END_OF_HEAD.length);
    this.#reader.read(rest, rest.length);
  }

  #take(line: Line): void {
    const { start } = line;
    const id = /^\{"id":(\d+),(?:"error":\{"code":(\d+))?/.exec(start);
    if (id) {
      this.replies.set(Number(id[1]), { error: id[2] === undefined ? undefined : Number(id[2]), line });
      return;
    }
    const push = /^\{"push":\{"channel":"([^"]*)","(pub|unsubscribe)":(?:\{"code":(\d+))?/.exec(start);
    if (push?.[2] === "pub")
      this.publications.set(push[1] ?? "", (this.publications.get(push[1] ?? "") ?? 0) + 1);
    if (push?.[2] === "unsubscribe") this.unsubscribes.set(push[1] ?? "", Number(push[3]));
  }
}
