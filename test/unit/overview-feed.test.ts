import { beforeEach, describe, expect, it, vi } from "vitest";
import { type DirectoryOfFeed, OverviewFeed } from "../../src/overview/feed.ts";
import type { KeptReport } from "../../src/overview/hub-overview.ts";
import type { OverviewMessage } from "../../src/overview/messages.ts";
import { Overview } from "../../src/overview/overview.ts";
import { OVERVIEW_LIMITS } from "../../src/shared/limits.ts";
import { captureErrors } from "../support/log.ts";
import { keptReport } from "../support/overview.ts";

/** A directory in memory, and the overviews that are open. */
class FakeDirectory implements DirectoryOfFeed {
  isWatched = false;
  /** How many overviews are open. */
  open = 0;
  readonly published: OverviewMessage[] = [];
  readonly stored = new Map<string, KeptReport>();
  loads = 0;
  /** What a publication waits for. */
  way: Promise<unknown> = Promise.resolve();

  load(): Overview {
    this.loads += 1;
    const overview = new Overview({});
    for (const report of this.stored.values()) overview.take(report);
    return overview;
  }

  async publish(message: OverviewMessage): Promise<boolean> {
    this.published.push(message);
    const isSeen = this.open > 0;
    await this.way;
    return isSeen;
  }

  /** What was published since this was last asked, each as its kind and its hubs. */
  told(): unknown[] {
    return this.published.splice(0).map(({ kind, hubs }) => [kind, ...hubs.map(({ hub }) => hub)]);
  }
}

let directory: FakeDirectory;
let feed: OverviewFeed;

beforeEach(() => {
  vi.useFakeTimers();
  directory = new FakeDirectory();
  feed = new OverviewFeed(directory);
  return () => void vi.useRealTimers();
});

function report(hub: string): void {
  const kept = keptReport(hub, { reportedAt: Date.now(), expiresAt: Date.now() + 75_000 });
  directory.stored.set(hub, kept);
  feed.take(kept);
}

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

async function open(): Promise<void> {
  feed.open();
  directory.open += 1;
  report("home/first");
  await pass(OVERVIEW_LIMITS.interval);
  directory.told();
}

describe("while no overview is open", () => {
  it("VIEW-10: reports set no timer, make no call, and read nothing", () => {
    for (let index = 0; index < 100; index += 1) report(`home/${index}`);
    expect([vi.getTimerCount(), directory.loads, directory.told()]).toEqual([0, 0, []]);
  });

  it("VIEW-10: the last one that is closed ends what is told", async () => {
    await open();
    directory.open = 0;
    report("home/a");
    await pass(OVERVIEW_LIMITS.interval);
    expect([directory.told().length, directory.isWatched]).toEqual([1, false]);
    report("home/b");
    expect([vi.getTimerCount(), directory.told()]).toEqual([0, []]);
  });

  it("VIEW-10: one that is opened while the last is found to be gone is told", async () => {
    await open();
    directory.open = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    directory.way = promise;
    report("home/a");
    await pass(OVERVIEW_LIMITS.interval);
    feed.open();
    directory.open = 1;
    resolve();
    await pass(0);
    expect(directory.isWatched).toBe(true);
  });
});

describe("while an overview is open", () => {
  it("VIEW-11: it is told what has changed, at most once a second", async () => {
    await open();
    report("home/a");
    report("home/b");
    await pass(OVERVIEW_LIMITS.interval);
    expect(directory.told()).toEqual([["changes", "home/a", "home/b"]]);
    for (let index = 0; index < 10; index += 1) {
      report("home/a");
      await pass(OVERVIEW_LIMITS.interval / 10);
    }
    await pass(OVERVIEW_LIMITS.interval);
    expect(directory.told()).toEqual(Array(2).fill(["changes", "home/a"]));
    await pass(10 * OVERVIEW_LIMITS.interval);
    expect(directory.told()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("VIEW-11: what is reported while it is being told follows", async () => {
    await open();
    const { promise, resolve } = Promise.withResolvers<void>();
    directory.way = promise;
    report("home/a");
    await pass(OVERVIEW_LIMITS.interval);
    report("home/b");
    await pass(5 * OVERVIEW_LIMITS.interval);
    expect(directory.told()).toEqual([["changes", "home/a"]]);
    resolve();
    await pass(OVERVIEW_LIMITS.interval);
    expect(directory.told()).toEqual([["changes", "home/b"]]);
  });

  it("VIEW-11: after a sleep of the directory, and after a call that failed, it is told everything", async () => {
    const errors = captureErrors();
    await open();
    feed = new OverviewFeed(directory);
    report("home/a");
    await pass(OVERVIEW_LIMITS.interval);
    expect(directory.told()).toEqual([["snapshot", "home/a", "home/first"]]);
    directory.way = Promise.reject(new Error("gone"));
    directory.way.catch(() => {});
    report("home/b");
    await pass(OVERVIEW_LIMITS.interval);
    expect(errors()).toMatchObject([{ event: "directory.overview_not_pushed", message: "gone" }]);
    directory.told();
    directory.way = Promise.resolve();
    report("home/b");
    await pass(OVERVIEW_LIMITS.interval);
    expect(directory.told()).toEqual([["snapshot", "home/a", "home/b", "home/first"]]);
  });
});

describe("what is asked for once", () => {
  it("VIEW-10: opens nothing", () => {
    report("home/a");
    expect(feed.snapshot().hubs).toHaveLength(1);
    report("home/b");
    expect(feed.snapshot().hubs).toHaveLength(2);
    expect([directory.isWatched, directory.loads, vi.getTimerCount()]).toEqual([false, 1, 0]);
  });

  it("VIEW-10: hubs that have been deleted are not told of any more", () => {
    report("home/a");
    feed.snapshot();
    directory.stored.clear();
    feed.reset();
    expect(feed.snapshot().hubs).toEqual([]);
  });
});
