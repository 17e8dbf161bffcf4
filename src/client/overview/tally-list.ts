import { byId, create, visible } from "../dom.ts";
import { formatCount } from "./formats.ts";
import type { Tally } from "./tallies.ts";

/** Shows counts in a list of the page. Labels may be words of an application. */
export function showTallies(id: string, tallies: readonly Tally[]): void {
  const rows = tallies.length === 0 ? [create("li", "hint", "None.")] : tallies.map(createRow);
  byId(id, HTMLElement).replaceChildren(...rows);
}

function createRow({ label, count, added, meaning }: Tally): HTMLElement {
  const words = added > 0 ? `${formatCount(count)} · +${formatCount(added)}` : formatCount(count);
  const value = create("output", "", words);
  if (added > 0) value.title = `${formatCount(added)} since you look`;
  return create("li", "", create("span", "", ...visible(label)), value, create("span", "hint", meaning));
}
