import type { Counters } from "../metrics/counters.ts";
import { HUB_JOBS, type HubJob } from "../shared/alarm-jobs.ts";
import { HUB_LIMITS } from "../shared/limits.ts";
import { logEvent } from "../shared/log.ts";
import {
  afterWake,
  changeOf,
  fullPace,
  hadToWait,
  nextWake,
  type WakeBudget,
  type WakePace,
} from "../shared/wake-pace.ts";

/** Where the paces of slowed jobs outlive sleep. */
export interface PaceStore {
  paces(): ReadonlyMap<string, WakePace>;
  savePace(job: HubJob, pace: WakePace): void;
  deletePace(job: HubJob): void;
}

/** What the breaker needs of its hub. */
export interface HubOfBreaker {
  readonly name: string;
  readonly counters: Pick<Counters, "slowedAlarms">;
}

/**
 * Slows jobs that wake their hub more often than they should. A job that is not slowed leaves nothing stored: one that
 * comes every few seconds keeps the hub in memory, and its count with it, and one that lets the hub sleep comes at most
 * every ten seconds.
 */
export class Breaker {
  readonly #hub: HubOfBreaker;
  readonly #budgets: Readonly<Record<HubJob, WakeBudget>>;
  readonly #store: PaceStore;
  #paces: Map<string, WakePace> | undefined;

  constructor(hub: HubOfBreaker, budgets: Readonly<Record<HubJob, WakeBudget>>, store: PaceStore) {
    this.#hub = hub;
    this.#budgets = budgets;
    this.#store = store;
  }

  /** When a job may wake the hub again, in milliseconds. */
  nextWake(job: HubJob): number {
    return nextWake(this.#paceOf(job), this.#budgets[job]);
  }

  /** The slowed job that an alarm was put off to this time for, also before the hub slept. */
  putOffTo(time: number | undefined): HubJob | undefined {
    return HUB_JOBS.find((job) => this.#paceOf(job).slowed > 0 && this.nextWake(job) === time);
  }

  /** Notes that a job has woken the hub, which wanted to at `wanted`. */
  woke(job: HubJob, wanted: number, now: number): void {
    const budget = this.#budgets[job];
    const before = this.#paceOf(job);
    const pace = afterWake(before, budget, wanted, now);
    this.#known.set(job, pace);
    if (hadToWait(before, budget, wanted)) this.#hub.counters.slowedAlarms.add(job);
    // Rows are written for slowed wakes only, and those become rare.
    if (pace.slowed > 0) this.#store.savePace(job, pace);
    else if (before.slowed > 0) this.#store.deletePace(job);
    const change = changeOf(before, pace);
    if (change) this.#log(change, job);
    this.#release(now);
  }

  /** Ends the slowness of jobs that have not come for so long that their cause must be over. */
  #release(now: number): void {
    for (const job of HUB_JOBS) {
      const { slowed, at } = this.#paceOf(job);
      if (slowed === 0 || now - at < HUB_LIMITS.jobCalm) continue;
      this.#known.delete(job);
      this.#store.deletePace(job);
      this.#log("resumed", job);
    }
  }

  #log(change: "slowed" | "resumed", job: HubJob): void {
    logEvent(change === "slowed" ? "hub.job_slowed" : "hub.job_resumed", {
      hub: this.#hub.name,
      job,
      perHour: this.#budgets[job].perHour,
    });
  }

  #paceOf(job: HubJob): WakePace {
    return this.#known.get(job) ?? fullPace(this.#budgets[job]);
  }

  get #known(): Map<string, WakePace> {
    this.#paces ??= new Map(this.#store.paces());
    return this.#paces;
  }
}
