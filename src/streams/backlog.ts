import type { PublicationRun } from "../hub-rpc/messages.ts";
import { BoundedSum } from "../shared/bounded-sum.ts";
import { HUB_LIMITS } from "../shared/limits.ts";
import type { HomeChannel } from "./home-channel.ts";
import { lengthOf } from "./publication-run.ts";

/** What waits in memory for the followers of all channels that are homed here, in characters. */
export class Backlog {
  readonly #channels: ReadonlyMap<string, HomeChannel>;
  readonly #length = new BoundedSum(HUB_LIMITS.allBacklogsLength, () => this.#take());

  constructor(channels: ReadonlyMap<string, HomeChannel>) {
    this.#channels = channels;
  }

  /** Remembers what is stored for the followers of a channel. */
  remember(channel: HomeChannel, run: PublicationRun): void {
    channel.remember(run);
    this.add(lengthOf(run.publications));
  }

  /** Counts what begins to wait. Where all is too much, what is stored is forgotten: followers get it from the history. */
  add(length: number): void {
    this.#length.add(length);
    if (!this.#length.isOver) return;
    for (const channel of this.#channels.values()) channel.forgetRecent();
    this.#length.retake();
  }

  /** Whether there is room for what has no offset, and would be lost if it were forgotten. */
  get hasSpace(): boolean {
    return !this.#length.isOver || !this.#length.retake();
  }

  #take(): number {
    let length = 0;
    for (const channel of this.#channels.values()) length += channel.recent.length + longestQueue(channel);
    return length;
  }
}

/** What waits for several followers of a channel are the same texts. */
function longestQueue({ followers }: HomeChannel): number {
  let longest = 0;
  for (const { queuedLength } of followers.values()) longest = Math.max(longest, queuedLength);
  return longest;
}
