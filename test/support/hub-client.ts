import { chooseEncoding } from "../../src/protocol/subprotocol.ts";
import { ChannelClient } from "../../src/testing/channel-client.ts";
import { isPing, type Line } from "../../src/testing/channel-lines.ts";
import type { ClientEnd } from "../../src/testing/client-end.ts";
import { handshakeHeaders } from "./handshake-headers.ts";
import { PATIENCE_MS } from "./patience.ts";
import { ProtobufEnd } from "./protobuf-end.ts";

export type * from "../../src/testing/channel-lines.ts";
export type { ClientEnd, Closing } from "../../src/testing/client-end.ts";

/** A client of a hub under test, which shows every frame and answers no ping. */
export class HubClient extends ChannelClient {
  /** Everything that arrived, frame by frame. */
  readonly frames: (string | ArrayBuffer)[] = [];
  readonly #socket: ClientEnd;
  readonly #beforeSend: () => Promise<void>;

  /** `beforeSend` runs before each command of `request`. */
  constructor(socket: ClientEnd, beforeSend: () => Promise<void> = async () => {}) {
    super(socket, () => PATIENCE_MS);
    this.#socket = socket;
    this.#beforeSend = beforeSend;
    socket.addEventListener("message", ({ data }) => void this.frames.push(data as string | ArrayBuffer));
  }

  override async request(command: string, body: Readonly<Record<string, unknown>> = {}): Promise<Line> {
    await this.#beforeSend();
    return super.request(command, body);
  }

  /** Sends one frame as it is, whatever is spoken. */
  sendRaw(frame: string | ArrayBuffer): void {
    if (this.#socket instanceof ProtobufEnd) this.#socket.sendRaw(frame);
    else this.#socket.send(frame);
  }

  /** The code of the error that answers one command. */
  async codeOf(command: string, body: Record<string, unknown> = {}): Promise<number | undefined> {
    return (await this.request(command, body)).error?.code;
  }

  ping(): Promise<Line> {
    return this.next(isPing, "a ping");
  }

  /** What arrived and was not asked for. Pings come when it is time for them, and do not count. */
  override get unread(): readonly Line[] {
    return super.unread.filter((line) => !isPing(line));
  }

  protected override accepts(): boolean {
    return true;
  }
}

/** The client of a handshake: it has one interface, in whatever the handshake asks to be spoken. */
export function hubClient(request: Request, socket: ClientEnd, beforeSend?: () => Promise<void>): HubClient {
  const isProtobuf = chooseEncoding(request) === "protobuf";
  return new HubClient(isProtobuf ? new ProtobufEnd(socket) : socket, beforeSend);
}

/** A handshake of the channel protocol, as a request to a hub or to the gateway. */
export function channelRequest(query = "", headers: Record<string, string | undefined> = {}): Request {
  return new Request(`https://gateway.test/connection/websocket${query}`, {
    headers: handshakeHeaders(headers),
  });
}
