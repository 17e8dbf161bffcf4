import { applyEdits, type FormattingOptions, modify } from "jsonc-parser";

/** A value to set, or with `append` to add at the end of a list. */
export interface JsonEdit {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly append?: boolean;
}

/** JSON with these edits. Comments, the order and the indentation stay as they are. */
export function editedJson(text: string, edits: readonly JsonEdit[]): string {
  const formattingOptions = formattingOf(text);
  return edits.reduce((edited, { path, value, append = false }) => {
    const place = append ? [...path, -1] : [...path];
    return applyEdits(edited, modify(edited, place, value, { formattingOptions, isArrayInsertion: append }));
  }, text);
}

function formattingOf(text: string): FormattingOptions {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? "  ";
  return {
    insertSpaces: !indent.startsWith("\t"),
    tabSize: indent.length,
    eol: text.includes("\r\n") ? "\r\n" : "\n",
  };
}
