import type { CostCounters } from "../../bench/cost/counters.ts";
import { SESSION_LIMITS, WORKER_LIMITS } from "../../src/shared/limits.ts";
import {
  COMMANDS,
  CONNECTIONS,
  type Exposure,
  exposureOfAddress,
  exposureOfConnection,
  exposureOfUser,
  HOMES,
} from "../exposure.ts";
import { formatNumber, table } from "./table.ts";

/** The section of docs/limits.md on what one client can cost. */
export function exposureSection(counters: CostCounters): string {
  const { userConnections } = SESSION_LIMITS;
  return `## What one client can cost

The most that somebody with an ordinary account can use up in an hour, by the limits above and the price list of
[cost.md](cost.md). \`scripts/exposure.ts\` computes it.

${table(
  ["Who", "New objects", "Calls", "Rows written", "Waiting in memory", "List price an hour"],
  [
    row("a connection", exposureOfConnection(counters)),
    row(`a user, with ${formatNumber(userConnections)} connections`, exposureOfUser(counters)),
    row(`an address that only connects, ${formatNumber(CONNECTIONS)} times`, exposureOfAddress(counters)),
  ],
)}

A connection costs most when it publishes at its whole rate, ${formatNumber(COMMANDS)} commands in the hour, to channels with
history whose homes are elsewhere and which its own hub follows; each further hub that follows them adds a call for every
publication. Meanwhile it may subscribe to ${formatNumber(HOMES)} channels that nobody has used before; nothing is left of them
when it goes. Its commands and the replies that it does not read wait in memory; past that it is refused or closed.

A user is counted on all hubs together only where \`userCommands\` is on; where users are not trusted, \`userConnectionLimit: 10\` and
\`commandRate: { perSecond: 10, burst: 200 }\` reduce the second row to a thousandth. An address that also sends costs as much as
its connections: \`wrangler.toml\` says how many it may open a minute (${formatNumber(WORKER_LIMITS.connectionsPerMinute)}).`;
}

function row(who: string, { objects, calls, rows, memory, dollars }: Exposure): string[] {
  return [
    who,
    formatNumber(objects),
    formatNumber(Math.round(calls)),
    formatNumber(Math.round(rows)),
    `${formatNumber(Math.round(memory / 1_048_576))} MiB`,
    `$${dollars.toFixed(2)}`,
  ];
}
