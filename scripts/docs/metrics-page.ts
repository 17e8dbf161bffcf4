import { COUNTED_IN_POINT, GAUGES_IN_POINT } from "../../src/metrics/data-point.ts";
import { BUCKETS } from "../../src/metrics/histogram.ts";
import { METRICS, type MetricDefinition } from "../../src/metrics/registry.ts";
import type { HubJob, RoomJob } from "../../src/shared/alarm-jobs.ts";
import { table } from "./table.ts";

/** What an activity is, by its cause; alarms follow. */
const CAUSES: readonly (readonly [string, string])[] = [
  ["connect", "a handshake, also one that was refused"],
  ["message", "a frame from a client"],
  ["close", "a connection that ended"],
  ["call", "another object, the API, or somebody who asked for the metrics of this hub"],
  ["request", "hubs: commands that were posted; rooms: a request that asks for no WebSocket"],
];

const ALARMS: Readonly<Record<HubJob | RoomJob, string>> = {
  ping: "pings",
  expiry: "something runs out, or somebody never connected",
  settle: "deliveries that no follower has acknowledged",
  trim: "publications that are no longer kept",
  vacancies: "homes of channels that nobody here is subscribed to any more",
  events: "events for the backend",
  report: "a report to the directory",
  retry: "an alarm that has failed",
  tick: "rooms: `tick`",
  alarm: "rooms: what `setAlarm` has set",
  idle: "rooms: a look for idle sockets",
};

/** docs/metrics.md */
export function metricsPage(): string {
  const rows = Object.entries<MetricDefinition>(METRICS).map(([name, { type, help, labels = [] }]) => [
    `\`${name}\``,
    type,
    labels.map((label) => `\`${label}\``).join(", "),
    help,
  ]);
  const alarms = Object.entries(ALARMS).map(([job, what]) => [`alarm:${job}`, what] as const);
  const doubles = ["milliseconds since the last point", ...COUNTED_IN_POINT, ...GAUGES_IN_POINT];
  const columns = doubles.map((name, index) => [`\`double${index + 1}\``, name]);
  return `# Metrics

What \`GET /metrics\` tells, and what a data point in Analytics Engine holds. How to read them is in
[operations.md](operations.md). The names stand in \`src/metrics/\`; this page is made from them by \`npm run docs\`.

Names that begin with \`centrifugo_\` mean the same as in a Centrifugo server, with fewer labels, so that its dashboards can be
used; a hub counts as a node.

${table(["Metric", "Type", "Labels", "Meaning"], rows)}

## What keeps objects awake

An object sleeps when 10 seconds have passed without any activity. The label \`cause\` says what an activity was:

${table(
  ["Cause", "Activity"],
  [...CAUSES, ...alarms].map(([cause, what]) => [`\`${cause}\``, what]),
)}

The time in memory is told in three ways: all of it, by the activity that each millisecond followed, and how much of it came
later than 10 seconds after any activity (\`…_kept_awake_milliseconds\`). That last one is 0 in a healthy gateway: a timer, a
fetch or a promise that had not ended kept the object in memory, and Cloudflare may bill that time. It is noticed at the next
activity; an object that is reset before that does not tell it.

## Rooms

There may be a room for each visitor, so rooms are told by their kind, all of one kind together. A room reports to the directory
when something happens and it has been awake for a minute, and at most once a minute. It sets no alarm for that, so a report
wakes nothing. What it has counted since its last report is lost when it falls asleep; a room that is never awake for a whole
minute is in no sum. So the sums tell what busy rooms cost. A room that ticks every 15 seconds and sleeps in between is not
among them: its cost follows from the interval ([cost.md](cost.md)).

The directory keeps one row for each kind, however many rooms there are: 1,000 rooms that are always awake are 17 reports a
second, of one written row each. One took it 0.7 ms on a machine of two cores, so some 80,000 such rooms would keep it busy.

## Latency

A histogram has a bucket for ${BUCKETS.slice(0, -1).join(", ")} and ${BUCKETS.at(-1)} milliseconds (\`le\`), and one for all that took longer. The clock
of Cloudflare's runtime stands still while code runs and goes on with input and output, so these are times of waiting, for a
disk, a hub or a backend, and not of the processor. Publications that leave together count as long as the oldest of them
waited. What is sent by hubs that follow the channel comes a call later, and is not in it.

\`\`\`promql
histogram_quantile(0.99, sum by (le) (rate(poorwill_hub_delivery_milliseconds_bucket[5m])))
\`\`\`

## Data points

One row is about one hub: \`index1\` and \`blob1\` hold its name (the index: the first 96 bytes); Analytics Engine adds
\`_sample_interval\`. Counts are since the last point of the same hub.

${table(["Column", "Value"], columns)}
`;
}
