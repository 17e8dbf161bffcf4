import { ROOM_LIMITS } from "../shared/limits.ts";

/** What a connection is accepted with, beside its data. */
export interface AcceptOptions {
  /** Headers of the 101, such as `Set-Cookie`. Headers of the handshake itself are refused. */
  readonly headers?: HeadersInit;
  /** The subprotocol, one of those that the client offers: it need not stand in `protocols` of the kind. */
  readonly protocol?: string;
  /** Names that the socket keeps over sleep, and by which `room.socketsByTag` finds it: at most 10, of 1 to 256 characters. */
  readonly tags?: readonly string[];
}

/** A connection that `upgrade` accepts with more than its data. Made by `accept`. */
export class Accepted<Data = unknown> {
  readonly data: Data;
  readonly headers: Headers;
  readonly protocol: string | undefined;
  readonly tags: readonly string[];

  constructor(data: Data, { headers, protocol, tags = [] }: AcceptOptions) {
    this.data = data;
    this.headers = new Headers(headers);
    this.protocol = protocol;
    this.tags = [...new Set(tags)];
    for (const name of this.headers.keys()) checkHeader(name);
    checkTags(this.tags);
  }
}

/**
 * Accepts a connection in `upgrade` with headers, a subprotocol or tags.
 *
 * @throws RangeError for a header of the handshake itself, and for tags past the limits of `ROOM_LIMITS`.
 * @example
 * ```ts
 * upgrade(request) {
 *   const [name = "", token = ""] = (request.headers.get("Sec-WebSocket-Protocol") ?? "").split(", ");
 *   const user = userOf(token);
 *   return user ? accept({ user }, { protocol: name, tags: [`user:${user}`] }) : new Response(null, { status: 401 });
 * }
 * ```
 */
export function accept<Data>(data: Data, options: AcceptOptions = {}): Accepted<Data> {
  return new Accepted(data, options);
}

const OF_THE_HANDSHAKE = /^(?:sec-websocket-.*|upgrade|connection)$/;

function checkHeader(name: string): void {
  if (OF_THE_HANDSHAKE.test(name)) throw new RangeError(`the header ${name} belongs to the handshake`);
}

function checkTags(tags: readonly string[]): void {
  const { tags: most, tagLength } = ROOM_LIMITS;
  if (tags.length > most) throw new RangeError(`a socket has at most ${most} tags`);
  for (const { length } of tags) {
    if (length === 0 || length > tagLength) throw new RangeError(`a tag has 1 to ${tagLength} characters`);
  }
}
