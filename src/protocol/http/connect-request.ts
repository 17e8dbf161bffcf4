import { decodeCommands } from "../json/decode.ts";
import { isFields } from "../json/fields.ts";
import { dictionary, flagMember, member, numberMember, object, textMember } from "../json/object.ts";
import type { ConnectCommand, Json, StreamPosition } from "../messages.ts";
import { decodeEventId, LOST } from "./positions.ts";

/** What a client over a unidirectional transport asks for, all at once. */
export interface ConnectRequest {
  readonly connect: ConnectCommand;
  /** Channels that it wants to be subscribed to, and the tokens for those that need one. */
  readonly channels: ReadonlyMap<string, string>;
  /** Where it was when it was cut off. */
  readonly positions: ReadonlyMap<string, StreamPosition>;
  /** Whether it has a last event id that is none: it has lost its place in every channel. */
  readonly isLost: boolean;
}

/** What an address and its headers add to a connect request. */
export interface RequestExtras {
  readonly channels: readonly string[];
  readonly token: string;
  readonly lastEventId: string;
}

/**
 * Reads a connect request: a JSON object as the `connect` command has it, or nothing. Its `subs` are channels to
 * subscribe to, each with the members of a subscribe command: `token`, and `recover`, `offset` and `epoch`.
 *
 * @returns undefined for what is none.
 */
export function readConnectRequest(text: string, extras: RequestExtras): ConnectRequest | undefined {
  // A line break ends a command, and between two tokens means as much as a space.
  const written = text.replaceAll(/[\r\n]/g, " ").trim();
  const json = written === "" || written === "null" ? "{}" : written;
  if (!isObject(json)) return undefined;
  const [command] = decodeCommands(`{"connect":${json},"id":1}`) ?? [];
  if (command?.kind !== "connect") return undefined;
  const tokens = readTokens(json);
  if (tokens === undefined) return undefined;
  const known = extras.lastEventId === "" ? new Map() : decodeEventId(extras.lastEventId);
  return {
    connect: { ...command, token: extras.token || command.token },
    channels: new Map([...extras.channels.map((channel) => [channel, ""] as const), ...tokens]),
    positions: new Map([...command.subs, ...(known ?? [])]),
    isLost: known === undefined,
  };
}

/** Whether it is all of it: what begins as an object could end in further members of the command. */
function isObject(json: string): boolean {
  try {
    return isFields(JSON.parse(json));
  } catch {
    return false;
  }
}

/** The tokens of `subs`, "" for none; undefined where one is no text. */
function readTokens(json: Json): ReadonlyMap<string, string> | undefined {
  const { subs } = JSON.parse(json) as { readonly subs?: unknown };
  if (!isFields(subs)) return new Map();
  const tokens = Object.entries(subs).map(([channel, sub]) => {
    const token = isFields(sub) ? (sub.token ?? "") : "";
    return [channel, token] as const;
  });
  return tokens.every((entry): entry is [string, string] => typeof entry[1] === "string")
    ? new Map(tokens)
    : undefined;
}

/** The connect command. With positions, so that the channels that the server subscribes it to recover. */
export function connectCommand({ connect, positions }: ConnectRequest): Json {
  const { token, data, name, version, headers } = connect;
  const subs = Array.from(positions, ([channel, at]) => [channel, object(recovery(at))] as const);
  return `{"connect":${object([
    textMember("token", token),
    member("data", data),
    textMember("name", name),
    textMember("version", version),
    headers === undefined ? "" : member("headers", JSON.stringify(Object.fromEntries(headers))),
    subs.length === 0 ? "" : member("subs", dictionary(subs)),
  ])},"id":1}`;
}

/** The subscribe command for a channel that it wants. */
export function subscribeCommand(request: ConnectRequest, channel: string, id: number): Json {
  const at = request.positions.get(channel) ?? (request.isLost ? LOST : undefined);
  return `{"subscribe":${object([
    textMember("channel", channel),
    textMember("token", request.channels.get(channel) ?? ""),
    flagMember("recoverable", true),
    ...(at === undefined ? [] : recovery(at)),
  ])},"id":${id}}`;
}

function recovery({ offset, epoch }: StreamPosition): string[] {
  return [flagMember("recover", true), numberMember("offset", offset), textMember("epoch", epoch)];
}
