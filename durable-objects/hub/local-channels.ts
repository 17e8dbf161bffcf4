import { encodePublicationPush } from "../../src/protocol/encode.ts";
import { joinLines } from "../../src/protocol/frames.ts";
import type { Members } from "./calls.ts";
import type { Session } from "./session.ts";
import type { Subscription } from "./session-state.ts";

/** The sessions of one hub that are subscribed to one channel. */
export class LocalChannel {
  readonly name: string;
  /** The name as JSON, encoded once for all pushes. */
  readonly json: string;
  readonly subscribers = new Map<Session, Subscription>();

  constructor(name: string) {
    this.name = name;
    this.json = JSON.stringify(name);
  }

  /** Sends publications to every subscriber: encoded once, the same text for all. */
  publish(publications: readonly string[]): void {
    if (publications.length === 0) return;
    this.push(publications.map((publication) => encodePublicationPush(this.json, publication)));
  }

  /** Sends complete pushes to every subscriber. */
  push(pushes: readonly string[]): void {
    for (const lines of joinLines(pushes)) for (const session of this.subscribers.keys()) session.push(lines);
  }

  /** Sends complete join and leave pushes to those who asked for them. */
  announce(pushes: readonly string[]): void {
    for (const lines of joinLines(pushes)) {
      for (const [session, subscription] of this.subscribers) {
        if (subscription.wantsJoinLeave) session.push(lines);
      }
    }
  }

  /** The members that show in presence. `infoOf` encodes one. */
  members(infoOf: (session: Session, subscription: Subscription) => string): Members {
    const members: [string, string][] = [];
    for (const [session, subscription] of this.subscribers) {
      if (subscription.isPresent) members.push([session.state.client, infoOf(session, subscription)]);
    }
    return members;
  }
}

/** Every channel that some session of this hub is subscribed to. */
export class LocalChannels {
  readonly #channels = new Map<string, LocalChannel>();

  get count(): number {
    return this.#channels.size;
  }

  get(channel: string): LocalChannel | undefined {
    return this.#channels.get(channel);
  }

  has(channel: string): boolean {
    return this.#channels.has(channel);
  }

  add(session: Session, subscription: Subscription): LocalChannel {
    const { channel } = subscription;
    const local = this.#channels.get(channel) ?? new LocalChannel(channel);
    this.#channels.set(channel, local);
    local.subscribers.set(session, subscription);
    return local;
  }

  remove(session: Session, channel: string): void {
    const local = this.#channels.get(channel);
    if (local?.subscribers.delete(session) && local.subscribers.size === 0) this.#channels.delete(channel);
  }
}
