import { exports } from "cloudflare:workers";
import { expect, type MockInstance, onTestFinished, test, vi } from "vitest";
import { API_LIMITS } from "../../src/shared/limits.ts";
import { newChannel, request } from "./api-client.ts";

const KEYS = JSON.stringify([
  { name: "chat backend", key: "PRIVATE chat key", channels: ["chat", "open:", "keep:"] },
  { name: "all of it", key: "PRIVATE full key" },
]);

/** What the API logs while the test runs, line by line; over HTTP, each has the id of a trace besides. */
function captureLog(): () => Record<string, unknown>[] {
  const log: MockInstance<typeof console.log> = vi.spyOn(console, "log").mockImplementation(() => {});
  onTestFinished(() => log.mockRestore());
  return () => {
    const text = JSON.stringify(log.mock.calls);
    expect(text).not.toContain("PRIVATE");
    return log.mock.calls.map(([line]) => {
      const { trace, ...fields } = JSON.parse(String(line)) as Record<string, unknown>;
      if (trace !== undefined) expect(trace).toMatch(/^[0-9a-f]{32}$/);
      return fields;
    });
  };
}

async function send(path: string, body: unknown, key = "PRIVATE chat key"): Promise<unknown> {
  const init = { headers: { "X-API-Key": key }, body: JSON.stringify(body) };
  return (await request(path, init, { API_KEYS: KEYS })).json();
}

test("API-52: what a key may not do is a line with the name of the key", async () => {
  const log = captureLog();
  const denied = { error: { code: 103, message: "permission denied" } };
  expect(await send("/api/publish", { channel: "PRIVATE:1", data: "PRIVATE" })).toEqual(denied);
  expect(await send("/api/disconnect", { user: "PRIVATE" })).toEqual(denied);
  const line = { event: "api.refused", keyName: "chat backend", code: 103, why: "permission denied" };
  expect(log()).toEqual([
    { ...line, method: "publish" },
    { ...line, method: "disconnect" },
  ]);
});

test.each([
  ["publish", { channel: 1, data: 1 }, "channel: expected string"],
  ["publish", { data: "PRIVATE" }, "channel: is missing"],
  ["publish", { channel: "open:a" }, "data: is missing"],
  ["broadcast", { channels: ["open:a", ""], data: 1 }, "channels: no channel can have this name"],
  ["batch", { commands: [{ PRIVATE: {}, publish: {} }] }, "commands: expected one method in each"],
])("API-52: a bad request to %s with %j is a line that says why", async (method, body, why) => {
  const log = captureLog();
  expect(JSON.stringify(await send(`/api/${method}`, body))).toContain('"code":107');
  expect(log()).toEqual([{ event: "api.bad_request", keyName: "chat backend", method, code: 107, why }]);
});

test("API-52: so is a key that may not ask for the metrics", async () => {
  const log = captureLog();
  const init = { method: "GET", headers: { "X-API-Key": "PRIVATE chat key" } };
  expect((await request("/metrics", init, { API_KEYS: KEYS })).status).toBe(401);
  expect(log()).toEqual([
    { event: "api.refused", keyName: "chat backend", method: "metrics", code: 103, why: "permission denied" },
  ]);
});

test("API-52: so are too many lines in one request", async () => {
  const log = captureLog();
  const body = '{"method":"info"}\n'.repeat(API_LIMITS.batchCommands + 1);
  const init = { headers: { "X-API-Key": "PRIVATE chat key" }, body };
  expect(await (await request("/api", init, { API_KEYS: KEYS })).json()).toMatchObject({
    error: { code: 107 },
  });
  const why = `expected at most ${API_LIMITS.batchCommands} lines`;
  expect(log()).toEqual([{ event: "api.bad_request", keyName: "chat backend", code: 107, why }]);
});

test("API-52: what is not available says what is to be switched on", async () => {
  const log = captureLog();
  const { channel } = newChannel("open");
  const asked = [
    ["channels", {}],
    ["info", {}],
    ["history", { channel }],
    ["disconnect", { user: "PRIVATE" }],
  ] as const;
  for (const [method, body] of asked) {
    expect(await send(`/api/${method}`, body, "PRIVATE full key")).toMatchObject({ error: { code: 108 } });
  }
  const line = { event: "api.failed", keyName: "all of it", code: 108 };
  expect(log()).toEqual([
    { ...line, method: "channels", why: "operations.directory is off" },
    { ...line, method: "info", why: "operations.directory is off" },
    { ...line, method: "history", why: "history_size or history_ttl is off" },
    { ...line, method: "disconnect", why: "connection.userCommands is off" },
  ]);
});

test("API-52: the same failure is one line for each request, and a success is none", async () => {
  const log = captureLog();
  const { channel } = newChannel("open");
  const failing = Array.from({ length: 50 }, () => ({ presence: { channel: "chat:1" } }));
  await send("/api/batch", { commands: [...failing, { publish: { channel, data: 1 } }, { PRIVATE: {} }] });
  await send("/api/broadcast", { channels: ["chat:1", channel, "chat:2", "PRIVATE:1"], data: 1 });
  const unknown = { event: "api.failed", keyName: "chat backend", code: 102, why: "unknown channel" };
  expect(log()).toEqual([
    { ...unknown, method: "presence" },
    { event: "api.failed", keyName: "chat backend", code: 104, why: "method not found" },
    { ...unknown, method: "broadcast" },
    {
      event: "api.refused",
      keyName: "chat backend",
      method: "broadcast",
      code: 103,
      why: "permission denied",
    },
  ]);
});

test("API-52: a service binding has a name too, and is answered without what is for the log", async () => {
  const log = captureLog();
  expect(await exports.Api.info()).toEqual({ error: { code: 108, message: "not available" } });
  expect(log()).toMatchObject([{ event: "api.failed", keyName: "binding", method: "info" }]);
});

test("CORR-03: the lines of a request have the trace that its sender names", async () => {
  const log: MockInstance<typeof console.log> = vi.spyOn(console, "log").mockImplementation(() => {});
  onTestFinished(() => log.mockRestore());
  const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const OPERATOR_KEYS = JSON.stringify([{ name: "ann", key: "for ann", methods: ["operate"] }]);
  const headers = { "X-API-Key": "for ann", traceparent: `00-${trace}-00f067aa0ba902b7-01` };
  for (const channel of ["open:a", ""])
    await request("/api/publish", { headers, body: JSON.stringify({ channel, data: 1 }) }, { OPERATOR_KEYS });
  expect(log.mock.calls.map(([line]) => JSON.parse(String(line)))).toMatchObject([
    { event: "operator.action", keyName: "ann", method: "publish", trace },
    { event: "api.bad_request", keyName: "ann", method: "publish", trace },
  ]);
});
