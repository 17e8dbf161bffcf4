import type {
  DeliverCall,
  Delivery,
  DeliveryAnswer,
  EndedRegistration,
  FollowAnswer,
  FollowRequest,
  PublicationRun,
  Recovering,
  Unnumbered,
} from "../hub-rpc/messages.ts";
import type { WirePublication } from "../protocol/messages.ts";
import { type CloseDefinition, UNSUBSCRIBES } from "../shared/codes.ts";
import { FollowedChannel } from "./followed-channel.ts";
import type { LocalChannels } from "./local-channels.ts";
import { runAfter } from "./publication-run.ts";
import { SweepSchedule } from "./sweep-schedule.ts";

/** What a follower needs of its hub. */
export interface HubOfFollower {
  readonly locals: LocalChannels;
  /** Milliseconds after which the sender of a call gives it up, and may have sent another. */
  readonly callTimeout: number;
  /** Registers with the home of a channel. Throws when it does not answer. */
  follow(request: FollowRequest): Promise<FollowAnswer>;
  /** Nobody here is subscribed to a channel any more, nor about to be. */
  vacated(channel: string): void;
  /** Ends every subscription to a channel in a way that makes the clients recover by their own offsets. */
  endSubscriptions(channel: string, unsubscribe: CloseDefinition): void;
}

/** A channel that is open for a subscription: its position, and what was asked of its history. One of `commit` and `abandon` must follow. */
export interface Opening {
  readonly epoch: string;
  readonly offset: number;
  readonly history: PublicationRun | undefined;
  /** Whether that is longer than it may be, and therefore not here. */
  readonly isLong?: boolean | undefined;
  /** The session is about to be subscribed. Returns what was published after `offset` meanwhile, to be pushed after the reply. */
  commit(): readonly WirePublication[];
  /** Gives the subscription up. */
  abandon(): void;
}

/** Too much was published while the channel was opened: the session would have a gap. */
export class OpeningOverflow extends Error {}

/** The last call of a home that was taken. Times are in milliseconds. */
interface LastCall {
  readonly incarnation: string;
  readonly sequence: number;
  readonly sentAt: number;
  readonly takenAt: number;
  /** Since when the calls of that home are remembered. */
  readonly since: number;
}

/** Whether the sessions here can be handed what is delivered: they are up to date, nobody knows, or never again. */
type Standing = "current" | "unknown" | "unnumbered" | "lost";

const NOTHING: PublicationRun = { first: 1, publications: [] };

/** The channels that this hub follows for its sessions: a cache with sockets, that the home keeps up to date. */
export class Follower {
  readonly #hub: HubOfFollower;
  readonly #channels = new Map<string, FollowedChannel>();
  readonly #lastCalls = new Map<string, LastCall>();
  readonly #sweeps = {
    channels: new SweepSchedule(),
    lastCalls: new SweepSchedule(),
  };

  constructor(hub: HubOfFollower) {
    this.#hub = hub;
  }

  /** Channels, and homes that have called, that are in memory. */
  get size(): number {
    return this.#channels.size + this.#lastCalls.size;
  }

  /** Whether the home of a channel knows that this hub follows it, and where its sessions are. */
  isFollowing(name: string): boolean {
    const { generation, offset } = this.#channels.get(name) ?? {};
    return generation !== undefined && offset !== undefined;
  }

  /** Opens a channel for a subscription, registering with its home where that is needed. */
  async open(name: string, recovery: Recovering | undefined): Promise<Opening> {
    const channel = this.#channels.get(name) ?? this.#begin(name);
    const endOpening = channel.startOpening();
    const { generation, epoch, offset } = channel;
    if (generation !== undefined && offset !== undefined && recovery === undefined) {
      return this.#opening(channel, { epoch, offset, history: undefined }, endOpening);
    }
    try {
      const position = offset === undefined ? undefined : { epoch, offset };
      const answer = await this.#hub.follow({ channel: name, generation, position, recovery });
      this.#adopt(channel, answer);
      return this.#opening(channel, answer, endOpening);
    } catch (failure) {
      endOpening();
      // It may have been registered all the same.
      this.#noteIfVacated(channel);
      throw failure;
    }
  }

  /** Forgets a channel and returns what its registration is; undefined while somebody is subscribed or about to be. */
  leave(name: string): EndedRegistration | undefined {
    const channel = this.#channels.get(name);
    if (this.#hub.locals.has(name) || (channel && channel.opening > 0)) return undefined;
    // Before the home is told: whoever comes next has to register anew, with a generation that this call does not end.
    this.#channels.delete(name);
    return { channel: name, generation: channel?.generation };
  }

  /** Forgets channels that nobody here is subscribed to, or about to be. */
  sweep(): void {
    const { locals } = this.#hub;
    for (const { name, opening } of this.#channels.values())
      if (opening === 0 && !locals.has(name)) this.#channels.delete(name);
    this.#sweeps.channels.swept(this.#channels.size);
  }

  /** Takes what a home delivers, and says how far the sessions here are then. */
  deliver({ home, incarnation, sequence, sentAt, deliveries }: DeliverCall): DeliveryAnswer[] {
    const last = this.#lastCalls.get(home);
    const takenAt = Date.now();
    const call = { incarnation, sequence, sentAt, takenAt, since: last?.since ?? takenAt };
    const isGivenUp = takenAt - sentAt > this.#hub.callTimeout;
    const isOld = last !== undefined && this.#isBefore(call, last);
    if (!isOld) this.#noteCall(home, call);
    // A call that was given up may have been followed by others, which this hub has slept over.
    const isRepeat = isOld || (isGivenUp && (last?.incarnation !== incarnation || sentAt < call.since));
    return deliveries.map((delivery) => this.#take(delivery, isRepeat, delivery.vouched && !isGivenUp));
  }

  #begin(name: string): FollowedChannel {
    // Who comes back to a channel that was left finds its position here, but not of any number of channels.
    if (this.#sweeps.channels.isDue(this.#channels.size)) this.sweep();
    const channel = new FollowedChannel(name);
    this.#channels.set(name, channel);
    return channel;
  }

  /**
   * Whether a call was sent before the last one that was taken. Those of a home that was reset meanwhile are told apart by
   * its clock, but not for longer than a call may take: it may have been set back.
   */
  #isBefore({ incarnation, sequence, sentAt, takenAt }: LastCall, last: LastCall): boolean {
    if (incarnation === last.incarnation) return sequence <= last.sequence;
    return sentAt < last.sentAt && takenAt - last.takenAt <= this.#hub.callTimeout;
  }

  /** What is older than a call may take need not be remembered: whatever comes after it counts as given up. */
  #noteCall(home: string, call: LastCall): void {
    this.#lastCalls.set(home, call);
    if (!this.#sweeps.lastCalls.isDue(this.#lastCalls.size)) return;
    for (const [other, { takenAt }] of this.#lastCalls)
      if (call.takenAt - takenAt > 2 * this.#hub.callTimeout) this.#lastCalls.delete(other);
    this.#sweeps.lastCalls.swept(this.#lastCalls.size);
  }

  #take(delivery: Delivery, isRepeat: boolean, isVouched: boolean): DeliveryAnswer {
    const { channel: name, generation } = delivery;
    const channel = this.#known(name);
    if (channel === undefined) return { channel: name, generation, nobody: true, offset: undefined };
    const local = this.#hub.locals.get(name);
    // Only those who are here can have been registered by it. A subscription that is being set up registers anew.
    if (local) channel.generation = Math.max(channel.generation ?? 0, generation);
    // What has no offset cannot be told from a repeat, so a repeated call brings none of it.
    const unnumbered = isRepeat ? [] : delivery.unnumbered;
    if (!isRepeat) local?.announce(delivery.joinLeave);
    const standing = this.#standing(channel, delivery, isVouched);
    if (standing === "current") this.#apply(channel, runOf(delivery), unnumbered);
    else this.#hub.locals.publishTo(name, NOTHING, unnumbered);
    const isThere = standing !== "lost";
    if (!isThere) this.#lose(channel);
    return { channel: name, generation, nobody: !isThere && channel.opening === 0, offset: channel.offset };
  }

  /** Finds out where the sessions here are, from what the home knows of them. */
  #standing(channel: FollowedChannel, delivery: Delivery, isVouched: boolean): Standing {
    const { previous } = delivery;
    if (previous === undefined) return "unnumbered";
    if (channel.offset === undefined) {
      channel.hold(runOf(delivery), delivery.epoch);
      // Nobody is here yet, or the home's answer to a subscription that is being set up may say where they are.
      if (!this.#hub.locals.has(channel.name)) return "unknown";
      if (delivery.lost) return "lost";
      if (!isVouched) return channel.opening > 0 ? "unknown" : "lost";
      channel.offset = previous;
      channel.epoch = delivery.epoch;
    }
    const isLost = channel.epoch !== delivery.epoch || (delivery.lost && channel.offset < previous);
    return isLost ? "lost" : "current";
  }

  /** Hands out what the sessions here have not seen. */
  #apply(channel: FollowedChannel, run: PublicationRun, unnumbered: readonly Unnumbered[] = []): void {
    if (channel.offset === undefined) return;
    const unseen = { first: channel.offset + 1, publications: runAfter(run, channel.offset) };
    channel.hold(unseen, channel.epoch);
    channel.offset += unseen.publications.length;
    this.#hub.locals.publishTo(channel.name, unseen, unnumbered);
  }

  /** Believes what the home says about a channel, and brings the sessions that are here up to date with it. */
  #adopt(channel: FollowedChannel, answer: FollowAnswer): void {
    channel.generation = Math.max(channel.generation ?? 0, answer.generation);
    if (channel.offset !== undefined && channel.epoch !== answer.epoch) this.#lose(channel);
    if (channel.offset === undefined) {
      // Sessions that this hub has slept over are where the home says, or nobody knows.
      if (answer.vouched === undefined) this.#lose(channel);
      channel.offset = this.#hub.locals.has(channel.name) ? answer.vouched : answer.offset;
      channel.epoch = answer.epoch;
    }
    const held = [...channel.heldOf(answer.epoch)];
    if (answer.missed) this.#apply(channel, answer.missed);
    for (const run of held) this.#apply(channel, run);
  }

  /** Ends the subscriptions of sessions that may have missed something. */
  #lose(channel: FollowedChannel): void {
    channel.offset = undefined;
    this.#hub.endSubscriptions(channel.name, UNSUBSCRIBES.insufficientState);
    if (channel.opening === 0) this.#channels.delete(channel.name);
  }

  #opening(
    channel: FollowedChannel,
    { epoch, offset, history, isLong }: Pick<FollowAnswer, "epoch" | "offset" | "history" | "isLong">,
    endOpening: () => void,
  ): Opening {
    const abandon = () => {
      endOpening();
      this.#noteIfVacated(channel);
    };
    return {
      epoch,
      offset,
      history,
      isLong,
      commit: () => {
        const meanwhile = channel.heldAfter(offset);
        // From here on the session gets what all get, so it has to be where they are.
        const isLevel = channel.epoch === epoch && channel.offset === offset + meanwhile.length;
        if (isLevel) endOpening();
        else abandon();
        if (!isLevel) throw new OpeningOverflow(channel.name);
        return meanwhile;
      },
      abandon,
    };
  }

  #noteIfVacated({ name, opening }: FollowedChannel): void {
    if (opening === 0 && !this.#hub.locals.has(name)) this.#hub.vacated(name);
  }

  /** The channel, if somebody here is subscribed to it or about to be. */
  #known(name: string): FollowedChannel | undefined {
    const known = this.#channels.get(name);
    if (this.#hub.locals.has(name)) return known ?? this.#begin(name);
    if (known && known.opening > 0) return known;
    this.#channels.delete(name);
    return undefined;
  }
}

function runOf({ previous = 0, publications }: Delivery): PublicationRun {
  return { first: previous + 1, publications };
}
