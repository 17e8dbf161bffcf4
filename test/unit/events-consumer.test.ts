import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { BackendEvent } from "../../src/channels/backend-event.ts";
import { type Config, resolveConfig } from "../../src/config/config.ts";
import { createEventConsumer } from "../../src/events/consumer.ts";
import { verify } from "../../src/proxy/signature.ts";
import { EVENT_LIMITS } from "../../src/shared/limits.ts";

const config: Config = { events: { webhook: "https://backend.example/events", kinds: ["member.joined"] } };
const SHARED = "a secret that both sides share, long enough";
const env = { BACKEND_SIGNATURE_SECRET: SHARED };
const event = (sequence: number): BackendEvent => ({
  id: `${sequence}`,
  kind: "member.joined",
  time: 1,
  sequence,
});

/** A batch of the queue with so many messages of so many events each. */
function batchOf(messages: number, events: number, attempts = 1) {
  const bodies = Array.from({ length: messages }, (_, message) => ({
    events: Array.from({ length: events }, (_, index) => event(message * events + index)),
  }));
  return { messages: bodies.map((body) => ({ body, attempts })), ackAll: vi.fn(), retryAll: vi.fn() };
}

let requests: { header: string | null; text: string }[] = [];
let status = 200;
beforeEach(() => {
  requests = [];
  status = 200;
  vi.spyOn(console, "error").mockImplementation(() => {});
  vi.stubGlobal("fetch", async (request: Request) => {
    requests.push({ header: request.headers.get("X-Poorwill-Signature"), text: await request.text() });
    return new Response(null, { status });
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test("EVENT-08: the consumer posts what the queue brings, signed, 100 events at a time, and acknowledges it", async () => {
  const batch = batchOf(5, 50);
  await createEventConsumer(resolveConfig(config, env).events)(batch);
  const posted = requests.map(({ text }) => (JSON.parse(text) as { events: BackendEvent[] }).events);
  expect(posted.map(({ length }) => length)).toEqual([100, 100, 50]);
  expect(posted.flat().map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: 250 }, (_, index) => index),
  );
  for (const { header, text } of requests) expect(await verify(header, text, SHARED)).toBe(true);
  expect(batch.ackAll).toHaveBeenCalledOnce();
  expect(batch.retryAll).not.toHaveBeenCalled();
});

test("EVENT-14: the consumer posts requests of at most 32,000 characters of events", async () => {
  const batch = batchOf(2, 50);
  const channel = "x".repeat(EVENT_LIMITS.batchLength / 50);
  for (const { body } of batch.messages) body.events = body.events.map((one) => ({ ...one, channel }));
  await createEventConsumer(resolveConfig(config, env).events)(batch);
  const posted = requests.map(({ text }) => (JSON.parse(text) as { events: BackendEvent[] }).events);
  expect(posted.length).toBeGreaterThan(2);
  for (const events of posted)
    expect(JSON.stringify(events).length).toBeLessThan(EVENT_LIMITS.batchLength + events.length * 2);
  expect(posted.flat()).toHaveLength(100);
});

test.each([
  [1, 1],
  [3, 4],
  [30, 960],
])(
  "EVENT-08: what the webhook does not take goes back to the queue; after attempt %i it waits %i s",
  async (attempts, delaySeconds) => {
    status = 503;
    const batch = batchOf(1, 1, attempts);
    await createEventConsumer(resolveConfig(config, env).events)(batch);
    expect(batch.ackAll).not.toHaveBeenCalled();
    expect(batch.retryAll).toHaveBeenCalledWith({ delaySeconds });
  },
);

test("EVENT-03: where events have been switched off, what is left in the queue is dropped", async () => {
  const batch = batchOf(1, 1);
  await createEventConsumer(undefined)(batch);
  expect(batch.ackAll).toHaveBeenCalledOnce();
  expect(requests).toEqual([]);
});
