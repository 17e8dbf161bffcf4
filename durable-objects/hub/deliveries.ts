import { HUB_LIMITS } from "../../src/limits.ts";
import { logFailure } from "../../src/log.ts";
import { CALL_VERSION, type DeliverCall, type Delivery, type DeliveryAnswer } from "./calls.ts";
import type { FollowerState, HomeChannel, Tick } from "./home-channel.ts";
import { withTimeout } from "./timeout.ts";

/** What deliveries need of their hub. */
export interface HubOfDeliveries {
  readonly name: string;
  deliver(hub: string, call: DeliverCall): Promise<readonly DeliveryAnswer[]>;
  /** What comes after an offset, or undefined when some of it is gone. */
  after(channel: HomeChannel, offset: number, limit: number): { publications: readonly string[] } | undefined;
  forgetFollower(channel: HomeChannel, hub: string): void;
  settle(channel: HomeChannel): void;
  wakeAt(time: number): void;
}

/** The way to one follower: what it is behind in, and the one call that is under way. */
class FollowerLink {
  readonly channels = new Set<HomeChannel>();
  isCalling = false;
  sequence = 0;
}

/** Brings publications to the followers of this home's channels: one call at a time to each. */
export class Deliveries {
  readonly #hub: HubOfDeliveries;
  readonly #links = new Map<string, FollowerLink>();
  /** Tells the waking lives of this home apart: sequence numbers are counted in memory only. */
  readonly #incarnation = crypto.randomUUID();
  #calls = 0;

  constructor(hub: HubOfDeliveries) {
    this.#hub = hub;
  }

  /** Calls made since the object woke. */
  get calls(): number {
    return this.#calls;
  }

  /** Queues what a tick has brought. It leaves with `send`. */
  queue({ channel, pushes, events }: Tick): void {
    for (const [hub, follower] of channel.followers) {
      keep(follower.pushes, pushes);
      keep(follower.events, events);
      this.#link(hub).channels.add(channel);
    }
  }

  /** Queues whatever the followers of a channel have not acknowledged. */
  catchUp(channel: HomeChannel): void {
    for (const hub of channel.followers.keys()) this.#link(hub).channels.add(channel);
    this.send();
  }

  /** Calls every follower that is behind and has no call under way. */
  send(): void {
    for (const [hub, link] of this.#links) {
      if (link.channels.size > 0 && !link.isCalling) void this.#call(hub, link);
    }
  }

  #link(hub: string): FollowerLink {
    const link = this.#links.get(hub) ?? new FollowerLink();
    this.#links.set(hub, link);
    return link;
  }

  async #call(hub: string, link: FollowerLink): Promise<void> {
    const behind = [...link.channels];
    link.channels.clear();
    const deliveries = this.#deliveriesOf(hub, behind, link);
    if (deliveries.length === 0) return;
    link.isCalling = true;
    link.sequence += 1;
    this.#calls += 1;
    const { sequence } = link;
    try {
      const call = {
        version: CALL_VERSION,
        home: this.#hub.name,
        incarnation: this.#incarnation,
        sequence,
        deliveries,
      };
      const answers = await withTimeout(this.#hub.deliver(hub, call));
      for (const answer of answers) {
        const channel = behind.find(({ name }) => name === answer.channel);
        const delivery = deliveries.find((sent) => sent.channel === answer.channel);
        if (channel && delivery) this.#take(hub, link, channel, delivery, answer);
      }
    } catch (failure) {
      this.#failed(hub, behind, failure);
    } finally {
      link.isCalling = false;
    }
    if (link.channels.size > 0) await this.#call(hub, link);
  }

  #deliveriesOf(hub: string, channels: readonly HomeChannel[], link: FollowerLink): Delivery[] {
    const deliveries: Delivery[] = [];
    let room = HUB_LIMITS.deliverLength;
    for (const channel of channels) {
      const follower = channel.followers.get(hub);
      if (follower === undefined) continue;
      if (room <= 0) {
        link.channels.add(channel);
        continue;
      }
      const delivery = this.#deliveryOf(channel, follower, room);
      if (delivery === undefined) continue;
      for (const publication of delivery.publications) room -= publication.length;
      if (delivery.previous !== undefined && delivery.previous + delivery.publications.length < channel.top) {
        link.channels.add(channel);
      }
      deliveries.push(delivery);
    }
    return deliveries;
  }

  #deliveryOf(channel: HomeChannel, follower: FollowerState, room: number): Delivery | undefined {
    const { pushes, events, generation, acknowledged, isExact } = follower;
    const isBehind = channel.hasHistory && acknowledged < channel.top;
    if (!isBehind && pushes.length === 0 && events.length === 0) return undefined;
    follower.pushes = [];
    follower.events = [];
    const run =
      isBehind && !follower.isStuck
        ? this.#hub.after(channel, acknowledged, HUB_LIMITS.followerQueue)
        : undefined;
    const isLost = isBehind && run === undefined;
    return {
      channel: channel.name,
      generation,
      epoch: channel.epoch,
      previous: channel.hasHistory ? (isLost ? channel.top : acknowledged) : undefined,
      vouched: isExact,
      lost: isLost,
      publications: fitting(run?.publications ?? [], room),
      pushes,
      events,
    };
  }

  #take(
    hub: string,
    link: FollowerLink,
    channel: HomeChannel,
    delivery: Delivery,
    answer: DeliveryAnswer,
  ): void {
    const follower = channel.followers.get(hub);
    // Another generation: the follower has registered anew since, and that answer does not speak of it.
    if (follower === undefined || follower.generation !== answer.generation) return;
    if (answer.nobody) this.#hub.forgetFollower(channel, hub);
    else if (answer.offset !== undefined && channel.hasHistory) {
      follower.isStuck = delivery.publications.length > 0 && delivery.previous === answer.offset;
      follower.acknowledged = Math.min(answer.offset, channel.top);
      follower.isExact = true;
      if (follower.acknowledged < channel.top) link.channels.add(channel);
    }
    this.#hub.settle(channel);
  }

  /** A failed call may have been carried out: what was acknowledged still holds, but not that it is all. */
  #failed(hub: string, channels: readonly HomeChannel[], failure: unknown): void {
    logFailure("home.deliver_failed", failure, { hub });
    for (const channel of channels) {
      const follower = channel.followers.get(hub);
      if (follower && channel.hasHistory) follower.isExact = false;
    }
    this.#hub.wakeAt(Date.now() + HUB_LIMITS.settleDelay);
  }
}

/** Publications without an offset wait in memory, and not without end: they are at most once anyway. */
function keep(waiting: string[], more: readonly string[]): void {
  if (waiting.length + more.length <= HUB_LIMITS.followerQueue) waiting.push(...more);
}

/** As many publications as fit into a call, at least one. */
function fitting(publications: readonly string[], room: number): readonly string[] {
  let length = 0;
  for (let index = 0; index < publications.length; index += 1) {
    length += publications[index]?.length ?? 0;
    if (length > room && index > 0) return publications.slice(0, index);
  }
  return publications;
}
