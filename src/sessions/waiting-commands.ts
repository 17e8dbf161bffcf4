import { HUB_LIMITS } from "../shared/limits.ts";

/**
 * What the commands of all sessions of a hub hold on to while they wait: for a backend, another hub, a connect. Each session
 * has a limit of its own, but a thousand of them would fill the memory of the hub.
 */
export class WaitingCommands {
  #length = 0;

  /** Whether so many characters more may wait. */
  hasSpaceFor(length: number): boolean {
    return this.#length + length <= HUB_LIMITS.waitingLength;
  }

  /** Counts characters that wait; negative: that do not any more. */
  count(length: number): void {
    this.#length += length;
  }
}
