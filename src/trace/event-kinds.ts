import type { EventKind } from "./messages.ts";

/** The number of each kind, as a recorder keeps it: one without a number does not compile. */
const NUMBERS: { readonly [Kind in EventKind]: number } = {
  open: 0,
  connect: 1,
  subscribe: 2,
  unsubscribe: 3,
  publish: 4,
  presence: 5,
  presence_stats: 6,
  history: 7,
  rpc: 8,
  send: 9,
  refresh: 10,
  sub_refresh: 11,
  pong: 12,
  invalid: 13,
  reply: 14,
  error: 15,
  publication: 16,
  subscribed: 17,
  unsubscribed: 18,
  message: 19,
  failure: 20,
  close: 21,
};

export function numberOf(kind: EventKind): number {
  return NUMBERS[kind];
}

/** The kinds, by their numbers. */
export const EVENT_KINDS = Object.keys(NUMBERS) as readonly EventKind[];
