import { describe, expect, test } from "vitest";
import { MemberCounts } from "../../src/channels/member-counts.ts";
import type { TooLarge } from "../../src/hub-rpc/messages.ts";
import { type AskHub, RemoteMembers } from "../../src/presence/remote-members.ts";
import { wideHash } from "../../src/shared/hash.ts";

const MAX_AGE = 1_000;

type Answer = readonly (readonly [string, number])[] | TooLarge;

/** Members at hubs that answer when they are told to, and what they are asked. */
function hubs() {
  const asked: { hub: string; limit: number; answer: (answer: Answer) => void; fail: () => void }[] = [];
  const counts = new MemberCounts();
  const members = new RemoteMembers<string, number>({ maxAge: MAX_AGE, sizeOf: () => 1, tally: counts });
  const ask: AskHub<string, number> = (hub, limit) =>
    new Promise((resolve, reject) => {
      asked.push({ hub, limit, answer: resolve, fail: () => reject(new Error("no answer")) });
    });
  const gather = (now: number, room = 100, names = ["one"]) => members.gather(names, room, now, ask);
  const at = (hub: string) => Object.fromEntries(members.at(hub));
  return { asked, counts, members, gather, at };
}

async function toldBy(answers: Answer[], now = 0) {
  const scene = hubs();
  const gathered = scene.gather(now);
  for (const [index, answer] of answers.entries()) scene.asked[index]?.answer(answer);
  await gathered;
  return scene;
}

describe("what other hubs have told of their members", () => {
  test("DELIV-25: a hub is asked once a second, by all who want to know at a time", async () => {
    const { asked, gather } = hubs();
    const both = [gather(0), gather(500)];
    asked[0]?.answer([["ann", 1]]);
    expect(await Promise.all(both)).toEqual([1, 1]);
    await gather(MAX_AGE - 1);
    expect(asked).toHaveLength(1);
    void gather(MAX_AGE);
    expect(asked).toHaveLength(2);
  });

  test("DELIV-25: an answer that takes longer than a second is waited for, not asked for again", async () => {
    const { asked, gather } = hubs();
    const both = [gather(0), gather(3 * MAX_AGE)];
    asked[0]?.answer([]);
    await Promise.all(both);
    expect(asked).toHaveLength(1);
  });

  test("DELIV-25: after a question that failed the hub is asked again", async () => {
    const { asked, gather } = hubs();
    const failed = gather(0);
    asked[0]?.fail();
    await expect(failed).rejects.toThrow("no answer");
    void gather(1);
    expect(asked).toHaveLength(2);
  });

  test("CHAN-41: who comes and goes after the answer is added to it", async () => {
    const { members, counts, at } = await toldBy([
      [
        ["ann", 1],
        ["bob", 2],
      ],
    ]);
    members.note("one", "cid", 2);
    members.note("one", "ann", undefined);
    members.note("one", "nobody", undefined);
    members.note("elsewhere", "dan", 4);
    expect(at("one")).toEqual({ bob: 2, cid: 2 });
    expect([counts.clients, counts.users]).toEqual([2, 1]);
  });

  test("CHAN-41: so is who comes and goes while the hub is asked, as its answer may be older or newer", async () => {
    const { asked, members, counts, gather, at } = hubs();
    const gathered = gather(0);
    for (const [key, joined] of [["ann"], ["cid", 3], ["bob", 2]] as const) members.note("one", key, joined);
    asked[0]?.answer([
      ["ann", 1],
      ["bob", 2],
    ]);
    await gathered;
    expect(at("one")).toEqual({ bob: 2, cid: 3 });
    expect([counts.clients, counts.users]).toEqual([2, 2]);
  });

  test("DELIV-25: what a hub tells unasked is newer than an answer that is awaited", async () => {
    const { asked, members, counts, gather, at } = hubs();
    const gathered = gather(0);
    members.tell("one", 0, [["bob", 2]]);
    asked[0]?.answer([["ann", 1]]);
    await gathered;
    expect([at("one"), counts.clients]).toEqual([{ bob: 2 }, 1]);
    await gather(MAX_AGE - 1);
    expect(asked).toHaveLength(1);
  });

  test("DELIV-25: of a hub that follows no more nothing is kept, also when its answer comes late", async () => {
    const { asked, members, counts, gather, at } = hubs();
    const gathered = gather(0);
    members.keepOnly([]);
    asked[0]?.answer([["ann", 1]]);
    await gathered;
    expect([at("one"), counts.clients, counts.users]).toEqual([{}, 0, 0]);
  });
});

describe("members that do not fit", () => {
  const many = (count: number, hub: string) =>
    Array.from({ length: count }, (_, index) => [`${hub} ${index}`, index] as const);

  test("CHAN-42: each hub is asked for its share, and one with more again where others have left room", async () => {
    const { asked, gather } = hubs();
    const gathered = gather(0, 100, ["one", "two"]);
    expect(asked.map(({ limit }) => limit)).toEqual([50, 50]);
    asked[0]?.answer(many(10, "one"));
    asked[1]?.answer({ untold: 70 });
    await expect.poll(() => asked.length).toBe(3);
    expect(asked[2]).toMatchObject({ hub: "two", limit: 90 });
    asked[2]?.answer(many(71, "two"));
    expect(await gathered).toBe(81);
  });

  test("CHAN-42: where there is no room for all, nobody is asked for the rest, nor again within a second", async () => {
    const { asked, members, counts, gather } = hubs();
    const gathered = gather(0, 100, ["one", "two"]);
    asked[0]?.answer(many(40, "one"));
    asked[1]?.answer({ untold: 70 });
    expect(await gathered).toBe(110);
    members.note("two", "ann", 1);
    expect(await gather(MAX_AGE - 1, 100, ["one", "two"])).toBe(110);
    expect([asked.length, counts.clients]).toEqual([2, 40]);
  });

  test("CHAN-42: a hub that has grown beyond what is left is no answer", async () => {
    const { asked, gather } = hubs();
    const gathered = gather(0, 100, ["one", "two"]);
    asked[0]?.answer([]);
    asked[1]?.answer({ untold: 70 });
    await expect.poll(() => asked.length).toBe(3);
    asked[2]?.answer({ untold: 101 });
    expect(await gathered).toBeGreaterThan(100);
  });
});

describe("counting", () => {
  test("CHAN-43: a user counts once however many clients it has, here and elsewhere", () => {
    const [here, there] = [new MemberCounts(), new MemberCounts()];
    for (const user of [1, 1, 2]) here.add(user);
    for (const user of [2, 3, 3, 4]) there.add(user);
    expect([here.clients, here.users]).toEqual([3, 2]);
    for (const sum of [here.with(there), there.with(here)]) expect(sum).toEqual({ clients: 7, users: 4 });
    here.remove(1);
    expect([here.clients, here.users]).toEqual([2, 2]);
    here.remove(1);
    here.remove(2);
    expect([here.clients, here.users]).toEqual([0, 0]);
  });

  test("CHAN-43: users are told apart by 53 bits", () => {
    const names = Array.from({ length: 200_000 }, (_, index) => `user-${index}`);
    const keys = names.map(wideHash);
    expect(new Set(keys).size).toBe(names.length);
    expect(keys.every((key) => Number.isSafeInteger(key) && key >= 0)).toBe(true);
    const average = keys.reduce((sum, key) => sum + key / keys.length, 0);
    expect(average / 2 ** 52).toBeCloseTo(1, 1);
    expect(new Set(keys.map((key) => key % 65_536)).size).toBeGreaterThan(60_000);
  });
});
