import { DeliveryTimes } from "./delivery-times.ts";
import { Histogram } from "./histogram.ts";
import { Ledger } from "./ledger.ts";
import type { MetricName, Samples } from "./registry.ts";
import { labelled } from "./series.ts";

/** Counts how often each of a few values came. */
export class Tally {
  readonly #counts = new Map<string | number, number>();

  add(value: string | number, count = 1): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + count);
  }

  [Symbol.iterator](): IterableIterator<[string | number, number]> {
    return this.#counts.entries();
  }
}

/** What one hub has counted since it woke. */
export class Counters {
  connections = 0;
  subscriptions = 0;
  framesReceived = 0;
  bytesReceived = 0;
  framesSent = 0;
  charactersSent = 0;
  recoveredPublications = 0;
  alarms = 0;
  callsMade = 0;
  callsTaken = 0;
  flushes = 0;
  readonly submissions = new Tally();
  readonly commands = new Tally();
  readonly errors = new Tally();
  readonly disconnects = new Tally();
  readonly unsubscribes = new Tally();
  readonly recoveries = new Tally();
  readonly hookFailures = new Tally();
  readonly suppressed = new Tally();
  /** Alarms that the breaker has put off, by job. */
  readonly slowedAlarms = new Tally();
  /** What was refused because the budget was exceeded. */
  readonly shed = new Tally();
  /** Publications and subscriptions, by namespace: there are as many as are configured. */
  readonly publishedIn = new Tally();
  readonly subscribedIn = new Tally();
  readonly deliveries = new DeliveryTimes();
  readonly recovery = new Histogram();
  readonly ledger: Ledger;
  readonly #hooks = new Map<string, Histogram>();

  constructor(now: number) {
    this.ledger = new Ledger(now);
  }

  /** Notes a publication at its home. `now` is in milliseconds. */
  notePublication(namespace: string, now: number): void {
    this.submissions.add("publication");
    this.publishedIn.add(namespace);
    this.deliveries.submitted(now);
  }

  /** Notes how long a hook took to answer. */
  noteHook(hook: string, milliseconds: number): void {
    const histogram = this.#hooks.get(hook) ?? new Histogram();
    this.#hooks.set(hook, histogram);
    histogram.observe(milliseconds);
  }

  noteFrame(bytes: number): void {
    this.framesReceived += 1;
    this.bytesReceived += bytes;
  }

  noteRecovery(isRecovered: boolean, publications: number): void {
    this.recoveries.add(isRecovered ? "yes" : "no");
    this.recoveredPublications += publications;
  }

  noteSent(characters: number): void {
    this.framesSent += 1;
    this.charactersSent += characters;
  }

  /** All counts as samples. `rowsWritten` is counted by the parts that write. */
  samples(now: number, rowsWritten: number): Samples {
    return {
      ...labelled("centrifugo_node_messages_received_count", this.submissions),
      ...labelled("centrifugo_client_num_reply_errors", this.errors),
      ...labelled("centrifugo_client_num_server_disconnects", this.disconnects),
      ...labelled("centrifugo_client_num_server_unsubscribes", this.unsubscribes),
      ...labelled("centrifugo_client_recover", this.recoveries),
      ...labelled("centrifugo_proxy_errors", this.hookFailures),
      ...labelled("centrifugo_broker_publish_suppressed_count", this.suppressed),
      ...labelled("poorwill_hub_commands", this.commands),
      ...labelled("poorwill_hub_slowed_alarms", this.slowedAlarms),
      ...labelled("poorwill_hub_shed", this.shed),
      ...labelled("poorwill_namespace_publications", this.publishedIn),
      ...labelled("poorwill_namespace_subscriptions", this.subscribedIn),
      ...labelled("poorwill_hub_wake_causes", this.ledger.wakes),
      ...labelled("poorwill_hub_activity", this.ledger.activities),
      ...labelled("poorwill_hub_awake_cause_milliseconds", this.ledger.awakeAfter(now)),
      ...({
        centrifugo_client_connections_accepted: this.connections,
        centrifugo_client_subscriptions_accepted: this.subscriptions,
        centrifugo_client_recovered_publications: this.recoveredPublications,
        centrifugo_transport_messages_received: this.framesReceived,
        centrifugo_transport_messages_received_size: this.bytesReceived,
        centrifugo_transport_messages_sent: this.framesSent,
        centrifugo_transport_messages_sent_size: this.charactersSent,
        poorwill_hub_wakes: 1,
        poorwill_hub_awake_milliseconds: this.ledger.awake(now),
        poorwill_hub_kept_awake_milliseconds: this.ledger.kept,
        poorwill_hub_alarms: this.alarms,
        poorwill_hub_calls_made: this.callsMade,
        poorwill_hub_calls_taken: this.callsTaken,
        poorwill_hub_rows_written: rowsWritten,
        poorwill_hub_flushes: this.flushes,
      } satisfies Partial<Record<MetricName, number>>),
      ...this.#histograms(),
    };
  }

  #histograms(): Samples {
    const hooks = [...this.#hooks].map(([hook, histogram]) =>
      histogram.samples("poorwill_hub_hook_milliseconds", [["hook", hook]]),
    );
    return Object.assign(
      {},
      this.deliveries.times.samples("poorwill_hub_delivery_milliseconds"),
      this.recovery.samples("poorwill_hub_recovery_milliseconds"),
      ...hooks,
    );
  }
}
