import type { HubRpc } from "../hub-rpc/hub-rpc.ts";
import { joinLeaveLength, unnumberedLength } from "../hub-rpc/lengths.ts";
import type { Delivery, DeliveryAnswer, JoinLeave, PublicationRun, Unnumbered } from "../hub-rpc/messages.ts";
import type { HubJob } from "../shared/alarm-jobs.ts";
import { HUB_LIMITS } from "../shared/limits.ts";
import { logFailure } from "../shared/log.ts";
import type { Backlog } from "./backlog.ts";
import {
  type FollowerState,
  type HomeChannel,
  isExact,
  type QueuedUnnumbered,
  type Tick,
  type TrackedUnnumbered,
} from "./home-channel.ts";
import { countFittingInOrder, countWithin, firstOfRun, lengthOf } from "./publication-run.ts";

/** What deliveries need of their hub. */
export interface HubOfDeliveries {
  readonly name: string;
  stubOf(hub: string): HubRpc;
  /** What comes after an offset, as much as fits into `length` characters; undefined when the first of it is gone. */
  after(channel: HomeChannel, offset: number, length: number): PublicationRun | undefined;
  forgetFollower(channel: HomeChannel, hub: string): void;
  wakeAt(time: number, job: HubJob): void;
}

/** The way to one follower: the channels that it has to be told of, and whether a call is under way. */
interface FollowerLink {
  readonly channels: Set<HomeChannel>;
  /** Characters of what is queued for it and has no offset, in all channels. */
  queuedLength: number;
  isCalling: boolean;
}

/** One delivery of a call, and where it came from. */
interface Sent {
  readonly channel: HomeChannel;
  readonly delivery: Delivery;
  /** What it has without an offset, as it was queued. */
  readonly unnumbered: readonly QueuedUnnumbered[];
}

/** A delivery to be sent, and whether it is everything that could be. */
interface Delivering extends Omit<Sent, "channel"> {
  readonly isAll: boolean;
}

/** Brings publications to the followers of this home's channels: one call at a time to each. */
export class Deliveries {
  readonly #hub: HubOfDeliveries;
  readonly #links = new Map<string, FollowerLink>();
  /** Tells the waking lives of this home apart: calls are counted in memory only. */
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
  queue({ channel, unnumbered, joinLeave }: Tick, backlog: Backlog): void {
    const length = lengthOfQueued(unnumbered, joinLeave);
    backlog.add(length);
    for (const [hub, follower] of channel.followers) {
      const link = this.#link(hub);
      link.channels.add(channel);
      if (!this.#mayQueue(follower, link, backlog)) {
        tell(unnumbered.map(queued), false);
        continue;
      }
      follower.unnumbered.push(...unnumbered.map(queued));
      follower.joinLeave.push(...joinLeave);
      count(follower, link, length);
    }
  }

  /** Brings the followers of a channel whatever they have not acknowledged. */
  catchUp(channel: HomeChannel): void {
    for (const hub of channel.followers.keys()) this.#link(hub).channels.add(channel);
    this.send();
  }

  /** Asks followers of a channel, by default all of them, whether anybody is there. */
  ask(channel: HomeChannel, hubs: Iterable<string> = channel.followers.keys()): void {
    for (const hub of hubs) {
      const follower = channel.followers.get(hub);
      if (follower === undefined) continue;
      follower.isDoubted = true;
      this.#link(hub).channels.add(channel);
    }
    this.send();
  }

  /** Ends the registration of a follower by its own word. */
  forget(channel: HomeChannel, hub: string): void {
    const follower = channel.followers.get(hub);
    const link = this.#links.get(hub);
    if (follower && link) count(follower, link, -follower.queuedLength);
    // Nobody is there to whom anything was left to do.
    if (follower) tell(follower.unnumbered, true);
    this.#hub.forgetFollower(channel, hub);
    // The others may have everything.
    channel.forgetAcknowledged();
  }

  /** Calls every follower that is behind and has no call under way. */
  send(): void {
    for (const [hub, link] of this.#links) if (!link.isCalling) void this.#deliverAll(hub, link);
  }

  /**
   * What has no offset waits in memory, and not without end: it is at most once anyway. Where all is too much, hubs that
   * are slow take no room from the others: only who has more than its share gets no more.
   */
  #mayQueue(follower: FollowerState, link: FollowerLink, backlog: Backlog): boolean {
    if (follower.queuedLength > HUB_LIMITS.backlogLength) return false;
    return link.queuedLength <= HUB_LIMITS.allBacklogsLength / this.#links.size || backlog.hasSpace;
  }

  #link(hub: string): FollowerLink {
    const link = this.#links.get(hub) ?? { channels: new Set(), queuedLength: 0, isCalling: false };
    this.#links.set(hub, link);
    return link;
  }

  /** Calls until there is nothing more to deliver. What has failed waits for the next tick, or for the alarm. */
  async #deliverAll(hub: string, link: FollowerLink): Promise<void> {
    link.isCalling = true;
    const failed = new Set<HomeChannel>();
    while (link.channels.size > 0) for (const channel of await this.#deliver(hub, link)) failed.add(channel);
    for (const channel of failed) link.channels.add(channel);
    link.isCalling = false;
    if (link.channels.size === 0) this.#links.delete(hub);
  }

  /** Makes one call. Returns the channels for which it has failed. */
  async #deliver(hub: string, link: FollowerLink): Promise<HomeChannel[]> {
    let sent: Sent[] = [];
    try {
      sent = this.#takeDeliveries(hub, link);
      if (sent.length === 0) return [];
      this.#calls += 1;
      const answers = await this.#hub.stubOf(hub).deliver({
        home: this.#hub.name,
        incarnation: this.#incarnation,
        sequence: this.#calls,
        sentAt: Date.now(),
        deliveries: sent.map(({ delivery }) => delivery),
      });
      sent.forEach(({ channel, unnumbered }, index) => {
        tell(unnumbered, true);
        this.#take(hub, link, channel, answers[index]);
      });
      return [];
    } catch (failure) {
      logFailure("home.deliver_failed", failure, { hub });
      const now = Date.now();
      for (const { channel, unnumbered } of sent) {
        tell(unnumbered, false);
        this.#hub.wakeAt(channel.nextTry(now), "settle");
      }
      return sent.map(({ channel }) => channel);
    }
  }

  /** Takes from the queue what fits into one call. */
  #takeDeliveries(hub: string, link: FollowerLink): Sent[] {
    const sent: Sent[] = [];
    let room = HUB_LIMITS.callLength;
    for (const channel of [...link.channels]) {
      if (room <= 0) break;
      link.channels.delete(channel);
      const follower = channel.followers.get(hub);
      if (follower === undefined || !needsDelivery(channel, follower)) continue;
      const { delivery, unnumbered, isAll } = this.#deliveryOf(channel, follower, room);
      const queuedLength = lengthOfQueued(delivery.unnumbered, delivery.joinLeave);
      count(follower, link, -queuedLength);
      room -= lengthOf(delivery.publications) + queuedLength;
      if (!isAll) link.channels.add(channel);
      sent.push({ channel, delivery, unnumbered });
    }
    return sent;
  }

  #deliveryOf(channel: HomeChannel, follower: FollowerState, room: number): Delivering {
    const { generation, acknowledged } = follower;
    const vouched = isExact(follower);
    const run = channel.hasHistory ? this.#hub.after(channel, acknowledged, room) : NOTHING;
    const fitting = countFittingInOrder(run ?? GONE, follower.unnumbered, room);
    const { publications } = firstOfRun(run ?? GONE, fitting.publications);
    const unnumbered = follower.unnumbered.splice(0, fitting.unnumbered);
    const left = room - lengthOf(publications) - lengthOfQueued(unnumbered, []);
    const joinLeave = takeFitting(follower.joinLeave, left);
    follower.isDoubted = false;
    follower.sent = Math.max(follower.sent, run ? acknowledged + publications.length : channel.top);
    const { name, epoch } = channel;
    const delivery = {
      channel: name,
      generation,
      epoch,
      vouched,
      previous: channel.hasHistory ? (run ? acknowledged : channel.top) : undefined,
      lost: run === undefined,
      publications,
      unnumbered: unnumbered.map(plain),
      joinLeave,
    };
    return { delivery, unnumbered, isAll: fitting.isAll && follower.joinLeave.length === 0 };
  }

  #take(hub: string, link: FollowerLink, channel: HomeChannel, answer: DeliveryAnswer | undefined): void {
    const follower = channel.followers.get(hub);
    if (follower === undefined || answer?.channel !== channel.name) return;
    // Of another generation: the follower has registered anew since, and somebody is there.
    if (answer.nobody && follower.generation === answer.generation) {
      this.forget(channel, hub);
      return;
    }
    if (!answer.nobody && answer.offset !== undefined && channel.hasHistory) {
      const before = follower.acknowledged;
      follower.acknowledged = Math.min(answer.offset, channel.top);
      // Where it has not moved, another call would bring the same again: the alarm may try.
      const isMoving = follower.acknowledged !== before;
      if (isMoving && follower.acknowledged < channel.top) link.channels.add(channel);
    }
    channel.forgetAcknowledged();
  }
}

const NOTHING: PublicationRun = { first: 1, publications: [] };
/** Whatever has no offset comes after what is gone. */
const GONE: PublicationRun = { first: Number.POSITIVE_INFINITY, publications: [] };

/** One object for all followers, where nobody waits for it. */
function queued(entry: TrackedUnnumbered): QueuedUnnumbered {
  if (entry.receipts === undefined) return entry;
  const { receipts, ...rest } = entry;
  return { ...rest, tell: receipts.expect() };
}

/** What goes into a call: values only. */
function plain(entry: QueuedUnnumbered): Unnumbered {
  if (entry.tell === undefined) return entry;
  const { tell: _, ...rest } = entry;
  return rest;
}

function tell(unnumbered: readonly QueuedUnnumbered[], isTaken: boolean): void {
  for (const entry of unnumbered) entry.tell?.(isTaken);
}

/** Counts characters that are queued for a follower of one channel, or not any more. */
function count(follower: FollowerState, link: FollowerLink, length: number): void {
  follower.queuedLength += length;
  link.queuedLength += length;
}

function needsDelivery(channel: HomeChannel, follower: FollowerState): boolean {
  const { unnumbered, joinLeave, acknowledged, isDoubted } = follower;
  const isBehind = channel.hasHistory && acknowledged < channel.top;
  return isBehind || isDoubted || unnumbered.length > 0 || joinLeave.length > 0;
}

/** Takes from the front what fits, at least one. */
function takeFitting(waiting: JoinLeave[], room: number): JoinLeave[] {
  return waiting.splice(0, countWithin(waiting, room, joinLeaveLength));
}

function lengthOfQueued(unnumbered: readonly Unnumbered[], joinLeave: readonly JoinLeave[]): number {
  let length = 0;
  for (const entry of unnumbered) length += unnumberedLength(entry);
  for (const entry of joinLeave) length += joinLeaveLength(entry);
  return length;
}
