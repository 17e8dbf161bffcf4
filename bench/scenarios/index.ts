import type { Scenario } from "../scenario.ts";
import { broadcast } from "./broadcast.ts";
import { burstHeap } from "./burst-heap.ts";
import { bystander } from "./bystander.ts";
import { calls } from "./calls.ts";
import { codecs } from "./codecs.ts";
import { directory } from "./directory.ts";
import { durablePublishes } from "./durable-publishes.ts";
import { echo } from "./echo.ts";
import { fanOut } from "./fan-out.ts";
import { heartbeat } from "./heartbeat.ts";
import { hubMemory } from "./hub-memory.ts";
import { memory, memoryOfBrowsers } from "./memory.ts";
import { overviewPage } from "./overview-page.ts";
import { page } from "./page.ts";
import { quietLatency } from "./quiet-latency.ts";
import { streams } from "./streams.ts";

/** Everything that is measured, in this order. */
export const SCENARIOS: readonly Scenario[] = [
  echo(1),
  echo(50),
  broadcast(100),
  broadcast(1_000),
  memory,
  hubMemory,
  burstHeap,
  memoryOfBrowsers,
  fanOut({
    publishers: 100,
    subscribers: 100,
    hasHistory: false,
    goals: [{ metric: "deliveries/s", against: "partyserver", atLeast: 15 }],
  }),
  fanOut({ publishers: 100, subscribers: 100, hasHistory: true }),
  codecs,
  streams,
  fanOut({ publishers: 100, subscribers: 100, hasHistory: false, offersCompression: true }),
  fanOut({ publishers: 1, subscribers: 1_000, hasHistory: false }),
  fanOut({ publishers: 1, subscribers: 1_000, hasHistory: true }),
  durablePublishes(1, [
    { metric: "publishes/s", atLeast: 5_000 },
    { metric: "rows/tick", atMost: 3 },
  ]),
  durablePublishes(10, [
    { metric: "rows/1,000 publishes", atMost: 50 },
    { metric: "rows/tick", atMost: 3 },
  ]),
  quietLatency(false, [{ metric: "p50 ms", against: "partyserver", atMost: 1.3 }]),
  quietLatency(true, [{ metric: "p50 ms", against: "bare object", atMost: 1.3 }]),
  bystander,
  heartbeat,
  directory,
  page,
  overviewPage,
  calls(1),
  calls(4),
  calls(16),
];
