import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import WebSocket from "ws";
import { SESSION_LIMITS } from "../../src/limits.ts";
import { atHub, Bystander } from "../support/bystander.ts";
import { channelIn, range, useChannels } from "../support/channel-gateway.ts";
import { useCrowd } from "../support/crowd.ts";

/** How many times longer than on a quiet hub a bystander may wait. */
const BOUND = 5;
/** Milliseconds in which a bystander asks often enough for a percentile. */
const WINDOW = 3_000;

const gateway = useChannels();
const crowded = channelIn("keep");
useCrowd(gateway, crowded);

/** Sends the whole burst that the rate allows at once, each command in a frame of its own. */
async function burst(at: string | undefined, commandOf: (number: number) => object): Promise<void> {
  const query = at === undefined ? "" : `?channel=${encodeURIComponent(at)}`;
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/connection/websocket${query}`, {
    perMessageDeflate: false,
  });
  await once(socket, "open");
  const window = setTimeout(WINDOW);
  socket.send('{"id":1,"connect":{}}');
  for (const number of range(SESSION_LIMITS.commandBurst))
    socket.send(JSON.stringify({ id: number + 1, ...commandOf(number) }));
  await window;
  socket.terminate();
}

const publish = (channel: string) => (data: number) => ({ publish: { channel, data } });
/** Locally they share a thread with the hub and take long to be made: that is over after the first try. */
const homes = range(SESSION_LIMITS.newHomes).map((number) => `keep:${number}`);
const comeAndGo = (number: number) => ({
  [number % 2 === 0 ? "unsubscribe" : "subscribe"]: { channel: `keep:made-up/${number >> 1}` },
});

test.each<[string, string | undefined, (number: number) => object]>([
  ["publishes to a channel of another home", undefined, publish(channelIn("keep"))],
  [
    "publishes to as many homes as it may",
    undefined,
    (data) => publish(homes[data % homes.length] ?? "")(data),
  ],
  ["publishes to a channel of its home", crowded, publish(`${crowded}/mine`)],
  ["publishes to a channel of 2,000 members", crowded, publish(crowded)],
  ["comes to made-up channels and leaves them", undefined, comeAndGo],
])("ABUSE-61: who %s as fast as it can holds up nobody else there", async (_, at, commandOf) => {
  const bystander = await Bystander.connect(atHub(gateway.port, at));
  expect(await bystander.leastDelayUnder(() => burst(at, commandOf), BOUND)).toBeLessThan(BOUND);
  await bystander.end();
});
