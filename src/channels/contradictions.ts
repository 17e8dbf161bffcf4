import type { ChannelOptions } from "./options.ts";

/** An option that has no effect beside the others. */
export interface Contradiction {
  readonly option: keyof ChannelOptions;
  readonly message: string;
}

interface Need {
  readonly options: readonly (keyof ChannelOptions)[];
  readonly isMet: (options: ChannelOptions) => boolean;
  readonly message: string;
}

/** Options, and what each of them needs to have an effect. */
const NEEDS: readonly Need[] = [
  { options: ["history_size"], isMet: (options) => options.history_ttl > 0, message: "needs history_ttl" },
  { options: ["history_ttl"], isMet: (options) => options.history_size > 0, message: "needs history_size" },
  {
    options: ["history_ttl"],
    isMet: (options) => options.history_ttl <= options.history_meta_ttl,
    message: "must not exceed history_meta_ttl: a stream outlives its publications",
  },
  {
    options: [
      "force_positioning",
      "allow_positioning",
      "force_recovery",
      "allow_recovery",
      "auto_cache_recover",
      "allow_history_for_client",
      "allow_history_for_subscriber",
    ],
    isMet: hasHistory,
    message: "needs history_size and history_ttl",
  },
  {
    options: ["auto_cache_recover"],
    isMet: (options) => options.force_recovery_mode === "cache",
    message: 'needs force_recovery_mode "cache"',
  },
  {
    options: ["force_recovery_mode"],
    isMet: (options) => options.force_recovery_mode !== "cache" || hasHistory(options),
    message: "needs history_size and history_ttl",
  },
  {
    options: ["force_push_join_leave"],
    isMet: (options) => options.join_leave,
    message: "needs join_leave",
  },
  {
    options: ["allow_presence_for_client", "allow_presence_for_subscriber"],
    isMet: (options) => options.presence,
    message: "needs presence",
  },
  ...(["subscribe", "publish", "presence", "history"] as const).map((action) => ({
    options: [`allow_${action}_for_anonymous`] as const,
    isMet: (options: ChannelOptions) => options[`allow_${action}_for_client`],
    message: `needs allow_${action}_for_client`,
  })),
];

/** Whether publications are kept: there is a stream, with offsets and an epoch. */
export function hasHistory(options: ChannelOptions): boolean {
  return options.history_size > 0 && options.history_ttl > 0;
}

/** The options that are on without effect, each with the first thing that it needs. */
export function findContradictions(options: ChannelOptions): Contradiction[] {
  const found = new Map<keyof ChannelOptions, Contradiction>();
  for (const { options: names, isMet, message } of NEEDS) {
    if (isMet(options)) continue;
    for (const option of names) {
      if (isOn(options[option]) && !found.has(option)) found.set(option, { option, message });
    }
  }
  return [...found.values()];
}

function isOn(value: ChannelOptions[keyof ChannelOptions]): boolean {
  return value !== false && value !== 0 && value !== "";
}
