import type { Json } from "../protocol/messages.ts";
import type { Message } from "../rooms/handler.ts";
import type { PageRequest } from "../rooms/socket-page.ts";

/** What a room is asked from outside. */
export type RoomCommand =
  | { readonly kind: "publish"; readonly topic: string; readonly message: Message }
  | ({ readonly kind: "sockets" } & PageRequest)
  | { readonly kind: "close"; readonly code: number | undefined; readonly reason: string }
  /** `parameters` is a JSON array. */
  | { readonly kind: "call"; readonly name: string; readonly parameters: Json };

/**
 * What a room answers, or a code of `ERRORS`. A call that returns nothing has the result `{}`, any other
 * `{"value":…}`.
 */
export type RoomAnswer = { readonly result: Json } | { readonly errorCode: number };

/** What rooms can be asked. */
export interface RoomRpc {
  ask(command: RoomCommand): Promise<RoomAnswer>;
}
