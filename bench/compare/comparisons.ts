import { setTimeout as wait } from "node:timers/promises";
import { type Cast, closeScene, openConnected, openScene } from "../channels.ts";
import { watch } from "../clock.ts";
import { closeSockets, openSockets } from "../load.ts";
import type { Sample, Scenario } from "../scenario.ts";
import { broadcast } from "../scenarios/broadcast.ts";
import { PublishLoad } from "../scenarios/durable-publishes.ts";
import { echo } from "../scenarios/echo.ts";
import { fanOut } from "../scenarios/fan-out.ts";
import type { RunningTarget } from "../targets.ts";
import { residentBytes } from "../usage.ts";
import { reconnectStorm } from "./storm.ts";

/** What the targets are asked, and which of the answers counts. */
export interface Comparison {
  readonly title: string;
  readonly unit: string;
  readonly isLessBetter?: boolean;
  /** Undefined: the target has nothing of the kind. */
  readonly run: (target: RunningTarget, round: number) => Promise<number | undefined>;
}

const TIMING = { warmUp: 500, measured: 2_000 };
const HELD = 2_000;
const STORM = 5_000;
const REST_MS = 2_000;
const KiB = 1_024;

export const COMPARISONS: readonly Comparison[] = [
  { title: "Echo, 50 connections, plain sockets", unit: "messages/s", run: ofRooms(echo(50)) },
  { title: "Broadcast to 1,000, plain sockets", unit: "deliveries/s", run: ofRooms(broadcast(1_000)) },
  {
    title: "Fan-out, 100 publishers × 100 subscribers",
    unit: "deliveries/s",
    run: ofScenario(fanOut({ publishers: 100, subscribers: 100, hasHistory: false })),
  },
  {
    title: "Fan-out, 1 publisher × 1,000 subscribers",
    unit: "deliveries/s",
    run: ofScenario(fanOut({ publishers: 1, subscribers: 1_000, hasHistory: false })),
  },
  {
    title: "Publications with history, acknowledged, 100 × 100, 10 in flight each",
    unit: "publications/s",
    run: publishes,
  },
  {
    title: `Reconnect storm: ${STORM.toLocaleString("en")} subscribers come back at once and recover`,
    unit: "s",
    isLessBetter: true,
    run: async (target) => reconnectStorm(target, STORM),
  },
  {
    title: "Memory of an idle connection, subscribed to one channel or in one room",
    unit: "KiB",
    isLessBetter: true,
    run: memory,
  },
];

/** The first metric of a scenario, of targets that have rooms. */
function ofRooms(scenario: Scenario): Comparison["run"] {
  const run = ofScenario(scenario);
  return async (target, round) => (target.path("echo", "") === "/" ? undefined : run(target, round));
}

/** The first metric of a scenario. */
function ofScenario(scenario: Scenario): Comparison["run"] {
  return async (target, number) => {
    const samples = await scenario.run({ number, timing: TIMING, targets: [target] });
    const [value]: Sample = samples.get(target.name) ?? [];
    return value;
  };
}

async function publishes(target: RunningTarget, round: number): Promise<number | undefined> {
  if (target.channels === undefined) return undefined;
  const cast: Cast = { publishers: 100, subscribers: 100, hasHistory: true, name: `compare-${round}` };
  const scene = await openScene(target, cast);
  if (scene === undefined) return undefined;
  const load = new PublishLoad(scene, 10);
  const { rate } = await watch(scene.pid, TIMING, () => load.acknowledged);
  await load.stop();
  await closeScene(scene);
  return rate;
}

async function memory(target: RunningTarget, round: number): Promise<number> {
  const { port, pid } = (await target.channels?.()) ?? target;
  const channel = `live:memory-${round}`;
  await wait(REST_MS);
  const before = await residentBytes(pid);
  const sockets =
    target.channels === undefined
      ? await openSockets(port, target.path("broadcast", `memory-${round}`), HELD)
      : await openConnected(port, `/connection/websocket?channel=${channel}`, channel, HELD);
  await wait(REST_MS);
  const after = await residentBytes(pid);
  await closeSockets(sockets);
  return (after - before) / HELD / KiB;
}
