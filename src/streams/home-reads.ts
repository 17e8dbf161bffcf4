import { planHistory } from "../channels/history.ts";
import { recoveryRead } from "../channels/recovery.ts";
import type { ReplyLimits } from "../config/connection.ts";
import type { HistoryAnswer, HistoryCall, PublicationRun, Recovering } from "../hub-rpc/messages.ts";
import { ERRORS } from "../shared/codes.ts";
import type { Opening } from "./follower.ts";
import type { Home } from "./home.ts";
import type { HomeChannel } from "./home-channel.ts";
import { countFitting, lengthOf } from "./publication-run.ts";

/** What reading needs of a home. */
export type HomeOfReads = Pick<Home, "channel" | "open" | "hold" | "read">;

/** Answers a history command as the home of the channel. */
export function historyOf(
  home: HomeOfReads,
  { channel: name, limit, since, reverse, length: wanted = Number.POSITIVE_INFINITY }: HistoryCall,
  { historyMaxPublicationLimit, replyMaxLength }: ReplyLimits,
): HistoryAnswer {
  const channel = home.channel(name);
  if (channel === undefined) return { errorCode: ERRORS.unknownChannel.code };
  const now = Date.now();
  home.open(channel, now);
  const { epoch, top: offset } = channel;
  const plan = planHistory({ limit, since, reverse }, { epoch, offset }, historyMaxPublicationLimit);
  if (plan.kind === "error") return { errorCode: plan.error.code };
  if (plan.kind === "position") return { epoch, offset, publications: [] };
  const { publications } = home.read(channel, { ...plan, length: Math.min(wanted, replyMaxLength) }, now);
  if (lengthOf(publications) > wanted) return { epoch, offset, publications: [], isLong: true };
  const ordered = reverse ? [...publications].reverse() : publications;
  return { epoch, offset, publications: ordered.slice(0, countFitting(ordered, replyMaxLength)) };
}

/** Opens a channel at its home. Commit in the same step: nothing that is published meanwhile is held. */
export function openAtHome(
  home: HomeOfReads,
  name: string,
  recovery: Recovering | undefined,
  limits: ReplyLimits,
): Opening {
  const channel = home.channel(name);
  if (channel === undefined) throw new Error("the channel's namespace has gone");
  const now = Date.now();
  home.open(channel, now);
  const { epoch, top: offset } = channel;
  const read = recovery && readRecovery(home, channel, recovery, limits, now);
  const commit = () => {
    home.hold(channel, now);
    return [];
  };
  return { epoch, offset, history: undefined, ...read, commit, abandon: () => {} };
}

/** What a recovery needs of the history, or that it is longer than it may be. */
export interface RecoveryAnswer {
  readonly history: PublicationRun | undefined;
  readonly isLong?: boolean;
}

/** Reads what a recovery needs of a channel that is homed here. */
export function readRecovery(
  home: HomeOfReads,
  channel: HomeChannel,
  recovery: Recovering,
  { recoveryMaxPublicationLimit, replyMaxLength }: ReplyLimits,
  now: number,
): RecoveryAnswer {
  const stream = { offset: channel.top, epoch: channel.epoch };
  const read = recoveryRead({ ...recovery, stream }, recoveryMaxPublicationLimit);
  if (read.kind === "none") return { history: undefined };
  const length = Math.min(recovery.length ?? replyMaxLength, replyMaxLength);
  const history =
    read.kind === "after"
      ? home.read(channel, { after: read.offset, limit: read.limit, length }, now)
      : home.read(channel, { limit: 1, reverse: true }, now);
  return lengthOf(history.publications) > length ? { history: undefined, isLong: true } : { history };
}
