import { CHANNEL_LIMITS } from "../../src/limits.ts";
import type { Members, PresenceCall } from "./calls.ts";
import type { HubStub } from "./hub-stub.ts";

/** What presence needs of its hub. */
export interface HubOfPresence {
  readonly name: string;
  stubOf(hub: string): HubStub;
  membersHere(channel: string): Members;
  /** The hubs that follow a channel that is homed here. */
  followersOf(channel: string): Iterable<string>;
}

interface Asked {
  readonly at: number;
  readonly members: Promise<Members>;
}

/**
 * Who is subscribed to a channel, on all hubs: asked, not stored, so that nobody is listed who is gone. Answers of
 * followers are reused for a moment; what the asking hub and this one know is always fresh.
 */
export class Presence {
  readonly #hub: HubOfPresence;
  readonly #asked = new Map<string, Asked>();

  constructor(hub: HubOfPresence) {
    this.#hub = hub;
  }

  /** Asks the home of a channel. Throws when it, or one of its followers, does not answer. */
  async ask(channel: string, home: string): Promise<Members> {
    const { name: asker } = this.#hub;
    const members = this.#hub.membersHere(channel);
    if (home === asker) return this.answer({ channel, asker, members });
    return this.#hub.stubOf(home).presence({ channel, asker, members });
  }

  /** Answers as the home of a channel. */
  async answer({ channel, asker, members }: PresenceCall): Promise<Members> {
    const others = Array.from(this.#hub.followersOf(channel)).filter((hub) => hub !== asker);
    const answers = await Promise.all(others.map((hub) => this.#membersAt(hub, channel)));
    const here = asker === this.#hub.name ? [] : this.#hub.membersHere(channel);
    return [...members, ...here, ...answers.flat()];
  }

  #membersAt(hub: string, channel: string): Promise<Members> {
    const now = Date.now();
    const key = `${hub} ${channel}`;
    const known = this.#asked.get(key);
    if (known && now - known.at < CHANNEL_LIMITS.presenceAge) return known.members;
    for (const [old, { at }] of this.#asked)
      if (now - at >= CHANNEL_LIMITS.presenceAge) this.#asked.delete(old);
    const members = this.#hub.stubOf(hub).members({ channel });
    this.#asked.set(key, { at: now, members });
    members.catch(() => this.#asked.delete(key));
    return members;
  }
}
