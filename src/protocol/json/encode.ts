/**
 * Writes replies and pushes as JSON text. Zero values are left out, as every SDK expects; what a client reads without
 * looking first (`history.epoch`, `presence.presence`, the user and client of an info) is always there. Nothing is null.
 */
import type { ProtocolError } from "../../shared/codes.ts";
import type { ClientInfo, Command, Json, NewPublication } from "../messages.ts";

export * from "./encode-pushes.ts";
export * from "./encode-results.ts";

/** A ping from the server. */
export const PING = "{}";
/** What a client answers to a ping; the runtime answers it in turn, so that it does not wake the object. */
export const PONG_REQUEST = "{}";
/**
 * A push that every SDK passes over. Not `{}`, which the SDKs answer again without end, nor `{"push":{}}`, which
 * centrifuge-python takes for a ping.
 */
export const PONG_RESPONSE = '{"push":{"channel":""}}';

/** A command that is answered. */
export type ReplyKind = Exclude<Command["kind"], "send" | "pong">;

/** A reply; `result` is the JSON text of one of the result encoders, or `{}`. */
export function encodeReply(id: number, kind: ReplyKind, result: Json): Json {
  return `{"id":${id},"${kind}":${result}}`;
}

export function encodeError(id: number, error: ProtocolError): Json {
  return `{"id":${id},"error":${encodeErrorObject(error)}}`;
}

function encodeErrorObject({ code, message, temporary }: ProtocolError): Json {
  return `{"code":${code},"message":${JSON.stringify(message)}${temporary === true ? ',"temporary":true' : ""}}`;
}

export function encodeInfo(info: ClientInfo): Json {
  const connInfo = info.connInfo === undefined ? "" : `,"conn_info":${info.connInfo}`;
  const chanInfo = info.chanInfo === undefined ? "" : `,"chan_info":${info.chanInfo}`;
  return `{"user":${JSON.stringify(info.user)},"client":${JSON.stringify(info.client)}${connInfo}${chanInfo}}`;
}

/** A publication; `offset` 0 is one of a channel without history. */
export function encodePublication(publication: NewPublication, offset: number): Json {
  const { data, info, tags } = publication;
  const offsetText = offset === 0 ? "" : `,"offset":${offset}`;
  const infoText = info === undefined ? "" : `,"info":${encodeInfo(info)}`;
  return `{"data":${data}${offsetText}${infoText}${encodeTags(tags)}}`;
}

function encodeTags(tags: Readonly<Record<string, string>> | undefined): string {
  const text = tags === undefined ? "{}" : JSON.stringify(tags);
  return text === "{}" ? "" : `,"tags":${text}`;
}
