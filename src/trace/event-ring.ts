import { RECORDER_LIMITS } from "../shared/limits.ts";
import { EVENT_KINDS } from "./event-kinds.ts";
import type { EventKind, RecordedEvent } from "./messages.ts";
import { type KeptName, KeptNames } from "./names.ts";

/** Numbers of one event: its time, kind and pings, id, code, pushes, and how far back its client's event before is. */
const WORDS = 6;
/** Bytes of one event: its numbers, and the reference to its name. */
const EVENT_BYTES = WORDS * Uint32Array.BYTES_PER_ELEMENT + 8;
const FIRST_CAPACITY = 64;
const MOST_PINGS = 0xff;
const MOST = 0xffff_ffff;

/** What the name of an event is, where it is no channel's. */
const NAMES: Partial<Record<EventKind, "method" | "in">> = { rpc: "method", failure: "in" };

/** An event to be kept. `previous` is the number of its client's event before; -1 for none. */
export interface NewEvent {
  readonly kind: number;
  readonly id: number;
  readonly code: number;
  readonly name: string | undefined;
  readonly pushes: number;
  readonly pings: number;
  readonly previous: number;
}

/**
 * The newest events of all clients of one object, in the order in which they came. They are numbers in an array and not
 * objects: an object has tens of thousands, and notes one for each message. It grows as far as `most` says, then the oldest
 * go.
 */
export class EventRing {
  readonly #startedAt: number;
  #most = FIRST_CAPACITY;
  #capacity = 0;
  #words = new Uint32Array(0);
  /** The name of each event, if it has one. */
  #names: (KeptName | undefined)[] = [];
  readonly #kept = new KeptNames();
  #oldest = 0;
  #next = 0;

  /** `now` is in milliseconds. */
  constructor(now: number) {
    this.#startedAt = now;
  }

  /** About how many bytes of memory it takes. */
  get size(): number {
    return this.#capacity * EVENT_BYTES + this.#kept.size;
  }

  /** Lets it grow as far as so many clients need. */
  growFor(clients: number): void {
    const most = Math.min(RECORDER_LIMITS.events, clients * RECORDER_LIMITS.eventsPerClient);
    if (most > this.#most) this.#most = most;
  }

  /** Keeps an event, and returns its number. `now` is in milliseconds. */
  add({ kind, id, code, name, pushes, pings, previous }: NewEvent, now: number): number {
    const number = this.#next;
    if (number - this.#oldest === this.#capacity) this.#makeSpace();
    const place = number % this.#capacity;
    const words = this.#words;
    const start = place * WORDS;
    words[start] = now - this.#startedAt;
    words[start + 1] = kind | (Math.min(pings, MOST_PINGS) << 8);
    words[start + 2] = Math.min(id, MOST);
    words[start + 3] = code;
    words[start + 4] = pushes;
    words[start + 5] = previous < 0 ? 0 : number - previous;
    this.#next = number + 1;
    if (name !== undefined) this.#keepName(place, name);
    return number;
  }

  /** An event that is still there, and the number of its client's event before. */
  read(number: number): { readonly event: RecordedEvent; readonly previous: number | undefined } | undefined {
    if (number < this.#oldest || number >= this.#next) return undefined;
    const place = number % this.#capacity;
    const [time = 0, head = 0, id = 0, code = 0, pushes = 0, back = 0] = this.#words.subarray(
      place * WORDS,
      (place + 1) * WORDS,
    );
    const event = eventOf(
      { kind: head & 0xff, id, code, pushes, pings: head >>> 8, name: this.#names[place]?.text },
      this.#startedAt + time,
    );
    return { event, previous: back === 0 ? undefined : number - back };
  }

  #keepName(place: number, name: string): void {
    this.#names[place] = this.#kept.take(name);
    while (this.#kept.size > RECORDER_LIMITS.names) this.#forgetOldest();
  }

  #makeSpace(): void {
    if (this.#capacity < this.#most) this.#grow();
    else this.#forgetOldest();
  }

  #forgetOldest(): void {
    const place = this.#oldest % this.#capacity;
    const name = this.#names[place];
    if (name !== undefined) this.#kept.release(name);
    this.#names[place] = undefined;
    this.#oldest += 1;
  }

  #grow(): void {
    const before = { capacity: this.#capacity, words: this.#words, names: this.#names };
    this.#capacity = Math.min(this.#most, Math.max(FIRST_CAPACITY, before.capacity * 2));
    this.#words = new Uint32Array(this.#capacity * WORDS);
    this.#names = new Array<KeptName | undefined>(this.#capacity).fill(undefined);
    for (let number = this.#oldest; number < this.#next; number += 1) {
      const from = number % before.capacity;
      const to = number % this.#capacity;
      this.#words.set(before.words.subarray(from * WORDS, (from + 1) * WORDS), to * WORDS);
      this.#names[to] = before.names[from];
    }
  }
}

/** An event as it is told. `at` is in milliseconds. */
export function eventOf(
  { kind, id, code, name, pushes, pings }: Omit<NewEvent, "previous">,
  at: number,
): RecordedEvent {
  const event = EVENT_KINDS[kind] ?? "invalid";
  return {
    at,
    event,
    ...(id > 0 && { id }),
    ...(name !== undefined && { [NAMES[event] ?? "channel"]: name }),
    ...(code > 0 && { [event === "message" ? "size" : "code"]: code }),
    ...(pushes > 0 && { pushes }),
    ...(pings > 0 && { pings }),
  };
}
