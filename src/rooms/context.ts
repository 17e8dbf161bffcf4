import type { Payload } from "../shared/payload-size.ts";
import type { RoomSocket } from "./socket.ts";

declare global {
  namespace Cloudflare {
    /** What `wrangler types` or the Worker itself declares. */
    interface Env {}
  }
}

/** The room that a handler works in. */
export interface RoomContext<Data = unknown> {
  readonly kind: string;
  readonly name: string;
  /** The bindings, variables and secrets of the Worker. */
  readonly env: Cloudflare.Env;
  /** The open sockets, in the order in which they joined. */
  readonly sockets: Iterable<RoomSocket<Data>>;
  /** The open socket with this id. */
  socket(id: string): RoomSocket<Data> | undefined;
  /** The open sockets that `accept` has given this tag, in the order in which they joined. */
  socketsByTag(tag: string): Iterable<RoomSocket<Data>>;
  /** Sends to every subscriber of the topic. Returns the payload's bytes, 1 for an empty one; `0` when nobody was reached. */
  publish(topic: string, message: Payload): number;
  subscriberCount(topic: string): number;
  /** What the room stores. A room that never uses it stores nothing. */
  readonly storage: RoomStorage;
  /**
   * Has the kind's `alarm` called at a time, in milliseconds since the epoch, whether or not anybody is there then. A
   * room has one alarm: another time replaces it. `deleteAll` of the storage deletes it.
   * @throws Error when the kind has no `alarm`, RangeError for an invalid time.
   */
  setAlarm(time: number | Date): void;
  /** When `alarm` will be called; undefined while none is set, and while it runs. */
  getAlarm(): number | undefined;
  deleteAlarm(): void;
  /** Keeps the room awake until the promise has settled. A rejection is logged. */
  waitUntil(promise: PromiseLike<unknown>): void;
}

/** The storage of a room: the SQLite database of its object, of which the gateway keeps its own rows out of sight. */
export interface RoomStorage {
  /** Runs SQL, at once. */
  readonly sql: SqlStorage;
  /** Values by name, without SQL. A key that begins with `poorwill:` throws RangeError. */
  readonly kv: SyncKvStorage;
  /** Runs `work`, which must be synchronous, in one transaction: if it throws, nothing of it is stored. */
  transactionSync<Result>(work: () => Result): Result;
  /**
   * Deletes every table, every value, and the alarm that `setAlarm` has set: from then on the room costs no storage.
   * Sockets, ticks and idle timeouts are not touched.
   */
  deleteAll(): Promise<void>;
}
