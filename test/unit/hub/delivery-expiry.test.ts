import { expect, test } from "vitest";
import { homeOf } from "../../../src/channels/placement.ts";
import { CHANNEL_LIMITS } from "../../../src/shared/limits.ts";
import { stopClock } from "../../support/clock.ts";
import type { HistoryBody } from "../../support/hub-client.ts";
import { Scene } from "../../support/node/delivery-scene.ts";
import { TestHub } from "../../support/node/test-hub.ts";
import { until } from "../../support/until.ts";

/** Of the namespace `brief`, in seconds. */
const HISTORY_TTL = 60;
const META_TTL = 120;
/** How much later a stream may go: its last use is noted late, and it stays a while to share an alarm. */
const TOLERANCE = (1.25 * CHANNEL_LIMITS.streamUseTolerance) / 1000;

const changes = (hub: TestHub) =>
  hub.inside(
    ({ storage }) =>
      storage.sql.exec<{ count: number }>("SELECT total_changes() AS count").toArray()[0]?.count ?? 0,
  );

const positionAt = async (hub: TestHub, channel: string) => {
  const client = await hub.connect();
  const { epoch, offset, publications } = await client.ask<HistoryBody>("history", { channel, limit: 10 });
  await client.close(1000, "");
  await hub.untilEmpty();
  return { epoch, offset, count: publications.length };
};

test("DELIV-29: a stream keeps its position when its publications are too old, and after that as long as history_meta_ttl", async () => {
  const { channel, home } = new Scene("brief", 0);
  const clock = stopClock();
  const writer = await home.connect();
  for (const data of [1, 2, 3]) await writer.publish(channel, data);
  await writer.close(1000, "");
  await home.untilEmpty();
  const before = await positionAt(home, channel);
  expect(before).toMatchObject({ offset: 3, count: 3 });
  await home.pass(clock, HISTORY_TTL + 1);
  expect(await positionAt(home, channel)).toEqual({ ...before, count: 0 });
  await home.pass(clock, HISTORY_TTL / 4);
  expect(await home.rows("history")).toEqual([]);
  await home.sleep();
  expect(await positionAt(home, channel)).toEqual({ ...before, count: 0 });
});

test("DELIV-30: when nothing is left that anybody needs, everything is deleted, and the next stream has another epoch", async () => {
  const { channel, home } = new Scene("brief", 0);
  const clock = stopClock();
  const writer = await home.connect();
  await writer.publish(channel, 1);
  await writer.close(1000, "");
  await home.untilEmpty();
  const { epoch } = await positionAt(home, channel);
  await home.pass(clock, META_TTL + TOLERANCE + 1);
  expect(await home.tables()).toEqual([]);
  expect(await home.alarm()).toBeNull();
  const after = await positionAt(home, channel);
  expect(after).toMatchObject({ offset: 0, count: 0 });
  expect(after.epoch).not.toBe(epoch);
});

test("DELIV-31: a stream that somebody is subscribed to does not expire, nor right after they have gone", async () => {
  const scene = new Scene("brief", 1);
  const { channel, home } = scene;
  const clock = stopClock();
  const reader = await scene.subscriber(scene.edge());
  const before = await positionAt(home, channel);
  await home.pass(clock, 3 * (META_TTL + TOLERANCE));
  await reader.request("unsubscribe", { channel });
  expect(await positionAt(home, channel)).toEqual(before);
});

test("DELIV-31: a follower that has vanished keeps nothing for ever: it is asked", async () => {
  const scene = new Scene("brief", 1);
  const { channel, home } = scene;
  const clock = stopClock();
  await scene.subscriber(scene.edge());
  await scene.edge().crash();
  await home.pass(clock, META_TTL + TOLERANCE + 1);
  await until(async () => (await home.rows("followers")).length === 0);
  await home.pass(clock, META_TTL + TOLERANCE + 1);
  expect(await home.tables()).toEqual([]);
  expect(scene.delivered.flatMap(({ deliveries }) => deliveries.map(({ channel }) => channel))).toEqual([
    channel,
  ]);
});

test("DELIV-31: so does the follower of a channel without history", async () => {
  const scene = new Scene("announced", 1);
  const { home } = scene;
  const clock = stopClock();
  await scene.subscriber(scene.edge());
  await scene.untilQuiet();
  await scene.edge().crash();
  await home.pass(clock, 2_592_000 + TOLERANCE + 1);
  await until(async () => (await home.rows("followers")).length === 0);
  await home.pass(clock, 2_592_000 + TOLERANCE + 1);
  expect(await home.tables()).toEqual([]);
});

test("DELIV-32: alarms of a home write nothing where nothing has fallen due", async () => {
  // Its pings are alarms beside the one of the history.
  const channel = `brief:${crypto.randomUUID()}`;
  const config = { connection: { pingInterval: 25, pong: false } };
  const home = new TestHub({ name: homeOf(channel), config });
  const clock = stopClock();
  const writer = await home.connect();
  await writer.publish(channel, 1);
  const before = await changes(home);
  const alarms = await home.pass(clock, HISTORY_TTL - 1);
  expect(alarms).toBeGreaterThan(1);
  // The alarm itself is a row, which the test deletes before each one.
  expect((await changes(home)) - before).toBeLessThanOrEqual(2 * alarms);
  expect(await home.rows("history")).toHaveLength(1);
});
