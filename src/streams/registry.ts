import type { ReplyLimits } from "../config/connection.ts";
import type {
  FollowAnswer,
  FollowCall,
  FollowRequest,
  PublicationRun,
  UnfollowCall,
} from "../hub-rpc/messages.ts";
import { HUB_LIMITS } from "../shared/limits.ts";
import type { Deliveries } from "./deliveries.ts";
import type { Home } from "./home.ts";
import { type FollowerState, type HomeChannel, isExact, newFollower } from "./home-channel.ts";
import { readRecovery } from "./home-reads.ts";
import { lastOf, lengthOf } from "./publication-run.ts";

/** Takes followers in at a home. A registration is stored: only the follower's own word that nobody is there ends it. */
export class Registry {
  readonly #home: Home;
  readonly #deliveries: Deliveries;
  readonly #limits: ReplyLimits;
  #lastGeneration = 0;

  constructor(home: Home, deliveries: Deliveries, limits: ReplyLimits) {
    this.#limits = limits;
    this.#home = home;
    this.#deliveries = deliveries;
  }

  /**
   * Answers the requests of one call, undefined for a channel of no configured namespace. Where the answers grow too
   * long for one call, the last requests get none: they are to be made again.
   */
  answer({ hub, requests }: FollowCall): (FollowAnswer | undefined)[] {
    const answers: (FollowAnswer | undefined)[] = [];
    let room = HUB_LIMITS.callLength;
    for (const request of requests) {
      if (room <= 0) break;
      const answer = this.register(hub, request);
      room -= lengthOf(answer?.missed?.publications ?? []) + lengthOf(answer?.history?.publications ?? []);
      answers.push(answer);
    }
    return answers;
  }

  /** Registers a hub and says where the stream is. Undefined for a channel of no configured namespace. */
  register(hub: string, request: FollowRequest): FollowAnswer | undefined {
    const channel = this.#home.channel(request.channel);
    if (channel === undefined) return undefined;
    const now = Date.now();
    this.#home.open(channel, now);
    const known = channel.followers.get(hub);
    // Nothing vouches for a hub that was not registered, except where there is nothing to have seen.
    const vouched = known && isExact(known) ? known.acknowledged : channel.hasHistory ? undefined : 0;
    const follower = this.#followerOf(channel, hub, request, known, now);
    const { recovery } = request;
    const answer = {
      generation: follower.generation,
      epoch: channel.epoch,
      offset: channel.top,
      vouched,
      missed: this.#missed(channel, positionOf(channel, request) ?? vouched, now),
      history: undefined,
      ...(recovery && readRecovery(this.#home, channel, recovery, this.#limits, now)),
    };
    if (follower.acknowledged < channel.top) {
      // What it is told here is not acknowledged yet: a delivery that brings it up to date will be.
      follower.sent = channel.top;
      this.#deliveries.catchUp(channel);
    }
    return answer;
  }

  /** Ends registrations of a hub where nobody is any more. One that has been renewed since is not ended: the hub is asked. */
  end({ hub, registrations }: UnfollowCall): void {
    for (const { channel: name, generation } of registrations) {
      const channel = this.#home.channel(name);
      const follower = channel?.followers.get(hub);
      if (channel === undefined || follower === undefined) continue;
      if (follower.generation === generation) this.#deliveries.forget(channel, hub);
      else this.#deliveries.ask(channel, [hub]);
    }
  }

  #followerOf(
    channel: HomeChannel,
    hub: string,
    request: FollowRequest,
    known: FollowerState | undefined,
    now: number,
  ): FollowerState {
    if (known && request.generation === known.generation) return known;
    const follower = known ?? newFollower(0, positionOf(channel, request) ?? channel.top, channel.top);
    follower.generation = this.#nextGeneration(known, now);
    channel.setFollower(hub, follower);
    this.#home.saveFollower(channel, hub, follower.generation, now);
    return follower;
  }

  /** Larger than any before it, also after sleep: an answer of an earlier registration must not end this one. */
  #nextGeneration(known: FollowerState | undefined, now: number): number {
    this.#lastGeneration = Math.max(now, this.#lastGeneration + 1, (known?.generation ?? 0) + 1);
    return this.#lastGeneration;
  }

  /** What comes after an offset, if all of it is there and fits into the answer. */
  #missed(channel: HomeChannel, seen: number | undefined, now: number): PublicationRun | undefined {
    if (seen === undefined || !channel.hasHistory) return undefined;
    const run = this.#home.after(channel, seen, HUB_LIMITS.callLength, now);
    return run && lastOf(run) >= channel.top ? run : undefined;
  }
}

/** What the follower's sessions have seen by its own word. */
function positionOf(channel: HomeChannel, { position }: FollowRequest): number | undefined {
  return position?.epoch === channel.epoch ? position.offset : undefined;
}
