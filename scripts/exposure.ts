/** What one client can cost at most in an hour, by the limits that are on by default and the list prices. */

import type { CostCounters } from "../bench/cost/counters.ts";
import { SESSION_LIMITS, WORKER_LIMITS } from "../src/shared/limits.ts";
import { COMMIT_MILLISECONDS, listTotal, type Quantities, WORKER_MILLISECONDS } from "./cost.ts";
import { MESSAGES_PER_REQUEST, OBJECT_GIGABYTES } from "./prices.ts";

const SECONDS = 3_600;

/**
 * What it costs to subscribe to a channel that nobody has used, at a home of its own, and to leave it: the call that
 * registers a follower, which writes a row and a table, and the call that ends this, which deletes the row. Nothing of
 * it stays (decision 5). Counted at 50 such channels.
 */
const MADE_UP_NAME = { objects: 1, calls: 2, rows: 5, milliseconds: 2 };

/**
 * What a hub of its own costs where somebody opens a socket and does not connect: its alarm is set, fires, and frees
 * it.
 */
const NEW_HUB = { alarms: 1, rows: 1 };

/** What somebody can use up in an hour. */
export interface Exposure {
  /** Objects that did not exist before. */
  readonly objects: number;
  /** Calls to objects, those of connections and alarms among them. */
  readonly calls: number;
  readonly rows: number;
  /** Characters that may wait in an object at one moment: of what the client sends, and of what it does not read. */
  readonly memory: number;
  readonly dollars: number;
}

/** What a connection uses if it spends its whole rate on one thing. */
interface Spending {
  readonly objects: number;
  readonly frames: number;
  readonly calls: number;
  readonly rows: number;
  readonly milliseconds: number;
}

/** Commands that a connection may send in an hour. */
export const COMMANDS = SESSION_LIMITS.commandBurst + SESSION_LIMITS.commandsPerSecond * SECONDS;
/** Homes new to its hub that a connection may have called in an hour. */
export const HOMES = SESSION_LIMITS.newHomes + SESSION_LIMITS.newHomesPerSecond * SECONDS;

/**
 * The dearest that a connection can do: to publish at its whole rate to channels with history at other homes, and to
 * make up new names of channels.
 */
export function exposureOfConnection({ units }: CostCounters): Exposure {
  const { frames, calls, rows, milliseconds } = units.publishKeptAway;
  const publishing = times(COMMANDS, {
    objects: 0,
    frames,
    calls,
    rows,
    milliseconds: milliseconds + COMMIT_MILLISECONDS,
  });
  const inventing = times(HOMES, { frames: 0, ...MADE_UP_NAME });
  return exposureOf([publishing, inventing], 1);
}

/** What a user can cost with as many connections as one user may have. */
export function exposureOfUser(counters: CostCounters): Exposure {
  return scaled(exposureOfConnection(counters), SESSION_LIMITS.userConnections);
}

/** Connections that an address may open in an hour. */
export const CONNECTIONS = (WORKER_LIMITS.connectionsPerMinute * SECONDS) / 60;

/** What an address can cost that only connects: as often as it may, and each time to another object. */
export function exposureOfAddress({ units }: CostCounters): Exposure {
  const { frames, calls, rows, milliseconds } = units.connect;
  const connecting = times(CONNECTIONS, {
    objects: 1,
    frames,
    calls: calls + 1 + NEW_HUB.alarms,
    rows: rows + NEW_HUB.rows,
    milliseconds,
  });
  // A socket that does not connect is closed after the delay: so many are open at a time.
  const atOnce = (WORKER_LIMITS.connectionsPerMinute * SESSION_LIMITS.staleCloseDelay) / 60_000;
  return { ...exposureOf([connecting], CONNECTIONS), memory: atOnce * SESSION_LIMITS.earlyLength };
}

function exposureOf(spendings: readonly Spending[], connections: number): Exposure {
  const sum = (measure: (spending: Spending) => number) =>
    spendings.reduce((total, spending) => total + measure(spending), 0);
  const calls = sum((spending) => spending.calls);
  const rows = sum((spending) => spending.rows);
  const quantities: Quantities = {
    workerRequests: connections,
    workerMilliseconds: connections * WORKER_MILLISECONDS,
    objectRequests: calls + sum(({ frames }) => frames) / MESSAGES_PER_REQUEST,
    gigabyteSeconds: (sum(({ milliseconds }) => milliseconds) / 1_000) * OBJECT_GIGABYTES,
    rowsWritten: rows,
  };
  return {
    objects: sum(({ objects }) => objects),
    calls,
    rows,
    memory: connections * MEMORY,
    dollars: listTotal(quantities),
  };
}

/** Bytes that may wait for one connection at a time: its commands, replies, and output that it does not read. */
const MEMORY = SESSION_LIMITS.pendingLength + SESSION_LIMITS.outputLength + SESSION_LIMITS.queueSize;

function times(count: number, { objects, frames, calls, rows, milliseconds }: Spending): Spending {
  return {
    objects: count * objects,
    frames: count * frames,
    calls: count * calls,
    rows: count * rows,
    milliseconds: count * milliseconds,
  };
}

function scaled({ objects, calls, rows, memory, dollars }: Exposure, count: number): Exposure {
  return {
    objects: objects * count,
    calls: calls * count,
    rows: rows * count,
    memory: memory * count,
    dollars: dollars * count,
  };
}
