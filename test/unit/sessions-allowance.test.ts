import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Config, resolveConfig } from "../../src/config/config.ts";
import { DEFAULT_CONNECTION } from "../../src/config/connection.ts";
import { Allowance, type Answered } from "../../src/sessions/allowance.ts";

const limits = { commandRate: { perSecond: 2, burst: 4 }, byteRate: { perSecond: 10, burst: 100 } };

/** How many of so many commands are carried out at once. */
const take = (allowance: Allowance, count: number, now: number) =>
  Array.from({ length: count }, () => allowance.takeCommand(now)).filter(Boolean).length;

describe("commands", () => {
  test("ABUSE-01: as many as the burst are carried out, then as many as the rate adds", () => {
    const allowance = new Allowance(limits, 0);
    expect([take(allowance, 3, 0), take(allowance, 3, 0), take(allowance, 3, 1_000)]).toEqual([3, 1, 2]);
  });

  test("ABUSE-02: a client that is refused more often than it may send does not listen", () => {
    const allowance = new Allowance(limits, 0);
    const refusals = [0, 0, 0, 0, 0].map((now) => allowance.takeRefusal(now));
    expect(refusals).toEqual([true, true, true, true, false]);
  });

  test("ABUSE-02: refusals are forgotten with time", () => {
    const allowance = new Allowance(limits, 0);
    for (let count = 0; count < 4; count += 1) allowance.takeRefusal(0);
    expect([2_000, 2_000].map((now) => allowance.takeRefusal(now))).toEqual([true, true]);
  });

  test("ABUSE-01: no span of time lets through more than the burst and what the rate adds", () => {
    const step = fc.record({
      pause: fc.integer({ min: 0, max: 500 }),
      count: fc.integer({ min: 0, max: 20 }),
      length: fc.integer({ min: 0, max: 200_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const allowance = new Allowance(limits, 0);
        let now = 0;
        let carriedOut = 0;
        for (const { pause, count, length } of steps) {
          now += pause;
          carriedOut += take(allowance, count, now);
          allowance.charge({ length }, now);
        }
        return carriedOut <= limits.commandRate.burst + (now / 1_000) * limits.commandRate.perSecond;
      }),
    );
  });
});

describe("answers", () => {
  const burst = 40;
  const left = (answered: Answered) => {
    const allowance = new Allowance({ ...limits, commandRate: { perSecond: 2, burst } }, 0);
    allowance.charge(answered, 0);
    return take(allowance, burst, 0);
  };

  test.each([
    [{ length: 65_535 }, 0],
    [{ length: 65_536 }, 1],
    [{ length: 4_000_000 / 2 }, 30],
    [{ length: 30, members: 99 }, 0],
    [{ length: 30, members: 2_000 }, 20],
    [{ length: 200_000, members: 2_000 }, 23],
  ])("ABUSE-15: an answer of %j costs %i more", (answered, cost) => {
    expect(left(answered)).toBe(burst - cost);
  });

  test("ABUSE-16: what was spent besides is made up for before the next command", () => {
    const allowance = new Allowance(limits, 0);
    allowance.charge({ length: 8 * 65_536 }, 0);
    expect(allowance.isOverdrawn(0)).toBe(true);
    expect(take(allowance, 1, 1_900)).toBe(0);
    expect(allowance.isOverdrawn(2_000)).toBe(false);
    expect(take(allowance, 5, 3_000)).toBe(2);
  });

  test("ABUSE-16: it is no refusal", () => {
    const allowance = new Allowance(limits, 0);
    allowance.charge({ length: 1_000 * 65_536 }, 0);
    expect(allowance.takeRefusal(0)).toBe(true);
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
  test.each([
    ["the 100 subscribes of an SDK in one frame", 100],
    ["a batch of 300 publishes", 300],
  ])("ABUSE-04: %s are carried out", (_, count) => {
    expect(take(new Allowance(DEFAULT_CONNECTION, 0), count, 0)).toBe(count);
  });

  test("ABUSE-04: a pointer that is published 60 times a second is never refused", () => {
    const allowance = new Allowance(DEFAULT_CONNECTION, 0);
    for (let frame = 0; frame < 6_000; frame += 1) {
      expect(take(allowance, 1, (frame * 1_000) / 60)).toBe(1);
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

  test("CONF-01: both rates can be set, as a whole", () => {
    const commandRate = { perSecond: 50, burst: 500 };
    const { connection } = resolveConfig({ connection: { commandRate } }, {});
    expect(connection).toEqual({ ...DEFAULT_CONNECTION, commandRate });
  });

  test.each([
    [{ commandRate: { perSecond: 0, burst: 1 } }, "connection.commandRate.perSecond"],
    [{ commandRate: { perSecond: 1 } }, "connection.commandRate.burst"],
    [{ byteRate: { perSecond: 1, burst: 1.5 } }, "connection.byteRate.burst"],
    [{ byteRate: 7 }, "connection.byteRate"],
  ])("CONF-01: %j is an error that names its key", (connection, key) => {
    expect(errorOf({ connection })).toContain(key);
  });
});
