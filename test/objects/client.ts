import { exports } from "cloudflare:workers";
import { connectRoom } from "../../src/testing/connect.ts";
import { RoomClient } from "../../src/testing/room-client.ts";
import { handshakeHeaders } from "../support/handshake-headers.ts";
import { PATIENCE_MS } from "../support/patience.ts";

export { RoomClient as Client } from "../../src/testing/room-client.ts";

/** Where the gateway of the tests stands. */
export const GATEWAY = "https://gateway.test";

/** Asks the gateway for a WebSocket, and returns whatever it answers. */
export function handshake(path: string, changes?: Record<string, string | undefined>): Promise<Response> {
  return exports.default.fetch(GATEWAY + path, { headers: handshakeHeaders(changes) });
}

/** Connects to the gateway. Throws when it refuses. */
export function connect(path: string, headers: Record<string, string> = {}): Promise<RoomClient> {
  return connectRoom(path, { headers });
}

/** Takes the WebSocket of a 101. */
export function accept({ webSocket, status }: Response): RoomClient {
  if (webSocket === null) throw new Error(`refused with ${status}`);
  webSocket.binaryType = "arraybuffer";
  webSocket.accept();
  return new RoomClient(webSocket, () => PATIENCE_MS);
}
