/** What the server API asks of a home. Payloads are JSON text, and those of publications also bytes. */

import type { SubscriptionOverride } from "../channels/override.ts";
import { encodeHistory, encodeResult } from "../protocol/json/encode-results.ts";
import { numberMember, object, textMember } from "../protocol/json/object.ts";
import type {
  HistoryReply,
  Json,
  PresenceReply,
  PresenceStatsReply,
  PublicationData,
  StreamPosition,
} from "../protocol/messages.ts";
import { publicationForApi } from "../protocol/wire-publication.ts";
import type { HubConnection, PublishConditions, Versioned } from "./messages.ts";

/** Publishes the same to channels that share a home. */
export interface PublishHomeCommand extends PublishConditions {
  readonly kind: "publish";
  readonly channels: readonly string[];
  readonly data: PublicationData;
  readonly tags: Readonly<Record<string, string>> | undefined;
  readonly skipHistory: boolean;
}

/** Which of a user's connections are meant; "" is all of them. */
interface Connections {
  readonly user: string;
  readonly client: string;
  readonly session: string;
}

export interface SubscribeUserCommand extends Connections {
  readonly action: "subscribe";
  readonly channel: string;
  readonly info: Json | undefined;
  readonly data: Json | undefined;
  readonly recoverSince: StreamPosition | undefined;
  /** Unix seconds; undefined for never. */
  readonly expireAt: number | undefined;
  readonly override: SubscriptionOverride;
}

export interface UnsubscribeUserCommand extends Connections {
  readonly action: "unsubscribe";
  /** "" is all channels. */
  readonly channel: string;
}

export interface DisconnectUserCommand extends Connections {
  readonly action: "disconnect";
  /** Connections that stay. */
  readonly whitelist: readonly string[];
  readonly code: number;
  readonly reason: string;
}

export interface RefreshUserCommand extends Connections {
  readonly action: "refresh";
  readonly isExpired: boolean;
  /** Unix seconds; undefined for never. */
  readonly expireAt: number | undefined;
  /** Undefined leaves it as it is. */
  readonly info: Json | undefined;
}

/** What is done to connections of a user, on whatever hub they are. */
export type UserCommand =
  | SubscribeUserCommand
  | UnsubscribeUserCommand
  | DisconnectUserCommand
  | RefreshUserCommand;

export interface HistoryHomeCommand {
  readonly kind: "history";
  readonly channel: string;
  readonly limit: number;
  readonly since: StreamPosition | undefined;
  readonly reverse: boolean;
}

/** Keeps a user out. Asked of the control home of the user, like `unblock_user`. */
export interface BlockUserCommand {
  readonly kind: "block_user";
  readonly user: string;
  /** Milliseconds. */
  readonly until: number;
  /** What its clients are told. */
  readonly reason: string;
}

export type HomeCommand =
  | PublishHomeCommand
  | { readonly kind: "presence" | "presence_stats" | "history_remove"; readonly channel: string }
  | HistoryHomeCommand
  /** Asked of the control home of the user. */
  | { readonly kind: "user"; readonly command: UserCommand }
  | BlockUserCommand
  | { readonly kind: "unblock_user" | "user_connections"; readonly user: string };

/** Whether a command only tells. */
export function isRead({ kind }: HomeCommand): boolean {
  return kind === "history" || kind === "presence" || kind === "presence_stats";
}

/** Characters that a request has published at a home, and been answered there. */
export interface Usage {
  readonly published: number;
  readonly answered: number;
}

export interface ManageCall extends Versioned {
  readonly commands: readonly HomeCommand[];
  /** By the calls of the same request before this one. */
  readonly used: Usage;
  /** The id of the trace that the request belongs to. */
  readonly trace?: string | undefined;
}

/** What a command has come to. */
export type HomeResult =
  /** Offset 0: without a place in a stream. */
  | { readonly kind: "published"; readonly offset: number; readonly epoch: string }
  | PresenceReply
  | PresenceStatsReply
  | HistoryReply
  | ConnectionsResult
  | { readonly kind: "done" };

/** A connection of a user, and the hub that has it. */
export interface HomeConnection extends HubConnection {
  readonly hub: string;
}

export interface ConnectionsResult {
  readonly kind: "connections";
  readonly connections: readonly HomeConnection[];
  /** Connections that are not among them. */
  readonly more: number;
  /** Hubs that did not answer. */
  readonly unanswered: number;
}

/** The result, or the code of the error. */
export type HomeAnswer = HomeResult | { readonly errorCode: number };

/** How many answers a command has: one for each channel that it publishes to. */
export function answersOf(command: HomeCommand): number {
  return command.kind === "publish" ? command.channels.length : 1;
}

/** A result of the server API as JSON text. */
export function encodeHomeResult(result: HomeResult): Json {
  switch (result.kind) {
    case "published":
      // Without an offset there is no place in a stream to speak of.
      if (result.offset === 0) return "{}";
      return object([numberMember("offset", result.offset), textMember("epoch", result.epoch)]);
    case "done":
      return "{}";
    case "presence":
    case "presence_stats":
      return encodeResult(result);
    case "history":
      return encodeHistory(result, publicationForApi);
    case "connections":
      return encodeConnections(result);
  }
}

function encodeConnections({ connections, more, unanswered }: ConnectionsResult): Json {
  const listed = connections.map(({ client, hub, transport, protocol, connectedAt, ...subscribed }) => ({
    ...{ client, hub, transport, protocol },
    connected_at: connectedAt,
    num_subscriptions: subscribed.subscriptions,
    channels: subscribed.channels,
  }));
  return JSON.stringify({ connections: listed, more, unanswered });
}
