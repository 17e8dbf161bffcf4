import { setTimeout as wait } from "node:timers/promises";
import { ask, connect, countLines, encodeCommands, encodePublish } from "../channels.ts";
import { settle } from "../clock.ts";
import { closeSockets, type LoadSocket, MESSAGE } from "../load.ts";
import { median } from "../statistics.ts";
import { connectionsUpTo } from "./connections.ts";
import { CapacityGateway } from "./gateway.ts";
import type { Audience, Followers, Lateness, Presence } from "./results.ts";

/** Sockets beyond the subscribers, for those who publish and ask. */
const SPARE = 50;
/** Subscribers of one channel; 5,000 are as many as a hub takes. */
const SIZES = [1_000, 4_000, 5_000, connectionsUpTo(10_000 + SPARE) - SPARE];
/** Hubs that follow one home, and subscribers at each of them. */
const FOLLOWING = [10, 40, 160] as const;
const SUBSCRIBERS_AT_EACH = 5;
/** Messages that are sent one by one, each when the one before has reached everybody. */
const ALONE = 15;
/** Publications under way at a time where the rate is measured, and for how many milliseconds. */
const UNDER_WAY = 8;
const RATE_MS = 3_000;
const REST_MS = 50;
/** Milliseconds in which what is under way arrives, on any machine. */
const SETTLING_MS = 120_000;

/** Sockets that receive what one other sends. */
interface Scene {
  readonly publisher: LoadSocket;
  readonly subscribers: readonly LoadSocket[];
  readonly message: Uint8Array;
}

/** A channel without history whose subscribers are all at its home, at each size. */
export async function measureHubs(): Promise<{ hubs: Audience[]; presence: Presence[] }> {
  const hubs: Audience[] = [];
  const presence: Presence[] = [];
  for (const size of SIZES) {
    const gateway = await CapacityGateway.start({ sockets: size + SPARE });
    const channel = "crowd:audience";
    const hub = `home/${channel}`;
    const subscribers = await gateway.subscribe(hub, channel, size);
    const [publisher, asker] = await gateway.open(hub, 2);
    if (publisher === undefined || asker === undefined) throw new Error("there is no publisher");
    await connect([publisher, asker]);
    presence.push({ members: size, ...(await presenceOf(asker, channel)) });
    const scene = { publisher, subscribers, message: encodePublish(channel) };
    hubs.push({ subscribers: size, ...(await latenessOf(scene)) });
    await closeSockets([publisher, asker, ...subscribers]);
    await gateway.stop();
  }
  return { hubs, presence };
}

/** A room that passes on what one of its sockets sends, at each size that a room takes. */
export async function measureRooms(): Promise<Audience[]> {
  const rooms: Audience[] = [];
  const gateway = await CapacityGateway.start();
  for (const size of SIZES) {
    // The sender is one of those who are in the room.
    const [publisher, ...subscribers] = await gateway.openRoom(`audience-${size}`, size);
    if (publisher === undefined) throw new Error("there is no publisher");
    rooms.push({ subscribers: size, ...(await latenessOf({ publisher, subscribers, message: MESSAGE })) });
    await closeSockets([publisher, ...subscribers]);
  }
  await gateway.stop();
  return rooms;
}

/** A channel whose subscribers are spread over many hubs. All of them share one thread here, and none in production. */
export async function measureFollowers(): Promise<Followers[]> {
  const measured: Followers[] = [];
  const gateway = await CapacityGateway.start();
  for (const hubs of FOLLOWING) {
    const channel = `live:followed-${hubs}`;
    const [publisher] = await gateway.open(`home/${channel}`, 1);
    if (publisher === undefined) throw new Error("there is no publisher");
    await connect([publisher]);
    const subscribers: LoadSocket[] = [];
    for (let index = 0; index < hubs; index += 1)
      subscribers.push(...(await gateway.subscribe(`edge/followers/${index}`, channel, SUBSCRIBERS_AT_EACH)));
    measured.push({
      hubs,
      ...(await latenessOf({ publisher, subscribers, message: encodePublish(channel) })),
    });
    await closeSockets([publisher, ...subscribers]);
  }
  await gateway.stop();
  return measured;
}

/** How late the last one gets a message by itself, and how many get through when there are always some under way. */
async function latenessOf(scene: Scene): Promise<Lateness> {
  const { publisher, subscribers, message } = scene;
  let received = 0;
  let sent = 0;
  let onReceived: () => void = () => undefined;
  const missing = () => sent * subscribers.length - received;
  countLines(publisher, () => undefined);
  for (const subscriber of subscribers)
    countLines(subscriber, (count) => {
      received += count;
      onReceived();
    });
  const send = () => {
    sent += 1;
    publisher.send(message);
  };
  const late: number[] = [];
  for (let count = 0; count < ALONE; count += 1) {
    const start = performance.now();
    const all = new Promise<void>((resolve) => {
      onReceived = () => {
        if (missing() === 0) resolve();
      };
    });
    send();
    await all;
    late.push(performance.now() - start);
    await wait(REST_MS);
  }
  onReceived = () => {
    while (missing() <= (UNDER_WAY - 1) * subscribers.length) send();
  };
  onReceived();
  const before = { received, time: performance.now() };
  await wait(RATE_MS);
  const perSecond =
    ((received - before.received) / subscribers.length / (performance.now() - before.time)) * 1_000;
  onReceived = () => undefined;
  await settle(() => missing() === 0, "everything has arrived", SETTLING_MS);
  return { last: rounded(median(late)), worst: rounded(Math.max(...late)), perSecond: rounded(perSecond) };
}

async function presenceOf(asker: LoadSocket, channel: string): Promise<Pick<Presence, "list" | "stats">> {
  const timeOf = async (command: object) => {
    const start = performance.now();
    await ask(asker, encodeCommands(command), 1);
    return rounded(performance.now() - start);
  };
  const stats = await timeOf({ presence_stats: { channel } });
  return { list: await timeOf({ presence: { channel } }), stats };
}

/** To a tenth. */
function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
