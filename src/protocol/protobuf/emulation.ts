import { MalformedCommand } from "../malformed.ts";
import type { Bytes } from "../messages.ts";
import { type EmulationRequest, EmulationRequestSchema } from "./client_pb.ts";
import { parse } from "./parse.ts";

/** Reads an EmulationRequest: further commands of a session over HTTP. Undefined: it is none. */
export function decodeEmulation(bytes: Bytes): EmulationRequest | undefined {
  try {
    return parse(EmulationRequestSchema, bytes);
  } catch (error) {
    if (error instanceof MalformedCommand) return undefined;
    throw error;
  }
}
