import { describe, expect, it } from "vitest";
import { merge } from "../../src/overview/merge.ts";
import type { OverviewChanges, OverviewSnapshot } from "../../src/overview/messages.ts";
import { hubOverview, NO_TOTALS } from "../support/overview.ts";

const SNAPSHOT: OverviewSnapshot = {
  kind: "snapshot",
  at: 1_000,
  totals: NO_TOTALS,
  moreHubs: 0,
  rooms: [],
  hubs: [hubOverview("home/a", { sockets: 2 }), hubOverview("home/b", { sockets: 1 })],
};

function changes(at: number, change: Partial<OverviewChanges>): OverviewChanges {
  return { kind: "changes", at, totals: NO_TOTALS, moreHubs: 0, rooms: [], hubs: [], gone: [], ...change };
}

describe("an open overview", () => {
  it("VIEW-01: is the snapshot with the changes since, the largest hub first", () => {
    const after = merge(
      SNAPSHOT,
      changes(2_000, {
        hubs: [hubOverview("home/b", { sockets: 9 }), hubOverview("home/c", { sockets: 3 })],
        gone: ["home/a"],
        moreHubs: 7,
      }),
    );
    expect(after?.hubs.map(({ hub, sockets }) => [hub, sockets])).toEqual([
      ["home/b", 9],
      ["home/c", 3],
    ]);
    expect(after).toMatchObject({ kind: "snapshot", at: 2_000, moreHubs: 7 });
  });

  it("VIEW-01: has nothing before its snapshot, and takes nothing that is older than what it shows", () => {
    expect(merge(undefined, changes(2_000, {}))).toBeUndefined();
    expect(merge(SNAPSHOT, changes(999, { gone: ["home/a"] }))).toBe(SNAPSHOT);
    const newer = { ...SNAPSHOT, at: 3_000, hubs: [] };
    expect(merge(SNAPSHOT, newer)).toBe(newer);
  });
});
