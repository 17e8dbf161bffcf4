import { decodeClose, OPCODE } from "../../src/websocket/frame.ts";
import type { TcpPeer } from "./tcp.ts";

type Line = Readonly<Record<string, unknown>>;
type Reply = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Speaks the channel protocol over TCP, and reads when it is told to. */
export class Talker {
  readonly peer: TcpPeer;
  /** What has been read. */
  readonly lines: Line[] = [];
  #lastId = 0;

  constructor(peer: TcpPeer) {
    this.peer = peer;
  }

  /** Sends a command. Returns its id. */
  tell(command: object): number {
    this.#lastId += 1;
    this.peer.sendText(JSON.stringify({ id: this.#lastId, ...command }));
    return this.#lastId;
  }

  ask(command: object): Promise<Reply> {
    return this.replyTo(this.tell(command));
  }

  /** Reads until there is the reply to a command. */
  async replyTo(id: number): Promise<Reply> {
    for (;;) {
      const reply = this.lines.find((line) => line.id === id);
      if (reply) return reply as Reply;
      const code = await this.read();
      if (code !== undefined) throw new Error(`closed with ${code}`);
    }
  }

  /** Reads a frame. Returns the code when it is a close. */
  async read(): Promise<number | undefined> {
    const { opcode, payload } = await this.peer.nextFrame();
    if (opcode === OPCODE.close) return decodeClose(payload).code;
    for (const line of Buffer.from(payload).toString().split("\n")) this.lines.push(JSON.parse(line) as Line);
    return undefined;
  }

  /** Reads until the close, and returns its code. */
  async untilClosed(): Promise<number> {
    let code: number | undefined;
    while (code === undefined) code = await this.read();
    return code;
  }

  /** The offsets of the publications that have been read. */
  get offsets(): number[] {
    const publications = this.lines.flatMap(({ push }) => (push as { pub?: { offset: number } })?.pub ?? []);
    return publications.map(({ offset }) => offset);
  }
}
