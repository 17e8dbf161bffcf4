import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import type { CostCounters } from "../../../bench/cost/counters.ts";
import { usageOf } from "../../../scripts/cost.ts";
import { stopClock } from "../../support/clock.ts";
import type { HubClient } from "../../support/hub-client.ts";
import { TestHub } from "../../support/node/test-hub.ts";

const IDLE = 100;
const HOUR = 3_600_000;
const MINUTE = 60_000;

const config = { connection: { allowAnonymous: true, pingInterval: 25 } };

/** What docs/cost.md is computed from, for one hub with idle sockets. */
function documented() {
  const counters = JSON.parse(readFileSync("bench/cost-counters.json", "utf8")) as CostCounters;
  const hubs = [{ hubs: 1, sockets: IDLE, eventsPerHour: 0 }];
  const load = { title: "", story: "", hours: 1, connectsPerHour: 0, hubs, publishing: [] };
  return usageOf(load, counters).least;
}

/** Counts what a hub writes, over its sleeps. */
async function countRows(hub: TestHub): Promise<() => Promise<number>> {
  const changes = () =>
    hub.inside(({ storage }) => {
      const [row] = storage.sql.exec<{ count: number }>("SELECT total_changes() AS count").toArray();
      return row?.count ?? 0;
    });
  const setAlarm = await hub.inside(({ storage }) => vi.spyOn(storage, "setAlarm"));
  const before = await changes();
  return async () => (await changes()) - before + setAlarm.mock.calls.length;
}

/** The hub whose alarm comes first, until some time. */
async function nextOf(hubs: readonly TestHub[], end: number) {
  const set = await Promise.all(hubs.map(async (hub) => ({ hub, due: await hub.alarm() })));
  const due = set.flatMap(({ hub, due }) => (due === null || due > end ? [] : [{ hub, due }]));
  return due.toSorted((one, other) => one.due - other.due)[0];
}

/** Lets time pass: hubs sleep whenever they can, and clients answer pings. Returns of whom the alarms were. */
async function pass(
  clock: { advance(milliseconds: number): void },
  milliseconds: number,
  hubs: readonly TestHub[],
  clients: readonly HubClient[],
): Promise<TestHub[]> {
  const end = Date.now() + milliseconds;
  const alarms: TestHub[] = [];
  for (let next = await nextOf(hubs, end); next !== undefined; next = await nextOf(hubs, end)) {
    clock.advance(Math.max(0, next.due - Date.now()));
    await next.hub.sleep();
    await next.hub.runAlarmOf(next.due);
    // A clock stands still, and a pong counts for the ping before it.
    clock.advance(1);
    for (const client of clients) client.sendFrame("{}");
    alarms.push(next.hub);
  }
  clock.advance(end - Date.now());
  return alarms;
}

test.each([
  { namespace: "open", where: "at the home" },
  { namespace: "keep", where: "at the home" },
  { namespace: "keep", where: "at the edge" },
] as const)(
  "LEDGER-06: 100 idle clients in a channel of $namespace, $where, cost the pings of an hour",
  async ({ namespace, where }) => {
    const clock = stopClock();
    const channel = `${namespace}:${crypto.randomUUID()}`;
    const home = new TestHub({ name: `home/${channel}`, config });
    const hub = where === "at the home" ? home : new TestHub({ config });
    const hubs = [...new Set([home, hub])];
    const clients = await Promise.all(Array.from({ length: IDLE }, () => hub.connect()));
    for (const client of clients) await client.subscribe(channel);
    // What connecting and subscribing have left to do.
    await pass(clock, MINUTE, hubs, clients);
    const rows = await Promise.all(hubs.map(countRows));
    const alarms = await pass(clock, HOUR, hubs, clients);
    const { objectRequests, rowsWritten } = documented();
    // A home without sockets of its own pings nobody.
    expect(alarms.filter((woken) => woken !== hub)).toEqual([]);
    let written = 0;
    for (const count of rows) written += await count();
    expect({ alarms: alarms.length, rows: written }).toEqual({ alarms: objectRequests, rows: rowsWritten });
    expect(await hub.sockets()).toBe(IDLE);
  },
);
