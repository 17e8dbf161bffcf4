import { CHANNEL_LIMITS, HUB_LIMITS } from "../../src/limits.ts";
import type { FollowAnswer, FollowRequest, Run } from "./calls.ts";
import type { Deliveries } from "./deliveries.ts";
import { type Home, readRecovery } from "./home.ts";
import type { FollowerState, HomeChannel } from "./home-channel.ts";
import type { StreamStore } from "./stream-store.ts";

/** Takes followers in at a home. A registration is stored: only the follower's own word that nobody is there ends it. */
export class Registry {
  readonly #home: Home;
  readonly #store: StreamStore;
  readonly #deliveries: Deliveries;
  #lastGeneration = 0;

  constructor(home: Home, store: StreamStore, deliveries: Deliveries) {
    this.#home = home;
    this.#store = store;
    this.#deliveries = deliveries;
  }

  /** Registers a hub and says where the stream is. Undefined for a channel of no configured namespace. */
  register(hub: string, request: FollowRequest): FollowAnswer | undefined {
    const channel = this.#home.channel(request.channel);
    if (channel === undefined) return undefined;
    const now = Date.now();
    this.#home.open(channel, now);
    const known = channel.followers.get(hub);
    // What the follower's sessions have seen: by its own word, or by what it acknowledged last.
    const seen = seenBy(channel, known, request);
    const follower = this.#followerOf(channel, hub, request, known);
    const { recovery } = request;
    const answer = {
      generation: follower.generation,
      epoch: channel.epoch,
      offset: channel.top,
      vouched: known?.isExact === false ? undefined : (known?.acknowledged ?? channel.top),
      missed: seen === undefined ? undefined : this.#missed(channel, seen, now),
      history: recovery && readRecovery(this.#home, channel, recovery, now),
    };
    // What it is told here is not acknowledged yet: a delivery that brings it up to date will be.
    if (known && channel.hasHistory && known.acknowledged < channel.top) {
      follower.isExact = false;
      this.#deliveries.catchUp(channel);
    }
    return answer;
  }

  #followerOf(
    channel: HomeChannel,
    hub: string,
    { generation }: FollowRequest,
    known: FollowerState | undefined,
  ) {
    if (known && generation === known.generation) return known;
    const state = known ?? {
      acknowledged: channel.top,
      isExact: true,
      isStuck: false,
      pushes: [],
      events: [],
    };
    const follower = Object.assign(state, { generation: this.#nextGeneration(known) });
    channel.followers.set(hub, follower);
    this.#store.saveFollower(channel.name, hub, follower.generation);
    return follower;
  }

  /** Larger than any before it, also after sleep: an answer of an earlier registration must not end this one. */
  #nextGeneration(known: FollowerState | undefined): number {
    this.#lastGeneration = Math.max(Date.now(), this.#lastGeneration + 1, (known?.generation ?? 0) + 1);
    return this.#lastGeneration;
  }

  #missed(channel: HomeChannel, seen: number, now: number): Run | undefined {
    return this.#home.after(
      channel,
      seen,
      Math.max(HUB_LIMITS.followerQueue, CHANNEL_LIMITS.recoveryPublications),
      now,
    );
  }
}

function seenBy(
  channel: HomeChannel,
  known: FollowerState | undefined,
  { position }: FollowRequest,
): number | undefined {
  if (!channel.hasHistory) return undefined;
  if (position !== undefined) return position.epoch === channel.epoch ? position.offset : undefined;
  return known?.isExact ? known.acknowledged : undefined;
}
