import { env, exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { createNamespaces } from "../../src/channels/namespaces.ts";
import type { Env } from "../../src/deployment/env.ts";
import { accept as acceptWith } from "../../src/rooms/accept.ts";
import type { RoomHandler } from "../../src/rooms/handler.ts";
import { appOf } from "../gateway/classes.ts";
import { captureErrors } from "../support/log.ts";
import { GATEWAY } from "./client.ts";
import { TestHub } from "./test-hub.ts";
import { TestRoom } from "./test-room.ts";

const QUESTION = { "X-Poorwill-Preflight": "1" };

function ask(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return exports.default.fetch(GATEWAY + path, { headers: { ...QUESTION, ...headers } });
}

test.each(["/ws", "/rooms/echo/preflight", "/connection/websocket", "/connection/websocket?channel=open:a"])(
  "PAGE-42: where %s would be accepted, the answer is 204",
  async (path) => {
    const answers = [await ask(path), await ask(path, { "Sec-Fetch-Site": "same-origin", Origin: GATEWAY })];
    expect(answers.map(({ status, webSocket }) => [status, webSocket])).toEqual([
      [204, null],
      [204, null],
    ]);
  },
);

test.each([
  ["another site", { "Sec-Fetch-Site": "cross-site" }],
  ["another host of the site", { "Sec-Fetch-Site": "same-site" }],
  ["another origin", { Origin: "https://elsewhere.test" }],
  ["the same host without encryption", { Origin: GATEWAY.replace("https", "http") }],
])("PAGE-42: for a page of %s it is a request without an upgrade", async (_, headers) => {
  expect((await ask("/ws", headers)).status).toBe(426);
});

test("PAGE-42: what upgrade decides is the answer, and nobody joins", async () => {
  const events: string[] = [];
  const handler: RoomHandler = {
    upgrade: ({ headers }) => {
      events.push(`${headers.get("Upgrade")} ${headers.get("Origin")}`);
      return headers.get("Cookie") === "user=ann" ? { user: "ann" } : new Response("who?", { status: 401 });
    },
    open: () => void events.push("open"),
    message: () => {},
  };
  const room = new TestRoom(handler);
  const refused = await ask(room.path);
  expect([refused.status, await refused.text()]).toEqual([401, "who?"]);
  expect((await ask(room.path, { Cookie: "user=ann" })).status).toBe(204);
  expect(await room.sockets()).toBe(0);
  expect(await room.alarm()).toBeNull();
  expect(events).toEqual([`websocket ${GATEWAY}`, `websocket ${GATEWAY}`]);
});

test("PAGE-42: the subprotocol that would be chosen is told", async () => {
  const chosen = async (path: string, protocols: string) => {
    const { status, headers } = await ask(path, { "X-Poorwill-Preflight-Protocols": protocols });
    return [status, headers.get("Sec-WebSocket-Protocol")];
  };
  expect(await chosen("/rooms/echo/a", "unheard, echo")).toEqual([204, "echo"]);
  expect(await chosen("/rooms/echo/a", "unheard")).toEqual([204, null]);
  const own = new TestRoom({ upgrade: () => acceptWith({}, { protocol: "v2" }), message: () => {} });
  expect(await chosen(own.path, "v2")).toEqual([204, "v2"]);
});

test("PAGE-42: a full room, data that is too large and a kind that is not there are the answer", async () => {
  captureErrors();
  const full = new TestRoom({ maxSockets: 1, message: () => {} });
  const client = await full.connect();
  expect((await ask(full.path)).status).toBe(503);
  await client.close(1000);
  const large = new TestRoom({ upgrade: () => "x".repeat(20_000), message: () => {} });
  const refused = await ask(large.path);
  expect(await refused.json()).toMatchObject({ error: { code: "data_too_large" } });
  expect((await ask("/rooms/nonsense/a")).status).toBe(404);
});

test("PAGE-42: the rate of connections from an address counts it, and refuses it", async () => {
  let calls = 0;
  const CONNECT_RATE = { limit: async () => ({ success: ++calls < 2 }) };
  const app = appOf({}, createNamespaces({}));
  const request = () =>
    new Request(`${GATEWAY}/connection/websocket`, {
      headers: { ...QUESTION, "CF-Connecting-IP": "192.0.2.1" },
    });
  const bindings = { ...env, CONNECT_RATE } as unknown as Env;
  const answers = [await app.fetch(request(), bindings), await app.fetch(request(), bindings)];
  expect(answers.map(({ status }) => status)).toEqual([204, 429]);
});

test("PAGE-42: a hub holds no session for it", async () => {
  const hub = new TestHub({});
  const response = await hub.handshake("", { ...QUESTION, Origin: GATEWAY });
  expect(response.status).toBe(204);
  expect(await hub.sockets()).toBe(0);
  expect(await hub.tables()).toEqual([]);
});

test("PAGE-43: the gateway tells its kinds, and the namespaces that need no token", async () => {
  const kinds = {
    chat: { protocols: ["v1"], message: () => {} },
    quiet: { heartbeat: { request: "ping", response: "pong" }, message: () => {} },
  };
  const namespaces = createNamespaces({
    withoutNamespace: { allow_subscribe_for_client: true },
    namespaces: [{ name: "open", allow_subscribe_for_client: true }, { name: "secret" }],
  });
  const { ASSETS: _, ...bindings } = env as unknown as Env;
  const request = () => new Request(`${GATEWAY}/gateway.json`);
  const app = appOf(kinds, namespaces);
  const response = await app.fetch(request(), { ...bindings, ASSETS: { fetch } as unknown as Fetcher });
  expect(await response.json()).toEqual({
    kinds: [
      { name: "chat", protocols: ["v1"] },
      { name: "quiet", protocols: [], heartbeat: "ping" },
    ],
    namespaces: ["", "open"],
  });
  expect(response.headers.get("Cross-Origin-Resource-Policy")).toBe("same-origin");
  expect((await app.fetch(request(), bindings)).status).toBe(404);
});
