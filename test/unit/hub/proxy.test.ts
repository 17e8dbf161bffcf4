import { describe, expect, test } from "vitest";
import { verify } from "../../../src/proxy/signature.ts";
import { Backend } from "../../support/fetched-backend.ts";
import { inSeconds, sign, testSecrets } from "../../support/hub-config.ts";
import { captureErrors } from "../../support/log.ts";
import { ANN, by, proxied } from "../../support/node/proxied-hub.ts";
import { TestHub } from "../../support/node/test-hub.ts";

const SHARED = "a secret that both sides share, long enough";

describe("what a backend is asked", () => {
  test("PROXY-01: connect tells who the client is, what it sent, and which channels it had", async () => {
    const backend = new Backend(() => ({
      result: {
        user: "ann",
        info: { age: 7 },
        data: { hello: 1 },
        channels: ["open:a"],
        subs: { "open:b": { data: 2 } },
        expire_at: inSeconds(60),
      },
    }));
    const { connect, client } = await proxied(backend, ["connect"]).connected({
      data: { nick: "a" },
      name: "js",
      version: "5",
      subs: { "open:a": { recover: true, epoch: "x", offset: 1 } },
    });
    expect(backend.asked[0]?.body).toEqual({
      client: connect.client,
      transport: "websocket",
      protocol: "json",
      encoding: "json",
      data: { nick: "a" },
      name: "js",
      version: "5",
      channels: ["open:a"],
    });
    expect(connect).toMatchObject({ data: { hello: 1 }, subs: { "open:a": {}, "open:b": { data: 2 } } });
    expect(connect.expires).toBeUndefined();
    expect(await client.ask("presence", { channel: "open:a" })).toEqual({
      presence: { [connect.client]: { user: "ann", client: connect.client, conn_info: { age: 7 } } },
    });
  });

  test("PROXY-01: subscribe, publish and rpc tell user, channel or method, and data", async () => {
    const backend = new Backend(
      by({
        connect: ANN,
        subscribe: { result: { data: "welcome", info: 5 } },
        publish: { result: { data: { text: "HI" }, tags: { a: "b" } } },
        rpc: { result: { data: { pong: true } } },
      }),
    );
    const { client, connect } = await proxied(backend, [
      "connect",
      "subscribe",
      "publish",
      "rpc",
    ]).connected();
    const common = {
      client: connect.client,
      transport: "websocket",
      protocol: "json",
      encoding: "json",
      user: "ann",
    };
    expect(await client.subscribe("closed:a", { data: 1 })).toMatchObject({ data: "welcome" });
    await client.publish("closed:a", { text: "hi" });
    expect(await client.publication("closed:a")).toMatchObject({
      data: { text: "HI" },
      tags: { a: "b" },
      info: { user: "ann", chan_info: 5 },
    });
    expect(await client.ask("rpc", { method: "ping", data: [1] })).toEqual({ data: { pong: true } });
    expect(backend.bodies("/subscribe")).toEqual([{ ...common, channel: "closed:a", data: 1 }]);
    expect(backend.bodies("/publish")).toEqual([{ ...common, channel: "closed:a", data: { text: "hi" } }]);
    expect(backend.bodies("/rpc")).toEqual([{ ...common, method: "ping", data: [1] }]);
  });

  test("PROXY-01: `include_connection_meta` adds meta, `binary_encoding` sends base64, and answers may hold base64", async () => {
    const backend = new Backend(by({ connect: ANN, rpc: { result: { b64data: "eyJuIjoiw7YifQ==" } } }));
    const client = await proxied(backend, ["connect", "rpc"], {
      include_connection_meta: true,
      binary_encoding: true,
    }).connect();
    expect(await client.ask("rpc", { method: "m", data: "ä" })).toEqual({ data: { n: "ö" } });
    expect(backend.bodies("/rpc")[0]).toMatchObject({
      encoding: "binary",
      b64data: "IsOkIg==",
      meta: { level: 3 },
    });
    expect(backend.bodies("/rpc")[0]).not.toHaveProperty("data");
  });

  test("PROXY-21: null in base64 is published instead of what the client has sent", async () => {
    const backend = new Backend(() => ({ result: { b64data: "bnVsbA==" } }));
    const client = await proxied(backend, ["publish"]).connect();
    await client.subscribe("open:a");
    await client.publish("open:a", { text: "hi" });
    expect(await client.publication("open:a")).toMatchObject({ data: null });
  });

  test("PROXY-01: numbers of an answer reach clients with every digit", async () => {
    const backend = new Backend(() => new Response('{"result":{"data":{"n":12345678901234567890}}}'));
    const client = await proxied(backend, ["rpc"]).connect();
    await client.ask("rpc", { method: "m" });
    expect(client.frames.at(-1)).toContain('{"n":12345678901234567890}');
  });

  test("PROXY-02: requests are signed over time and body where there is a secret", async () => {
    Object.assign(testSecrets, { SHARED_SECRET: SHARED });
    const backend = new Backend(() => ANN);
    await proxied(backend, ["connect"], { signatureSecret: "SHARED_SECRET" }).connect({ data: "ä" });
    const { headers, text } = backend.asked[0] ?? { headers: new Headers(), text: "" };
    expect(await verify(headers.get("X-Poorwill-Signature"), text, SHARED)).toBe(true);
    expect(await verify(headers.get("X-Poorwill-Signature"), text, "other")).toBe(false);
  });

  test("PROXY-03: a namespace that is not named is left to its options", async () => {
    const backend = new Backend(by({ connect: ANN, subscribe: { error: { code: 403, message: "no" } } }));
    const hub = new TestHub({
      config: {
        proxy: { subscribe: { endpoint: `${backend.address}/subscribe`, namespaces: ["closed", ""] } },
      },
    });
    const client = await hub.connect();
    expect(await client.codeOf("subscribe", { channel: "open:a" })).toBeUndefined();
    expect(await client.codeOf("subscribe", { channel: "closed:a" })).toBe(403);
    expect(await client.codeOf("subscribe", { channel: "plain" })).toBe(403);
    expect(backend.asked).toHaveLength(2);
  });

  test("PROXY-04: a hook in code goes before the endpoint, the endpoints of other kinds stay", async () => {
    const backend = new Backend(by({ rpc: { result: { data: "backend" } } }));
    const hooks = {
      name: "mine",
      rpc() {
        return { data: this.name };
      },
    };
    const client = await proxied(
      backend,
      ["rpc", "publish"],
      {},
      { hooks: { rpc: hooks.rpc.bind(hooks) } },
    ).connect();
    expect(await client.ask("rpc", { method: "m" })).toEqual({ data: "mine" });
    await client.publish("open:a", 1);
    expect(backend.asked.map(({ path }) => path)).toEqual(["/publish"]);
  });
});

describe("what a backend answers", () => {
  test("PROXY-05: nothing from connect is no credentials, also where anonymous users may connect", async () => {
    const client = await proxied(new Backend(() => ({})), ["connect"]).open();
    client.send({ connect: {} });
    expect(await client.closed).toEqual({ code: 3501, reason: "bad request" });
  });

  test("PROXY-05: a token goes before the connect endpoint", async () => {
    const backend = new Backend(() => ({}));
    expect(
      (await proxied(backend, ["connect"]).connected({ token: await sign({ sub: "ann" }) })).connect.client,
    ).toBeDefined();
    expect(backend.asked).toEqual([]);
  });

  test("PROXY-06: error and disconnect reach the client as they are", async () => {
    const backend = new Backend(
      by({
        connect: ANN,
        rpc: { error: { code: 1999, message: "later", temporary: true }, result: null },
        publish: { disconnect: { code: 4500, reason: "out" } },
      }),
    );
    const client = await proxied(backend, ["connect", "rpc", "publish"]).connect();
    expect((await client.request("rpc", { method: "m" })).error).toEqual({
      code: 1999,
      message: "later",
      temporary: true,
    });
    client.send({ publish: { channel: "open:a", data: 1 } });
    expect(await client.closed).toEqual({ code: 4500, reason: "out" });
  });

  test("PROXY-06: {} allows a subscription and a publication, and answers a call with nothing", async () => {
    const backend = new Backend(by({ connect: ANN, subscribe: {}, publish: { result: null }, rpc: {} }));
    const client = await proxied(backend, ["connect", "subscribe", "publish", "rpc"]).connect();
    expect(await client.subscribe("closed:a")).toEqual({});
    expect(await client.ask("publish", { channel: "closed:a", data: 1 })).toEqual({});
    expect(await client.publication("closed:a")).toMatchObject({ data: 1 });
    expect(await client.ask("rpc", { method: "m" })).toEqual({});
  });

  test("PROXY-06: an error of the protocol's own reaches the client too", async () => {
    const error = { code: 109, message: "token expired" };
    const client = await proxied(new Backend(by({ connect: ANN, rpc: { error } })), [
      "connect",
      "rpc",
    ]).connect();
    expect((await client.request("rpc", { method: "m" })).error).toEqual(error);
  });

  const TEMPORARY = { code: 100, message: "internal server error", temporary: true };
  test.each<[string, () => unknown]>([
    ["status 500", () => new Response("{}", { status: 500 })],
    ["status 204", () => new Response(null, { status: 204 })],
    ["a redirect", () => Response.redirect("https://elsewhere.test/", 302)],
    ["no JSON", () => new Response("<html>")],
    ["no object", () => []],
    ["nothing but what is not known", () => ({ ok: true })],
    ["result and error", () => ({ result: {}, error: { code: 400, message: "no" } })],
    ["a result that is no object", () => ({ result: 1 })],
    ["data that is not base64", () => ({ result: { b64data: "%" } })],
    ["an error code below the range", () => ({ error: { code: 99, message: "no" } })],
    ["an error code above the range", () => ({ error: { code: 2000, message: "no" } })],
    ["a disconnect code below the range", () => ({ disconnect: { code: 3999, reason: "no" } })],
    ["a disconnect code above the range", () => ({ disconnect: { code: 5000, reason: "no" } })],
    ["a reason that clients take for advice", () => ({ disconnect: { code: 4000, reason: "true" } })],
    ["a huge body", () => new Response("x".repeat(1_100_000))],
    ["a failing connection", () => Promise.reject(new TypeError("connection refused"))],
  ])("PROXY-07: %s is error 100, temporary, and nothing of it is told or logged", async (_, answer) => {
    const errors = captureErrors();
    const client = await proxied(new Backend(answer), ["rpc"]).connect();
    expect((await client.request("rpc", { method: "m", data: "a secret" })).error).toEqual(TEMPORARY);
    expect(errors()).toEqual([expect.objectContaining({ event: "hub.hook_failed" })]);
    expect(JSON.stringify(errors())).not.toContain("a secret");
  });

  test("PROXY-07: an empty list from connect is error 100, and closes nothing", async () => {
    captureErrors();
    const client = await proxied(new Backend(() => []), ["connect"]).open();
    expect((await client.request("connect", {})).error).toEqual(TEMPORARY);
  });

  test("PROXY-07: an answer that does not come in time is error 100", async () => {
    const errors = captureErrors();
    const backend = new Backend(() => new Promise(() => {}));
    const hub = new TestHub({ config: { proxy: { rpc: { endpoint: backend.address, timeout: 0.05 } } } });
    expect(await (await hub.connect()).codeOf("rpc", { method: "m" })).toBe(100);
    expect(errors()).toEqual([expect.objectContaining({ message: "rpc: no answer within 50 ms" })]);
  });

  test("PROXY-08: a status may be made an error or a disconnect", async () => {
    const transforms = [
      { status_code: 404, to_error: { code: 404, message: "not found" } },
      { status_code: 403, to_disconnect: { code: 4503, reason: "forbidden" } },
    ];
    const backend = new Backend(({ body }) => new Response(null, { status: Number(body.method) }));
    const client = await proxied(backend, ["rpc"], { status_to_code_transforms: transforms }).connect();
    expect((await client.request("rpc", { method: "404" })).error).toEqual({
      code: 404,
      message: "not found",
    });
    client.send({ rpc: { method: "403" } });
    expect(await client.closed).toEqual({ code: 4503, reason: "forbidden" });
  });
});
