import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ChannelClient } from "../support/channel-client.ts";
import { SECRET, sign } from "../support/tokens.ts";
import { until } from "../support/until.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

const KEY = "the key of the test";

let gateway: Workerd;
const clients: ChannelClient[] = [];

beforeAll(async () => {
  gateway = await startWorkerd({
    vars: { ENVIRONMENT: "development", API_KEY: KEY, TOKEN_HMAC_SECRET: SECRET },
  });
});
afterEach(() => {
  for (const { centrifuge } of clients.splice(0)) centrifuge.disconnect();
});
afterAll(() => gateway.stop());

async function call(method: string, params: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${gateway.url}/api/${method}`, {
    method: "POST",
    headers: { "X-API-Key": KEY, "Content-Type": "application/json" },
    body: JSON.stringify(params),
  });
  const { result, error } = (await response.json()) as { result?: Record<string, unknown>; error?: unknown };
  if (result === undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
  return result;
}

async function connectAs(user: string, query = ""): Promise<ChannelClient> {
  const endpoint = `${gateway.url.replace("http", "ws")}/connection/websocket${query}`;
  const client = new ChannelClient(endpoint, { token: await sign({ sub: user }) });
  clients.push(client);
  return client.connect();
}

const newUser = () => crypto.randomUUID();
const newChannel = () => `public:${crypto.randomUUID()}`;

test("API-10: a real client receives what a backend publishes, with its tags", async () => {
  const channel = newChannel();
  const client = await connectAs(newUser());
  const feed = await client.subscribe(channel);
  const { offset } = await call("publish", { channel, data: { text: "hello" }, tags: { kind: "a" } });
  await feed.untilReceived(1);
  expect(feed.publications[0]).toMatchObject({ data: { text: "hello" }, offset, tags: { kind: "a" } });
  expect(await call("presence_stats", { channel })).toEqual({ num_clients: 1, num_users: 1 });
});

test("API-30: real clients of a user are subscribed on two hubs, recover, and hear what follows", async () => {
  const [user, channel, home] = [newUser(), newChannel(), newChannel()];
  const { epoch } = await call("publish", { channel, data: 1 });
  const everywhere = [await connectAs(user), await connectAs(user, `?channel=${home}`)];
  await call("publish", { channel, data: 2 });
  await call("subscribe", { user, channel, recover_since: { offset: 1, epoch }, data: { welcome: true } });
  for (const { serverSubscribed } of everywhere) {
    await until(() => serverSubscribed.length === 1, "the subscription");
    expect(serverSubscribed[0]).toMatchObject({ channel, recoverable: true, data: { welcome: true } });
  }
  await call("publish", { channel, data: 3 });
  for (const { serverPublications } of everywhere) {
    await until(() => serverPublications.length === 2, "the publications");
    expect(serverPublications.map(({ data, offset }) => [data, offset])).toEqual([
      [2, 2],
      [3, 3],
    ]);
  }
  await call("unsubscribe", { user, channel });
  for (const { serverUnsubscribed } of everywhere) {
    await until(() => serverUnsubscribed.length === 1, "the end");
  }
});

test("API-33: a real client that is unsubscribed stays so", async () => {
  const [user, channel] = [newUser(), newChannel()];
  const client = await connectAs(user);
  const { unsubscribed } = await client.subscribe(channel);
  await call("unsubscribe", { user, channel });
  await until(() => unsubscribed.length === 1, "the end of the subscription");
  expect(unsubscribed[0]).toMatchObject({ code: 2000, reason: "server unsubscribe" });
});

test("API-35: a real client that is disconnected does not come back", async () => {
  const user = newUser();
  const everywhere = [await connectAs(user), await connectAs(user, `?channel=${newChannel()}`)];
  await call("disconnect", { user });
  for (const client of everywhere) {
    expect(await client.untilDisconnected()).toEqual({ code: 3503, reason: "force disconnect" });
  }
});

test("API-01: over the wire, all three ways to send the key open the API, and no key does not", async () => {
  const body = JSON.stringify({ channel: newChannel(), data: 1 });
  const statusOf = async (path: string, headers: Record<string, string> = {}) =>
    (await fetch(gateway.url + path, { method: "POST", body, headers })).status;
  expect(await statusOf("/api/publish", { "X-API-Key": KEY })).toBe(200);
  expect(await statusOf("/api/publish", { Authorization: `apikey ${KEY}` })).toBe(200);
  expect(await statusOf(`/api/publish?api_key=${encodeURIComponent(KEY)}`)).toBe(200);
  expect(await statusOf("/api/publish")).toBe(401);
  expect(await statusOf("/api", { "X-API-Key": "wrong" })).toBe(401);
});

test("API-60: the OpenAPI document is served without a key", async () => {
  const response = await fetch(`${gateway.url}/api/openapi.json`);
  expect([response.status, response.headers.get("Content-Type")]).toEqual([200, "application/json"]);
  expect(await response.json()).toMatchObject({ openapi: "3.1.1", paths: { "/api/publish": {} } });
});
