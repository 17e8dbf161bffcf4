import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Member, Members } from "../../src/client/channels/members.ts";
import { describeOutcome, Publications } from "../../src/client/channels/publications.ts";

const epoch = "aaaaaaaa";
const flaws = (list: Publications) =>
  list.rows.map((row) => (row.kind === "publication" ? row.flaw : row.kind));

function subscribedAt(offset: number): Publications {
  const list = new Publications();
  list.subscribed({ offset, epoch }, false, false);
  return list;
}

describe("publications", () => {
  test("PAGE-30: the next offset is sound, an earlier one a repeat, a later one comes after a gap", () => {
    const list = subscribedAt(4);
    for (const offset of [5, 6, 6, 7, 9, 10]) list.add({ data: String(offset), offset }, "live", 0);
    expect(flaws(list)).toEqual([undefined, undefined, "repeated", undefined, "gap", undefined]);
  });

  test("PAGE-30: any unbroken run has no flaw, and the position follows it", () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.integer({ min: 1, max: 50 }), (start, length) => {
        const list = subscribedAt(start);
        for (let step = 1; step <= length; step++)
          list.add({ data: "null", offset: start + step }, "live", 0);
        expect(flaws(list).every((flaw) => flaw === undefined)).toBe(true);
        expect(list.position).toEqual({ offset: start + length, epoch });
      }),
    );
  });

  test("PAGE-30: after a recovery the run goes on where it broke off, whatever the reply claims", () => {
    const list = subscribedAt(0);
    list.add({ data: "1", offset: 1 }, "live", 0);
    list.subscribed({ offset: 3, epoch }, true, true);
    list.add({ data: "4", offset: 4 }, "recovered", 0);
    expect(flaws(list)).toEqual([undefined, "gap"]);
  });

  test("PAGE-30: after a failed recovery, or in another epoch, it begins anew", () => {
    const list = subscribedAt(7);
    list.subscribed({ offset: 9, epoch }, true, false);
    list.add({ data: "null", offset: 10 }, "live", 0);
    list.subscribed({ offset: 0, epoch: "bbbbbbbb" }, false, false);
    list.add({ data: "null", offset: 1 }, "live", 0);
    expect(flaws(list)).toEqual([undefined, undefined]);
  });

  test("PAGE-30: a channel without history has no position, and nothing to find fault with", () => {
    const list = new Publications();
    list.subscribed(undefined, false, false);
    list.add({ data: "1" }, "live", 0);
    list.add({ data: "1" }, "live", 0);
    expect([list.position, flaws(list), list.total]).toEqual([undefined, [undefined, undefined], 2]);
  });

  test("PAGE-28: the outcome counts what was recovered, not what came live", () => {
    const list = subscribedAt(0);
    const outcome = () => list.outcome && describeOutcome(list.outcome);
    expect(outcome()).toMatch(/^a fresh start/);
    list.subscribed({ offset: 0, epoch }, true, true);
    expect(outcome()).toMatch(/^wasRecovering: true, recovered: true .* nothing was missed$/);
    list.add({ data: "1", offset: 1 }, "recovered", 0);
    list.add({ data: "2", offset: 2 }, "live", 0);
    expect(outcome()).toMatch(/1 publication came back$/);
    list.subscribed({ offset: 9, epoch }, true, false);
    expect(outcome()).toMatch(/^wasRecovering: true, recovered: false/);
  });

  test("PAGE-24: only the newest rows are kept, and all are counted", () => {
    const list = subscribedAt(0);
    for (let offset = 1; offset <= 1_000; offset++) list.add({ data: String(offset), offset }, "live", 0);
    const [first] = list.rows;
    expect(list.rows.length).toBe(300);
    expect(first?.kind === "publication" && first.offset).toBe(701);
    expect(list.total).toBe(1_000);
  });
});

describe("members", () => {
  const ada: Member = { client: "a", user: "ada" };
  const bob: Member = { client: "b", user: "bob" };
  const bobAgain: Member = { client: "b2", user: "bob" };

  test("PAGE-26: joins and leaves change the list, and a user with two clients is one user", () => {
    const members = new Members();
    members.answer([ada, bob], 0);
    members.join(bobAgain, 1);
    members.join(bobAgain, 2);
    expect([members.list, members.users]).toEqual([[ada, bob, bobAgain], 2]);
    members.leave(ada, 3);
    expect([members.list, members.users]).toEqual([[bob, bobAgain], 1]);
    members.reset();
    expect(members.list).toEqual([]);
  });

  test("PAGE-26: an answer does not undo what happened while it was on its way, or just before", () => {
    const members = new Members();
    members.leave(ada, 9_500);
    members.join(bob, 10_200);
    members.answer([ada], 10_000);
    expect(members.list).toEqual([bob]);
  });

  test("PAGE-26: what happened long before an answer is in it, or is over", () => {
    const members = new Members();
    members.join(bob, 1_000);
    members.answer([ada], 10_000);
    expect(members.list).toEqual([ada]);
  });
});
