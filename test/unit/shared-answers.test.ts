import { expect, test } from "vitest";
import { SharedAnswers } from "../../src/shared/shared-answers.ts";

/** Questions, and what finds their answers, each when it is told to. */
function questions() {
  const shared = new SharedAnswers<number>();
  const found: ((answer: number) => void)[] = [];
  const failed: (() => void)[] = [];
  const ask = (askedIn = shared.turn) =>
    shared.ask("who", askedIn, () => {
      return new Promise<number>((resolve, reject) => {
        found.push(resolve);
        failed.push(() => reject(new Error("no answer")));
      });
    });
  return { shared, found, failed, ask };
}

test("CHAN-44: equal questions of one turn are answered once", async () => {
  const { found, ask } = questions();
  const early = [ask(), ask()];
  found[0]?.(1);
  expect(await Promise.all([...early, ask()])).toEqual([1, 1, 1]);
  expect(found).toHaveLength(1);
});

test("CHAN-44: so is one that came in that turn and had to wait, but none that came later", async () => {
  const { shared, found, ask } = questions();
  const { turn } = shared;
  const first = ask();
  shared.endTurn();
  found[0]?.(1);
  await first;
  shared.endTurn();
  expect(await ask(turn)).toBe(1);
  void ask();
  expect(found).toHaveLength(2);
});

test("CHAN-44: what was found is not kept for longer than that", async () => {
  const { shared, found, ask } = questions();
  const { turn } = shared;
  const first = ask();
  found[0]?.(1);
  await first;
  shared.endTurn();
  shared.endTurn();
  void ask(turn);
  expect(found).toHaveLength(2);
});

test("CHAN-44: an answer that has changed does not serve any more", async () => {
  const { shared, found, ask } = questions();
  const first = ask();
  found[0]?.(1);
  await first;
  shared.outdate("who");
  void ask();
  expect(found).toHaveLength(2);
});

test("CHAN-44: what is asked while an older answer is under way waits for one of its own, all together", async () => {
  const { shared, found, ask } = questions();
  const first = ask();
  shared.endTurn();
  const later = [ask(), ask()];
  shared.outdate("who");
  const latest = ask();
  expect(found).toHaveLength(1);
  found[0]?.(1);
  expect(await first).toBe(1);
  await expect.poll(() => found.length).toBe(2);
  const last = ask();
  found[1]?.(2);
  expect(await Promise.all([...later, latest, last])).toEqual([2, 2, 2, 2]);
  expect(found).toHaveLength(2);
});

test("CHAN-44: a failure is told to those who asked together, and the next ones ask anew", async () => {
  const { found, failed, ask } = questions();
  const both = [ask(), ask()];
  failed[0]?.();
  for (const question of both) await expect(question).rejects.toThrow("no answer");
  const next = ask();
  found[1]?.(2);
  expect(await next).toBe(2);
});
