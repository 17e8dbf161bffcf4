import type { Counts, HubOverview, OverviewChannels, OverviewSnapshot } from "../../src/overview/messages.ts";
import { counted, table } from "../print/table.ts";

/** What `top` shows. */
export interface Seen {
  readonly overview: OverviewSnapshot;
  readonly channels: OverviewChannels;
}

export interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** Everything as text. With a size, what fits into a terminal of it: half for hubs, the rest for channels. */
export function screenOf({ overview, channels }: Seen, url: string, size?: Size): string[] {
  const summary = summaryOf(overview, url);
  const hubs = hubTable(overview);
  const names = channelTable(channels);
  if (size === undefined) return [...summary, "", ...hubs, "", ...names];
  const left = Math.max(0, size.rows - summary.length - 2);
  const forHubs = Math.min(hubs.length, Math.max(Math.ceil(left / 2), left - names.length));
  const shown = [...summary, "", ...hubs.slice(0, forHubs), "", ...names.slice(0, left - forHubs)];
  return shown.slice(0, size.rows).map((line) => line.slice(0, size.columns));
}

function summaryOf({ at, totals, rooms }: OverviewSnapshot, url: string): string[] {
  const { rates } = totals;
  const kinds = rooms.map(({ kind, awake }) => `${kind} ${hours(awake)}`);
  const lines = [
    [url, new Date(at).toISOString().slice(11, 19)],
    [
      counted(totals.hubs, "hub"),
      counted(totals.sockets, "socket"),
      counted(totals.clients, "connection"),
      counted(totals.users, "user"),
      counted(totals.subscriptions, "subscription"),
    ],
    [
      `${perSecond(rates.messagesReceived)} messages in`,
      `${perSecond(rates.messagesSent)} out`,
      `${perSecond(rates.publications)} publications a second`,
    ],
    [
      ...countsOf("errors", totals.errors),
      ...countsOf("disconnects", totals.disconnects),
      ...countsOf("refusals", totals.refusals),
      ...(totals.unrecovered > 0 ? [`${totals.unrecovered} not recovered`] : []),
    ],
    kinds.length === 0 ? [] : [`rooms, awake: ${kinds.join(", ")}`],
  ];
  return lines.filter((parts) => parts.length > 0).map((parts) => parts.join("  "));
}

function countsOf(what: string, counts: Counts): string[] {
  const parts = Object.entries(counts).map(([name, count]) => `${name}: ${count}`);
  return parts.length === 0 ? [] : [`${what} ${parts.join(", ")}`];
}

function hubTable({ hubs, moreHubs }: OverviewSnapshot): string[] {
  if (hubs.length === 0) return ["no hub is awake"];
  const heads = [
    "SOCKETS",
    "CLIENTS",
    "SUBS",
    "CHANNELS",
    "IN/S",
    "OUT/S",
    "PUB/S",
    "AWAKE",
    "LATE",
    "STATE",
    "HUB",
  ];
  const more = moreHubs > 0 ? [`and ${counted(moreHubs, "smaller hub")}`] : [];
  return [...table(heads, hubs.map(hubRow)), ...more];
}

function hubRow({ rates, ...hub }: HubOverview): (string | number)[] {
  return [
    hub.sockets,
    hub.clients,
    hub.subscriptions,
    hub.channels,
    perSecond(rates.messagesReceived),
    perSecond(rates.messagesSent),
    perSecond(rates.publications),
    `${Math.round(hub.awakeShare * 100)} %`,
    `${hub.lag} ms`,
    hub.state,
    hub.hub,
  ];
}

function channelTable({ channels, total, complete }: OverviewChannels): string[] {
  if (channels.length === 0) return ["no channel"];
  const rows = channels.map(({ channel, num_clients }) => [num_clients, channel]);
  const more = total - channels.length;
  const end = more > 0 ? [`and ${counted(more, "channel")}${complete ? "" : " or more"}`] : [];
  return [...table(["CLIENTS", "CHANNEL"], rows), ...end];
}

function perSecond(rate: number): string {
  return rate.toFixed(rate < 100 ? 1 : 0);
}

function hours(milliseconds: number): string {
  return `${(milliseconds / 3_600_000).toFixed(1)} h`;
}
