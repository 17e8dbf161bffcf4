import { ROOM_LIMITS } from "../shared/limits.ts";

/** Whether a topic may have this name. */
export function isTopic(topic: string): boolean {
  return topic.length > 0 && topic.length <= ROOM_LIMITS.topicLength;
}

const NOBODY: ReadonlySet<never> = new Set<never>();

/** Who is subscribed to what in one room. It is rebuilt from the attachments after sleep. */
export class Topics<Subscriber> {
  readonly #subscribers = new Map<string, Set<Subscriber>>();

  add(topic: string, subscriber: Subscriber): void {
    const subscribers = this.#subscribers.get(topic);
    if (subscribers === undefined) this.#subscribers.set(topic, new Set([subscriber]));
    else subscribers.add(subscriber);
  }

  remove(topic: string, subscriber: Subscriber): void {
    const subscribers = this.#subscribers.get(topic);
    if (subscribers?.delete(subscriber) && subscribers.size === 0) this.#subscribers.delete(topic);
  }

  subscribers(topic: string): ReadonlySet<Subscriber> {
    return this.#subscribers.get(topic) ?? NOBODY;
  }
}
