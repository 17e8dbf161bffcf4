import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

export interface Flood {
  readonly url: string;
  close(): void;
}

const BURST = 500;
const PAUSE_MS = 80;

/** A server that sends `count` numbered messages to whoever connects. */
export async function startFlood(count: number): Promise<Flood> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  server.on("connection", (socket) => sendFrom(socket, 0, count));
  const { port } = server.address() as AddressInfo;
  return { url: `ws://127.0.0.1:${port}/flood`, close: () => server.close() };
}

/** Sends in bursts: of what arrives at once, a browser makes one long task, whatever the page does with it. */
function sendFrom(socket: WebSocket, start: number, count: number): void {
  const end = Math.min(count, start + BURST);
  for (let index = start; index < end; index++) socket.send(`message ${index}`);
  if (end < count) setTimeout(() => sendFrom(socket, end, count), PAUSE_MS);
}
