import { expect, test } from "vitest";
import { DeliveryTimes } from "../../src/metrics/delivery-times.ts";
import { type Cause, Ledger } from "../../src/metrics/ledger.ts";

/** A ledger of these activities, each with the seconds after the one before. */
function ledgerOf(...activities: [cause: Cause, seconds: number][]) {
  const ledger = new Ledger(0);
  let now = 0;
  for (const [cause, seconds] of activities) {
    now += seconds * 1_000;
    ledger.note(cause, now);
  }
  return { ledger, now };
}

test("LEDGER-01: the first activity of a waking life has woken the object, and no later one", () => {
  const { ledger } = ledgerOf(["alarm:tick", 0], ["message", 1], ["message", 1], ["alarm:tick", 1]);
  expect([...ledger.wakes]).toEqual([["alarm:tick", 1]]);
  expect([...ledger.activities]).toEqual([
    ["alarm:tick", 2],
    ["message", 2],
  ]);
});

test("LEDGER-02: time in memory counts for the activity that it follows, and 10 s at most for the newest", () => {
  const { ledger, now } = ledgerOf(["connect", 0], ["message", 3], ["alarm:ping", 4]);
  expect([...ledger.awakeAfter(now + 1_000)]).toEqual([
    ["connect", 3_000],
    ["message", 4_000],
    ["alarm:ping", 1_000],
  ]);
  expect(ledger.awake(now + 60_000)).toBe(17_000);
});

test("LEDGER-03: memory that is there later than 10 s after an activity was kept by something", () => {
  const { ledger, now } = ledgerOf(["message", 0], ["message", 10], ["message", 25]);
  expect(ledger.kept).toBe(15_000);
  expect(ledger.awake(now)).toBe(35_000);
});

test("LEDGER-02: a clock that is set back takes nothing away", () => {
  const { ledger, now } = ledgerOf(["message", 5], ["message", -3]);
  expect([ledger.awake(now), ledger.kept]).toEqual([0, 0]);
});

test("METRIC-02: publications of one flush each count as long as the oldest of them waited", () => {
  const deliveries = new DeliveryTimes();
  deliveries.submitted(100);
  deliveries.submitted(130);
  deliveries.flushing();
  deliveries.submitted(135);
  deliveries.sent(140);
  deliveries.sent(150);
  expect(deliveries.times.samples("poorwill_hub_delivery_milliseconds")).toMatchObject({
    'poorwill_hub_delivery_milliseconds_bucket{le="10"}': 0,
    'poorwill_hub_delivery_milliseconds_bucket{le="50"}': 2,
    poorwill_hub_delivery_milliseconds_sum: 80,
    poorwill_hub_delivery_milliseconds_count: 2,
  });
  deliveries.flushing();
  deliveries.sent(136);
  expect(deliveries.times.samples("poorwill_hub_delivery_milliseconds")).toMatchObject({
    poorwill_hub_delivery_milliseconds_count: 3,
  });
});
