import type { Subscription } from "./state.ts";

/** The subscriptions of one session that are being set up, and those that are asked to end. */
export class ChangingSubscriptions {
  #starting: Set<string> | undefined;
  /** Channels whose last command is an unsubscribe that has to wait, and that command. */
  #leaving: Map<string, object> | undefined;

  /** How many subscriptions there are, with those that are there already. */
  count(subscriptions: ReadonlyMap<string, Subscription>): number {
    let count = subscriptions.size;
    for (const channel of this.#starting ?? []) if (!subscriptions.has(channel)) count += 1;
    for (const channel of this.#leaving?.keys() ?? []) {
      if (subscriptions.has(channel) || this.#starting?.has(channel)) count -= 1;
    }
    return count;
  }

  /** Notes that a subscription is being set up. */
  start(channel: string): void {
    this.#starting ??= new Set();
    this.#starting.add(channel);
  }

  /** Notes that it is there, or was given up. */
  end(channel: string): void {
    this.#starting?.delete(channel);
  }

  /** Notes that the last command on a channel is an unsubscribe. */
  startLeaving(channel: string, command: object): void {
    this.#leaving ??= new Map();
    this.#leaving.set(channel, command);
  }

  /** Notes that a subscribe has come after it. */
  cancelLeaving(channel: string): void {
    this.#leaving?.delete(channel);
  }

  /** Notes that an unsubscribe, which waited for what was under way on its channel, waits no more. */
  hasLeft(channel: string, command: object): void {
    if (this.#leaving?.get(channel) === command) this.#leaving.delete(channel);
  }
}
