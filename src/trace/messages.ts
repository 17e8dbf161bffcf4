/** What the flight recorder and a trace tell: the page and the command line read these lines. */

import type { Command } from "../protocol/messages.ts";

/** What happened. Commands and pushes have the names of the protocol. */
export type EventKind =
  /** A socket was accepted. */
  | "open"
  /** A command of the client; its answer is a `reply` or an `error`. */
  | Command["kind"]
  | "reply"
  | "error"
  /** Only in a trace: a publication was sent to subscribers; the recorder counts pushes. */
  | "publication"
  /** The gateway has subscribed the client to a channel, or ended its subscription. */
  | "subscribed"
  | "unsubscribed"
  /** Only in a room: a message of the client, of `size` bytes or characters. */
  | "message"
  /** Only in a room: the handler of the kind has thrown. */
  | "failure"
  | "close";

/** One event of one client, as it is recorded. What does not apply is absent. */
export interface RecordedEvent {
  /** Unix milliseconds. */
  readonly at: number;
  readonly event: EventKind;
  /** Of the command, also in its reply or error. */
  readonly id?: number;
  readonly channel?: string;
  /** Of an RPC. */
  readonly method?: string;
  /** Of a failure: the function of the kind. */
  readonly in?: string;
  /** Of an error, an unsubscribe or a close. */
  readonly code?: number;
  /** Bytes of a message, or characters of a text. */
  readonly size?: number;
  /** Pushes that the client was sent between its event before and this one. */
  readonly pushes?: number;
  /** Pings that it was sent in that time. */
  readonly pings?: number;
}

/** What can be traced: one of the three. */
export interface TraceTarget {
  readonly channel?: string;
  readonly user?: string;
  readonly client?: string;
}

/** The body of `POST /api/trace`. */
export interface TraceRequest extends TraceTarget {
  /** The hub that holds the client, where it is known: without it, all hubs with sockets are asked. */
  readonly hub?: string;
  /** Whether data is told too. Default false. */
  readonly payloads?: boolean;
  /** Seconds until the trace ends by itself. */
  readonly seconds?: number;
  /** Events a second that each hub tells; more are dropped and counted. */
  readonly rate?: number;
}

/** The first line: what is traced, and until when, in Unix milliseconds. */
export interface TraceStart {
  readonly line: "start";
  readonly target: TraceTarget;
  readonly payloads: boolean;
  readonly until: number;
  readonly rate: number;
  /** The hubs that tell their events. */
  readonly hubs: readonly string[];
  /** How many hubs are concerned too, and past the limit. */
  readonly untraced?: number;
}

/** A hub tells its events from now on, or not any more, or cannot: it has as many traces as it takes. */
export interface TraceHub {
  readonly line: "hub";
  readonly hub: string;
  readonly state: "joined" | "left" | "busy" | "failed";
}

export interface TraceEvent extends RecordedEvent {
  readonly line: "event";
  readonly hub: string;
  /** Absent for a publication to a traced channel, which goes to `subscribers` of them at this hub. */
  readonly client?: string;
  readonly user?: string;
  readonly subscribers?: number;
  /** Of a publication in a stream. */
  readonly offset?: number;
  /** The client that has published it, on whatever hub it is. Absent where a backend has. */
  readonly from?: string;
  /** Payload, where payloads are asked for: any JSON; a text that begins it where it is too long. */
  readonly data?: unknown;
  /** Bytes that are no JSON are told in base64. */
  readonly dataIs?: "cut" | "base64";
}

/** So many events of a hub were over the rate. */
export interface TraceDropped {
  readonly line: "dropped";
  readonly hub: string;
  readonly count: number;
}

/** Why a trace has ended. */
export type TraceEndReason =
  /** Its time is over. */
  | "time"
  /** It has told as much as one trace may. */
  | "output"
  /** Its reader did not keep up. */
  | "slow_reader"
  /** The traced client has gone, or is at none of the hubs. */
  | "client_gone"
  /** No hub tells anything any more. */
  | "hubs_gone";

/** The last line. */
export interface TraceEnd {
  readonly line: "end";
  readonly why: TraceEndReason;
  /** How many events were told. */
  readonly events: number;
}

export type TraceLine = TraceStart | TraceHub | TraceEvent | TraceDropped | TraceEnd;
