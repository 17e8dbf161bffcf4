import { setTimeout as delay } from "node:timers/promises";
import { describe, test } from "vitest";
import type { ChannelClient } from "../support/channel-client.ts";
import { channelIn, useChannels } from "../support/channel-gateway.ts";

// A ping is an event: with the usual interval the hub of a test might be woken by one just before it would sleep.
const connection = { pingInterval: 3_600, staleCloseDelay: 1 };
const gateways = {
  websocket: useChannels({ connection }),
  http_stream: useChannels({ connection, transport: "http_stream" }),
};

/** The runtime lets an object sleep after 10 s without an event, and 10 s after a new socket there is one: the alarm. */
const SLEEP_MS = 12_000;
const TRIES = 3;

const livesOf = async ({ centrifuge }: ChannelClient) => (await centrifuge.rpc("lives", null)).data as number;

describe.concurrent.each([
  { where: "its home", isHome: true, transport: "websocket" },
  { where: "the edge", isHome: false, transport: "websocket" },
  { where: "its home", isHome: true, transport: "http_stream" },
] as const)("a client at $where, by $transport", ({ isHome, transport }) => {
  const gateway = gateways[transport];

  test("SDK-09 HTTP-10: hears what is published after its hub has slept, without reconnecting", async ({
    expect,
  }) => {
    const channel = channelIn("keep");
    const client = await gateway.connect({}, isHome ? channel : undefined);
    const feed = await client.subscribe(channel);
    await client.centrifuge.publish(channel, "before");
    await feed.untilReceived(1);
    let lives = await livesOf(client);
    const lived = lives;
    for (let times = 0; times < TRIES && lives === lived; times += 1) {
      await delay(SLEEP_MS);
      const publisher = await gateway.connect({}, channelIn("plain"));
      await publisher.centrifuge.publish(channel, `after ${times}`);
      await feed.untilReceived(2 + times);
      publisher.centrifuge.disconnect();
      lives = await livesOf(client);
    }
    expect(lives).toBeGreaterThan(lived);
    expect(feed.data.slice(0, 2)).toEqual(["before", "after 0"]);
    expect(feed.publications.map(({ offset }) => offset)).toEqual(feed.data.map((_, index) => index + 1));
    expect(client.connected).toHaveLength(1);
    expect(feed.subscribed).toHaveLength(1);
  });
});
