import type { Events } from "../events/events.ts";
import type { BlockedUsers } from "../sessions/blocked-users.ts";
import type { Heartbeat } from "../sessions/heartbeat.ts";
import type { HubJob } from "../shared/alarm-jobs.ts";
import type { ConditionalPublisher } from "../streams/conditional-publisher.ts";
import type { Home } from "../streams/home.ts";
import type { UnsettledChannels } from "../streams/unsettled-channels.ts";
import type { Vacancies } from "../streams/vacancies.ts";
import type { AskedAlarm } from "./alarms.ts";
import type { Breaker } from "./breaker.ts";

/** The parts of a hub that need its alarm. */
export interface HubOfJobs {
  readonly heartbeat: Pick<Heartbeat, "nextBeat" | "jobAt">;
  readonly home: Pick<Home, "trimDue"> & { readonly unsettled: Pick<UnsettledChannels, "size" | "nextDue"> };
  readonly conditional: Pick<ConditionalPublisher, "trim">;
  readonly blockedUsers: Pick<BlockedUsers, "trim">;
  readonly vacancies: Pick<Vacancies, "nextDue">;
  readonly events: Pick<Events, "nextDue"> | undefined;
  readonly breaker: Pick<Breaker, "putOffTo">;
  wakeAt(time: number, job: HubJob): void;
}

/** Sets the alarm for the next job that is due, after it has fired. */
export function rearm(hub: HubOfJobs, now: number): void {
  const { heartbeat, home, conditional, blockedUsers, vacancies, events } = hub;
  const beat = heartbeat.nextBeat(now);
  if (beat !== undefined) hub.wakeAt(beat, heartbeat.jobAt(beat, now));
  const due: readonly (readonly [HubJob, number | undefined])[] = [
    ["settle", home.unsettled.nextDue(now)],
    ["trim", home.trimDue(now)],
    ["trim", conditional.trim(now)],
    ["trim", blockedUsers.trim(now)],
    ["vacancies", vacancies.nextDue],
    ["events", events?.nextDue(now)],
  ];
  for (const [job, time] of due) if (time !== undefined) hub.wakeAt(time, job);
}

/** What an alarm came for that was set before the hub slept. That is not stored: it follows from what is due. */
export function storedAlarm(
  hub: HubOfJobs,
  scheduledTime: number | undefined,
  now: number,
): Pick<AskedAlarm, "job" | "wanted"> {
  const slowed = hub.breaker.putOffTo(scheduledTime);
  return slowed === undefined
    ? { job: dueJob(hub, scheduledTime, now), wanted: scheduledTime ?? now }
    : { job: slowed, wanted: Number.NEGATIVE_INFINITY };
}

function dueJob(
  { heartbeat, home, events }: HubOfJobs,
  scheduledTime: number | undefined,
  now: number,
): HubJob {
  const before = (scheduledTime ?? now) - 1;
  const beat = heartbeat.nextBeat(before);
  if (beat !== undefined && beat <= now) return heartbeat.jobAt(beat, before);
  if (home.unsettled.size > 0) return "settle";
  return events?.nextDue(before) === undefined ? "trim" : "events";
}
