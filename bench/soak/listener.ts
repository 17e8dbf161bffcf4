import { encodeCommands, encodeText } from "../channels.ts";
import { LoadSocket } from "../load.ts";
import { TextReader } from "./text-reader.ts";

const PING = "{}";
const PONG = encodeText(PING);
const OFFSET = /"offset":(\d+)/;

/** What all listeners together have seen. */
export interface Tally {
  deliveries: number;
  /** Connections that came back, and were told everything that they had missed. */
  recoveries: number;
  /** Publications that somebody has never got. */
  lost: number;
  /** Publications that somebody got again. */
  repeated: number;
}

interface Reply {
  readonly error?: { readonly code: number };
  readonly subscribe?: {
    readonly epoch: string;
    readonly offset?: number;
    readonly recovered?: boolean;
    readonly publications?: readonly { readonly offset: number }[];
  };
}

/** Listens to one channel as an SDK does: it answers pings, and comes back with its position. */
export class Listener {
  /** The newest publication that it has. */
  offset = 0;
  readonly #port: number;
  readonly #path: string;
  readonly #channel: string;
  readonly #tally: Tally;
  #epoch = "";
  #socket: LoadSocket | undefined;

  constructor(port: number, path: string, channel: string, tally: Tally) {
    this.#port = port;
    this.#path = path;
    this.#channel = channel;
    this.#tally = tally;
  }

  /** Connects and subscribes, from where it was. Resolves when it has all that it had missed. */
  async join(): Promise<void> {
    const socket = new LoadSocket(this.#port, this.#path, {});
    await socket.opened;
    const joined = Promise.withResolvers<void>();
    const reader = new TextReader();
    socket.onBytes = (count, bytes) => {
      for (const text of reader.read(bytes, count))
        for (const line of text.split("\n")) {
          if (line === PING) socket.send(PONG);
          else if (line.startsWith('{"push"')) this.#takePush(line);
          else if (this.#takeReply(JSON.parse(line) as Reply)) joined.resolve();
        }
    };
    const position = this.#epoch === "" ? {} : { recover: true, offset: this.offset, epoch: this.#epoch };
    socket.send(encodeCommands({ connect: {} }, { subscribe: { channel: this.#channel, ...position } }));
    this.#socket = socket;
    await joined.promise;
  }

  /** Loses its connection without a word. */
  cut(): void {
    this.#socket?.cut();
  }

  async leave(): Promise<void> {
    await this.#socket?.close();
  }

  #takePush(line: string): void {
    const offset = OFFSET.exec(line)?.[1];
    // The runtime answers a pong with a push that holds nothing.
    if (offset !== undefined) this.#take(Number(offset));
  }

  /** Returns whether it is subscribed now. */
  #takeReply({ error, subscribe }: Reply): boolean {
    if (error) throw new Error(`error ${error.code}`);
    if (subscribe === undefined) return false;
    const { epoch, offset = 0, recovered = false, publications = [] } = subscribe;
    if (this.#epoch === "") this.offset = offset;
    else if (recovered) this.#tally.recoveries += 1;
    for (const publication of publications) this.#take(publication.offset);
    this.#epoch = epoch;
    return true;
  }

  #take(offset: number): void {
    this.#tally.deliveries += 1;
    if (offset <= this.offset) this.#tally.repeated += 1;
    else this.#tally.lost += offset - this.offset - 1;
    this.offset = Math.max(this.offset, offset);
  }
}
