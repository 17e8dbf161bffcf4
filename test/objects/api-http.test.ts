import { exports } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { Hub } from "../../durable-objects/hub/hub.ts";
import { API_REFUSALS } from "../../src/shared/codes.ts";
import { API_LIMITS } from "../../src/shared/limits.ts";
import { captureErrors } from "../support/log.ts";
import { ask, batch, call, KEY, newChannel, request } from "./api-client.ts";

const publishBody = (channel: string) => JSON.stringify({ channel, data: 1 });
const withKey = (key: string) => ({ "X-API-Key": key });

describe("requests", () => {
  test.each(["", "publish", "[]", "null", "1", '{"channel":', "\u0000", '{"a":1}\n{"a":1}'])(
    "API-04: a body %j is refused with 400",
    async (body) => {
      const response = await request("/api/publish", { headers: withKey(KEY), body });
      expect([response.status, await response.text()]).toEqual([400, API_REFUSALS.notAnObject.message]);
    },
  );

  test("API-04: another method than POST is refused with 405", async () => {
    for (const method of ["GET", "PUT", "DELETE", "OPTIONS"]) {
      const response = await request("/api/publish", { method, headers: withKey(KEY) });
      expect([response.status, response.headers.get("Allow")]).toEqual([405, "POST"]);
      expect(await response.text()).toBe(API_REFUSALS.methodNotAllowed.message);
    }
  });

  test("API-05: a body that is too large is refused with 413, with or without a length", async () => {
    const body = `{"channel":"open:a","data":"${"x".repeat(API_LIMITS.bodySize)}"}`;
    const stream = new Response(body).body;
    for (const sent of [body, stream]) {
      const response = await request("/api/publish", { headers: withKey(KEY), body: sent });
      expect(response.status).toBe(413);
    }
  });

  test.each(["unknown", "", "publish/", "constructor", "__proto__", "%00", "batch%2fa"])(
    "API-06: the method %j is error 104",
    async (method) => {
      expect(await (await request(`/api/${method}`, { headers: withKey(KEY), body: "{}" })).json()).toEqual({
        error: { code: 104, message: "method not found" },
      });
    },
  );

  test.each([
    ["publish", { channel: "" }, 400, 107],
    ["publish", { channel: "nowhere:a", data: 1 }, 404, 102],
    ["presence", { channel: "closed:a" }, 400, 108],
    ["unknown", {}, 404, 104],
    ["history", { channel: "keep:a", since: { offset: 1, epoch: "x" }, limit: 1 }, 416, 112],
  ])(
    "API-07: where the transport carries errors, %s %j has status %i",
    async (method, params, status, code) => {
      const headers = { ...withKey(KEY), "X-Centrifugo-Error-Mode": "transport" };
      const response = await request(`/api/${method}`, { headers, body: JSON.stringify(params) });
      expect([response.status, await response.json()]).toEqual([
        status,
        { code, message: expect.any(String) },
      ]);
    },
  );

  test("API-07: there, what a key may not do has status 403", async () => {
    const API_KEYS = JSON.stringify([{ name: "reader", key: KEY, methods: ["history"] }]);
    const headers = { ...withKey(KEY), "X-Centrifugo-Error-Mode": "transport" };
    const response = await request("/api/publish", { headers, body: publishBody("open:a") }, { API_KEYS });
    expect([response.status, await response.json()]).toMatchObject([403, { code: 103 }]);
  });

  test("API-07: there, a home that fails has status 500", async () => {
    captureErrors();
    const { channel, home } = newChannel("keep");
    await ask("publish", { channel, data: 1 });
    await home.inside(
      ({ storage }) => void storage.sql.exec("ALTER TABLE history RENAME COLUMN last TO broken"),
    );
    await home.sleep();
    const headers = { ...withKey(KEY), "X-Centrifugo-Error-Mode": "transport" };
    const body = JSON.stringify({ channel, limit: 1 });
    const response = await request("/api/history", { headers, body });
    expect([response.status, await response.json()]).toMatchObject([500, { code: 100 }]);
  });

  test("API-07: a success is the same in both modes", async () => {
    const headers = { ...withKey(KEY), "X-Centrifugo-Error-Mode": "transport" };
    const response = await request("/api/publish", { headers, body: publishBody("open:a") });
    expect([response.status, await response.json()]).toEqual([200, { result: {} }]);
  });
});

describe("the legacy form", () => {
  const send = async (body: string) => {
    const response = await request("/api", { headers: withKey(KEY), body });
    return [response.status, await response.text()];
  };

  test("API-08: lines are answered line by line, without a line break at the end", async () => {
    const { channel } = newChannel("keep");
    const line = (method: string, params?: object) => JSON.stringify({ method, params });
    const [status, text] = await send(
      [
        line("publish", { channel, data: 1 }),
        line("unknown"),
        line("presence"),
        line("history", { channel }),
      ].join("\n"),
    );
    expect(status).toBe(200);
    expect(
      String(text)
        .split("\n")
        .map((reply) => JSON.parse(reply)),
    ).toEqual([
      { result: { offset: 1, epoch: expect.any(String) } },
      { error: { code: 104, message: "method not found" } },
      { error: { code: 107, message: "bad request" } },
      { result: { offset: 1, epoch: expect.any(String), publications: [] } },
    ]);
  });

  test("API-08: a single command may span lines, and blank lines are passed over", async () => {
    const command = { method: "publish", params: { channel: "open:a", data: 1 } };
    expect(await send(JSON.stringify(command, undefined, 2))).toEqual([200, '{"result":{}}']);
    expect(await send(`\n${JSON.stringify(command)}\n\n${JSON.stringify(command)}\n`)).toEqual([
      200,
      '{"result":{}}\n{"result":{}}',
    ]);
  });

  test("API-08: where one line cannot be read, none is carried out", async () => {
    const { channel } = newChannel("keep");
    const command = JSON.stringify({ method: "publish", params: { channel, data: 1 } });
    expect(await send(`${command}\n{`)).toEqual([400, "each line of the body must be a JSON object"]);
    expect(await send("")).toEqual([400, "each line of the body must be a JSON object"]);
    expect(await ask("history", { channel })).toMatchObject({ offset: 0 });
  });

  test("API-08: too many lines are error 107", async () => {
    const lines = Array(API_LIMITS.batchCommands + 1).fill('{"method":"presence"}');
    expect(await send(lines.join("\n"))).toEqual([200, '{"error":{"code":107,"message":"bad request"}}']);
  });
});

describe("batch", () => {
  test("API-17: replies are in the order of the commands, and have no `result`", async () => {
    const { channel } = newChannel("keep");
    const commands = [
      { publish: { channel, data: 1 } },
      { history: { channel, limit: 1 } },
      { presence: { channel: "nowhere:a" } },
      { unknown: {} },
      { batch: { commands: [] } },
      {},
      { publish: {}, presence: {} },
      { publish: null },
      7,
      { publish: null, presence_stats: { channel } },
      { presence_stats: { channel } },
    ];
    const { replies } = await call("batch", { commands, parallel: true });
    const error = (code: number) => ({ error: { code, message: expect.any(String) } });
    expect(replies).toEqual([
      { publish: { offset: 1, epoch: expect.any(String) } },
      { history: { publications: [{ data: 1, offset: 1 }], offset: 1, epoch: expect.any(String) } },
      error(102),
      error(104),
      error(104),
      error(107),
      error(107),
      error(107),
      error(107),
      { presence_stats: { num_clients: 0, num_users: 0 } },
      { presence_stats: { num_clients: 0, num_users: 0 } },
    ]);
  });

  test("API-17: an empty batch has no replies, and one that is too long is error 107", async () => {
    expect(await call("batch", { commands: [] })).toEqual({ replies: [] });
    const commands = Array(API_LIMITS.batchCommands + 1).fill({ info: {} });
    expect(await call("batch", { commands })).toMatchObject({ error: { code: 107 } });
    expect(await call("batch")).toMatchObject({ error: { code: 107 } });
  });

  test("API-18: a broadcast, and commands that run together, call each home once", async () => {
    const [one, other] = [newChannel("keep").channel, newChannel("keep").channel];
    const channels = [one, `${one}/a`, other, `${one}/b`];
    const commands = [
      { broadcast: { channels, data: 1 } },
      { publish: { channel: one, data: 2 } },
      { presence: { channel: other } },
    ];
    const manage = vi.spyOn(Hub.prototype, "manage");
    const { replies } = await call("batch", { commands, parallel: true });
    expect((replies as object[]).every((reply) => !("error" in reply))).toBe(true);
    expect(manage).toHaveBeenCalledTimes(2);
    manage.mockRestore();
  });

  test("API-18: past so many publications, those of one request are error 107", async () => {
    const channels = Array<string>(API_LIMITS.publications).fill("open:a");
    const replies = await batch([
      { broadcast: { channels, data: 1 } },
      { publish: { channel: "open:a", data: 1 } },
    ]);
    const [first, second] = replies as [{ broadcast: { responses: unknown[] } }, unknown];
    expect(first.broadcast.responses).toEqual(channels.map(() => ({ result: {} })));
    expect(second).toMatchObject({ error: { code: 107 } });
  });
});

describe("the entrypoint", () => {
  test("API-50: a Worker of the account calls the same methods without a key", async () => {
    const { channel } = newChannel("keep");
    const api = exports.Api;
    expect(await api.publish({ channel, data: { a: 1 } })).toEqual({
      result: { offset: 1, epoch: expect.any(String) },
    });
    expect(await api.broadcast({ channels: [channel, "nowhere:a"], data: 2 })).toMatchObject({
      result: { responses: [{ result: { offset: 2 } }, { error: { code: 102 } }] },
    });
    expect(await api.history({ channel, limit: 1 })).toMatchObject({
      result: { publications: [{ data: { a: 1 }, offset: 1 }], offset: 2 },
    });
    expect(await api.presence({ channel })).toEqual({ result: { presence: {} } });
    expect(await api.presenceStats({ channel })).toEqual({ result: { num_clients: 0, num_users: 0 } });
    expect(await api.historyRemove({ channel })).toEqual({ result: {} });
    expect(await api.batch({ commands: [{ history: { channel } }] })).toMatchObject({
      result: { replies: [{ history: { offset: 2, publications: [] } }] },
    });
    const user = "nobody of these tests";
    for (const reply of [
      await api.disconnect({ user }),
      await api.unsubscribe({ user }),
      await api.refresh({ user }),
      await api.subscribe({ user, channel }),
    ]) {
      expect(reply).toEqual({ error: { code: 108, message: "not available" } });
    }
    for (const reply of [await api.channels(), await api.info()])
      expect(reply).toMatchObject({ error: { code: 108 } });
  });

  test("API-50: a bad request is an error, and nothing is thrown", async () => {
    const bad = { error: { code: 107, message: "bad request" } };
    expect(await exports.Api.publish({ channel: "open:a", data: undefined })).toEqual(bad);
    expect(await exports.Api.publish({ channel: "open:a", data: 1n })).toEqual(bad);
    expect(await exports.Api.publish({ channel: "", data: 1 })).toEqual(bad);
  });
});
