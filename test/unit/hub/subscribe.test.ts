import { describe, expect, test } from "vitest";
import type { Config } from "../../../src/config/config.ts";
import { inSeconds, sign } from "../../support/hub-config.ts";
import { captureErrors } from "../../support/log.ts";
import { scenario, TestHub } from "../../support/node/test-hub.ts";

const as = async (user: string, hub = new TestHub()) => hub.connect({ token: await sign({ sub: user }) });

const newName = () => `open:${crypto.randomUUID()}`;

describe("checks", () => {
  test("SESS-28: no channel closes with 3501", async () => {
    const client = await new TestHub().connect();
    client.send({ subscribe: { channel: "" } });
    expect(await client.closed).toEqual({ code: 3501, reason: "bad request" });
  });

  test("SESS-28: an unknown kind of delta closes with 3501, the known one is not used", async () => {
    const client = await new TestHub().connect();
    expect(await client.subscribe("open:a", { delta: "fossil" })).toEqual({});
    client.send({ subscribe: { channel: "open:b", delta: "bsdiff" } });
    expect((await client.closed).code).toBe(3501);
  });

  test.each([
    ["a name over 255 bytes", { channel: `open:${"x".repeat(251)}` }, 107],
    ["characters that are not ASCII", { channel: "open:ü" }, 107],
    ["a name that its namespace does not allow", { channel: "words:A1" }, 107],
    ["a namespace that is not configured", { channel: "nowhere:a" }, 102],
    ["a tags filter", { channel: "open:a", tf: { key: "a", cmp: "ex" } }, 107],
    ["a map subscription", { channel: "open:a", type: 1 }, 107],
    ["a shared poll", { channel: "open:a", type: 4 }, 107],
    ["a private channel without a token", { channel: "$open:a" }, 103],
    ["a channel that nobody may subscribe to", { channel: "closed:a" }, 103],
    ["a channel that anonymous users may not subscribe to", { channel: "users:a" }, 103],
  ])("SESS-28: %s is an error", async (_, body, code) => {
    const client = await new TestHub().connect();
    expect(await client.codeOf("subscribe", body)).toBe(code);
  });

  test("SESS-28: 255 bytes are not too many, and a namespace may allow other names", async () => {
    const client = await new TestHub().connect();
    await client.subscribe(`open:${"x".repeat(250)}`);
    await client.subscribe("words:grün-blau");
  });

  test("CHAN-06: the checks come in order: length, limit, twice, characters, namespace", async () => {
    const client = await new TestHub({ config: { connection: { channelLimit: 1 } } }).connect();
    const codes = [];
    codes.push(await client.codeOf("subscribe", { channel: "open:ü", type: 1 }));
    codes.push(await client.codeOf("subscribe", { channel: "nowhere:a", type: 1, delta: "x" }));
    await client.subscribe("open:a");
    codes.push(await client.codeOf("subscribe", { channel: "x".repeat(256) }));
    codes.push(await client.codeOf("subscribe", { channel: "open:a" }));
    await client.ask("unsubscribe", { channel: "open:a" });
    expect(codes).toEqual([107, 102, 107, 106]);
  });

  scenario(
    "CHAN-06: a second subscribe is error 105, and after an unsubscribe the channel is free again",
    { namespace: "keep" },
    async ({ hub, channel }) => {
      const client = await hub.connect();
      await client.subscribe(channel);
      expect(await client.codeOf("subscribe", { channel })).toBe(105);
      expect(await client.ask("unsubscribe", { channel })).toEqual({});
      expect(await client.ask("unsubscribe", { channel })).toEqual({});
      expect(await client.codeOf("subscribe", { channel })).toBeUndefined();
    },
  );

  scenario(
    "CHAN-06: two subscribes in one frame are one subscription",
    { namespace: "keep" },
    async ({ hub, channel }) => {
      const client = await hub.connect();
      const [first = 0, second = 0] = client.send({ subscribe: { channel } }, { subscribe: { channel } });
      expect((await client.reply(first)).subscribe).toBeDefined();
      expect((await client.reply(second)).error?.code).toBe(105);
    },
  );

  test("SESS-30: the 129th subscription is error 106, also when all come in one frame with tokens", async () => {
    const client = await as("ann");
    const key = `open:${crypto.randomUUID()}`;
    const channels = Array.from({ length: 129 }, (_, index) => `${key}/${index}`);
    const tokens = await Promise.all(channels.map((channel) => sign({ sub: "ann", channel })));
    const half = 64;
    const commands = channels.map((channel, index) => ({ subscribe: { channel, token: tokens[index] } }));
    const ids = [...client.send(...commands.slice(0, half)), ...client.send(...commands.slice(half))];
    const replies = await Promise.all(ids.map((id) => client.reply(id)));
    expect(replies.map(({ error }) => error?.code)).toEqual([
      ...Array.from({ length: 128 }, () => undefined),
      106,
    ]);
  });

  test("SESS-30: a subscription whose end waits behind its beginning does not count", async () => {
    const hub = new TestHub({ config: { connection: { channelLimit: 2 } } });
    const client = await hub.connect();
    const [kept, left, next] = [newName(), newName(), newName()];
    await client.subscribe(kept);
    const send = () =>
      client.send(
        { subscribe: { channel: left } },
        { unsubscribe: { channel: left } },
        { subscribe: { channel: next } },
      );
    const replies = await Promise.all(send().map((id) => client.reply(id)));
    expect(replies.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
    expect(await client.codeOf("subscribe", { channel: left })).toBe(106);
    const again = client.send(
      { unsubscribe: { channel: next } },
      { subscribe: { channel: next } },
      { subscribe: { channel: left } },
    );
    expect((await Promise.all(again.map((id) => client.reply(id)))).map(({ error }) => error?.code)).toEqual([
      undefined,
      undefined,
      106,
    ]);
  });

  test("SESS-30: a subscription whose end waits behind a publish does not count", async () => {
    const hub = new TestHub({ config: { connection: { channelLimit: 1 } } });
    const client = await hub.connect();
    const [left, next] = [newName(), newName()];
    await client.subscribe(left);
    const ids = client.send(
      { publish: { channel: left, data: 1 } },
      { unsubscribe: { channel: left } },
      { subscribe: { channel: next } },
    );
    const replies = await Promise.all(ids.map((id) => client.reply(id)));
    expect(replies.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
  });

  test("SESS-30: what is refused does not count", async () => {
    const client = await new TestHub({ config: { connection: { channelLimit: 1 } } }).connect();
    expect(await client.codeOf("subscribe", { channel: "closed:a" })).toBe(103);
    expect(await client.codeOf("subscribe", { channel: "open:a", token: "x" })).toBe(103);
    await client.subscribe("open:a");
  });
});

describe("who may subscribe", () => {
  test.each([
    ["users:a", "ann", undefined],
    ["users:a", "", 103],
    ["dialog:talk#ann,bob", "ann", undefined],
    ["dialog:talk#ann,bob", "bob", undefined],
    ["dialog:talk#ann,bob", "eve", 103],
    ["dialog:talk#", "", 103],
    ["dialog:talk", "ann", 103],
    ["#ann", "ann", undefined],
    ["#ann", "bob", 103],
    ["$open:a", "ann", 103],
    ["closed:a", "ann", 103],
  ])("CHAN-07: %s by user %j: %s", async (channel, user, code) => {
    expect(await (await as(user)).codeOf("subscribe", { channel })).toBe(code);
  });

  scenario(
    "SESS-32: a token lets a user into any channel, with what it says of the subscription",
    { namespace: "closed" },
    async ({ hub, channel }) => {
      const client = await as("ann", hub);
      const token = await sign({
        sub: "ann",
        channel,
        info: { role: "guest" },
        data: { greeting: 1 },
        exp: inSeconds(60),
      });
      expect(await client.subscribe(channel, { token })).toEqual({
        expires: true,
        ttl: expect.any(Number),
        data: { greeting: 1 },
      });
    },
  );

  test("SESS-32: a token lets into a private channel", async () => {
    const client = await as("ann");
    const channel = "$open:secret";
    await client.subscribe(channel, {
      token: await sign({ sub: "ann", channel, override: { presence: { value: false } } }),
    });
    expect(await client.ask("presence_stats", { channel })).toEqual({ num_clients: 0, num_users: 0 });
  });

  test.each([
    ["that has run out", { exp: 1 }, 109],
    ["with an `expire_at` that has passed", { expire_at: 1 }, 109],
    ["with a foreign signature", { secret: "other" }, 103],
    ["for no channel", { channel: "" }, 103],
  ])("SESS-33: a token %s is an error", async (_, { secret, ...claims }: Record<string, unknown>, code) => {
    const client = await as("ann");
    const token = await sign({ sub: "ann", channel: "open:a", ...claims }, secret as string | undefined);
    expect(await client.codeOf("subscribe", { channel: "open:a", token })).toBe(code);
    await client.subscribe("open:a");
  });

  test.each([
    ["another user", { sub: "bob" }],
    ["another channel", { channel: "open:b" }],
    ["another connection", { client: "somebody" }],
  ])("SESS-33: a token of %s closes with 3500", async (_, claims) => {
    const client = await as("ann");
    client.send({
      subscribe: { channel: "open:a", token: await sign({ sub: "ann", channel: "open:a", ...claims }) },
    });
    expect(await client.closed).toEqual({ code: 3500, reason: "invalid token" });
  });
});

describe("the subscribe hook", () => {
  const hub = (subscribe: NonNullable<NonNullable<Config["hooks"]>["subscribe"]>) =>
    new TestHub({ config: { hooks: { subscribe, connect: () => ({ user: "ann", meta: { m: 1 } }) } } });

  test("CHAN-07: the hook decides, and gets who asks and what was sent, also after sleep", async () => {
    let asked: unknown;
    const room = hub((context) => {
      asked = context;
      return { info: 1, data: { d: 1 }, expireAt: inSeconds(60) };
    });
    const { client, connect } = await room.connected();
    await room.sleep();
    expect(await client.subscribe("closed:a", { data: { x: 1 } })).toEqual({ data: { d: 1 } });
    expect(asked).toEqual({
      client: connect.client,
      user: "ann",
      meta: { m: 1 },
      rawMeta: '{"m":1}',
      channel: "closed:a",
      data: { x: 1 },
      rawData: '{"x":1}',
      protocol: "json",
      transport: "websocket",
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/),
    });
  });

  test.each([
    ["open:a", undefined],
    ["closed:a", 103],
  ])("CHAN-07: a hook without an opinion leaves %s to its options", async (channel, code) => {
    expect(await (await hub(() => undefined).connect()).codeOf("subscribe", { channel })).toBe(code);
  });

  test("CHAN-07: tokens, private and user-limited channels are not the hook's", async () => {
    let asked = 0;
    const client = await hub(() => {
      asked += 1;
      return {};
    }).connect();
    expect(await client.codeOf("subscribe", { channel: "$closed:a" })).toBe(103);
    expect(await client.codeOf("subscribe", { channel: "dialog:#bob" })).toBe(103);
    expect(await client.codeOf("subscribe", { channel: "closed:a", token: "x" })).toBe(103);
    expect(asked).toBe(0);
  });

  test("CHAN-07: errors, failures and expired grants of the hook reach the client as errors", async () => {
    captureErrors();
    const client = await hub(({ channel }) => {
      if (channel === "open:error") return { error: { code: 1999, message: "no" } };
      if (channel === "open:late") return { expireAt: 1 };
      throw new Error("at /srv/secret.ts:1");
    }).connect();
    expect((await client.request("subscribe", { channel: "open:error" })).error).toEqual({
      code: 1999,
      message: "no",
    });
    expect(await client.codeOf("subscribe", { channel: "open:late" })).toBe(110);
    expect((await client.request("subscribe", { channel: "open:fails" })).error).toEqual({
      ...{ code: 100, message: "internal server error", temporary: true },
    });
  });

  test("CHAN-07: a disconnect of the hook closes", async () => {
    const client = await hub(() => ({ disconnect: { code: 4001, reason: "later" } })).connect();
    client.send({ subscribe: { channel: "open:a" } });
    expect(await client.closed).toEqual({ code: 4001, reason: "later" });
  });

  test("CHAN-07: a client that leaves while the hook thinks is not let in", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const room = hub(() => promise.then(() => ({})));
    const channel = "open:gone";
    const leaver = await room.connect();
    leaver.send({ subscribe: { channel } });
    await room.sockets();
    await leaver.close(1000, "bye");
    await room.untilEmpty();
    resolve();
    expect(await (await room.connect()).ask("presence_stats", { channel })).toEqual({
      num_clients: 0,
      num_users: 0,
    });
  });
});
