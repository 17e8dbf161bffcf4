import { HUB_LIMITS } from "../../shared/limits.ts";

/** Joins lines by newlines into as few texts as fit under the frame limit. A line that is longer stands alone. */
export function joinLines(lines: readonly string[]): readonly string[] {
  if (lines.length === 1) return lines;
  const texts: string[] = [];
  let start = 0;
  let length = 0;
  for (let index = 0; index < lines.length; index += 1) {
    const next = lines[index]?.length ?? 0;
    if (index > start && length + 1 + next > HUB_LIMITS.frameLength) {
      texts.push(lines.slice(start, index).join("\n"));
      start = index;
      length = 0;
    }
    length += next + (index > start ? 1 : 0);
  }
  if (start < lines.length) texts.push(start === 0 ? lines.join("\n") : lines.slice(start).join("\n"));
  return texts;
}
