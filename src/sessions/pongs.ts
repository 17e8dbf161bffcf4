import type { ConnectionConfig } from "../config/connection.ts";
import type { Session } from "./session.ts";

/**
 * Whether pings of a session must be answered: by its client, which is told so when it connects, or for a stream over HTTP by
 * the Worker, as far as the runtime takes the answers.
 */
export function mustAnswerPings(
  { pong, protobufPong }: Pick<ConnectionConfig, "pong" | "protobufPong">,
  { codec, state }: Session,
): boolean {
  if (codec.pong !== undefined) return pong;
  return pong && protobufPong && state.stream === undefined;
}
