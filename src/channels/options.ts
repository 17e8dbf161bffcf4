/** Places where a home can be created: location hints of Durable Objects. */
export const HOME_REGIONS = ["wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"] as const;

export type HomeRegion = (typeof HOME_REGIONS)[number];

/** What is switched on for the channels of a namespace. Everything is off, or 0, unless said otherwise. Times in seconds. */
export interface ChannelOptions {
  /** Publications kept. History needs both this and `history_ttl`. */
  readonly history_size: number;
  /** Seconds that a publication is kept. */
  readonly history_ttl: number;
  /** Seconds that a stream's offset and epoch are kept after its last use. */
  readonly history_meta_ttl: number;
  readonly force_positioning: boolean;
  readonly allow_positioning: boolean;
  readonly force_recovery: boolean;
  readonly allow_recovery: boolean;
  readonly force_recovery_mode: "stream" | "cache";
  readonly auto_cache_recover: boolean;
  readonly presence: boolean;
  readonly join_leave: boolean;
  readonly force_push_join_leave: boolean;
  readonly allow_subscribe_for_client: boolean;
  readonly allow_subscribe_for_anonymous: boolean;
  readonly allow_user_limited_channels: boolean;
  /** A regular expression that the name after the namespace must match; "" for any ASCII name. */
  readonly channel_regex: string;
  readonly allow_publish_for_client: boolean;
  readonly allow_publish_for_subscriber: boolean;
  readonly allow_publish_for_anonymous: boolean;
  /** What is published: any JSON, a JSON object, or any bytes, which only clients that speak Protobuf can read. */
  readonly publication_data_format: "" | "json" | "json_object" | "binary";
  readonly allow_presence_for_client: boolean;
  readonly allow_presence_for_subscriber: boolean;
  readonly allow_presence_for_anonymous: boolean;
  readonly allow_history_for_client: boolean;
  readonly allow_history_for_subscriber: boolean;
  readonly allow_history_for_anonymous: boolean;
  /** Where the homes of these channels are created; "" is near the first client that names the channel. */
  readonly home_region: HomeRegion | "";
}
