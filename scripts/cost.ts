import type { CostCounters, UnitCost } from "../bench/cost/counters.ts";
import { HUB_LIMITS } from "../src/shared/limits.ts";
import type { HubGroup, Load, Publishing } from "./cost-loads.ts";
import {
  BASE_FEE,
  DAYS_OF_A_MONTH,
  FREE_A_DAY,
  type Item,
  MESSAGES_PER_REQUEST,
  OBJECT_GIGABYTES,
  PRICES,
} from "./prices.ts";

/** Seconds between two pings, by default. */
export const PING_SECONDS = 25;
/** Seconds without an event after which the runtime puts an object to sleep. */
export const SLEEP_SECONDS = 10;
/** Milliseconds until a write is durable: not to be measured on one machine. */
export const COMMIT_MILLISECONDS = 10;
/** Milliseconds of the Worker for a request. */
export const WORKER_MILLISECONDS = 1;

/** Quantities of a month. */
export type Quantities = Readonly<Record<Item, number>>;

/** What a load uses in a month. */
export interface Usage {
  /** Duration as it is billed: while an object does something. */
  readonly least: Quantities;
  /** Duration if an object were billed as long as it is in memory. */
  readonly most: Quantities;
}

/**
 * Adds up what a load uses.
 *
 * @throws Error for a load that its hubs cannot carry: one with too many sockets on a hub, or with too much to do.
 */
export function usageOf(load: Load, counters: CostCounters): Usage {
  const [reason] = whyTooMuch(load, counters);
  if (reason !== undefined) throw new Error(`"${load.title}" does not fit: ${reason}`);
  const { connect, ping } = counters.units;
  const connects = load.connectsPerHour * load.hours;
  const pings = sum(load.hubs, (group) => pingsOf(group, load.hours));
  const works = load.publishing.map((publishing) => worksOf(publishing, load.hours, counters.units));
  const apiRequests = sum(works, ({ apiRequests }) => apiRequests);
  const busySeconds = busySecondsOf(load, counters);
  const inMemorySeconds = sum(load.hubs, (group) => inMemory(group, load.hours));
  const workerRequests = connects + apiRequests;
  const quantities = {
    workerRequests,
    workerMilliseconds: workerRequests * WORKER_MILLISECONDS,
    objectRequests:
      connects +
      (sum(works, ({ frames }) => frames) + connects * connect.frames) / MESSAGES_PER_REQUEST +
      sum(works, ({ calls, alarms }) => calls + alarms) +
      pings * ping.alarms,
    rowsWritten: sum(works, ({ rows }) => rows) + connects * connect.rows + pings * ping.rows,
  };
  return {
    least: { ...quantities, gigabyteSeconds: Math.min(busySeconds, inMemorySeconds) * OBJECT_GIGABYTES },
    most: { ...quantities, gigabyteSeconds: inMemorySeconds * OBJECT_GIGABYTES },
  };
}

/** Seconds in which the hubs of a load do something, all of them together. */
function busySecondsOf(load: Load, { units }: CostCounters): number {
  const { connect, ping, pingOfSocket } = units;
  const publishing = sum(load.publishing, (each) => worksOf(each, load.hours, units).milliseconds);
  const connecting = load.connectsPerHour * load.hours * connect.milliseconds;
  const pinging = sum(
    load.hubs,
    (group) => pingsOf(group, load.hours) * (ping.milliseconds + group.sockets * pingOfSocket.milliseconds),
  );
  return (publishing + connecting + pinging) / 1_000;
}

function pingsOf({ hubs, sockets }: HubGroup, hours: number): number {
  return sockets > 0 ? (hubs * hours * 3_600) / PING_SECONDS : 0;
}

/** The share of its time for which a hub with sockets is busy, if they share all the work. At 1 they have no time left. */
export function busyShare(load: Load, counters: CostCounters): number {
  const holding = load.hubs.filter(({ sockets }) => sockets > 0);
  const hubs = sum(holding.length > 0 ? holding : load.hubs, (group) => group.hubs);
  return busySecondsOf(load, counters) / (hubs * load.hours * 3_600);
}

/** Why its hubs cannot carry a load; nothing where they can. */
export function whyTooMuch(load: Load, counters: CostCounters): string[] {
  const reasons = load.hubs
    .filter(({ sockets }) => sockets > HUB_LIMITS.sockets)
    .map(({ sockets }) => `a hub takes ${HUB_LIMITS.sockets} sockets, not ${sockets}: use more hubs`);
  const share = busyShare(load, counters);
  if (share > 1)
    reasons.push(`its hubs would be busy for ${Math.round(share * 100)} % of the time: use more hubs`);
  return reasons;
}

/** Dollars for one item, with nothing included. */
export function listPrice(item: Item, quantity: number): number {
  return (quantity / 1_000_000) * PRICES[item].perMillion;
}

/** Dollars for everything, with nothing included. */
export function listTotal(quantities: Quantities): number {
  return sum(Object.keys(PRICES) as Item[], (item) => listPrice(item, quantities[item]));
}

/** Dollars of a month's bill for an account that runs nothing else. */
export function bill(quantities: Quantities): number {
  const beyond = (item: Item) => Math.max(0, quantities[item] - PRICES[item].included);
  return BASE_FEE + sum(Object.keys(PRICES) as Item[], (item) => listPrice(item, beyond(item)));
}

/** What exceeds the free plan in a month whose days are all alike. */
export function beyondFreePlan(quantities: Quantities): Item[] {
  return (Object.keys(PRICES) as Item[]).filter(
    (item) => quantities[item] / DAYS_OF_A_MONTH > FREE_A_DAY[item],
  );
}

/** What a room uses that is occupied and ticks all month: an alarm for each tick, and the row that sets it. */
export function usageOfTicks(tickInterval: number): Quantities {
  const ticks = (DAYS_OF_A_MONTH * 86_400_000) / tickInterval;
  return {
    workerRequests: 0,
    workerMilliseconds: 0,
    objectRequests: ticks,
    gigabyteSeconds: ((ticks * COMMIT_MILLISECONDS) / 1_000) * OBJECT_GIGABYTES,
    rowsWritten: ticks,
  };
}

interface Work {
  readonly apiRequests: number;
  readonly frames: number;
  readonly calls: number;
  readonly alarms: number;
  readonly rows: number;
  readonly milliseconds: number;
}

function worksOf(
  { unit, perHour, receivers, byApi = false, moreFollowers = 0, settlingHomes = 0 }: Publishing,
  hours: number,
  units: CostCounters["units"],
): Work {
  const count = perHour * hours;
  const { frames, calls, rows, milliseconds }: UnitCost = units[unit];
  // For a publisher away from the home, the call of the API replaces the call of the publisher's hub.
  const callsOfApi = byApi && !unit.endsWith("Away") ? 1 : 0;
  const commit = rows > 0 ? COMMIT_MILLISECONDS : 0;
  // An alarm after a burst, and the row that sets it; the measurement is one long burst.
  const settling = Math.min(count, (settlingHomes * hours * 3_600 * 1_000) / HUB_LIMITS.settleDelay);
  return {
    apiRequests: byApi ? count : 0,
    frames: byApi ? 0 : count * frames,
    calls: count * (calls + callsOfApi + moreFollowers),
    alarms: settling,
    rows: count * rows + settling,
    milliseconds: count * (milliseconds + commit + receivers * units.delivery.milliseconds),
  };
}

/** Seconds in which hubs are in memory: until they fall asleep without events, or all the time. */
function inMemory({ hubs, sockets, eventsPerHour }: HubGroup, hours: number): number {
  const pingsPerHour = sockets > 0 ? 3_600 / PING_SECONDS : 0;
  const awake = Math.min(1, ((eventsPerHour + pingsPerHour) * SLEEP_SECONDS) / 3_600);
  return hubs * hours * 3_600 * awake;
}

function sum<Entry>(entries: readonly Entry[], measure: (entry: Entry) => number): number {
  return entries.reduce((total, entry) => total + measure(entry), 0);
}

/** What a frame takes of the Worker where the client is on a stream over HTTP; bench/scenarios/streams.ts measures it. */
export const STREAM_FRAME_MILLISECONDS = 0.08;
/** What opening a stream takes of it. */
const STREAM_MILLISECONDS = 3;

/** A month of so many streams over HTTP on which nothing comes but pings, each opened anew once a day. */
export function usageOfIdleStreams(streams: number): Quantities {
  const opened = streams * DAYS_OF_A_MONTH;
  const pings = (streams * DAYS_OF_A_MONTH * 86_400) / PING_SECONDS;
  return {
    workerRequests: opened,
    workerMilliseconds: pings * STREAM_FRAME_MILLISECONDS + opened * STREAM_MILLISECONDS,
    objectRequests: opened,
    gigabyteSeconds: 0,
    rowsWritten: 0,
  };
}

/** Commands that clients post. */
export function usageOfPosts(posts: number): Quantities {
  return {
    workerRequests: posts,
    workerMilliseconds: posts * WORKER_MILLISECONDS,
    objectRequests: posts,
    gigabyteSeconds: 0,
    rowsWritten: 0,
  };
}
