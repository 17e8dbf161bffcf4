import { namingUnseen } from "../../src/shared/visible-text.ts";

/** Text of others as one line that a terminal obeys in nothing. */
export function visible(text: string): string {
  const line = text.replaceAll(/[\t\n\r]/g, (blank) => JSON.stringify(blank).slice(1, -1));
  return namingUnseen(line)
    .map((part) => part.text)
    .join("");
}
