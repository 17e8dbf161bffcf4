import type {
  API_REFUSALS,
  DISCONNECTS,
  ERRORS,
  HTTP_ERRORS,
  ROOM_CLOSES,
  UNSUBSCRIBES,
} from "../../src/shared/codes.ts";

type Notes<Registry> = Readonly<Record<keyof Registry, string>>;

const NOT_BY_ITSELF = "not sent by the gateway itself; `disconnect` of the server API may";

/** When each code is answered: one that is missing does not compile. */
export const HTTP_ERROR_NOTES: Notes<typeof HTTP_ERRORS> = {
  not_found: "an upgrade at an address that does not exist, or with more after a room's name",
  method_not_allowed: "another method than `Allow` names",
  upgrade_required: "a plain request at an address of WebSockets",
  unsupported_version: "an upgrade with another `Sec-WebSocket-Version` than 13",
  bad_request: "two `Host` headers, which make no valid address",
  bad_handshake: "an upgrade without a valid `Sec-WebSocket-Key`, or with a header that contradicts it",
  origin_refused: "the `Origin` is neither the gateway's own nor in `ALLOWED_ORIGINS`",
  unknown_kind: "the room kind in the address is not among the `rooms` of the gateway",
  kind_not_public:
    "`hello` (which is `/ws`), `echo` or `broadcast` on a deployed gateway that does not name it",
  bad_room_name: "the room name is empty, too long, not valid percent-encoding, or has control characters",
  room_full: "the room has `maxSockets` sockets; with `Retry-After`",
  body_too_large: "the body of a request to a room is over `maxRequestBody` of its kind",
  message_too_large: "the commands of an HTTP stream, or of `/emulation`, are longer than `messageSizeLimit`",
  no_commands: "`/connection/http_stream` or `/connection/sse` without commands",
  bad_emulation: "`/emulation` with another body",
  unknown_session: "`/emulation` for a session that has ended, or that the gateway has never made",
  bad_connect_request: "a unidirectional transport with a connect request that is none",
  too_many_channels: "a unidirectional transport with more channels than `channelLimit`",
  token_refused:
    "a unidirectional transport whose token is wrong, has expired, or is missing and must be there",
  connect_refused:
    "a unidirectional transport that is refused for good; `disconnect` in the body has code and reason",
  data_too_large: "the data that `upgrade` returned cannot be kept over sleep",
  overloaded:
    "the object is overloaded, was just moved or updated, or every hub of the region is full; with `Retry-After`",
  headers_too_large: "the headers that are passed on to the backend are longer than the gateway keeps",
  budget_exceeded:
    "what the day may cost is exceeded, and `operations.budget` says `shed`; with `Retry-After`",
  too_many_connections:
    "one address has opened more connections than `CONNECT_RATE` allows; with `Retry-After`",
  unauthorized: "`GET /metrics` without a known API key that may call it",
  no_directory: "`GET /metrics` without a hub where `operations.directory` is off",
  bad_hub_name: "`GET /metrics` with a name that no hub can have",
  internal: "something went wrong; the log says what",
};

export const API_REFUSAL_NOTES: Notes<typeof API_REFUSALS> = {
  notAnObject: "`POST /api/<method>` with another body, or none",
  notObjects: "`POST /api`, the older form, with a line that is no JSON object, or without lines",
  unauthorized: "the API key is missing or unknown",
  methodNotAllowed: "another method than POST; with `Allow: POST`",
  tooLarge: "more than 4 MiB",
  tooManyRequests: "more requests with one key than `API_RATE` allows; with `Retry-After`",
};

export const ROOM_CLOSE_NOTES: Notes<typeof ROOM_CLOSES> = {
  idle: "nothing came for `idleTimeout`",
  protocol: "the client's close carried a code or reason that may not be sent",
  invalidText: "the client's close carried a reason that is not UTF-8",
  rate: "more messages than `rateLimit` allows",
  byteRate: "more bytes than `byteRate` allows",
  tooLarge: "a message over `maxPayloadLength`",
  handlerFailed: "a function of the handler threw",
  overloaded: "too many messages or bytes wait for an asynchronous handler",
  restart: "the room's kind was removed by a deploy",
  backpressure: "too slow, where `closeOnBackpressureLimit` is set",
};

export const ERROR_NOTES: Notes<typeof ERRORS> = {
  internal: "a hook, a backend, another hub or the storage failed; the command may have been carried out",
  unauthorized: "not answered by the gateway: it closes with 3500 or 3501",
  unknownChannel: "the channel's namespace is not configured",
  permissionDenied: "the options, the token or the hook do not allow it",
  methodNotFound: "`rpc` of a method that the hook does not know; a method that the server API does not have",
  alreadySubscribed: "`subscribe` to a channel that this connection has",
  limitExceeded: "more subscriptions than `channelLimit`",
  badRequest: "an invalid channel name, data or option",
  notAvailable:
    "presence, history or `rpc` where it is off; `channels` and `info` without a directory; commands on users without `userCommands`",
  tokenExpired: "the token is past its `exp`, or not valid yet; the SDK fetches a new one and tries again",
  expired: "what was granted had already run out",
  tooManyRequests:
    "more commands, or dearer answers, than `commandRate` allows; more than may wait for something; `presence` of too many members",
  unrecoverablePosition: "history since a position that no longer exists",
  budgetExceeded:
    "what the day may cost is exceeded: a channel that is new to this hub; history or presence over the server API",
};

export const DISCONNECT_NOTES: Notes<typeof DISCONNECTS> = {
  connectionClosed: NOT_BY_ITSELF,
  shutdown: "the state of the connection was written by a version that this one does not read",
  serverError: "something went wrong; the log says what",
  expired: "the connection's token ran out and was not refreshed within `expiredCloseDelay`",
  subscriptionExpired: "a server-side subscription, or the token of a `sub_refresh`, ran out",
  slow: "more than `queueSize` bytes wait for the client",
  writeError: NOT_BY_ITSELF,
  insufficientState:
    "a server-side subscription may have missed publications, or a new token names other channels",
  forceReconnect: NOT_BY_ITSELF,
  noPong: "the client has not answered the last ping",
  tooManyRequests: "more bytes than `byteRate`, or commands over `commandRate` after many refusals",
  stateInvalidated: NOT_BY_ITSELF,
  invalidToken: "a token that is malformed, not signed by a known key, or for somebody else",
  badRequest: "a command that the protocol does not know, or no credentials",
  stale: "no `connect` within `staleCloseDelay`",
  forceDisconnect: "`disconnect` of the server API without a code",
  budgetExceeded: "what the day may cost is exceeded, and the connection has no user",
  connectionLimit:
    "more connections of one user than `userConnectionLimit`: on all hubs where `userCommands` is on, else on one",
  channelLimit: "a token or hook subscribes to more channels than `channelLimit`",
  permissionDenied: "a one-way stream asks for a channel that it may not have",
  notAvailable: "`send` where there is no hook for it",
  tooManyErrors: NOT_BY_ITSELF,
  blocked: "the user is blocked, by `block_user` of the server API",
  messageTooLarge: "a message over `messageSizeLimit`, or over the burst of `byteRate`",
};

export const UNSUBSCRIBE_NOTES: Notes<typeof UNSUBSCRIBES> = {
  server: "`unsubscribe` of the server API",
  insufficientState: "publications may have been missed: the SDK subscribes again and recovers",
  expired: "the subscription ran out and was not refreshed within `expiredCloseDelay`",
  stateInvalidated: "not sent by the gateway itself",
};
