import { SESSION_LIMITS } from "../../shared/limits.ts";
import { jsonOfBytes } from "../json/payload.ts";
import { isTooDeep } from "../json/raw-json.ts";
import { MalformedCommand } from "../malformed.ts";
import type {
  Bytes,
  Command,
  ConnectCommand,
  HistoryCommand,
  Json,
  StreamPosition,
  SubscribeCommand,
} from "../messages.ts";
import {
  CommandSchema,
  type ConnectRequest,
  type HistoryRequest,
  type SubscribeRequest,
  type Command as WireCommand,
} from "./client_pb.ts";
import { splitFrame } from "./frames.ts";
import { parse } from "./parse.ts";

/** What a payload that must be JSON is not. */
class InvalidPayload extends Error {}

/**
 * Reads the commands of one frame from a client.
 *
 * @returns undefined when anything in the frame cannot be read: the connection is then closed with 3501.
 */
export function decodeCommands(frame: Bytes): Command[] | undefined {
  if (frame.length === 0) return undefined;
  try {
    return splitFrame(frame).map(decodeCommand);
  } catch (error) {
    if (error instanceof MalformedCommand) return undefined;
    throw error;
  }
}

function decodeCommand(bytes: Bytes): Command {
  const command = parse(CommandSchema, bytes);
  const { id } = command;
  if (id === 0 && command.send === undefined) return { kind: "pong" };
  try {
    const read = readRequest(command);
    if (id === 0 && read.kind !== "send") throw new MalformedCommand("id");
    // A connect holds the positions of all server-side subscriptions, so it may be as long as the message.
    if (read.kind === "connect" || bytes.length <= SESSION_LIMITS.commandSize) return read;
  } catch (error) {
    if (!(error instanceof InvalidPayload)) throw error;
  }
  if (id === 0) throw new MalformedCommand("what has no answer cannot be refused");
  return { kind: "invalid", id };
}

/** Requests in the order of the schema: of several in one command, the first is taken. */
function readRequest(command: WireCommand): Command {
  const { id } = command;
  if (command.connect) return readConnect(id, command.connect);
  if (command.subscribe) return readSubscribe(id, command.subscribe);
  if (command.unsubscribe) return { kind: "unsubscribe", id, channel: command.unsubscribe.channel };
  if (command.publish) {
    const { channel, data } = command.publish;
    return { kind: "publish", id, channel, data: data.length === 0 ? undefined : (data as Bytes) };
  }
  if (command.presence) return { kind: "presence", id, channel: command.presence.channel };
  if (command.presenceStats) return { kind: "presence_stats", id, channel: command.presenceStats.channel };
  if (command.history) return readHistory(id, command.history);
  if (command.ping) throw new MalformedCommand("ping is the server's");
  if (command.send) return { kind: "send", data: readJson(command.send.data) };
  if (command.rpc) return { kind: "rpc", id, method: command.rpc.method, data: readJson(command.rpc.data) };
  if (command.refresh) return { kind: "refresh", id, token: command.refresh.token };
  if (command.subRefresh) {
    const { channel, token } = command.subRefresh;
    return { kind: "sub_refresh", id, channel, token };
  }
  throw new MalformedCommand("no request");
}

function readConnect(id: number, request: ConnectRequest): ConnectCommand {
  const { token, name, version } = request;
  const headers = Object.entries(request.headers);
  const subs = new Map<string, StreamPosition>();
  for (const [channel, sub] of Object.entries(request.subs))
    if (sub.recover) subs.set(channel, readPosition(sub));
  return {
    kind: "connect",
    ...{ id, token, subs, name, version },
    data: readJson(request.data),
    headers: headers.length === 0 ? undefined : new Map(headers),
  };
}

function readSubscribe(id: number, request: SubscribeRequest): SubscribeCommand {
  const { channel, token, positioned, recoverable, joinLeave, type, delta } = request;
  const position = readPosition(request);
  return {
    kind: "subscribe",
    ...{ id, channel, token, positioned, recoverable, joinLeave, type, delta },
    recover: request.recover ? position : undefined,
    data: readJson(request.data),
    hasTagsFilter: request.tf !== undefined,
    flag: readNumber(request.flag),
  };
}

function readHistory(id: number, request: HistoryRequest): HistoryCommand {
  const { channel, limit, since, reverse } = request;
  return { kind: "history", id, channel, limit, since: since && readPosition(since), reverse };
}

function readPosition({
  offset,
  epoch,
}: {
  readonly offset: bigint;
  readonly epoch: string;
}): StreamPosition {
  return { offset: readNumber(offset), epoch };
}

/** A number of 64 bits that a double holds exactly. */
function readNumber(value: bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new MalformedCommand("number");
}

/** A payload that hooks and backends see as JSON; undefined where there is none. */
function readJson(bytes: Uint8Array): Json | undefined {
  if (bytes.length === 0) return undefined;
  const json = jsonOfBytes(bytes);
  if (json === undefined || isTooDeep(json)) throw new InvalidPayload();
  return json;
}
