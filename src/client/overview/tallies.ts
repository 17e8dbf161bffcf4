/** Counts by code or by reason, with words for each. */

import type { Counts, RoomsOverview, Totals } from "../../overview/messages.ts";
import { HTTP_ERRORS } from "../../shared/codes.ts";
import {
  type CodeWords,
  describeDisconnect,
  describeError,
  describeUnsubscribe,
} from "../channels/code-words.ts";
import { formatCount, formatDuration, formatMany } from "./formats.ts";

export interface Tally {
  readonly label: string;
  readonly count: number;
  /** How many of them came since the overview was opened. */
  readonly added: number;
  readonly meaning: string;
}

/** Errors in replies, closes by the server, and subscriptions that it ended: the most frequent first. */
export function errorTallies(now: Totals, before: Totals): Tally[] {
  return byCount([
    ...codeTallies(now.errors, before.errors, describeError),
    ...codeTallies(now.disconnects, before.disconnects, describeDisconnect),
    ...codeTallies(now.unsubscribes, before.unsubscribes, describeUnsubscribe),
  ]);
}

/** What the Worker has refused, by the code of the HTTP error. */
export function refusalTallies(now: Totals, before: Totals): Tally[] {
  return byCount(
    Object.entries(now.refusals).map(([reason, count]) => ({
      label: reason,
      count,
      added: count - (before.refusals[reason] ?? 0),
      meaning: meaningOfRefusal(reason),
    })),
  );
}

export function recoveryTallies(now: Totals, before: Totals): Tally[] {
  return [
    {
      label: "Recovered",
      count: now.recovered,
      added: now.recovered - before.recovered,
      meaning: "Came back and got everything that was missed.",
    },
    {
      label: "Not recovered",
      count: now.unrecovered,
      added: now.unrecovered - before.unrecovered,
      meaning: "The stream did not go back far enough: these clients began anew.",
    },
  ];
}

/** Rooms of each kind: what they got from clients counts. */
export function roomTallies(now: readonly RoomsOverview[], before: readonly RoomsOverview[]): Tally[] {
  return byCount(
    now.map((room) => ({
      label: room.kind,
      count: room.messagesReceived,
      added: room.messagesReceived - (before.find(({ kind }) => kind === room.kind)?.messagesReceived ?? 0),
      meaning: describeRooms(room),
    })),
  );
}

function describeRooms({ connections, messagesSent, errors, awake, wakes }: RoomsOverview): string {
  const causes = describeCauses(wakes);
  return [
    formatMany(connections, "connection"),
    `${formatMany(messagesSent, "message")} out`,
    `${formatDuration(awake)} awake`,
    ...(causes === "" ? [] : [`woken by ${causes}`]),
    ...(errors === 0 ? [] : [`${formatMany(errors, "handler error")}`]),
  ].join(" · ");
}

/** `message 12, alarm 3`: what has woken an object, the most frequent first. */
export function describeCauses(wakes: Counts): string {
  return Object.entries(wakes)
    .filter(([, count]) => count > 0)
    .sort(([, one], [, other]) => other - one)
    .map(([cause, count]) => `${cause} ${formatCount(count)}`)
    .join(", ");
}

function codeTallies(
  now: Counts,
  before: Counts,
  describe: (code: number, reason: string) => CodeWords,
): Tally[] {
  return Object.entries(now).map(([code, count]) => {
    const { name, meaning } = describe(Number(code), "of the application");
    return { label: `${code} ${name}`, count, added: count - (before[code] ?? 0), meaning };
  });
}

function meaningOfRefusal(reason: string): string {
  return Object.entries(HTTP_ERRORS).find(([code]) => code === reason)?.[1].message ?? "";
}

function byCount(tallies: readonly Tally[]): Tally[] {
  return tallies.filter(({ count }) => count > 0).sort((one, other) => other.count - one.count);
}
