import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import WebSocket from "ws";
import { SESSION_LIMITS } from "../../src/shared/limits.ts";
import { atHub, Bystander } from "../support/bystander.ts";
import { channelIn, range, useChannels } from "../support/channel-gateway.ts";
import { useCrowd } from "../support/crowd.ts";

/** How many times longer than on a quiet hub a bystander may wait. */
const BOUND = 5;
/** Milliseconds in which a bystander asks often enough for a percentile. */
const WINDOW = 3_000;
/** All that the rate of commands allows at once. */
const BURST = SESSION_LIMITS.commandBurst;
const NAMES = 200;

const gateway = useChannels();
const crowded = channelIn("keep");
useCrowd(gateway, crowded);

/** Sends so many commands at once, each in a frame of its own. */
async function burst(
  at: string | undefined,
  count: number,
  commandOf: (number: number) => object,
): Promise<void> {
  const query = at === undefined ? "" : `?channel=${encodeURIComponent(at)}`;
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/connection/websocket${query}`, {
    perMessageDeflate: false,
  });
  await once(socket, "open");
  const window = setTimeout(WINDOW);
  socket.send('{"id":1,"connect":{}}');
  for (const number of range(count)) socket.send(JSON.stringify({ id: number + 1, ...commandOf(number) }));
  await window;
  socket.terminate();
}

const publish = (channel: string) => (data: number) => ({ publish: { channel, data } });
const comeAndGo = (number: number) => ({
  [number % 2 === 0 ? "unsubscribe" : "subscribe"]: { channel: `keep:made-up/${number >> 1}` },
});

test.each<[string, string | undefined, number, (number: number) => object]>([
  ["publishes to a channel of another home", undefined, BURST, publish(channelIn("keep"))],
  ["publishes to a channel of its home", crowded, BURST, publish(`${crowded}/mine`)],
  ["comes to 200 made-up channels and leaves them", undefined, 2 * NAMES, comeAndGo],
])("ABUSE-61: who %s as fast as it can holds up nobody else there", async (_, at, count, commandOf) => {
  const bystander = await Bystander.connect(atHub(gateway, at));
  expect(await bystander.leastDelayUnder(() => burst(at, count, commandOf), BOUND)).toBeLessThan(BOUND);
  await bystander.end();
});
