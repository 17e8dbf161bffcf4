/** The codes of the channel protocol in words: what happened, and what a reader can do. */

import { DISCONNECTS, ERRORS, UNSUBSCRIBES } from "../../shared/codes.ts";

export interface CodeWords {
  readonly name: string;
  readonly meaning: string;
}

const ERROR_MEANINGS: Readonly<Record<keyof typeof ERRORS, string>> = {
  internal: "The gateway failed. Trying again may help.",
  unauthorized: "The session may not do this without saying who it is.",
  unknownChannel: "No namespace of this name is configured.",
  permissionDenied: "The configuration, or the token, does not allow this here.",
  methodNotFound: "No handler has a method of this name.",
  alreadySubscribed: "This session has this channel already.",
  limitExceeded: "A limit of the session is reached, such as its number of channels.",
  badRequest: "The command is malformed: often a channel name that no channel can have.",
  notAvailable: "The feature is switched off for this channel.",
  tokenExpired: "The token has expired. A new one is needed.",
  expired: "What the token allows is over.",
  tooManyRequests: "Too much at once. Trying again later helps.",
  unrecoverablePosition: "The stream does not go back to this position any more.",
  budgetExceeded: "The gateway has spent what it may today, and takes no new channels.",
};

const DISCONNECT_MEANINGS: Readonly<Record<keyof typeof DISCONNECTS, string>> = {
  connectionClosed: "The gateway closed the connection.",
  shutdown: "The gateway is restarting or moving.",
  serverError: "The gateway failed.",
  expired: "The connection token ran out and was not renewed.",
  subscriptionExpired: "A subscription token ran out and was not renewed.",
  slow: "More waited for this client than may wait.",
  writeError: "Writing to this client failed.",
  insufficientState:
    "The gateway cannot vouch that nothing was missed, so the client comes back and recovers.",
  forceReconnect: "An operator asked the client to connect again.",
  noPong: "A ping was not answered in time.",
  tooManyRequests: "Too much at once.",
  stateInvalidated: "What the client knew is void: it begins anew.",
  invalidToken:
    "The gateway does not accept the token: its signature, issuer or audience is wrong, or no key is configured.",
  badRequest:
    "The gateway refused what it was sent. For a connection without a token: anonymous clients are not allowed here.",
  stale: "The socket was open, but connect was not sent in time.",
  forceDisconnect: "An operator ended the connection.",
  budgetExceeded: "The gateway has spent what it may today, and takes nobody without a user.",
  connectionLimit: "This user has too many connections.",
  channelLimit: "The token names more channels than a connection may have.",
  permissionDenied: "The token names no user, and here it must.",
  notAvailable: "The gateway has no handler for what was sent.",
  tooManyErrors: "The client made too many errors.",
  blocked: "An operator keeps this user out for a time.",
  messageTooLarge: "A message was larger than the gateway takes.",
};

const UNSUBSCRIBE_MEANINGS: Readonly<Record<keyof typeof UNSUBSCRIBES, string>> = {
  server: "The gateway ended the subscription.",
  insufficientState: "The gateway could not vouch that nothing was missed: the client subscribes again.",
  expired: "The subscription token ran out.",
  stateInvalidated: "What the client knew is void: it subscribes anew.",
};

const ERROR_WORDS = byCode(ERRORS, ERROR_MEANINGS);
const DISCONNECT_WORDS = byCode(DISCONNECTS, DISCONNECT_MEANINGS);
const UNSUBSCRIBE_WORDS = byCode(UNSUBSCRIBES, UNSUBSCRIBE_MEANINGS);

/** Codes below 100 are the SDK's own (centrifuge 5.8.0), and mean another thing in each state. */
const SDK_DISCONNECTS = new Map<number, CodeWords>([
  [0, { name: "disconnected", meaning: "You disconnected." }],
  [
    1,
    {
      name: "unauthorized",
      meaning: "The token has expired, and this page cannot get a new one: paste one.",
    },
  ],
  [2, { name: "bad protocol", meaning: "The server at this address does not speak the protocol." }],
  [3, { name: "message too large", meaning: DISCONNECT_MEANINGS.messageTooLarge }],
]);
const SDK_CONNECTS = new Map<number, CodeWords>([
  [0, { name: "connecting", meaning: "You asked for it." }],
  [1, { name: "transport closed", meaning: "The connection was lost, or could not be made." }],
  [2, { name: "no ping", meaning: "The server’s ping did not come in time." }],
  [3, { name: "subscribe timeout", meaning: "A subscribe was not answered in time." }],
  [4, { name: "unsubscribe error", meaning: "An unsubscribe was not answered." }],
]);
const SDK_ERRORS = new Map<number, CodeWords>([
  [1, { name: "timeout", meaning: "It was not answered in time." }],
]);
const SDK_UNSUBSCRIBES = new Map<number, CodeWords>([
  [0, { name: "unsubscribed", meaning: "You unsubscribed. Its position is kept for the next time." }],
  [1, { name: "unauthorized", meaning: "The subscription token has expired: paste a new one." }],
  [2, { name: "client closed", meaning: "The client was closed." }],
]);

/** Why a client has disconnected for good: it does not come back by itself. */
export function describeDisconnect(code: number, reason: string): CodeWords {
  return SDK_DISCONNECTS.get(code) ?? describeServerCode(code, reason);
}

/** Why a client is connecting, again or for the first time. */
export function describeConnecting(code: number, reason: string): CodeWords {
  return SDK_CONNECTS.get(code) ?? describeServerCode(code, reason);
}

/** Why a subscription has ended, or is being made again. */
export function describeUnsubscribe(code: number, reason: string): CodeWords {
  return SDK_UNSUBSCRIBES.get(code) ?? UNSUBSCRIBE_WORDS.get(code) ?? describeError(code, reason);
}

/** What an error in a reply means. */
export function describeError(code: number, message: string): CodeWords {
  const words = SDK_ERRORS.get(code) ?? ERROR_WORDS.get(code);
  return words ?? { name: message, meaning: "An error of the application or of the SDK." };
}

function describeServerCode(code: number, reason: string): CodeWords {
  return DISCONNECT_WORDS.get(code) ?? describeError(code, reason);
}

function byCode<Key extends string>(
  definitions: Readonly<Record<Key, { code: number; reason?: string; message?: string }>>,
  meanings: Readonly<Record<Key, string>>,
): ReadonlyMap<number, CodeWords> {
  const keys = Object.keys(definitions) as Key[];
  return new Map(
    keys.map((key) => {
      const { code, reason, message } = definitions[key];
      return [code, { name: reason ?? message ?? "", meaning: meanings[key] }];
    }),
  );
}
