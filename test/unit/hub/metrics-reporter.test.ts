import { expect, test } from "vitest";
import { Reporter, type ReportTargets } from "../../../src/hub/reporter.ts";
import type { ChannelCount, DirectoryStub, Report } from "../../../src/metrics/report.ts";
import type { Session } from "../../../src/sessions/session.ts";
import type { Subscription } from "../../../src/sessions/state.ts";
import { LocalChannels } from "../../../src/streams/local-channels.ts";

const session = {} as Session;

/** The reporter of a hub that has nothing but channels. */
function reporterOf(targets: ReportTargets, channelCounts: (limit: number) => ChannelCount[] = () => []) {
  const hub = {
    name: "edge/oc/1",
    counted: () => ({}),
    gauges: () => ({}),
    region: undefined,
    standing: () => ({ isFull: false, isLate: false }),
    channelCounts,
    isInUse: true,
    expiryOf: (now: number) => now,
    told: () => {},
    wakeAt: () => {},
  };
  return new Reporter(hub, targets, 0);
}

test("OPS-14: the directory learns of 10,000 channels of a hub, and of no more", async () => {
  const locals = new LocalChannels();
  for (let number = 0; number <= 10_000; number += 1)
    locals.add(session, { channel: `open:${number}` } as Subscription);
  const reports: Report[] = [];
  const directory = { report: async (report: Report) => void reports.push(report) } as DirectoryStub;
  await reporterOf({ directory }, (limit) => locals.counts(limit)).report(0);
  expect(reports.map(({ channels }) => channels.length)).toEqual([10_000]);
});

test("OPS-08: an event makes at most 25 data points, and the next one more", () => {
  let points = 0;
  const analytics = {
    writeDataPoint: () => {
      points += 1;
    },
  };
  const reporter = reporterOf({ analytics });
  const flush = (first: number) => {
    for (let second = first; second < first + 30; second += 1) reporter.flushed(second * 1_000);
  };
  flush(1);
  expect(points).toBe(25);
  reporter.noteActivity(31_000);
  flush(31);
  expect(points).toBe(50);
});
