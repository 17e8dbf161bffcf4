import manifest from "../../package.json" with { type: "json" };
import type { Percentiles } from "./latencies.ts";
import type { LoadPlan } from "./plan.ts";
import type { LoadRun } from "./run.ts";

type Counts = Readonly<Record<string, number>>;

/** What a run has shown. Times are in milliseconds, but for those of the plan. */
export interface LoadReport {
  /** The version of the command line. */
  readonly version: string;
  readonly url: string;
  /** In ISO 8601. */
  readonly startedAt: string;
  /** Whether it was ended before its time. */
  readonly isInterrupted: boolean;
  readonly plan: LoadPlan;
  readonly connections: {
    /** How many ever were connected. */
    readonly connected: number;
    readonly openAtTheEnd: number;
    /** By the code of the connection's end. */
    readonly reconnects: Counts;
    /** Told not to come back, by code. */
    readonly disconnects: Counts;
    readonly failedAttempts: Counts;
  };
  readonly subscriptions: { readonly subscribed: number; readonly refused: Counts };
  readonly publications: {
    readonly sent: number;
    readonly acknowledged: number;
    readonly failed: Counts;
    /** Not begun, because too many others had no answer. */
    readonly heldBack: number;
    readonly perSecond: number;
  };
  readonly deliveries: {
    readonly received: number;
    readonly perSecond: number;
    readonly lost: number;
    readonly repeated: number;
    readonly outOfOrder: number;
    /** Subscriptions that came back and were told that not all could be recovered. */
    readonly unrecovered: number;
    readonly checkedBy: "offsets" | "own numbers";
  };
  readonly latency: {
    readonly connect: Percentiles;
    readonly subscribe: Percentiles;
    readonly publish: Percentiles;
    readonly delivery: Percentiles;
  };
  /** This process itself. */
  readonly generator: { readonly late: Percentiles; readonly busy: number; readonly isBottleneck: boolean };
}

/** From here on this process measures itself: when it is busy for most of the time, or late by this many milliseconds. */
const BOTTLENECK = { busy: 0.8, late: 50 } as const;

export function reportOf(run: LoadRun, url: string): LoadReport {
  const { plan, measured, connections, subscriptions, pace } = run;
  const sum = (of: (subscription: (typeof subscriptions)[number]) => number) =>
    subscriptions.reduce((total, subscription) => total + of(subscription), 0);
  const perSecond = (count: number) => (run.published === 0 ? 0 : Math.round(count / run.published));
  return {
    version: manifest.version,
    url,
    startedAt: new Date(run.startedAt).toISOString(),
    isInterrupted: run.isInterrupted,
    plan,
    connections: {
      connected: connections.filter(({ hasConnected }) => hasConnected).length,
      openAtTheEnd: connections.filter(({ isConnected }) => isConnected).length,
      reconnects: measured.reconnects.counts,
      disconnects: measured.disconnects.counts,
      failedAttempts: measured.failedAttempts.counts,
    },
    subscriptions: {
      subscribed: subscriptions.filter(({ hasBegun }) => hasBegun).length,
      refused: measured.refusedSubscriptions.counts,
    },
    publications: {
      sent: measured.sent,
      acknowledged: measured.acknowledged,
      failed: measured.failedPublishes.counts,
      heldBack: measured.heldBack,
      perSecond: perSecond(measured.acknowledged),
    },
    deliveries: {
      received: measured.received,
      perSecond: perSecond(measured.received),
      lost: sum(({ lost }) => lost),
      repeated: sum(({ repeated }) => repeated),
      outOfOrder: sum(({ outOfOrder }) => outOfOrder),
      unrecovered: measured.unrecovered,
      checkedBy: subscriptions.some(({ isOfStream }) => isOfStream) ? "offsets" : "own numbers",
    },
    latency: {
      connect: measured.connecting.percentiles,
      subscribe: measured.subscribing.percentiles,
      publish: measured.publishing.percentiles,
      delivery: measured.delivery.percentiles,
    },
    generator: {
      late: pace.late,
      busy: pace.busy,
      isBottleneck: pace.busy > BOTTLENECK.busy || pace.late.p99 > BOTTLENECK.late,
    },
  };
}

/** What went wrong, each as a sentence. */
export function faultsOf({
  plan,
  connections,
  subscriptions,
  publications,
  deliveries,
}: LoadReport): string[] {
  const wanted = plan.connections * plan.subscriptions;
  const failed = publications.sent - publications.acknowledged + publications.heldBack;
  const faults: [number, string][] = [
    [plan.connections - connections.connected, "connections never connected"],
    [connections.connected - connections.openAtTheEnd, "connections were closed at the end"],
    [wanted - subscriptions.subscribed, "subscriptions were never made"],
    [failed, "publications were not acknowledged"],
    [deliveries.lost, "deliveries were lost"],
    [deliveries.repeated, "deliveries were repeated"],
    [deliveries.outOfOrder, "deliveries were out of order"],
    [deliveries.unrecovered, "subscriptions could not recover all that they missed"],
  ];
  return faults
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count.toLocaleString("en")} ${what}`);
}
