import fc from "fast-check";
import { expect, test } from "vitest";
import { stopClock } from "../../support/clock.ts";
import type { HistoryBody, HubClient } from "../../support/hub-client.ts";
import { ask, newChannel } from "../../support/node/api-client.ts";
import { TestHub } from "../../support/node/test-hub.ts";

/** Of the namespace `keep`. */
const HISTORY_SIZE = 10;
const HISTORY_TTL = 60;

interface Published {
  readonly offset: number;
  readonly time: number;
}

const steps = fc.array(
  fc.record({
    publications: fc.nat(6),
    seconds: fc.oneof(fc.constant(0), fc.nat(HISTORY_TTL), fc.nat(2 * HISTORY_TTL)),
    isAsleep: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);

test("CHAN-33 CHAN-34 CHAN-35: a stream keeps exactly the newest and young enough, up to its top, over sleep and time", async () => {
  const clock = stopClock();
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const { channel, home } = createHome();
      const client = await home.connect();
      const published: Published[] = [];
      for (const { publications, seconds, isAsleep } of all) {
        await publish(client, channel, publications, published);
        await home.pass(clock, seconds);
        if (isAsleep) await home.sleep();
        const { publications: kept, offset } = await client.ask<HistoryBody>("history", {
          channel,
          limit: -1,
        });
        const expected = published
          .slice(-HISTORY_SIZE)
          .filter(({ time }) => time + HISTORY_TTL * 1000 > Date.now());
        expect(kept?.map(({ offset }) => offset) ?? []).toEqual(expected.map(({ offset }) => offset));
        expect(offset ?? 0).toBe(published.length);
      }
      expect((await home.rows("history")).length).toBeLessThanOrEqual(HISTORY_SIZE);
      await client.close(1000, "");
    }),
    { numRuns: 40 },
  );
});

test("CHAN-34: what was published after the clock was set back does not take older ones with it", async () => {
  const clock = stopClock();
  const { channel, home } = createHome();
  const client = await home.connect();
  const published: Published[] = [];
  await publish(client, channel, 1, published);
  clock.advance(-2 * HISTORY_TTL * 1000);
  await publish(client, channel, 1, published);
  clock.advance((HISTORY_TTL + 1) * 1000);
  await home.runAlarm();
  const { publications } = await client.ask<HistoryBody>("history", { channel, limit: -1 });
  expect(publications?.map(({ offset }) => offset)).toEqual([1, 2]);
});

/** One publication a second for a minute, in a channel that keeps them for a minute. Nobody is subscribed. */
test("DELIV-32: publications that expire one after the other share alarms", async () => {
  const clock = stopClock();
  const { channel, home } = newChannel("large");
  for (let count = 0; count < 60; count += 1) {
    await ask("publish", { channel, data: count });
    await home.pass(clock, 1);
  }
  const alarms = await home.pass(clock, 120);
  expect(alarms).toBeLessThan(10);
});

/** One publication a second for a minute, each one in another channel of the same home. */
test("DELIV-32: so do publications and streams of many channels", async () => {
  const clock = stopClock();
  const { channel, home } = newChannel("brief");
  for (let count = 0; count < 60; count += 1) {
    await ask("publish", { channel: `${channel}/${count}`, data: count });
    await home.pass(clock, 1);
  }
  expect(await home.pass(clock, 120)).toBeLessThan(15);
  expect(await home.rows("history")).toEqual([]);
  expect(await home.rows("streams")).toHaveLength(60);
  expect(await home.pass(clock, 2 * 3_600)).toBeLessThan(5);
  expect(await home.tables()).toEqual([]);
});

/** The home of a channel that nobody else uses. The client of a test answers no ping. */
function createHome() {
  const channel = `keep:${crypto.randomUUID()}`;
  return { channel, home: new TestHub({ name: `home/${channel}`, config: { connection: { pong: false } } }) };
}

async function publish(client: HubClient, channel: string, count: number, published: Published[]) {
  const ids = Array.from({ length: count }, () => client.send({ publish: { channel, data: 1 } })[0] ?? 0);
  for (const id of ids) {
    expect((await client.reply(id)).error).toBeUndefined();
    published.push({ offset: published.length + 1, time: Date.now() });
  }
}
