import { expect, test } from "vitest";
import { RoomCounters } from "../../src/metrics/room-counters.ts";
import { RoomReporter } from "../../src/metrics/room-reporter.ts";
import { metricOf } from "../../src/metrics/series.ts";

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
  reporter.report(MINUTE + 5_000, {}, 0);
  expect([2 * MINUTE, 2 * MINUTE + 5_000].map((now) => reporter.isDue(now))).toEqual([false, true]);
});

test("METRIC-05: each report adds what came since the one before, under the name of the kind", () => {
  const reporter = new RoomReporter("chat", 0);
  const first = reporter.report(MINUTE, { a: 2, b: 1 }, 3);
  const second = reporter.report(2 * MINUTE, { a: 5, b: 1 }, 4);
  expect([first.counters, second.counters]).toEqual([{ a: 2, b: 1 }, { a: 3 }]);
  expect([first.hub, second.hub]).toEqual(["room/chat", "room/chat"]);
  expect(first.incarnation).not.toBe(second.incarnation);
  expect(second.room).toEqual({ kind: "chat", sockets: 4 });
});
