import type { Message, Payload } from "../shared/payload-size.ts";
import type { RateLimit } from "../shared/token-bucket.ts";
import type { Accepted } from "./accept.ts";
import type { RoomCall } from "./calls.ts";
import type { RoomContext, RoomStorage } from "./context.ts";
import type { RoomSocket } from "./socket.ts";

export type { Message, Payload, RateLimit, RoomContext, RoomSocket, RoomStorage };

/** Two texts of 1 to 2,048 bytes: what a client sends to be answered, and the answer. */
export interface Heartbeat {
  readonly request: string;
  readonly response: string;
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
  /**
   * A text that the runtime answers by itself, without waking the room: no handler sees it, it counts for no rate, and it
   * restarts `idleTimeout`. Without it, the default, a client gets only what a handler has sent.
   */
  readonly heartbeat?: Heartbeat;
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
  /**
   * Calls of `alarm` in an hour, for whatever reason: an alarm that is set again and again comes later and later when
   * they are used up, up to an hour apart, until it is set to a later time by itself. Ticks do not count.
   */
  readonly alarmsPerHour?: number;
  /** Bytes of the body of a request to `request`; a longer one is refused with 413. */
  readonly maxRequestBody?: number;
  /**
   * Whether a `GET` that accepts `text/event-stream` is a socket that only listens: `upgrade` decides about it as about any
   * other, and what the room sends it are Server-Sent Events. With `idleTimeout` it needs a `heartbeat`, because it sends
   * nothing else. Default false.
   */
  readonly stream?: boolean;
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
  /**
   * Called before the first other function after the room was created or has slept: here memory is filled from the
   * storage. Everything else waits until it has ended. If it throws, or takes longer than `ROOM_LIMITS.startTime`, what
   * has waited fails; then the next event calls it again.
   */
  start?(room: RoomContext<Data>): unknown;
  /** Answers a request to the room's address that asks for no WebSocket, whatever its method. */
  request?(request: Request, room: RoomContext<Data>): Response | Promise<Response>;
  /**
   * Called at the time that `room.setAlarm` was given, at least once: it is tried again up to six times if it throws, or
   * if the object was reset while it ran.
   */
  alarm?(room: RoomContext<Data>): unknown;
  /**
   * Functions that the rest of the application can call by name, with the room and arguments that are JSON. Declare the
   * kind with `satisfies RoomHandler`, and their types are known to `gateway.room(…).call`.
   */
  readonly calls?: Readonly<Record<string, RoomCall<Data>>>;
}
