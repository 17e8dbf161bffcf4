/** Hubs in words, and in the order in which they are listed. */

import type { HubOverview } from "../../overview/messages.ts";
import { formatSize } from "../message.ts";
import { formatCount, formatDuration, formatRate } from "./formats.ts";
import { describeCauses } from "./tallies.ts";

export const HUB_ORDERS = ["sockets", "channels", "messages", "awake", "name"] as const;

export type HubOrder = (typeof HUB_ORDERS)[number];

/** What a hub is listed by: the largest first. */
const KEYS: Readonly<Record<Exclude<HubOrder, "name">, (hub: HubOverview) => number>> = {
  sockets: ({ sockets }) => sockets,
  channels: ({ channels }) => channels,
  messages: messageRate,
  awake: ({ awakeShare }) => awakeShare,
};

const STATES = {
  ok: "takes newcomers",
  late: "late: its flushes wait",
  full: "full: newcomers go elsewhere",
};

/** Frames a second, both ways. */
export function messageRate({ rates }: HubOverview): number {
  return rates.messagesReceived + rates.messagesSent;
}

/** The hubs whose name or region holds a text, whatever its case, in an order. Those that are equal go by their names. */
export function arrangeHubs(
  hubs: readonly HubOverview[],
  filter: string,
  order: HubOrder,
): readonly HubOverview[] {
  const wanted = filter.trim().toLowerCase();
  const found = hubs.filter(({ hub, region = "" }) => `${hub} ${region}`.toLowerCase().includes(wanted));
  const key = order === "name" ? () => 0 : KEYS[order];
  return found.sort((one, other) => key(other) - key(one) || (one.hub < other.hub ? -1 : 1));
}

/** `37%`. */
export function formatShare(share: number): string {
  return `${Math.round(Math.min(1, share) * 100)}%`;
}

/** Terms and what they are, of one hub. */
export function hubFacts(hub: HubOverview, now: number): readonly (readonly [term: string, fact: string])[] {
  const { rates, awakeShare, awake, lag } = hub;
  return [
    ["State", STATES[hub.state]],
    ["Region", hub.region ?? "not known"],
    ["Sockets", `${formatCount(hub.sockets)}, ${formatCount(hub.clients)} connected`],
    ["Users", formatCount(hub.users)],
    ["Channels", `${formatCount(hub.channels)}, ${formatCount(hub.subscriptions)} subscriptions`],
    ["Messages", `${formatRate(rates.messagesReceived)} in, ${formatRate(rates.messagesSent)} out`],
    ["Publications", formatRate(rates.publications)],
    ["Awake", `${formatShare(awakeShare)} lately, ${formatDuration(awake)} in all`],
    ["Woken by", describeCauses(hub.wakes) || "nothing yet"],
    ["Flush lag", `${formatCount(lag)} ms`],
    ["Memory", `about ${formatSize(hub.memory)}`],
    ["Woke", `${formatDuration(now - hub.wokeAt)} ago`],
    ["Reported", `${formatDuration(now - hub.reportedAt)} ago`],
  ];
}
