import { describe, expect, test } from "vitest";
import { HUB_LIMITS } from "../../../src/shared/limits.ts";
import { stopClock } from "../../support/clock.ts";
import type { HubClient } from "../../support/hub-client.ts";
import { captureErrors } from "../../support/log.ts";
import { dataOf, FATES, Gate, openScene, Scene } from "../../support/node/delivery-scene.ts";
import type { TestHub } from "../../support/node/test-hub.ts";
import { until } from "../../support/until.ts";

/** Bytes of one value that SQLite in Durable Objects takes for sure. */
const VALUE_SIZE = 2_000_000;

const unsettledOf = async (hub: TestHub) => (await hub.rows("streams"))[0]?.unsettled;

/**
 * Notes each row that is written of streams and of their history from now on; the alarm, whose time is chance, is kept in
 * the same database. The first publication has made the tables.
 */
async function watchRows(scene: Scene, writer: HubClient): Promise<() => Promise<number>> {
  await writer.publish(scene.channel, 0);
  await scene.untilSettled();
  await scene.home.inside(({ storage: { sql } }) => {
    sql.exec("CREATE TABLE written (time INTEGER)");
    for (const table of ["streams", "history"])
      sql.exec(
        `CREATE TRIGGER of_${table} AFTER INSERT ON ${table} BEGIN INSERT INTO written VALUES (0); END`,
      );
  });
  return async () => (await scene.home.rows("written")).length;
}

describe("settled or not", () => {
  test.each([1, 3])(
    "DELIV-03: a burst to %i followers writes two rows about them, and one for each tick",
    async (edges) => {
      const scene = new Scene("large", edges);
      const { channel, home } = scene;
      const readers = await Promise.all(scene.edges.map((edge) => scene.subscriber(edge)));
      const writer = await home.connect();
      const written = await watchRows(scene, writer);
      const gate = new Gate();
      scene.befall("deliver", gate.after);
      for (const data of [1, 2, 3, 4]) await writer.publish(channel, data);
      expect(await unsettledOf(home)).toBe(2);
      expect(await written()).toBe(4 + 1);
      gate.open();
      await scene.untilSettled();
      expect(await written()).toBe(4 + 2);
      for (const reader of readers) expect(await dataOf(reader, channel, 5)).toEqual([0, 1, 2, 3, 4]);
    },
  );

  test("DELIV-03: publications that are acknowledged one by one write no more rows than a burst", async () => {
    const { scene, channel, reader, writer } = await openScene("large");
    const written = await watchRows(scene, writer);
    for (const data of [1, 2, 3]) {
      await writer.publish(channel, data);
      await scene.untilQuiet();
    }
    expect(await written()).toBe(3 + 1);
    await scene.untilSettled();
    expect(await written()).toBe(3 + 2);
    expect(await dataOf(reader, channel, 4)).toEqual([0, 1, 2, 3]);
  });

  test("DELIV-03: the alarm that settles comes before the home may fall asleep", () => {
    // The runtime puts an object to sleep after 10 s without an event.
    expect(HUB_LIMITS.settleDelay).toBeLessThan(10_000);
  });

  test("DELIV-03: without followers nothing is marked", async () => {
    const scene = new Scene("large", 0);
    const writer = await scene.subscriber(scene.home);
    await writer.publish(scene.channel, 1);
    expect(await unsettledOf(scene.home)).toBeNull();
  });

  test("DELIV-04: what was not acknowledged when the home fell asleep is delivered by its alarm", async () => {
    captureErrors();
    const scene = new Scene("large", 2);
    const { channel, home } = scene;
    const readers = await Promise.all(scene.edges.map((edge) => scene.subscriber(edge)));
    const writer = await home.connect();
    scene.befall("deliver", FATES.lost);
    await writer.publish(channel, "last");
    await scene.untilQuiet();
    await home.sleep();
    expect(await home.alarm()).toBeLessThanOrEqual(Date.now() + HUB_LIMITS.settleDelay);
    scene.heal();
    await home.runAlarm();
    for (const reader of readers) expect(await dataOf(reader, channel, 1)).toEqual(["last"]);
    await scene.untilSettled();
  });

  test("DELIV-04: so it is when the home has not slept", async () => {
    captureErrors();
    const { scene, channel, home, reader, writer } = await openScene("large");
    scene.befall("deliver", FATES.lost);
    await writer.publish(channel, "last");
    await scene.untilQuiet();
    scene.heal();
    await home.runAlarm();
    expect(await dataOf(reader, channel, 1)).toEqual(["last"]);
  });

  test("DELIV-04: a home that wakes for anything else delivers it too", async () => {
    captureErrors();
    const { scene, channel, home, reader, writer } = await openScene("large");
    scene.befall("deliver", FATES.lost);
    await writer.publish(channel, "last");
    await scene.untilQuiet();
    await home.sleep();
    await home.deleteAlarm();
    scene.heal();
    await writer.ask("history", { channel: "large:another" });
    expect(await dataOf(reader, channel, 1)).toEqual(["last"]);
  });

  test("DELIV-04: a hub that never answers is tried at ever longer intervals", async () => {
    captureErrors();
    const scene = new Scene("large", 1);
    const { channel, home } = scene;
    await scene.subscriber(scene.edge());
    const writer = await scene.edge().connect();
    const clock = stopClock();
    scene.befall("deliver", FATES.lost);
    await writer.publish(channel, 1);
    await scene.untilQuiet();
    const begin = Date.now();
    const tries: number[] = [];
    while (tries.length < 6) {
      const due = (await home.alarm()) ?? 0;
      clock.advance(due - Date.now());
      await home.runAlarmOf(due);
      await scene.untilQuiet();
      tries.push(Math.round((due - begin) / 1000));
    }
    expect(tries).toEqual([1, 2, 4, 8, 16, 32]);
  });
});

describe("rows", () => {
  const publishTogether = async (client: HubClient, channel: string, texts: readonly string[]) => {
    const sent = texts.map((data) => client.send({ publish: { channel, data } })[0] ?? 0);
    for (const id of sent) expect((await client.reply(id)).publish).toEqual({});
  };

  test.each([
    ["ASCII", "x", 60_000],
    ["text of three bytes a character", "語", 20_000],
  ])(
    "DELIV-20: a tick of %s that is too long for one row is stored in several",
    async (_, character, length) => {
      const scene = new Scene("large", 1);
      const { channel, home } = scene;
      const writer = await scene.edge().connect();
      const gate = new Gate();
      scene.befall("publish", gate.before, 1);
      const texts = Array.from({ length: 120 }, (_, index) => `${index} ${character.repeat(length)}`);
      const published = publishTogether(writer, channel, texts);
      await until(() => gate.waiting === 1);
      gate.open();
      await published;
      const rows = await home.rows("history");
      expect(rows.length).toBeLessThan(20);
      const sizes = rows.map(({ publications }) => new TextEncoder().encode(String(publications)).length);
      expect(Math.max(...sizes)).toBeLessThan(VALUE_SIZE);
      const reader = await home.connect();
      const read = [];
      for (let offset = 0; offset < 120; offset += 60) {
        const body = { channel, limit: 60, since: { offset, epoch: "" } };
        read.push(...(await reader.ask<{ publications: { data: string }[] }>("history", body)).publications);
      }
      expect(read.map(({ data }) => Number.parseInt(data, 10))).toEqual(texts.map((_, index) => index));
    },
  );
});
