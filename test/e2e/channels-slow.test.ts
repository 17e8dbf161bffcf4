import { describe, expect, test } from "vitest";
import { channelIn, range, useChannels } from "../support/channel-gateway.ts";
import { UNLIMITED } from "../support/rates.ts";

const gateway = useChannels({ connection: { byteRate: UNLIMITED, commandRate: UNLIMITED } });

const PAYLOAD = "x".repeat(60_000);
const payloads = (count: number, first = 1) => range(count, first).map((number) => ({ number, PAYLOAD }));
/** Together some times `queueSize`. */
const MANY = 100;
const AT_ONCE = 10;

describe.each([
  { where: "at the home", isHome: true },
  { where: "at the edge", isHome: false },
])("a flood, $where", ({ isHome }) => {
  test("SDK-16: a client that takes nothing is closed with 3008, and misses nothing when it comes back", async () => {
    const channel = channelIn("keep");
    const slow = await gateway.connect({}, isHome ? channel : undefined);
    const feed = await slow.subscribe(channel);
    const publisher = await gateway.connect({}, channel);
    slow.socket.pause();
    const isGone = async () => (await publisher.centrifuge.presenceStats(channel)).numClients === 0;
    let published = 0;
    // How much TCP takes before anything waits is up to the machine.
    for (; !(await isGone()); published += AT_ONCE)
      await publisher.publishMany(channel, payloads(AT_ONCE, published + 1), AT_ONCE);
    slow.socket.resume();
    await slow.untilConnected(2);
    expect(slow.connecting[1]).toEqual({ code: 3008, reason: "slow" });
    await feed.untilReceived(published);
    expect(feed.publications.map(({ offset }) => offset)).toEqual(range(published));
    expect(feed.latest).toMatchObject({ wasRecovering: true, recovered: true });
  });

  test("SDK-16: a client that takes everything is not slow, however much it is", async () => {
    const channel = channelIn("keep");
    const client = await gateway.connect({}, isHome ? channel : undefined);
    const feed = await client.subscribe(channel);
    const publisher = await gateway.connect({}, channel);
    for (const times of [1, 2]) {
      await publisher.publishMany(channel, payloads(MANY), AT_ONCE);
      await feed.untilReceived(times * MANY);
    }
    expect(client.connecting).toEqual([{ code: 0, reason: "connect called" }]);
  });
});
