import { describe, expect, test } from "vitest";
import { stopClock } from "../../support/clock.ts";
import { sign } from "../../support/hub-config.ts";
import { captureErrors } from "../../support/log.ts";
import {
  dataOf,
  FATES,
  Gate,
  openScene,
  pushesTo,
  Scene,
  untilSettled,
} from "../../support/node/delivery-scene.ts";
import { until } from "../../support/until.ts";

describe("what every session gets", () => {
  test("DELIV-01: publications from anywhere reach sessions everywhere, numbered densely, once and in order", async () => {
    const scene = new Scene("large", 2);
    const { channel, home } = scene;
    const readers = await Promise.all(scene.hubs.map((hub) => scene.subscriber(hub)));
    const writers = await Promise.all(scene.hubs.map((hub) => hub.connect()));
    await Promise.all(Array.from({ length: 60 }, (_, index) => writers[index % 3]?.publish(channel, index)));
    for (const reader of readers) {
      const offsets = [];
      for (let count = 0; count < 60; count += 1) offsets.push((await reader.publication(channel))?.offset);
      expect(offsets).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
      expect(pushesTo(reader)).toEqual([]);
    }
    expect(await home.rows("followers")).toHaveLength(2);
  });

  test("DELIV-02: a hub follows a channel once for all of its sessions, and gets one call for all of them", async () => {
    const scene = new Scene("large", 1);
    const readers = [];
    for (let count = 0; count < 5; count += 1) readers.push(await scene.subscriber(scene.edge()));
    const writer = await scene.home.connect();
    await writer.publish(scene.channel, "hello");
    for (const reader of readers) expect(await dataOf(reader, scene.channel, 1)).toEqual(["hello"]);
    expect(scene.calls.map(({ method }) => method)).toEqual(["follow", "deliver"]);
    expect(await scene.home.rows("followers")).toHaveLength(1);
  });
});

describe("registrations", () => {
  test("DELIV-05: a registration outlives the home's sleep, and any number of failed calls", async () => {
    captureErrors();
    const { scene, channel, home, reader, writer } = await openScene("large");
    scene.befall("deliver", FATES.lost);
    for (const data of [1, 2, 3]) {
      await writer.publish(channel, data);
      await scene.untilQuiet();
      await home.sleep();
    }
    scene.heal();
    await writer.publish(channel, 4);
    expect(await dataOf(reader, channel, 4)).toEqual([1, 2, 3, 4]);
    expect(scene.calls.filter(({ method }) => method === "follow")).toHaveLength(1);
  });

  test("DELIV-06: a hub whose sessions have gone is delivered to once more, answers that nobody is there, and is forgotten", async () => {
    const { scene, channel, home, reader, writer } = await openScene("large");
    await reader.request("unsubscribe", { channel });
    expect(await home.rows("followers")).toHaveLength(1);
    await writer.publish(channel, 1);
    await until(async () => (await home.rows("followers")).length === 0);
    await writer.publish(channel, 2);
    expect(scene.delivered).toHaveLength(1);
    await scene.untilSettled();
  });

  test("DELIV-06: a hub that has lost its sockets is forgotten too", async () => {
    const scene = new Scene("large", 1);
    const { channel, home } = scene;
    await scene.subscriber(scene.edge());
    const writer = await home.connect();
    await scene.edge().crash();
    await writer.publish(channel, 1);
    await until(async () => (await home.rows("followers")).length === 0);
  });

  test("DELIV-06: an answer that nobody is there does not end a later registration of the same hub", async () => {
    const { scene, channel, home, reader, writer } = await openScene("large");
    await reader.request("unsubscribe", { channel });
    const gate = new Gate();
    scene.befall("deliver", gate.after, 1);
    await writer.publish(channel, 1);
    await until(() => gate.waiting === 1);
    await reader.subscribe(channel);
    gate.open();
    await scene.untilQuiet();
    await writer.publish(channel, 2);
    expect(await dataOf(reader, channel, 1)).toEqual([2]);
    expect(await home.rows("followers")).toHaveLength(1);
  });

  test("DELIV-07: a subscription that is being set up counts as somebody, and gets what came meanwhile after its reply", async () => {
    const scene = new Scene("large", 1);
    const { channel, home } = scene;
    const [reader, writer] = [await scene.edge().connect(), await home.connect()];
    const gate = new Gate();
    scene.befall("follow", gate.after);
    const subscribing = reader.subscribe(channel);
    await until(() => gate.waiting === 1);
    await writer.publish(channel, 1);
    await until(() => scene.delivered.length === 1 && scene.underWay.size === 1);
    gate.open();
    const reply = await subscribing;
    expect(reply.offset).toBeUndefined();
    expect(await dataOf(reader, channel, 1)).toEqual([1]);
    expect(await home.rows("followers")).toHaveLength(1);
    await writer.publish(channel, 2);
    expect(await dataOf(reader, channel, 1)).toEqual([2]);
    expect(pushesTo(reader)).toEqual([]);
  });

  test("DELIV-28: a subscribe whose home does not answer is error 100, and the next one succeeds", async () => {
    captureErrors();
    const scene = new Scene("large", 1);
    const { channel, home } = scene;
    const [reader, writer] = [await scene.edge().connect(), await home.connect()];
    scene.befall("follow", FATES.answerLost, 1);
    expect(await reader.codeOf("subscribe", { channel })).toBe(100);
    expect((await home.rows("followers")).length).toBe(1);
    await writer.publish(channel, 1);
    await until(async () => (await home.rows("followers")).length === 0);
    await reader.subscribe(channel);
    await writer.publish(channel, 2);
    expect(await dataOf(reader, channel, 1)).toEqual([2]);
  });

  test("DELIV-22: a subscribe that finds the home ahead brings those who are there up to date before it replies", async () => {
    captureErrors();
    const scene = new Scene("large", 1);
    const { channel, home } = scene;
    const reader = await scene.edge().connect();
    const { epoch } = await reader.subscribe(channel);
    const writer = await home.connect();
    scene.befall("deliver", FATES.lost);
    for (const data of [1, 2]) await writer.publish(channel, data);
    const late = await scene.edge().connect();
    const reply = await late.subscribe(channel, { recover: true, offset: 1, epoch });
    expect(reply.publications?.map(({ data }) => data)).toEqual([2]);
    expect(await dataOf(reader, channel, 2)).toEqual([1, 2]);
    scene.heal();
    await writer.publish(channel, 3);
    expect([await dataOf(reader, channel, 1), await dataOf(late, channel, 1)]).toEqual([[3], [3]]);
    expect([pushesTo(reader), pushesTo(late)]).toEqual([[], []]);
  });

  test("DELIV-23: two subscribes whose answers cross leave no gap: who would not be level is refused for now", async () => {
    captureErrors();
    const scene = new Scene("large", 1);
    const { channel, home } = scene;
    const [one, other, writer] = [
      await scene.edge().connect(),
      await scene.edge().connect(),
      await home.connect(),
    ];
    await writer.publish(channel, 1);
    const gate = new Gate();
    let follows = 0;
    scene.way = async (call, carryOut) => {
      if (call.method === "deliver") return FATES.lost();
      const answer = await carryOut();
      follows += 1;
      if (follows === 1) await gate.pass();
      return answer;
    };
    const first = one.request("subscribe", { channel });
    await until(() => follows === 1);
    await writer.publish(channel, 2);
    const second = other.subscribe(channel, { recover: true, offset: 1, epoch: "" });
    await scene.edge().inside(() => {});
    // One follow from a hub to a home is under way at a time.
    scene.giveUpCalls();
    await second;
    gate.open();
    const { error } = await first;
    scene.heal();
    await writer.publish(channel, 3);
    expect(await dataOf(other, channel, 1)).toEqual([3]);
    expect(error?.code).toBe(100);
    expect((await one.subscribe(channel)).offset).toBe(3);
  });
});

describe("sleep", () => {
  test("DELIV-08: a hub that has slept goes on where its sessions are, because the home knows it", async () => {
    const { scene, channel, home, reader, writer } = await openScene("large");
    for (const data of [1, 2, 3, 4]) {
      await writer.publish(channel, data);
      expect(await dataOf(reader, channel, 1)).toEqual([data]);
      await scene.untilSettled();
      await scene.edge().sleep();
      if (data > 2) await home.sleep();
    }
    expect(pushesTo(reader)).toEqual([]);
    expect(scene.delivered).toHaveLength(4);
  });

  test.each([
    ["was lost", "lost", false],
    ["was lost, when the home slept as well", "lost", true],
    ["got no answer", "answerLost", false],
    ["got no answer, when the home slept as well", "answerLost", true],
  ] as const)(
    "DELIV-09: a hub that slept after a call %s cannot know where its sessions are: 2500, and the client recovers",
    async (_, fate, isHomeAsleep) => {
      captureErrors();
      const scene = new Scene("large", 1);
      const { channel, home } = scene;
      const reader = await scene.edge().connect();
      const { epoch } = await reader.subscribe(channel);
      const writer = await home.connect();
      scene.befall("deliver", FATES[fate]);
      await writer.publish(channel, 1);
      await scene.untilQuiet();
      if (fate === "answerLost") expect(await dataOf(reader, channel, 1)).toEqual([1]);
      await scene.edge().sleep();
      if (isHomeAsleep) await home.sleep();
      scene.heal();
      await writer.publish(channel, 2);
      expect(await reader.push("unsubscribe")).toMatchObject({ unsubscribe: { code: 2500 } });
      const offset = fate === "answerLost" ? 1 : 0;
      const back = await reader.subscribe(channel, { recover: true, offset, epoch });
      expect(back.recovered).toBe(true);
      expect(back.publications?.map(({ offset }) => offset)).toEqual([1, 2].slice(offset));
      await writer.publish(channel, 3);
      expect(await dataOf(reader, channel, 1)).toEqual([3]);
      expect(pushesTo(reader)).toEqual([]);
    },
  );

  test("DELIV-09: a session with a server-side subscription is closed with 3010", async () => {
    captureErrors();
    const scene = new Scene("large", 1);
    const { channel, home } = scene;
    const reader = await scene.edge().connect({ token: await sign({ sub: "ann", channels: [channel] }) });
    const writer = await home.connect();
    scene.befall("deliver", FATES.lost);
    await writer.publish(channel, 1);
    await scene.untilQuiet();
    await scene.edge().sleep();
    scene.heal();
    await writer.publish(channel, 2);
    expect((await reader.closed).code).toBe(3010);
  });

  test("DELIV-09: a subscribe at a hub that slept over a call without an answer brings nothing twice", async () => {
    captureErrors();
    const scene = new Scene("large", 1);
    const { channel, home } = scene;
    const [reader, late] = [await scene.subscriber(scene.edge()), await scene.edge().connect()];
    const writer = await home.connect();
    const gate = new Gate();
    scene.befall("deliver", gate.instead, 1);
    await writer.publish(channel, 1);
    expect(await dataOf(reader, channel, 1)).toEqual([1]);
    await scene.edge().sleep();
    await late.subscribe(channel);
    gate.open();
    await writer.publish(channel, 2);
    expect(await dataOf(late, channel, 1)).toEqual([2]);
    expect(pushesTo(reader)).toEqual([
      { push: { channel, unsubscribe: { code: 2500, reason: "insufficient state" } } },
    ]);
  });

  test("DELIV-10: the word of the home in a call that it has given up is not believed", async () => {
    captureErrors();
    const clock = stopClock();
    const scene = new Scene("large", 1);
    const { channel, home } = scene;
    const reader = await scene.subscriber(scene.edge());
    const writer = await home.connect();
    // The first call is given up, and the next brings everything.
    const gate = await scene.giveUpDelivery(writer, clock);
    expect(await dataOf(reader, channel, 2)).toEqual([1, 2]);
    await untilSettled(home);
    await scene.edge().sleep();
    gate.open();
    await scene.untilQuiet();
    expect(pushesTo(reader)).toEqual([
      { push: { channel, unsubscribe: { code: 2500, reason: "insufficient state" } } },
    ]);
  });
});
