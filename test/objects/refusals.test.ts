import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { REPORT_LIMITS } from "../../src/shared/limits.ts";
import { stopClock } from "../support/clock.ts";
import { handshakeHeaders } from "../support/handshake-headers.ts";
import { captureLines } from "../support/log.ts";
import { until } from "../support/until.ts";
import { GATEWAY } from "./client.ts";
import { enableDirectory, readMetrics } from "./observed.ts";
import { TestHub } from "./test-hub.ts";
import gateway from "./worker.ts";

const ask = (path: string, init: RequestInit = {}, bindings = {}) =>
  gateway.fetch(new Request(GATEWAY + path, init), { ...env, ...bindings });
const fromPage = (origin: string) => ({ headers: handshakeHeaders({ Origin: origin }) });

let tests = 0;

/** Whatever was logged before in this isolate is far enough away. */
function beginAnew() {
  const clock = stopClock();
  tests += 1;
  clock.advance(REPORT_LIMITS.refusalInterval * 10 * tests);
  return clock;
}

test("ABUSE-36: a page of another origin is a line with its origin, and the next ones wait for ten seconds", async () => {
  const clock = beginAnew();
  const lines = captureLines();
  for (const page of ["a", "b", "c"]) {
    expect((await ask("/rooms/echo/a", fromPage(`https://${page}.evil.test`))).status).toBe(403);
  }
  expect(lines()).toEqual([
    { event: "gateway.refused", code: "origin_refused", count: 1, origin: "https://a.evil.test" },
  ]);
  clock.advance(REPORT_LIMITS.refusalInterval);
  await ask("/connection/websocket", fromPage(`https://${"x".repeat(500)}.evil.test`));
  expect(lines()[1]).toMatchObject({ code: "origin_refused", count: 3 });
  expect(String(lines()[1]?.origin)).toHaveLength(255);
});

test.each([
  ["an unknown key", "/api/info", { method: "POST", body: "{}" }, 401, "unauthorized"],
  ["metrics without a key", "/metrics", {}, 401, "unauthorized"],
  ["a room kind that is not there", "/rooms/nope/a", { headers: handshakeHeaders() }, 404, "unknown_kind"],
])("ABUSE-36: %s is a line", async (_, path, init, status, code) => {
  beginAnew();
  const lines = captureLines();
  expect((await ask(path, init)).status).toBe(status);
  expect(lines()).toEqual([{ event: "gateway.refused", code, count: 1 }]);
});

test("ABUSE-36: refusals of the Worker are counted, each once, and make no node", async () => {
  const clock = beginAnew();
  captureLines();
  enableDirectory();
  const series = 'poorwill_worker_refusals{code="origin_refused"}';
  const count = async () => (await readMetrics()).get(series) ?? 0;
  const nodes = async () => (await readMetrics()).get("centrifugo_node_num_nodes");
  const [before, nodesBefore] = [await count(), await nodes()];
  for (let round = 1; round <= 2; round += 1) {
    for (let page = 0; page < 5; page += 1) await ask("/ws", fromPage("https://evil.test"));
    clock.advance(REPORT_LIMITS.refusalInterval);
  }
  await ask("/ws", fromPage("https://evil.test"));
  await until(async () => (await count()) === before + 11);
  expect(await nodes()).toBe(nodesBefore);
});

test.each([
  ["a frame that cannot be read", "no command", 3501, "bad request"],
  [
    "a frame that is too large",
    `{"id":1,"rpc":{"data":"${"x".repeat(600_000)}"}}`,
    1009,
    "message too large",
  ],
])("ABUSE-36: a client that is closed for %s is a line", async (_, frame, code, reason) => {
  const lines = captureLines();
  const hub = new TestHub();
  for (let count = 0; count < 3; count += 1) {
    const client = await hub.connect();
    client.sendFrame(frame);
    expect((await client.closed).code).toBe(code);
  }
  const refusals = lines().filter(({ event }) => event !== "hub.client_story");
  const named = { client: expect.any(String), trace: expect.any(String) };
  expect(refusals).toEqual([{ event: "hub.client_refused", code, count: 1, reason, ...named }]);
});

test("ABUSE-37: a key that sends too many requests gets 429 with Retry-After, and others go on", async () => {
  beginAnew();
  const lines = captureLines();
  const limit = vi.fn(async ({ key }: { key: string }) => ({ success: key !== "busy" }));
  const API_KEYS = JSON.stringify([
    { name: "busy", key: "1" },
    { name: "calm", key: "2" },
  ]);
  const publish = (key: string) =>
    ask(
      "/api/history",
      { method: "POST", headers: { "X-API-Key": key }, body: "{}" },
      { API_RATE: { limit }, API_KEYS },
    );
  const refused = await publish("1");
  expect([refused.status, refused.headers.get("Retry-After")]).toEqual([429, "60"]);
  expect(await refused.text()).toBe("too many requests with this key");
  expect((await publish("2")).status).toBe(200);
  expect(lines()[0]).toEqual({ event: "gateway.refused", code: "too_many_requests", count: 1 });
});

test("ABUSE-36: however many tokens a client brings that are refused, they are one line in ten seconds", async () => {
  const clock = beginAnew();
  const lines = captureLines();
  const hub = new TestHub();
  const client = await hub.connect();
  const subscribe = { channel: "open:a", token: "no.such.token" };
  for (let count = 0; count < 3; count += 1) expect(await client.codeOf("subscribe", subscribe)).toBe(103);
  const line = { event: "hub.subscription_token_refused", code: 103 };
  expect(lines()).toMatchObject([{ ...line, count: 1, client: expect.any(String), why: expect.any(String) }]);
  clock.advance(REPORT_LIMITS.refusalInterval);
  await client.codeOf("subscribe", subscribe);
  expect(lines()).toMatchObject([line, { ...line, count: 3 }]);
  for (let count = 0; count < 3; count += 1) {
    const stranger = await hub.open();
    stranger.send({ connect: { token: "no.such.token" } });
    expect((await stranger.closed).code).toBe(3500);
  }
  expect(lines().slice(2)).toMatchObject([{ event: "hub.token_refused", code: 3500, count: 1 }]);
});
