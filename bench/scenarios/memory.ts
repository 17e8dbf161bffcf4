import { setTimeout as wait } from "node:timers/promises";
import { closeSockets, openSockets } from "../load.ts";
import type { Sample, Scenario } from "../scenario.ts";
import { type RunningTarget, startTargets, stopTargets, TARGETS } from "../targets.ts";
import { residentBytes } from "../usage.ts";

const CONNECTIONS = 2_000;
const KiB = 1024;
/** Time for a server to come to rest after its last connection. */
const SETTLE_MS = 3_000;
/** An object without events falls asleep after 10 s. */
const SLEEP_MS = 10_000;

/** What a connection costs that does nothing: in servers of its own, because a process seldom gives memory back. */
export const memory: Scenario = {
  title: `Memory per idle connection, ${CONNECTIONS.toLocaleString("en")} in one room`,
  metrics: [
    { name: "KiB awake", digits: 1 },
    { name: "KiB asleep", digits: 1 },
  ],
  goals: [
    { metric: "KiB awake", against: "bare object", atMost: 1.15 },
    { metric: "KiB asleep", against: "bare object", atMost: 1.15 },
  ],
  maxRounds: 3,
  run: async () => {
    const targets = await startTargets(TARGETS);
    const samples = await Promise.all(targets.map(sample));
    await stopTargets(targets);
    return new Map(targets.map(({ name }, index) => [name, samples[index] ?? []]));
  },
};

async function sample({ port, pid, path }: RunningTarget): Promise<Sample> {
  await closeSockets(await openSockets(port, path("broadcast", "bench-first"), 1));
  await wait(SETTLE_MS);
  const before = await residentBytes(pid);
  const sockets = await openSockets(port, path("broadcast", "bench-memory"), CONNECTIONS);
  const perConnection = async () => ((await residentBytes(pid)) - before) / CONNECTIONS / KiB;
  await wait(SETTLE_MS);
  const awake = await perConnection();
  await wait(SLEEP_MS);
  const asleep = await perConnection();
  await closeSockets(sockets);
  return [awake, asleep];
}
