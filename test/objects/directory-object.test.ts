import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { OperationsConfig } from "../../src/config/operations.ts";
import { directoryOf } from "../../src/deployment/directory.ts";
import type { Env } from "../../src/deployment/env.ts";
import { type ChannelCount, DIRECTORY_NAME } from "../../src/metrics/report.ts";
import { REPORT_LIMITS } from "../../src/shared/limits.ts";
import { stopClock } from "../support/clock.ts";
import { reportOf } from "../support/reports.ts";

const fresh = () => env.DIRECTORY.getByName(crypto.randomUUID());

const NO_GAUGES = {
  centrifugo_node_num_nodes: 0,
  centrifugo_node_num_clients: 0,
  centrifugo_node_num_users: 0,
  centrifugo_node_num_subscriptions: 0,
  centrifugo_node_num_channels: 0,
  centrifugo_client_connections_inflight: 0,
  poorwill_hub_flush_lag_milliseconds: 0,
  poorwill_hub_memory_bytes: 0,
};

test("OPS-07: a repeated report counts once, and a new life of the hub adds to the earlier ones", async () => {
  const directory = fresh();
  await directory.report(reportOf("a", { counters: { x: 1 } }));
  await directory.report(reportOf("a", { counters: { x: 3 } }));
  await directory.report(reportOf("a", { counters: { x: 3 } }));
  await directory.report(reportOf("a", { incarnation: "two", counters: { x: 10 } }));
  await directory.report(reportOf("b", { counters: { x: 100 } }));
  expect(await directory.samples()).toMatchObject({ x: 113 });
  expect(await directory.countersBefore("a", "two")).toEqual({ x: 3 });
  expect(await directory.countersBefore("a", "three")).toEqual({ x: 13 });
  expect(await directory.countersBefore("nobody", "one")).toEqual({});
});

test("OPS-05: an expired hub is not listed, and what it counted stays in the sums after the sweep", async () => {
  const clock = stopClock();
  const directory = fresh();
  const channels: ChannelCount[] = [["c", 1]];
  await directory.report(reportOf("a", { counters: { x: 1 }, gauges: { y: 7 }, channels }));
  expect(await directory.samples()).toEqual({ ...NO_GAUGES, centrifugo_node_num_nodes: 1, x: 1, y: 7 });
  clock.advance(60_000);
  expect(await directory.hubs({})).toEqual([]);
  expect(await directory.channels("", {})).toEqual([]);
  expect(await directory.samples()).toEqual({ ...NO_GAUGES, x: 1 });
  clock.advance(REPORT_LIMITS.sweepInterval);
  expect(await runDurableObjectAlarm(directory)).toBe(true);
  expect(await directory.samples()).toEqual({ ...NO_GAUGES, x: 1 });
  expect(await runDurableObjectAlarm(directory)).toBe(false);
  await directory.report(reportOf("a", { incarnation: "two", counters: { x: 1 } }));
  expect(await directory.samples()).toEqual({ ...NO_GAUGES, centrifugo_node_num_nodes: 1, x: 2 });
});

test("OPS-07: a hub without sockets, which expires with each report, is counted once however many sweeps its waking life sees", async () => {
  const clock = stopClock();
  const directory = fresh();
  for (let hour = 1; hour <= 3; hour += 1) {
    await directory.report(reportOf("home/busy", { counters: { x: hour }, expiresAt: Date.now() }));
    clock.advance(8_000);
    await runDurableObjectAlarm(directory);
    clock.advance(REPORT_LIMITS.sweepInterval - 8_000);
  }
  expect(await directory.samples()).toMatchObject({ x: 3 });
});

test("OPS-04: where no hub lives, every gauge of the sums is 0", async () => {
  expect(await fresh().samples()).toEqual(NO_GAUGES);
});

test("OPS-05: reports are kept when the directory is evicted", async () => {
  const directory = fresh();
  await directory.report(reportOf("a", { channels: [["c", 2]] }));
  await evictDurableObject(directory);
  expect(await directory.channels("", {})).toEqual([["c", 2]]);
});

describe("pages", () => {
  test("OPS-06: channels come in the order of names, page after page", async () => {
    const directory = fresh();
    const names = Array.from({ length: 25 }, (_, index) => `c${String(index).padStart(2, "0")}`);
    const count = (name: string): ChannelCount => [name, 1];
    await directory.report(reportOf("a", { channels: names.slice(0, 15).toReversed().map(count) }));
    await directory.report(reportOf("b", { channels: names.slice(10).map(count) }));
    const listed: ChannelCount[] = [];
    for (let after = ""; ; after = listed.at(-1)?.[0] ?? "") {
      const page = await directory.channels("c*", { after, limit: 10 });
      listed.push(...(page as ChannelCount[]));
      if (page.length < 10) break;
    }
    expect(listed.map(([name]) => name)).toEqual(names);
    expect(listed.slice(10, 15).map(([, clients]) => clients)).toEqual([2, 2, 2, 2, 2]);
  });

  test("OPS-06: hubs too", async () => {
    const directory = fresh();
    for (const hub of ["c", "a", "b"]) await directory.report(reportOf(hub));
    expect((await directory.hubs({ limit: 2 })).map(({ hub }) => hub)).toEqual(["a", "b"]);
    expect((await directory.hubs({ after: "b" })).map(({ hub }) => hub)).toEqual(["c"]);
  });

  test("OPS-06: more channels than fit into a row, and then fewer", async () => {
    const directory = fresh();
    const long = Array.from({ length: 9_000 }, (_, index): ChannelCount => [`${index}-`.padEnd(250, "x"), 1]);
    await directory.report(reportOf("a", { channels: long }));
    expect(await directory.channels("", {})).toHaveLength(9_000);
    await directory.report(reportOf("a", { channels: long.slice(0, 10) }));
    expect(await directory.channels("", {})).toHaveLength(10);
    await directory.report(reportOf("a", { channels: [] }));
    expect(await directory.channels("", {})).toEqual([]);
    expect(long.length * 250).toBeGreaterThan(REPORT_LIMITS.rowLength * 3);
  });
});

test("OPS-05: a hub that outlives a reset of the directory reports on", async () => {
  const directory = directoryOf(env as unknown as Env, { directory: true } as OperationsConfig);
  await directory?.report(reportOf("long-lived", { counters: { x: 1 } }));
  await runInDurableObject(env.DIRECTORY.getByName(DIRECTORY_NAME), (_, state) => state.abort()).catch(
    () => {},
  );
  await directory?.report(reportOf("long-lived", { counters: { x: 2 } })).catch(() => {});
  await directory?.report(reportOf("long-lived", { counters: { x: 3 } }));
  expect(await directory?.countersBefore("long-lived", "two")).toEqual({ x: 3 });
});

test("OPS-05: a report of an unknown version is refused", async () => {
  await runInDurableObject(fresh(), (directory) =>
    expect(directory.report(reportOf("a", { version: 99 }))).rejects.toThrow("version 99"),
  );
});
