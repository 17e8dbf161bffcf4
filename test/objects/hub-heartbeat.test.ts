import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Hub } from "../../durable-objects/hub/hub.ts";
import { stopClock } from "../support/clock.ts";
import { sign } from "../support/hub-config.ts";
import { captureErrors } from "../support/log.ts";
import { until } from "../support/until.ts";
import { TestHub } from "./test-hub.ts";

const PONG = "{}";
const PONG_ANSWER = '{"push":{"channel":""}}';
const every = (pingInterval: number, pong = true) => ({ connection: { pingInterval, pong } });

describe("pings", () => {
  // The runtime notes when it has answered a pong by its own clock, which cannot be stopped: who answers has the whole interval.
  test.concurrent.each([false, true])(
    "BEAT-01: a client that answers pings stays, a silent one is closed with 3012 (asleep in between: %s)",
    async (isSleepy) => {
      const hub = new TestHub({ isSleepy, config: every(5) });
      const [alive, silent] = [await hub.connect(), await hub.connect()];
      for (let count = 0; count < 3; count += 1) {
        expect(await alive.ping()).toEqual({});
        alive.sendFrame(PONG);
        await alive.push("channel");
        await hub.rest();
      }
      expect(await silent.closed).toEqual({ code: 3012, reason: "no pong" });
      expect(alive.isClosed).toBe(false);
    },
  );

  test.each([false, true])(
    "BEAT-02: a new session has a whole interval for its first answer (asleep in between: %s)",
    async (isSleepy) => {
      const clock = stopClock();
      const hub = new TestHub({ isSleepy, config: every(100) });
      await hub.connect();
      await hub.pass(clock, 300);
      const late = await hub.connect();
      await hub.pass(clock, 99);
      expect(late.isClosed).toBe(false);
      await hub.pass(clock, 1);
      expect(late.isClosed).toBe(false);
      expect(await late.ping()).toEqual({});
      await hub.pass(clock, 101);
      expect((await late.closed).code).toBe(3012);
    },
  );

  test("BEAT-02: a frame is a sign of life as well", async () => {
    const clock = stopClock();
    const hub = new TestHub({ config: every(100) });
    const client = await hub.connect();
    for (let count = 0; count < 6; count += 1) {
      await hub.pass(clock, 60);
      expect(await client.codeOf("rpc")).toBe(108);
    }
    expect(client.isClosed).toBe(false);
  });

  test("BEAT-03: pings come once in an interval, whether there is traffic or not", async () => {
    const clock = stopClock();
    const hub = new TestHub({ config: every(20, false) });
    const client = await hub.connect();
    for (let count = 0; count < 100; count += 1) {
      await hub.pass(clock, 2);
      client.send({ rpc: {} });
      await hub.sockets();
    }
    // What is answered last comes behind everything that was sent before.
    expect(await client.codeOf("rpc", {})).toBe(108);
    const lines = client.frames.flatMap((frame) => String(frame).split("\n"));
    expect(lines.filter((line) => line === "{}")).toHaveLength(10);
  });

  test("BEAT-03: where no pong is wanted, the reply says so, and a silent client stays", async () => {
    const clock = stopClock();
    const hub = new TestHub({ config: every(20, false) });
    const { client, connect } = await hub.connected();
    expect([connect.ping, connect.pong]).toEqual([20, undefined]);
    await hub.pass(clock, 200);
    expect(client.isClosed).toBe(false);
  });

  test("BEAT-03: who has not connected is not pinged", async () => {
    const clock = stopClock();
    const hub = new TestHub({ config: every(1) });
    const client = await hub.open();
    await hub.pass(clock, 9);
    expect(client.frames).toEqual([]);
  });

  test("BEAT-04: the runtime answers pongs, the hub does not wake for them and writes nothing", async () => {
    const hub = new TestHub({ config: every(3_600) });
    const client = await hub.connect();
    await hub.sleep();
    const size = await hub.inside(({ storage }) => storage.sql.databaseSize);
    const handled = vi.spyOn(Hub.prototype, "webSocketMessage");
    onTestFinished(() => handled.mockRestore());
    for (let count = 0; count < 10; count += 1) client.sendFrame(PONG);
    await until(() => client.frames.filter((frame) => frame === PONG_ANSWER).length === 10);
    expect(handled).not.toHaveBeenCalled();
    expect(await hub.inside(({ storage }) => storage.sql.databaseSize)).toBe(size);
    expect(await hub.tables()).toEqual([]);
  });
});

describe("the alarm", () => {
  test.each([
    ["does not connect", async () => undefined],
    ["is refused", () => sign({ sub: "u", exp: 1 })],
  ])("BEAT-05: a socket that %s is closed with 3502 after ten seconds", async (_, token) => {
    const clock = stopClock();
    const hub = new TestHub({ isSleepy: true });
    const client = await hub.open();
    const given = await token();
    if (given !== undefined) {
      client.send({ connect: { token: given } });
      expect((await client.reply(1)).error?.code).toBe(109);
    }
    await hub.pass(clock, 9);
    expect(client.isClosed).toBe(false);
    await hub.pass(clock, 2);
    expect(await client.closed).toEqual({ code: 3502, reason: "stale" });
  });

  test("BEAT-06: any event of a hub with sessions sees to it that an alarm stands", async () => {
    const hub = new TestHub();
    const client = await hub.connect();
    await hub.inside(({ storage }) => storage.deleteAlarm());
    await hub.sleep();
    expect(await hub.alarm()).toBeNull();
    await client.request("rpc");
    await until(async () => (await hub.alarm()) !== null);
  });

  test("BEAT-06: an alarm that could not be set is set with the next event that needs it", async () => {
    const errors = captureErrors();
    const hub = new TestHub();
    await hub.connect();
    await hub.inside(({ storage }) => {
      vi.spyOn(storage, "setAlarm").mockRejectedValueOnce(new Error("no alarm"));
    });
    await hub.runAlarm();
    expect(await hub.alarm()).toBeNull();
    await hub.connect();
    await until(async () => (await hub.alarm()) !== null);
    expect(errors()).toEqual([expect.objectContaining({ event: "hub.alarm_unset" })]);
  });

  test("BEAT-06: an alarm that fails is set again, and the next one does what it left", async () => {
    const errors = captureErrors();
    const clock = stopClock();
    const hub = new TestHub({ name: `home/keep:failing`, config: every(100, false) });
    const client = await hub.connect();
    await client.subscribe("keep:failing");
    await hub.inside(({ storage }) => void storage.sql.exec("CREATE TABLE sessions (unreadable TEXT)"));
    await hub.sleep();
    const due = (await hub.alarm()) ?? 0;
    clock.advance(due - Date.now());
    await hub.runAlarmOf(due);
    expect(errors()).toEqual([expect.objectContaining({ event: "hub.alarm_failed" })]);
    expect(await hub.alarm()).toBeGreaterThan(Date.now());
    await hub.inside(({ storage }) => void storage.sql.exec("DROP TABLE sessions"));
    await hub.pass(clock, 100);
    expect(await client.ping()).toEqual({});
  });

  test("BEAT-07: a hub that has nobody and keeps nothing has no alarm and no storage", async () => {
    const clock = stopClock();
    const hub = new TestHub({ isSleepy: true });
    const client = await hub.connect();
    await client.subscribe("open:a");
    await client.close(1000, "bye");
    await hub.untilEmpty();
    expect(await hub.pass(clock, 60)).toBe(1);
    expect(await hub.alarm()).toBeNull();
    expect(await hub.inside(({ storage }) => storage.list().then(({ size }) => size))).toBe(0);
  });

  test("BEAT-08: two hubs do not ping at the same moment", async () => {
    const clock = stopClock();
    const phases = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const hub = new TestHub({ config: every(86_400) });
        await hub.connect();
        return hub;
      }),
    );
    clock.advance(11_000);
    const due = new Set<number | null>();
    for (const hub of phases) {
      await hub.runAlarm();
      due.add(await hub.alarm());
    }
    expect(due.size).toBe(8);
  });
});
