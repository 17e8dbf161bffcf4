import { HUB_LIMITS } from "../../src/limits.ts";
import type { Run } from "./calls.ts";
import { lengthOf, runAfter } from "./runs.ts";

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
  #heldLength = 0;

  constructor(name: string) {
    this.name = name;
  }

  get held(): readonly Run[] {
    return this.#held;
  }

  /** Holds publications for the subscriptions that are being set up, as long as they are not too many. */
  hold(run: Run): void {
    if (this.opening === 0 || run.publications.length === 0) return;
    this.#heldLength += lengthOf(run.publications);
    if (this.#heldLength <= HUB_LIMITS.backlogLength) this.#held.push(run);
  }

  /** Ends one setting up; with the last one, nothing is held any more. */
  opened(): void {
    this.opening -= 1;
    if (this.opening > 0) return;
    this.#held.length = 0;
    this.#heldLength = 0;
  }

  /** The held publications that follow an offset, in order, without repeats, up to the first gap. */
  heldAfter(offset: number): string[] {
    const publications: string[] = [];
    for (const run of this.#held) {
      for (const publication of runAfter(run, offset + publications.length)) publications.push(publication);
    }
    return publications;
  }
}
