import type { PublicationRun, UnnumberedPush } from "../hub-rpc/messages.ts";

/** The publications of a run that follow `offset` without a gap; none when there is a gap, or nothing new. */
export function runAfter({ first, publications }: PublicationRun, offset: number): readonly string[] {
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
  let publications: string[] = [];
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
export function firstOfRun(run: PublicationRun, limit: number): PublicationRun {
  const { first, publications } = run;
  if (publications.length <= limit) return run;
  return { first, publications: publications.slice(0, limit) };
}

/** The last publications of a run, at most so many. */
export function lastOfRun({ first, publications }: PublicationRun, limit: number): PublicationRun {
  const start = Math.max(0, publications.length - limit);
  return { first: first + start, publications: publications.slice(start) };
}

/** How many of these texts have at most `length` characters together: at least one, where there is one. */
export function countFitting(texts: readonly string[], length: number): number {
  let room = length;
  for (let index = 0; index < texts.length; index += 1) {
    room -= texts[index]?.length ?? 0;
    if (room < 0) return Math.max(1, index);
  }
  return texts.length;
}

/** What of a call fits: so many publications of the run, and so many of the pushes. */
interface Fitting {
  readonly publications: number;
  readonly pushes: number;
  /** Whether that is everything, but for pushes that follow publications which the run does not have. */
  readonly isAll: boolean;
}

/**
 * How much of a run that fits into `length` characters, and of the pushes that wait, fits with them: at least one, and in
 * the order in which they were published, so that nothing overtakes what has to wait.
 */
export function countFittingInOrder(
  { first, publications }: PublicationRun,
  waiting: readonly UnnumberedPush[],
  length: number,
): Fitting {
  if (waiting.length === 0) return { publications: publications.length, pushes: 0, isAll: true };
  let left = length;
  let taken = 0;
  let pushes = 0;
  for (;;) {
    const push = waiting[pushes];
    const isPush = push !== undefined && push.after < first + taken;
    const next = isPush ? push.push : publications[taken];
    left -= next?.length ?? 0;
    if (next === undefined || (left < 0 && taken + pushes > 0))
      return { publications: taken, pushes, isAll: next === undefined };
    if (isPush) pushes += 1;
    else taken += 1;
  }
}

/** Characters of these texts together. */
export function lengthOf(texts: readonly string[]): number {
  let length = 0;
  for (const text of texts) length += text.length;
  return length;
}

export function lengthOfPushes(pushes: readonly UnnumberedPush[]): number {
  let length = 0;
  for (const { push } of pushes) length += push.length;
  return length;
}

/** The pushes of numbered and unnumbered publications, in the order in which they were published. */
export function inOrder(
  { first, publications }: PublicationRun,
  unnumbered: readonly UnnumberedPush[],
  encode: (publication: string) => string,
): string[] {
  if (unnumbered.length === 0) return publications.map(encode);
  const pushes: string[] = [];
  let waiting = 0;
  for (const [index, publication] of publications.entries()) {
    for (let next = unnumbered[waiting]; next && next.after < first + index; next = unnumbered[waiting]) {
      pushes.push(next.push);
      waiting += 1;
    }
    pushes.push(encode(publication));
  }
  for (const { push } of unnumbered.slice(waiting)) pushes.push(push);
  return pushes;
}
