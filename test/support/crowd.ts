import { once } from "node:events";
import { afterAll, beforeAll } from "vitest";
import WebSocket from "ws";
import type { ChannelGateway } from "./channel-gateway.ts";

/** Members of a large channel. */
const LARGE = 2_000;

/** Handshakes under way at a time: more would wait for each other. */
const AT_ONCE = 100;

/** Ordinary members of a channel, at its home, who listen and answer pings. */
export class Crowd {
  readonly sockets: WebSocket[] = [];

  /** Connects and subscribes so many. */
  static async at(port: number, channel: string, count: number): Promise<Crowd> {
    const crowd = new Crowd();
    for (let size = 0; size < count; size += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, count - size) }, () => joined(port, channel));
      crowd.sockets.push(...(await Promise.all(some)));
    }
    return crowd;
  }

  leave(): void {
    for (const socket of this.sockets) socket.terminate();
  }
}

/** Fills a channel with 2,000 members for the tests of one file. */
export function useCrowd(gateway: ChannelGateway, channel: string): void {
  let crowd: Crowd | undefined;
  beforeAll(async () => {
    crowd = await Crowd.at(gateway.port, channel, LARGE);
  });
  afterAll(() => crowd?.leave());
}

async function joined(port: number, channel: string): Promise<WebSocket> {
  const socket = new WebSocket(
    `ws://127.0.0.1:${port}/connection/websocket?channel=${encodeURIComponent(channel)}`,
    { perMessageDeflate: false },
  );
  await once(socket, "open");
  const commands = [
    { id: 1, connect: {} },
    { id: 2, subscribe: { channel } },
  ];
  const subscribed = new Promise<void>((resolve) => {
    socket.on("message", (data) => {
      const text = String(data);
      if (text.includes('"id":2,')) resolve();
      if (text.split("\n").includes("{}")) socket.send("{}");
    });
  });
  socket.send(commands.map((command) => JSON.stringify(command)).join("\n"));
  await subscribed;
  return socket;
}
