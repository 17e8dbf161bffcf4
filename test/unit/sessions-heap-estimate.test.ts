import { expect, test } from "vitest";
import { estimateMemory } from "../../src/sessions/heap-estimate.ts";
import { HUB_LIMITS, SESSION_LIMITS } from "../../src/shared/limits.ts";

const nothing = { sessions: 0, subscriptions: 0, channels: 0, length: 0, recorded: 0 };

test("HUB-61: a hub full of sessions that do little is full by their number, not by their memory", () => {
  const sessions = HUB_LIMITS.sockets;
  const used = estimateMemory({ ...nothing, sessions, subscriptions: sessions, length: sessions * 300 });
  expect(used).toBeLessThan(HUB_LIMITS.newcomerMemory);
});

test("HUB-61: a hub full of sessions with all the channels that they may have alone is full by their memory", () => {
  const sessions = HUB_LIMITS.sockets;
  const subscriptions = sessions * SESSION_LIMITS.channels;
  const used = estimateMemory({ ...nothing, sessions, subscriptions, channels: subscriptions });
  expect(used).toBeGreaterThan(HUB_LIMITS.subscriptionMemory);
});

test("HUB-61: what is known of sessions counts by its length", () => {
  expect(estimateMemory({ ...nothing, length: 4_000 })).toBe(4_000);
});

test("REC-06: what the flight recorder takes counts", () => {
  expect(estimateMemory({ ...nothing, recorded: 4_000 })).toBe(4_000);
});
