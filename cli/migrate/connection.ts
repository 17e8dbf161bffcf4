import type { ConnectionSettings } from "../../src/config/config.ts";
import { defined } from "../../src/shared/defined.ts";
import type { Source } from "./source.ts";

type Kind = "flag" | "number" | "seconds";

/** Settings that only have another name. */
export const CONNECTION_SETTINGS = [
  ["client.allow_anonymous_connect_without_token", "allowAnonymous", "flag"],
  ["client.insecure", "insecure", "flag"],
  ["client.channel_limit", "channelLimit", "number"],
  ["websocket.message_size_limit", "messageSizeLimit", "number"],
  ["client.queue_max_size", "queueSize", "number"],
  ["client.history_max_publication_limit", "historyMaxPublicationLimit", "number"],
  ["client.recovery_max_publication_limit", "recoveryMaxPublicationLimit", "number"],
  ["client.stale_close_delay", "staleCloseDelay", "seconds"],
  ["client.expired_close_delay", "expiredCloseDelay", "seconds"],
  ["client.user_connection_limit", "userConnectionLimit", "number"],
  ["client.ping_interval", "pingInterval", "seconds"],
] as const satisfies readonly (readonly [string, keyof ConnectionSettings, Kind])[];

export function readConnection(source: Source): ConnectionSettings {
  const renamed = CONNECTION_SETTINGS.map(([path, setting, kind]) => [setting, source[kind](path)] as const);
  const settings = defined<ConnectionSettings>({
    ...Object.fromEntries(renamed),
    pong: source.seconds("client.pong_timeout") === 0 ? false : undefined,
    personalChannel: readPersonalChannel(source.section("client.subscribe_to_user_personal_channel")),
  });
  readSubscriptionDelay(source, settings.expiredCloseDelay);
  return settings;
}

function readPersonalChannel(section: Source): ConnectionSettings["personalChannel"] {
  const namespace = section.text("personal_channel_namespace");
  if (!section.flag("enabled")) return undefined;
  return { enabled: true, ...(namespace === undefined ? {} : { namespace }) };
}

/** Connections and subscriptions have one delay here. */
function readSubscriptionDelay(source: Source, ofConnections: number | undefined): void {
  const path = "client.expired_sub_close_delay";
  const delay = source.seconds(path);
  if (delay !== undefined && delay !== (ofConnections ?? 25)) {
    source.leave(path, "expiredCloseDelay is one delay for connections and subscriptions");
  }
}
