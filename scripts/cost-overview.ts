import type { CostCounters } from "../bench/cost/counters.ts";
import { OPERATOR_TOKEN_LIMITS, OVERVIEW_LIMITS } from "../src/shared/limits.ts";
import { PING_SECONDS, SLEEP_SECONDS, type Usage, WORKER_MILLISECONDS } from "./cost.ts";
import { MESSAGES_PER_REQUEST, OBJECT_GIGABYTES } from "./prices.ts";

/** Hubs that report, while an overview is open. */
export interface Watched {
  readonly title: string;
  readonly hubs: number;
  /** Seconds between two reports of each. */
  readonly reportSeconds: number;
}

const BUSY_SECONDS = 8;

/** The overviews of docs/cost.md. */
export const WATCHED: readonly Watched[] = [
  { title: "1 hub, its sockets idle", hubs: 1, reportSeconds: PING_SECONDS },
  { title: "50 hubs, their sockets idle", hubs: 50, reportSeconds: PING_SECONDS },
  { title: "1,000 hubs, always busy", hubs: 1_000, reportSeconds: BUSY_SECONDS },
];

/**
 * What an overview uses that is open for so many hours: the hub that holds it, and what the directory tells it. What
 * hubs and directory do anyway, open or not, is not in it.
 */
export function usageOfOverview(
  { hubs, reportSeconds }: Watched,
  hours: number,
  { units }: CostCounters,
): Usage {
  const seconds = hours * 3_600;
  const pushesPerSecond = Math.min(1_000 / OVERVIEW_LIMITS.interval, hubs / reportSeconds);
  const pushes = seconds * pushesPerSecond;
  const pings = seconds / PING_SECONDS;
  const tokens = (seconds * 1_000) / OPERATOR_TOKEN_LIMITS.lifetime;
  const busySeconds = (pushes * units.publishLiveAway.milliseconds + pings * units.ping.milliseconds) / 1_000;
  const awake = Math.min(1, (pushesPerSecond + 1 / PING_SECONDS) * SLEEP_SECONDS);
  const quantities = {
    workerRequests: tokens,
    workerMilliseconds: tokens * WORKER_MILLISECONDS,
    objectRequests: pushes + pings * units.ping.alarms + tokens / MESSAGES_PER_REQUEST,
    rowsWritten: pings * units.ping.rows,
  };
  return {
    least: { ...quantities, gigabyteSeconds: Math.min(busySeconds, seconds * awake) * OBJECT_GIGABYTES },
    most: { ...quantities, gigabyteSeconds: seconds * awake * OBJECT_GIGABYTES },
  };
}
