import { visible } from "./visible.ts";

type Cell = string | number;

/** A number, with its unit or without. */
const NUMBER = /^[\d.,]+( %| ms)?$/;

/** Rows with aligned columns: numbers to the right. What may hold wide characters belongs into the last one. */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const cells = rows.map((row) => row.map((cell) => visible(textOf(cell))));
  const columns = heads.map((head, column) => {
    const texts = cells.map((row) => row[column] ?? "");
    return {
      width: Math.max(head.length, ...texts.map(({ length }) => length)),
      isNumeric: texts.length > 0 && texts.every((text) => NUMBER.test(text)),
    };
  });
  return [heads, ...cells].map((row) =>
    columns
      .map(({ width, isNumeric }, column) =>
        isNumeric ? (row[column] ?? "").padStart(width) : (row[column] ?? "").padEnd(width),
      )
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
