/** The lines of a trace as entries of a log, and in words. */

import type {
  EventKind,
  TraceEndReason,
  TraceEvent,
  TraceHub,
  TraceLine,
  TraceStart,
} from "../../trace/messages.ts";
import { describeDisconnect, describeError, describeUnsubscribe } from "../channels/code-words.ts";
import { describeCloseCode } from "../close-codes.ts";
import type { Direction, Message } from "../message.ts";
import { formatMany } from "./formats.ts";

const SENT: ReadonlySet<EventKind> = new Set(["reply", "error", "publication", "subscribed", "unsubscribed"]);
const NEITHER: ReadonlySet<EventKind> = new Set(["open", "failure", "close"]);
const NO_ROUTE = { url: "", extensions: "" };

const ENDS: Readonly<Record<TraceEndReason, string>> = {
  time: "its time was over",
  output: "it has told as much as one trace may",
  slow_reader: "this page did not keep up",
  client_gone: "the client is gone, or was not found",
  hubs_gone: "no hub has anything to tell any more",
};
const HUBS: Readonly<Record<TraceHub["state"], string>> = {
  joined: "tells its events too",
  left: "does not tell its events any more",
  busy: "has as many traces as it takes",
  failed: "could not be asked",
};

/** @param text the line as it came, which keeps every digit of a payload. */
export function toMessage(line: TraceLine, text: string, now: number): Message {
  const common = { data: text, route: NO_ROUTE, summary: describeLine(line) };
  if (line.line !== "event")
    return { ...common, time: now, direction: "note", type: "info", label: line.line };
  return {
    ...common,
    time: line.at,
    direction: directionOf(line.event),
    type: isTrouble(line) ? "error" : "text",
    label: line.event,
  };
}

function directionOf(event: EventKind): Direction {
  if (NEITHER.has(event)) return "note";
  return SENT.has(event) ? "sent" : "received";
}

function isTrouble({ event, code }: TraceEvent): boolean {
  return (
    event === "error" || event === "failure" || (event === "close" && code !== undefined && code !== 1000)
  );
}

function describeLine(line: TraceLine): string {
  switch (line.line) {
    case "start":
      return describeStart(line);
    case "hub":
      return `${line.hub} ${HUBS[line.state]}`;
    case "dropped":
      return `${line.hub} left out ${formatMany(line.count, "event")}: more than its rate`;
    case "end":
      return `Ended after ${formatMany(line.events, "event")}: ${ENDS[line.why]}`;
    case "event":
      return describeEvent(line);
  }
}

export function describeStart({ target, until, hubs, untraced = 0 }: TraceStart): string {
  const [[kind = "", name = ""] = []] = Object.entries(target);
  const time = new Date(until).toLocaleTimeString("en", { timeStyle: "medium" });
  const others = untraced === 0 ? "" : `, not at ${formatMany(untraced, "other")}`;
  return `Tracing ${kind} ${name} at ${formatMany(hubs.length, "hub")}${others} until ${time}`;
}

export function describeEnd(why: TraceEndReason): string {
  return `The trace has ended: ${ENDS[why]}.`;
}

/** What happened, to whom: `chat:42 · 103 permission denied · client 4f2 · user 42`. */
function describeEvent(event: TraceEvent): string {
  const { channel, method, code, id, size, offset, from, subscribers, pushes, client, user } = event;
  return [
    channel,
    method,
    event.in,
    code === undefined ? undefined : describeCode(event, code),
    offset === undefined ? undefined : `offset ${offset}`,
    from === undefined ? undefined : `from client ${from}`,
    size === undefined ? undefined : `${size} B`,
    subscribers === undefined ? undefined : `to ${formatMany(subscribers, "subscriber")}`,
    pushes ? `after ${formatMany(pushes, "push", "pushes")}` : undefined,
    id === undefined ? undefined : `id ${id}`,
    client === undefined ? undefined : `client ${client}`,
    user === undefined || user === "" ? undefined : `user ${user}`,
  ]
    .filter((part) => part !== undefined && part !== "")
    .join(" · ");
}

/** Codes of errors, of unsubscribes and of closes are numbers of their own. */
function describeCode({ event }: TraceEvent, code: number): string {
  return `${code} ${wordsOf(event, code).name}`.trim();
}

function wordsOf(event: EventKind, code: number): { readonly name: string } {
  if (event === "unsubscribed") return describeUnsubscribe(code, "");
  if (event !== "close") return describeError(code, "");
  return code < 3_000 ? describeCloseCode(code) : describeDisconnect(code, "");
}
