import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resolveOperations } from "../../src/config/operations.ts";
import { ConfigProblems } from "../../src/shared/config-error.ts";
import { KiB, MiB } from "../../src/shared/limits/units.ts";
import { RECORDER_LIMITS, REPORT_LIMITS, TRACE_LIMITS } from "../../src/shared/limits.ts";
import type { TraceLine } from "../../src/trace/messages.ts";
import { snippetIn } from "../support/snippets.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

const run = promisify(execFile);
const API_KEY = "secret";
const guide = await readFile("docs/tracing.md", "utf8");
const OPERATOR_KEYS = /^OPERATOR_KEYS='(.*)'$/m.exec(guide)?.[1] ?? "";
let gateway: Workerd;

beforeAll(async () => {
  gateway = await startWorkerd({ vars: { ENVIRONMENT: "development", API_KEY, OPERATOR_KEYS } });
});
afterAll(() => gateway.stop());

const parsed = (text: string) =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as TraceLine);

/** A line without what is of its moment. */
function lasting(line: TraceLine): object {
  if (line.line === "start") return { ...line, until: 0 };
  return line.line === "event" ? { ...line, at: 0, offset: 0 } : line;
}

test("TRACE-12: the trace of the guide tells what it says", async () => {
  const tracing = run("bash", ["-c", snippetIn(guide, "sh trace")], {
    env: { ...process.env, URL: gateway.url },
  });
  let isOver = false;
  void tracing.finally(() => {
    isOver = true;
  });
  // Whether the trace has begun shows in nothing but its lines, which are read at its end.
  while (!isOver)
    await fetch(`${gateway.url}/api/publish`, {
      method: "POST",
      headers: { "X-API-Key": API_KEY },
      body: '{"channel":"public:chat","data":"hello"}',
    });
  const lines = parsed((await tracing).stdout);
  const [start, event, end] = parsed(snippetIn(guide, "json lines")).map(lasting);
  expect(lines.map(lasting)).toContainEqual(event);
  expect(lasting(lines[0] ?? { line: "end", why: "time", events: 0 })).toEqual(start);
  expect(lines.at(-1)).toEqual({ ...end, events: expect.any(Number) });
});

test("TRACE-12: the guide names the limits and the codes as they are", () => {
  const { seconds, mostSeconds, rate, mostRate, hubs, searchedHubs, payloadLength } = TRACE_LIMITS;
  expect(guide).toContain(`how long, 1 to ${mostSeconds}; default ${seconds}`);
  expect(guide).toContain(`1 to ${mostRate.toLocaleString("en")}; default ${rate}`);
  expect(guide).toContain(`past the ${hubs} that one trace takes`);
  expect(guide).toContain(`up to ${searchedHubs} hubs`);
  expect(guide).toContain(`more than ${payloadLength.toLocaleString("en")} characters is cut`);
  expect(guide).toContain(`it has told ${TRACE_LIMITS.output / MiB} MiB`);
  expect(guide).toContain(`more than ${TRACE_LIMITS.backlogLength / KiB} KiB waiting`);
  expect(guide).toContain(`Every ${TRACE_LIMITS.lookInterval / 1_000} s it looks again`);
  expect(TRACE_LIMITS.traces).toBe(4);
  expect(guide).toContain(`a line has ${RECORDER_LIMITS.storySize / KiB} KiB of them`);
  expect(guide).toContain(`logs ${RECORDER_LIMITS.stories} at once`);
  expect(guide).toContain(`one every ${REPORT_LIMITS.refusalInterval / 1_000} s`);
  expect(guide.replaceAll("\n", " ")).toContain(`at most ${RECORDER_LIMITS.eventsPerClient} events a client`);
  const [, list = ""] = /tell of a fault: ([\d, and\n]+)\./.exec(guide) ?? [];
  const codes = [1006, ...(list.match(/\d{4}/g) ?? []).map(Number)];
  expect(new Set(codes)).toEqual(resolveOperations(undefined, {}, new ConfigProblems()).storyCodes);
});
