import type { Payload } from "../shared/payload-size.ts";

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
