import { expect, test } from "vitest";
import { wakeBudgets } from "../../../src/hub/wake-budgets.ts";
import { HUB_LIMITS, OBJECT_LIMITS } from "../../../src/shared/limits.ts";
import { stopClock } from "../../support/clock.ts";
import { captureErrors, captureLines } from "../../support/log.ts";
import { TestHub } from "../../support/node/test-hub.ts";

const HOUR = 3_600_000;

/** A hub with stored publications, and how to break what its alarm does with them. */
async function hubWithHistory() {
  const channel = `large:${crypto.randomUUID()}`;
  const hub = new TestHub({ name: `home/${channel}` });
  const client = await hub.connect();
  await client.publish(channel, 1);
  await client.close();
  const breakAlarm = () =>
    hub.inside(({ storage }) => {
      const { exec } = storage.sql;
      storage.sql.exec = (query, ...bindings) => {
        if (query.includes("AS oldest")) throw new Error("simulated: a statement fails");
        return exec(query, ...bindings);
      };
      return () => {
        storage.sql.exec = exec;
      };
    });
  return { hub, breakAlarm };
}

/** Lets time pass as the runtime does: the hub sleeps whenever nothing comes for ten seconds. Returns the times of its alarms. */
async function passAsleep(hub: TestHub, clock: { advance(milliseconds: number): void }, hours: number) {
  const end = Date.now() + hours * HOUR;
  const alarms: number[] = [];
  for (let due = await hub.alarm(); due !== null && due <= end; due = await hub.alarm()) {
    const wait = Math.max(0, due - Date.now());
    if (wait >= OBJECT_LIMITS.sleepAfter) await hub.sleep();
    clock.advance(wait);
    await hub.runAlarmOf(due);
    alarms.push(Date.now());
  }
  clock.advance(end - Date.now());
  return alarms;
}

test("BREAK-04: an alarm that fails again and again is slowed to once a minute, over sleep too, and told of once", async () => {
  const clock = stopClock();
  const lines = captureLines();
  captureErrors();
  const { hub, breakAlarm } = await hubWithHistory();
  const mend = await breakAlarm();
  const alarms = await passAsleep(hub, clock, 6);
  // Every five seconds would be 4,320.
  expect(alarms.length).toBeGreaterThan(6 * 60);
  expect(alarms.length).toBeLessThan(6 * 60 + 150);
  expect(Math.max(...alarms.slice(1).map((time, index) => time - (alarms[index] ?? 0)))).toBe(
    HUB_LIMITS.jobWait,
  );
  expect(lines().filter(({ event }) => event === "hub.job_slowed")).toEqual([
    { event: "hub.job_slowed", hub: hub.name, job: "retry", perHour: 120 },
  ]);
  expect(await hub.rows("paces")).toMatchObject([{ job: "retry" }]);
  expect(await hub.rows("history")).toHaveLength(1);
  mend();
  await passAsleep(hub, clock, 0.1);
  // What was due is done, later: the publications were too old.
  expect(await hub.rows("history")).toEqual([]);
  await hub.connect();
  await passAsleep(hub, clock, 25);
  expect(lines().filter(({ event }) => event === "hub.job_resumed")).toHaveLength(1);
  expect(await hub.rows("paces")).toEqual([]);
});

test("BREAK-05: a hub whose jobs keep to their budgets stores nothing for the breaker", async () => {
  const clock = stopClock();
  const hub = new TestHub({ config: { connection: { pingInterval: 25, pong: false } } });
  const client = await hub.connect();
  const changes = await hub.inside(({ storage }) => (storage as unknown as { changes: number }).changes);
  const alarms = await passAsleep(hub, clock, 1);
  // One more for the sockets that have not connected.
  expect(alarms.length).toBeLessThanOrEqual(146);
  expect(await hub.tables()).toEqual([]);
  expect(await hub.inside(({ storage }) => (storage as unknown as { changes: number }).changes)).toBe(
    changes,
  );
  await client.close();
});

test("BREAK-02: what a job of a hub may cost follows from the configuration", () => {
  const budgets = wakeBudgets({ pingInterval: 25 });
  expect(budgets.ping.perHour).toBe(2 * 144);
  expect(budgets.report.perHour).toBe(2 * 450);
  expect(budgets.settle.perHour).toBe(2 * HUB_LIMITS.jobWakes);
  expect(wakeBudgets({ pingInterval: 86_400 }).ping.perHour).toBe(2);
});
