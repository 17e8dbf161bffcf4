import { expect, test } from "vitest";
import { readLines } from "../../src/client/overview/trace-lines.ts";
import { describeEnd, toMessage } from "../../src/client/overview/trace-words.ts";
import type { TraceEvent, TraceLine } from "../../src/trace/messages.ts";

const NOW = 1_800_000_000_000;
const event = (told: Partial<TraceEvent>): TraceEvent => ({
  line: "event",
  at: NOW - 5,
  event: "publish",
  hub: "home/chat:1",
  ...told,
});
const entry = (line: TraceLine) => toMessage(line, JSON.stringify(line), NOW);

async function linesOf(...parts: string[]): Promise<string[]> {
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
      controller.close();
    },
  });
  const lines: string[] = [];
  for await (const line of readLines(stream)) lines.push(line);
  return lines;
}

test("PAGE-59: lines come out whole, however they were cut, also one that has no end", async () => {
  expect(await linesOf('{"a"', ':1}\n{"b":2}\n\n{"c', '":3}\n{"d":4}')).toEqual([
    '{"a":1}',
    '{"b":2}',
    '{"c":3}',
    '{"d":4}',
  ]);
  expect(await linesOf()).toEqual([]);
});

test("PAGE-59: a line that never ends is given up", async () => {
  const megabyte = "x".repeat(1024 * 1024);
  await expect(linesOf(...Array.from({ length: 6 }, () => megabyte))).rejects.toThrow("too long");
});

test("PAGE-59: an event says what, to whom and where, with codes in words", () => {
  expect(entry(event({ channel: "chat:1", id: 3, client: "c", user: "42" }))).toMatchObject({
    time: NOW - 5,
    direction: "received",
    type: "text",
    label: "publish",
    summary: "chat:1 · id 3 · client c · user 42",
  });
  expect(entry(event({ event: "error", code: 103, channel: "chat:1" }))).toMatchObject({
    direction: "sent",
    type: "error",
    summary: "chat:1 · 103 permission denied",
  });
  const publication = event({ event: "publication", channel: "a", offset: 7, from: "c", subscribers: 2 });
  expect(entry(publication).summary).toBe("a · offset 7 · from client c · to 2 subscribers");
  expect(entry(event({ event: "close", code: 3012, pushes: 1 })).summary).toBe("3012 no pong · after 1 push");
  expect(entry(event({ event: "close", code: 1000 }))).toMatchObject({ direction: "note", type: "text" });
  expect(entry(event({ event: "unsubscribed", code: 2500 })).summary).toBe("2500 insufficient state");
  expect(entry(event({ event: "open" })).direction).toBe("note");
  expect(entry(event({ event: "failure", in: "message" }))).toMatchObject({
    type: "error",
    summary: "message",
  });
});

test("PAGE-59: what the trace says of itself is told in words", () => {
  const start: TraceLine = {
    line: "start",
    target: { user: "42" },
    payloads: false,
    until: NOW,
    rate: 100,
    hubs: ["edge/weur/0", "edge/weur/1"],
  };
  expect(entry(start).summary).toMatch(/^Tracing user 42 at 2 hubs until /);
  expect(entry({ ...start, untraced: 3 }).summary).toMatch(/ at 2 hubs, not at 3 others until /);
  expect(entry({ line: "hub", hub: "edge/weur/0", state: "busy" }).summary).toBe(
    "edge/weur/0 has as many traces as it takes",
  );
  expect(entry({ line: "dropped", hub: "h", count: 1 }).summary).toBe(
    "h left out 1 event: more than its rate",
  );
  expect(entry({ line: "end", why: "time", events: 2 })).toMatchObject({
    direction: "note",
    summary: "Ended after 2 events: its time was over",
  });
  expect(describeEnd("client_gone")).toBe("The trace has ended: the client is gone, or was not found.");
});
