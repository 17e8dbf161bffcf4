import { estimateMemory } from "./heap-estimate.ts";

/** What takes memory in a hub. Each part counts as it goes: asking goes through nothing. */
export interface HubOfMemory {
  readonly sessions: { readonly size: number; readonly stateLength: number };
  readonly locals: { readonly count: number; readonly subscriptions: number };
  readonly home: Cache;
  readonly follower: Cache;
  readonly recorder: { readonly size: number };
}

/** Channels in memory, among them some that are only kept in case they are needed again. */
interface Cache {
  readonly size: number;
  /** Forgets what is not needed at the moment. */
  sweep(): void;
}

/** Milliseconds between two sweeps for want of room: each one goes through all channels. */
const SWEEP_INTERVAL = 1_000;

/** Bytes past which a hub takes no newcomers, and no subscriptions. */
export interface MemoryLimits {
  readonly newcomers: number;
  readonly subscriptions: number;
}

/** What the heap of a hub has room for: an object that outgrows it is reset, and all its clients come back at once. */
export class Memory {
  readonly #hub: HubOfMemory;
  readonly #limits: MemoryLimits;
  #sweptAt = 0;

  constructor(hub: HubOfMemory, limits: MemoryLimits) {
    this.#hub = hub;
    this.#limits = limits;
  }

  /** About how many bytes what the hub holds takes at rest. */
  get used(): number {
    const { sessions, locals, home, follower, recorder } = this.#hub;
    return estimateMemory({
      recorded: recorder.size,
      sessions: sessions.size,
      subscriptions: locals.subscriptions,
      channels: locals.count + home.size + follower.size,
      length: sessions.stateLength,
    });
  }

  get takesNewcomers(): boolean {
    return this.#fitsInto(this.#limits.newcomers);
  }

  get takesSubscriptions(): boolean {
    return this.#fitsInto(this.#limits.subscriptions);
  }

  #fitsInto(limit: number): boolean {
    if (this.used <= limit) return true;
    const now = Date.now();
    if (now - this.#sweptAt < SWEEP_INTERVAL) return false;
    this.#sweptAt = now;
    this.#hub.home.sweep();
    this.#hub.follower.sweep();
    return this.used <= limit;
  }
}
