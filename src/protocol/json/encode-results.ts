import type {
  ConnectReply,
  Expiry,
  HistoryReply,
  Json,
  PresenceReply,
  PresenceStatsReply,
  RefreshReply,
  Reply,
  SubscribeResult,
  WirePublication,
} from "../messages.ts";
import { publicationAsJson } from "../wire-publication.ts";
import { encodeInfo } from "./encode-info.ts";
import { dictionary, flagMember, listMember, member, numberMember, object, textMember } from "./object.ts";

/** The result of a reply, without what names the command. */
export function encodeResult(reply: Reply): Json {
  switch (reply.kind) {
    case "connect":
      return encodeConnectResult(reply);
    case "subscribe":
      return encodeSubscribeResult(reply);
    case "unsubscribe":
    case "publish":
      return "{}";
    case "presence":
      return encodePresence(reply);
    case "presence_stats":
      return encodePresenceStats(reply);
    case "history":
      return encodeHistory(reply, publicationAsJson);
    case "rpc":
      return object([member("data", reply.data)]);
    case "refresh":
      return encodeRefresh(reply);
    case "sub_refresh":
      return encodeExpiry(reply);
  }
}

function encodeConnectResult(result: ConnectReply): Json {
  const subs = Array.from(result.subs, ([channel, sub]) => [channel, encodeSubscribeResult(sub)] as const);
  return object([
    textMember("client", result.client),
    textMember("version", result.version),
    ...expiryMembers(result),
    member("data", result.data),
    subs.length === 0 ? "" : member("subs", dictionary(subs)),
    numberMember("ping", result.ping),
    flagMember("pong", result.pong),
    textMember("session", result.emulation?.session ?? ""),
    textMember("node", result.emulation?.node ?? ""),
  ]);
}

export function encodeSubscribeResult(result: SubscribeResult): Json {
  return object([
    ...expiryMembers(result),
    flagMember("recoverable", result.recoverable),
    textMember("epoch", result.epoch),
    listMember("publications", result.publications.map(publicationAsJson)),
    flagMember("recovered", result.recovered),
    numberMember("offset", result.offset),
    flagMember("positioned", result.positioned),
    member("data", result.data),
    flagMember("was_recovering", result.wasRecovering),
  ]);
}

export function encodeExpiry(expiry: Expiry): Json {
  return object(expiryMembers(expiry));
}

/** Members are told to all who ask in one turn by one reply: its text is made once. */
const presences = new WeakMap<PresenceReply, Json>();

function encodePresence(reply: PresenceReply): Json {
  const known = presences.get(reply);
  if (known !== undefined) return known;
  const infos = reply.members.map((info) => [info.client, encodeInfo(info)] as const);
  const text = `{"presence":${dictionary(infos)}}`;
  presences.set(reply, text);
  return text;
}

function encodePresenceStats({ clients, users }: PresenceStatsReply): Json {
  return `{"num_clients":${clients},"num_users":${users}}`;
}

/** `encode` writes each publication: clients and the server API are told them differently where they are no JSON. */
export function encodeHistory(
  { publications, offset, epoch }: HistoryReply,
  encode: (publication: WirePublication) => Json,
): Json {
  return `{"publications":[${publications.map(encode).join(",")}],"epoch":${JSON.stringify(epoch)},"offset":${offset}}`;
}

function encodeRefresh(result: RefreshReply): Json {
  return object([
    textMember("client", result.client),
    textMember("version", result.version),
    ...expiryMembers(result),
  ]);
}

function expiryMembers({ expires, ttl }: Expiry): string[] {
  return [flagMember("expires", expires), numberMember("ttl", ttl)];
}
