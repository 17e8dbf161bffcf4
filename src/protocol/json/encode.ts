/**
 * Writes replies and pushes as JSON text. Zero values are left out, as every SDK expects; what a client reads without
 * looking first (`history.epoch`, `presence.presence`, the user and client of an info) is always there. Nothing is null.
 */
import type { ProtocolError } from "../../shared/codes.ts";
import type { Json, Reply } from "../messages.ts";
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
