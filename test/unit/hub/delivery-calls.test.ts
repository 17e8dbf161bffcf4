import { describe, expect, test } from "vitest";
import { HUB_LIMITS } from "../../../src/shared/limits.ts";
import { captureErrors } from "../../support/log.ts";
import { dataOf, FATES, Gate, openScene, pushesTo, Scene } from "../../support/node/delivery-scene.ts";
import { until } from "../../support/until.ts";

describe("calls from hub to hub", () => {
  test("DELIV-14: a hub that hangs holds up no other, and is called again when its call has been given up", async () => {
    captureErrors();
    const scene = new Scene("large", 2);
    const { channel, home } = scene;
    const [stuck, other] = [await scene.subscriber(scene.edge(0)), await scene.subscriber(scene.edge(1))];
    const writer = await home.connect();
    let isFirst = true;
    scene.way = (call, carryOut) => {
      if (call.to !== scene.edge(0).name || !isFirst) return carryOut();
      isFirst = false;
      return FATES.hanging();
    };
    for (const data of [1, 2]) await writer.publish(channel, data);
    expect(await dataOf(other, channel, 2)).toEqual([1, 2]);
    scene.giveUpCalls();
    expect(await dataOf(stuck, channel, 2)).toEqual([1, 2]);
  });

  test("DELIV-15: one deliver to a follower is under way at a time, and what comes meanwhile rides in the next", async () => {
    const { scene, channel, reader, writer } = await openScene("large");
    const gate = new Gate();
    scene.befall("deliver", gate.before, 1);
    for (let data = 1; data <= 10; data += 1) await writer.publish(channel, data);
    expect(scene.delivered).toHaveLength(1);
    gate.open();
    expect(await dataOf(reader, channel, 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(scene.delivered.map(({ deliveries }) => deliveries[0]?.publications.length)).toEqual([1, 9]);
  });

  test("DELIV-16: one publish from a hub to a home is under way at a time, and what comes meanwhile rides in the next", async () => {
    const scene = new Scene("large", 1);
    const { channel, home } = scene;
    const reader = await scene.subscriber(home);
    const writer = await scene.edge().connect();
    const gate = new Gate();
    scene.befall("publish", gate.before, 1);
    const [first = 0] = writer.send({ publish: { channel, data: 1 } });
    await until(() => gate.waiting === 1);
    const rest = [2, 3, 4, 5].map((data) => writer.send({ publish: { channel, data } })[0] ?? 0);
    await scene.edge().inside(() => {});
    expect(scene.calls).toHaveLength(1);
    gate.open();
    for (const id of [first, ...rest]) expect(await writer.reply(id)).toEqual({ id, publish: {} });
    expect(await dataOf(reader, channel, 5)).toEqual([1, 2, 3, 4, 5]);
    const published = scene.calls.flatMap((made) =>
      made.method === "publish" ? made.call.submissions.length : [],
    );
    expect(published).toEqual([1, 4]);
  });

  test("DELIV-47: one follow from a hub to a home is under way at a time, and what comes meanwhile rides in the next", async () => {
    const scene = new Scene("large", 1);
    const { channel } = scene;
    const client = await scene.edge().connect();
    const gate = new Gate();
    scene.befall("follow", gate.before, 1);
    const subscribe = (number: number) =>
      client.send({ subscribe: { channel: `${channel}/${number}` } })[0] ?? 0;
    const first = subscribe(1);
    await until(() => gate.waiting === 1);
    const rest = [2, 3, 4, 5].map(subscribe);
    await scene.edge().inside(() => {});
    expect(scene.calls).toHaveLength(1);
    gate.open();
    for (const id of [first, ...rest]) expect((await client.reply(id)).subscribe).toBeDefined();
    const followed = scene.calls.flatMap((made) =>
      made.method === "follow" ? made.call.requests.length : [],
    );
    expect(followed).toEqual([1, 4]);
  });

  test.each([
    ["is lost", FATES.lost, 0],
    ["is carried out without an answer", FATES.answerLost, 1],
    ["hangs", FATES.hanging, 0],
  ])("DELIV-17: a publish that %s is error 100, and is not repeated", async (_, fate, stored) => {
    captureErrors();
    const scene = new Scene("large", 1);
    const { channel, home } = scene;
    const reader = await scene.subscriber(home);
    const writer = await scene.edge().connect();
    scene.befall("publish", fate, 1);
    const replying = writer.request("publish", { channel, data: "once" });
    await until(() => scene.calls.some(({ method }) => method === "publish"));
    scene.giveUpCalls();
    expect((await replying).error).toEqual({ code: 100, message: "internal server error", temporary: true });
    await writer.publish(channel, "next");
    expect(await dataOf(reader, channel, stored + 1)).toEqual(["once", "next"].slice(1 - stored));
    expect(pushesTo(reader)).toEqual([]);
  });

  test("DELIV-18: a publication is acknowledged when it is stored, whoever has not got it yet", async () => {
    const scene = new Scene("large", 1);
    const { channel, home } = scene;
    await scene.subscriber(scene.edge());
    scene.befall("deliver", FATES.hanging);
    await (await home.connect()).publish(channel, 1);
    await (await scene.edge().connect()).publish(channel, 2);
    expect((await home.rows("history")).length).toBe(2);
  });

  test.each([
    ["from memory", false],
    ["from the history", true],
  ])(
    "DELIV-19: a follower that is far behind gets everything %s, in calls of a bearable size",
    async (_, isRead) => {
      captureErrors();
      const { scene, channel, home, reader, writer } = await openScene("large");
      scene.befall("deliver", FATES.lost);
      const text = "x".repeat(60_000);
      for (let count = 1; count <= 40; count += 1) await writer.publish(channel, `${count} ${text}`);
      await scene.untilQuiet();
      if (isRead) await home.sleep();
      await home.deleteAlarm();
      const before = scene.delivered.length;
      scene.heal();
      await writer.publish(channel, "end");
      const data = await dataOf(reader, channel, 41);
      expect(data.map((one) => Number.parseInt(String(one), 10))).toEqual([
        ...Array.from({ length: 40 }, (_, i) => i + 1),
        Number.NaN,
      ]);
      const sizes = scene.delivered.slice(before).map((call) => JSON.stringify(call).length);
      expect(sizes.length).toBeGreaterThan(2);
      expect(Math.max(...sizes)).toBeLessThan(HUB_LIMITS.callLength + 2_000);
    },
  );

  test("DELIV-19: what one hub publishes is sent in calls of a bearable size", async () => {
    const scene = new Scene("large", 1);
    const { channel, home } = scene;
    const reader = await scene.subscriber(home);
    const writer = await scene.edge().connect();
    const gate = new Gate();
    scene.befall("publish", gate.before, 1);
    const ids = Array.from(
      { length: 40 },
      (_, index) => writer.send({ publish: { channel, data: `${index} ${"x".repeat(60_000)}` } })[0] ?? 0,
    );
    await until(() => gate.waiting === 1);
    gate.open();
    for (const id of ids) expect((await writer.reply(id)).publish).toEqual({});
    expect(await dataOf(reader, channel, 40)).toHaveLength(40);
    const sizes = scene.calls.flatMap((made) =>
      made.method === "publish" ? JSON.stringify(made.call).length : [],
    );
    expect(Math.max(...sizes)).toBeLessThan(HUB_LIMITS.callLength + 10_000);
  });

  test("DELIV-24: clients that come back together ask the home once, however many they are", async () => {
    const scene = new Scene("large", 1);
    const { channel, home } = scene;
    const writer = await home.connect();
    for (const data of [1, 2, 3]) await writer.publish(channel, data);
    const readers = await Promise.all(Array.from({ length: 20 }, () => scene.edge().connect()));
    const gate = new Gate();
    scene.befall("follow", gate.before);
    const replies = readers.map((reader) =>
      reader.subscribe(channel, { recover: true, offset: 1, epoch: "" }),
    );
    await until(() => gate.waiting > 0);
    await scene.edge().inside(() => {});
    gate.open();
    for (const reply of await Promise.all(replies))
      expect(reply.publications?.map(({ data }) => data)).toEqual([2, 3]);
    const asked = scene.calls.flatMap((made) => (made.method === "follow" ? made.call.requests : []));
    expect(asked).toHaveLength(1);
    await writer.publish(channel, 4);
    for (const reader of readers) expect(await dataOf(reader, channel, 1)).toEqual([4]);
  });

  test("DELIV-24: recoveries that are too long for one answer are answered in several", async () => {
    const scene = new Scene("large", 1);
    const { channel, home } = scene;
    const writer = await home.connect();
    for (let count = 1; count <= 10; count += 1) await writer.publish(channel, "x".repeat(60_000));
    const reader = await scene.edge().connect();
    const channels = [channel, `${channel}/a`, `${channel}/b`];
    for (const other of channels.slice(1)) {
      for (let count = 1; count <= 10; count += 1) await writer.publish(other, "x".repeat(60_000));
    }
    const ids = reader.send(
      ...channels.map((name) => ({ subscribe: { channel: name, recover: true, offset: 0, epoch: "" } })),
    );
    for (const id of ids) expect((await reader.reply(id)).subscribe?.publications).toHaveLength(10);
    // One call learns that all three are long, the second brings two of them.
    expect(scene.calls.filter(({ method }) => method === "follow").length).toBe(3);
  });

  test("DELIV-12: a hundred subscribes in one frame ask a hundred homes at the same time", async () => {
    const scene = new Scene("large", 1);
    const reader = await scene.edge().connect();
    const gate = new Gate();
    scene.befall("follow", gate.before);
    const ids = reader.send(
      ...Array.from({ length: 100 }, (_, index) => ({ subscribe: { channel: `${scene.channel}-${index}` } })),
    );
    await until(() => gate.waiting === 100);
    expect(new Set(scene.calls.map(({ to }) => to)).size).toBe(100);
    gate.open();
    for (const id of ids) expect((await reader.reply(id)).subscribe).toBeDefined();
  });
});
