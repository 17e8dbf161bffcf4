import type { RoomCounters } from "../../src/metrics/room-counters.ts";
import type { Attachment } from "../../src/rooms/attachment.ts";
import { FrameQueue } from "../../src/rooms/frame-queue.ts";
import type { Payload, RoomSocket } from "../../src/rooms/handler.ts";
import type { ResolvedOptions } from "../../src/rooms/options.ts";
import { isTopic, type Topics } from "../../src/rooms/topics.ts";
import { type CloseDefinition, ROOM_CLOSES } from "../../src/shared/codes.ts";
import { ROOM_LIMITS } from "../../src/shared/limits.ts";
import type { LogFields } from "../../src/shared/log.ts";
import { payloadBytes, wellFormed } from "../../src/shared/payload-size.ts";
import { idleDeadline, seenTolerance } from "../../src/shared/schedule.ts";
import { TokenBucket } from "../../src/shared/token-bucket.ts";
import { type TraceContext, traceIdOf } from "../../src/shared/trace-context.ts";
import { type Recorder, Trail } from "../../src/trace/recorder.ts";
import { pressureOf } from "../../src/websocket/backpressure.ts";
import { checkOwnClose } from "../../src/websocket/close-answer.ts";
import { closeQuietly } from "../../src/websocket/close-quietly.ts";
import type { TotalBackpressure } from "../../src/websocket/total-backpressure.ts";
import type { RoomChanges } from "./changes.ts";

/** What a socket needs of the room that it is in. */
export interface RoomOfSocket {
  readonly options: ResolvedOptions;
  readonly backpressure: TotalBackpressure;
  tagsOf(raw: WebSocket): readonly string[];
  /** When the runtime last answered a heartbeat of the socket; -Infinity if it never has. */
  lastHeartbeat(raw: WebSocket): number;
  readonly topics: Topics<HibernatingSocket>;
  readonly recorder: Recorder<HibernatingSocket>;
  readonly changes: RoomChanges;
  readonly counters: Pick<RoomCounters, "noteSent">;
  publishFrom(sender: HibernatingSocket | undefined, topic: string, message: Payload): number;
  /** Called once, when a socket is no longer open. */
  left(socket: HibernatingSocket, code: number): void;
}

const OPEN = 1;
/** What a close without a code counts as (RFC 6455, 7.4.1). */
const NO_CODE = 1005;

/** A room's socket: a hibernatable WebSocket, and what is known of it while the object is awake. */
export class HibernatingSocket implements RoomSocket {
  readonly id: string;
  readonly remoteAddress: string;
  readonly protocol: string;
  readonly tickOrigin: number;
  readonly #trace: TraceContext | undefined;
  readonly frames = new FrameQueue();
  /** What the flight recorder remembers of it. */
  readonly trail: Trail<HibernatingSocket>;
  readonly #room: RoomOfSocket;
  readonly #raw: WebSocket;
  readonly #topics: Set<string>;
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;
  #data: unknown;
  #dataWasRead = false;
  #closing: boolean;
  #hasLeft = false;
  #wasClosedHere = false;
  #seen: number;
  #storedSeen: number;
  #isSilent: boolean;
  #seenIsExact: boolean;

  constructor(room: RoomOfSocket, raw: WebSocket, attachment: Attachment, wasAsleep: boolean) {
    this.#room = room;
    this.#raw = raw;
    this.trail = new Trail(room.recorder, this);
    this.id = attachment.id;
    this.remoteAddress = attachment.remoteAddress;
    this.protocol = attachment.protocol;
    this.tickOrigin = attachment.tickOrigin;
    this.#trace = attachment.trace;
    this.#data = attachment.data;
    this.#topics = new Set(attachment.topics);
    this.#seen = attachment.seen;
    this.#storedSeen = attachment.seen;
    this.#isSilent = attachment.isSilent ?? false;
    this.#seenIsExact = !wasAsleep;
    const now = Date.now();
    this.#messages = new TokenBucket(room.options.rateLimit, now);
    this.#bytes = new TokenBucket(room.options.byteRate, now);
    this.#closing = raw.readyState !== OPEN;
  }

  /** What stands for it in log lines. */
  get logFields(): LogFields {
    return { connection: this.id, trace: this.#trace && traceIdOf(this.#trace) };
  }

  get data(): unknown {
    this.#dataWasRead = true;
    this.#room.changes.lend(this);
    return this.#data;
  }

  /** Cloned at once: data that sleep could not keep throws here, and not later. */
  set data(data: unknown) {
    this.#data = structuredClone(data);
    this.#room.changes.touch(this);
  }

  /** Whether a handler has read `data`: an asynchronous one may change it at any time until it ends. */
  get dataWasRead(): boolean {
    return this.#dataWasRead;
  }

  get readyState(): number {
    return this.#raw.readyState;
  }

  get isOpen(): boolean {
    return !this.#closing;
  }

  /** Whether the room closed it, rather than the client: then nothing more that the client sent is handled. */
  get wasClosedHere(): boolean {
    return this.#wasClosedHere;
  }

  get idleDeadline(): number {
    const { idleTimeout } = this.#room.options;
    const heartbeat = this.#room.lastHeartbeat(this.#raw);
    if (idleTimeout > 0)
      return Math.max(idleDeadline(this.#seen, this.#seenIsExact, idleTimeout), heartbeat + idleTimeout);
    const isSilent = this.#isSilent && heartbeat === Number.NEGATIVE_INFINITY;
    return isSilent ? this.#seen + ROOM_LIMITS.silence : Number.POSITIVE_INFINITY;
  }

  get tags(): readonly string[] {
    return this.#room.tagsOf(this.#raw);
  }

  get subscriptions(): string[] {
    return [...this.#topics];
  }

  send(message: Payload): number {
    return this.deliver(wellFormed(message), payloadBytes(message));
  }

  /**
   * `send` for a well-formed payload whose bytes are known, so that a publication to many is checked and measured once.
   */
  deliver(message: Payload, bytes: number): number {
    if (this.#closing) return 0;
    const { backpressureLimit, closeOnBackpressureLimit } = this.#room.options;
    const { backpressure } = this.#room;
    const pressure = pressureOf(this.#raw.bufferedAmount, bytes, backpressure.limitOf(backpressureLimit));
    if (pressure === "drop") {
      if (closeOnBackpressureLimit) this.end(ROOM_CLOSES.backpressure);
      return 0;
    }
    try {
      this.#raw.send(message);
    } catch {
      return 0; // the client closed meanwhile: readyState tells, but asking before each send costs more than this
    }
    this.trail.pushes += 1;
    backpressure.add(bytes);
    this.#room.counters.noteSent(bytes);
    if (pressure !== "send") return -1;
    // 0 would say that the message was dropped.
    return bytes === 0 ? 1 : bytes;
  }

  close(code?: number, reason?: string): void {
    if (!this.#closing) {
      checkOwnClose(code, reason);
      this.#raw.close(code, reason);
    }
    this.#wasClosedHere = true;
    this.leave(code ?? NO_CODE);
  }

  /** Closes with a code of the registry. */
  end(definition: CloseDefinition): void {
    if (!this.#closing) closeQuietly(this.#raw, definition);
    this.#wasClosedHere = true;
    this.leave(definition.code);
  }

  /** Takes the socket out of every topic: it no longer gets or sends publications. */
  leave(code: number): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#closing = true;
    for (const topic of this.#topics) this.#room.topics.remove(topic, this);
    this.#room.left(this, code);
  }

  subscribe(topic: string): void {
    if (this.#topics.has(topic) || this.#closing) return;
    if (!isTopic(topic)) {
      throw new RangeError(`a topic has 1 to ${ROOM_LIMITS.topicLength} characters`);
    }
    if (this.#topics.size >= ROOM_LIMITS.topics) {
      throw new RangeError(`a socket has at most ${ROOM_LIMITS.topics} topics`);
    }
    this.#topics.add(topic);
    this.#room.topics.add(topic, this);
    this.#room.changes.touch(this);
  }

  unsubscribe(topic: string): void {
    if (!this.#topics.delete(topic)) return;
    this.#room.topics.remove(topic, this);
    this.#room.changes.touch(this);
  }

  isSubscribed(topic: string): boolean {
    return this.#topics.has(topic);
  }

  publish(topic: string, message: Payload): number {
    return this.#room.publishFrom(this, topic, message);
  }

  /** Notes a message of the client. Returns the close with which it ends if the client is over its rates. */
  receive(size: number, now: number): CloseDefinition | undefined {
    this.trail.note("message", 0, size);
    this.#seen = now;
    this.#seenIsExact = true;
    if (this.#isSilent) this.#room.changes.touch(this);
    this.#isSilent = false;
    const { idleTimeout } = this.#room.options;
    if (idleTimeout > 0 && now - this.#storedSeen > seenTolerance(idleTimeout))
      this.#room.changes.touch(this);
    if (!this.#messages.take(now)) return ROOM_CLOSES.rate;
    return this.#bytes.takeUpTo(size, now) < size ? ROOM_CLOSES.byteRate : undefined;
  }

  /** Writes what must survive sleep. Throws when `data` cannot be cloned or does not fit. */
  save(): void {
    if (this.#closing) return;
    this.#raw.serializeAttachment({
      version: 1,
      id: this.id,
      data: this.#data,
      topics: [...this.#topics],
      protocol: this.protocol,
      remoteAddress: this.remoteAddress,
      seen: this.#seen,
      ...(this.#isSilent && { isSilent: true }),
      tickOrigin: this.tickOrigin,
      ...(this.#trace && { trace: this.#trace }),
    } satisfies Attachment);
    this.#storedSeen = this.#seen;
  }
}
