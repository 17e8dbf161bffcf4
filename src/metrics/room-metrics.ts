import type { MetricDefinition } from "./registry.ts";

/** What rooms count. There may be one for each visitor, so they are told apart by their kind only. */
export const ROOM_METRICS = {
  poorwill_room_connections: counter("Sockets taken in"),
  poorwill_room_messages_received: counter(
    "Messages from clients, other than heartbeats that the runtime answers",
  ),
  poorwill_room_messages_received_size: counter("Characters or bytes of those messages"),
  poorwill_room_messages_sent: counter("Messages to clients"),
  poorwill_room_messages_sent_size: counter("Bytes of those messages"),
  poorwill_room_handler_errors: counter("Functions of the kind that have failed"),
  poorwill_room_wakes: counter("Times that a room was started, or woke"),
  poorwill_room_wake_causes: counter("The same, by what woke it", "cause"),
  poorwill_room_activity: counter("What kept a room awake: each time, for 10 s", "cause"),
  poorwill_room_awake_milliseconds: counter(
    "Milliseconds in memory, of all rooms together: 1,000 a second are one room that is always awake",
  ),
  poorwill_room_awake_cause_milliseconds: counter("The same, by the activity that each followed", "cause"),
  poorwill_room_kept_awake_milliseconds: counter(
    "Those of them that came more than 10 s after any activity: something that had not ended kept the room awake",
  ),
  poorwill_room_alarms: counter("Alarms that fired, each one billed as a request"),
  poorwill_room_slowed_alarms: counter(
    "Those of them that came later than `room.setAlarm` said, because the room had set it too often",
  ),
  poorwill_room_shed: counter("Connections refused because the budget of the day was exceeded"),
  poorwill_room_ticks: counter("Calls of `tick`"),
  poorwill_room_calls_taken: counter("Calls from the rest of the application, each one billed as a request"),
  poorwill_room_rows_written: counter(
    "Rows written for alarms; what the kind itself stores is not among them",
  ),
} as const satisfies Record<string, MetricDefinition>;

export type RoomMetricName = keyof typeof ROOM_METRICS;

function counter(help: string, ...more: readonly string[]) {
  return { type: "counter", help, labels: ["kind", ...more] } as const;
}
