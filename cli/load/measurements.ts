import { Latencies } from "./latencies.ts";
import { Tally } from "./tally.ts";

/** All that is counted and timed during a run. */
export class Measurements {
  readonly connecting = new Latencies();
  readonly subscribing = new Latencies();
  readonly publishing = new Latencies();
  readonly delivery = new Latencies();

  /** Connections that had connected before, by the code of their end. */
  readonly reconnects = new Tally();
  /** Connections that were told not to come back, by code. */
  readonly disconnects = new Tally();
  /** Attempts to connect that failed, by what the network or an HTTP status said. */
  readonly failedAttempts = new Tally();
  /** Subscriptions that were refused or ended, by code. */
  readonly refusedSubscriptions = new Tally();
  readonly failedPublishes = new Tally();

  sent = 0;
  acknowledged = 0;
  /** Publications that were due while too many others had no answer. */
  heldBack = 0;
  received = 0;
  /** Subscriptions that came back to a stream that could not bring all that they missed. */
  unrecovered = 0;
}
