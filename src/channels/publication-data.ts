import type { Json } from "../protocol/messages.ts";
import { ERRORS, type ProtocolError } from "../shared/codes.ts";
import type { ChannelOptions } from "./options.ts";

export type PublicationData =
  | { readonly kind: "data"; readonly data: Json }
  | { readonly kind: "error"; readonly error: ProtocolError };

/** The payload of a publication, if there is one and it has the format that the channel demands. */
export function checkPublicationData(data: Json | undefined, options: ChannelOptions): PublicationData {
  if (data === undefined) return { kind: "error", error: ERRORS.badRequest };
  if (options.publication_data_format === "json_object" && !/^\s*\{/.test(data)) {
    return { kind: "error", error: ERRORS.badRequest };
  }
  return { kind: "data", data };
}
