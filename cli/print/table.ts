import { visible } from "./visible.ts";

type Cell = string | number;

/** Rows with aligned columns: numbers to the right. What may hold wide characters belongs into the last one. */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const lines = [heads, ...rows.map((row) => row.map((cell) => visible(textOf(cell))))];
  const isNumeric = heads.map(
    (_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === "number"),
  );
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) =>
    line
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return isNumeric[column] ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
}

function textOf(cell: Cell): string {
  return typeof cell === "number" ? cell.toLocaleString("en") : cell;
}

/** The number of things, and what they are: `1 connection`, `2 connections`. */
export function counted(count: number, thing: string): string {
  return `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;
}
