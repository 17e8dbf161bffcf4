import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { ChannelClient } from "../support/channel-client.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

const API_KEY = "a key of the test";

let workerd: Workerd;

beforeAll(async () => {
  workerd = await startWorkerd({
    configPath: "test/wire/two-gateways/wrangler.toml",
    vars: { API_KEY },
  });
});
afterAll(() => workerd.stop());

async function ask(path: string, init: RequestInit = {}): Promise<[number, string]> {
  const response = await fetch(workerd.url + path, init);
  return [response.status, await response.text()];
}

function callApi(path: string, params: object): Promise<[number, string]> {
  return ask(path, { method: "POST", headers: { "X-API-Key": API_KEY }, body: JSON.stringify(params) });
}

async function answerIn(path: string): Promise<string> {
  const socket = new WebSocket(workerd.url.replace("http", "ws") + path);
  await once(socket, "open");
  socket.send("hello");
  const [answer] = await once(socket, "message");
  socket.terminate();
  return String(answer);
}

const codeOf = ([status, text]: [number, string]) => [
  status,
  (JSON.parse(text) as { error: { code: string | number } }).error.code,
];

test("PKG-02: every route of a gateway lives below its path, and nowhere else", async () => {
  expect(await ask("/first/of/healthz")).toEqual([200, '{"status":"ok"}']);
  expect(await ask("/first/of/metrics", { headers: { "X-API-Key": API_KEY } })).toEqual([
    200,
    expect.stringContaining("centrifugo_node_build"),
  ]);
  expect(JSON.parse((await ask("/first/of/api/openapi.json"))[1])).toHaveProperty("openapi");
  expect(await callApi("/first/of/api/publish", { channel: "one:a", data: 1 })).toEqual([
    200,
    '{"result":{}}',
  ]);
  expect(await answerIn("/first/of/rooms/shared/a")).toBe("first: hello");
  expect(codeOf(await ask("/first/of/ws"))).toEqual([404, "kind_not_public"]);
  for (const path of ["/healthz", "/metrics", "/rooms/shared/a", "/first/healthz", "/first/offside/healthz"])
    expect(await ask(path)).toEqual([404, "nothing in the application"]);
});

test("PKG-02: a path that is sent percent-encoded is the same path", async () => {
  for (const [base, channel] of [
    ["/first/%6ff", "one:a"],
    ["/secon%64", "two:a"],
  ]) {
    expect(await callApi(`${base}/api/publish`, { channel, data: 1 })).toEqual([200, '{"result":{}}']);
    expect(await answerIn(`${base}/rooms/shared/a`)).toContain("hello");
  }
  expect(await ask("/first/%6ff/")).toEqual([200, "the page"]);
});

test("PKG-03: what is no address of the gateway is for the fallback, whole and with any method", async () => {
  expect(await ask("/hello")).toEqual([200, "from the application"]);
  expect(await ask("/hello", { method: "DELETE" })).toEqual([404, "nothing in the application"]);
  expect(await ask("/first/of/nonsense")).toEqual([404, "nothing in the application"]);
});

test("PKG-04: the page stands at the gateway's path, before the fallback, and the gateway tells it of itself", async () => {
  expect(await ask("/first/of/")).toEqual([200, "the page"]);
  const facts = { kinds: [{ name: "shared", protocols: [] }], namespaces: ["one"] };
  expect(JSON.parse((await ask("/first/of/gateway.json"))[1])).toEqual(facts);
});

test("PKG-05: a gateway can be mounted in an application", async () => {
  expect(await ask("/second/healthz")).toEqual([200, '{"status":"ok"}']);
  expect(await answerIn("/second/rooms/shared/a")).toBe("second: hello");
  expect(await answerIn("/second/rooms/only/a%2Fb")).toBe("only in the second: hello");
  expect(codeOf(await ask("/second/rooms/none/a"))).toEqual([404, "unknown_kind"]);
  expect(await callApi("/second/api/publish", { channel: "two:a", data: 1 })).toEqual([200, '{"result":{}}']);
});

test("PKG-06: two gateways of a Worker have kinds, channels and objects of their own", async () => {
  expect(codeOf(await ask("/first/of/rooms/only/a"))).toEqual([404, "unknown_kind"]);
  const unknown = [200, 102];
  expect(codeOf(await callApi("/first/of/api/publish", { channel: "two:a", data: 1 }))).toEqual(unknown);
  expect(codeOf(await callApi("/second/api/publish", { channel: "one:a", data: 1 }))).toEqual(unknown);
  const sdks = ["/first/of", "/second"].map(
    (path) => new ChannelClient(`${workerd.url.replace("http", "ws")}${path}/connection/websocket`),
  );
  const [first, second] = await Promise.all(sdks.map((sdk) => sdk.connect()));
  const [one] = await Promise.all([first?.subscribe("one:b"), second?.subscribe("two:b")]);
  await callApi("/first/of/api/publish", { channel: "one:b", data: "for the first" });
  await one?.untilReceived(1);
  expect(one?.data).toEqual(["for the first"]);
  expect(codeOf(await callApi("/second/api/info", {}))).toEqual([200, 108]);
  for (const sdk of sdks) sdk.centrifuge.disconnect();
});
