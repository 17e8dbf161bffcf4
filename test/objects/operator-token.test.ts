import { expect, test } from "vitest";
import type { OperatorToken } from "../../src/api/operator-token.ts";
import { request } from "./api-client.ts";

const OPERATOR_KEYS = JSON.stringify([
  { name: "ann", key: "for ann", methods: ["observe", "operate", "history", "metrics"] },
  { name: "backend", key: "for the backend", methods: ["publish"] },
]);
const bindings = { OPERATOR_KEYS, API_KEY: "all" };

const exchange = (headers: Record<string, string>, query = "") =>
  request(`/api/operator_token${query}`, { headers }, bindings);

async function tokenOfAnn(): Promise<string> {
  const { result } = (await (await exchange({ "X-API-Key": "for ann" })).json()) as { result: OperatorToken };
  return result.token;
}

async function callWith(authorization: string, path: string, body: object) {
  const response = await request(
    path,
    { headers: { Authorization: authorization }, body: JSON.stringify(body) },
    bindings,
  );
  return response.status === 200 ? response.json() : response.status;
}

const denied = { error: { code: 103, message: "permission denied" } };

test("RIGHT-10 RIGHT-14: a key is exchanged for a token, in an answer that nobody stores and no other origin reads", async () => {
  const response = await exchange({ "X-API-Key": "for ann", Origin: "https://elsewhere.test" });
  expect(response.status).toBe(200);
  expect(response.headers.get("Cache-Control")).toBe("no-store");
  expect(response.headers.get("Access-Control-Allow-Origin")).toBeNull();
  expect(await response.json()).toEqual({
    result: {
      token: expect.stringMatching(/^v1\.\d+\.[\w-]{43}$/),
      expires_at: expect.any(Number),
      name: "ann",
      rights: ["observe", "operate"],
    },
  });
  const preflight = await request(
    "/api/operator_token",
    {
      method: "OPTIONS",
      headers: { Origin: "https://elsewhere.test", "Access-Control-Request-Method": "POST" },
    },
    bindings,
  );
  expect([preflight.status, preflight.headers.get("Access-Control-Allow-Origin")]).toEqual([401, null]);
});

test("RIGHT-10: a key without a right, a key in the query and a token are not exchanged", async () => {
  expect(await (await exchange({ "X-API-Key": "all" })).json()).toEqual(denied);
  expect(await (await exchange({ "X-API-Key": "for the backend" })).json()).toEqual(denied);
  expect(await (await exchange({}, "?api_key=for%20ann")).json()).toEqual(denied);
  expect(await (await exchange({ Authorization: `Bearer ${await tokenOfAnn()}` })).json()).toEqual(denied);
  expect((await exchange({})).status).toBe(401);
  expect((await exchange({ "X-API-Key": "wrong" })).status).toBe(401);
  const got = await request(
    "/api/operator_token",
    { method: "GET", headers: { "X-API-Key": "for ann" } },
    bindings,
  );
  expect(got.status).toBe(405);
});

test("RIGHT-11: a token publishes by its right, and nothing brings it to what else its key may do", async () => {
  const bearer = `Bearer ${await tokenOfAnn()}`;
  const publish = { channel: "open:a", data: 1 };
  expect(await callWith(bearer, "/api/publish", publish)).toEqual({ result: {} });
  expect(await callWith(bearer, "/api/history", { channel: "keep:a" })).toEqual(denied);
  expect(await callWith(bearer, "/api/broadcast", { channels: ["open:a"], data: 1 })).toEqual({
    result: { responses: [denied] },
  });
  expect(
    await callWith(bearer, "/api/batch", { commands: [{ publish }, { history: { channel: "keep:a" } }] }),
  ).toEqual({ replies: [{ publish: {} }, denied] });
  expect(await callWith(bearer, "/api", { method: "history", params: { channel: "keep:a" } })).toEqual(
    denied,
  );
  expect(await callWith(bearer, "/api", { method: "info", params: {} })).toEqual(denied);
  const metrics = { method: "GET", headers: { Authorization: bearer } };
  expect((await request("/metrics", metrics, bindings)).status).toBe(401);
});

test("RIGHT-12: a token in the query, of another key or with another byte is 401", async () => {
  const token = await tokenOfAnn();
  const publish = { channel: "open:a", data: 1 };
  for (const text of [
    `Bearer ${token}A`,
    "Bearer for ann",
    `Bearer v1.9999999999.${"A".repeat(43)}`,
    "Bearer ",
  ])
    expect(await callWith(text, "/api/publish", publish), text).toBe(401);
  const inQuery = await request(`/api/publish?api_key=${token}`, { body: JSON.stringify(publish) }, bindings);
  expect(inQuery.status).toBe(401);
  const init = { headers: { Authorization: `Bearer ${token}` }, body: JSON.stringify(publish) };
  const others = { OPERATOR_KEYS: JSON.stringify([{ name: "ann", key: "new", methods: ["operate"] }]) };
  expect((await request("/api/publish", init, others)).status).toBe(401);
});
