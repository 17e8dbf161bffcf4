import { expect, test } from "vitest";
import { channelIn, useChannels } from "../support/channel-gateway.ts";
import { until } from "../support/until.ts";

/** A client that is there answers within so many seconds. */
const gateway = useChannels({ connection: { pingInterval: 5 } });

test.concurrent("SDK-08: a quiet client is pinged again and again, and stays", async () => {
  const client = await gateway.connect();
  const pings = () =>
    client.frames.filter(({ direction, text }) => direction === "received" && text === "{}");
  await until(() => pings().length >= 3, "three pings");
  expect(client.connecting).toHaveLength(1);
  expect(client.frames.filter(({ direction, text }) => direction === "sent" && text === "{}").length).toBe(
    pings().length,
  );
});

test.concurrent("SDK-08: a client whose TCP stands still is closed with 3012, and its presence ends", async () => {
  const channel = channelIn("keep");
  const [watcher, frozen] = [await gateway.connect(), await gateway.connect()];
  const watching = await watcher.subscribe(channel, { joinLeave: true });
  await frozen.subscribe(channel);
  frozen.socket.pause();
  await until(() => watching.leaves.length === 1, "the leave");
  expect(await watcher.centrifuge.presenceStats(channel)).toEqual({ numClients: 1, numUsers: 1 });
  frozen.socket.resume();
  await frozen.untilConnected(2);
  expect(frozen.connecting[1]).toEqual({ code: 3012, reason: "no pong" });
});
