import { DEFAULT_OPTIONS } from "../../src/channels/option-schema.ts";
import type { ChannelOptions } from "../../src/channels/options.ts";
import { HUB_LIMITS, OBJECT_LIMITS } from "../../src/shared/limits.ts";
import type { Random } from "../support/random.ts";

/** What the platform, and who deploys, decide. In milliseconds. */
export interface Times {
  /** An object may fall asleep when so long nothing has come. */
  readonly sleepAfter: number;
  /** A call from hub to hub is given up after so long. */
  readonly callTimeout: number;
  /** A home looks so long after a publication whether everything was acknowledged. */
  readonly settleDelay: number;
}

export const TIMES: Times = {
  sleepAfter: OBJECT_LIMITS.sleepAfter,
  callTimeout: HUB_LIMITS.callTimeout,
  settleDelay: HUB_LIMITS.settleDelay,
};

/** What one run is like. */
export interface Settings extends Times {
  /** Nothing goes wrong: nobody may be told that anything is missed. */
  readonly isCalm: boolean;
  /** Whether a call that was given up, and has not ended, keeps its object awake. */
  readonly pendingKeepsAwake: boolean;
  /** Whether hubs fall asleep as soon as they may, or at any time after that. */
  readonly sleepsInTime: boolean;
  /** Whether hubs with sessions wake for pings. */
  readonly pings: boolean;
  /** How much is published, from 0 to 2. */
  readonly traffic: number;
  /** Whether calls, rows and backlogs are so short that what is published is longer. */
  readonly isTight: boolean;
  readonly channels: Readonly<Record<string, ChannelOptions>>;
}

const PLAIN = { ...DEFAULT_OPTIONS, history_meta_ttl: 3_600 };
const RECOVERABLE = { ...PLAIN, force_recovery: true };

export function settingsOf(random: Random, times: Times): Settings {
  return {
    ...times,
    isCalm: random.below(6) === 0,
    pendingKeepsAwake: random.below(2) === 0,
    sleepsInTime: random.below(3) > 0,
    pings: random.below(3) === 0,
    traffic: random.below(3),
    isTight: random.below(3) === 0,
    channels: {
      "a/long": { ...RECOVERABLE, history_size: 1_000, history_ttl: 3_000 },
      "a/short": { ...RECOVERABLE, history_size: random.pick([3, 8]), history_ttl: 1_000 },
      "b/brief": { ...RECOVERABLE, history_size: 100, history_ttl: 5 },
      "b/plain": PLAIN,
    },
  };
}

export const REPLY_LIMITS = {
  replyMaxLength: 4_000_000,
  historyMaxPublicationLimit: 300,
  recoveryMaxPublicationLimit: 300,
};

/** Limits that a few publications exceed: as shipped, they would have to be megabytes. */
const TIGHT = { callLength: 300, backlogLength: 600, allBacklogsLength: 900, rowLength: 200 };

/** Runs something with the limits that the settings want. */
export async function withLimits<Result>(
  { isTight, settleDelay }: Settings,
  work: () => Promise<Result>,
): Promise<Result> {
  const limits: Record<string, number> = HUB_LIMITS;
  const shipped = { ...limits };
  Object.assign(limits, { settleDelay }, isTight ? TIGHT : {});
  try {
    return await work();
  } finally {
    Object.assign(limits, shipped);
  }
}
