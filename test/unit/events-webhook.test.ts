import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { EventConfig } from "../../src/config/events.ts";
import { handOver } from "../../src/events/webhook.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = () => new Promise<never>(() => {});
const webhook: EventConfig = {
  address: "https://backend.example/events",
  secret: undefined,
  queue: undefined,
  kinds: new Set(["member.joined"] as const),
  namespaces: undefined,
  sweepInterval: 60_000,
};

test.each([
  ["webhook", webhook, "no answer within 10000 ms"],
  ["queue", { ...webhook, queue: { send: never } as unknown as EventConfig["queue"] }, "no answer in time"],
])(
  "EVENT-16: a %s has 10 seconds to answer, and then counts as one that does not take anything",
  async (_, config, message) => {
    let failure: unknown;
    handOver(config, { events: [] }, never).catch((error: unknown) => {
      failure = error;
    });
    await vi.advanceTimersByTimeAsync(9_999);
    expect(failure).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(failure).toMatchObject({ message });
  },
);
