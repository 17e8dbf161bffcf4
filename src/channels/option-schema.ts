import * as v from "valibot";
import { safeRegex, seconds } from "../shared/config-error.ts";
import { CHANNEL_LIMITS } from "../shared/limits.ts";
import { type ChannelOptions, HOME_REGIONS } from "./options.ts";

/** What options are when nothing is said: everything is off. */
export const DEFAULT_OPTIONS: ChannelOptions = {
  history_size: 0,
  history_ttl: 0,
  history_meta_ttl: 2_592_000,
  force_positioning: false,
  allow_positioning: false,
  force_recovery: false,
  allow_recovery: false,
  force_recovery_mode: "stream",
  auto_cache_recover: false,
  presence: false,
  join_leave: false,
  force_push_join_leave: false,
  allow_subscribe_for_client: false,
  allow_subscribe_for_anonymous: false,
  allow_user_limited_channels: false,
  channel_regex: "",
  allow_publish_for_client: false,
  allow_publish_for_subscriber: false,
  allow_publish_for_anonymous: false,
  publication_data_format: "",
  allow_presence_for_client: false,
  allow_presence_for_subscriber: false,
  allow_presence_for_anonymous: false,
  allow_history_for_client: false,
  allow_history_for_subscriber: false,
  allow_history_for_anonymous: false,
  home_region: "",
};

const flag = v.optional(v.boolean());
const age = v.pipe(seconds, v.safeInteger(), v.minValue(0));

/** The members of a namespace that are options of its channels. */
export const optionEntries = {
  history_size: v.optional(
    v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(CHANNEL_LIMITS.historySize)),
  ),
  history_ttl: v.optional(age),
  history_meta_ttl: v.optional(v.pipe(age, v.minValue(1))),
  force_positioning: flag,
  allow_positioning: flag,
  force_recovery: flag,
  allow_recovery: flag,
  force_recovery_mode: v.optional(v.picklist(["stream", "cache"])),
  auto_cache_recover: flag,
  presence: flag,
  join_leave: flag,
  force_push_join_leave: flag,
  allow_subscribe_for_client: flag,
  allow_subscribe_for_anonymous: flag,
  allow_user_limited_channels: flag,
  channel_regex: v.optional(safeRegex("u")),
  allow_publish_for_client: flag,
  allow_publish_for_subscriber: flag,
  allow_publish_for_anonymous: flag,
  publication_data_format: v.optional(v.picklist(["", "json", "json_object", "binary"])),
  allow_presence_for_client: flag,
  allow_presence_for_subscriber: flag,
  allow_presence_for_anonymous: flag,
  allow_history_for_client: flag,
  allow_history_for_subscriber: flag,
  allow_history_for_anonymous: flag,
  home_region: v.optional(v.picklist(["", ...HOME_REGIONS])),
} as const satisfies Record<keyof ChannelOptions, v.GenericSchema>;
