import { OVERVIEW_LIMITS } from "../shared/limits.ts";
import { logFailure } from "../shared/log.ts";
import type { KeptReport } from "./hub-overview.ts";
import type { OverviewMessage, OverviewSnapshot } from "./messages.ts";
import type { Overview } from "./overview.ts";

/** What the feed needs of the directory. */
export interface DirectoryOfFeed {
  /** Whether an overview may be open: kept over sleep. */
  isWatched: boolean;
  /** Reads what has been reported. */
  load(): Overview;
  /** Tells open overviews, and answers whether there are any. */
  publish(message: OverviewMessage): Promise<boolean>;
}

/**
 * Tells open overviews what hubs report, at most once in `OVERVIEW_LIMITS.interval`. While none is open it does nothing:
 * no timer, no call.
 */
export class OverviewFeed {
  readonly #directory: DirectoryOfFeed;
  #overview: Overview | undefined;
  #pushedAt = Number.NEGATIVE_INFINITY;
  /** Whether a push waits for its time, or is under way. */
  #isPushing = false;
  /** Whether there was a report since the last push. */
  #hasNews = false;
  /** Whether open overviews know everything but the changes: not after sleep, nor after a push that has failed. */
  #knowTheRest = false;
  /** Overviews that have been opened in this waking life. */
  #opened = 0;

  constructor(directory: DirectoryOfFeed) {
    this.#directory = directory;
  }

  snapshot(): OverviewSnapshot {
    return this.#loaded.snapshot(Date.now());
  }

  /** An overview is opened: it gets the snapshot, and then what changes. */
  open(): OverviewSnapshot {
    this.#opened += 1;
    if (!this.#directory.isWatched) this.#directory.isWatched = true;
    return this.snapshot();
  }

  /** Takes a report that has been stored. */
  take(report: KeptReport): void {
    this.#overview?.take(report);
    this.#hasNews = true;
    this.#pushSoon();
  }

  /** Forgets what it knows of hubs: some have been deleted. */
  reset(): void {
    this.#overview = undefined;
    this.#knowTheRest = false;
  }

  get #loaded(): Overview {
    this.#overview ??= this.#directory.load();
    return this.#overview;
  }

  #pushSoon(): void {
    if (this.#isPushing || !this.#directory.isWatched) return;
    this.#isPushing = true;
    setTimeout(() => void this.#push(), Math.max(0, this.#pushedAt + OVERVIEW_LIMITS.interval - Date.now()));
  }

  async #push(): Promise<void> {
    const now = Date.now();
    this.#pushedAt = now;
    this.#hasNews = false;
    const opened = this.#opened;
    try {
      const changes = this.#loaded.changes(now);
      const message = this.#knowTheRest ? changes : this.#loaded.snapshot(now);
      this.#knowTheRest = true;
      const isWatched = await this.#directory.publish(message);
      // One that was opened meanwhile may have come too late to be counted.
      if (!isWatched && opened === this.#opened) this.#close();
    } catch (failure) {
      this.#knowTheRest = false;
      logFailure("directory.overview_not_pushed", failure);
    } finally {
      this.#isPushing = false;
      if (this.#hasNews) this.#pushSoon();
    }
  }

  #close(): void {
    this.#directory.isWatched = false;
    this.#knowTheRest = false;
  }
}
