import { MemberCounts } from "../channels/member-counts.ts";
import type { UserCommand } from "../hub-rpc/management.ts";
import type { JoinLeave, PublicationRun, Unnumbered } from "../hub-rpc/messages.ts";
import type { Codec, Encoded } from "../protocol/codec.ts";
import type { WirePublication } from "../protocol/messages.ts";
import type { Session } from "../sessions/session.ts";
import type { Subscription } from "../sessions/state.ts";
import { wideHash } from "../shared/hash.ts";
import { SmallMap } from "../shared/small-map.ts";
import { inOrder } from "./publication-run.ts";

/** Takes the commands of a control channel, to which no client can be subscribed. */
export interface Listener {
  take(command: UserCommand): void;
}

/** The sessions of one hub that are subscribed to one channel. */
export class LocalChannel {
  readonly name: string;
  /** Most channels that are private to one user have one. */
  readonly subscribers = new SmallMap<Session, Subscription>();
  readonly #listener: Listener | undefined;
  /** Undefined until somebody has asked: of most channels nobody does. */
  #counts: MemberCounts | undefined;

  constructor(name: string, listener?: Listener) {
    this.name = name;
    this.#listener = listener;
  }

  /** Sends publications to every subscriber in their order, and commands to the listener. */
  publish(run: PublicationRun, unnumbered: readonly Unnumbered[]): void {
    const { name: channel } = this;
    const publications = inOrder(run, unnumbered);
    if (publications.length > 0)
      send(this.subscribers.keys(), publications.length, (codec) =>
        publications.map((publication) => codec.encodePush({ kind: "publication", channel, publication })),
      );
    for (const entry of unnumbered) if ("command" in entry) this.#listener?.take(entry.command);
  }

  /** Tells those who asked for it who has come and left. */
  announce(joinLeave: readonly JoinLeave[]): void {
    const { name: channel } = this;
    if (joinLeave.length > 0)
      send(this.#wantingJoinLeave(), joinLeave.length, (codec) =>
        joinLeave.map(({ kind, info }) => codec.encodePush({ kind, channel, info })),
      );
  }

  *#wantingJoinLeave(): Iterable<Session> {
    for (const [session, { wantsJoinLeave }] of this.subscribers) if (wantsJoinLeave) yield session;
  }

  /** How many show in presence. Counted anew when first asked, then as they come and go. */
  get counts(): MemberCounts {
    if (this.#counts) return this.#counts;
    const counts = new MemberCounts();
    this.#counts = counts;
    for (const session of this.subscribers.keys()) this.#count(session, "add");
    return counts;
  }

  add(session: Session, subscription: Subscription): void {
    this.#count(session, "remove");
    this.subscribers.set(session, subscription);
    this.#count(session, "add");
  }

  remove(session: Session): void {
    this.#count(session, "remove");
    this.subscribers.delete(session);
  }

  #count(session: Session, change: "add" | "remove"): void {
    if (this.#counts && this.subscribers.get(session)?.isPresent)
      this.#counts[change](wideHash(session.state.user));
  }
}

/** Sends the same pushes to many sessions: encoded once for each codec among them. */
function send(
  sessions: Iterable<Session>,
  count: number,
  encode: (codec: Codec) => readonly Encoded[],
): void {
  const known = new Map<Codec, readonly Encoded[]>();
  let current: Codec | undefined;
  let parts: readonly Encoded[] = [];
  for (const session of sessions) {
    const { codec } = session;
    // Most channels have one codec, which is not looked up for each of thousands.
    if (codec !== current) {
      parts = known.get(codec) ?? codec.join(encode(codec));
      known.set(codec, parts);
      current = codec;
    }
    for (const part of parts) session.pushShared(part);
    session.trail.pushes += count;
  }
}

/** Is told of what is published, also where nobody here is subscribed. */
export interface PublicationWatcher {
  published(channel: string, publications: readonly WirePublication[], subscribers: number): void;
}

/** Every channel that some session of this hub is subscribed to. */
export class LocalChannels {
  /** Undefined while nobody traces. */
  watcher: PublicationWatcher | undefined;
  readonly #channels = new Map<string, LocalChannel>();
  readonly #listened = new Map<string, LocalChannel>();
  #subscriptions = 0;

  get count(): number {
    return this.#channels.size;
  }

  /** Subscriptions to all of them. */
  get subscriptions(): number {
    return this.#subscriptions;
  }

  /** Channels and how many sessions are subscribed to each, at most so many channels. */
  counts(limit: number): [channel: string, sessions: number][] {
    const counts: [string, number][] = [];
    for (const { name, subscribers } of this.#channels.values()) {
      if (counts.length >= limit) break;
      counts.push([name, subscribers.size]);
    }
    return counts;
  }

  get names(): Iterable<string> {
    return this.#channels.keys();
  }

  get(channel: string): LocalChannel | undefined {
    return this.#channels.get(channel) ?? this.#listened.get(channel);
  }

  /** Sessions here that are subscribed to a channel. */
  subscriberCount(channel: string): number {
    return this.#channels.get(channel)?.subscribers.size ?? 0;
  }

  has(channel: string): boolean {
    return this.#channels.has(channel) || this.#listened.has(channel);
  }

  /** Sends publications to every subscriber of a channel in their order, and commands to its listener. */
  publishTo(channel: string, run: PublicationRun, unnumbered: readonly Unnumbered[]): void {
    const local = this.get(channel);
    this.watcher?.published(channel, inOrder(run, unnumbered), local?.subscribers.size ?? 0);
    local?.publish(run, unnumbered);
  }

  add(session: Session, subscription: Subscription): LocalChannel {
    const { channel } = subscription;
    const local = this.#channels.get(channel) ?? new LocalChannel(channel);
    this.#channels.set(channel, local);
    const before = local.subscribers.size;
    local.add(session, subscription);
    this.#subscriptions += local.subscribers.size - before;
    return local;
  }

  /** Lets the hub itself hear a channel that no client can be subscribed to. */
  listen(channel: string, listener: Listener): void {
    this.#listened.set(channel, new LocalChannel(channel, listener));
  }

  forgetListener(channel: string): void {
    this.#listened.delete(channel);
  }

  remove(session: Session, channel: string): void {
    const local = this.#channels.get(channel);
    if (!local?.subscribers.has(session)) return;
    local.remove(session);
    this.#subscriptions -= 1;
    if (local.subscribers.size === 0) this.#channels.delete(channel);
  }
}
