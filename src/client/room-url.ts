/** Where the rooms are: from a kind and a name to a WebSocket URL, and back. */

import { pathOnGateway, socketUrl } from "./gateway-base.ts";

export interface RoomChoice {
  readonly kind: string;
  /** Empty for the visitor's own `hello` room. */
  readonly room: string;
}

const DEFAULT_ROOM = "lobby";

/**
 * The address of a room on a gateway.
 *
 * @example roomUrl("http://localhost:8080/", { kind: "hello", room: "" }); // "ws://localhost:8080/ws"
 */
export function roomUrl(base: string, { kind, room }: RoomChoice): string {
  if (kind === "hello" && room === "") return socketUrl(base, "ws");
  return socketUrl(base, `rooms/${encodeURIComponent(kind)}/${encodeURIComponent(room || DEFAULT_ROOM)}`);
}

/** The room of a gateway that a URL names, or nothing when it is no room's address there. */
export function readRoomUrl(base: string, url: string): RoomChoice | undefined {
  const path = pathOnGateway(base, url);
  if (path === "ws") return { kind: "hello", room: "" };
  const [, kind, encodedRoom] = path?.match(/^rooms\/([\w-]+)\/([^/]+)$/) ?? [];
  const room = decodeRoom(encodedRoom ?? "");
  return kind !== undefined && room !== undefined ? { kind, room } : undefined;
}

/** Whether what is sent to this address can come back unchanged. Only `broadcast` is known not to do it. */
export function mayEcho(base: string, url: string): boolean {
  return readRoomUrl(base, url)?.kind !== "broadcast";
}

/** The subprotocols in a comma-separated list, as the WebSocket constructor takes them. */
export function readSubprotocols(list: string): string[] {
  return list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function decodeRoom(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
