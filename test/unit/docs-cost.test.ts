import { describe, expect, test } from "vitest";
import type { CostCounters, UnitCost } from "../../bench/cost/counters.ts";
import { beyondFreePlan, bill, listTotal, usageOf, usageOfTicks } from "../../scripts/cost.ts";
import { LOADS, type Load } from "../../scripts/cost-loads.ts";
import { usageOfOverview } from "../../scripts/cost-overview.ts";
import { exposureOfAddress, exposureOfConnection, exposureOfUser } from "../../scripts/exposure.ts";
import { SESSION_LIMITS, WORKER_LIMITS } from "../../src/shared/limits.ts";

const nothing: UnitCost = { frames: 0, rows: 0, alarms: 0, calls: 0, milliseconds: 0 };
const counters: CostCounters = {
  measured: [],
  units: {
    connect: { ...nothing, frames: 1, milliseconds: 1 },
    ping: { ...nothing, rows: 1, alarms: 1, milliseconds: 2 },
    pingOfSocket: { ...nothing, milliseconds: 0.1 },
    publishLive: { ...nothing, frames: 1, milliseconds: 1 },
    publishKept: { ...nothing, frames: 1, rows: 2, milliseconds: 1 },
    publishLiveAway: { ...nothing, frames: 1, calls: 2, milliseconds: 1 },
    publishKeptAway: { ...nothing, frames: 1, calls: 2, rows: 4, milliseconds: 1 },
    delivery: { ...nothing, milliseconds: 0.01 },
  },
};

const quiet: Load = {
  title: "",
  story: "",
  hours: 100,
  connectsPerHour: 0,
  hubs: [{ hubs: 1, sockets: 10, eventsPerHour: 0 }],
  publishing: [],
};

test("OPS-12: an idle hub costs its pings: an alarm and a row each, and little time", () => {
  const { least, most } = usageOf(quiet, counters);
  const pings = 100 * 144;
  expect(least).toMatchObject({ workerRequests: 0, objectRequests: pings, rowsWritten: pings });
  expect(least.gigabyteSeconds).toBeCloseTo(pings * 0.003 * 0.128, 6);
  expect(most.gigabyteSeconds).toBeCloseTo(100 * 3_600 * 0.4 * 0.128, 6);
});

test("OPS-12: an open overview costs a push for each report, at most one a second, and the pings of its hub", () => {
  const few = usageOfOverview({ title: "", hubs: 1, reportSeconds: 25 }, 100, counters);
  const pings = 100 * 144;
  expect(few.least).toMatchObject({ objectRequests: pings + pings + 600 / 20, rowsWritten: pings });
  expect(few.least.gigabyteSeconds).toBeCloseTo(pings * 0.003 * 0.128, 6);
  expect(few.most.gigabyteSeconds).toBeCloseTo(100 * 3_600 * 0.8 * 0.128, 6);
  const many = usageOfOverview({ title: "", hubs: 1_000, reportSeconds: 8 }, 100, counters);
  expect(many.least.objectRequests).toBe(100 * 3_600 + pings + 600 / 20);
  expect(many.most.gigabyteSeconds).toBeCloseTo(100 * 3_600 * 0.128, 6);
});

test("OPS-12: twenty messages are one request, a call is one, an API request is one of the Worker and one of the object", () => {
  const publishing = [
    { unit: "publishLive", perHour: 1_000, receivers: 1 },
    { unit: "publishLiveAway", perHour: 1_000, receivers: 1 },
    { unit: "publishKept", perHour: 1_000, receivers: 1, byApi: true },
  ] as const;
  const { least } = usageOf(
    { ...quiet, hubs: [{ hubs: 1, sockets: 0, eventsPerHour: 3_000 }], publishing },
    counters,
  );
  expect(least.objectRequests).toBe(100 * (2_000 / 20 + 2_000 + 1_000));
  expect(least.workerRequests).toBe(100 * 1_000);
  expect(least.rowsWritten).toBe(100 * 2_000);
});

test("OPS-12: the bill is the fee and what goes beyond what is included", () => {
  const none = {
    workerRequests: 0,
    workerMilliseconds: 0,
    objectRequests: 0,
    gigabyteSeconds: 0,
    rowsWritten: 0,
  };
  expect(bill({ ...none, rowsWritten: 50_000_000 })).toBe(5);
  expect(bill({ ...none, rowsWritten: 51_000_000 })).toBe(6);
  expect(listTotal({ ...none, rowsWritten: 51_000_000 })).toBe(51);
});

test("OPS-12: a free day is compared with a thirtieth of the month", () => {
  const none = {
    workerRequests: 0,
    workerMilliseconds: 0,
    objectRequests: 0,
    gigabyteSeconds: 0,
    rowsWritten: 0,
  };
  expect(beyondFreePlan({ ...none, workerMilliseconds: 1e12, objectRequests: 3_000_000 })).toEqual([]);
  expect(beyondFreePlan({ ...none, objectRequests: 3_000_001, rowsWritten: 3_000_030 })).toEqual([
    "objectRequests",
    "rowsWritten",
  ]);
});

test("OPS-12: a tick is an alarm and a row", () => {
  const month = usageOfTicks(15_000);
  expect(month).toMatchObject({ workerRequests: 0, objectRequests: 172_800, rowsWritten: 172_800 });
  expect(listTotal(month)).toBeCloseTo(0.2, 2);
});

test("OPS-12: no load is busy for longer than it runs", () => {
  for (const load of LOADS) {
    const { least, most } = usageOf(load, counters);
    expect(least.gigabyteSeconds).toBeLessThanOrEqual(most.gigabyteSeconds);
    const hubs = load.hubs.reduce((total, group) => total + group.hubs, 0);
    expect(most.gigabyteSeconds).toBeLessThanOrEqual(hubs * load.hours * 3_600 * 0.128 + 1e-6);
  }
});

describe("what one client can cost in an hour", () => {
  const { commandsPerSecond, commandBurst, newHomes, newHomesPerSecond, userConnections } = SESSION_LIMITS;
  const commands = commandBurst + 3_600 * commandsPerSecond;
  const homes = newHomes + 3_600 * newHomesPerSecond;

  test("OPS-15: a connection publishes at its whole rate, and makes up as many names as it may", () => {
    const { objects, calls, rows } = exposureOfConnection(counters);
    expect({ objects, calls, rows }).toEqual({
      objects: homes,
      calls: 2 * commands + 2 * homes,
      rows: 4 * commands + 5 * homes,
    });
  });

  test("OPS-15: a user is as dear as all of the user's connections", () => {
    expect(exposureOfUser(counters).dollars).toBeCloseTo(
      exposureOfConnection(counters).dollars * userConnections,
    );
  });

  test("OPS-15: an address that only connects makes an object with each connection, which sets an alarm", () => {
    const connections = 60 * WORKER_LIMITS.connectionsPerMinute;
    const { objects, calls, rows } = exposureOfAddress(counters);
    expect([objects, calls, rows]).toEqual([connections, 2 * connections, connections]);
  });
});
