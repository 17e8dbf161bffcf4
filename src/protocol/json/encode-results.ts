import type { ConnectResult, Json, SubscribeResult } from "../messages.ts";
import { dictionary, flagMember, listMember, member, numberMember, object, textMember } from "./object.ts";

/** When something expires; `ttl` in seconds. */
export interface Expiry {
  readonly expires: boolean;
  readonly ttl: number;
}

export interface RefreshResult extends Expiry {
  readonly client: string;
  readonly version: string;
}

export function encodeConnectResult(result: ConnectResult): Json {
  const subs = Array.from(result.subs, ([channel, sub]) => [channel, encodeSubscribeResult(sub)] as const);
  return object([
    textMember("client", result.client),
    textMember("version", result.version),
    ...expiryMembers(result),
    member("data", result.data),
    subs.length === 0 ? "" : member("subs", dictionary(subs)),
    numberMember("ping", result.ping),
    flagMember("pong", result.pong),
  ]);
}

export function encodeSubscribeResult(result: SubscribeResult): Json {
  return object([
    ...expiryMembers(result),
    flagMember("recoverable", result.recoverable),
    textMember("epoch", result.epoch),
    listMember("publications", result.publications),
    flagMember("recovered", result.recovered),
    numberMember("offset", result.offset),
    flagMember("positioned", result.positioned),
    member("data", result.data),
    flagMember("was_recovering", result.wasRecovering),
  ]);
}

/** The encoded infos of those present, by client id. */
export function encodePresenceResult(infos: Iterable<readonly [client: string, info: Json]>): Json {
  return `{"presence":${dictionary(infos)}}`;
}

export function encodePresenceStatsResult(clients: number, users: number): Json {
  return `{"num_clients":${clients},"num_users":${users}}`;
}

export function encodeHistoryResult(publications: readonly Json[], offset: number, epoch: string): Json {
  return `{"publications":[${publications.join(",")}],"epoch":${JSON.stringify(epoch)},"offset":${offset}}`;
}

export function encodeRefreshResult(result: RefreshResult): Json {
  return object([
    textMember("client", result.client),
    textMember("version", result.version),
    ...expiryMembers(result),
  ]);
}

export function encodeSubRefreshResult(expiry: Expiry): Json {
  return object(expiryMembers(expiry));
}

export function encodeRpcResult(data: Json | undefined): Json {
  return object([member("data", data)]);
}

export function expiryMembers({ expires, ttl }: Expiry): string[] {
  return [flagMember("expires", expires), numberMember("ttl", ttl)];
}
