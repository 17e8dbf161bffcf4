import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { Inbox, WAITING_MAX } from "../../src/client/inbox.ts";

test("PAGE-46: what arrives is taken in order, each in a task of its own", async () => {
  const inbox = new Inbox();
  const taken: string[] = [];
  for (const name of ["a", "b", "c"]) {
    inbox.add(() => {
      taken.push(name);
      queueMicrotask(() => taken.push(`after ${name}`));
    });
  }
  expect(taken).toEqual([]);
  while (taken.length < 6) await setImmediate();
  expect(taken).toEqual(["a", "after a", "b", "after b", "c", "after c"]);
});

test("PAGE-46: what fails keeps nothing from being taken", async () => {
  const inbox = new Inbox();
  const failures: unknown[] = [];
  process.once("uncaughtException", (error) => failures.push(error));
  const taken = new Promise((resolve) => {
    inbox.add(() => {
      throw new Error("broken");
    });
    inbox.add(() => resolve("taken"));
  });
  expect(await taken).toBe("taken");
  expect(String(failures)).toBe("Error: broken");
});

test("PAGE-46: so much waits at most: beyond it, the oldest are taken at once", async () => {
  const inbox = new Inbox();
  let taken = 0;
  for (let number = 0; number < WAITING_MAX + 5; number += 1) {
    inbox.add(() => {
      expect(taken).toBe(number);
      taken += 1;
    });
  }
  expect(taken).toBe(5);
  while (taken < WAITING_MAX + 5) await setImmediate();
});
