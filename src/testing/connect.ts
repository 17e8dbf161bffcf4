import { exports } from "cloudflare:workers";
import { ChannelClient } from "./channel-client.ts";
import type { ClientEnd } from "./client-end.ts";
import { patience } from "./patience.ts";
import { RoomClient } from "./room-client.ts";
import { acceptUnseen } from "./watch/globals.ts";
import { watchObjects } from "./watch/watch.ts";

const ORIGIN = "https://gateway.test";
const HANDSHAKE = {
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
};

/** What a handshake has besides its path. */
export interface HandshakeOptions {
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a client of channels connects. */
export interface ChannelsOptions extends HandshakeOptions {
  /** A channel near whose home the client connects, as `?channel=` does. */
  readonly channel?: string;
  /** The connection token. Without it the client is anonymous. */
  readonly token?: string;
  /** What the connect hook gets. */
  readonly data?: unknown;
  /** Where the gateway has its channels. Default `/connection/websocket`. */
  readonly path?: string;
}

const connections = new Set<AbortController>();

/**
 * Connects a client to a room, through the Worker under test.
 *
 * @param path Such as `/rooms/chat/lobby?name=ada`.
 * @throws Error with the status and the text of the answer, when the gateway refuses.
 * @example
 * const ada = await connectRoom("/rooms/chat/lobby", { headers: { Cookie: "session=1" } });
 * ada.send("hello");
 * expect(await ada.next()).toBe("hello");
 */
export async function connectRoom(path: string, options: HandshakeOptions = {}): Promise<RoomClient> {
  return new RoomClient(await open(path, options), patience);
}

/**
 * Connects a client to channels, through the Worker under test. It answers pings by itself.
 *
 * @throws Error with the status and the text of the answer, when the gateway refuses the WebSocket; ChannelError with its code,
 * when it refuses the token.
 * @example
 * const ada = await connectChannels({ token });
 * await ada.subscribe("chat:1");
 * await ada.publish("chat:1", { text: "hello" });
 * expect((await ada.publication("chat:1")).data).toEqual({ text: "hello" });
 */
export async function connectChannels(options: ChannelsOptions = {}): Promise<ChannelClient> {
  const { channel, token, data, path = "/connection/websocket" } = options;
  const query = channel === undefined ? "" : `?channel=${encodeURIComponent(channel)}`;
  const client = new ChannelClient(await open(path + query, options), patience);
  await client.connect({ token, data });
  return client;
}

/**
 * Ends every connection of the kit without a close, as when a network is lost: both ends get 1006.
 *
 * @example
 * dropConnections();
 * expect((await ada.closed).code).toBe(1006);
 */
export function dropConnections(): void {
  for (const connection of connections) connection.abort();
  connections.clear();
}

async function open(path: string, { headers }: HandshakeOptions): Promise<ClientEnd> {
  await watchObjects();
  const connection = new AbortController();
  const { default: worker } = exports as unknown as { readonly default: Fetcher };
  const answer = await worker.fetch(new URL(path, ORIGIN), {
    headers: { ...HANDSHAKE, ...headers },
    signal: connection.signal,
  });
  const { webSocket } = answer;
  if (webSocket === null)
    throw new Error(`${path} was refused with ${answer.status}: ${await answer.text()}`);
  webSocket.binaryType = "arraybuffer";
  acceptUnseen(webSocket);
  connections.add(connection);
  webSocket.addEventListener("close", () => void connections.delete(connection));
  return webSocket;
}
