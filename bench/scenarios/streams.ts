import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { connect, countLines, encodePublish } from "../channels.ts";
import { settle, watch } from "../clock.ts";
import { closeSockets, type LoadSocket, openSockets } from "../load.ts";
import type { Round, Sample, Scenario } from "../scenario.ts";
import type { ChannelServer } from "../targets.ts";

const LISTENERS = 100;
const NEWLINE = 10;

/** What listens: counts the publications that come. */
interface Audience {
  end(): Promise<void>;
}

type Open = (server: ChannelServer, channel: string, onLines: (count: number) => void) => Promise<Audience>;

const AUDIENCES: Readonly<Record<string, Open>> = { socket: openSocketAudience, stream: openStreamAudience };

/** The same publications to sockets, which a hub holds, and to streams over HTTP, which the Worker holds. */
export const streams: Scenario = {
  title: `Streams over HTTP beside sockets, one publisher and ${LISTENERS} listeners, one message at a time`,
  metrics: [
    { name: "server µs/frame to a socket", digits: 1 },
    { name: "server µs/frame to a stream", digits: 1 },
    { name: "stream : socket", digits: 2 },
  ],
  goals: [{ metric: "stream : socket", atMost: 4 }],
  async run(round): Promise<ReadonlyMap<string, Sample>> {
    const target = round.targets.find(({ channels }) => channels !== undefined);
    const server = await target?.channels?.();
    if (target === undefined || server === undefined) return new Map();
    const costs: Record<string, number> = {};
    const kinds = Object.keys(AUDIENCES);
    for (const kind of round.number % 2 === 0 ? kinds : kinds.reverse())
      costs[kind] = await sample(server, round, kind);
    const { socket = 0, stream = 0 } = costs;
    return new Map([[target.name, [socket, stream, stream / socket]]]);
  },
};

async function sample(server: ChannelServer, { number, timing }: Round, kind: string): Promise<number> {
  const channel = `live:streams-${kind}-${number}`;
  const [publisher] = await openSockets(server.port, `/connection/websocket?channel=${channel}`, 1);
  if (publisher === undefined) throw new Error("there is no publisher");
  await connect([publisher]);
  publisher.onBytes = () => undefined;
  const message = encodePublish(channel);
  const load = { deliveries: 0, isStopped: false };
  const open = AUDIENCES[kind];
  const audience = await open?.(server, channel, (count) => {
    load.deliveries += count;
    if (load.deliveries % LISTENERS === 0 && !load.isStopped) publisher.send(message);
  });
  load.deliveries = 0;
  publisher.send(message);
  const { cost } = await watch(server.pid, timing, () => load.deliveries);
  load.isStopped = true;
  await settle(() => load.deliveries % LISTENERS === 0, "everybody has heard the last message");
  await audience?.end();
  await closeSockets([publisher]);
  return cost;
}

async function openSocketAudience(
  { port }: ChannelServer,
  channel: string,
  onLines: (count: number) => void,
): Promise<Audience> {
  const sockets = await openSockets(port, `/connection/websocket?channel=${channel}`, LISTENERS);
  await connect(sockets, channel);
  for (const socket of sockets) countLines(socket, onLines);
  return { end: () => closeSockets(sockets as LoadSocket[]) };
}

async function openStreamAudience(
  { port }: ChannelServer,
  channel: string,
  onLines: (count: number) => void,
): Promise<Audience> {
  const agent = new Agent({ keepAlive: false, maxSockets: LISTENERS });
  const opening = Array.from({ length: LISTENERS }, () => openStream(agent, port, channel, onLines));
  await Promise.all(opening);
  return { end: async () => agent.destroy() };
}

/** Opens one, and reads past the two replies. */
async function openStream(
  agent: Agent,
  port: number,
  channel: string,
  onLines: (count: number) => void,
): Promise<void> {
  const path = `/connection/http_stream?channel=${channel}`;
  const asked = request({ agent, host: "127.0.0.1", port, path, method: "POST" });
  asked.end(`{"connect":{},"id":1}\n{"subscribe":{"channel":"${channel}"},"id":2}`);
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  const { promise, resolve } = Promise.withResolvers<void>();
  let replies = 2;
  answer
    .on("error", () => undefined)
    .on("data", (bytes: Buffer) => {
      const lines = bytes.reduce((count, byte) => count + (byte === NEWLINE ? 1 : 0), 0);
      if (replies > 0) {
        replies -= lines;
        if (replies === 0) resolve();
      } else onLines(lines);
    });
  await promise;
}
