import type { ConnectionConfig } from "../config/connection.ts";
import type { Session } from "./session.ts";

/** Whether the client of a session is to answer pings: it is told so when it connects. */
export function mustAnswerPings(
  { pong, protobufPong }: Pick<ConnectionConfig, "pong" | "protobufPong">,
  { codec }: Session,
): boolean {
  return codec.pong === undefined ? pong && protobufPong : pong;
}
