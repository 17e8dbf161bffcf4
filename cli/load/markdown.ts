import { visible } from "../print/visible.ts";
import type { Percentiles } from "./latencies.ts";
import { faultsOf, type LoadReport } from "./report.ts";

/** A report for people, in Markdown, which a terminal shows well enough. */
export function markdownOf(report: LoadReport): string {
  const { plan, connections, subscriptions, publications, deliveries, latency, generator } = report;
  const faults = faultsOf(report);
  return [
    `# Load on ${report.url}`,
    "",
    `${report.startedAt}, poorwill ${report.version}. ${n(plan.connections)} connections by ${plan.transport} in ${n(plan.ramp)} s, ` +
      `${whereOf(plan)}; ${n(plan.rate)} publications a second of ${n(plan.size)} bytes, ` +
      `for ${n(plan.duration)} s.${report.isInterrupted ? " It was ended before its time." : ""}`,
    "",
    ...(faults.length === 0 ? ["Nothing was lost or repeated."] : faults.map((fault) => `- **${fault}**`)),
    "",
    ...rows([
      ["", "count", "a second"],
      ["connected", n(connections.connected), ""],
      ["subscribed", n(subscriptions.subscribed), ""],
      ["published", n(publications.acknowledged), n(publications.perSecond)],
      ["delivered", n(deliveries.received), n(deliveries.perSecond)],
    ]),
    "",
    ...rows([
      ["milliseconds", "50 %", "90 %", "99 %", "99.9 %", "most"],
      ["until connected", ...times(latency.connect)],
      ["until subscribed", ...times(latency.subscribe)],
      ["until published", ...times(latency.publish)],
      ["until delivered", ...times(latency.delivery)],
      ["late by itself", ...times(generator.late)],
    ]),
    "",
    `Loss and repetition were checked by ${deliveries.checkedBy}. ${ownWords(generator)}`,
    ...countLines({
      "reconnects, by code": connections.reconnects,
      "connections closed for good": connections.disconnects,
      "failed attempts to connect": connections.failedAttempts,
      "refused subscriptions": subscriptions.refused,
      "failed publications": publications.failed,
    }),
  ].join("\n");
}

function whereOf({ room, subscriptions, channels }: LoadReport["plan"]): string {
  return room === undefined
    ? `${n(subscriptions)} of ${n(channels)} channels each`
    : `to the room ${visible(room)}`;
}

function ownWords({ busy, late, isBottleneck }: LoadReport["generator"]): string {
  const share = `busy for ${Math.round(busy * 100)} % of the time and late by ${late.p99.toFixed(0)} ms once in 100 times`;
  return isBottleneck
    ? `**The process that made the load was ${share}, so the times are partly its own. Make less load with one process, or give it more of the machine.**`
    : `The process that made the load was ${share}.`;
}

function countLines(counts: Readonly<Record<string, Readonly<Record<string, number>>>>): string[] {
  const lines = Object.entries(counts).flatMap(([what, byName]) => {
    const parts = Object.entries(byName).map(([name, count]) => `${visible(name)}: ${n(count)}`);
    return parts.length === 0 ? [] : [`- ${what}: ${parts.join("; ")}`];
  });
  return lines.length === 0 ? [] : ["", ...lines];
}

function rows([head = [], ...rest]: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rest].map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...rest.map(line)];
}

function times({ count, p50, p90, p99, p999, max }: Percentiles): string[] {
  return [p50, p90, p99, p999, max].map((time) => (count === 0 ? "-" : time.toFixed(1)));
}

function n(number: number): string {
  return number.toLocaleString("en");
}
