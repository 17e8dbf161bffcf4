import type { Tally } from "../channels/member-counts.ts";
import type { TooLarge } from "../hub-rpc/messages.ts";

type Entries<Key, Value> = Iterable<readonly [Key, Value]>;

/** Asks a hub for its members, at most so much of them. */
export type AskHub<Key, Value> = (hub: string, limit: number) => Promise<Entries<Key, Value> | TooLarge>;

export interface RemoteMembersSettings<Key, Value> {
  /** How long an answer serves, in milliseconds. */
  readonly maxAge: number;
  sizeOf(key: Key, value: Value): number;
  /** Takes note of every member that comes and goes. */
  readonly tally?: Tally<Value>;
}

/** The members at one hub, as far as is known. */
class HubMembers<Key, Value> {
  members = new Map<Key, Value>();
  /** The size of what the hub has not told, because it was more than was asked for. */
  untold = 0;
  /** When it was last asked, or has told by itself, in milliseconds. */
  knownAt = Number.NEGATIVE_INFINITY;
  /** The answer that is awaited. */
  asking: Promise<void> | undefined;
  /** Joins, and leaves without a value, that came while it was asked: its answer may be older. */
  since: [key: Key, joined: Value | undefined][] = [];
}

/**
 * What other hubs have told of the members of one channel. Each is asked again when its answer is too old; joins and
 * leaves that come in between are added to it.
 */
export class RemoteMembers<Key, Value> {
  readonly #settings: RemoteMembersSettings<Key, Value>;
  readonly #hubs = new Map<string, HubMembers<Key, Value>>();

  constructor(settings: RemoteMembersSettings<Key, Value>) {
    this.#settings = settings;
  }

  /**
   * Makes sure that what is known of some hubs is recent, and fits into `room` together. Returns its size, where it does
   * not fit that of all there is. Rejects as `ask` does.
   *
   * Each hub is asked for an equal share, so that no more comes than there is room for; who has more than its share is
   * asked again when others have left room for it.
   */
  async gather(hubs: readonly string[], room: number, now: number, ask: AskHub<Key, Value>): Promise<number> {
    const share = Math.floor(room / hubs.length);
    await Promise.all(hubs.map((hub) => this.#refresh(hub, now, () => ask(hub, share))));
    const size = this.#sizeOf(hubs);
    const untold = hubs.filter((hub) => this.#hub(hub).untold > 0);
    if (size > room || untold.length === 0) return size;
    const spare = Math.floor((room - size) / untold.length);
    await Promise.all(
      untold.map((hub) => {
        const known = this.#hub(hub);
        return known.asking ?? this.#ask(known, now, () => ask(hub, known.untold + spare));
      }),
    );
    const isComplete = hubs.every((hub) => this.#hub(hub).untold === 0);
    return isComplete ? this.#sizeOf(hubs) : Number.POSITIVE_INFINITY;
  }

  /** Takes what a hub tells unasked. It is newer than an answer that is still awaited. */
  tell(hub: string, now: number, members: Entries<Key, Value>): void {
    const known = this.#hub(hub);
    known.asking = undefined;
    known.knownAt = now;
    this.#replace(known, members);
  }

  /** Takes note that a member has come to a hub, if anything is known of that hub; without a value, that it has left. */
  note(hub: string, key: Key, joined: Value | undefined): void {
    const known = this.#hubs.get(hub);
    if (known === undefined) return;
    if (known.asking) known.since.push([key, joined]);
    this.#change(known, key, joined);
  }

  /** Forgets all other hubs. */
  keepOnly(hubs: readonly string[]): void {
    const kept = new Set(hubs);
    for (const [hub, known] of this.#hubs) {
      if (kept.has(hub)) continue;
      known.asking = undefined;
      this.#replace(known, []);
      this.#hubs.delete(hub);
    }
  }

  /** The members that are known at a hub. */
  at(hub: string): Entries<Key, Value> {
    return this.#hubs.get(hub)?.members ?? [];
  }

  #hub(name: string): HubMembers<Key, Value> {
    const known = this.#hubs.get(name) ?? new HubMembers<Key, Value>();
    this.#hubs.set(name, known);
    return known;
  }

  #sizeOf(hubs: readonly string[]): number {
    let size = 0;
    for (const { members, untold } of hubs.map((hub) => this.#hub(hub))) {
      size += untold;
      for (const [key, value] of members) size += this.#settings.sizeOf(key, value);
    }
    return size;
  }

  async #refresh(hub: string, now: number, ask: () => ReturnType<AskHub<Key, Value>>): Promise<void> {
    const known = this.#hub(hub);
    if (known.asking) await known.asking;
    else if (now - known.knownAt >= this.#settings.maxAge) await this.#ask(known, now, ask);
  }

  #ask(known: HubMembers<Key, Value>, now: number, ask: () => ReturnType<AskHub<Key, Value>>): Promise<void> {
    known.knownAt = now;
    known.since = [];
    const asking: Promise<void> = ask().then(
      (answer) => {
        if (known.asking === asking) this.#take(known, answer);
      },
      (failure) => {
        if (known.asking === asking) known.asking = undefined;
        known.knownAt = Number.NEGATIVE_INFINITY;
        throw failure;
      },
    );
    known.asking = asking;
    return asking;
  }

  #take(known: HubMembers<Key, Value>, answer: Entries<Key, Value> | TooLarge): void {
    known.asking = undefined;
    if ("untold" in answer) {
      this.#replace(known, []);
      known.untold = answer.untold;
      return;
    }
    this.#replace(known, answer);
    for (const [key, joined] of known.since) this.#change(known, key, joined);
  }

  #replace(known: HubMembers<Key, Value>, members: Entries<Key, Value>): void {
    const { tally } = this.#settings;
    for (const value of known.members.values()) tally?.remove(value);
    known.untold = 0;
    known.members = new Map(members);
    for (const value of known.members.values()) tally?.add(value);
  }

  #change({ members, untold }: HubMembers<Key, Value>, key: Key, joined: Value | undefined): void {
    // Of members that were not told, nothing is counted one by one.
    if (untold > 0) return;
    const { tally } = this.#settings;
    const before = members.get(key);
    if (before !== undefined) tally?.remove(before);
    if (joined === undefined) members.delete(key);
    else members.set(key, joined);
    if (joined !== undefined) tally?.add(joined);
  }
}
