import type { ShedLevel } from "../budget/levels.ts";
import { type DataPoint, dataPoint } from "../metrics/data-point.ts";
import type { Samples } from "../metrics/registry.ts";
import { type ChannelCount, type DirectoryStub, REPORT_VERSION, type Report } from "../metrics/report.ts";
import { difference } from "../metrics/samples.ts";
import type { HubJob } from "../shared/alarm-jobs.ts";
import { HUB_LIMITS, REPORT_LIMITS } from "../shared/limits.ts";
import { logFailure } from "../shared/log.ts";
import { withTimeout } from "../shared/timeout.ts";
import type { Standing } from "./standing.ts";

/** What a reporter needs of its hub. */
export interface HubOfReporter {
  readonly name: string;
  /** What was counted since the object woke. `now` is in milliseconds. */
  counted(now: number): Samples;
  /** How things stand. */
  gauges(): Samples;
  /** Where it is placed, as far as that is known. */
  readonly region: string | undefined;
  standing(): Standing;
  /** Channels with a subscription here, at most so many. */
  channelCounts(limit: number): ChannelCount[];
  /** Whether there is anything to tell: a hub that nobody has connected to is none of anybody's. */
  readonly isInUse: boolean;
  /** When the hub will have reported again at the latest, in milliseconds. */
  expiryOf(now: number): number;
  /** Takes what the directory has said: how much of what a budget refuses is to be refused. */
  told(level: ShedLevel, now: number): void;
  wakeAt(time: number, job: HubJob): void;
}

/** What a hub says when it is asked. */
export interface HubReading {
  /** Names the waking life in which the counters count. */
  readonly incarnation: string;
  readonly samples: Samples;
}

/** Whom a hub reports to; nobody unless configured. */
export interface ReportTargets {
  readonly directory?: DirectoryStub | undefined;
  readonly analytics?: { writeDataPoint(point: DataPoint): void } | undefined;
}

/**
 * Reports what a hub has done. Counts live in memory, and memory goes when the object falls asleep, so the first event
 * after a report brings the alarm forward to a time at which it is surely still awake.
 */
export class Reporter {
  readonly #incarnation = crypto.randomUUID();
  readonly #hub: HubOfReporter;
  readonly #targets: ReportTargets;
  readonly #wokeAt: number;
  #isDue = false;
  #points = 0;
  #pointed: Samples = {};
  #pointedAt: number;

  constructor(hub: HubOfReporter, targets: ReportTargets, now: number) {
    this.#hub = hub;
    this.#targets = targets;
    this.#wokeAt = now;
    this.#pointedAt = now;
  }

  /** Whether the alarm is awaited for a report. */
  get isDue(): boolean {
    return this.#isDue;
  }

  /** What the hub would report now. `now` is in milliseconds. */
  reading(now: number): HubReading {
    const samples = { ...this.#hub.counted(now), ...this.#hub.gauges() };
    return { incarnation: this.#incarnation, samples };
  }

  /** Notes an event other than the alarm. `now` is in milliseconds. */
  noteActivity(now: number): void {
    this.#points = 0;
    if (this.#isDue || (!this.#targets.directory && !this.#targets.analytics) || !this.#hub.isInUse) return;
    this.#isDue = true;
    this.#hub.wakeAt(now + REPORT_LIMITS.delay, "report");
  }

  /** Notes a flush: now and then one becomes a data point, with everything since the last one. */
  flushed(now: number): void {
    if (this.#targets.analytics && now - this.#pointedAt >= REPORT_LIMITS.pointInterval) this.#point(now);
  }

  /** Reports. Called by the alarm only. Never throws: what could not be reported comes with the next report. */
  async report(now: number): Promise<void> {
    this.#isDue = false;
    this.#points = 0;
    this.#point(now);
    const { directory } = this.#targets;
    const { name: hub, region, isInUse } = this.#hub;
    if (directory === undefined || !isInUse) return;
    try {
      const report: Report = {
        version: REPORT_VERSION,
        hub,
        incarnation: this.#incarnation,
        wokeAt: this.#wokeAt,
        expiresAt: this.#hub.expiryOf(now),
        counters: this.#hub.counted(now),
        gauges: this.#hub.gauges(),
        channels: this.#hub.channelCounts(REPORT_LIMITS.channels),
        ...(region !== undefined && { region }),
        ...this.#hub.standing(),
      };
      const answer = await withTimeout(directory.report(report), HUB_LIMITS.callTimeout);
      this.#hub.told(answer?.shed ?? 0, now);
    } catch (failure) {
      // Nobody is refused because the directory fails.
      this.#hub.told(0, now);
      logFailure("hub.report_failed", failure, { hub });
    }
  }

  #point(now: number): void {
    const { analytics } = this.#targets;
    if (analytics === undefined || this.#points >= REPORT_LIMITS.pointsPerInvocation) return;
    const counted = this.#hub.counted(now);
    const point = dataPoint(
      this.#hub.name,
      difference(counted, this.#pointed),
      this.#hub.gauges(),
      now - this.#pointedAt,
    );
    this.#points += 1;
    this.#pointed = counted;
    this.#pointedAt = now;
    try {
      analytics.writeDataPoint(point);
    } catch (failure) {
      logFailure("hub.point_failed", failure, { hub: this.#hub.name });
    }
  }
}
