import { applyEdits, type FormattingOptions, modify } from "jsonc-parser";
import { UsageError } from "../usage-error.ts";

/** A value to set, or with `append` to add at the end of a list. */
export interface JsonEdit {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly append?: boolean;
}

/**
 * The JSON of a file with these edits. Comments, the order and the indentation stay as they are.
 *
 * @throws UsageError where an edit has no place, such as a member of a list.
 */
export function editedJson(file: string, text: string, edits: readonly JsonEdit[]): string {
  const formattingOptions = formattingOf(text);
  return edits.reduce((edited, { path, value, append = false }) => {
    const place = append ? [...path, -1] : [...path];
    try {
      return applyEdits(
        edited,
        modify(edited, place, value, { formattingOptions, isArrayInsertion: append }),
      );
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new UsageError(`${file}: ${path.join(".")} cannot be added: ${why}`);
    }
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
