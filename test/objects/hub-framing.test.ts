import { describe, expect, test } from "vitest";
import { sign } from "../support/hub-config.ts";
import { captureErrors } from "../support/log.ts";
import { TestHub } from "./test-hub.ts";

const BAD_REQUEST = { code: 3501, reason: "bad request" };

describe("frames", () => {
  test("SESS-01: the replies of one frame come in order, in one text frame, one on each line", async () => {
    const client = await new TestHub().connect();
    const before = client.frames.length;
    const ids = client.send(
      { rpc: {} },
      { unsubscribe: { channel: "open:a" } },
      { subscribe: { channel: "nowhere:a" } },
    );
    for (const id of ids) await client.reply(id);
    const frames = client.frames.slice(before);
    expect(frames).toEqual([
      [
        `{"id":${ids[0]},"error":{"code":108,"message":"not available"}}`,
        `{"id":${ids[1]},"unsubscribe":{}}`,
        `{"id":${ids[2]},"error":{"code":102,"message":"unknown channel"}}`,
      ].join("\n"),
    ]);
  });

  test("SESS-01: the command's key is in every result, also in an empty one", async () => {
    const hub = new TestHub({ name: "home/keep:results", config: { hooks: { rpc: () => ({}) } } });
    const client = await hub.connect();
    const channel = "keep:results";
    for (const [kind, body] of [
      ["subscribe", { channel: "open:results" }],
      ["publish", { channel, data: 1 }],
      ["history", { channel }],
      ["presence", { channel }],
      ["presence_stats", { channel }],
      ["unsubscribe", { channel }],
      ["rpc", { method: "any" }],
    ] as const) {
      const reply = await client.request(kind, body);
      expect(Object.keys(reply)).toEqual(["id", kind]);
      expect(reply[kind]).toEqual(expect.any(Object));
    }
  });

  test("PROTO-01: a frame may end with a newline, and may be binary", async () => {
    const client = await new TestHub().open();
    client.sendFrame(new TextEncoder().encode('{"connect":{},"id":1}\n').buffer as ArrayBuffer);
    expect((await client.reply(1)).connect).toMatchObject({ client: expect.any(String) });
  });

  test.each([
    ["an empty frame", ""],
    ["a blank line", '{"connect":{},"id":1}\n\n{"rpc":{},"id":2}'],
    ["text that is not JSON", "hello"],
    ["half a command", '{"connect":{'],
    ["a list", "[]"],
    ["a number", "1"],
    ["null", "null"],
    ["no request", '{"id":1}'],
    ["an unknown request", '{"id":1,"dance":{}}'],
    ["a legacy ping", '{"id":1,"ping":{}}'],
    ["a request that is no object", '{"id":1,"connect":[]}'],
    ["a negative id", '{"id":-1,"connect":{}}'],
    ["an id that is no whole number", '{"id":1.5,"connect":{}}'],
    ["an id of text", '{"id":"1","connect":{}}'],
    ["bytes that are no UTF-8", new Uint8Array([0xff, 0xfe, 0x00]).buffer],
  ])("PROTO-02: %s closes with 3501", async (_, frame) => {
    const client = await new TestHub().open();
    client.sendFrame(frame);
    expect(await client.closed).toEqual(BAD_REQUEST);
  });

  const rpcOf = (bytes: number, id: number) => {
    const [head, tail] = ['{"rpc":{"data":"', `"},"id":${id}}`];
    return head + "x".repeat(bytes - head.length - tail.length) + tail;
  };

  test("SESS-03: a message over 524,288 bytes closes with 1009, one of just so many does not", async () => {
    const client = await new TestHub().connect();
    const commands = Array.from({ length: 8 }, (_, index) => rpcOf(65_535, index + 10));
    client.sendFrame(`${commands.join("\n")}\n`);
    for (let id = 10; id < 18; id += 1) expect((await client.reply(id)).error?.code).toBe(108);
    client.sendFrame(`${commands.join("\n")}\n\n`);
    expect(await client.closed).toEqual({ code: 1009, reason: "message too large" });
  });

  test("SESS-03: bytes are counted, not characters", async () => {
    const client = await new TestHub({ config: { connection: { messageSizeLimit: 60_000 } } }).connect();
    client.sendFrame(`{"rpc":{"data":"${"é".repeat(29_000)}"},"id":9}`);
    expect((await client.reply(9)).error?.code).toBe(108);
    client.sendFrame(`{"rpc":{"data":"${"é".repeat(30_000)}"},"id":9}`);
    expect((await client.closed).code).toBe(1009);
  });

  test("SESS-03: a message over what the rate of bytes ever allows closes with 1009, not again and again with 3013", async () => {
    const byteRate = { perSecond: 1_000, burst: 2_000 };
    const client = await new TestHub({ config: { connection: { byteRate } } }).connect();
    client.sendFrame(rpcOf(2_001, 9));
    expect((await client.closed).code).toBe(1009);
  });

  test("PROTO-20: a command that is too much is error 107, nothing of it is published, and what is beside it is carried out", async () => {
    const client = await new TestHub().connect();
    const channel = `open:${crypto.randomUUID()}`;
    await client.subscribe(channel);
    const deep = JSON.parse(`${"[".repeat(101)}${"]".repeat(101)}`);
    const [before = 0, long = 0, nested = 0, after = 0] = client.send(
      { publish: { channel, data: 1 } },
      { publish: { channel, data: "x".repeat(65_536) } },
      { publish: { channel, data: deep } },
      { publish: { channel, data: 2 } },
    );
    expect((await client.reply(before)).publish).toEqual({});
    for (const id of [long, nested])
      expect((await client.reply(id)).error).toEqual({ code: 107, message: "bad request" });
    expect((await client.reply(after)).publish).toEqual({});
    expect([(await client.publication(channel))?.data, (await client.publication(channel))?.data]).toEqual([
      1, 2,
    ]);
  });

  test("PROTO-20: a message that is too much and has no answer closes with 3501", async () => {
    const client = await new TestHub().connect();
    client.sendFrame(`{"send":{"data":"${"x".repeat(65_536)}"}}`);
    expect(await client.closed).toEqual(BAD_REQUEST);
  });

  test("PROTO-21: what a hook returns is error 100 when it is nested too deeply", async () => {
    const data = JSON.parse(`${"[".repeat(101)}${"]".repeat(101)}`);
    captureErrors();
    const client = await new TestHub({ config: { hooks: { rpc: () => ({ data }) } } }).connect();
    expect(await client.codeOf("rpc")).toBe(100);
  });
});

describe("dispatch", () => {
  test.each([
    ["subscribe", { channel: "open:a" }],
    ["publish", { channel: "open:a", data: 1 }],
    ["unsubscribe", { channel: "open:a" }],
    ["presence", { channel: "open:a" }],
    ["history", { channel: "open:a" }],
    ["rpc", {}],
    ["refresh", { token: "x" }],
    ["sub_refresh", { channel: "open:a", token: "x" }],
  ])("SESS-04: %s before connect closes with 3501", async (kind, body) => {
    const client = await new TestHub().open();
    client.send({ [kind]: body });
    expect(await client.closed).toEqual(BAD_REQUEST);
  });

  test("SESS-04: a send before connect closes with 3501", async () => {
    const client = await new TestHub().open();
    client.sendFrame('{"send":{"data":1}}');
    expect(await client.closed).toEqual(BAD_REQUEST);
  });

  test.each([false, true])(
    "SESS-04: a second connect closes with 3501 (asleep in between: %s)",
    async (isSleepy) => {
      const hub = new TestHub({ isSleepy });
      const client = await hub.connect();
      await hub.rest();
      client.send({ connect: {} });
      expect(await client.closed).toEqual(BAD_REQUEST);
    },
  );

  test("SESS-05: connect and what follows in its frame are carried out in order", async () => {
    const client = await new TestHub().open();
    const ids = client.send(
      { connect: { name: "js" } },
      { subscribe: { channel: "open:a", flag: 1 } },
      { subscribe: { channel: "open:b", flag: 1 } },
      { publish: { channel: "open:b", data: 1 } },
    );
    for (const id of ids) expect((await client.reply(id)).error).toBeUndefined();
    expect(await client.publication("open:b")).toMatchObject({ data: 1 });
    const kinds = client.frames.flatMap((frame) =>
      String(frame)
        .split("\n")
        .map((line) => Object.keys(JSON.parse(line))[1]),
    );
    expect(kinds[0]).toBe("connect");
  });

  test("SESS-05: what arrives while a slow connect is under way waits for it", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const hub = new TestHub({ config: { hooks: { connect: () => promise.then(() => ({ user: "u" })) } } });
    const client = await hub.open();
    client.send({ connect: {} });
    client.send({ subscribe: { channel: "open:a" } });
    await hub.sockets();
    expect(client.frames).toEqual([]);
    resolve();
    expect((await client.reply(1)).connect).toBeDefined();
    expect((await client.reply(2)).subscribe).toBeDefined();
  });

  test.each([false, true])(
    "SESS-06: after a connect that is refused the rest of its frame is dropped, and a later frame closes (asleep in between: %s)",
    async (isSleepy) => {
      const hub = new TestHub({ isSleepy });
      const client = await hub.open();
      const token = await sign({ sub: "u", exp: 1 });
      client.send({ connect: { token } }, { subscribe: { channel: "open:a" } });
      expect((await client.reply(1)).error).toEqual({ code: 109, message: "token expired" });
      await hub.rest();
      await hub.sockets();
      expect(client.unread).toEqual([]);
      client.send({ connect: {} });
      expect(await client.closed).toEqual(BAD_REQUEST);
    },
  );

  test("PROTO-04: of several requests in one command the first of the schema is taken", async () => {
    const client = await new TestHub().connect();
    const reply = await client.request("rpc", {});
    expect(reply.error?.code).toBe(108);
    client.sendFrame('{"rpc":{},"unsubscribe":{"channel":"open:a"},"id":7}');
    expect(await client.reply(7)).toEqual({ id: 7, unsubscribe: {} });
  });

  test("PROTO-03: a pong among other commands is passed over", async () => {
    const client = await new TestHub().connect();
    client.sendFrame('{}\n{"unsubscribe":{"channel":"open:a"},"id":7}\n{}');
    expect(await client.reply(7)).toEqual({ id: 7, unsubscribe: {} });
    expect(client.isClosed).toBe(false);
  });

  test("SESS-09: commands on one channel wait for each other, those on another do not", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const hub = new TestHub({
      config: {
        hooks: { subscribe: ({ channel }) => (channel === "members:slow" ? promise.then(() => ({})) : {}) },
      },
    });
    const client = await hub.connect();
    const [slow, publish, other] = client.send(
      { subscribe: { channel: "members:slow" } },
      { publish: { channel: "members:slow", data: 1 } },
      { subscribe: { channel: "members:fast" } },
    );
    expect((await client.reply(other ?? 0)).subscribe).toBeDefined();
    expect(client.unread).toEqual([]);
    resolve();
    expect((await client.reply(slow ?? 0)).subscribe).toBeDefined();
    expect((await client.reply(publish ?? 0)).publish).toEqual({});
  });
});
