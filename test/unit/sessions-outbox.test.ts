import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Outbox } from "../../src/sessions/outbox.ts";
import type { Session } from "../../src/sessions/session.ts";
import { HUB_LIMITS } from "../../src/shared/limits.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

/** An outbox that notes how many sessions each flush sends to. */
function recorded({ writes = false, length = 1 } = {}) {
  const flushes: number[] = [];
  const commits: (() => void)[] = [];
  let sent = 0;
  /** Characters that wait for the next session that is sent to. */
  let counted = 0;
  const outbox: Outbox = new Outbox({
    store: () => writes,
    durable: () => new Promise((resolve) => commits.push(resolve)),
    send: () => {
      sent += 1;
      outbox.replies.count(-counted);
      counted = 0;
      return length;
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
  const reply = (length: number) => {
    counted += length;
    outbox.replies.count(length);
    return queue();
  };
  return { outbox, flushes, commits, queue, reply };
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
    for (let count = 0; count < 26; count += 1) await event(1);
    expect(flushes).toEqual([MANY]);
    const flushTakes = 40;
    await event(flushTakes);
    expect(flushes).toEqual([MANY, 26]);
    for (let count = 0; count < flushTakes; count += 1) await event(1);
    expect(flushes).toEqual([MANY, 26]);
    await event(1);
    expect(flushes).toEqual([MANY, 26, 1 + flushTakes]);
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

describe("a turn sends no more than it may", () => {
  const half = HUB_LIMITS.turnLength / 2;
  /** The next turn, whose clock is later. */
  const turn = async () => {
    vi.setSystemTime(Date.now() + 1);
    await vi.advanceTimersToNextTimerAsync();
  };

  test("HUB-54: the rest leaves with the next turns, in order", async () => {
    const { flushes, queue } = recorded({ length: half });
    await queue(5);
    expect(flushes).toEqual([2]);
    await queue();
    await turn();
    expect(flushes).toEqual([2, 2]);
    await turn();
    expect(flushes).toEqual([2, 2, 2]);
    await turn();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("HUB-54: who is sent little does not wait for those who are sent much", async () => {
    const sent: Session[] = [];
    const outbox = new Outbox({
      store: () => false,
      durable: async () => {},
      send: (session) => {
        sent.push(session);
        return session.queuedLength;
      },
      call: () => {},
      fail: (failure) => {
        throw failure;
      },
    });
    const waiting = (queuedLength: number) => ({ queuedLength }) as Session;
    const sessions = [half, half, half, HUB_LIMITS.shortOutput, HUB_LIMITS.shortOutput + 1].map(waiting);
    for (const session of sessions) outbox.queue(session);
    await Promise.resolve();
    expect(sent.map((session) => sessions.indexOf(session))).toEqual([0, 1, 3]);
    await turn();
    expect(sent.map((session) => sessions.indexOf(session))).toEqual([0, 1, 3, 2, 4]);
  });

  test("HUB-54: so does the rest of a flush that has written, after its commit", async () => {
    const { flushes, commits, queue } = recorded({ length: half, writes: true });
    await queue(3);
    expect(flushes).toEqual([2]);
    commits[0]?.();
    await turn();
    expect(flushes).toEqual([2, 1]);
  });

  test("HUB-54: replies that are too long together are flushed when the next event begins", async () => {
    const { outbox, flushes, queue, reply } = recorded();
    await queue(MANY);
    await reply(HUB_LIMITS.repliesLength);
    outbox.hurry(Date.now());
    expect(flushes).toEqual([MANY]);
    await reply(1);
    outbox.hurry(Date.now());
    expect(flushes).toEqual([MANY, 2]);
  });

  test("HUB-54: a long reply that many have waited for is made in turns", async () => {
    const { outbox, flushes, reply } = recorded();
    const waiters = 9;
    const made = Array.from({ length: waiters }, async () => {
      await outbox.replies.mayBegin();
      await reply(HUB_LIMITS.repliesLength / 2);
    });
    await Promise.resolve();
    const lengths: number[] = [];
    let before = 0;
    for (let turns = 0; turns < waiters; turns += 1) {
      await turn();
      const sent = flushes.reduce((sum, count) => sum + count, 0);
      lengths.push(sent - before);
      before = sent;
    }
    await Promise.all(made);
    expect(before).toBe(waiters);
    expect(Math.max(...lengths.slice(1))).toBeLessThanOrEqual(3);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("STORE-07: a step that throws is told", async () => {
  const failures: unknown[] = [];
  const outbox = new Outbox({
    store: () => {
      throw new Error("broken");
    },
    durable: async () => {},
    send: () => 0,
    call: () => {},
    fail: (failure) => failures.push(failure),
  });
  outbox.schedule();
  await Promise.resolve();
  expect(failures).toEqual([new Error("broken")]);
});
