import { type CloseDefinition, UNSUBSCRIBES } from "../../src/codes.ts";
import type {
  DeliverCall,
  Delivery,
  DeliveryAnswer,
  FollowAnswer,
  FollowRequest,
  Recovering,
  Run,
} from "./calls.ts";
import { FollowedChannel, runAfter } from "./followed-channel.ts";
import type { LocalChannels } from "./local-channels.ts";

/** What a follower needs of its hub. */
export interface HubOfFollower {
  readonly locals: LocalChannels;
  /** Registers with the home of a channel. Throws when it does not answer. */
  follow(request: FollowRequest): Promise<FollowAnswer>;
  /** Ends every subscription to a channel in a way that makes the clients recover by their own offsets. */
  endSubscriptions(channel: string, unsubscribe: CloseDefinition): void;
}

/** A channel that a session is about to enter: its position, and what was asked of its history. */
export interface Entrance {
  readonly epoch: string;
  readonly offset: number;
  readonly history: Run | undefined;
  /** Lets the session in. Returns publications after `offset` that were handed out meanwhile, to be sent after the reply. */
  enter(): readonly string[];
  /** Gives the entrance up. */
  abandon(): void;
}

/** Setting up took so long that more arrived than could be held. */
export class EntranceOverfull extends Error {}

/** The channels that this hub follows for its sessions: a cache with sockets, that the home keeps up to date. */
export class Follower {
  readonly #hub: HubOfFollower;
  readonly #channels = new Map<string, FollowedChannel>();
  readonly #lastCalls = new Map<string, { incarnation: string; sequence: number }>();

  constructor(hub: HubOfFollower) {
    this.#hub = hub;
  }

  /** Opens the way into a channel, registering with its home where that is needed. */
  async open(name: string, recovery: Recovering | undefined): Promise<Entrance> {
    const channel = this.#channels.get(name) ?? new FollowedChannel(name);
    this.#channels.set(name, channel);
    channel.opening += 1;
    const { generation, epoch, offset } = channel;
    if (generation !== undefined && offset !== undefined && recovery === undefined) {
      return this.#entrance(channel, { epoch, offset, history: undefined });
    }
    try {
      const position = offset === undefined ? undefined : { epoch, offset };
      const answer = await this.#hub.follow({ channel: name, generation, position, recovery });
      this.#adopt(channel, answer);
      return this.#entrance(channel, answer);
    } catch (failure) {
      this.#giveUp(channel);
      throw failure;
    }
  }

  /** Takes what a home delivers, and says how far the sessions here are then. */
  deliver({ home, incarnation, sequence, deliveries }: DeliverCall): DeliveryAnswer[] {
    const last = this.#lastCalls.get(home);
    const isLate = last !== undefined && last.incarnation === incarnation && sequence <= last.sequence;
    if (!isLate) this.#lastCalls.set(home, { incarnation, sequence });
    return deliveries.map((delivery) => this.#take(delivery, isLate));
  }

  #take(delivery: Delivery, isLate: boolean): DeliveryAnswer {
    const { channel: name, generation } = delivery;
    const channel = this.#known(name);
    if (channel === undefined) return { channel: name, generation, nobody: true, offset: undefined };
    if (channel.generation === undefined || generation > channel.generation) channel.generation = generation;
    // What has no offset cannot be told from a repeat, so a late call brings none of it.
    if (!isLate) {
      const local = this.#hub.locals.get(name);
      local?.push(delivery.pushes);
      local?.announce(delivery.events);
    }
    const isThere = delivery.previous === undefined || this.#advance(channel, delivery, delivery.previous);
    if (!isThere) this.#lose(channel);
    return { channel: name, generation, nobody: !isThere && channel.opening === 0, offset: channel.offset };
  }

  /** Hands out what is new. Returns false when the sessions here cannot be brought up to date. */
  #advance(channel: FollowedChannel, delivery: Delivery, previous: number): boolean {
    const run = { first: previous + 1, publications: delivery.publications };
    if (channel.offset === undefined) {
      if (channel.opening > 0) channel.hold(run);
      if (!this.#hub.locals.has(channel.name)) return true;
      if (!delivery.vouched || delivery.lost) return channel.opening > 0 && !delivery.lost;
      channel.offset = previous;
      channel.epoch = delivery.epoch;
    }
    if (delivery.lost || channel.epoch !== delivery.epoch) return false;
    this.#apply(channel, run);
    return true;
  }

  #apply(channel: FollowedChannel, run: Run): void {
    if (channel.offset === undefined) return;
    const unseen = runAfter(run, channel.offset);
    if (unseen.length === 0) return;
    channel.hold({ first: channel.offset + 1, publications: unseen });
    channel.offset += unseen.length;
    this.#hub.locals.get(channel.name)?.publish(unseen);
  }

  /** Believes what the home says about a channel, and brings the sessions that are here up to date with it. */
  #adopt(channel: FollowedChannel, answer: FollowAnswer): void {
    channel.generation = Math.max(channel.generation ?? 0, answer.generation);
    const isSlept = channel.offset === undefined && this.#hub.locals.has(channel.name);
    if (channel.offset !== undefined && channel.epoch !== answer.epoch) this.#lose(channel);
    if (isSlept && answer.vouched === undefined) this.#lose(channel);
    channel.epoch = answer.epoch;
    channel.offset ??= isSlept ? answer.vouched : answer.offset;
    channel.offset ??= answer.offset;
    const held = [...channel.held];
    if (answer.missed) this.#apply(channel, answer.missed);
    for (const run of held) this.#apply(channel, run);
    if (channel.offset < answer.offset) {
      this.#lose(channel);
      channel.epoch = answer.epoch;
      channel.offset = answer.offset;
    }
  }

  /** Ends the subscriptions of sessions that may have missed something. */
  #lose(channel: FollowedChannel): void {
    channel.offset = undefined;
    this.#hub.endSubscriptions(channel.name, UNSUBSCRIBES.insufficientState);
    if (channel.opening === 0) this.#channels.delete(channel.name);
  }

  #entrance(
    channel: FollowedChannel,
    { epoch, offset, history }: Pick<FollowAnswer, "epoch" | "offset" | "history">,
  ): Entrance {
    let isOpen = true;
    const close = () => {
      if (isOpen) channel.opened();
      isOpen = false;
    };
    return {
      epoch,
      offset,
      history,
      enter: () => {
        const isOverfull = channel.isOverfull || channel.epoch !== epoch;
        const meanwhile = channel.heldAfter(offset);
        close();
        if (isOverfull) throw new EntranceOverfull(channel.name);
        return meanwhile;
      },
      abandon: close,
    };
  }

  /** What was held has been acknowledged. If it cannot be handed out now, whoever slept through it must recover. */
  #giveUp(channel: FollowedChannel): void {
    const isLost = channel.offset === undefined && channel.held.length > 0;
    channel.opened();
    if (isLost) this.#lose(channel);
    else if (channel.opening === 0 && !this.#hub.locals.has(channel.name))
      this.#channels.delete(channel.name);
  }

  /** The channel, if somebody here is subscribed to it or about to be. */
  #known(name: string): FollowedChannel | undefined {
    const known = this.#channels.get(name);
    if (this.#hub.locals.has(name)) {
      const channel = known ?? new FollowedChannel(name);
      this.#channels.set(name, channel);
      return channel;
    }
    if (known && known.opening > 0) return known;
    this.#channels.delete(name);
    return undefined;
  }
}
