import { expect, test } from "vitest";
import { NewHomes, newHomesOf } from "../../src/sessions/new-homes.ts";
import { SESSION_LIMITS } from "../../src/shared/limits.ts";

const { newHomes } = SESSION_LIMITS;
const names = (count: number, of = "home") => Array.from({ length: count }, (_, index) => `${of}/${index}`);

test("ABUSE-30: as many new homes as the burst are called at once, then as many as the rate adds", () => {
  const homes = new NewHomes();
  const tokens = newHomesOf(SESSION_LIMITS, 0, 0);
  const admitted = (now: number, of: string) =>
    names(2 * newHomes, of).filter((home) => homes.admits(home, tokens, now)).length;
  expect(newHomes).toBeGreaterThanOrEqual(128);
  expect(admitted(0, "a")).toBe(newHomes);
  expect(admitted(3_000, "b")).toBe(3 * SESSION_LIMITS.newHomesPerSecond);
});

test("ABUSE-30: whoever may have more subscriptions may call as many homes at once", () => {
  const homes = new NewHomes();
  const tokens = newHomesOf(SESSION_LIMITS, 500, 0);
  expect(names(1_000).filter((home) => homes.admits(home, tokens, 0))).toHaveLength(500);
});

test("ABUSE-31: a home that was called for anybody is not new to anybody", () => {
  const homes = new NewHomes();
  const [one, other] = [newHomesOf(SESSION_LIMITS, 0, 0), newHomesOf(SESSION_LIMITS, 0, 0)];
  for (const home of names(newHomes)) homes.admits(home, one, 0);
  for (const home of names(newHomes))
    expect([homes.admits(home, one, 0), homes.admits(home, other, 0)]).toEqual([true, true]);
  expect(homes.admits("another", other, 0)).toBe(true);
});

test("ABUSE-31: only so many homes are remembered", () => {
  const homes = new NewHomes();
  const tokens = newHomesOf(SESSION_LIMITS, 10_001, 0);
  for (const home of names(10_001)) homes.admits(home, tokens, 0);
  expect(homes.admits("home/0", tokens, 0)).toBe(false);
  expect(homes.admits("home/10000", tokens, 0)).toBe(true);
});
