import type { OperationsConfig } from "../../src/config/operations.ts";
import type { RoomCounters } from "../../src/metrics/room-counters.ts";
import { type Attachment, readAttachment } from "../../src/rooms/attachment.ts";
import type { Payload } from "../../src/rooms/handler.ts";
import type { ResolvedOptions } from "../../src/rooms/options.ts";
import { Topics } from "../../src/rooms/topics.ts";
import { ROOM_CLOSES } from "../../src/shared/codes.ts";
import { ROOM_LIMITS } from "../../src/shared/limits.ts";
import { payloadBytes, wellFormed } from "../../src/shared/payload-size.ts";
import { Recorder } from "../../src/trace/recorder.ts";
import { StoryLog } from "../../src/trace/story-log.ts";
import { closeQuietly } from "../../src/websocket/close-quietly.ts";
import { TotalBackpressure } from "../../src/websocket/total-backpressure.ts";
import { RoomChanges } from "./changes.ts";
import { HibernatingSocket, type RoomOfSocket } from "./socket.ts";

/** The room that sockets are in. */
interface RoomOfSockets {
  readonly ctx: DurableObjectState;
  readonly kind: string;
  readonly options: ResolvedOptions;
  readonly operations: Pick<OperationsConfig, "flightRecorder" | "storyCodes">;
  readonly counters: RoomCounters;
}

/**
 * The sockets of a room. After sleep, an event reads back its own socket only; all of them are read back when all are
 * needed.
 */
export class RoomSockets implements RoomOfSocket {
  readonly kind: string;
  readonly options: ResolvedOptions;
  readonly counters: RoomCounters;
  readonly topics = new Topics<HibernatingSocket>();
  readonly changes = new RoomChanges();
  readonly backpressure: TotalBackpressure;
  readonly recorder: Recorder<HibernatingSocket>;
  readonly #stories: StoryLog;
  readonly #ctx: DurableObjectState;
  /** In the order in which they joined, once all are awake. */
  #byRaw = new Map<WebSocket, HibernatingSocket>();
  readonly #gone = new WeakSet<WebSocket>();
  readonly #onLeft: () => void;
  readonly #byId = new Map<string, HibernatingSocket>();
  #allAwake = false;

  /** `onLeft` is called when a socket is no longer open. */
  constructor({ ctx, kind, options, counters, operations }: RoomOfSockets, onLeft: () => void) {
    this.recorder = new Recorder(operations.flightRecorder, Date.now());
    this.#stories = new StoryLog("room.socket_story", operations.storyCodes, Date.now());
    this.#onLeft = onLeft;
    this.#ctx = ctx;
    this.kind = kind;
    this.options = options;
    this.counters = counters;
    this.backpressure = new TotalBackpressure(ROOM_LIMITS.totalBackpressure, () => ctx.getWebSockets());
  }

  get sockets(): Iterable<HibernatingSocket> {
    return [...this.#awake().values()].filter((socket) => socket.isOpen);
  }

  /** The open socket with this id. */
  byId(id: string): HibernatingSocket | undefined {
    this.#awake();
    return this.#byId.get(id);
  }

  socketsByTag(tag: string): Iterable<HibernatingSocket> {
    const sockets: HibernatingSocket[] = [];
    // With a tag, the oldest comes first; without, the newest (workerd 1.20261117.1).
    // As a text: without a tag, the runtime would list every socket.
    for (const raw of this.#ctx.getWebSockets(String(tag))) {
      const socket = this.of(raw);
      if (socket?.isOpen) sockets.push(socket);
    }
    return sockets;
  }

  tagsOf(raw: WebSocket): readonly string[] {
    return this.#ctx.getTags(raw);
  }

  lastHeartbeat(raw: WebSocket): number {
    if (this.options.heartbeat === undefined) return Number.NEGATIVE_INFINITY;
    return this.#ctx.getWebSocketAutoResponseTimestamp(raw)?.getTime() ?? Number.NEGATIVE_INFINITY;
  }

  /** How many sockets are open. */
  get count(): number {
    this.#awake();
    return this.#byId.size;
  }

  /** How many sockets the runtime holds, including those that were closed and whose clients have not answered. */
  get held(): number {
    return this.#awake().size;
  }

  /** The room's socket for a raw one; undefined when it has left or its attachment cannot be read. */
  of(raw: WebSocket): HibernatingSocket | undefined {
    return this.#byRaw.get(raw) ?? this.#wake(raw);
  }

  add(raw: WebSocket, attachment: Attachment): HibernatingSocket {
    const socket = new HibernatingSocket(this, raw, attachment, false);
    socket.trail.open();
    return this.#insert(raw, socket);
  }

  left({ id, trail, logFields }: HibernatingSocket, code: number): void {
    this.#byId.delete(id);
    trail.close(code);
    this.#stories.note(this.recorder, trail, code, { kind: this.kind, ...logFields });
    this.#onLeft();
  }

  remove(raw: WebSocket, code: number): void {
    this.#byRaw.get(raw)?.leave(code);
    this.#byRaw.delete(raw);
    this.#gone.add(raw);
  }

  publish(topic: string, message: Payload): number {
    return this.publishFrom(undefined, topic, message);
  }

  publishFrom(sender: HibernatingSocket | undefined, topic: string, message: Payload): number {
    const payload = wellFormed(message);
    const bytes = payloadBytes(payload);
    return this.#deliver(sender, topic, payload, bytes) > 0 ? Math.max(1, bytes) : 0;
  }

  /** `publish`, which returns how many sockets were reached. */
  deliver(topic: string, message: Payload): number {
    const payload = wellFormed(message);
    return this.#deliver(undefined, topic, payload, payloadBytes(payload));
  }

  subscriberCount(topic: string): number {
    this.#awake();
    return this.topics.subscribers(topic).size;
  }

  #deliver(sender: HibernatingSocket | undefined, topic: string, payload: Payload, bytes: number): number {
    if (!this.#allAwake) this.#awake();
    let reached = 0;
    for (const subscriber of this.topics.subscribers(topic)) {
      if (subscriber !== sender && subscriber.deliver(payload, bytes) !== 0) reached += 1;
    }
    return reached;
  }

  #awake(): Map<WebSocket, HibernatingSocket> {
    if (!this.#allAwake) {
      this.#allAwake = true;
      const byRaw = new Map<WebSocket, HibernatingSocket>();
      // The newest comes first (workerd 1.20261117.1), and a socket that had an event of its own is awake already.
      for (const raw of this.#ctx.getWebSockets().reverse()) {
        const socket = this.of(raw);
        if (socket) byRaw.set(raw, socket);
      }
      this.#byRaw = byRaw;
    }
    return this.#byRaw;
  }

  #wake(raw: WebSocket): HibernatingSocket | undefined {
    // getWebSockets() still has a socket whose close is being handled (workerd 1.20261023.1).
    if (this.#gone.has(raw)) return undefined;
    const attachment = readAttachment(raw.deserializeAttachment());
    if (attachment) return this.#insert(raw, new HibernatingSocket(this, raw, attachment, true));
    closeQuietly(raw, ROOM_CLOSES.restart);
    return undefined;
  }

  #insert(raw: WebSocket, socket: HibernatingSocket): HibernatingSocket {
    this.#byRaw.set(raw, socket);
    if (!socket.isOpen) return socket;
    this.#byId.set(socket.id, socket);
    for (const topic of socket.subscriptions) this.topics.add(topic, socket);
    return socket;
  }
}
