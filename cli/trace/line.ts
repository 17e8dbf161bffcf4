import type {
  TraceEndReason,
  TraceEvent,
  TraceHub,
  TraceLine,
  TraceStart,
} from "../../src/trace/messages.ts";
import { payloadsOf } from "../api/payloads.ts";
import { counted } from "../print/table.ts";
import { visible } from "../print/visible.ts";

const ENDS: Readonly<Record<TraceEndReason, string>> = {
  time: "its time is over",
  output: "it has told as much as one trace may",
  slow_reader: "this reader did not keep up",
  client_gone: "the client is not there (any more)",
  hubs_gone: "no hub tells anything any more",
};

const STATES: Readonly<Record<TraceHub["state"], string>> = {
  joined: "tells its events now",
  left: "tells nothing any more",
  busy: "has as many traces as it takes",
  failed: "does not answer",
};

/** A line of a trace for people. `text` is the line as it came: long numbers of payloads keep their digits. */
export function traceLine(line: TraceLine, text: string): string {
  switch (line.line) {
    case "start":
      return startLine(line);
    case "hub":
      return `-- ${visible(line.hub)} ${STATES[line.state] ?? line.state}`;
    case "event":
      return eventLine(line, text);
    case "dropped":
      return `-- ${visible(line.hub)} left out ${counted(line.count, "event")}: more than --rate`;
    case "end":
      return `-- ended after ${counted(line.events, "event")}: ${ENDS[line.why] ?? line.why}`;
    default:
      return `-- ${visible(text)}`;
  }
}

function startLine({ target, until, hubs, untraced = 0 }: TraceStart): string {
  const [what = "", name = ""] = Object.entries(target)[0] ?? [];
  const where = `at ${counted(hubs.length, "hub")}${untraced > 0 ? `, and not at ${untraced} more` : ""}`;
  return `-- tracing ${what} ${visible(name)} until ${timeOf(until)} ${where}`;
}

function eventLine(event: TraceEvent, text: string): string {
  const { at, client, user, subscribers, pushes, pings } = event;
  const who = client === undefined ? `to ${counted(subscribers ?? 0, "subscriber")}` : client.slice(0, 8);
  const before = [
    pushes === undefined ? [] : counted(pushes, "push").replace("pushs", "pushes"),
    pings === undefined ? [] : counted(pings, "ping"),
  ].flat();
  return [
    timeOf(at),
    event.hub,
    who,
    user ?? [],
    event.event,
    detailsOf(event),
    before.length === 0 ? [] : `(${before.join(", ")} before)`,
    event.data === undefined ? [] : payloadsOf(text)(["data"]),
    event.dataIs === undefined ? [] : `(${event.dataIs})`,
  ]
    .flat()
    .map(visible)
    .join("  ");
}

function detailsOf({ id, channel, method, in: failed, code, size, offset, from }: TraceEvent): string[] {
  return [
    id === undefined ? [] : `#${id}`,
    channel ?? [],
    method ?? [],
    failed === undefined ? [] : `in ${failed}`,
    code === undefined ? [] : `code ${code}`,
    size === undefined ? [] : counted(size, "byte"),
    offset === undefined ? [] : `offset ${offset}`,
    from === undefined ? [] : `from ${from.slice(0, 8)}`,
  ].flat();
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(11, 23);
}
