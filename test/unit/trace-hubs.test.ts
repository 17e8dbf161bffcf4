import { expect, onTestFinished, test, vi } from "vitest";
import { readTrace } from "../../src/api/trace-request.ts";
import type { TraceHubs } from "../../src/api/traced-hubs.ts";
import { startTrace, type TraceOutcome } from "../../src/api/tracing.ts";
import type { ReportedHub } from "../../src/metrics/report.ts";
import { TRACE_LIMITS } from "../../src/shared/limits.ts";
import type { TraceAnswer } from "../../src/trace/call.ts";
import type { TraceLine } from "../../src/trace/messages.ts";

const HERE = '{"line":"end","why":"client_gone","events":0}\n';

function lines(): TraceAnswer {
  return { lines: new Response(HERE).body ?? new ReadableStream() };
}

/** Hubs of which each answers as it is told, and the names of those that were asked. */
function hubsThat(answer: (hub: string) => TraceAnswer | Error, clients: Readonly<Record<string, number>>) {
  const asked: string[] = [];
  const reported = Object.entries(clients).map(([hub, count]): ReportedHub => {
    return { hub, wokeAt: 0, gauges: { centrifugo_node_num_clients: count } };
  });
  const hubs: TraceHubs = {
    named: (hub) => ({
      startTrace: async () => {
        asked.push(hub);
        const answered = answer(hub);
        if (answered instanceof Error) throw answered;
        return answered;
      },
      followersOf: async () => Object.keys(clients),
    }),
    directory: { hubs: async ({ after }) => (after === undefined ? reported : []) },
  };
  return { hubs, asked };
}

function trace(hubs: TraceHubs, request: object): Promise<TraceOutcome> {
  const order = readTrace(request);
  if ("why" in order) throw new Error(order.why);
  return startTrace({ hubs, homeOf: () => "home/a", userCommands: true }, order);
}

async function told(outcome: TraceOutcome): Promise<TraceLine[]> {
  if ("error" in outcome) throw new Error(outcome.error.message);
  const text = await new Response(outcome.lines).text();
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as TraceLine);
}

const numbered = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`edge/weur/${index}`, 1]));

test("TRACE-02: without a hub, those with connections are asked for the client, until one has it", async () => {
  const clients = { ...numbered(TRACE_LIMITS.searchedAtOnce + 1), "edge/weur/63": 1, "home/empty": 0 };
  const { hubs, asked } = hubsThat(
    (hub) => (hub === "edge/weur/0" ? lines() : { refused: "absent" }),
    clients,
  );
  expect(await told(await trace(hubs, { client: "c" }))).toMatchObject([
    { line: "start", target: { client: "c" }, hubs: ["edge/weur/0"] },
    { line: "end", why: "client_gone" },
  ]);
  expect(asked).toHaveLength(TRACE_LIMITS.searchedAtOnce);
  expect(asked).not.toContain("home/empty");
});

test("TRACE-02: a client that no hub has is told to be gone, after at most 200 hubs", async () => {
  const { hubs, asked } = hubsThat(() => ({ refused: "absent" }), numbered(TRACE_LIMITS.searchedHubs + 5));
  expect(await told(await trace(hubs, { client: "c" }))).toEqual([
    expect.objectContaining({ line: "start", hubs: [] }),
    { line: "end", why: "client_gone", events: 0 },
  ]);
  expect(asked).toHaveLength(TRACE_LIMITS.searchedHubs);
});

test("TRACE-07: where every hub is busy it is error 111, where every hub fails error 100, and a log has it once", async () => {
  const errors = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => errors.mockRestore());
  const busy = hubsThat(() => ({ refused: "busy" }), numbered(2));
  expect(await trace(busy.hubs, { channel: "a" })).toMatchObject({ error: { code: 111 } });
  expect(await trace(busy.hubs, { client: "c", hub: "edge/weur/0" })).toMatchObject({ error: { code: 111 } });
  const failing = hubsThat(() => new Error("gone"), numbered(2));
  expect(await trace(failing.hubs, { user: "ann" })).toMatchObject({ error: { code: 100 } });
  expect(errors).toHaveBeenCalledTimes(1);
});

test("TRACE-11: one trace takes at most 32 hubs, tells how many others there were, and which were busy", async () => {
  const { hubs, asked } = hubsThat(
    (hub) => (hub === "edge/weur/0" ? { refused: "busy" } : lines()),
    numbered(TRACE_LIMITS.hubs + 4),
  );
  const [start, ...rest] = await told(await trace(hubs, { user: "ann" }));
  expect(start).toMatchObject({ line: "start", untraced: 4 });
  expect(rest).toContainEqual({ line: "hub", hub: "edge/weur/0", state: "busy" });
  expect(asked).toHaveLength(TRACE_LIMITS.hubs);
});
