import { expect, test } from "vitest";
import { COUNTED_IN_POINT, type DataPoint, GAUGES_IN_POINT } from "../../src/metrics/data-point.ts";
import { REPORT_LIMITS } from "../../src/shared/limits.ts";
import { stopClock } from "../support/clock.ts";
import { captureErrors } from "../support/log.ts";
import { TestHub } from "./test-hub.ts";

const names = ["milliseconds", ...COUNTED_IN_POINT, ...GAUGES_IN_POINT];

/** A hub whose data points are kept. */
function observedHub(writeDataPoint?: (point: DataPoint) => void) {
  const points: DataPoint[] = [];
  const keep = (point: DataPoint) => void points.push(point);
  const hub = new TestHub({
    env: { ANALYTICS: { writeDataPoint: writeDataPoint ?? keep } as AnalyticsEngineDataset },
  });
  const total = (name: string) =>
    points.reduce((sum, { doubles }) => sum + (doubles[names.indexOf(name)] ?? 0), 0);
  return { hub, points, total };
}

test("OPS-08: a hub writes at most one data point a second, and nothing it has counted is left out", async () => {
  const clock = stopClock();
  const { hub, points, total } = observedHub();
  const client = await hub.connect();
  for (let second = 0; second < 3; second += 1) {
    clock.advance(1_000);
    for (let count = 0; count < 5; count += 1) await client.publish("open:a", count);
  }
  await hub.runAlarm();
  expect(points.length).toBeGreaterThan(1);
  expect(points.length).toBeLessThanOrEqual(4);
  expect(total("centrifugo_transport_messages_received")).toBe(16);
  expect(total("poorwill_hub_wakes")).toBe(1);
  expect(points.at(-1)?.doubles[names.indexOf("centrifugo_node_num_clients")]).toBe(1);
  expect(points.every(({ indexes, blobs }) => indexes[0] === hub.name && blobs[0] === hub.name)).toBe(true);
});

test("OPS-08: what a hub did last before it sleeps is written by the alarm", async () => {
  const { hub, points, total } = observedHub();
  await (await hub.connect()).publish("open:a", 1);
  expect((await hub.alarm()) ?? 0).toBeLessThanOrEqual(Date.now() + REPORT_LIMITS.delay);
  await hub.runAlarm();
  expect(points.length).toBeGreaterThan(0);
  expect(total("centrifugo_transport_messages_received")).toBe(2);
});

test("OPS-08: data points that cannot be written harm nobody", async () => {
  const errors = captureErrors();
  const { hub } = observedHub(() => {
    throw new Error("too many");
  });
  const client = await hub.connect();
  await hub.runAlarm();
  await client.publish("open:a", 1);
  expect(errors()).toMatchObject([{ event: "hub.point_failed", hub: hub.name }]);
});
