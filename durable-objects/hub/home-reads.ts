import { planHistory } from "../../src/channels/history.ts";
import { recoveryRead } from "../../src/channels/recovery.ts";
import { ERRORS } from "../../src/codes.ts";
import { CHANNEL_LIMITS, HUB_LIMITS } from "../../src/limits.ts";
import type { HistoryAnswer, HistoryCall, Recovering, Run } from "./calls.ts";
import type { Entrance } from "./follower.ts";
import type { Home } from "./home.ts";
import type { HomeChannel } from "./home-channel.ts";

/** Answers a history command as the home of the channel. */
export function historyOf(home: Home, { channel: name, limit, since, reverse }: HistoryCall): HistoryAnswer {
  const channel = home.channel(name);
  if (channel === undefined) return { errorCode: ERRORS.unknownChannel.code };
  const now = Date.now();
  home.open(channel, now);
  const { epoch, top: offset } = channel;
  const plan = planHistory({ limit, since, reverse }, { epoch, offset });
  if (plan.kind === "error") return { errorCode: plan.error.code };
  if (plan.kind === "position") return { epoch, offset, publications: [] };
  const { publications } = home.read(channel, { ...plan, length: CHANNEL_LIMITS.historyLength }, now);
  return { epoch, offset, publications: reverse ? [...publications].reverse() : publications };
}

/** Opens the way into a channel at its home. The session must be let in before anything else happens. */
export function openAtHome(home: Home, name: string, recovery: Recovering | undefined): Entrance {
  const channel = home.channel(name);
  if (channel === undefined) throw new Error("the channel's namespace has gone");
  const now = Date.now();
  home.open(channel, now);
  const { epoch, top: offset } = channel;
  const history = recovery && readRecovery(home, channel, recovery, now);
  return { epoch, offset, history, enter: () => [], abandon: () => {} };
}

/** Reads what a recovery needs of a channel that is homed here. */
export function readRecovery(
  home: Home,
  channel: HomeChannel,
  recovery: Recovering,
  now: number,
): Run | undefined {
  const read = recoveryRead({ ...recovery, stream: { offset: channel.top, epoch: channel.epoch } });
  if (read.kind === "none") return undefined;
  if (read.kind === "after") {
    const { offset: after, limit } = read;
    return home.read(channel, { after, limit, length: HUB_LIMITS.backlogLength }, now);
  }
  return home.read(channel, { limit: 1, reverse: true }, now);
}
