import { runInDurableObject } from "cloudflare:test";
import { onTestFinished, vi } from "vitest";
import { type NamedObject, namedObjects } from "./watch/namespaces.ts";
import { withItsWaitUntil } from "./watch/wait-until.ts";
import { watchObjects } from "./watch/watch.ts";

/** How often an alarm may set itself again for a time that has come: one that does so more often never stops. */
const MOST_REPEATS = 100;

interface DueAlarm extends NamedObject {
  readonly time: number;
}

/**
 * Moves the clock (`Date`) of the isolate on, and runs the alarms that fall due meanwhile, in their order and each at its
 * time, with what they hand to `waitUntil`. From the first call on the clock stands still between two calls, until the test
 * ends; `advance(0)` stops it. To look for alarms it wakes every object that the test, or what runs in it, has addressed by its
 * name.
 *
 * @param time Milliseconds.
 * @returns How many alarms have run.
 * @throws Error when an alarm sets itself again for the same time without end; what an alarm throws.
 * @example
 * await advance(60_000);
 */
export async function advance(time: number): Promise<number> {
  await watchObjects();
  stopClock();
  const end = Date.now() + time;
  let last: DueAlarm | undefined;
  let repeats = 0;
  for (let runs = 0; ; runs += 1) {
    const due = await firstAlarm();
    if (due === undefined || due.time > end) {
      vi.setSystemTime(end);
      return runs;
    }
    repeats = due.name === last?.name && due.time <= Date.now() ? repeats + 1 : 0;
    if (repeats > MOST_REPEATS) throw new Error(`the alarm of ${due.name} sets itself again without end`);
    vi.setSystemTime(Math.max(Date.now(), due.time));
    await runAlarm(due);
    last = due;
  }
}

function stopClock(): void {
  if (vi.getMockedSystemTime() !== null) return;
  vi.setSystemTime(Date.now());
  onTestFinished(() => void vi.useRealTimers());
}

async function firstAlarm(): Promise<DueAlarm | undefined> {
  const alarms = await Promise.all(namedObjects().map(alarmOf));
  return alarms.filter((alarm) => alarm !== undefined).sort((one, other) => one.time - other.time)[0];
}

async function alarmOf({ namespace, name }: NamedObject): Promise<DueAlarm | undefined> {
  try {
    const time = await runInDurableObject(namespace.getByName(name), (_, { storage }) => storage.getAlarm());
    return time === null ? undefined : { namespace, name, time };
  } catch (failure) {
    // The plugin looks into no object of another Worker.
    if (String(failure).includes("within the same worker")) return undefined;
    throw failure;
  }
}

async function runAlarm({ namespace, name, time }: DueAlarm): Promise<void> {
  await runInDurableObject(namespace.getByName(name), async (object: DurableObject, state) => {
    await state.storage.deleteAlarm();
    const alarm = { scheduledTime: time, isRetry: false, retryCount: 0 };
    await withItsWaitUntil(state, () => object.alarm?.(alarm));
  });
}
