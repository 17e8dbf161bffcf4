import { expect, test } from "vitest";
import type { Env } from "../../src/deployment/env.ts";
import { KEY, request } from "./api-client.ts";

const KEYS = JSON.stringify([
  { name: "chat backend", key: "chat key", channels: ["chat", "open:"] },
  { name: "reader", key: "reader key", methods: ["history", "presence"] },
  { name: "moderator", key: "moderator key", methods: ["disconnect"], channels: ["chat"] },
]);

const publishBody = (channel: string) => JSON.stringify({ channel, data: 1 });
const withKey = (key: string) => ({ "X-API-Key": key });

async function publishWith(key: string, channel: string) {
  const response = await request(
    "/api/publish",
    { headers: withKey(key), body: publishBody(channel) },
    { API_KEYS: KEYS },
  );
  return response.status === 200 ? response.json() : response.status;
}

test.each<[string, string, RequestInit]>([
  ["X-API-Key", "/api/publish", { headers: withKey(KEY) }],
  ["Authorization", "/api/publish", { headers: { Authorization: `apikey ${KEY}` } }],
  ["Authorization in other letters", "/api/publish", { headers: { Authorization: `APIKey  ${KEY}` } }],
  ["the query", `/api/publish?api_key=${encodeURIComponent(KEY)}`, {}],
])("API-01: a key is taken from %s", async (_, path, init) => {
  const response = await request(path, { ...init, body: publishBody("open:a") });
  expect([response.status, await response.json()]).toEqual([200, { result: {} }]);
});

test.each<[string, RequestInit, Partial<Env>]>([
  ["no key", {}, { API_KEY: KEY }],
  ["an empty key", { headers: withKey("") }, { API_KEY: KEY }],
  ["a wrong key", { headers: withKey(`${KEY} `.repeat(2)) }, { API_KEY: KEY }],
  ["another scheme", { headers: { Authorization: `Bearer ${KEY}` } }, { API_KEY: KEY }],
  ["no key configured", { headers: withKey(KEY) }, {}],
  ["an empty key configured", { headers: withKey("") }, { API_KEY: "" }],
  [
    "a list with another member",
    { headers: withKey("a") },
    { API_KEYS: '[{"name":"a","key":"a","method":[]}]' },
  ],
  ["a list that is not JSON", { headers: withKey("a") }, { API_KEYS: "a" }],
])("API-02: with %s the API is closed", async (_, init, bindings) => {
  for (const path of ["/api/publish", "/api", "/api/unknown"]) {
    const response = await request(path, { ...init, body: publishBody("open:a") }, bindings);
    expect([response.status, await response.text()]).toEqual([401, "unauthorized"]);
  }
});

test("API-03: a key is for the channels below its prefixes, and for its methods", async () => {
  expect(await publishWith("chat key", "open:a")).toEqual({ result: {} });
  expect(await publishWith("chat key", "chat:1")).toMatchObject({ error: { code: 102 } });
  for (const channel of ["chatter:1", "keep:a", "ope", "$chat:1"]) {
    expect(await publishWith("chat key", channel)).toEqual({
      error: { code: 103, message: "permission denied" },
    });
  }
  expect(await publishWith("reader key", "open:a")).toMatchObject({ error: { code: 103 } });
  expect(await publishWith("unknown key", "open:a")).toBe(401);
});

test("API-03: broadcast, batch and the legacy form ask for each of their channels and commands", async () => {
  const send = async (path: string, body: string, key = "chat key") =>
    (await request(path, { headers: withKey(key), body }, { API_KEYS: KEYS })).text();
  const denied = { error: { code: 103, message: "permission denied" } };
  const broadcast = { channels: ["open:a", "keep:a"], data: 1 };
  expect(JSON.parse(await send("/api/broadcast", JSON.stringify(broadcast)))).toEqual({
    result: { responses: [{ result: {} }, denied] },
  });
  const commands = [
    { publish: { channel: "open:a", data: 1 } },
    { publish: { channel: "keep:a", data: 1 } },
    { broadcast },
  ];
  expect(JSON.parse(await send("/api/batch", JSON.stringify({ commands })))).toEqual({
    replies: [{ publish: {} }, denied, { broadcast: { responses: [{ result: {} }, denied] } }],
  });
  const lines = commands
    .slice(0, 2)
    .map(({ publish }) => JSON.stringify({ method: "publish", params: publish }));
  expect(await send("/api", lines.join("\n"))).toBe(`{"result":{}}\n${JSON.stringify(denied)}`);
});

test("API-03: what is about a whole user needs a key that names the method, or is for all channels", async () => {
  const disconnect = async (key: string) => {
    const init = { headers: withKey(key), body: JSON.stringify({ user: "ann" }) };
    return (await (await request("/api/disconnect", init, { API_KEYS: KEYS })).json()) as {
      error: { code: number };
    };
  };
  expect((await disconnect("chat key")).error.code).toBe(103);
  expect((await disconnect("moderator key")).error.code).not.toBe(103);
});
