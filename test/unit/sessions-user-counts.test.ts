import { expect, test } from "vitest";
import { UserCounts } from "../../src/sessions/user-counts.ts";

test("ABUSE-22: connections of a user are counted over all hubs, each as it was last told", () => {
  const counts = new UserCounts();
  counts.set("ann", "edge/1", 2);
  counts.set("ann", "edge/2", 1);
  counts.set("bob", "edge/1", 5);
  expect([counts.total("ann"), counts.total("bob"), counts.total("eve")]).toEqual([3, 5, 0]);
  counts.set("ann", "edge/1", 1);
  expect(counts.total("ann")).toBe(2);
  expect(counts.hubsOf("ann")).toEqual(["edge/1", "edge/2"]);
});

test("ABUSE-22: of users without connections nothing is kept", () => {
  const counts = new UserCounts();
  counts.set("ann", "edge/1", 1);
  counts.set("ann", "edge/2", 0);
  counts.set("bob", "edge/1", 0);
  expect([counts.size, counts.hubsOf("ann")]).toEqual([1, ["edge/1"]]);
  counts.set("ann", "edge/1", 0);
  expect([counts.size, counts.hubsOf("ann")]).toEqual([0, []]);
  counts.set("ann", "edge/1", 1);
  counts.clear();
  expect([counts.size, counts.total("ann")]).toEqual([0, 0]);
});
