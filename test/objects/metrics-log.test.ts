import { expect, type MockInstance, onTestFinished, test, vi } from "vitest";
import type { Hooks } from "../../src/channels/hooks.ts";
import type { Config } from "../../src/config/config.ts";
import { stopClock } from "../support/clock.ts";
import { inSeconds, sign } from "../support/hub-config.ts";
import { until } from "../support/until.ts";
import { TestHub } from "./test-hub.ts";

type Line = Record<string, unknown>;

/** Everything that is logged while the test runs, line by line. */
function captureLog(): () => Line[] {
  const lines: string[] = [];
  for (const method of ["log", "error", "warn", "info", "debug"] as const) {
    const spy: MockInstance = vi
      .spyOn(console, method)
      .mockImplementation((line) => void lines.push(String(line)));
    onTestFinished(() => spy.mockRestore());
  }
  return () => lines.map((line) => JSON.parse(line) as Line);
}

const aboutConnections = (lines: readonly Line[]) =>
  lines.filter(({ event }) => String(event).startsWith("hub.connection_"));

test("OPS-09: with LOG_LEVEL debug each connection is a line when it opens and when it closes", async () => {
  const log = captureLog();
  const hub = new TestHub({ env: { LOG_LEVEL: "debug" } });
  const { client, connect } = await hub.connected();
  await client.close(4001, "bye");
  await hub.untilEmpty();
  const kicked = await hub.open();
  kicked.sendFrame("no JSON");
  await kicked.closed;
  const line = { hub: hub.name, trace: expect.any(String) };
  expect(aboutConnections(log())).toEqual([
    { ...line, event: "hub.connection_opened", client: connect.client },
    { ...line, event: "hub.connection_closed", client: connect.client, code: 4001 },
    { ...line, event: "hub.connection_opened", client: expect.any(String) },
    { ...line, event: "hub.connection_closed", client: expect.any(String), code: 3501 },
  ]);
});

test("OPS-09: otherwise there are no such lines", async () => {
  const log = captureLog();
  const hub = new TestHub();
  await (await hub.connect()).close(1000);
  await hub.untilEmpty();
  expect(aboutConnections(log())).toEqual([]);
});

test("OPS-10: no line holds a token, a payload or what a user is called, whatever goes wrong", async () => {
  const log = captureLog();
  const marker = "PRIVATE";
  const fail = () => {
    throw new Error("the hook is broken");
  };
  const hub = new TestHub({
    env: { LOG_LEVEL: "debug" },
    config: { hooks: { rpc: fail, publish: fail, subscribe: fail } },
  });
  const data = { text: marker };
  const client = await hub.connect({ token: await sign({ sub: marker, info: data }) });
  await client.request("rpc", { method: "m", data });
  await client.request("publish", { channel: "open:a", data });
  await client.request("subscribe", { channel: "open:a", data });
  await client.request("subscribe", { channel: "open:b", token: `${marker}.${marker}.${marker}` });
  const forged = await hub.open();
  forged.send({ connect: { token: await sign({ sub: marker }, "another secret"), data } });
  await forged.closed;
  client.sendFrame(`{"id":9,"publish":{"channel":"open:a","data":"${marker}`);
  await client.closed;
  const lines = log();
  expect(lines.map(({ event }) => event)).toContain("hub.hook_failed");
  expect(lines.map(({ event }) => event)).toContain("hub.token_refused");
  expect(JSON.stringify(lines)).not.toContain(marker);
  for (const line of lines) expect(line.event).toMatch(/^[a-z]+\.[a-z_]+$/);
});

test("OPS-10: the users in the name of a hub are left out", async () => {
  const log = captureLog();
  const hub = new TestHub({ name: "home/inbox:mail#PRIVATE,PRIVATE#2", env: { LOG_LEVEL: "debug" } });
  await (await hub.connect()).close(1000);
  await hub.untilEmpty();
  expect(aboutConnections(log()).map(({ hub }) => hub)).toEqual(Array(2).fill("home/inbox:mail#…"));
});

test("OPS-13: a client that is refused for want of a token is a line that names it and says why", async () => {
  const log = captureLog();
  const refused = async (config: Config) => {
    const hub = new TestHub({ config });
    const client = await hub.open();
    client.send({ connect: { data: "PRIVATE" } });
    expect((await client.closed).code).toBe(3501);
  };
  await refused({ connection: { allowAnonymous: false } });
  await refused({ connection: { allowAnonymous: false }, hooks: { connect: () => undefined } });
  const named = { client: expect.any(String), trace: expect.any(String) };
  const line = { event: "hub.connect_refused", code: 3501, count: 1, ...named };
  expect(log().filter(({ event }) => event === line.event)).toEqual([
    { ...line, why: "no token, and connection.allowAnonymous is off" },
    { ...line, why: "no token, and no credentials from the hook" },
  ]);
});

test("OPS-10: a line about a connection names it", async () => {
  const log = captureLog();
  const hub = new TestHub({ config: { hooks: { rpc: () => Promise.reject(new Error("broken")) } } });
  const { client, connect } = await hub.connected();
  await client.request("rpc", { method: "a" });
  expect(log()).toMatchObject([{ event: "hub.hook_failed", client: connect.client, message: "broken" }]);
});

test.each<[string, string, Hooks]>([
  ["hook", "hub.hook_failed", { refresh: () => Promise.reject(new Error("broken")) }],
  ["renewal", "hub.renewal_failed", { refresh: () => ({ info: 1n }) }],
])("OPS-10: a line about a %s that fails at an expiry names the connection", async (_, event, hooks) => {
  const log = captureLog();
  const clock = stopClock();
  const hub = new TestHub({ config: { connection: { pingInterval: 3_600, pong: false }, hooks } });
  const { connect } = await hub.connected({ token: await sign({ sub: "ann", exp: inSeconds(60) }) });
  clock.advance(60_000);
  await hub.runAlarm();
  await until(() => log().length > 0);
  expect(log()).toMatchObject([{ event, client: connect.client }]);
});
