import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { ProtocolError } from "../../shared/codes.ts";
import type {
  Bytes,
  ConnectReply,
  Expiry,
  HistoryReply,
  PresenceReply,
  PublicationPush,
  Push,
  Reply,
  SubscribeResult,
  WirePublication,
} from "../messages.ts";
import { publicationAsProtobuf } from "../wire-publication.ts";
import { type PushSchema, ReplySchema } from "./client_pb.ts";
import { delimited } from "./frames.ts";
import { bytesOf, encodePublicationPush, infoMessage } from "./publication.ts";

type ReplyShape = MessageInitShape<typeof ReplySchema>;
type PushShape = MessageInitShape<typeof PushSchema>;

/** The answer to a command. */
export function encodeReply(id: number, reply: Reply): Bytes {
  return encode({ id, ...resultOf(reply) });
}

export function encodeError(id: number, { code, message, temporary }: ProtocolError): Bytes {
  return encode({ id, error: { code, message, temporary: temporary === true } });
}

export function encodePush(push: Push): Bytes {
  return push.kind === "publication"
    ? encodePublicationPush(push.channel, publicationAsProtobuf(push.publication))
    : encode({ push: shapeOf(push) });
}

function encode(reply: ReplyShape): Bytes {
  return delimited(ReplySchema, create(ReplySchema, reply));
}

function resultOf(reply: Reply): ReplyShape {
  switch (reply.kind) {
    case "connect":
      return { connect: connectShape(reply) };
    case "subscribe":
      return { subscribe: subscribeShape(reply) };
    case "unsubscribe":
      return { unsubscribe: {} };
    case "publish":
      return { publish: {} };
    case "presence":
      return { presence: presenceShape(reply) };
    case "presence_stats":
      return { presenceStats: { numClients: reply.clients, numUsers: reply.users } };
    case "history":
      return { history: historyShape(reply) };
    case "rpc":
      return { rpc: { data: bytesOf(reply.data) } };
    case "refresh":
      return { refresh: { client: reply.client, version: reply.version, ...expiryOf(reply) } };
    case "sub_refresh":
      return { subRefresh: expiryOf(reply) };
  }
}

function shapeOf(push: Exclude<Push, PublicationPush>): PushShape {
  switch (push.kind) {
    case "join":
      return { channel: push.channel, join: { info: infoMessage(push.info) } };
    case "leave":
      return { channel: push.channel, leave: { info: infoMessage(push.info) } };
    case "unsubscribe":
      return { channel: push.channel, unsubscribe: { code: push.code, reason: push.reason } };
    case "subscribe": {
      const { channel, recoverable, epoch, offset, positioned, data } = push;
      const subscribe = { recoverable, epoch, offset: BigInt(offset), positioned, data: bytesOf(data) };
      return { channel, subscribe };
    }
    case "refresh":
      return { refresh: expiryOf(push) };
    case "disconnect":
      return { disconnect: { code: push.code, reason: push.reason } };
  }
}

function connectShape({ client, version, data, subs, ping, pong, emulation, ...expiry }: ConnectReply) {
  const byChannel = Array.from(subs, ([channel, sub]) => [channel, subscribeShape(sub)] as const);
  return {
    ...{ client, version, ping, pong, ...expiryOf(expiry), ...emulation },
    data: bytesOf(data),
    subs: Object.fromEntries(byChannel),
  };
}

function subscribeShape(result: SubscribeResult) {
  const { recoverable, positioned, epoch, recovered, wasRecovering } = result;
  return {
    ...{ recoverable, positioned, epoch, recovered, wasRecovering, ...expiryOf(result) },
    offset: BigInt(result.offset),
    publications: publicationsOf(result),
    data: bytesOf(result.data),
  };
}

function presenceShape({ members }: PresenceReply) {
  return { presence: Object.fromEntries(members.map((info) => [info.client, infoMessage(info)])) };
}

function historyShape(reply: HistoryReply) {
  return { publications: publicationsOf(reply), offset: BigInt(reply.offset), epoch: reply.epoch };
}

function publicationsOf({ publications }: { readonly publications: readonly WirePublication[] }): Bytes[] {
  return publications.map(publicationAsProtobuf);
}

function expiryOf({ expires, ttl }: Expiry): Expiry {
  return { expires, ttl };
}
