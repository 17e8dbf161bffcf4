import { describe, expect, test } from "vitest";
import { stopClock } from "../support/clock.ts";
import { configureHub } from "../support/hub-config.ts";
import { captureErrors } from "../support/log.ts";
import { until } from "../support/until.ts";
import { dataOf, FATES, openScene, pushesTo, Scene } from "./delivery-scene.ts";

describe("with history", () => {
  test.each([
    ["repeated", FATES.repeated],
    ["without an answer", FATES.answerLost],
    ["lost", FATES.lost],
  ])("DELIV-11: when every other call is %s, everything arrives once and in order", async (_, fate) => {
    captureErrors();
    const scene = new Scene("large", 2);
    const { channel, home } = scene;
    const readers = await Promise.all(scene.edges.map((edge) => scene.subscriber(edge)));
    const writer = await home.connect();
    let count = 0;
    scene.way = (call, carryOut) => {
      count += 1;
      return call.method === "deliver" && count % 2 === 0 ? fate(call, carryOut) : carryOut();
    };
    for (let data = 1; data <= 20; data += 1) await writer.publish(channel, data);
    scene.heal();
    await scene.untilQuiet();
    await writer.publish(channel, 21);
    for (const reader of readers) {
      expect(await dataOf(reader, channel, 21)).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
    }
    await scene.untilSettled();
    for (const reader of readers) expect(pushesTo(reader)).toEqual([]);
  });

  test("DELIV-11: a call that was given up and comes late brings nothing again", async () => {
    captureErrors();
    const clock = stopClock();
    const scene = new Scene("large", 1);
    const { channel, home } = scene;
    const reader = await scene.subscriber(scene.edge());
    const writer = await home.connect();
    const gate = await scene.giveUpDelivery(writer, clock);
    expect(await dataOf(reader, channel, 2)).toEqual([1, 2]);
    gate.open();
    await scene.untilQuiet();
    await writer.publish(channel, 3);
    expect(await dataOf(reader, channel, 1)).toEqual([3]);
    expect(pushesTo(reader)).toEqual([]);
  });

  test.each([
    ["by number", 12, 0],
    ["by age", 2, 61],
  ])(
    "DELIV-13: when what was missed has been trimmed %s, sessions get 2500 and a client that recovers is told so",
    async (_, published, seconds) => {
      captureErrors();
      const scene = new Scene("keep", 1);
      const { channel, home } = scene;
      const reader = await scene.edge().connect();
      const { epoch } = await reader.subscribe(channel);
      const writer = await home.connect();
      const clock = stopClock();
      scene.befall("deliver", FATES.lost);
      for (let data = 1; data <= published; data += 1) await writer.publish(channel, data);
      await scene.untilQuiet();
      await home.sleep();
      clock.advance(seconds * 1000);
      scene.heal();
      await writer.publish(channel, "newest");
      expect(await reader.push("unsubscribe")).toMatchObject({ channel, unsubscribe: { code: 2500 } });
      const back = await reader.subscribe(channel, { recover: true, offset: 0, epoch });
      expect(back).toMatchObject({ was_recovering: true, offset: published + 1 });
      expect([back.recovered, back.publications]).toEqual([undefined, undefined]);
      await writer.publish(channel, "live");
      expect(await dataOf(reader, channel, 1)).toEqual(["live"]);
    },
  );

  test("DELIV-13: what is still in memory is not lost, although the history has been trimmed", async () => {
    captureErrors();
    const { scene, channel, reader, writer } = await openScene("keep");
    scene.befall("deliver", FATES.lost);
    for (let data = 1; data <= 30; data += 1) await writer.publish(channel, data);
    scene.heal();
    await scene.untilQuiet();
    await writer.publish(channel, 31);
    expect(await dataOf(reader, channel, 31)).toEqual(Array.from({ length: 31 }, (_, index) => index + 1));
  });

  test.each([
    ["has another epoch", "UPDATE streams SET epoch = 'another'", false],
    ["cannot be read", "UPDATE streams SET version = 99", false],
    ["cannot be read while its followers sleep", "UPDATE streams SET version = 99", true],
  ])("DELIV-33: when the stream %s, subscriptions to the former one end", async (_, statement, isAsleep) => {
    const { scene, channel, home, reader, writer } = await openScene("large");
    await writer.publish(channel, 1);
    expect(await dataOf(reader, channel, 1)).toEqual([1]);
    await scene.untilSettled();
    await home.inside(({ storage }) => void storage.sql.exec(statement));
    await home.sleep();
    if (isAsleep) await scene.edge().sleep();
    await writer.publish(channel, 2);
    expect(await reader.push("unsubscribe")).toMatchObject({ unsubscribe: { code: 2500 } });
    expect(pushesTo(reader)).toEqual([]);
    await reader.subscribe(channel);
    await writer.publish(channel, 3);
    expect(await dataOf(reader, channel, 1)).toEqual([3]);
    await scene.untilSettled();
    await scene.edge().sleep();
    await writer.publish(channel, 4);
    expect(await dataOf(reader, channel, 1)).toEqual([4]);
  });
});

describe("without history", () => {
  test("DELIV-21: publications write nothing at their home", async () => {
    const { channel, home, reader, writer } = await openScene("discreet");
    const changes = () =>
      home.inside(
        ({ storage }) => storage.sql.exec<{ count: number }>("SELECT total_changes() AS count").one().count,
      );
    const before = await changes();
    for (let data = 1; data <= 10; data += 1) await writer.publish(channel, data);
    expect(await dataOf(reader, channel, 10)).toHaveLength(10);
    expect(await changes()).toBe(before);
  });

  test("DELIV-21: a channel without followers and history leaves no trace", async () => {
    const scene = new Scene("discreet", 0);
    const writer = await scene.subscriber(scene.home);
    await writer.publish(scene.channel, 1);
    expect(await scene.home.tables()).toEqual([]);
  });

  test.each([
    ["repeated", FATES.repeated, [1, 2, 3, 4]],
    ["without an answer", FATES.answerLost, [1, 2, 3, 4]],
    ["lost", FATES.lost, [2, 4]],
  ])(
    "DELIV-21: when every other call is %s, nothing comes twice or out of order",
    async (_, fate, expected) => {
      captureErrors();
      const { scene, channel, reader, writer } = await openScene("discreet");
      let count = 0;
      for (const data of [1, 2, 3, 4]) {
        count += 1;
        if (count % 2 === 1) scene.befall("deliver", fate);
        else scene.heal();
        await writer.publish(channel, data);
        await scene.untilQuiet();
      }
      expect(await dataOf(reader, channel, expected.length)).toEqual(expected);
      expect(pushesTo(reader)).toEqual([]);
    },
  );

  test.each([
    ["to a hub that remembers newer ones", false],
    ["to a hub that has slept since newer ones came", true],
  ])("DELIV-21: a late call %s brings nothing", async (_, isAsleep) => {
    captureErrors();
    const clock = stopClock();
    const scene = new Scene("discreet", 1);
    const { channel, home } = scene;
    const reader = await scene.subscriber(scene.edge());
    const writer = await home.connect();
    const gate = await scene.giveUpDelivery(writer, clock);
    expect(await dataOf(reader, channel, 1)).toEqual([2]);
    if (isAsleep) await scene.edge().sleep();
    gate.open();
    await scene.untilQuiet();
    await writer.publish(channel, 3);
    expect(await dataOf(reader, channel, 1)).toEqual([3]);
    expect(pushesTo(reader)).toEqual([]);
  });

  test("DELIV-21: registrations outlive sleep on both sides", async () => {
    const { scene, channel, home, reader, writer } = await openScene("discreet");
    await home.sleep();
    await scene.edge().sleep();
    await writer.publish(channel, 1);
    expect(await dataOf(reader, channel, 1)).toEqual([1]);
    await scene.edge().crash();
    await writer.publish(channel, 2);
    await until(async () => (await home.rows("followers")).length === 0);
  });
});

test("DELIV-30: when a namespace is gone, what was stored of its channels is deleted", async () => {
  const scene = new Scene("large", 1);
  const { channel, home } = scene;
  await scene.subscriber(scene.edge());
  const writer = await home.connect();
  await writer.publish(channel, 1);
  await scene.untilSettled();
  await writer.close(1000, "");
  await home.untilEmpty();
  configureHub(home.name, { namespaces: [] });
  await home.sleep();
  await home.runAlarm();
  expect(await home.tables()).toEqual([]);
});
