import type { Results } from "./results.ts";
import type { Metric } from "./scenario.ts";
import { BASELINE } from "./targets.ts";

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
  return target === BASELINE
    ? median
    : `${median} (${result.ratio(target, BASELINE, metric.name).toFixed(2)})`;
}

function spread(result: Results, target: string, metric: Metric): string {
  return [result.lowest(target, metric.name), result.highest(target, metric.name)]
    .map((value) => format(value, metric))
    .join("–");
}

function goals(results: readonly Results[]): string {
  const rows = results.flatMap((result) =>
    result.scenario.goals.map(({ metric, against, atLeast = 0, atMost = Number.POSITIVE_INFINITY }) => {
      const ratio = result.ratio("poorwill", against, metric);
      const wanted = atLeast > 0 ? `at least ${atLeast.toFixed(2)}` : `at most ${atMost.toFixed(2)}`;
      const isReached = ratio >= atLeast && ratio <= atMost;
      return [
        `${result.scenario.title}: ${metric}`,
        `${wanted} of ${against}`,
        ratio.toFixed(2),
        isReached ? "yes" : "no",
      ];
    }),
  );
  return table(["", "goal", "measured", "reached"], rows);
}

function format(value: number, { digits }: Metric): string {
  if (Number.isNaN(value)) return "–";
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
