import { jsonOfBytes } from "../protocol/json/payload.ts";
import { isTooDeep } from "../protocol/json/raw-json.ts";
import type { Bytes, Json, PublicationData } from "../protocol/messages.ts";
import { ERRORS, type ProtocolError } from "../shared/codes.ts";
import { toUtf8 } from "../shared/encodings.ts";
import type { ChannelOptions } from "./options.ts";

/** What is published, or why it is not. */
export type CheckedData =
  | { readonly kind: "data"; readonly data: PublicationData }
  | { readonly kind: "error"; readonly error: ProtocolError };

type Format = Pick<ChannelOptions, "publication_data_format">;

/** Whether the publications of a channel may be no JSON: clients that can only read that are not subscribed to it. */
export function isBinary({ publication_data_format }: Format): boolean {
  return publication_data_format === "binary";
}

/** The payload of a publication, if there is one and it has the format that the channel demands. */
export function checkPublicationData(data: PublicationData | undefined, options: Format): CheckedData {
  const payload = payloadFor(options, data);
  const isWrong = options.publication_data_format === "json_object" && !/^\s*\{/.test(String(payload));
  if (payload === undefined || isWrong) return { kind: "error", error: ERRORS.badRequest };
  return { kind: "data", data: payload };
}

/** A payload as the channel's publications have it: bytes or JSON text. Undefined for none, and for bytes that are no JSON. */
export function payloadFor(options: Format, data: PublicationData | undefined): PublicationData | undefined {
  if (data === undefined || data.length === 0) return undefined;
  if (isBinary(options)) return typeof data === "string" ? toUtf8(data) : data;
  return typeof data === "string" ? data : readJson(data);
}

function readJson(bytes: Bytes): Json | undefined {
  const json = jsonOfBytes(bytes);
  return json === undefined || isTooDeep(json) ? undefined : json;
}
