import { expect, test, vi } from "vitest";
import { isHubName } from "../../src/channels/placement.ts";
import { TRACE_LIMITS } from "../../src/shared/limits.ts";
import { eventLine } from "../../src/trace/event-line.ts";
import { TraceFeed } from "../../src/trace/feed.ts";
import { TraceMerge } from "../../src/trace/merge.ts";
import type { TraceLine } from "../../src/trace/messages.ts";

const event = { at: 1, event: "publish", hub: "home/a", client: "c" } as const;

async function linesOf(stream: ReadableStream<Uint8Array>): Promise<TraceLine[]> {
  const text = await new Response(stream).text();
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as TraceLine);
}

function feed(rate = 1_000) {
  const onEnd = vi.fn();
  return { feed: new TraceFeed({ hub: "home/a", rate, onEnd }), onEnd };
}

/** A stream that gives these chunks and then waits for ever, or ends. */
function streamOf(chunks: readonly string[], isOpen = false): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      if (!isOpen) controller.close();
    },
  });
}

test("TRACE-09: a payload is told as JSON, cut where it is long, and in base64 where it is bytes", () => {
  const told = (payload: unknown) =>
    JSON.parse(eventLine(event, payload)) as { data: unknown; dataIs?: string };
  expect(told(undefined)).toEqual({ line: "event", ...event });
  expect(told('{"n":1}').data).toEqual({ n: 1 });
  expect(told(new TextEncoder().encode('{"n":1}')).data).toEqual({ n: 1 });
  expect(told(new Uint8Array([255, 0]))).toMatchObject({ data: "/wA=", dataIs: "base64" });
  const long = told(JSON.stringify("x".repeat(TRACE_LIMITS.payloadLength)));
  expect(long).toMatchObject({ data: `"${"x".repeat(TRACE_LIMITS.payloadLength - 1)}`, dataIs: "cut" });
  const bytes = told(new Uint8Array(TRACE_LIMITS.payloadLength).fill(255));
  expect(String(bytes.data).length).toBeLessThanOrEqual(TRACE_LIMITS.payloadLength);
  expect(told('{\n"n":1}')).toMatchObject({ data: '{\n"n":1}', dataIs: "cut" });
});

test("TRACE-10: a reader that leaves too much waiting at a hub ends the trace, which keeps nothing more for it", async () => {
  const { feed: slow, onEnd } = feed(10_000);
  const line = vi.fn(() => "x".repeat(1_000));
  for (let count = 0; count < 1_000; count += 1) slow.tell(line);
  expect(onEnd).toHaveBeenCalledTimes(1);
  expect(line.mock.calls.length).toBeLessThan(TRACE_LIMITS.backlogLength / 1_000 + 2);
  expect(await linesOf(slow.lines)).toEqual([
    { line: "end", why: "slow_reader", events: expect.any(Number) },
  ]);
});

test("TRACE-05: what is over the rate is not even written", async () => {
  const { feed: slow } = feed(3);
  const line = vi.fn(() => '{"line":"event"}');
  for (let count = 0; count < 10; count += 1) slow.tell(line);
  expect(line).toHaveBeenCalledTimes(3);
  slow.end("time");
  expect((await linesOf(slow.lines)).slice(3)).toEqual([
    { line: "dropped", hub: "home/a", count: 7 },
    { line: "end", why: "time", events: 3 },
  ]);
});

test("TRACE-07: a hub whose reader has gone tells nothing more", async () => {
  const { feed: left, onEnd } = feed();
  await left.lines.cancel();
  expect(onEnd).toHaveBeenCalledTimes(1);
  const line = vi.fn(() => "");
  left.tell(line);
  left.end("time");
  expect(line).not.toHaveBeenCalled();
  expect(onEnd).toHaveBeenCalledTimes(1);
});

test("TRACE-11: lines of several hubs arrive whole, in whatever pieces their bytes come", async () => {
  const merge = new TraceMerge(() => {});
  const line = eventLine({ ...event, client: "ü" }, undefined);
  const bytes = new TextEncoder().encode(`${line}\n${line}\n`);
  const pieces = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  merge.add("home/a", pieces);
  merge.add(
    "edge/weur/0",
    streamOf([`\n${line}\n`, '{"line":"end","why":"client_gone","events":1}\n'], true),
  );
  const lines = await linesOf(merge.body);
  expect(lines.at(-1)).toEqual({ line: "end", why: "client_gone", events: expect.any(Number) });
  expect(lines.filter((each) => each.line === "event").every(({ client }) => client === "ü")).toBe(true);
});

test("TRACE-11: a hub that ends too early is told of, and its time alone ends nothing", async () => {
  const merge = new TraceMerge(() => {});
  const broken = new ReadableStream<Uint8Array>({ pull: () => Promise.reject(new Error("gone")) });
  merge.add("home/a", streamOf(['{"line":"end","why":"time","events":0}\n']));
  merge.add("home/b", broken);
  setTimeout(() => merge.end("time"));
  const lines = await linesOf(merge.body);
  expect(lines).toContainEqual({ line: "hub", hub: "home/a", state: "left" });
  expect(lines).toContainEqual({ line: "hub", hub: "home/b", state: "failed" });
  expect(lines.at(-1)).toEqual({ line: "end", why: "time", events: 0 });
});

test("TRACE-10: a trace reads from hubs no faster than it is read, and lets go of them when its reader goes", async () => {
  const pulled = vi.fn();
  const cancelled = vi.fn();
  const endless = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pulled();
        controller.enqueue(new TextEncoder().encode(`${eventLine(event, undefined)}\n`));
      },
      cancel: cancelled,
    },
    { highWaterMark: 0 },
  );
  const onEnd = vi.fn();
  const merge = new TraceMerge(onEnd);
  merge.add("home/a", endless);
  const reader = merge.body.getReader();
  await reader.read();
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  expect(pulled.mock.calls.length).toBeLessThan(5);
  await reader.cancel();
  expect(onEnd).toHaveBeenCalledTimes(1);
  expect(cancelled).toHaveBeenCalledTimes(1);
});

test("TRACE-10: a trace that has told 32 MiB ends", async () => {
  const merge = new TraceMerge(() => {});
  const line = `${eventLine(event, JSON.stringify("x".repeat(4_000)))}\n`;
  const chunk = line.repeat(1_000);
  merge.add(
    "home/a",
    streamOf(
      Array.from({ length: 12 }, () => chunk),
      true,
    ),
  );
  const lines = await linesOf(merge.body);
  expect(lines.at(-1)).toMatchObject({ line: "end", why: "output" });
  expect(lines.length * line.length).toBeLessThan(TRACE_LIMITS.output + 2 * line.length);
});

test("TRACE-08: a hub is named as hubs are", () => {
  for (const name of ["home/chat:1", "users/3", "edge/weur/0", "edge/local/63"])
    expect(isHubName(name)).toBe(true);
  for (const name of [
    "",
    "home/",
    "users/",
    "edge/weur/64",
    "edge/weur/-1",
    "edge/weur/01",
    "edge/mars/0",
    "room/a",
  ])
    expect(isHubName(name)).toBe(false);
  expect(isHubName(`home/${"x".repeat(300)}`)).toBe(false);
});
