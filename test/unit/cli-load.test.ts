import type { SubscribedContext } from "centrifuge";
import { describe, expect, test } from "vitest";
import { LoadChannel } from "../../cli/load/channel.ts";
import { Latencies } from "../../cli/load/latencies.ts";
import { markdownOf } from "../../cli/load/markdown.ts";
import { Measurements } from "../../cli/load/measurements.ts";
import {
  channelNames,
  channelsOf,
  dueAfter,
  type LoadPlan,
  needsConsent,
  readStamp,
  stamped,
} from "../../cli/load/plan.ts";
import { Publisher } from "../../cli/load/publisher.ts";
import { Reception } from "../../cli/load/reception.ts";
import { faultsOf, type LoadReport } from "../../cli/load/report.ts";
import { LoadSubscription } from "../../cli/load/subscription.ts";
import { Tally } from "../../cli/load/tally.ts";

const PLAN: LoadPlan = {
  connections: 1000,
  subscriptions: 2,
  channels: 3,
  rate: 10,
  size: 128,
  transport: "websocket",
  ramp: 5,
  duration: 30,
  namespace: "public",
  atHome: false,
};

describe("CLI-25: a plan", () => {
  test("connections and publications are due evenly, and all in the end", () => {
    expect([0, 2.5, 4.99, 5, 9].map((elapsed) => dueAfter(elapsed, 5, 10))).toEqual([0, 5, 9, 10, 10]);
    expect(dueAfter(0, 0, 10)).toBe(10);
  });

  test("all channels get as many subscribers, and no connection one twice", () => {
    expect([0, 1, 2].map((connection) => channelsOf(PLAN, connection))).toEqual([
      [0, 1],
      [2, 0],
      [1, 2],
    ]);
    expect(channelNames(PLAN, "r")).toEqual(["public:load-r-0", "public:load-r-1", "public:load-r-2"]);
    expect(channelNames({ ...PLAN, channels: 1, namespace: "" }, "r")).toEqual(["load-r-0"]);
  });

  test("data has the size that is wanted, where it holds what must be in it", () => {
    const stamp = { n: 3, t: 1234.5 };
    expect(stamped(stamp, 128)).toHaveLength(128);
    expect(readStamp(JSON.parse(stamped(stamp, 1)))).toEqual(stamp);
    for (const data of [null, 1, "n", {}, { n: "3", t: 1 }]) expect(readStamp(data)).toBeUndefined();
  });
});

test.each([
  [1000, "https://gateway.example", false],
  [1001, "https://gateway.example", true],
  [100_000, "http://localhost:8080", false],
  [100_000, "http://127.0.0.1:8080", false],
])("CLI-27: whether %i connections to %s are asked about", (connections, url, expected) => {
  expect(needsConsent({ ...PLAN, connections }, url)).toBe(expected);
});

describe("CLI-26: numbers that come", () => {
  test("an offset that a server makes up is reckoned with, and not counted up to", () => {
    const reception = new Reception(1);
    reception.receive(1);
    expect(reception.lost(Number.MAX_SAFE_INTEGER)).toBe(Number.MAX_SAFE_INTEGER - 1);
    reception.receive(Number.MAX_SAFE_INTEGER);
    expect(reception.lost(Number.MAX_SAFE_INTEGER)).toBe(Number.MAX_SAFE_INTEGER - 2);
    for (const number of [1e300, Number.POSITIVE_INFINITY, Number.NaN, 1.5]) {
      reception.receive(number);
      reception.skipTo(number);
    }
    expect(reception.highest).toBe(Number.MAX_SAFE_INTEGER);
  });

  const received = (numbers: readonly number[], last: number) => {
    const reception = new Reception(1);
    for (const number of numbers) reception.receive(number);
    const { repeated, outOfOrder } = reception;
    return { lost: reception.lost(last), repeated, outOfOrder };
  };

  test.each([
    ["all", [1, 2, 3], 3, { lost: 0, repeated: 0, outOfOrder: 0 }],
    ["one lost", [1, 3], 3, { lost: 1, repeated: 0, outOfOrder: 0 }],
    ["the end lost", [1], 3, { lost: 2, repeated: 0, outOfOrder: 0 }],
    ["everything lost", [], 3, { lost: 3, repeated: 0, outOfOrder: 0 }],
    ["one twice", [1, 2, 2], 2, { lost: 0, repeated: 1, outOfOrder: 0 }],
    ["one late", [1, 3, 2], 3, { lost: 0, repeated: 0, outOfOrder: 1 }],
    ["one late and twice", [1, 3, 2, 2], 3, { lost: 0, repeated: 1, outOfOrder: 1 }],
    ["from before the subscription", [0, 1], 1, { lost: 0, repeated: 0, outOfOrder: 0 }],
    ["very many lost", [1, 1_000_000], 1_000_000, { lost: 999_998, repeated: 0, outOfOrder: 0 }],
  ])("%s", (_, numbers, last, expected) => expect(received(numbers, last)).toEqual(expected));

  test("what is remembered of losses is bounded, and each is counted once", () => {
    const reception = new Reception(1);
    for (let number = 2; number <= 5000; number += 2) reception.receive(number);
    expect(reception.lost(5000)).toBe(2500);
  });

  test("what has failed need not come", () => {
    const reception = new Reception(1);
    reception.receive(3);
    expect(reception.lost(4, (number) => number !== 2)).toBe(2);
  });

  const at = (offset: number, epoch = "e", recovery: Partial<SubscribedContext> = {}): SubscribedContext => ({
    channel: "c",
    recoverable: true,
    positioned: true,
    streamPosition: { offset, epoch },
    wasRecovering: false,
    recovered: false,
    hasRecoveredPublications: false,
    ...recovery,
  });

  test("a stream is checked by offsets, also of what nobody got and is acknowledged", () => {
    const channel = new LoadChannel("c");
    const measured = new Measurements();
    const [one, other] = [new LoadSubscription(channel, measured), new LoadSubscription(channel, measured)];
    one.onSubscribed(at(0));
    other.onSubscribed(at(0));
    one.onPublication({ data: {}, offset: 1 });
    expect([one.lost, other.lost]).toEqual([0, 1]);
    channel.acknowledge();
    channel.acknowledge();
    expect([one.lost, other.lost]).toEqual([1, 2]);
  });

  test("after a recovery nothing may be missing; after a failed one it is lost, unless the stream is another", () => {
    const channel = new LoadChannel("c");
    const measured = new Measurements();
    const subscription = new LoadSubscription(channel, measured);
    subscription.onSubscribed(at(0));
    subscription.onPublication({ data: {}, offset: 1 });
    subscription.onSubscribed(at(3, "e", { wasRecovering: true, recovered: true }));
    expect(subscription.lost).toBe(2);
    for (const offset of [2, 3]) subscription.onPublication({ data: {}, offset });
    expect([subscription.lost, measured.unrecovered]).toEqual([0, 0]);
    subscription.onSubscribed(at(5, "e", { wasRecovering: true }));
    expect([subscription.lost, measured.unrecovered]).toEqual([2, 1]);
    subscription.onSubscribed(at(9, "another", { wasRecovering: true }));
    subscription.onPublication({ data: {}, offset: 9 });
    expect([subscription.lost, subscription.repeated, measured.unrecovered]).toEqual([2, 0, 2]);
  });

  test("without a stream own numbers are checked, from each subscribe on", () => {
    const channel = new LoadChannel("c");
    const { streamPosition: _, ...away } = at(0);
    const subscription = new LoadSubscription(channel, new Measurements());
    subscription.onSubscribed(away);
    channel.begun = 3;
    for (const n of [1, 3, 3]) subscription.onPublication({ data: { n, t: 0 } });
    expect([subscription.lost, subscription.repeated]).toEqual([1, 1]);
    channel.begun = 7;
    subscription.onSubscribed(away);
    channel.begun = 9;
    channel.fail(9);
    subscription.onPublication({ data: { n: 8, t: 0 } });
    expect([subscription.lost, subscription.repeated]).toEqual([1, 1]);
  });
});

describe("CLI-28: what is measured", () => {
  test("percentiles are right to three digits, over hours and down to a microsecond", () => {
    const latencies = new Latencies();
    expect(latencies.percentiles).toEqual({ count: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0 });
    for (let milliseconds = 1; milliseconds <= 1000; milliseconds += 1) latencies.record(milliseconds);
    const { p50, p99, max } = latencies.percentiles;
    expect(p50 / 500).toBeCloseTo(1, 2);
    expect(p99 / 990).toBeCloseTo(1, 2);
    expect(max / 1000).toBeCloseTo(1, 2);
    for (const extreme of [0, 1e12]) expect(() => latencies.record(extreme)).not.toThrow();
  });

  test("names that a server makes up do not fill the memory", () => {
    const tally = new Tally();
    for (let index = 0; index < 1000; index += 1) tally.add(`reason ${index}`);
    expect([Object.keys(tally.counts).length, tally.total, tally.counts.others]).toEqual([51, 1000, 950]);
  });

  test("a gateway that does not answer is not sent more and more", async () => {
    const measured = new Measurements();
    const publisher = new Publisher([new LoadChannel("c")], 1, () => new Promise(() => undefined), measured);
    publisher.advance(10_005);
    expect([measured.sent, publisher.unanswered, measured.heldBack]).toEqual([10_000, 10_000, 5]);
  });

  test("a publication that fails is counted by its error, and need not come", async () => {
    const measured = new Measurements();
    const channel = new LoadChannel("c");
    const refuse = () => Promise.reject({ code: 103, message: "permission denied" });
    new Publisher([channel], 1, refuse, measured).advance(1);
    await expect.poll(() => measured.failedPublishes.counts).toEqual({ "103 permission denied": 1 });
    expect(channel.isExpected(1)).toBe(false);
  });
});

const TIMES = { count: 1, p50: 1, p90: 2, p99: 3, p999: 4, max: 5 };
const REPORT: LoadReport = {
  version: "1.2.3",
  url: "https://gateway.example",
  startedAt: "2026-01-01T00:00:00.000Z",
  isInterrupted: false,
  plan: { ...PLAN, connections: 2, subscriptions: 1 },
  connections: { connected: 2, openAtTheEnd: 2, reconnects: {}, disconnects: {}, failedAttempts: {} },
  subscriptions: { subscribed: 2, refused: {} },
  publications: { sent: 9, acknowledged: 9, failed: {}, heldBack: 0, perSecond: 10 },
  deliveries: {
    received: 18,
    perSecond: 20,
    lost: 0,
    repeated: 0,
    outOfOrder: 0,
    unrecovered: 0,
    checkedBy: "offsets",
  },
  latency: { connect: TIMES, subscribe: TIMES, publish: TIMES, delivery: TIMES },
  generator: { late: TIMES, busy: 0.25, isBottleneck: false },
};

describe("CLI-28: a report", () => {
  test("says that all is well only where it is", () => {
    expect(faultsOf(REPORT)).toEqual([]);
    expect(markdownOf(REPORT)).toContain("\nNothing was lost or repeated.\n");
    const bad: LoadReport = {
      ...REPORT,
      connections: { ...REPORT.connections, connected: 1, openAtTheEnd: 0, failedAttempts: { "42\x1b9": 1 } },
      subscriptions: { subscribed: 1, refused: {} },
      publications: { ...REPORT.publications, sent: 10, heldBack: 2 },
      deliveries: { ...REPORT.deliveries, lost: 1234, repeated: 1, outOfOrder: 1, unrecovered: 1 },
    };
    expect(faultsOf(bad)).toEqual([
      "1 connections never connected",
      "1 connections were closed at the end",
      "1 subscriptions were never made",
      "3 publications were not acknowledged",
      "1,234 deliveries were lost",
      "1 deliveries were repeated",
      "1 deliveries were out of order",
      "1 subscriptions could not recover all that they missed",
    ]);
    expect(markdownOf(bad)).not.toContain("Nothing was lost");
    expect(markdownOf(bad)).toContain("- failed attempts to connect: 42U+001B9: 1");
  });

  test("says when the times are those of the generator", () => {
    expect(markdownOf(REPORT)).toContain("busy for 25 % of the time and late by 3 ms");
    expect(markdownOf(REPORT)).not.toContain("partly its own");
    const slow = { ...REPORT, generator: { ...REPORT.generator, isBottleneck: true } };
    expect(markdownOf(slow)).toContain("partly its own");
  });
});
