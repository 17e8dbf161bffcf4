import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Outbox } from "../../durable-objects/hub/outbox.ts";
import type { Session } from "../../durable-objects/hub/session.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

/** An outbox that notes how many sessions each flush sends to. */
function recorded({ writes = false } = {}) {
  const flushes: number[] = [];
  const commits: (() => void)[] = [];
  let sent = 0;
  const outbox = new Outbox({
    store: () => writes,
    durable: () => new Promise((resolve) => commits.push(resolve)),
    send: () => {
      sent += 1;
    },
    call: () => {
      flushes.push(sent);
      sent = 0;
    },
    fail: (failure) => {
      throw failure;
    },
  });
  const queue = async (sessions = 1) => {
    for (let count = 0; count < sessions; count += 1) outbox.queue({} as Session);
    await Promise.resolve();
  };
  return { outbox, flushes, commits, queue };
}

/** Lets time pass in which no timer may fire. */
function block(milliseconds: number): void {
  const late = performance.now() + milliseconds;
  vi.spyOn(performance, "now").mockReturnValueOnce(late).mockReturnValueOnce(late);
}

/** More sessions than a flush may reach to be a short one. */
const MANY = 17;

describe("without a commit", () => {
  test("HUB-06: a lone message leaves at once, and sets no timer", async () => {
    const { flushes, queue } = recorded();
    await queue();
    expect([flushes, vi.getTimerCount()]).toEqual([[1], 0]);
    vi.advanceTimersByTime(10);
    await queue();
    expect([flushes, vi.getTimerCount()]).toEqual([[1, 1], 0]);
  });

  test("HUB-06: what follows shortly is collected, until nothing more waits", async () => {
    const { flushes, queue } = recorded();
    for (let count = 0; count < 5; count += 1) await queue();
    expect([flushes, vi.getTimerCount()]).toEqual([[1, 1], 1]);
    vi.advanceTimersByTime(0);
    expect(flushes).toEqual([1, 1, 3]);
    vi.runAllTimers();
    expect([flushes, vi.getTimerCount()]).toEqual([[1, 1, 3], 0]);
  });

  test("HUB-06: a flush to many sessions takes its time, so what comes after it is collected", async () => {
    const { flushes, queue } = recorded();
    await queue(MANY);
    await queue();
    await queue();
    expect(flushes).toEqual([MANY]);
    vi.advanceTimersByTime(0);
    expect(flushes).toEqual([MANY, 2]);
  });

  test("HUB-50: what a burst holds up is flushed without the timer, after a while and as long as the last flush took", async () => {
    const { outbox, flushes, queue } = recorded();
    await queue(MANY);
    // Events that are ready keep timers from firing, so only the clock goes on, after each event.
    const event = async (milliseconds: number) => {
      outbox.hurry(Date.now());
      await queue();
      vi.setSystemTime(Date.now() + milliseconds);
    };
    for (let count = 0; count < 11; count += 1) await event(1);
    expect(flushes).toEqual([MANY]);
    const flushTakes = 40;
    await event(flushTakes);
    expect(flushes).toEqual([MANY, 11]);
    for (let count = 0; count < flushTakes; count += 1) await event(1);
    expect(flushes).toEqual([MANY, 11]);
    await event(1);
    expect(flushes).toEqual([MANY, 11, 1 + flushTakes]);
  });

  test("HUB-07: lag is how late the last collected flush was, for a second", async () => {
    const { outbox, queue } = recorded();
    await queue(MANY);
    block(2_000);
    vi.advanceTimersByTime(0);
    expect(outbox.lag).toBe(2_000);
    vi.advanceTimersByTime(3_000);
    expect(outbox.lag).toBe(0);
  });
});

test("HUB-06: while a commit is under way everything is collected, and leaves after it", async () => {
  const { flushes, commits, queue } = recorded({ writes: true });
  await queue();
  for (let count = 0; count < 3; count += 1) await queue();
  expect(flushes).toEqual([1]);
  commits[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(flushes).toEqual([1, 3]);
});

test("HUB-50: what a burst brings during a commit and after it is flushed without the timer too", async () => {
  const { outbox, flushes, commits, queue } = recorded({ writes: true });
  await queue();
  vi.setSystemTime(Date.now() + 1_000);
  outbox.hurry(Date.now());
  await queue();
  outbox.hurry(Date.now());
  expect(flushes).toEqual([1]);
  commits[0]?.();
  for (let turns = 0; turns < 5; turns += 1) await Promise.resolve();
  outbox.hurry(Date.now());
  expect(flushes).toEqual([1]);
  outbox.hurry(Date.now() + 1_000);
  expect(flushes).toEqual([1, 1]);
});

test("STORE-07: a step that throws is told", async () => {
  const failures: unknown[] = [];
  const outbox = new Outbox({
    store: () => {
      throw new Error("broken");
    },
    durable: async () => {},
    send: () => {},
    call: () => {},
    fail: (failure) => failures.push(failure),
  });
  outbox.schedule();
  await Promise.resolve();
  expect(failures).toEqual([new Error("broken")]);
});
