/** What hubs tell the directory, and what it answers. Every report carries the version of its form. */

import type { Samples } from "./registry.ts";

export const REPORT_VERSION = 1;

/** The one object that all hubs report to. */
export const DIRECTORY_NAME = "directory";

/** A channel, and how many connections are subscribed to it. */
export type ChannelCount = readonly [channel: string, clients: number];

/** What one hub says about itself. Times are in milliseconds. */
export interface Report {
  readonly version: number;
  readonly hub: string;
  /** Names the time from one wake of the hub to its next sleep: `counters` count within it. */
  readonly incarnation: string;
  readonly wokeAt: number;
  /** When the hub counts as gone, unless it has reported again. */
  readonly expiresAt: number;
  readonly counters: Samples;
  readonly gauges: Samples;
  readonly channels: readonly ChannelCount[];
  /** Where the hub is placed, as far as its name or its namespaces say. Earlier builds tell nothing from here on. */
  readonly region?: string;
  /** Whether it sends newcomers on to another hub. */
  readonly isFull?: boolean;
  /** Whether it does so because its flushes are late. */
  readonly isLate?: boolean;
}

/**
 * A report of what has been counted since the last one, by one of many who count under one name. The directory adds it to
 * what it has under the name, and lists no hub of it.
 */
export function additionOf(name: string, counters: Samples, now: number): Report {
  return {
    version: REPORT_VERSION,
    hub: name,
    // Of one incarnation, the directory keeps the newest report only.
    incarnation: crypto.randomUUID(),
    wokeAt: now,
    expiresAt: now,
    counters,
    gauges: {},
    channels: [],
  };
}

/** What the directory says to a report. */
export interface ReportAnswer {
  /** How much of what a budget refuses is to be refused: 0 for nothing. */
  readonly shed: number;
}

/** A hub that has reported and has not expired. */
export interface ReportedHub {
  readonly hub: string;
  readonly wokeAt: number;
  readonly gauges: Samples;
}

/** A part of a list in the order of names. */
export interface Page {
  /** The last name of the page before; undefined for the first page. */
  readonly after?: string | undefined;
  /** At most what the directory gives in one page. */
  readonly limit?: number | undefined;
}

/** What can be asked of the directory. The object has these methods, and so has its stub. */
export interface DirectoryStub {
  /** Stores the report of a hub in place of its last one. Builds that knew no budget answer nothing. */
  report(report: Report): Promise<ReportAnswer | undefined>;
  /** How much of what a budget refuses is to be refused: 0 for nothing. Earlier builds have no such method: it rejects. */
  shedLevel(): Promise<number>;
  /** The sums over all hubs: counters since the directory exists, gauges of the hubs that have not expired. */
  samples(): Promise<Samples>;
  /** What a hub counted in its earlier lives, as far as it has been reported. */
  countersBefore(hub: string, incarnation: string): Promise<Samples>;
  /** Channels whose names match a pattern, in the order of names. */
  channels(pattern: string, page: Page): Promise<readonly ChannelCount[]>;
  /** Hubs in the order of names. */
  hubs(page: Page): Promise<readonly ReportedHub[]>;
}
