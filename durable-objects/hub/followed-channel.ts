import { HUB_LIMITS } from "../../src/limits.ts";
import type { Run } from "./calls.ts";

/** One channel that this hub follows: how far all of its sessions are. Kept in memory only. */
export class FollowedChannel {
  readonly name: string;
  generation: number | undefined;
  epoch = "";
  /** What every session here has seen. Undefined after sleep, until the home says so. */
  offset: number | undefined;
  /** Subscriptions that are being set up. What arrives meanwhile is held for them. */
  opening = 0;
  readonly #held: Run[] = [];
  #heldCount = 0;
  #isOverfull = false;

  constructor(name: string) {
    this.name = name;
  }

  /** Whether more was to be held than may be: a subscription that is being set up would miss some of it. */
  get isOverfull(): boolean {
    return this.#isOverfull;
  }

  get held(): readonly Run[] {
    return this.#held;
  }

  hold(run: Run): void {
    if (this.opening === 0 || run.publications.length === 0) return;
    this.#heldCount += run.publications.length;
    if (this.#heldCount > HUB_LIMITS.followerQueue) this.#isOverfull = true;
    else this.#held.push(run);
  }

  /** Ends one setting up; with the last one, nothing is held any more. */
  opened(): void {
    this.opening -= 1;
    if (this.opening > 0) return;
    this.#held.length = 0;
    this.#heldCount = 0;
    this.#isOverfull = false;
  }

  /** The held publications after an offset, in order and without repeats. */
  heldAfter(offset: number): string[] {
    const publications: string[] = [];
    let last = offset;
    for (const run of this.#held) {
      const unseen = runAfter(run, last);
      publications.push(...unseen);
      last += unseen.length;
    }
    return publications;
  }
}

/** The publications of a run that follow `offset` without a gap; none when there is a gap, or nothing new. */
export function runAfter({ first, publications }: Run, offset: number): readonly string[] {
  const start = offset + 1 - first;
  if (start < 0 || start >= publications.length) return [];
  return start === 0 ? publications : publications.slice(start);
}
