import type { Encoded } from "../protocol/codec.ts";
import type { CloseDefinition } from "../shared/codes.ts";
import type { Sinks } from "../websocket/total-backpressure.ts";
import type { SessionAttachment } from "./state.ts";

/** What a session needs of its connection: a WebSocket, or another transport that keeps frames in order. */
export interface Connection {
  /** Bytes that were sent and wait for the client; undefined where the transport does not tell. */
  readonly buffered: number | undefined;
  /** When the transport last took a pong without waking the hub, in milliseconds; 0 for never. */
  readonly lastPong: number;
  /** Sends one frame. It is lost where the client has gone, which is told elsewhere. Never throws. */
  send(frame: Encoded): void;
  /** Ends the connection from this side. Never throws. */
  close(close: CloseDefinition): void;
  /** Keeps what the session must find after sleep; undefined: it has ended. */
  remember(attachment: SessionAttachment | undefined): void;
  /** What it was last given to remember. */
  recall(): SessionAttachment | undefined;
}

/** The connections of one hub. */
export interface Connections {
  /** How many the platform holds, closed ones among them that are not gone. */
  readonly held: number;
  /** Those that are still open, after sleep. */
  open(): readonly Connection[];
  /** What waits for whom, closed connections that are not gone among them. */
  readonly sinks: Sinks;
}
