import type { PublicationRun } from "../hub-rpc/messages.ts";
import type { WirePublication } from "../protocol/messages.ts";
import { HUB_LIMITS } from "../shared/limits.ts";
import { lengthOf, runAfter } from "./publication-run.ts";

/** One channel that this hub follows: how far all of its sessions are. Kept in memory only. */
export class FollowedChannel {
  readonly name: string;
  generation: number | undefined;
  epoch = "";
  /** What every session here has seen. Undefined after sleep, until the home says so. */
  offset: number | undefined;
  readonly #held: PublicationRun[] = [];
  #heldLength = 0;
  #heldEpoch = "";
  /** How many runs have been held and dropped again. */
  #dropped = 0;
  /**
   * Subscriptions that are being set up, with the number of runs that had been held when they began: the oldest first.
   * Undefined where there are none, as in most channels at most times.
   */
  #openings: Map<symbol, number> | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** How many subscriptions are being set up. What arrives meanwhile is held for them. */
  get opening(): number {
    return this.#openings?.size ?? 0;
  }

  /** Begins one setting up. Returns what ends it; then nothing is held that came before all others began. */
  startOpening(): () => void {
    const opening = Symbol(this.name);
    const openings = this.#openings ?? new Map<symbol, number>();
    this.#openings = openings.set(opening, this.#dropped + this.#held.length);
    return () => {
      if (!openings.delete(opening)) return;
      if (openings.size === 0) this.#openings = undefined;
      this.#dropBefore(openings.values().next().value ?? Number.POSITIVE_INFINITY);
    };
  }

  /** What is held of a stream; what was held of another one is dropped. */
  heldOf(epoch: string): readonly PublicationRun[] {
    this.#holdOnly(epoch);
    return this.#held;
  }

  /** Holds publications for the subscriptions that are being set up, as long as they are not too many. */
  hold(run: PublicationRun, epoch: string): void {
    if (this.opening === 0 || run.publications.length === 0) return;
    this.#holdOnly(epoch);
    const length = this.#heldLength + lengthOf(run.publications);
    if (length > HUB_LIMITS.backlogLength) return;
    this.#heldLength = length;
    this.#held.push(run);
  }

  /** The held publications that follow an offset, in order, without repeats, up to the first gap. */
  heldAfter(offset: number): WirePublication[] {
    const publications: WirePublication[] = [];
    for (const run of this.#held) {
      for (const publication of runAfter(run, offset + publications.length)) publications.push(publication);
    }
    return publications;
  }

  #holdOnly(epoch: string): void {
    if (epoch !== this.#heldEpoch) this.#dropBefore(Number.POSITIVE_INFINITY);
    this.#heldEpoch = epoch;
  }

  #dropBefore(number: number): void {
    const count = Math.max(0, Math.min(number - this.#dropped, this.#held.length));
    for (const { publications } of this.#held.splice(0, count)) this.#heldLength -= lengthOf(publications);
    this.#dropped += count;
  }
}
