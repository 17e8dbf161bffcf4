/**
 * Writes replies and pushes as JSON text. Zero values are left out, as every SDK expects; what a client reads without
 * looking first (`history.epoch`, `presence.presence`, the user and client of an info) is always there. Nothing is null.
 */
import type { ProtocolError } from "../../shared/codes.ts";
import type { ClientInfo, Json, NewPublication, Reply, WirePublication } from "../messages.ts";
import { encodeResult } from "./encode-results.ts";

/** The answer to a command. */
export function encodeReply(id: number, reply: Reply): Json {
  return `{"id":${id},"${reply.kind}":${encodeResult(reply)}}`;
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
export function encodePublication(publication: NewPublication, offset: number): WirePublication {
  const { data, info, tags } = publication;
  const offsetText = offset === 0 ? "" : `,"offset":${offset}`;
  const infoText = info === undefined ? "" : `,"info":${encodeInfo(info)}`;
  return `{"data":${data}${offsetText}${infoText}${encodeTags(tags)}}`;
}

function encodeTags(tags: Readonly<Record<string, string>> | undefined): string {
  const text = tags === undefined ? "{}" : JSON.stringify(tags);
  return text === "{}" ? "" : `,"tags":${text}`;
}
