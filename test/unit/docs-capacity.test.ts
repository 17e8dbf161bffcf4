import { describe, expect, test } from "vitest";
import type { UnitCost } from "../../bench/cost/counters.ts";
import { growth } from "../../bench/soak/memory.ts";
import { MOST_HEAP_GROWTH } from "../../bench/soak/results.ts";
import { AUDIENCES, dollarsOf, eventOf, REGIONS_OF_A_CONTINENT, spread } from "../../scripts/capacity.ts";
import { busyShare, listTotal, usageOf } from "../../scripts/cost.ts";
import { LOADS, type Load } from "../../scripts/cost-loads.ts";
import { capacityPage, readCapacity, readSoak } from "../../scripts/docs/capacity-page.ts";
import { costPage, readCounters } from "../../scripts/docs/cost-page.ts";
import { limitsPage } from "../../scripts/docs/limits-page.ts";
import { formatNumber } from "../../scripts/docs/table.ts";
import { regionOf } from "../../src/channels/placement.ts";
import { HUB_LIMITS } from "../../src/shared/limits.ts";

const MB = 1_000_000;
/** What an isolate holds that holds no sessions. */
const EMPTY_HEAP = 4 * MB;
const results = readCapacity();
const counters = readCounters();

describe("docs/capacity.md and the limits", () => {
  test("CAP-02: no hub holds more than it takes, and no region has more hubs than it may", () => {
    for (const listeners of AUDIENCES) {
      const { hubs, hubsOfRegion, listenersOfHub, fits } = spread(listeners, results);
      expect(hubs * listenersOfHub).toBeGreaterThanOrEqual(listeners);
      expect(listenersOfHub).toBeLessThanOrEqual(HUB_LIMITS.sockets);
      expect(fits).toBe(hubsOfRegion <= HUB_LIMITS.edgeHubs);
    }
    expect(spread(100_000_000, results).fits).toBe(false);
  });

  test("CAP-02: each continent of the table has as many regions as placement gives it", () => {
    for (const continent of ["NA", "EU", "AS"]) {
      const regions = ["-170", "-80", "0", "20", "50", "100"].map((longitude) =>
        regionOf({ continent, longitude }),
      );
      expect(new Set(regions).size).toBe(REGIONS_OF_A_CONTINENT);
    }
  });

  test("CAP-02: what a full hub does was measured, and stands in docs/limits.md and docs/capacity.md alike", () => {
    const full = results.hubs.find(({ subscribers }) => subscribers === HUB_LIMITS.sockets);
    expect(limitsPage()).toContain(
      `${formatNumber(Math.round(full?.last ?? 0))} ms with ${formatNumber(HUB_LIMITS.sockets)}`,
    );
    expect(capacityPage()).toContain(`A hub takes ${formatNumber(HUB_LIMITS.sockets)} connections`);
  });

  test("CAP-04: a hub estimates no less than it holds, and has room to wake with as much as it admits", () => {
    for (const { estimated, rest, peak, sessions } of results.wakes) {
      expect(rest - EMPTY_HEAP).toBeLessThan(estimated);
      expect(peak).toBeLessThan(128 * MB);
      expect(sessions).toBeLessThanOrEqual(HUB_LIMITS.sockets);
      if (sessions < HUB_LIMITS.sockets) expect(estimated).toBeGreaterThan(HUB_LIMITS.newcomerMemory);
    }
  });
});

describe("docs/capacity.md and docs/cost.md", () => {
  test("CAP-02: an audience costs what docs/cost.md would say of it", () => {
    for (const listeners of AUDIENCES) {
      const audience = spread(listeners, results);
      expect(dollarsOf(audience, counters).least).toBe(listTotal(usageOf(eventOf(audience), counters).least));
    }
  });

  test("CAP-03: every load of docs/cost.md fits, and it says how busy its hubs are", () => {
    for (const load of LOADS) expect(busyShare(load, counters)).toBeLessThanOrEqual(1);
    expect(costPage().match(/are busy for .* % of the time/g)).toHaveLength(LOADS.length);
  });
});

describe("a load that does not fit", () => {
  const nothing: UnitCost = { frames: 0, rows: 0, alarms: 0, calls: 0, milliseconds: 0 };
  const units = {
    connect: nothing,
    ping: nothing,
    pingOfSocket: nothing,
    publishLive: { ...nothing, frames: 1, milliseconds: 1 },
    publishKept: nothing,
    publishLiveAway: nothing,
    publishKeptAway: nothing,
    delivery: { ...nothing, milliseconds: 0.01 },
  };
  const load = (sockets: number, perSecond: number): Load => ({
    title: "much",
    story: "",
    hours: 1,
    connectsPerHour: 0,
    hubs: [
      { hubs: 1, sockets, eventsPerHour: 0 },
      { hubs: 100, sockets: 0, eventsPerHour: 0 },
    ],
    publishing: [{ unit: "publishLive", perHour: perSecond * 3_600, receivers: 100 }],
  });
  const costs = (which: Load) => usageOf(which, { measured: [], units });

  test("CAP-03: more than the whole time of the hubs that hold the connections is an error that says how much", () => {
    expect(() => costs(load(100, 1_850))).toThrow("would be busy for 370 % of the time");
    expect(() => costs(load(100, 500))).not.toThrow();
  });

  test("CAP-03: more sockets than a hub takes are an error", () => {
    expect(() => costs(load(HUB_LIMITS.sockets + 1, 1))).toThrow(`a hub takes ${HUB_LIMITS.sockets} sockets`);
    expect(() => costs(load(HUB_LIMITS.sockets, 1))).not.toThrow();
  });
});

describe("the soak", () => {
  test("CAP-05: what was held lost nothing, repeated nothing, and did not grow", () => {
    const { lost, repeated, deliveries, publications, sockets, hubs, socketsPerHub, heapGrowth } = readSoak();
    expect({ lost, repeated }).toEqual({ lost: 0, repeated: 0 });
    expect(deliveries).toBe(publications * (sockets + hubs * socketsPerHub));
    expect(heapGrowth).toBeLessThanOrEqual(MOST_HEAP_GROWTH);
  });

  test("CAP-05: growth is the slope over all samples, whatever single ones say", () => {
    const samples = [0, 1, 2, 3].map((minute) => ({
      at: minute * 60_000,
      heap: 100 + 7 * minute,
      resident: 5,
    }));
    expect(growth(samples, "heap")).toBeCloseTo(7);
    expect(growth(samples, "resident")).toBeCloseTo(0);
  });
});
