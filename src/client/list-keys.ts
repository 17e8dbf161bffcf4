/**
 * The index that a key leads to in a list of `count` items, or nothing when the key does not move. `index` is -1 while
 * no item is current.
 *
 * @param columns items per row, where the list is a grid.
 * @param page rows that PageUp and PageDown step over.
 */
export function indexAfterKey(
  key: string,
  index: number,
  count: number,
  columns = 1,
  page = 10,
): number | undefined {
  if (count === 0) return undefined;
  const target = targetOfKey(key, index, count, columns, page);
  return target === undefined ? undefined : Math.max(0, Math.min(count - 1, target));
}

function targetOfKey(key: string, index: number, count: number, columns: number, page: number) {
  switch (key) {
    case "ArrowLeft":
      return columns > 1 ? index - 1 : undefined;
    case "ArrowRight":
      return columns > 1 ? index + 1 : undefined;
    case "ArrowUp":
      return index - columns;
    case "ArrowDown":
      return index < 0 ? 0 : index + columns;
    case "PageUp":
      return index - columns * page;
    case "PageDown":
      return index + columns * page;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}
