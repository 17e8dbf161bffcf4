import { describe, expect, test } from "vitest";
import { channelIn, range, useChannels } from "../support/channel-gateway.ts";
import { UNLIMITED } from "../support/rates.ts";
import { until } from "../support/until.ts";

const gateway = useChannels({ connection: { byteRate: UNLIMITED, commandRate: UNLIMITED } });

const PAYLOAD = "x".repeat(60_000);
/** Together more than the 32 MiB that a client may leave unanswered where the runtime does not tell what waits for it. */
const payloads = range(600).map((number) => ({ number, PAYLOAD }));

describe.each([
  { where: "at the home", isHome: true },
  { where: "at the edge", isHome: false },
])("a flood, $where", { timeout: 60_000 }, ({ isHome }) => {
  test("SDK-16: a client that takes nothing is closed with 3008, and misses nothing when it comes back", async () => {
    const channel = channelIn("keep");
    const slow = await gateway.connect({ maxServerPingDelay: 60_000 }, isHome ? channel : undefined);
    const feed = await slow.subscribe(channel);
    const publisher = await gateway.connect({}, channel);
    slow.socket.pause();
    await publisher.publishMany(channel, payloads, 10);
    const isGone = async () => (await publisher.centrifuge.presenceStats(channel)).numClients === 0;
    await until(isGone, "the end of the slow client");
    slow.socket.resume();
    await slow.untilConnected(2);
    expect(slow.connecting[1]).toEqual({ code: 3008, reason: "slow" });
    await feed.untilReceived(payloads.length, 30_000);
    expect(feed.publications.map(({ offset }) => offset)).toEqual(range(payloads.length));
    expect(feed.latest).toMatchObject({ wasRecovering: true, recovered: true });
  });

  test("SDK-16: a client that takes everything is not slow, however much it is", async () => {
    const channel = channelIn("keep");
    const client = await gateway.connect({}, isHome ? channel : undefined);
    const feed = await client.subscribe(channel);
    const publisher = await gateway.connect({}, channel);
    for (const times of [1, 2]) {
      await publisher.publishMany(channel, payloads, 10);
      await feed.untilReceived(times * payloads.length, 30_000);
    }
    expect(client.connecting).toEqual([{ code: 0, reason: "connect called" }]);
  });
});
