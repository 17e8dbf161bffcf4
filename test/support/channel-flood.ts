/** A server of the channel protocol that sends publications in frames of a given size, as fast as it is told to. */

import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { type WebSocket, WebSocketServer } from "ws";

export interface ChannelFlood {
  readonly url: string;
  /**
   * Sends numbered publications, from 0 on, to the newest subscriber.
   *
   * @param perFrame lines in one frame.
   * @param milliseconds over which they are spread; 0 sends all at once.
   */
  publish(channel: string, count: number, perFrame: number, milliseconds: number): Promise<void>;
  close(): void;
}

interface Command {
  readonly id?: number;
  readonly connect?: unknown;
  readonly subscribe?: unknown;
  readonly presence?: unknown;
}

export async function startChannelFlood(): Promise<ChannelFlood> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  let newest: WebSocket | undefined;
  server.on("connection", (socket) => {
    newest = socket;
    socket.on("message", (frame) => {
      for (const line of String(frame).split("\n")) answer(socket, JSON.parse(line) as Command);
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}/`,
    async publish(channel, count, perFrame, milliseconds) {
      const beganAt = performance.now();
      for (let first = 0; first < count; first += perFrame) {
        const early = beganAt + (milliseconds * first) / count - performance.now();
        if (early > 0) await wait(early);
        newest?.send(frameOf(channel, first, Math.min(perFrame, count - first)));
      }
    },
    close: () => server.close(),
  };
}

function answer(socket: WebSocket, { id, connect, subscribe, presence }: Command): void {
  if (connect) socket.send(JSON.stringify({ id, connect: { client: "someone", version: "" } }));
  if (subscribe)
    socket.send(JSON.stringify({ id, subscribe: { positioned: true, epoch: "one", offset: 0 } }));
  if (presence) socket.send(JSON.stringify({ id, presence: { presence: {} } }));
}

function frameOf(channel: string, first: number, count: number): string {
  const lines = Array.from({ length: count }, (_, index) => {
    const number = first + index;
    const data = { number, text: "as long as such things are" };
    return JSON.stringify({ push: { channel, pub: { data, offset: number + 1 } } });
  });
  return lines.join("\n");
}
