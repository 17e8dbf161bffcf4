import { COUNTED_IN_POINT, GAUGES_IN_POINT } from "../../src/metrics/data-point.ts";
import { METRICS, type MetricDefinition } from "../../src/metrics/registry.ts";
import { table } from "./table.ts";

/** docs/metrics.md */
export function metricsPage(): string {
  const rows = Object.entries<MetricDefinition>(METRICS).map(([name, { type, help, labels = [] }]) => [
    `\`${name}\``,
    type,
    labels.map((label) => `\`${label}\``).join(", "),
    help,
  ]);
  const doubles = ["milliseconds since the last point", ...COUNTED_IN_POINT, ...GAUGES_IN_POINT];
  const columns = doubles.map((name, index) => [`\`double${index + 1}\``, name]);
  return `# Metrics

What \`GET /metrics\` tells, and what a data point in Analytics Engine holds. How to read them is in
[operations.md](operations.md). The names stand in \`src/metrics/\`; this page is made from them by \`npm run docs\`.

Names that begin with \`centrifugo_\` mean the same as in a Centrifugo server, with fewer labels, so that its dashboards can be
used; a hub counts as a node. Plain rooms are not counted.

${table(["Metric", "Type", "Labels", "Meaning"], rows)}

## Data points

One row is about one hub: \`index1\` and \`blob1\` hold its name (the index: the first 96 bytes); Analytics Engine adds
\`_sample_interval\`. Counts are since the last point of the same hub.

${table(["Column", "Value"], columns)}
`;
}
