import { readFileSync } from "node:fs";

const FILE = "bench/RESULTS.md";
/** The target of the ratios in the table of medians, unless a goal names another one. */
const BASELINE = "bare object";
const OURS = "poorwill";

/** What `npm run bench` has written. A row is named after its scenario and metric, such as `Echo, 50 connections: messages/s`. */
export interface BenchResults {
  /** The median of this gateway, or of another target. */
  median(row: string, target?: string): number;
  /** The median of the ratios to another target. */
  ratio(row: string, against: string): number;
}

/** Reads the tables of bench/RESULTS.md. Throws for a row or a goal that is missing, with its name. */
export function readResults(): BenchResults {
  const text = readFileSync(FILE, "utf8");
  const [targets = [], ...medians] = tableUnder(text, "Medians");
  const [, ...goals] = tableUnder(text, "Goals");

  function cellOf(row: string, target = OURS): string {
    const cells = medians.find(([name]) => name === row);
    return cells?.[targets.indexOf(target)] ?? missing(row);
  }

  return {
    median: (row, target) => numberIn(cellOf(row, target)) ?? missing(row),
    ratio(row, against) {
      const [, , measured = ""] =
        goals.find(([name, goal]) => name === row && goal?.endsWith(` of ${against}`)) ?? [];
      const inCell = against === BASELINE ? cellOf(row).match(/\((.+)\)/)?.[1] : undefined;
      return numberIn(inCell ?? measured) ?? missing(`${row}, against ${against}`);
    },
  };
}

/** The head and the rows of the table in one section. */
function tableUnder(text: string, heading: string): readonly string[][] {
  const section = text.split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const lines = section.split("\n").filter((line) => line.startsWith("|"));
  return lines
    .filter((_, index) => index !== 1)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

function numberIn(cell: string): number | undefined {
  const digits = cell.match(/^[\d,.]+/)?.[0].replaceAll(",", "");
  return digits === undefined ? undefined : Number(digits);
}

function missing(name: string): never {
  throw new Error(`${FILE} has no number for "${name}"`);
}
