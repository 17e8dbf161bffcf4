import type { Codec, Encoded } from "../protocol/codec.ts";
import { CODECS } from "../protocol/codecs.ts";
import type { Command, Push, Reply } from "../protocol/messages.ts";
import type { CloseDefinition, ProtocolError } from "../shared/codes.ts";
import { SESSION_LIMITS } from "../shared/limits.ts";
import type { TokenBucket } from "../shared/token-bucket.ts";
import { Trail } from "../trace/recorder.ts";
import { type Allowance, countMembers } from "./allowance.ts";
import { ChangingSubscriptions } from "./changing-subscriptions.ts";
import type { Connection } from "./connection.ts";
import type { HubOfSession } from "./hub-of-session.ts";
import { Output } from "./output.ts";
import type { PendingPublishes } from "./pending-publishes.ts";
import type { Reading } from "./reading.ts";
import { recordPush } from "./recording.ts";
import type { SessionState, Subscription } from "./state.ts";

/** How far a connection has come. */
export type Phase = "new" | "connecting" | "connected" | "refused" | "closed";

const NO_SUBSCRIPTIONS: ReadonlyMap<string, Subscription> = new Map();

/**
 * One protocol connection: what is known of it, and what waits to be sent to it. A hub has thousands, and most of them
 * do nothing at the moment, so what collects something is made when there is something to put into it.
 */
export class Session {
  readonly connection: Connection;
  readonly codec: Codec;
  readonly state: SessionState;
  /** What the flight recorder remembers of it. */
  readonly trail: Trail<Session>;
  /** Commands on a channel that has something asynchronous under way wait for it here, in order. */
  busyChannels: Map<string, Promise<void>> | undefined;
  /** Publishes that have not been answered, once there was one. */
  publishes: PendingPublishes | undefined;
  /** Commands that came while the connection was being set up, once there was one. */
  early: Command[] | undefined;
  phase: Phase;
  pendingCommands = 0;
  /** What it may send, once it has sent something. */
  allowance: Allowance | undefined;
  /** What it reads of other homes, once it has done so. */
  reading: Reading | undefined;
  /** How many homes it may have called that its hub has not called yet, once it has had one. */
  newHomes: TokenBucket | undefined;
  /** When a frame last came, in milliseconds, as far as this waking life of the object knows. */
  lastFrame: number;
  /** The turn in which it came. */
  receivedTurn = 0;
  /** Characters sent since the last sign of life, where the runtime does not tell what waits. */
  outputBacklog = 0;
  /** Characters of replies among what was sent and may still wait for the client. */
  replied = 0;
  /** The sign of life that the output backlog counts from, in milliseconds. */
  outputBacklogSince = 0;
  /** Whether a ping was sent to learn if the client still takes anything. */
  isProbed = false;
  isChanged = false;
  /** Characters of the state as it was last saved. */
  stateLength = 0;
  /** Whether the state is in a row, because it is too large for the attachment. */
  isStored = false;
  readonly #hub: HubOfSession;
  /** Characters of the frames that came before it was connected. */
  #earlyLength = 0;
  /** Characters that commands hold on to that wait. */
  #pendingLength = 0;
  #subscriptions: Map<string, Subscription> | undefined;
  #changing: ChangingSubscriptions | undefined;
  #output: Output | undefined;
  #isQueued = false;

  constructor(hub: HubOfSession, connection: Connection, state: SessionState, phase: Phase) {
    this.#hub = hub;
    this.connection = connection;
    this.codec = CODECS[state.encoding];
    this.state = state;
    this.phase = phase;
    this.lastFrame = state.since;
    this.trail = new Trail(hub.recorder, this);
  }

  /** What it is subscribed to, by channel. */
  get subscriptions(): ReadonlyMap<string, Subscription> {
    return this.#subscriptions ?? NO_SUBSCRIPTIONS;
  }

  /** Notes a subscription, in the place of the one that it may have to that channel. */
  addSubscription(subscription: Subscription): void {
    this.#subscriptions ??= new Map();
    this.#subscriptions.set(subscription.channel, subscription);
  }

  deleteSubscription(channel: string): void {
    this.#subscriptions?.delete(channel);
  }

  /** Subscriptions that count against the limit: those that are there or being set up, and are not asked to end. */
  get subscriptionCount(): number {
    return this.#changing?.count(this.subscriptions) ?? this.subscriptions.size;
  }

  /** Subscriptions that are being set up, or are asked to end. */
  get changing(): ChangingSubscriptions {
    this.#changing ??= new ChangingSubscriptions();
    return this.#changing;
  }

  get isConnected(): boolean {
    return this.phase === "connected";
  }

  get isClosed(): boolean {
    return this.phase === "closed";
  }

  /** Whether a frame of so many characters may wait for the connect. It is counted either way. */
  mayComeEarly(length: number): boolean {
    const { waiting } = this.#hub;
    const hasSpace = waiting.hasSpaceFor(length);
    waiting.count(length);
    this.#earlyLength += length;
    return hasSpace && this.#earlyLength <= SESSION_LIMITS.earlyLength;
  }

  /** Takes the commands that have waited for the connect. */
  takeEarly(): readonly Command[] {
    const { early = [] } = this;
    this.early = undefined;
    this.#hub.waiting.count(-this.#earlyLength);
    this.#earlyLength = 0;
    return early;
  }

  /** Whether a command that holds on to so many characters may wait. One that is longer than the limit may, by itself. */
  mayHold(length: number): boolean {
    const fits = this.#pendingLength === 0 || this.#pendingLength + length <= SESSION_LIMITS.pendingLength;
    return fits && this.#hub.waiting.hasSpaceFor(length);
  }

  /** Counts characters that a waiting command holds on to; negative: that it does not any more. */
  hold(length: number): void {
    this.#pendingLength += length;
    this.#hub.waiting.count(length);
  }

  /** Notes a sign of life, in milliseconds. */
  noteSeen(now: number): void {
    this.lastFrame = now;
    if (this.outputBacklog > 0) this.clearOutputBacklog(now);
  }

  /** A sign of life after those that the output backlog knows of, in milliseconds, clears it. */
  noteSign(time: number): void {
    if (time > this.outputBacklogSince) this.clearOutputBacklog(time);
  }

  /** What was sent before a sign of life counts as taken. */
  clearOutputBacklog(now: number): void {
    this.outputBacklog = 0;
    // Where the runtime tells what waits, a sign of life says nothing about it: whoever asks on has not taken the answers.
    if (this.replied > 0 && this.connection.buffered === undefined) this.replied = 0;
    this.outputBacklogSince = now;
    this.isProbed = false;
  }

  /** Characters that are queued. */
  get queuedLength(): number {
    return this.#output?.length ?? 0;
  }

  /** Queues a push. It leaves with the tick's one frame. */
  push(push: Push): void {
    recordPush(this.trail, push);
    this.#addOwn(this.codec.encodePush(push));
  }

  /** Queues what this session's codec has made for many sessions: it is in memory once. */
  pushShared(encoded: Encoded): void {
    if (this.phase === "closed") return;
    this.#output ??= new Output();
    this.#output.add(encoded);
    this.queue();
  }

  ping(): void {
    this.trail.pings += 1;
    this.#addOwn(this.codec.ping);
  }

  /** Queues the answer to a command, and charges for it where it is long, or lists or counts many members. */
  reply(id: number, reply: Reply): void {
    const encoded = this.codec.encodeReply(id, reply);
    const members = countMembers(reply);
    this.#addOwn(encoded, true);
    if (encoded.length >= SESSION_LIMITS.lengthPerCommand || members > 0)
      this.charge(encoded.length, members);
  }

  /** Charges for an answer of so many characters, or for what was read for it, as if these were commands. */
  charge(length: number, members = 0): void {
    this.allowance?.charge({ length, members }, Date.now());
  }

  /** Charges for what is sent to the subscribers of a channel for this session. */
  chargeFanOut(length: number, subscribers: number): void {
    if (subscribers > 0) this.allowance?.chargeFanOut(length, subscribers, Date.now());
  }

  fail(id: number, error: ProtocolError): void {
    this.#hub.counters.errors.add(error.code);
    this.#addOwn(this.codec.encodeError(id, error));
  }

  /** Notes that the state must be saved with the tick. */
  change(): void {
    this.isChanged = true;
    this.queue();
  }

  queue(): void {
    if (this.#isQueued) return;
    this.#isQueued = true;
    this.#hub.queue(this);
  }

  /** Sends what is queued. Returns how many characters went out. */
  flush(): number {
    this.#isQueued = false;
    const output = this.#take();
    if (output === undefined) return 0;
    this.replied += output.replyLength;
    for (const frame of this.codec.join(output.encoded)) {
      this.#hub.counters.noteSent(frame.length);
      this.connection.send(frame);
    }
    this.outputBacklog += output.length;
    return output.length;
  }

  /** Drops what is queued. */
  discard(): void {
    this.#take();
  }

  /** Sends what is queued, then closes. */
  disconnect(close: CloseDefinition): void {
    if (this.phase === "closed") return;
    this.flush();
    this.phase = "closed";
    this.takeEarly();
    this.#hub.left(this, close);
    this.connection.close(close);
  }

  /** Marks the session as closed by the other side. */
  end(): void {
    this.phase = "closed";
    this.takeEarly();
    this.discard();
  }

  #addOwn(encoded: Encoded, isReply = false): void {
    if (this.phase === "closed") return;
    this.#output ??= new Output();
    this.#output.addOwn(encoded, isReply);
    this.#hub.outbox.replies.count(encoded.length);
    this.queue();
  }

  #take(): Output | undefined {
    const output = this.#output;
    this.#output = undefined;
    if (output) this.#hub.outbox.replies.count(-output.ownLength);
    return output;
  }
}
