import { payloadBytes } from "../shared/payload-size.ts";
import type { RoomSocket } from "./socket.ts";

/** A socket of a room, as the rest of the application sees it. */
export interface ListedSocket {
  readonly id: string;
  readonly remoteAddress: string;
  readonly protocol: string;
  readonly tags: readonly string[];
  readonly topics: readonly string[];
  /** Its `data`, where it was asked for and can be written as JSON. */
  readonly data?: unknown;
}

/** Some of the sockets of a room, in the order of their ids. */
export interface SocketPage {
  readonly sockets: readonly ListedSocket[];
  /** The `after` of the next page; absent in the last one. */
  readonly next?: string;
}

/** Which page is asked for. */
export interface PageRequest {
  /** The id behind which the page begins; "" for the first one. */
  readonly after: string;
  /** Sockets that it may have. */
  readonly limit: number;
  readonly withData: boolean;
}

/**
 * A page of at most so many bytes, as JSON. Ids give the order, and not the time of joining: a page then goes on behind a
 * socket that has left meanwhile.
 */
export function writePage(
  sockets: Iterable<RoomSocket>,
  { after, limit, withData }: PageRequest,
  mostBytes: number,
): string {
  const following = [...sockets]
    .filter(({ id }) => id > after)
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  const written: string[] = [];
  let bytes = 0;
  for (const socket of following.slice(0, limit)) {
    const entry = writeSocket(socket, withData, mostBytes);
    bytes += payloadBytes(entry);
    if (bytes > mostBytes && written.length > 0) break;
    written.push(entry);
  }
  const last = following[written.length - 1];
  const next = last && written.length < following.length ? `,"next":${JSON.stringify(last.id)}` : "";
  return `{"sockets":[${written.join(",")}]${next}}`;
}

function writeSocket(socket: RoomSocket, withData: boolean, mostBytes: number): string {
  const { id, remoteAddress, protocol, tags, subscriptions: topics } = socket;
  const listed = { id, remoteAddress, protocol, tags, topics } satisfies ListedSocket;
  if (!withData) return JSON.stringify(listed);
  try {
    const entry = JSON.stringify({ ...listed, data: socket.data });
    if (payloadBytes(entry) <= mostBytes) return entry;
  } catch {
    // A structured clone may be what JSON is not: cyclic, or a BigInt.
  }
  return JSON.stringify(listed);
}
