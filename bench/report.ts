import type { Results } from "./results.ts";
import type { Goal, Metric } from "./scenario.ts";
import { BASELINE } from "./targets.ts";

/** Stands where a target has nothing of the kind. */
const NOTHING = "–";

/** The results as Markdown, which is also readable in a terminal. */
export function report(machine: readonly string[], results: readonly Results[]): string {
  const rounds = results.map(({ scenario, rounds }) => `${scenario.title}: ${rounds} rounds.`);
  return `${[
    "# Benchmark results",
    machine.map((line) => `- ${line}`).join("\n"),
    "## Medians",
    `In parentheses: the ratio to the ${BASELINE}, taken in each round, and the median of that.`,
    tableOf(results, (result, target, metric) => medianAndRatio(result, target, metric)),
    "## Spread",
    "The lowest and the highest sample.",
    tableOf(results, (result, target, metric) => spread(result, target, metric)),
    "## Goals",
    goals(results),
    "## Rounds",
    rounds.map((line) => `- ${line}`).join("\n"),
  ].join("\n\n")}\n`;
}

type Cell = (result: Results, target: string, metric: Metric) => string;

function tableOf(results: readonly Results[], cell: Cell): string {
  const targets = results[0]?.targets ?? [];
  const rows = results.flatMap((result) =>
    result.scenario.metrics.map((metric) => [
      `${result.scenario.title}: ${metric.name}`,
      ...targets.map((target) => cell(result, target, metric)),
    ]),
  );
  return table(["", ...targets], rows);
}

function medianAndRatio(result: Results, target: string, metric: Metric): string {
  const median = format(result.median(target, metric.name), metric);
  const ratio = result.ratio(target, BASELINE, metric.name);
  return target === BASELINE || Number.isNaN(ratio) ? median : `${median} (${ratio.toFixed(2)})`;
}

function spread(result: Results, target: string, metric: Metric): string {
  const [lowest, highest] = [result.lowest(target, metric.name), result.highest(target, metric.name)];
  return Number.isNaN(lowest) ? NOTHING : `${format(lowest, metric)}–${format(highest, metric)}`;
}

function goals(results: readonly Results[]): string {
  const rows = results.flatMap((result) =>
    result.scenario.goals.map((goal) => [`${result.scenario.title}: ${goal.metric}`, ...judge(result, goal)]),
  );
  return table(["", "goal", "measured", "reached"], rows);
}

function judge(result: Results, goal: Goal): string[] {
  const { metric, against, atLeast = 0, atMost = Number.POSITIVE_INFINITY } = goal;
  const measured =
    against === undefined ? result.median("poorwill", metric) : result.ratio("poorwill", against, metric);
  const wanted = atLeast > 0 ? `at least ${round(atLeast)}` : `at most ${round(atMost)}`;
  const isReached = measured >= atLeast && measured <= atMost;
  return [
    against === undefined ? wanted : `${wanted} of ${against}`,
    round(measured),
    isReached ? "yes" : "no",
  ];
}

function round(value: number): string {
  const digits = value < 100 ? 2 : 0;
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function format(value: number, { digits }: Metric): string {
  if (Number.isNaN(value)) return NOTHING;
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => pad(cell, column, widths[column] ?? 0)).join(" | ")} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

function pad(cell: string, column: number, width: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}
