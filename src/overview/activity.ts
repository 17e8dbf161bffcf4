import type { Samples } from "../metrics/registry.ts";
import type { Report } from "../metrics/report.ts";
import { difference } from "../metrics/samples.ts";
import type { Rates } from "./messages.ts";

/** What a report says of the time since the one before. */
export interface Activity {
  readonly rates: Rates;
  /** The part of that time that the hub was awake, from 0 to 1. */
  readonly awakeShare: number;
}

/** What a hub had reported before. */
export interface ReportBefore {
  readonly incarnation: string;
  readonly counters: Samples;
  /** In milliseconds. */
  readonly reportedAt: number;
}

/**
 * What has happened at a hub between two reports. A hub that has slept in between counts from 0 again, and its rates are
 * those since it woke. `now` is in milliseconds.
 */
export function activityBetween(before: ReportBefore | undefined, report: Report, now: number): Activity {
  const goesOn = before?.incarnation === report.incarnation;
  const added = goesOn ? difference(report.counters, before.counters) : report.counters;
  const counted = goesOn ? now - before.reportedAt : now - report.wokeAt;
  const awake = added.poorwill_hub_awake_milliseconds ?? 0;
  const all = now - (before?.reportedAt ?? report.wokeAt);
  return { rates: ratesOf(added, counted), awakeShare: all > 0 ? Math.min(1, awake / all) : 0 };
}

export const NO_RATES: Rates = { messagesReceived: 0, messagesSent: 0, publications: 0 };

export function addRates(one: Rates, other: Rates): Rates {
  return {
    messagesReceived: one.messagesReceived + other.messagesReceived,
    messagesSent: one.messagesSent + other.messagesSent,
    publications: one.publications + other.publications,
  };
}

const PUBLICATIONS = 'centrifugo_node_messages_received_count{type="publication"}';

/** What was published, of everything that was counted. */
export function publicationsOf(counters: Samples): number {
  return counters[PUBLICATIONS] ?? 0;
}

function ratesOf(added: Samples, milliseconds: number): Rates {
  if (milliseconds <= 0) return NO_RATES;
  const perSecond = (count = 0) => (count * 1000) / milliseconds;
  return {
    messagesReceived: perSecond(added.centrifugo_transport_messages_received),
    messagesSent: perSecond(added.centrifugo_transport_messages_sent),
    publications: perSecond(publicationsOf(added)),
  };
}
