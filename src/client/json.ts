/**
 * Reads JSON that a person wrote.
 *
 * @returns the value, or why the text is not JSON.
 */
export function readJson(text: string): { value: unknown } | { problem: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: `Not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}
