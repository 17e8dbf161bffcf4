import { encodeFrame, OPCODE } from "../src/websocket/frame.ts";
import { LineCounter } from "./lines.ts";
import { type ClientSettings, closeSockets, type LoadSocket, MESSAGE, openSockets, PAYLOAD } from "./load.ts";
import type { RunningTarget } from "./targets.ts";

/** Fewer than a hub holds that have not connected. */
const CONNECTING_AT_ONCE = 250;
const maskingKey = Uint8Array.of(1, 2, 3, 4);

/** Publishers and subscribers that are connected and know each other's channel, and what a publisher sends. */
export interface Scene {
  readonly publishers: readonly LoadSocket[];
  readonly subscribers: readonly LoadSocket[];
  readonly message: Uint8Array;
  /** Subscribers that each message goes to. */
  readonly copies: number;
  readonly pid: number;
}

export interface Cast extends ClientSettings {
  readonly publishers: number;
  readonly subscribers: number;
  readonly hasHistory: boolean;
  /** A name that no other sample uses. */
  readonly name: string;
}

/**
 * Sets up the same scene at any target; undefined where a target has nothing of the kind. A channel's publishers and
 * subscribers are different sockets. A peer's room knows no such difference: everybody gets what the others send, so
 * there the first subscribers publish as well, where there are several publishers, and it has fewer sockets to hold.
 */
export async function openScene(target: RunningTarget, cast: Cast): Promise<Scene | undefined> {
  if (target.channels) return openChannel(await target.channels(), cast);
  const path = cast.hasHistory ? target.keptPath?.(cast.name) : target.path("broadcast", cast.name);
  if (path === undefined) return undefined;
  const { port, pid } = target;
  const apart = cast.publishers === 1 ? 1 : 0;
  const sockets = await openSockets(port, path, cast.subscribers + apart, cast);
  const publishers = sockets.slice(0, cast.publishers);
  return { publishers, subscribers: sockets.slice(apart), message: MESSAGE, copies: sockets.length - 1, pid };
}

export async function closeScene({ publishers, subscribers }: Scene): Promise<void> {
  await closeSockets([...new Set([...publishers, ...subscribers])]);
}

async function openChannel({ port, pid }: { port: number; pid: number }, cast: Cast): Promise<Scene> {
  const channel = channelOf(cast);
  const path = `/connection/websocket?channel=${channel}`;
  const subscribers = await openSockets(port, path, cast.subscribers, cast);
  const publishers = await openSockets(port, path, cast.publishers, cast);
  await connect(subscribers, channel);
  await connect(publishers);
  return { publishers, subscribers, message: encodePublish(channel), copies: cast.subscribers, pid };
}

export function channelOf({ hasHistory, name }: Pick<Cast, "hasHistory" | "name">): string {
  return `${hasHistory ? "kept" : "live"}:${name}`;
}

/** Connects in the channel protocol, and subscribes where there is a channel. */
export async function connect(sockets: readonly LoadSocket[], channel?: string): Promise<void> {
  const commands = [{ connect: {} }, ...(channel ? [{ subscribe: { channel } }] : [])];
  const frame = encodeCommands(...commands);
  await Promise.all(sockets.map((socket) => ask(socket, frame, commands.length)));
}

/** Opens sockets that are connected and subscribed to a channel. */
export async function openConnected(
  port: number,
  path: string,
  channel: string,
  count: number,
): Promise<LoadSocket[]> {
  const sockets: LoadSocket[] = [];
  while (sockets.length < count) {
    const batch = await openSockets(port, path, Math.min(CONNECTING_AT_ONCE, count - sockets.length));
    await connect(batch, channel);
    sockets.push(...batch);
  }
  return sockets;
}

/** The path of a session at a hub, whichever channels it will use. */
export function hubPath(hub: string): string {
  return `/hubs/${encodeURIComponent(hub)}`;
}

/** Sends a frame of commands, and waits until all are answered. */
export function ask(socket: LoadSocket, frame: Uint8Array, replies: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let missing = replies;
  const counter = new LineCounter();
  socket.onBytes = (count, bytes) => {
    const text = bytes.toString("latin1", 0, count);
    if (text.includes('"error"')) reject(new Error(`refused: ${text}`));
    missing -= counter.count(bytes, count);
    if (missing === 0) resolve();
  };
  socket.send(frame);
  return promise;
}

/** Calls `onLines` with the number of lines that came, whenever some came. */
export function countLines(socket: LoadSocket, onLines: (count: number) => void): void {
  const counter = new LineCounter();
  socket.onBytes = (count, bytes) => onLines(counter.count(bytes, count));
}

/** Every publish has the same id: nobody here looks at the replies, they are only counted. */
export function encodePublish(channel: string): Uint8Array {
  return encodeText(JSON.stringify({ publish: { channel, data: PAYLOAD }, id: 3 }));
}

/** A frame of commands with the ids 1, 2, and so on. */
export function encodeCommands(...commands: readonly object[]): Uint8Array {
  return encodeText(
    commands.map((command, index) => JSON.stringify({ id: index + 1, ...command })).join("\n"),
  );
}

export function encodeText(text: string): Uint8Array {
  return encodeFrame({ opcode: OPCODE.text, payload: new TextEncoder().encode(text), maskingKey });
}
