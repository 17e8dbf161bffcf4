import * as v from "valibot";
import { NAMESPACE_NAME } from "../channels/names.ts";
import { seconds } from "../shared/config-error.ts";
import { CHANNEL_LIMITS, SESSION_LIMITS } from "../shared/limits.ts";
import type { RateLimit } from "../shared/token-bucket.ts";

/** How connections are held. Times are in seconds. */
export interface ConnectionConfig {
  /** Time between two pings, 1 to 86,400. Each is one short wake of an object that holds connections. Default 25. */
  readonly pingInterval: number;
  /** Whether clients must answer pings; one that does not is closed with 3012. Default true. */
  readonly pong: boolean;
  /**
   * Whether clients that speak Protobuf must answer pings too. Nothing answers a binary pong for the hub, so each wakes it;
   * without pongs, a client whose network has gone silent is found when its TCP gives up the pings sent to it. Default false.
   */
  readonly protobufPong: boolean;
  /** Time in which a new socket must connect, or it is closed with 3502. Default 10. */
  readonly staleCloseDelay: number;
  /** Time that is given to refresh an expired connection or subscription. Default 25. */
  readonly expiredCloseDelay: number;
  /** Subscriptions of one connection; one more is answered with error 106. Default 128. */
  readonly channelLimit: number;
  /**
   * Bytes of one message from a client, 1,024 to 1,048,576; a longer one closes its connection with 1009, and its
   * client does not come back. An SDK sends all its subscribes in its first message. Default 524,288.
   */
  readonly messageSizeLimit: number;
  /** Bytes that may wait for a slow client; more closes it with 3008. Default 1,048,576. */
  readonly queueSize: number;
  /** Publications in one history reply, 1 to 10,000, for clients and the API. Default 300. */
  readonly historyMaxPublicationLimit: number;
  /** Missed publications of one channel that are recovered, 1 to 10,000; where there are more, none are. Default 300. */
  readonly recoveryMaxPublicationLimit: number;
  /**
   * Characters of the publications in one reply, 1 to 8,000,000. A longer history ends early; a channel whose recovery
   * does not fit into the reply is not recovered. Default 4,000,000.
   */
  readonly replyMaxLength: number;
  /**
   * Connections of one user: on all hubs together where `userCommands` is on, and otherwise on each hub, and a client
   * may choose among many hubs. One more is closed with 3504, unless an older one has not answered its last ping: then
   * that one is closed with 3012. 0 is no limit. Default 1,000.
   */
  readonly userConnectionLimit: number;
  /**
   * Commands of one connection; more are answered with error 111, and more than twice as many close it with 3013. An
   * answer counts as one more for each 65,536 characters, and for each 100 members that it lists or counts. Default 100 a
   * second after a burst of 1,000.
   */
  readonly commandRate: RateLimit;
  /** Bytes (of text: characters) from one connection; more closes it with 3013. Default 1 MiB a second after a burst of 2 MiB. */
  readonly byteRate: RateLimit;
  /** Whether a client without a token may connect, as the user "". Default false. */
  readonly allowAnonymous: boolean;
  /** Whether everybody may do everything. For tests. Default false. */
  readonly insecure: boolean;
  /**
   * Whether the server API may subscribe, unsubscribe, disconnect and refresh the connections of a user. Each hub then
   * follows the control homes of the users that it holds. Default false.
   */
  readonly userCommands: boolean;
  /** Subscribes each connection of a user to a channel of that user's own. */
  readonly personalChannel: PersonalChannelConfig;
}

/** How much replies may hold. */
export type ReplyLimits = Pick<
  ConnectionConfig,
  "historyMaxPublicationLimit" | "recoveryMaxPublicationLimit" | "replyMaxLength"
>;

/** The channel `#<user>`, or `<namespace>:#<user>`. */
export interface PersonalChannelConfig {
  /** Default false. */
  readonly enabled: boolean;
  /** "" is none. Default "". */
  readonly namespace: string;
}

export const DEFAULT_CONNECTION: ConnectionConfig = {
  pingInterval: SESSION_LIMITS.pingInterval / 1000,
  pong: true,
  protobufPong: false,
  staleCloseDelay: SESSION_LIMITS.staleCloseDelay / 1000,
  expiredCloseDelay: SESSION_LIMITS.expiredCloseDelay / 1000,
  channelLimit: SESSION_LIMITS.channels,
  messageSizeLimit: SESSION_LIMITS.messageSize,
  queueSize: SESSION_LIMITS.queueSize,
  historyMaxPublicationLimit: CHANNEL_LIMITS.historyPublications,
  recoveryMaxPublicationLimit: CHANNEL_LIMITS.recoveryPublications,
  replyMaxLength: CHANNEL_LIMITS.replyLength,
  userConnectionLimit: SESSION_LIMITS.userConnections,
  commandRate: { perSecond: SESSION_LIMITS.commandsPerSecond, burst: SESSION_LIMITS.commandBurst },
  byteRate: { perSecond: SESSION_LIMITS.bytesPerSecond, burst: SESSION_LIMITS.byteBurst },
  allowAnonymous: false,
  insecure: false,
  userCommands: false,
  personalChannel: { enabled: false, namespace: "" },
};

const whole = (from: number, to = Number.MAX_SAFE_INTEGER) =>
  v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(from), v.maxValue(to)));
const time = (from: number, to: number) =>
  v.optional(v.pipe(seconds, v.safeInteger(), v.minValue(from), v.maxValue(to)));
const flag = v.optional(v.boolean());
const atLeastOne = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1_000_000_000));
const rate = v.optional(v.strictObject({ perSecond: atLeastOne, burst: atLeastOne }));

const personalChannel = v.strictObject({
  enabled: flag,
  namespace: v.optional(v.union([v.literal(""), v.pipe(v.string(), v.regex(NAMESPACE_NAME))])),
});

/** An interval of 0 would make centrifuge-java reconnect every 10 s; centrifuge-js waits 2^31 ms at most. */
export const connectionSchema = v.strictObject({
  pingInterval: time(1, 86_400),
  pong: flag,
  protobufPong: flag,
  staleCloseDelay: time(1, 3_600),
  expiredCloseDelay: time(0, 86_400),
  channelLimit: whole(1, 10_000),
  messageSizeLimit: whole(1_024, SESSION_LIMITS.earlyLength),
  queueSize: whole(1),
  historyMaxPublicationLimit: whole(1, CHANNEL_LIMITS.mostPublications),
  recoveryMaxPublicationLimit: whole(1, CHANNEL_LIMITS.mostPublications),
  replyMaxLength: whole(1, CHANNEL_LIMITS.longestReply),
  userConnectionLimit: whole(0),
  commandRate: rate,
  byteRate: rate,
  allowAnonymous: flag,
  insecure: flag,
  userCommands: flag,
  personalChannel: v.optional(personalChannel),
} satisfies Record<keyof ConnectionConfig, v.GenericSchema>);
