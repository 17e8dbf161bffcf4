/** Rows that are made in one frame: so few that the page answers meanwhile, also where it is slow. */
export const ROWS_PER_FRAME = 30;

export interface Slice<Row> {
  /** How many of the rows shown are to go, at the front. */
  readonly gone: number;
  /** Rows to make, oldest first. Each has its place where its id says. */
  readonly added: readonly Row[];
  /** Whether everything wanted is shown then. */
  readonly isComplete: boolean;
}

/**
 * The next step from the rows that are shown to those that are wanted: the newest come first, and those before them when
 * there is time.
 *
 * @param shown ids, rising.
 * @param wanted rows with rising ids, of which some at the front may have gone.
 */
export function nextSlice<Row extends { readonly id: number }>(
  shown: readonly number[],
  wanted: readonly Row[],
): Slice<Row> {
  const oldest = wanted[0]?.id ?? Number.POSITIVE_INFINITY;
  const kept = shown.findIndex((id) => id >= oldest);
  const known = new Set(shown);
  const missing = wanted.filter(({ id }) => !known.has(id));
  return {
    gone: kept < 0 ? shown.length : kept,
    added: missing.slice(-ROWS_PER_FRAME),
    isComplete: missing.length <= ROWS_PER_FRAME,
  };
}
