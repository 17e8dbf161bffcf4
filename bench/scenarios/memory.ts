import { setTimeout as wait } from "node:timers/promises";
import { closeSockets, type LoadSocket, MESSAGE, openSockets } from "../load.ts";
import type { Goal, Sample, Scenario } from "../scenario.ts";
import { type RunningTarget, startTargets, stopTargets, TARGETS } from "../targets.ts";
import { residentBytes } from "../usage.ts";

const CONNECTIONS = 2_000;
const KiB = 1024;
/** Time for a server to come to rest. Sleep, after 10 s, gives nothing back: the heap keeps its size. */
const SETTLE_MS = 3_000;

/** What a connection costs that does nothing: in servers of its own, because a process seldom gives memory back. */
export const memory: Scenario = scenarioOf({
  title: "Memory per idle connection",
  goals: [{ metric: "KiB", against: "bare object", atMost: 1.15 }],
  open: (port, path) => openSockets(port, path("broadcast", "bench-memory"), CONNECTIONS),
});

/** Where compression was agreed, the first message takes the memory for it, and it stays. */
export const memoryOfBrowsers: Scenario = scenarioOf({
  title: "Memory per connection of a browser after a message",
  goals: [{ metric: "KiB", against: "bare object", atMost: 1 }],
  open: async (port, path) => {
    const room = path("echo", "bench-memory");
    const sockets = await openSockets(port, room, CONNECTIONS, { offersCompression: true });
    await Promise.all(sockets.map(echo));
    return sockets;
  },
});

interface Question {
  readonly title: string;
  readonly goals: readonly Goal[];
  /** Opens the connections that are measured. */
  open(port: number, path: RunningTarget["path"]): Promise<LoadSocket[]>;
}

function scenarioOf({ title, goals, open }: Question): Scenario {
  return {
    title: `${title}, ${CONNECTIONS.toLocaleString("en")} in one room`,
    metrics: [{ name: "KiB", digits: 1 }],
    goals,
    maxRounds: 3,
    run: async () => {
      const targets = await startTargets(TARGETS);
      const samples = await Promise.all(targets.map((target) => sample(target, open)));
      await stopTargets(targets);
      return new Map(targets.map(({ name }, index) => [name, samples[index] ?? []]));
    },
  };
}

async function sample({ port, pid, path }: RunningTarget, open: Question["open"]): Promise<Sample> {
  await closeSockets(await openSockets(port, path("broadcast", "bench-first"), 1));
  await wait(SETTLE_MS);
  const before = await residentBytes(pid);
  const sockets = await open(port, path);
  await wait(SETTLE_MS);
  const after = await residentBytes(pid);
  await closeSockets(sockets);
  return [(after - before) / CONNECTIONS / KiB];
}

/** Sends a message, and waits for something to come back. */
function echo(socket: LoadSocket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.onBytes = () => resolve();
  socket.send(MESSAGE);
  return promise;
}
