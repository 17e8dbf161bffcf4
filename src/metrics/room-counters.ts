import { Ledger } from "./ledger.ts";
import type { Samples } from "./registry.ts";
import type { RoomMetricName } from "./room-metrics.ts";
import { seriesOf } from "./series.ts";

/** What one room has counted since it woke. */
export class RoomCounters {
  readonly ledger: Ledger;
  connections = 0;
  messagesReceived = 0;
  lengthReceived = 0;
  messagesSent = 0;
  bytesSent = 0;
  handlerErrors = 0;
  alarms = 0;
  /** Calls of `alarm` that the breaker has put off. */
  slowedAlarms = 0;
  /** Connections that were refused because the budget was exceeded. */
  shed = 0;
  ticks = 0;
  callsTaken = 0;
  rowsWritten = 0;

  constructor(now: number) {
    this.ledger = new Ledger(now);
  }

  noteReceived(length: number): void {
    this.messagesReceived += 1;
    this.lengthReceived += length;
  }

  noteSent(bytes: number): void {
    this.messagesSent += 1;
    this.bytesSent += bytes;
  }

  /** All counts as samples of a kind. */
  samples(kind: string, now: number): Samples {
    const { ledger } = this;
    const counts: Readonly<Partial<Record<RoomMetricName, number>>> = {
      poorwill_room_connections: this.connections,
      poorwill_room_messages_received: this.messagesReceived,
      poorwill_room_messages_received_size: this.lengthReceived,
      poorwill_room_messages_sent: this.messagesSent,
      poorwill_room_messages_sent_size: this.bytesSent,
      poorwill_room_handler_errors: this.handlerErrors,
      poorwill_room_wakes: 1,
      poorwill_room_awake_milliseconds: ledger.awake(now),
      poorwill_room_kept_awake_milliseconds: ledger.kept,
      poorwill_room_alarms: this.alarms,
      poorwill_room_slowed_alarms: this.slowedAlarms,
      poorwill_room_shed: this.shed,
      poorwill_room_ticks: this.ticks,
      poorwill_room_calls_taken: this.callsTaken,
      poorwill_room_rows_written: this.rowsWritten,
    };
    const causes: [RoomMetricName, Iterable<readonly [string, number]>][] = [
      ["poorwill_room_wake_causes", ledger.wakes],
      ["poorwill_room_activity", ledger.activities],
      ["poorwill_room_awake_cause_milliseconds", ledger.awakeAfter(now)],
    ];
    const samples: Record<string, number> = {};
    for (const [name, count] of Object.entries(counts))
      samples[seriesOf(name as RoomMetricName, kind)] = count;
    for (const [name, byCause] of causes)
      for (const [cause, count] of byCause) samples[seriesOf(name, kind, cause)] = count;
    return samples;
  }
}
