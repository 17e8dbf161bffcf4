import type { ConnectionConfig } from "../config/connection.ts";
import type { Pong } from "../protocol/codec.ts";
import { PONG } from "../protocol/json/codec.ts";
import type { Session } from "./session.ts";

/** What the runtime answers to the pongs of a session. Those of a stream are the Worker's: text, whatever its client speaks. */
export function pongOf({ codec, state }: Session): Pong | undefined {
  return state.stream === undefined ? codec.pong : PONG;
}

/** Whether pings of a session must be answered: by its client, which is told so when it connects, or by the Worker. */
export function mustAnswerPings(
  { pong, protobufPong }: Pick<ConnectionConfig, "pong" | "protobufPong">,
  session: Session,
): boolean {
  return pongOf(session) === undefined ? pong && protobufPong : pong;
}
