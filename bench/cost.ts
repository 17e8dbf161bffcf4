/**
 * Counts what units of work cost, on the bare runtime: `node bench/cost.ts` writes bench/cost-counters.json, from which
 * docs/cost.md is computed. Counts are exact; milliseconds are processor time of this machine.
 */
import { writeFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { settle } from "./clock.ts";
import { type CostClient, openClients } from "./cost/client.ts";
import type { CostCounters, UnitCost } from "./cost/counters.ts";
import { CostGateway, type Counted } from "./cost/gateway.ts";
import { describeMachine } from "./machine.ts";

const MANY = 500;
const PUBLICATIONS = 3_000;
const FANNED_OUT = 400;
const PING_MILLISECONDS = 8_000;
const EDGE = "region=local&n=0";

const gateway = await CostGateway.start();
const hubOf = (channel: string) => `hub=${encodeURIComponent(`home/${channel}`)}`;

async function connecting(): Promise<UnitCost> {
  const channel = "live:connecting";
  const clients: CostClient[] = [];
  const counted = await gateway.count([hubOf(channel)], async () => {
    clients.push(...(await openClients(gateway.address(channel), channel, MANY)));
  });
  await closeAll(clients);
  return per(MANY, counted);
}

/** Pings of a hub with so many sockets. Their pongs are answered by the runtime. */
async function pinging(sockets: number): Promise<UnitCost> {
  const channel = `live:${sockets}:pinged`;
  const clients = await openClients(gateway.address(channel), channel, sockets);
  const counted = await gateway.count([hubOf(channel)], () => wait(PING_MILLISECONDS));
  await closeAll(clients);
  if (counted.alarms === 0) throw new Error("no alarm came");
  return per(counted.alarms, counted);
}

/** Publications, each after the answer to the one before, in a channel with so many subscribers at its home. */
async function publishing(channel: string, subscribers: number, publications: number): Promise<UnitCost> {
  const clients = await openClients(gateway.address(channel), channel, subscribers);
  const counted = await gateway.count([hubOf(channel)], () => publish(clients, channel, publications));
  await closeAll(clients);
  return per(publications, counted);
}

/** The same with publisher and subscriber on an edge hub, which follows the channel's home. */
async function publishingAway(channel: string): Promise<UnitCost> {
  const clients = await openClients(gateway.address(), channel, 1);
  const counted = await gateway.count([hubOf(channel), EDGE], () => publish(clients, channel, PUBLICATIONS));
  await closeAll(clients);
  return per(PUBLICATIONS, counted);
}

async function publish(clients: readonly CostClient[], channel: string, count: number): Promise<void> {
  const [publisher] = clients;
  for (let sent = 0; sent < count; sent += 1) await publisher?.publish(channel);
  await settle(() => clients.every(({ received }) => received === count), "everything has arrived");
}

async function closeAll(clients: readonly CostClient[]): Promise<void> {
  await Promise.all(clients.map((client) => client.close()));
}

/** Counts divided by units, to four places. */
function per(units: number, counted: Counted): UnitCost {
  const each = (value: number) => Math.round((value / units) * 10_000) / 10_000;
  const { frames, rows, alarms, calls, milliseconds } = counted;
  return {
    frames: each(frames),
    rows: each(rows),
    alarms: each(alarms),
    calls: each(calls),
    milliseconds: each(milliseconds),
  };
}

/** What one more of something costs, of two measurements with few and with many. */
function oneMore(few: UnitCost, many: UnitCost, more: number): UnitCost {
  const milliseconds = Math.max(
    0,
    Math.round(((many.milliseconds - few.milliseconds) / more) * 10_000) / 10_000,
  );
  return { frames: 0, rows: 0, alarms: 0, calls: 0, milliseconds };
}

// The first use of everything is slower: the runtime compiles it.
await publishing("kept:warm-up", 2, PUBLICATIONS);
const connect = await connecting();
const ping = await pinging(1);
const pingOfMany = await pinging(MANY);
const publishLive = await publishing("live:one", 1, PUBLICATIONS);
const publishToMany = await publishing("live:many", MANY, FANNED_OUT);
const publishKept = await publishing("kept:one", 1, PUBLICATIONS);
const publishLiveAway = await publishingAway("live:away");
const publishKeptAway = await publishingAway("kept:away");
await gateway.stop();

const counters: CostCounters = {
  measured: await describeMachine(),
  units: {
    connect,
    ping,
    pingOfSocket: oneMore(ping, pingOfMany, MANY - 1),
    publishLive,
    publishKept,
    publishLiveAway,
    publishKeptAway,
    delivery: oneMore(publishLive, publishToMany, MANY - 1),
  },
};
await writeFile(new URL("cost-counters.json", import.meta.url), `${JSON.stringify(counters, null, 2)}\n`);
console.log(counters);
