import type { Message, Payload } from "../shared/payload-size.ts";
import type { RateLimit } from "../shared/token-bucket.ts";
import type { Accepted } from "./accept.ts";

export type { Message, Payload, RateLimit };

/** One connection in a room. It survives hibernation: `id`, `data`, topics and protocol come back with it. */
export interface RoomSocket<Data = unknown> {
  /** Unique per connection (UUID). */
  readonly id: string;
  /**
   * A structured clone of what `upgrade` returned, or of what was set since. Changes made during a handler call are
   * kept. At most about 16 KB, with the topics. Setting it to a value that cannot be cloned throws.
   */
  data: Data;
  /** The client's IP address, `""` where the platform does not tell. */
  readonly remoteAddress: string;
  /** The negotiated subprotocol, `""` for none. */
  readonly protocol: string;
  /** The tags that `accept` gave it. */
  readonly tags: readonly string[];
  /** As in browsers: 1 open, 2 closing, 3 closed. */
  readonly readyState: number;
  /**
   * Sends one message.
   * @returns the payload's bytes, 1 for an empty one; `-1` when it was queued but more than half of `backpressureLimit` is waiting for
   * a slow client; `0` when it was dropped, because the socket is closed or `backpressureLimit` is reached.
   */
  send(message: Payload): number;
  /**
   * Starts the closing handshake. Does nothing when the socket is closing already.
   * @throws RangeError unless `code` is 1000 or 3000 to 4999 (or left out, without a reason) and `reason` has at most
   * 123 bytes.
   */
  close(code?: number, reason?: string): void;
  /** Subscribes to a topic of this room. Throws RangeError past the limits of `ROOM_LIMITS`. */
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
  isSubscribed(topic: string): boolean;
  readonly subscriptions: string[];
  /** Sends to every other subscriber of the topic. Returns the payload's bytes, 1 for an empty one; `0` when nobody was reached. */
  publish(topic: string, message: Payload): number;
}

/** The room that a handler works in. */
export interface RoomContext<Data = unknown> {
  readonly kind: string;
  readonly name: string;
  /** The open sockets, in the order in which they joined. */
  readonly sockets: Iterable<RoomSocket<Data>>;
  /** The open sockets that `accept` has given this tag, in the order in which they joined. */
  socketsByTag(tag: string): Iterable<RoomSocket<Data>>;
  /** Sends to every subscriber of the topic. Returns the payload's bytes, 1 for an empty one; `0` when nobody was reached. */
  publish(topic: string, message: Payload): number;
  subscriberCount(topic: string): number;
}

/** Options of a room kind. What is left out has the default of `ROOM_LIMITS`. */
export interface RoomOptions {
  /** Bytes of one message; a larger one closes the socket with 1009. */
  readonly maxPayloadLength?: number;
  /**
   * Bytes that may wait for a client, including what the running handler has sent; not enforced before workerd
   * 1.20261117.1.
   */
  readonly backpressureLimit?: number;
  /** Whether reaching `backpressureLimit` closes the socket with 1013 instead of dropping messages. */
  readonly closeOnBackpressureLimit?: boolean;
  /**
   * Seconds without a message after which a socket is closed with 1001; it may take up to half as long again. The pings of
   * the WebSocket protocol are no messages. `0`, the default, means never.
   */
  readonly idleTimeout?: number;
  /** Subprotocols that the kind speaks; the first one that the client offers is chosen and echoed. */
  readonly protocols?: readonly string[];
  /** Messages from one socket; more of them close it with 1008. */
  readonly rateLimit?: RateLimit;
  /**
   * Bytes from one socket, a text counting its characters; more of them close it with 1008. `burst` is at least
   * `maxPayloadLength`, or the longest messages could never come.
   */
  readonly byteRate?: RateLimit;
  /** Open sockets in one room; one more is refused with 503. */
  readonly maxSockets?: number;
  /** Milliseconds between two calls of `tick` while a socket is open. */
  readonly tickInterval?: number;
}

/** What `upgrade` decides. */
export type Decision<Data> = Data | Accepted<Data> | Response;

/**
 * What a room does, in the shape of Bun's and Deno's WebSocket handlers. Every function may be asynchronous, and what
 * it returns otherwise is ignored: one socket's events are handled in order, and others are not held up. A function
 * that throws closes the socket that it was called for with 1011, and no other.
 *
 * @example
 * ```ts
 * export const shout: RoomHandler = {
 *   open: (ws) => ws.subscribe("all"),
 *   message: (ws, message) => ws.publish("all", String(message).toUpperCase()),
 * };
 * ```
 */
export interface RoomHandler<Data = unknown> extends RoomOptions {
  /**
   * Decides about a connection before it exists.
   * @returns the initial `ws.data`, alone or by `accept` with headers, a subprotocol or tags, or a `Response` that refuses.
   */
  upgrade?(request: Request, room: RoomContext<Data>): Decision<Data> | Promise<Decision<Data>>;
  /** Called once for each connection, not again after hibernation. */
  open?(ws: RoomSocket<Data>, room: RoomContext<Data>): unknown;
  message(ws: RoomSocket<Data>, message: Message, room: RoomContext<Data>): unknown;
  /**
   * Called once for each connection that ends: with 1005 when the client gave no code, with 1006 when it vanished or
   * its connection failed.
   */
  close?(ws: RoomSocket<Data>, code: number, reason: string, room: RoomContext<Data>): unknown;
  /** Called when the runtime reports a failed connection, before `close`. */
  error?(ws: RoomSocket<Data>, error: unknown, room: RoomContext<Data>): unknown;
  /** Called every `tickInterval` while a socket is open, by an alarm: the object sleeps in between. */
  tick?(room: RoomContext<Data>): unknown;
}
