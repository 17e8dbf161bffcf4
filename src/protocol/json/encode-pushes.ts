import type { Json, SubscribeResult } from "../messages.ts";
import { type Expiry, encodeSubscribeResult, expiryMembers } from "./encode-results.ts";
import { object } from "./object.ts";

/** Why something was ended. */
export interface Ending {
  readonly code: number;
  readonly reason: string;
}

/** In each push, `channel` is the name as JSON text: the caller makes it once per channel, not once per push. */
export function encodePublicationPush(channel: Json, publication: Json): Json {
  return `{"push":{"channel":${channel},"pub":${publication}}}`;
}

export function encodeJoinPush(channel: Json, info: Json): Json {
  return `{"push":{"channel":${channel},"join":{"info":${info}}}}`;
}

export function encodeLeavePush(channel: Json, info: Json): Json {
  return `{"push":{"channel":${channel},"leave":{"info":${info}}}}`;
}

export function encodeUnsubscribePush(channel: Json, ending: Ending): Json {
  return `{"push":{"channel":${channel},"unsubscribe":${encodeEnding(ending)}}}`;
}

/** A server-side subscription that was added while connected. */
export function encodeSubscribePush(
  channel: Json,
  result: Pick<SubscribeResult, "recoverable" | "epoch" | "offset" | "positioned" | "data">,
): Json {
  const { recoverable, epoch, offset, positioned, data } = result;
  const body = encodeSubscribeResult({
    ...{ recoverable, epoch, offset, positioned, data },
    ...{ expires: false, ttl: 0, publications: [], recovered: false, wasRecovering: false },
  });
  return `{"push":{"channel":${channel},"subscribe":${body}}}`;
}

export function encodeRefreshPush(expiry: Expiry): Json {
  return `{"push":{"refresh":${object(expiryMembers(expiry))}}}`;
}

function encodeEnding({ code, reason }: Ending): Json {
  return `{"code":${code},"reason":${JSON.stringify(reason)}}`;
}
