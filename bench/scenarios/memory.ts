import { setTimeout as wait } from "node:timers/promises";
import { closeSockets, openSockets } from "../load.ts";
import type { Sample, Scenario } from "../scenario.ts";
import { type RunningTarget, startTargets, stopTargets, TARGETS } from "../targets.ts";
import { residentBytes } from "../usage.ts";

const CONNECTIONS = 2_000;
const KiB = 1024;
/** Time for a server to come to rest. Sleep, after 10 s, gives nothing back: the heap keeps its size. */
const SETTLE_MS = 3_000;

/** What a connection costs that does nothing: in servers of its own, because a process seldom gives memory back. */
export const memory: Scenario = {
  title: `Memory per idle connection, ${CONNECTIONS.toLocaleString("en")} in one room`,
  metrics: [{ name: "KiB", digits: 1 }],
  goals: [{ metric: "KiB", against: "bare object", atMost: 1.15 }],
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
  await wait(SETTLE_MS);
  const after = await residentBytes(pid);
  await closeSockets(sockets);
  return [(after - before) / CONNECTIONS / KiB];
}
