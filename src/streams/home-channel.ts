import { hasHistory } from "../channels/namespaces.ts";
import type { ChannelOptions } from "../channels/options.ts";
import type { UserCommand } from "../hub-rpc/management.ts";
import type { JoinLeave, PublicationRun, PublishAnswer, Unnumbered } from "../hub-rpc/messages.ts";
import type { NewPublication, WirePublication } from "../protocol/messages.ts";
import { wirePublication } from "../protocol/wire-publication.ts";
import { ERRORS } from "../shared/codes.ts";
import { HUB_LIMITS } from "../shared/limits.ts";
import { lengthOf } from "./publication-run.ts";
import type { Receipts } from "./receipts.ts";

/** What waits for the next flush of a channel. */
export type Pending =
  | {
      readonly kind: "publication";
      readonly publication: NewPublication;
      readonly skipHistory: boolean;
      readonly answer: (answer: PublishAnswer) => void;
    }
  | {
      readonly kind: "command";
      readonly command: UserCommand;
      readonly answer: (answer: PublishAnswer) => void;
      /** Who waits for the followers to have taken it. */
      readonly receipts: Receipts;
    }
  | JoinLeave;

/** What has no offset, and who waits for the followers to have taken it. */
export type TrackedUnnumbered = Unnumbered & { readonly receipts?: Receipts };

/** What has no offset and waits for a call to one follower, and who is to be told what became of it. */
export type QueuedUnnumbered = Unnumbered & { readonly tell?: (isTaken: boolean) => void };

/** What one tick brings to a channel. */
export interface Tick {
  readonly channel: HomeChannel;
  /** Publications with offsets, to be stored. */
  readonly run: PublicationRun;
  readonly unnumbered: readonly TrackedUnnumbered[];
  readonly joinLeave: readonly JoinLeave[];
  readonly pending: readonly Pending[];
}

/** What a home knows of one follower of one channel. */
export interface FollowerState {
  generation: number;
  /** What the follower's sessions have seen at least, by its own word. */
  acknowledged: number;
  /** What was sent to it at most. It may have arrived, whether or not that was acknowledged. */
  sent: number;
  /** It is to be asked whether anybody is there, though there is nothing to deliver. */
  isDoubted: boolean;
  unnumbered: QueuedUnnumbered[];
  joinLeave: JoinLeave[];
  /** Characters of both. */
  queuedLength: number;
}

/** A follower whose sessions have seen `acknowledged`, and may have been sent everything up to `sent`. */
export function newFollower(generation: number, acknowledged: number, sent: number): FollowerState {
  return { generation, acknowledged, sent, isDoubted: false, unnumbered: [], joinLeave: [], queuedLength: 0 };
}

/** Whether a follower's sessions are known to have seen exactly what it acknowledged. */
export function isExact({ acknowledged, sent }: FollowerState): boolean {
  return sent <= acknowledged;
}

/** Publications up to the top that some follower has not acknowledged. */
interface Recent {
  first: number;
  readonly publications: WirePublication[];
  length: number;
}

const NO_FOLLOWERS: ReadonlyMap<string, FollowerState> = new Map();
const NOTHING_RECENT: Readonly<Recent> = { first: 1, publications: [], length: 0 };

/**
 * One channel at its home: the numbers of its stream, its followers, and what waits for the flush. Most channels have no
 * follower, so what is kept for followers is made with the first one.
 */
export class HomeChannel {
  readonly name: string;
  readonly options: ChannelOptions;
  readonly hasHistory: boolean;
  epoch = "";
  top = 0;
  /** Whether the stream has a row. Without one, nothing was ever published in it, and its followers keep its epoch. */
  isStored = false;
  /** When the stream was last used as far as that is stored, or else its oldest follower, in milliseconds. */
  used = 0;
  unsettled: number | undefined;
  /** Up to where publications have been trimmed by size. */
  trimmedTo = 0;
  /** When something was last published, in milliseconds. */
  published = 0;
  #followers: Map<string, FollowerState> | undefined;
  #recent: Recent | undefined;
  #pending: Pending[] = [];

  constructor(name: string, options: ChannelOptions) {
    this.name = name;
    this.options = options;
    this.hasHistory = hasHistory(options);
  }

  /** The hubs that follow it. */
  get followers(): ReadonlyMap<string, FollowerState> {
    return this.#followers ?? NO_FOLLOWERS;
  }

  setFollower(hub: string, follower: FollowerState): void {
    this.#followers ??= new Map();
    this.#followers.set(hub, follower);
  }

  deleteFollower(hub: string): void {
    this.#followers?.delete(hub);
  }

  /** Publications up to the top that some follower has not acknowledged, as far as memory holds them. */
  get recent(): Readonly<Recent> {
    return this.#recent ?? NOTHING_RECENT;
  }

  /** The first offset that `history_size` still keeps. */
  get firstKept(): number {
    return Math.max(1, this.top - this.options.history_size + 1);
  }

  /** What is published now is dated, in milliseconds: never before an older one, or a clock that is set back would leave a gap. */
  dateOf(now: number): number {
    return Math.max(this.published, now);
  }

  /** Publications written at this time or before are too old, in milliseconds. */
  oldestKept(now: number): number {
    return now - this.options.history_ttl * 1000;
  }

  add(pending: Pending): void {
    this.#pending.push(pending);
  }

  /** Takes what waits and numbers it, without changing the stream: it may still fail to be stored. */
  takeTick(): Tick {
    const pending = this.#pending;
    this.#pending = [];
    const publications: WirePublication[] = [];
    const unnumbered: TrackedUnnumbered[] = [];
    const joinLeave: JoinLeave[] = [];
    for (const entry of pending) {
      const after = this.top + publications.length;
      if (entry.kind === "command")
        unnumbered.push({ after, command: entry.command, receipts: entry.receipts });
      else if (entry.kind !== "publication") joinLeave.push({ kind: entry.kind, info: entry.info });
      else if (isNumbered(this, entry)) publications.push(wirePublication(entry.publication, after + 1));
      else unnumbered.push({ after, publication: wirePublication(entry.publication, 0) });
    }
    return { channel: this, run: { first: this.top + 1, publications }, unnumbered, joinLeave, pending };
  }

  /** Remembers publications for followers that have not acknowledged them, as long as they are not too many. */
  remember({ first, publications }: PublicationRun): void {
    this.#recent ??= { first, publications: [], length: 0 };
    const recent = this.#recent;
    if (recent.publications.length === 0) recent.first = first;
    for (const publication of publications) recent.publications.push(publication);
    recent.length += lengthOf(publications);
    let surplus = recent.length - HUB_LIMITS.backlogLength;
    let count = 0;
    for (; surplus > 0; count += 1) surplus -= recent.publications[count]?.length ?? surplus;
    this.#forget(count);
  }

  /** Drops from memory what every follower has acknowledged. */
  forgetAcknowledged(): void {
    let lowest = this.top;
    for (const follower of this.followers.values()) lowest = Math.min(lowest, follower.acknowledged);
    this.#forget(lowest + 1 - this.recent.first);
  }

  /** Drops everything from memory: it is read from the history again. */
  forgetRecent(): void {
    this.#forget(this.recent.publications.length);
  }

  /** Whether every follower has acknowledged everything. */
  get isAcknowledged(): boolean {
    for (const follower of this.followers.values()) if (follower.acknowledged < this.top) return false;
    return true;
  }

  /** When to try again what followers have not acknowledged, in milliseconds: at ever longer intervals. */
  nextTry(now: number): number {
    const { retryDelay, maxRetryDelay } = HUB_LIMITS;
    return now + Math.min(maxRetryDelay, Math.max(retryDelay, now - this.published));
  }

  #forget(count: number): void {
    const recent = this.#recent;
    if (count <= 0 || recent === undefined || recent.publications.length === 0) return;
    const forgotten = recent.publications.splice(0, count);
    recent.length -= lengthOf(forgotten);
    recent.first += forgotten.length;
  }
}

/** Whether what is published gets an offset. */
function isNumbered({ hasHistory }: HomeChannel, entry: Pending): boolean {
  return hasHistory && entry.kind === "publication" && !entry.skipHistory;
}

/** Answers publishers whose publications could not be stored. */
export function refuse({ pending }: Tick): void {
  for (const entry of pending) if ("answer" in entry) entry.answer({ errorCode: ERRORS.internal.code });
}

/** Answers publishers whose publications are stored. */
export function acknowledge({ channel, run, pending }: Tick): void {
  const { epoch } = channel;
  let offset = run.first;
  for (const entry of pending) {
    if (!("answer" in entry)) continue;
    entry.answer({ offset: isNumbered(channel, entry) ? offset : 0, epoch });
    if (isNumbered(channel, entry)) offset += 1;
  }
}
