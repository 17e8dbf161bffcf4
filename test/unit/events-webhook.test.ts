import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { postEvents } from "../../src/events/webhook.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("EVENT-16: a webhook has 10 seconds to answer, and then counts as one that does not take anything", async () => {
  const config = {
    address: "https://backend.example/events",
    secret: undefined,
    queue: undefined,
    kinds: new Set(["member.joined"] as const),
    namespaces: undefined,
    sweepInterval: 60_000,
  };
  let failure: unknown;
  postEvents(config, { events: [] }, () => new Promise(() => {})).catch((error) => {
    failure = error;
  });
  await vi.advanceTimersByTimeAsync(9_999);
  expect(failure).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  expect(failure).toMatchObject({ message: "no answer within 10000 ms" });
});
