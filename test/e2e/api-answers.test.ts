import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ChannelClient } from "../support/channel-client.ts";
import { compilerFor, type OpenApiDocument, schemaOf } from "../support/openapi.ts";
import { SECRET, sign } from "../support/tokens.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

const KEY = "the key of the test";
const ROOMS_KEY = "the key for rooms";

let gateway: Workerd;
let client: ChannelClient;
let socket: WebSocket;
const channel = `public:${crypto.randomUUID()}`;
const user = crypto.randomUUID();
const room = { kind: "broadcast", room: crypto.randomUUID() };
const ROOM_METHODS = ["room_publish", "room_sockets", "room_close", "room_call"];

beforeAll(async () => {
  gateway = await startWorkerd({
    configPath: "test/objects/directory-worker/wrangler.toml",
    vars: {
      ENVIRONMENT: "development",
      API_KEY: KEY,
      API_KEYS: JSON.stringify([
        { name: "rooms", key: ROOMS_KEY, methods: ROOM_METHODS, rooms: ["broadcast/"] },
      ]),
      TOKEN_HMAC_SECRET: SECRET,
    },
  });
  const endpoint = `${gateway.url.replace("http", "ws")}/connection/websocket`;
  client = new ChannelClient(endpoint, { token: await sign({ sub: user, info: { name: "Ann" } }) });
  await client.connect();
  await client.subscribe(channel);
  await client.publish(channel, [{ from: "a client" }]);
  socket = new WebSocket(`${gateway.url.replace("http", "ws")}/rooms/${room.kind}/${room.room}`);
  await once(socket, "open");
});
afterAll(async () => {
  client.centrifuge.disconnect();
  socket.close();
  await gateway.stop();
});

async function call(method: string, params: object): Promise<{ result?: object; error?: object }> {
  const response = await fetch(`${gateway.url}/api/${method}`, {
    method: "POST",
    headers: { "X-API-Key": method.startsWith("room_") ? ROOMS_KEY : KEY },
    body: JSON.stringify(params),
  });
  return (await response.json()) as { result?: object; error?: object };
}

async function validatorOf(method: string) {
  const response = await fetch(`${gateway.url}/api/openapi.json`);
  const document = (await response.json()) as OpenApiDocument;
  return compilerFor(document)(schemaOf(document, method, "response"));
}

test.each<[string, object]>([
  ["publish", { channel, data: 1, tags: { a: "b" } }],
  ["broadcast", { channels: [channel, "nowhere:a"], data: 1 }],
  ["subscribe", { user, channel: `${channel}/other` }],
  ["unsubscribe", { user, channel: `${channel}/other` }],
  ["refresh", { user }],
  ["presence", { channel }],
  ["presence_stats", { channel }],
  ["history", { channel, limit: 10 }],
  ["history_remove", { channel: `${channel}/other` }],
  ["channels", {}],
  ["info", {}],
  ["batch", { commands: [{ publish: { channel, data: 2 } }, { history: { channel: "nowhere:a" } }] }],
  ["disconnect", { user: "nobody" }],
  ["room_publish", { ...room, topic: "everyone", data: "x" }],
  ["room_sockets", { ...room, data: true }],
  ["room_close", { ...room, code: 4_000 }],
])("API-63: what %s answers is what the document says", async (method, params) => {
  const isAsTold = await validatorOf(method);
  const answer = await call(method, params);
  expect(answer).toHaveProperty(method === "batch" ? "replies" : "result");
  expect(isAsTold(answer), JSON.stringify(isAsTold.errors)).toBe(true);
  expect(isAsTold({ result: "nothing of the kind" })).toBe(false);
});

test("API-63: the error of room_call is what the document says", async () => {
  const isAsTold = await validatorOf("room_call");
  const answer = await call("room_call", { ...room, name: "constructor" });
  expect(answer).toEqual({ error: { code: 104, message: "method not found" } });
  expect(isAsTold(answer), JSON.stringify(isAsTold.errors)).toBe(true);
  expect(isAsTold({ result: { value: [1] } })).toBe(true);
});

test.each(["publish", "history", "presence", "subscribe"])(
  "API-63: the error of %s is what the document says",
  async (method) => {
    const isAsTold = await validatorOf(method);
    const answer = await call(method, { channel: "nowhere:a", data: 1, user });
    expect(answer).toHaveProperty("error");
    expect(isAsTold(answer), JSON.stringify(isAsTold.errors)).toBe(true);
  },
);
