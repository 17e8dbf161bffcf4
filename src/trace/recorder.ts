import { RECORDER_LIMITS } from "../shared/limits.ts";
import { numberOf } from "./event-kinds.ts";
import { EventRing, eventOf } from "./event-ring.ts";
import type { EventKind, RecordedEvent } from "./messages.ts";

/** Is told of events as they come, with their payloads. */
export interface EventWatcher<Client> {
  noted(client: Client, event: RecordedEvent, payload: unknown): void;
}

/** What a client did in this waking life of its object, as far as it is remembered. */
export type Story = {
  /** Whether it begins with the connection; otherwise the object has slept, and with it went what was before. */
  readonly since: "open" | "woke";
  /** How many events came before those that are told. */
  readonly cut: number;
  /** In the order in which they came. */
  readonly events: readonly RecordedEvent[];
};

/** The events of one client, as a chain through its object's ring. */
export class Trail<Client = unknown> {
  readonly client: Client;
  readonly #recorder: Recorder<Client>;
  /** Pushes, and pings, since its last event: counted here, and kept with the next one. */
  pushes = 0;
  pings = 0;
  /** The number of its last event; -1 for none. */
  last = -1;
  /** How many events it had. */
  count = 0;
  isSinceOpen = false;

  constructor(recorder: Recorder<Client>, client: Client) {
    this.#recorder = recorder;
    this.client = client;
  }

  /** Notes that the connection has been accepted. */
  open(): void {
    this.isSinceOpen = true;
    this.note("open");
  }

  /** Notes an event. `name` is that of a channel or method, `payload` what only a trace may tell. */
  note(kind: EventKind, id = 0, code = 0, name?: string, payload?: unknown): void {
    this.#recorder.note(this, kind, id, code, name, payload);
  }

  /** Notes that the connection has ended, with its last event. */
  close(code: number): void {
    this.note("close", 0, code);
    this.#recorder.forget(this);
  }
}

/** Remembers what the clients of one object did, for who looks for the reason when one of them fails. */
export class Recorder<Client = unknown> {
  /** Undefined while nobody traces. */
  watcher: EventWatcher<Client> | undefined;
  readonly #ring: EventRing | undefined;
  #clients = 0;

  /** `now` is in milliseconds. */
  constructor(isOn: boolean, now: number) {
    this.#ring = isOn ? new EventRing(now) : undefined;
  }

  /** About how many bytes of memory it takes. */
  get size(): number {
    return this.#ring?.size ?? 0;
  }

  note(
    trail: Trail<Client>,
    kind: EventKind,
    id: number,
    code: number,
    name: string | undefined,
    payload: unknown,
  ): void {
    if (this.#ring === undefined && this.watcher === undefined) return;
    const now = Date.now();
    const { pushes, pings, last: previous } = trail;
    const event = { kind: numberOf(kind), id, code, name: cut(name), pushes, pings, previous };
    if (this.#ring) this.#keep(this.#ring, trail, event, now);
    trail.pushes = 0;
    trail.pings = 0;
    this.watcher?.noted(trail.client, eventOf(event, now), payload);
  }

  /** What a client did, its newest events first to be told; `fits` says whether one more may be. */
  story(trail: Trail<Client>, fits: (event: RecordedEvent) => boolean): Story {
    const events: RecordedEvent[] = [];
    let number: number | undefined = trail.last;
    while (number !== undefined) {
      const read: ReturnType<EventRing["read"]> = this.#ring?.read(number);
      if (read === undefined || !fits(read.event)) break;
      events.push(read.event);
      number = read.previous;
    }
    events.reverse();
    return {
      since: trail.isSinceOpen ? "open" : "woke",
      cut: trail.count - events.length,
      events,
    };
  }

  /** Notes that a client has gone. */
  forget(trail: Trail<Client>): void {
    if (trail.count > 0) this.#clients -= 1;
  }

  #keep(ring: EventRing, trail: Trail<Client>, event: Parameters<EventRing["add"]>[0], now: number): void {
    if (trail.count === 0) {
      this.#clients += 1;
      ring.growFor(this.#clients);
    }
    trail.last = ring.add(event, now);
    trail.count += 1;
  }
}

function cut(name: string | undefined): string | undefined {
  return name === undefined || name.length <= RECORDER_LIMITS.nameLength
    ? name
    : name.slice(0, RECORDER_LIMITS.nameLength);
}
