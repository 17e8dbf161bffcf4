import { describe, expect, test } from "vitest";
import { traceIdOf, traceOf, traceparentOf, withTraceparent } from "../../src/shared/trace-context.ts";

const ID = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";
const headersOf = (traceparent: string) => new Headers({ traceparent });

describe("the trace of a request", () => {
  test.each(["00", "01", "ff"])("CORR-01: traceparent of version 00 is taken, with its flags %s", (flags) => {
    const trace = traceOf(headersOf(`00-${ID}-${SPAN}-${flags}`));
    expect(traceIdOf(trace)).toBe(ID);
    expect(traceparentOf(trace)).toMatch(new RegExp(`^00-${ID}-[0-9a-f]{16}-${flags}$`));
  });

  test.each([
    "",
    ID,
    `00-${ID}-${SPAN}`,
    `01-${ID}-${SPAN}-01`,
    `ff-${ID}-${SPAN}-01`,
    `00-${ID.toUpperCase()}-${SPAN}-01`,
    `00-${"0".repeat(32)}-${SPAN}-01`,
    `00-${ID}-${"0".repeat(16)}-01`,
    `00-${ID}0-${SPAN}-01`,
    `00-${ID}-${SPAN}-1`,
    `00-${ID}-${SPAN}-01-more`,
    `00-${ID.slice(1)}g-${SPAN}-01`,
    `00-${ID}-${SPAN}-01, 00-${ID}-${SPAN}-01`,
  ])("CORR-01: with the header %j a new one is made, which is not sampled", (header) => {
    const trace = traceOf(headersOf(header));
    expect(trace).toMatch(/^[0-9a-f]{32}-00$/);
    expect(traceIdOf(trace)).not.toBe(ID);
    expect(traceOf(headersOf(header))).not.toBe(trace);
  });

  test("CORR-01: without the header, too", () => {
    expect(traceOf(new Headers())).toMatch(/^[0-9a-f]{32}-00$/);
  });

  test("CORR-02: each request within a trace has a span of its own", () => {
    const trace = traceOf(headersOf(`00-${ID}-${SPAN}-01`));
    const spans = new Set(Array.from({ length: 20 }, () => traceparentOf(trace)));
    expect(spans.size).toBe(20);
    expect([...spans].join()).not.toContain(SPAN);
    for (const header of spans) expect(traceIdOf(traceOf(headersOf(header)))).toBe(ID);
  });
});

describe("a request with a trace", () => {
  test("CORR-04: it stays as it is where its header is good", () => {
    const request = new Request("https://a.test/", { headers: { traceparent: `00-${ID}-${SPAN}-01` } });
    expect(withTraceparent(request)).toBe(request);
  });

  test("CORR-04: otherwise it gets a header, and keeps everything else", async () => {
    const request = new Request("https://a.test/b?c=d", {
      method: "POST",
      body: "body",
      headers: { traceparent: "bad", "X-Other": "kept" },
    });
    const traced = withTraceparent(request);
    expect(traced.headers.get("traceparent")).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect([traced.method, traced.url, traced.headers.get("X-Other"), await traced.text()]).toEqual([
      "POST",
      "https://a.test/b?c=d",
      "kept",
      "body",
    ]);
  });
});
