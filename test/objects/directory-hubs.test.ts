import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { DIRECTORY_NAME, type Page, type Report } from "../../src/metrics/report.ts";
import { REPORT_LIMITS } from "../../src/shared/limits.ts";
import { stopClock } from "../support/clock.ts";
import { captureErrors } from "../support/log.ts";
import { enableDirectory, lookedUp, readMetrics } from "./observed.ts";
import { TestHub } from "./test-hub.ts";

const config: Config = { operations: { directory: true } };
const directory = () => env.DIRECTORY.getByName(DIRECTORY_NAME);
const channelsLike = async (pattern: string) => (await lookedUp()?.channels(pattern))?.channels;
const nodeOf = async (hub: TestHub) => (await lookedUp()?.info())?.nodes.find(({ uid }) => uid === hub.name);
const fresh = () => `open:${crypto.randomUUID()}`;

describe("without a directory", () => {
  test("OPS-04: hubs report nothing, set no alarm for it, and nothing can be listed", async () => {
    const hub = new TestHub({ name: `home/${fresh()}` });
    await hub.connect();
    const due = (await hub.alarm()) ?? 0;
    await hub.runAlarm();
    expect(due - Date.now()).toBeLessThanOrEqual(25_000);
    expect(await directory().hubs({})).toEqual([]);
    expect(lookedUp()).toBeUndefined();
  });
});

test("OPS-14: an answer lists 100,000 channels or 10,000 hubs, and no more", async () => {
  enableDirectory();
  const page = (after: string | undefined, length: number, last: number) => {
    const first = after === undefined ? 0 : Number(after) + 1;
    return Array.from({ length: Math.min(length, last - first) }, (_, index) => String(first + index));
  };
  const large = {
    channels: async (_: string, { after }: Page) => page(after, 10_000, 110_000).map((name) => [name, 1]),
    hubs: async ({ after }: Page) =>
      page(after, 1_000, 11_000).map((hub) => ({ hub, wokeAt: Date.now(), gauges: {} })),
  };
  const bindings = { ...env, DIRECTORY: { getByName: () => large } as never };
  expect(Object.keys((await lookedUp(bindings)?.channels(""))?.channels ?? {})).toHaveLength(100_000);
  expect((await lookedUp(bindings)?.info())?.nodes).toHaveLength(10_000);
});

describe("what hubs report", () => {
  test("OPS-05: the first event brings the alarm forward, so that the hub reports before it may sleep", async () => {
    const clock = stopClock();
    const hub = new TestHub({ config });
    const client = await hub.connect();
    const due = await hub.alarm();
    expect(due).toBeLessThanOrEqual(Date.now() + REPORT_LIMITS.delay);
    clock.advance(1_000);
    await client.subscribe(fresh());
    expect(await hub.alarm()).toBe(due);
  });

  test("OPS-05: channels and hubs are listed once the alarm has come, and not before", async () => {
    enableDirectory();
    const hub = new TestHub({ config });
    const channel = fresh();
    const client = await hub.connect();
    await client.subscribe(channel);
    expect(await channelsLike(channel)).toEqual({});
    await hub.runAlarm();
    expect(await channelsLike(channel)).toEqual({ [channel]: { num_clients: 1 } });
    expect(await nodeOf(hub)).toEqual({
      ...{ uid: hub.name, name: hub.name, version: expect.any(String), uptime: expect.any(Number) },
      ...{ num_clients: 1, num_users: 1, num_channels: 1, num_subs: 1 },
    });
  });

  test("OPS-06: subscriptions of one channel on several hubs add up, and a pattern tells channels apart", async () => {
    enableDirectory();
    const key = crypto.randomUUID();
    const hubs = [new TestHub({ config }), new TestHub({ config })];
    for (const hub of hubs) {
      const client = await hub.connect();
      await client.subscribe(`open:${key}/a`);
      await client.subscribe(`open:${key}/b${hub.name.slice(-3)}`);
      await hub.runAlarm();
    }
    expect(await channelsLike(`*${key}/a`)).toEqual({ [`open:${key}/a`]: { num_clients: 2 } });
    expect(Object.keys((await channelsLike(`open:${key}/?*`)) ?? {})).toHaveLength(3);
  });

  test("OPS-05: a report goes instead of the one before", async () => {
    enableDirectory();
    const hub = new TestHub({ config });
    const channel = fresh();
    const client = await hub.connect();
    await client.subscribe(channel);
    await hub.runAlarm();
    await client.ask("unsubscribe", { channel });
    await hub.runAlarm();
    expect(await channelsLike(channel)).toEqual({});
    expect(await nodeOf(hub)).toMatchObject({ num_clients: 1, num_subs: 0 });
  });

  test("OPS-05: a hub that does not report any more is not listed after three pings", async () => {
    const clock = stopClock();
    enableDirectory();
    const hub = new TestHub({ config: { ...config, connection: { pingInterval: 25 } } });
    const channel = fresh();
    await (await hub.connect()).subscribe(channel);
    await hub.runAlarm();
    clock.advance(74_999);
    expect(await nodeOf(hub)).toBeDefined();
    clock.advance(1);
    expect([await nodeOf(hub), await channelsLike(channel)]).toEqual([undefined, {}]);
  });

  test("OPS-05: a hub that everybody has left is not listed after its next report", async () => {
    enableDirectory();
    const hub = new TestHub({ config });
    const client = await hub.connect();
    await client.subscribe(fresh());
    await hub.runAlarm();
    await client.close(1000);
    await hub.untilEmpty();
    await hub.runAlarm();
    expect(await nodeOf(hub)).toBeUndefined();
  });

  test("OPS-04: the sums of all hubs are told without asking a hub", async () => {
    enableDirectory();
    const before = await readMetrics();
    const hub = new TestHub({ config });
    await (await hub.connect()).publish(fresh(), 1);
    await hub.runAlarm();
    await hub.sleep();
    const after = await readMetrics();
    const change = (series: string) => (after.get(series) ?? 0) - (before.get(series) ?? 0);
    expect(change("centrifugo_node_num_nodes")).toBe(1);
    expect(change('poorwill_hub_commands{method="publish"}')).toBe(1);
    await hub.inside(() => undefined);
    const wakes = await readMetrics();
    expect(wakes.get("poorwill_hub_wakes")).toBe(after.get("poorwill_hub_wakes"));
  });

  test("OPS-07: counters of one hub go on over its sleep, and no report counts twice", async () => {
    enableDirectory();
    const channel = fresh();
    const hub = new TestHub({ name: `home/${channel}`, config });
    const client = await hub.connect();
    const read = () => readMetrics(`?hub=${encodeURIComponent(hub.name)}`);
    await client.publish(channel, 1);
    await hub.runAlarm();
    await hub.runAlarm();
    await hub.sleep();
    await client.publish(channel, 2);
    const metrics = await read();
    expect(metrics.get('poorwill_hub_commands{method="publish"}')).toBe(2);
    expect(metrics.get("poorwill_hub_wakes")).toBe(2);
    await hub.runAlarm();
    expect((await read()).get('poorwill_hub_commands{method="publish"}')).toBe(2);
  });

  test("OPS-05: a directory that does not answer harms nobody", async () => {
    const errors = captureErrors();
    const hub = new TestHub({
      config,
      env: { DIRECTORY: { getByName: () => ({ report: () => Promise.reject(new Error("gone")) }) } as never },
    });
    const client = await hub.connect();
    await hub.runAlarm();
    expect(errors()).toMatchObject([{ event: "hub.report_failed", hub: hub.name, message: "gone" }]);
    await client.publish(fresh(), 1);
    expect(await hub.alarm()).not.toBeNull();
  });
});

test("LEDGER-04: a report says where the hub is, and whether it takes newcomers", async () => {
  const reports: Report[] = [];
  const report = async (told: Report) => void reports.push(told);
  const env = { DIRECTORY: { getByName: () => ({ report }) } as never };
  const reported = async (name: string, namespaces: Config = {}) => {
    const hub = new TestHub({ name, config: { ...config, ...namespaces }, env });
    await hub.connect();
    await hub.runAlarm();
    return reports.at(-1);
  };
  const channel = `there:${crypto.randomUUID()}`;
  const there: Config = { namespaces: [{ name: "there", home_region: "oc" }] };
  const takesNewcomers = { isFull: false, isLate: false };
  expect(await reported(`edge/weur/${crypto.randomUUID()}`)).toMatchObject({
    ...takesNewcomers,
    region: "weur",
  });
  expect(await reported(`home/${channel}`, there)).toMatchObject({ ...takesNewcomers, region: "oc" });
  expect(await reported(`home/${fresh()}`)).not.toHaveProperty("region");
});

test("OPS-04: a hub that reports and holds nothing any more gives its storage back", async () => {
  const hub = new TestHub({ config });
  await (await hub.connect()).close(1000);
  await hub.untilEmpty();
  await hub.runAlarm();
  expect([await hub.tables(), await hub.alarm()]).toEqual([[], null]);
});
