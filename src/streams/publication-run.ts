import { unnumberedLength } from "../hub-rpc/lengths.ts";
import type { PublicationRun, Unnumbered } from "../hub-rpc/messages.ts";
import type { WirePublication } from "../protocol/messages.ts";

/** The publications of a run that follow `offset` without a gap; none when there is a gap, or nothing new. */
export function runAfter(
  { first, publications }: PublicationRun,
  offset: number,
): readonly WirePublication[] {
  const start = offset + 1 - first;
  if (start < 0 || start >= publications.length) return [];
  return start === 0 ? publications : publications.slice(start);
}

/** The offset of the last publication; the one before the first where there is none. */
export function lastOf({ first, publications }: PublicationRun): number {
  return first + publications.length - 1;
}

/** Joins runs that follow each other; where publications are missing between two, the older ones are left out. */
export function joinRuns(runs: readonly PublicationRun[]): PublicationRun {
  let first = runs[0]?.first ?? 1;
  let publications: WirePublication[] = [];
  for (const run of runs) {
    if (run.first !== first + publications.length) {
      first = run.first;
      publications = [];
    }
    for (const publication of run.publications) publications.push(publication);
  }
  return { first, publications };
}

/** The part of a run between two offsets, without them. */
export function cutRun(
  { first, publications }: PublicationRun,
  after: number,
  before: number,
): PublicationRun {
  const start = Math.max(0, after + 1 - first);
  const end = Math.min(publications.length, before - first);
  if (start === 0 && end === publications.length) return { first, publications };
  return { first: first + start, publications: publications.slice(start, end) };
}

/** The first publications of a run, at most so many. */
export function firstOfRun({ first, publications }: PublicationRun, limit: number): PublicationRun {
  return { first, publications: publications.slice(0, limit) };
}

/** The last publications of a run, at most so many. */
export function lastOfRun({ first, publications }: PublicationRun, limit: number): PublicationRun {
  const start = Math.max(0, publications.length - limit);
  return { first: first + start, publications: publications.slice(start) };
}

/** How many of these publications have at most `length` characters together: at least one, where there is one. */
export function countFitting(publications: readonly WirePublication[], length: number): number {
  return countWithin(publications, length, (publication) => publication.length);
}

/** The same of anything that has a length. */
export function countWithin<Item>(
  items: readonly Item[],
  length: number,
  lengthOfItem: (item: Item) => number,
): number {
  let room = length;
  let count = 0;
  for (const item of items) {
    room -= lengthOfItem(item);
    if (room < 0) return Math.max(1, count);
    count += 1;
  }
  return count;
}

/** What of a call fits: so many publications of the run, and so much of what has no offset. */
interface Fitting {
  readonly publications: number;
  readonly unnumbered: number;
  /** Whether that is everything, but for what follows publications which the run does not have. */
  readonly isAll: boolean;
}

/**
 * How much of a run that fits into `length` characters, and of what waits without an offset, fits with it: at least one,
 * and in the order in which they were published, so that nothing overtakes what has to wait.
 */
export function countFittingInOrder(
  { first, publications }: PublicationRun,
  waiting: readonly Unnumbered[],
  length: number,
): Fitting {
  if (waiting.length === 0) return { publications: publications.length, unnumbered: 0, isAll: true };
  let left = length;
  let taken = 0;
  let unnumbered = 0;
  for (;;) {
    const entry = waiting[unnumbered];
    const isUnnumbered = entry !== undefined && entry.after < first + taken;
    const next = isUnnumbered ? unnumberedLength(entry) : publications[taken]?.length;
    left -= next ?? 0;
    if (next === undefined || (left < 0 && taken + unnumbered > 0))
      return { publications: taken, unnumbered, isAll: next === undefined };
    if (isUnnumbered) unnumbered += 1;
    else taken += 1;
  }
}

/** Characters, or bytes, of these publications together. */
export function lengthOf(publications: readonly WirePublication[]): number {
  let length = 0;
  for (const publication of publications) length += publication.length;
  return length;
}

/** Numbered and unnumbered publications, in the order in which they were published. */
export function inOrder(
  { first, publications }: PublicationRun,
  unnumbered: readonly Unnumbered[],
): readonly WirePublication[] {
  if (unnumbered.length === 0) return publications;
  const ordered: WirePublication[] = [];
  let waiting = 0;
  for (const [index, publication] of publications.entries()) {
    for (let next = unnumbered[waiting]; next && next.after < first + index; next = unnumbered[waiting]) {
      if ("publication" in next) ordered.push(next.publication);
      waiting += 1;
    }
    ordered.push(publication);
  }
  for (const entry of unnumbered.slice(waiting)) if ("publication" in entry) ordered.push(entry.publication);
  return ordered;
}
