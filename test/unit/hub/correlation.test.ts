import { expect, test } from "vitest";
import { decodeSessionState, encodeSessionState, newSessionState } from "../../../src/sessions/state.ts";
import { traceIdOf, traceOf } from "../../../src/shared/trace-context.ts";
import { Backend } from "../../support/fetched-backend.ts";
import { inSeconds, sign } from "../../support/hub-config.ts";
import { captureErrors, captureLines } from "../../support/log.ts";
import { ANN, proxied } from "../../support/node/proxied-hub.ts";
import { TestHub } from "../../support/node/test-hub.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";
const traceparent = `00-${TRACE}-${SPAN}-01`;

test("CORR-02: a backend gets the trace of the connection, with a span for each request, after sleep too", async () => {
  const backend = new Backend(() => ANN);
  const hub = proxied(backend, ["connect", "rpc"], { http_headers: ["traceparent"] });
  const client = await hub.open("", { traceparent });
  await client.ask("connect");
  await hub.sleep();
  await client.ask("rpc", { method: "m" });
  const sent = backend.asked.map(({ headers }) => headers.get("traceparent") ?? "");
  for (const header of sent) expect(header).toMatch(new RegExp(`^00-${TRACE}-(?!${SPAN})[0-9a-f]{16}-01$`));
  expect(new Set(sent).size).toBe(2);
});

test("CORR-02: a client cannot have a malformed header sent", async () => {
  const backend = new Backend(() => ANN);
  const hub = proxied(backend, ["connect"], { http_headers: ["traceparent"] });
  await (await hub.open("", { traceparent: "malformed" })).ask("connect");
  await (await hub.open()).ask("connect", { headers: { traceparent: "malformed" } });
  expect(backend.asked).toHaveLength(2);
  for (const { headers } of backend.asked)
    expect(headers.get("traceparent")).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
});

test("CORR-03: the lines of a connection have its trace, after sleep too", async () => {
  const errors = captureErrors();
  const lines = captureLines();
  const rpc = () => {
    throw new Error("broken");
  };
  const hub = new TestHub({ config: { hooks: { rpc } } });
  const client = await hub.open("", { traceparent });
  const { client: id } = await client.ask<{ client: string }>("connect", {
    token: await sign({ sub: "ann", exp: inSeconds(3600) }),
  });
  await hub.sleep();
  await client.request("rpc", { method: "m" });
  expect(errors()).toMatchObject([{ event: "hub.hook_failed", client: id, trace: TRACE }]);
  client.sendRaw("no command");
  await client.closed;
  const refused = expect.objectContaining({ event: "hub.client_refused", client: id, trace: TRACE });
  expect(lines()).toContainEqual(refused);
});

test("CORR-05: the trace is kept with the session, and one of a build that kept none has none", () => {
  const trace = traceOf(new Headers({ traceparent }));
  const text = encodeSessionState(newSessionState(0, { encoding: "json", trace }), []);
  expect(decodeSessionState(text).state.trace).toBe(trace);
  expect(traceIdOf(trace)).toBe(TRACE);
  const before = encodeSessionState(newSessionState(0, { encoding: "json" }), []);
  expect(before).not.toContain("trace");
  expect(decodeSessionState(before).state.trace).toBeUndefined();
});
