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
  method_not_allowed: { status: 405, message: "this address does not take this method: see Allow" },
  upgrade_required: { status: 426, message: "this address speaks WebSocket: send Upgrade: websocket" },
  unsupported_version: { status: 426, message: "only WebSocket version 13 is spoken here" },
  bad_request: { status: 400, message: "the request has no single address: send one Host header" },
  bad_handshake: { status: 400, message: "the WebSocket handshake is malformed" },
  origin_refused: { status: 403, message: "this origin may not connect: it is not in ALLOWED_ORIGINS" },
  unknown_kind: { status: 404, message: "there is no room kind of this name" },
  kind_not_public: {
    status: 404,
    message:
      "this room kind ships with the gateway and is not public here: rooms.public of the configuration names those that are",
  },
  bad_room_name: {
    status: 400,
    message: "a room name has 1 to 128 characters, none of them a control character, and is not . or ..",
  },
  room_full: { status: 503, message: "the room is full, try again later" },
  body_too_large: { status: 413, message: "the body of the request is too large for this room" },
  message_too_large: { status: 413, message: "the commands are longer than a message may be" },
  no_commands: {
    status: 400,
    message: "send a connect command: as the body of a POST, or as cf_connect of a GET",
  },
  bad_emulation: {
    status: 400,
    message:
      'expected { "session", "node", "data" }: texts in a JSON object, or an EmulationRequest in Protobuf',
  },
  unknown_session: { status: 404, message: "there is no such session: connect again" },
  bad_connect_request: {
    status: 400,
    message: "expected a connect request: a JSON object, as the body of a POST or as cf_connect of a GET",
  },
  too_many_channels: { status: 400, message: "these are more channels than a connection may have" },
  token_refused: { status: 401, message: "the token is missing, not valid, or has expired" },
  connect_refused: { status: 403, message: "this connection is refused: see disconnect" },
  data_too_large: { status: 500, message: "the data of this connection is too large, or cannot be cloned" },
  headers_too_large: { status: 431, message: "the headers that are passed on to the backend are too long" },
  overloaded: { status: 503, message: "this room is busy or moving, try again later" },
  budget_exceeded: { status: 503, message: "the gateway takes no new connections today, try again later" },
  too_many_connections: { status: 429, message: "too many connections from this address, try again later" },
  unauthorized: { status: 401, message: "this needs an API key that may do it" },
  no_directory: { status: 404, message: "there is no directory: name a hub or a region, or enable it" },
  bad_hub_name: { status: 400, message: "a hub is named home/<key>, or by a region and a number n" },
  internal: { status: 500, message: "internal server error" },
} as const satisfies Record<string, HttpErrorDefinition>;

export type HttpErrorCode = keyof typeof HTTP_ERRORS;

/** Refusals of requests to the server API that are no command: the message is the whole body, as plain text. */
export const API_REFUSALS = {
  notAnObject: { status: 400, message: "the body must be a JSON object" },
  notObjects: { status: 400, message: "each line of the body must be a JSON object" },
  unauthorized: { status: 401, message: "unauthorized" },
  methodNotAllowed: { status: 405, message: "method not allowed" },
  tooLarge: { status: 413, message: "the body is too large" },
  tooManyRequests: { status: 429, message: "too many requests with this key" },
} as const satisfies Record<string, HttpErrorDefinition>;

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
  byteRate: { code: 1008, reason: "too many bytes", reconnect: true },
  tooLarge: { code: 1009, reason: "message too large", reconnect: false },
  handlerFailed: { code: 1011, reason: "internal error", reconnect: true },
  overloaded: { code: 1013, reason: "too many messages are waiting", reconnect: true },
  restart: { code: 1012, reason: "service restart", reconnect: true },
  backpressure: { code: 1013, reason: "too slow", reconnect: true },
} as const satisfies Record<string, CloseDefinition>;

/** An error in a reply: the command failed, the connection goes on. */
export interface ProtocolError {
  readonly code: number;
  readonly message: string;
  /** Whether a client may simply try again. */
  readonly temporary?: true;
}

/** Errors of the channel protocol. */
export const ERRORS = {
  internal: { code: 100, message: "internal server error", temporary: true },
  unauthorized: { code: 101, message: "unauthorized" },
  unknownChannel: { code: 102, message: "unknown channel" },
  permissionDenied: { code: 103, message: "permission denied" },
  methodNotFound: { code: 104, message: "method not found" },
  alreadySubscribed: { code: 105, message: "already subscribed" },
  limitExceeded: { code: 106, message: "limit exceeded" },
  badRequest: { code: 107, message: "bad request" },
  notAvailable: { code: 108, message: "not available" },
  tokenExpired: { code: 109, message: "token expired" },
  expired: { code: 110, message: "expired" },
  tooManyRequests: { code: 111, message: "too many requests", temporary: true },
  unrecoverablePosition: { code: 112, message: "unrecoverable position" },
  budgetExceeded: { code: 113, message: "budget exceeded", temporary: true },
} as const satisfies Record<string, ProtocolError>;

/**
 * Closes of the channel protocol. Codes from 3000 and 4000 make a client reconnect, codes from 3500 and 4500 do not.
 * A reason is never empty and never JSON: centrifuge-js (5.8.0) reconnects after a terminal code with an empty reason,
 * and takes a reason that parses as JSON for advice on reconnecting.
 */
export const DISCONNECTS = {
  connectionClosed: { code: 3000, reason: "connection closed", reconnect: true },
  shutdown: { code: 3001, reason: "shutdown", reconnect: true },
  serverError: { code: 3004, reason: "internal server error", reconnect: true },
  expired: { code: 3005, reason: "connection expired", reconnect: true },
  subscriptionExpired: { code: 3006, reason: "subscription expired", reconnect: true },
  slow: { code: 3008, reason: "slow", reconnect: true },
  writeError: { code: 3009, reason: "write error", reconnect: true },
  insufficientState: { code: 3010, reason: "insufficient state", reconnect: true },
  forceReconnect: { code: 3011, reason: "force reconnect", reconnect: true },
  noPong: { code: 3012, reason: "no pong", reconnect: true },
  tooManyRequests: { code: 3013, reason: "too many requests", reconnect: true },
  stateInvalidated: { code: 3014, reason: "state invalidated", reconnect: true },
  budgetExceeded: { code: 3015, reason: "budget exceeded", reconnect: true },
  invalidToken: { code: 3500, reason: "invalid token", reconnect: false },
  badRequest: { code: 3501, reason: "bad request", reconnect: false },
  stale: { code: 3502, reason: "stale", reconnect: false },
  forceDisconnect: { code: 3503, reason: "force disconnect", reconnect: false },
  connectionLimit: { code: 3504, reason: "connection limit", reconnect: false },
  channelLimit: { code: 3505, reason: "channel limit", reconnect: false },
  permissionDenied: { code: 3507, reason: "permission denied", reconnect: false },
  notAvailable: { code: 3508, reason: "not available", reconnect: false },
  tooManyErrors: { code: 3509, reason: "too many errors", reconnect: false },
  blocked: { code: 3510, reason: "blocked", reconnect: false },
  messageTooLarge: { code: 1009, reason: "message too large", reconnect: false },
} as const satisfies Record<string, CloseDefinition>;

/** Why the server ended a subscription. Codes from 2500 make a client subscribe again, recovering where it can. */
export const UNSUBSCRIBES = {
  server: { code: 2000, reason: "server unsubscribe", reconnect: false },
  insufficientState: { code: 2500, reason: "insufficient state", reconnect: true },
  expired: { code: 2501, reason: "subscription expired", reconnect: true },
  stateInvalidated: { code: 2502, reason: "state invalidated", reconnect: true },
} as const satisfies Record<string, CloseDefinition>;

const ERRORS_BY_CODE = new Map<number, ProtocolError>(
  Object.values(ERRORS).map((error) => [error.code, error]),
);

const DISCONNECT_REASONS = new Map<number, string>(
  Object.values(DISCONNECTS).map(({ code, reason }) => [code, reason]),
);

/** The reason of a disconnect code; for an unknown code, the reason of a forced disconnect. */
export function disconnectReasonOf(code: number): string {
  return DISCONNECT_REASONS.get(code) ?? DISCONNECTS.forceDisconnect.reason;
}

/** The error of a code that another hub has answered with. */
export function errorOf(code: number): ProtocolError {
  return ERRORS_BY_CODE.get(code) ?? ERRORS.internal;
}

/**
 * Whether a client reconnects by itself after the channel protocol has closed its connection with a code of 3000 to
 * 4999: the second half of each thousand is final. Codes below and those of an unsubscribe follow other rules.
 */
export function mayReconnect(code: number): boolean {
  return code % 1000 < 500;
}
