/** What the main thread of a page is busy with, as Chromium itself traces it. */

import type { Page } from "playwright-core";

/** In a task the page answers nobody. Times are milliseconds. */
export interface Task {
  readonly time: number;
  /** Less than `time` where other programs had the processor meanwhile. */
  readonly processorTime: number;
}

/** Times are microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
}

/** A mark that the page sets, by which its thread is known among those of the browser. */
const MARK = "measured";

/** The tasks of a page while something runs. */
export async function tasksDuring(page: Page, run: () => Promise<void>): Promise<readonly Task[]> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }: { value: readonly unknown[] }) => {
    for (const event of value) events.push(event as TraceEvent);
  });
  const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["toplevel", "blink.user_timing"], excludedCategories: ["*"] },
  });
  await page.evaluate((name) => performance.mark(name), MARK);
  await run();
  await session.send("Tracing.end");
  await complete;
  await session.detach();
  return tasksOf(events);
}

function tasksOf(events: readonly TraceEvent[]): readonly Task[] {
  const mark = events.find(({ name }) => name === MARK);
  if (!mark) throw new Error("the trace does not hold the mark of the page");
  return events
    .filter(({ name, pid, tid }) => name.endsWith("RunTask") && pid === mark.pid && tid === mark.tid)
    .map(({ dur = 0, tdur = 0 }) => ({ time: dur / 1_000, processorTime: Math.min(dur, tdur) / 1_000 }));
}
