import { describe, expect, test } from "vitest";
import { Alarms } from "../../../src/hub/alarms.ts";
import { CHANNEL_LIMITS, HUB_LIMITS } from "../../../src/shared/limits.ts";
import { stopClock } from "../../support/clock.ts";
import { setWay } from "../../support/hub-links.ts";
import { captureErrors } from "../../support/log.ts";
import { dataOf, FATES, Gate, openScene, pushesTo, Scene } from "../../support/node/delivery-scene.ts";
import { TestHub } from "../../support/node/test-hub.ts";
import { until } from "../../support/until.ts";

/** Seconds after which a hub has surely told a home that nobody is there any more. */
const LATE = (2 * HUB_LIMITS.callTimeout) / 1000;

const traceOf = async (hub: TestHub) => [await hub.tables(), await hub.alarm()];
const NO_TRACE = [[], null];

const untilNoTrace = (hub: TestHub) =>
  until(async () => JSON.stringify(await traceOf(hub)) === JSON.stringify(NO_TRACE));

const methodsOf = (scene: Scene) => scene.calls.map(({ method }) => method);

describe("a channel in which nothing was ever published", () => {
  test("DELIV-40: 200 made-up names that a client has subscribed to and left leave nothing stored and no alarm", async () => {
    const clock = stopClock();
    const edge = new TestHub({ config: { connection: { channelLimit: 200 } } });
    const channels = Array.from({ length: 200 }, () => `large:${crypto.randomUUID()}`);
    const answered: string[] = [];
    setWay(edge.name, async (call, carryOut) => {
      const answer = await carryOut();
      answered.push(call.method);
      return answer;
    });
    const client = await edge.connect();
    for (const kind of ["subscribe", "unsubscribe"])
      for (const id of client.send(...channels.map((channel) => ({ [kind]: { channel } }))))
        expect((await client.reply(id)).error).toBeUndefined();
    await edge.pass(clock, LATE);
    await until(() => answered.length >= 400);
    for (const channel of channels)
      expect(await traceOf(new TestHub({ name: `home/${channel}` }))).toEqual(NO_TRACE);
    expect(answered.filter((method) => method === "follow")).toHaveLength(200);
    expect(answered.filter((method) => method === "unfollow")).toHaveLength(200);
  });

  test.each([
    ["large", [{ epoch: expect.stringMatching(/./) }]],
    ["open", [{ epoch: "" }]],
  ])(
    "DELIV-41: of a channel of %s, registrations are the only rows while hubs follow",
    async (namespace, rows) => {
      const scene = new Scene(namespace, 1);
      await scene.subscriber(scene.edge());
      expect(await scene.home.tables()).toEqual(["followers"]);
      expect(await scene.home.rows("followers")).toMatchObject(rows);
    },
  );

  test.each([
    ["history", { limit: 10 }],
    ["presence", {}],
    ["presence_stats", {}],
  ])("DELIV-40: %s of it writes nothing, asked from anywhere", async (kind, body) => {
    const { channel, home, edges } = new Scene("keep", 1);
    for (const hub of edges) {
      const client = await hub.connect();
      await client.ask(kind, { channel, ...body });
    }
    expect(await traceOf(home)).toEqual(NO_TRACE);
    await (await home.connect()).ask(kind, { channel, ...body });
    expect(await home.tables()).toEqual([]);
  });

  test("DELIV-40: a session at the home keeps one row, which the next alarm deletes when it has left", async () => {
    const { channel, home } = new Scene("large", 0);
    const client = await home.connect();
    await client.subscribe(channel);
    expect(await home.rows("streams")).toMatchObject([{ channel, top: 0 }]);
    await home.sleep();
    expect(await home.rows("streams")).toHaveLength(1);
    await home.runAlarm();
    expect(await home.rows("streams")).toHaveLength(1);
    await client.request("unsubscribe", { channel });
    await home.runAlarm();
    expect(await home.rows("streams")).toEqual([]);
  });

  test("DELIV-40: so does the alarm of a home that has lost its sockets", async () => {
    const { channel, home } = new Scene("large", 0);
    await (await home.connect()).subscribe(channel);
    await home.crash();
    await home.runAlarm();
    expect(await traceOf(home)).toEqual(NO_TRACE);
  });

  test("DELIV-40: what was published stays, though nobody is there", async () => {
    const clock = stopClock();
    const { scene, channel, home, reader, writer } = await openScene("large");
    await writer.publish(channel, 1);
    await scene.untilSettled();
    await reader.request("unsubscribe", { channel });
    await scene.edge().pass(clock, LATE);
    await until(async () => (await home.rows("followers")).length === 0);
    expect(await home.rows("streams")).toHaveLength(1);
    expect(await home.rows("history")).toHaveLength(1);
  });
});

describe("a hub whose last session has left", () => {
  test("DELIV-42: tells the home late, of all channels in one call; who comes back before costs no call", async () => {
    const clock = stopClock();
    const scene = new Scene("large", 1);
    const { channel, home } = scene;
    const channels = [channel, `${channel}/a`, `${channel}/b`];
    const client = await scene.edge().connect();
    for (const name of channels) await client.subscribe(name);
    const before = scene.calls.length;
    for (let count = 0; count < 5; count += 1) {
      await client.request("unsubscribe", { channel });
      await scene.edge().pass(clock, 1);
      await client.subscribe(channel);
    }
    expect(scene.calls).toHaveLength(before);
    for (const name of channels) await client.request("unsubscribe", { channel: name });
    await scene.edge().pass(clock, LATE);
    await untilNoTrace(home);
    expect(methodsOf(scene).slice(before)).toEqual(["unfollow"]);
  });

  test("DELIV-42: tells it also after it has slept, when the home asks it once more", async () => {
    const clock = stopClock();
    const scene = new Scene("large", 1);
    const reader = await scene.subscriber(scene.edge());
    await scene.edge().sleep();
    await reader.request("unsubscribe", { channel: scene.channel });
    await scene.edge().pass(clock, LATE);
    await untilNoTrace(scene.home);
    expect(methodsOf(scene)).toEqual(["follow", "unfollow", "deliver"]);
  });

  test("DELIV-42: tells it after a subscribe that has failed, which may have been carried out", async () => {
    captureErrors();
    const clock = stopClock();
    const scene = new Scene("large", 1);
    const client = await scene.edge().connect();
    scene.befall("follow", FATES.answerLost, 1);
    expect(await client.codeOf("subscribe", { channel: scene.channel })).toBe(100);
    expect(await scene.home.rows("followers")).toHaveLength(1);
    await scene.edge().pass(clock, LATE);
    await untilNoTrace(scene.home);
  });

  test.each([
    ["late", false],
    ["late, to a home that has slept", true],
  ])("DELIV-43: what it said %s ends no later registration", async (_, isAsleep) => {
    captureErrors();
    const clock = stopClock();
    const { scene, channel, home, reader, writer } = await openScene("large");
    const gate = new Gate();
    scene.befall("unfollow", gate.before);
    await reader.request("unsubscribe", { channel });
    await scene.edge().pass(clock, LATE);
    await until(() => gate.waiting === 1);
    await reader.subscribe(channel);
    if (isAsleep) await home.sleep();
    gate.open();
    await scene.untilQuiet();
    expect(await home.rows("followers")).toHaveLength(1);
    await writer.publish(channel, 1);
    expect(await dataOf(reader, channel, 1)).toEqual([1]);
    expect(pushesTo(reader)).toEqual([]);
  });

  test("DELIV-43: what it said twice ends one registration", async () => {
    const clock = stopClock();
    const { scene, channel, home, reader, writer } = await openScene("large");
    scene.befall("unfollow", FATES.repeated);
    await reader.request("unsubscribe", { channel });
    await scene.edge().pass(clock, LATE);
    await until(async () => (await home.rows("followers")).length === 0);
    await reader.subscribe(channel);
    await writer.publish(channel, 1);
    expect(await dataOf(reader, channel, 1)).toEqual([1]);
  });

  test("DELIV-43: a subscribe that is under way counts as somebody: the home is told nothing", async () => {
    const clock = stopClock();
    const { scene, channel, home, reader, writer } = await openScene("large");
    const gate = new Gate();
    scene.befall("follow", gate.after);
    await reader.request("unsubscribe", { channel });
    const subscribing = reader.subscribe(channel, { recover: true, offset: 0, epoch: "" });
    await until(() => gate.waiting === 1);
    await scene.edge().pass(clock, LATE);
    await writer.publish(channel, 1);
    gate.open();
    await subscribing;
    expect(await dataOf(reader, channel, 1)).toEqual([1]);
    expect(methodsOf(scene)).not.toContain("unfollow");
    expect(await home.rows("followers")).toHaveLength(1);
  });

  const UNTOLD = {
    "is lost": FATES.lost,
    hangs: FATES.hanging,
    "is not known to an older home": () =>
      Promise.reject(new TypeError('The RPC receiver does not implement the method "unfollow".')),
  };

  test.each(Object.entries(UNTOLD))(
    "DELIV-44: when what it says %s, the home learns it when it delivers",
    async (_, fate) => {
      const errors = captureErrors();
      const clock = stopClock();
      const scene = new Scene("large", 1);
      const { channel, home } = scene;
      const reader = await scene.subscriber(scene.edge());
      const writer = await home.connect();
      scene.befall("unfollow", fate);
      await reader.request("unsubscribe", { channel });
      await scene.edge().pass(clock, LATE);
      scene.giveUpCalls();
      await until(() => errors().length === 1);
      expect(errors()).toMatchObject([{ event: "hub.unfollow_failed", home: home.name }]);
      expect(await home.rows("followers")).toHaveLength(1);
      await reader.subscribe(channel);
      await writer.publish(channel, 1);
      expect(await dataOf(reader, channel, 1)).toEqual([1]);
      await reader.request("unsubscribe", { channel });
      await writer.publish(channel, 2);
      await until(async () => (await home.rows("followers")).length === 0);
    },
  );

  test("DELIV-44: a hub that was reset before it could say so is asked, as long as it takes once a history_meta_ttl", async () => {
    const clock = stopClock();
    const scene = new Scene("brief", 1);
    const { home } = scene;
    await scene.subscriber(scene.edge());
    const deliveries = () => scene.delivered.length;
    const [META_TTL, TOLERANCE] = [120, (1.25 * CHANNEL_LIMITS.streamUseTolerance) / 1000];
    await home.pass(clock, META_TTL + TOLERANCE + 1);
    await scene.untilQuiet();
    expect(deliveries()).toBe(1);
    // That it has been asked is remembered over sleep.
    await home.sleep();
    await home.runAlarm();
    await scene.untilQuiet();
    expect(deliveries()).toBe(1);
    expect(await home.tables()).toEqual(["followers"]);
    await scene.edge().crash();
    await home.pass(clock, META_TTL + TOLERANCE + 1);
    await untilNoTrace(home);
    expect(deliveries()).toBe(2);
  });

  test("DELIV-43: an alarm that is read while the storage goes does not count afterwards", async () => {
    const hub = new TestHub();
    const [before, after] = [Date.now() + 1_000_000, Date.now() + 2_000_000];
    const alarm = await hub.inside(async ({ storage }) => {
      await storage.setAlarm(before);
      const alarms = new Alarms(storage, { nextWake: () => Number.NEGATIVE_INFINITY });
      alarms.wakeAt(after, "trim");
      alarms.reset();
      await storage.deleteAll();
      alarms.wakeAt(after, "trim");
      return storage.getAlarm();
    });
    expect(alarm).toBe(after);
  });
});

describe("a subscriber at offset 0", () => {
  const sleepOf = {
    home: ({ home }: Scene) => home.sleep(),
    follower: (scene: Scene) => scene.edge().sleep(),
  };
  const orders: [string, (keyof typeof sleepOf)[]][] = [
    ["home", ["home"]],
    ["follower", ["follower"]],
    ["home, then the follower", ["home", "follower"]],
    ["follower, then the home", ["follower", "home"]],
  ];

  test.each(orders)(
    "DELIV-45: loses nothing and is told nothing after the sleep of the %s",
    async (_, sleepers) => {
      const { scene, channel, reader, writer } = await openScene("large");
      for (let round = 0; round < 2; round += 1) for (const who of sleepers) await sleepOf[who](scene);
      await writer.publish(channel, 1);
      expect(await dataOf(reader, channel, 1)).toEqual([1]);
      await writer.publish(channel, 2);
      expect(await dataOf(reader, channel, 1)).toEqual([2]);
      expect(pushesTo(reader)).toEqual([]);
    },
  );

  test("DELIV-45: at the home, too", async () => {
    const scene = new Scene("large", 1);
    const { channel, home } = scene;
    const [here, there] = [await scene.subscriber(home), await scene.subscriber(scene.edge())];
    for (const who of ["home", "follower", "home"] as const) await sleepOf[who](scene);
    await there.publish(channel, 1);
    for (const reader of [here, there]) {
      expect(await dataOf(reader, channel, 1)).toEqual([1]);
      expect(pushesTo(reader)).toEqual([]);
    }
  });

  test.each(orders)(
    "DELIV-45: recovers elsewhere what came meanwhile, after the sleep of the %s",
    async (_, sleepers) => {
      const scene = new Scene("large", 2);
      const { channel, home } = scene;
      const reader = await scene.edge().connect();
      const { epoch } = await reader.subscribe(channel);
      for (const who of sleepers) await sleepOf[who](scene);
      await reader.close(1000, "");
      await (await home.connect()).publish(channel, 1);
      const back = await scene.edge(1).connect();
      const subscribed = await back.subscribe(channel, { recover: true, offset: 0, epoch });
      expect(subscribed).toMatchObject({ recovered: true, epoch, publications: [{ data: 1, offset: 1 }] });
    },
  );

  test("DELIV-46: who comes back when nobody has kept the stream finds another one, and recovers nothing", async () => {
    const clock = stopClock();
    const scene = new Scene("large", 1);
    const { channel, home } = scene;
    const reader = await scene.edge().connect();
    const { epoch = "" } = await reader.subscribe(channel);
    await reader.request("unsubscribe", { channel });
    await scene.edge().pass(clock, LATE);
    await untilNoTrace(home);
    await home.sleep();
    const back = await reader.subscribe(channel, { recover: true, offset: 0, epoch });
    expect(back).toMatchObject({ was_recovering: true, epoch: expect.not.stringMatching(epoch) });
    expect(back.recovered).toBeUndefined();
    await (await home.connect()).publish(channel, 1);
    expect(await dataOf(reader, channel, 1)).toEqual([1]);
  });
});

/** Every hub sleeps at every point, which is where what it keeps in memory only must not matter. */
describe("between any two steps", () => {
  const points = [0, 1, 2, 3].flatMap((point) =>
    (["home", "follower"] as const).map((who) => [who, point] as const),
  );

  test.each(points)(
    "DELIV-40: the %s sleeps, after step %i, and nothing is left once nobody is there",
    async (who, point) => {
      const clock = stopClock();
      const scene = new Scene("brief", 1);
      const { channel, home } = scene;
      const client = await scene.edge().connect();
      const steps = [
        () => client.subscribe(channel),
        () => client.request("unsubscribe", { channel }),
        () => scene.edge().pass(clock, LATE),
        () => scene.untilQuiet(),
      ];
      for (const [index, step] of steps.entries()) {
        await step();
        await scene.untilQuiet();
        if (index === point) await (who === "home" ? home : scene.edge()).sleep();
      }
      // A follower that has slept over its leaving says nothing: it is asked.
      if (who === "follower" && point === 1) await home.pass(clock, 2 * 3_600);
      await untilNoTrace(home);
    },
  );
});

/** As 2b7db08 has stored them: a stream has a row of its own as soon as somebody follows it. */
test("SKEW-02: registrations of a build that kept no epoch with them are gone on with", async () => {
  const { scene, channel, home, reader, writer } = await openScene("large");
  const [{ epoch = null } = {}] = await home.rows("followers");
  await home.inside(({ storage: { sql } }) => {
    for (const column of ["epoch", "used"]) sql.exec(`ALTER TABLE followers DROP COLUMN ${column}`);
    sql.exec(`CREATE TABLE streams (channel TEXT PRIMARY KEY, version INTEGER NOT NULL, epoch TEXT NOT NULL,
      top INTEGER NOT NULL, used INTEGER NOT NULL, unsettled INTEGER) WITHOUT ROWID`);
    sql.exec("INSERT INTO streams VALUES (?, 1, ?, 0, ?, NULL)", channel, epoch, Date.now());
  });
  await home.sleep();
  await scene.edge().sleep();
  await writer.publish(channel, 1);
  expect(await dataOf(reader, channel, 1)).toEqual([1]);
  const other = await scene.subscriber(home);
  await writer.publish(channel, 2);
  for (const client of [reader, other]) expect(await dataOf(client, channel, 1)).toEqual([2]);
  expect(pushesTo(reader)).toEqual([]);
  expect((await home.rows("streams"))[0]).toMatchObject({ epoch });
});
