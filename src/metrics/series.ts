import { METRICS, type MetricDefinition, type MetricName, type Samples } from "./registry.ts";

/** What Prometheus puts behind the name of a histogram. */
const OF_HISTOGRAM = /_(?:bucket|sum|count)$/;

/** Every gauge as 0, for when no hub reports: dashboards take a series that ends as one that keeps its last value. */
export const GAUGES_OF_NOTHING: Samples = Object.fromEntries(
  Object.entries<MetricDefinition>(METRICS)
    .filter(([, { type, labels }]) => type === "gauge" && labels === undefined)
    .map(([name]) => [name, 0]),
);

/** The name of a series: that of the metric, with the values of its labels in their order. */
export function seriesOf(name: MetricName, ...values: readonly (string | number)[]): string {
  const { labels = [] }: MetricDefinition = METRICS[name];
  return withLabels(
    name,
    labels.map((label, index) => [label, values[index] ?? ""]),
  );
}

/** The series of one metric, one for each value of its label. */
export function labelled(name: MetricName, counts: Iterable<readonly [string | number, number]>): Samples {
  const samples: Record<string, number> = {};
  for (const [value, count] of counts) samples[seriesOf(name, value)] = count;
  return samples;
}

/** Labels and their values, in order. */
export type Labels = readonly (readonly [label: string, value: string | number])[];

/** A name with labels, as Prometheus writes them. */
export function withLabels(name: string, labels: Labels): string {
  if (labels.length === 0) return name;
  return `${name}{${labels.map(([label, value]) => `${label}="${escapeLabel(String(value))}"`).join(",")}}`;
}

/** The metric that a series belongs to; undefined for an unknown one. */
export function metricOf(series: string): MetricName | undefined {
  const end = series.indexOf("{");
  const name = end === -1 ? series : series.slice(0, end);
  return known(name) ?? histogram(name.replace(OF_HISTOGRAM, ""));
}

function histogram(name: string): MetricName | undefined {
  const metric = known(name);
  return metric !== undefined && METRICS[metric].type === "histogram" ? metric : undefined;
}

function known(name: string): MetricName | undefined {
  return Object.hasOwn(METRICS, name) ? (name as MetricName) : undefined;
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
