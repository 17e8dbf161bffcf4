import { METRICS, type MetricName, type Samples } from "./registry.ts";
import { metricOf } from "./series.ts";

export const PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Samples as Prometheus reads them (text format 0.0.4), in the order of the registry. Unknown series are left out. */
export function encodePrometheus(samples: Samples): string {
  const series = new Map<MetricName, string[]>();
  for (const [name, value] of Object.entries(samples)) {
    const metric = metricOf(name);
    if (metric === undefined) continue;
    const lines = series.get(metric) ?? [];
    lines.push(`${name} ${value}`);
    series.set(metric, lines);
  }
  const known = (Object.keys(METRICS) as MetricName[]).filter((name) => series.has(name));
  return known.map((name) => block(name, series.get(name) ?? [])).join("");
}

function block(name: MetricName, lines: readonly string[]): string {
  const { type, help } = METRICS[name];
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("\n")}\n`;
}
