import { expect, test } from "vitest";
import { Alarms } from "../../../src/hub/alarms.ts";
import { type HubOfJobs, storedAlarm } from "../../../src/hub/due-jobs.ts";
import type { HubJob } from "../../../src/shared/alarm-jobs.ts";
import { NodeStorage } from "../../support/node/storage.ts";

const NOW = 1_000_000;

/** A hub with what is due at a time; what is left out is not due. */
function hubWith(due: Partial<Record<HubJob, number>>): HubOfJobs {
  const beat = Math.min(due.ping ?? Number.POSITIVE_INFINITY, due.expiry ?? Number.POSITIVE_INFINITY);
  return {
    heartbeat: {
      nextBeat: () => (beat === Number.POSITIVE_INFINITY ? undefined : beat),
      jobAt: (time) => (time === due.ping ? "ping" : "expiry"),
    },
    home: {
      unsettled: { size: due.settle === undefined ? 0 : 1, nextDue: () => due.settle },
      trimDue: () => due.trim,
    },
    conditional: { trim: () => undefined },
    blockedUsers: { trim: () => undefined },
    vacancies: { nextDue: due.vacancies },
    events: { nextDue: () => due.events },
    breaker: { putOffTo: () => undefined },
    wakeAt: () => {},
  };
}

test("BREAK-01: an alarm comes for the job that asked for the earliest time", () => {
  const alarms = new Alarms(new NodeStorage(), { nextWake: () => Number.NEGATIVE_INFINITY });
  alarms.wakeAt(NOW + 25_000, "ping");
  alarms.wakeAt(NOW + 8_000, "report");
  alarms.wakeAt(NOW + 5_000, "settle");
  alarms.wakeAt(NOW + 6_000, "settle");
  expect(alarms.fired(NOW + 5_000)?.job).toBe("settle");
  expect(alarms.fired(NOW + 8_000)).toBeUndefined();
});

test("BREAK-01: no job of this waking life has asked for an alarm that was set for an earlier time", () => {
  const alarms = new Alarms(new NodeStorage(), { nextWake: () => Number.NEGATIVE_INFINITY });
  alarms.wakeAt(NOW + 25_000, "ping");
  expect(alarms.fired(NOW)).toBeUndefined();
});

test.each<[HubJob, Partial<Record<HubJob, number>>]>([
  ["ping", { ping: NOW, trim: NOW, settle: NOW }],
  ["expiry", { expiry: NOW - 5, ping: NOW + 20_000, events: NOW }],
  ["settle", { ping: NOW + 20_000, settle: NOW }],
  ["events", { events: NOW }],
  ["trim", { ping: NOW + 20_000 }],
])("BREAK-01: after sleep, an alarm came for what is due: %s", (job, due) => {
  expect(storedAlarm(hubWith(due), NOW, NOW)).toEqual({ job, wanted: NOW });
});
