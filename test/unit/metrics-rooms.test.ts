import { expect, test } from "vitest";
import { RoomMetrics } from "../../durable-objects/room/metrics.ts";
import type { DirectoryStub } from "../../src/metrics/report.ts";
import { RoomCounters } from "../../src/metrics/room-counters.ts";
import { RoomReporter } from "../../src/metrics/room-reporter.ts";
import { metricOf } from "../../src/metrics/series.ts";
import { stopClock } from "../support/clock.ts";
import { captureErrors } from "../support/log.ts";

const MINUTE = 60_000;

test("METRIC-04: a room's series have its kind, and every one is documented", () => {
  const counters = new RoomCounters(0);
  counters.ledger.note("alarm:tick", 0);
  counters.noteReceived(3);
  counters.noteSent(5);
  counters.noteSent(5);
  const samples = counters.samples("chat", 2_000);
  expect(samples).toMatchObject({
    'poorwill_room_messages_received{kind="chat"}': 1,
    'poorwill_room_messages_received_size{kind="chat"}': 3,
    'poorwill_room_messages_sent{kind="chat"}': 2,
    'poorwill_room_messages_sent_size{kind="chat"}': 10,
    'poorwill_room_wakes{kind="chat"}': 1,
    'poorwill_room_wake_causes{kind="chat",cause="alarm:tick"}': 1,
    'poorwill_room_awake_milliseconds{kind="chat"}': 2_000,
  });
  expect(Object.keys(samples).filter((series) => metricOf(series) === undefined)).toEqual([]);
});

test("METRIC-05: a room reports once it has been awake for a minute, and then once a minute", () => {
  const reporter = new RoomReporter("chat", 0);
  expect([MINUTE - 1, MINUTE].map((now) => reporter.isDue(now))).toEqual([false, true]);
  reporter.report(MINUTE + 5_000, {});
  expect([2 * MINUTE, 2 * MINUTE + 5_000].map((now) => reporter.isDue(now))).toEqual([false, true]);
});

test("METRIC-05: each report adds what came since the one before, under the name of the kind", () => {
  const reporter = new RoomReporter("chat", 0);
  const first = reporter.report(MINUTE, { a: 2, b: 1 });
  const second = reporter.report(2 * MINUTE, { a: 5, b: 1 });
  expect([first.counters, second.counters]).toEqual([{ a: 2, b: 1 }, { a: 3 }]);
  expect([first.hub, second.hub]).toEqual(["room/chat", "room/chat"]);
  expect(first.incarnation).not.toBe(second.incarnation);
});

test("METRIC-05: a directory that fails harms no room: it is a log line, and the next report comes in its time", async () => {
  const errors = captureErrors();
  const clock = stopClock();
  const waited: Promise<unknown>[] = [];
  const ctx = { waitUntil: (promise: Promise<unknown>) => void waited.push(promise) };
  const directory = { report: () => Promise.reject(new Error("gone")) } as Partial<DirectoryStub>;
  const metrics = new RoomMetrics(ctx, "chat", directory as DirectoryStub);
  for (let minute = 0; minute < 2; minute += 1) {
    clock.advance(MINUTE);
    metrics.note("message", Date.now());
    metrics.note("message", Date.now());
  }
  await Promise.all(waited);
  const line = expect.objectContaining({ event: "room.report_failed", kind: "chat", message: "gone" });
  expect(errors()).toEqual([line, line]);
});
