import { JSON_LIMITS, SESSION_LIMITS } from "../../shared/limits.ts";
import { exceeds } from "../../shared/payload-size.ts";
import { MalformedCommand } from "../malformed.ts";
import type { Command, InvalidCommand, Json, PublishCommand, StreamPosition } from "../messages.ts";
import {
  type Fields,
  isFields,
  readCount,
  readFlag,
  readInteger,
  readObject,
  readText,
  readTexts,
} from "./fields.ts";
import { isTooDeep, rawMember } from "./raw-json.ts";

/** Requests in the order of the schema: of several in one command, the first is taken. */
const REQUESTS = {
  connect: (id, fields, payload) => ({
    kind: "connect",
    id,
    token: readText(fields, "token"),
    data: payload(),
    subs: readRecoveries(readObject(fields, "subs") ?? {}),
    name: readText(fields, "name"),
    version: readText(fields, "version"),
    headers: readTexts(fields, "headers"),
  }),
  subscribe: (id, fields, payload) => ({
    kind: "subscribe",
    id,
    channel: readText(fields, "channel"),
    token: readText(fields, "token"),
    recover: readRecovery(fields),
    positioned: readFlag(fields, "positioned"),
    recoverable: readFlag(fields, "recoverable"),
    joinLeave: readFlag(fields, "join_leave"),
    data: payload(),
    type: readInteger(fields, "type"),
    delta: readText(fields, "delta"),
    hasTagsFilter: readObject(fields, "tf") !== undefined,
    flag: readInteger(fields, "flag"),
  }),
  unsubscribe: (id, fields) => ({ kind: "unsubscribe", id, channel: readText(fields, "channel") }),
  publish: (id, fields, payload) => ({
    kind: "publish",
    id,
    channel: readText(fields, "channel"),
    data: payload(),
  }),
  presence: (id, fields) => ({ kind: "presence", id, channel: readText(fields, "channel") }),
  presence_stats: (id, fields) => ({ kind: "presence_stats", id, channel: readText(fields, "channel") }),
  history: (id, fields) => {
    const since = readObject(fields, "since");
    return {
      kind: "history",
      id,
      channel: readText(fields, "channel"),
      limit: readInteger(fields, "limit"),
      since: since && readPosition(since),
      reverse: readFlag(fields, "reverse"),
    };
  },
  ping: () => {
    throw new MalformedCommand("ping is the server's");
  },
  send: (_id, _fields, payload) => ({ kind: "send", data: payload() }),
  rpc: (id, fields, payload) => ({
    kind: "rpc",
    id,
    method: readText(fields, "method"),
    data: payload(),
  }),
  refresh: (id, fields) => ({ kind: "refresh", id, token: readText(fields, "token") }),
  sub_refresh: (id, fields) => ({
    kind: "sub_refresh",
    id,
    channel: readText(fields, "channel"),
    token: readText(fields, "token"),
  }),
} as const satisfies Record<
  Exclude<Command["kind"], "pong" | "invalid"> | "ping",
  (id: number, fields: Fields, payload: () => Json | undefined) => Command
>;

const KINDS = Object.keys(REQUESTS) as (keyof typeof REQUESTS)[];

/** The largest id, a 32-bit number without sign. */
const MAX_ID = 0xffff_ffff;

/** Levels that a command may have: those of its payload, which stands in a member of a member. */
const DEPTH = JSON_LIMITS.depth + 2;

/**
 * Reads the commands of one message from a client: JSON objects, one on a line.
 *
 * @returns undefined when anything in the message cannot be read: the connection is then closed with 3501.
 * @example
 * decodeCommands('{"publish":{"channel":"news","data":{"n":1}},"id":3}');
 * // [{ kind: "publish", id: 3, channel: "news", data: '{"n":1}' }]
 */
export function decodeCommands(text: string): Command[] | undefined {
  const lines = text.split("\n");
  if (lines.length > 1 && lines.at(-1) === "") lines.pop();
  try {
    return lines.map(decodeLine);
  } catch (error) {
    if (isAboutTheInput(error)) return undefined;
    throw error;
  }
}

function isAboutTheInput(error: unknown): boolean {
  return error instanceof MalformedCommand || error instanceof SyntaxError;
}

function decodeLine(line: string): Command {
  if (isTooDeep(line, DEPTH)) return decodeInvalid(line);
  if (exceeds(SESSION_LIMITS.commandSize, line)) return decodeLong(line);
  return decodePublish(line) ?? decodeCommand(line);
}

/** A connect holds the positions of all server-side subscriptions, so it may be as long as the message. */
function decodeLong(line: string): Command {
  const command = decodeCommand(line);
  return command.kind === "connect" ? command : decodeInvalid(line);
}

/** Looks for no more than the id, to answer with. */
function decodeInvalid(line: string): InvalidCommand {
  const command: unknown = JSON.parse(line);
  if (!isFields(command)) throw new MalformedCommand("not an object");
  const id = readId(command);
  if (id === 0) throw new MalformedCommand("too much for what has no answer");
  return { kind: "invalid", id };
}

const PUBLISH = /^\{"publish":\{"channel":"([ !#-[\]-\uffff]*)","data":/;
const PUBLISH_END = /\},"id":([1-9]\d{0,8})\}$/;

/**
 * The hot path. A publish as centrifuge-js writes it needs no new JSON text: when what stands between its known
 * beginning and its known end is one JSON value, that is the payload as it was sent.
 */
function decodePublish(line: string): PublishCommand | undefined {
  const start = PUBLISH.exec(line);
  const end = start && PUBLISH_END.exec(line);
  if (!start || !end || line.includes("\r")) return undefined;
  const data = line.slice(start[0].length, end.index);
  if (!isPayload(data)) return undefined;
  return { kind: "publish", id: Number(end[1]), channel: start[1] ?? "", data };
}

function isPayload(text: string): boolean {
  try {
    return JSON.parse(text) !== null;
  } catch {
    return false;
  }
}

function decodeCommand(line: string): Command {
  const command: unknown = JSON.parse(line);
  if (!isFields(command)) throw new MalformedCommand("not an object");
  const id = readId(command);
  const send = readObject(command, "send");
  if (id === 0 && send === undefined) return { kind: "pong" };
  for (const kind of KINDS) {
    const fields = readObject(command, kind);
    if (fields === undefined) continue;
    if (id === 0 && kind !== "send") throw new MalformedCommand("id");
    return REQUESTS[kind](id, fields, () => payloadOf(line, kind, fields));
  }
  throw new MalformedCommand("no request");
}

/** A payload as it was written; undefined where there is none. */
function payloadOf(line: string, kind: string, { data }: Fields): Json | undefined {
  if (data === undefined || data === null) return undefined;
  // What is no line break of the message may still be one to who reads it, and can only stand between two tokens.
  return rawMember(rawMember(line, kind) ?? "{}", "data")?.replaceAll("\r", " ");
}

function readId(command: Fields): number {
  const id = readCount(command, "id");
  if (id > MAX_ID) throw new MalformedCommand("id");
  return id;
}

function readRecoveries(subs: Fields): ReadonlyMap<string, StreamPosition> {
  const positions = new Map<string, StreamPosition>();
  for (const channel of Object.keys(subs)) {
    const position = readRecovery(readObject(subs, channel) ?? {});
    if (position !== undefined) positions.set(channel, position);
  }
  return positions;
}

function readRecovery(fields: Fields): StreamPosition | undefined {
  const position = readPosition(fields);
  return readFlag(fields, "recover") ? position : undefined;
}

function readPosition(fields: Fields): StreamPosition {
  return { offset: readCount(fields, "offset"), epoch: readText(fields, "epoch") };
}
