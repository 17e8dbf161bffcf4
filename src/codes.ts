/**
 * Every code that the gateway answers with, in one place: HTTP errors and WebSocket close codes.
 */

/** An HTTP error: its status and the text that a person reads. */
export interface HttpErrorDefinition {
  readonly status: number;
  readonly message: string;
}

/** Errors answered over HTTP, before there is a WebSocket. The key is the `code` in the JSON body. */
export const HTTP_ERRORS = {
  not_found: { status: 404, message: "there is nothing at this address" },
  method_not_allowed: { status: 405, message: "this address answers GET only" },
  upgrade_required: { status: 426, message: "this address speaks WebSocket: send Upgrade: websocket" },
  unsupported_version: { status: 426, message: "only WebSocket version 13 is spoken here" },
  bad_handshake: { status: 400, message: "the WebSocket handshake is malformed" },
  origin_refused: { status: 403, message: "this origin may not connect: it is not in ALLOWED_ORIGINS" },
  unknown_kind: { status: 404, message: "there is no room kind of this name" },
  bad_room_name: {
    status: 400,
    message: "a room name has 1 to 128 characters, none of them a control character",
  },
  room_full: { status: 503, message: "the room is full, try again later" },
  data_too_large: { status: 500, message: "the data of this connection does not fit beside its socket" },
  overloaded: { status: 503, message: "this room is busy or moving, try again later" },
  internal: { status: 500, message: "internal server error" },
} as const satisfies Record<string, HttpErrorDefinition>;

export type HttpErrorCode = keyof typeof HTTP_ERRORS;

/** A WebSocket close: its code, the reason sent with it, and whether coming back makes sense. */
export interface CloseDefinition {
  readonly code: number;
  readonly reason: string;
  readonly reconnect: boolean;
}

/** Closes that a plain room begins by itself. */
export const ROOM_CLOSES = {
  idle: { code: 1001, reason: "idle timeout", reconnect: true },
  protocol: { code: 1002, reason: "", reconnect: false },
  invalidText: { code: 1007, reason: "", reconnect: false },
  rate: { code: 1008, reason: "too many messages", reconnect: true },
  tooLarge: { code: 1009, reason: "message too large", reconnect: false },
  handlerFailed: { code: 1011, reason: "internal error", reconnect: true },
  overloaded: { code: 1013, reason: "too many messages are waiting", reconnect: true },
  restart: { code: 1012, reason: "service restart", reconnect: true },
  backpressure: { code: 1013, reason: "too slow", reconnect: true },
} as const satisfies Record<string, CloseDefinition>;
