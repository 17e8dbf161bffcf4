import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Allowance } from "../../src/channels/allowance.ts";
import { type Config, resolveConfig } from "../../src/channels/config.ts";
import { DEFAULT_CONNECTION } from "../../src/channels/connection-config.ts";

const limits = { commandRate: { perSecond: 2, burst: 4 }, byteRate: { perSecond: 10, burst: 100 } };

describe("commands", () => {
  test("ABUSE-01: as many as the burst are carried out, then as many as the rate adds", () => {
    const allowance = new Allowance(limits, 0);
    expect(allowance.takeCommands(3, 0)).toEqual({ carriedOut: 3, isOver: false });
    expect(allowance.takeCommands(3, 0)).toEqual({ carriedOut: 1, isOver: false });
    expect(allowance.takeCommands(3, 1_000)).toEqual({ carriedOut: 2, isOver: false });
  });

  test("ABUSE-02: a client that is refused more often than it may send does not listen", () => {
    const allowance = new Allowance(limits, 0);
    expect(allowance.takeCommands(8, 0)).toEqual({ carriedOut: 4, isOver: false });
    expect(allowance.takeCommands(1, 0)).toEqual({ carriedOut: 0, isOver: true });
  });

  test("ABUSE-02: refusals are forgotten with time", () => {
    const allowance = new Allowance(limits, 0);
    allowance.takeCommands(8, 0);
    expect(allowance.takeCommands(6, 2_000)).toEqual({ carriedOut: 4, isOver: false });
  });

  test("ABUSE-01: no span of time lets through more than the burst and what the rate adds", () => {
    const step = fc.record({
      pause: fc.integer({ min: 0, max: 500 }),
      count: fc.integer({ min: 0, max: 20 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const allowance = new Allowance(limits, 0);
        let now = 0;
        let carriedOut = 0;
        for (const { pause, count } of steps) {
          now += pause;
          carriedOut += allowance.takeCommands(count, now).carriedOut;
        }
        return carriedOut <= limits.commandRate.burst + (now / 1_000) * limits.commandRate.perSecond;
      }),
    );
  });
});

describe("bytes", () => {
  test("ABUSE-03: a frame is read when all of its bytes are within the rate", () => {
    const allowance = new Allowance(limits, 0);
    expect([60, 60, 40].map((bytes) => allowance.takeFrame(bytes, 0))).toEqual([true, false, false]);
    expect(allowance.takeFrame(10, 1_000)).toBe(true);
  });
});

describe("by default", () => {
  const allowance = () => new Allowance(DEFAULT_CONNECTION, 0);

  test.each([
    ["the 100 subscribes of an SDK in one frame", 100],
    ["a batch of 300 publishes", 300],
  ])("ABUSE-04: %s are carried out", (_, count) => {
    expect(allowance().takeCommands(count, 0)).toEqual({ carriedOut: count, isOver: false });
  });

  test("ABUSE-04: a publisher of 5,000 messages a second is never refused", () => {
    const one = allowance();
    for (let now = 0; now < 10_000; now += 1) {
      expect(one.takeCommands(5, now).carriedOut).toBe(5);
      expect(one.takeFrame(5 * 1_000, now)).toBe(true);
    }
  });
});

describe("the configuration", () => {
  const errorOf = (config: unknown) => {
    try {
      resolveConfig(config as Config, {});
      return undefined;
    } catch (error) {
      return String(error);
    }
  };

  test("ABUSE-05: both rates can be set, as a whole", () => {
    const commandRate = { perSecond: 50, burst: 500 };
    const { connection } = resolveConfig({ connection: { commandRate } }, {});
    expect(connection).toEqual({ ...DEFAULT_CONNECTION, commandRate });
  });

  test.each([
    [{ commandRate: { perSecond: 0, burst: 1 } }, "connection.commandRate.perSecond"],
    [{ commandRate: { perSecond: 1 } }, "connection.commandRate.burst"],
    [{ byteRate: { perSecond: 1, burst: 1.5 } }, "connection.byteRate.burst"],
    [{ byteRate: 7 }, "connection.byteRate"],
  ])("ABUSE-05: %j is an error that names its key", (connection, key) => {
    expect(errorOf({ connection })).toContain(key);
  });
});
