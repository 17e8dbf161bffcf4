import { describe, expect, test } from "vitest";
import type { Config } from "../../../src/config/config.ts";
import type { HistoryBody, HubClient } from "../../support/hub-client.ts";
import { sign } from "../../support/hub-config.ts";
import { captureErrors } from "../../support/log.ts";
import { scenario, TestHub } from "../../support/node/test-hub.ts";
import { until } from "../../support/until.ts";

const as = async (user: string, hub = new TestHub()) => hub.connect({ token: await sign({ sub: user }) });
const hooked = (hooks: NonNullable<Config["hooks"]>) => new TestHub({ config: { hooks } });

describe("history", () => {
  const fill = async (client: HubClient, channel: string) => {
    for (const data of ["a", "b", "c", "d", "e"]) await client.publish(channel, data);
  };

  scenario(
    "CHAN-30 CHAN-31: limit, since and reverse choose what is read",
    { namespace: "keep" },
    async ({ hub, channel }) => {
      const client = await hub.connect();
      await fill(client, channel);
      const read = async (body: object) => {
        const { publications } = await client.ask<HistoryBody>("history", { channel, ...body });
        return publications.map(({ data }) => data).join("");
      };
      const { epoch, ...position } = await client.ask<HistoryBody>("history", { channel });
      expect(position).toEqual({ publications: [], offset: 5 });
      const since = (offset: number, of = epoch) => ({ since: { offset, epoch: of } });
      expect(await read({ limit: -1 })).toBe("abcde");
      expect(await read({ limit: 2 })).toBe("ab");
      expect(await read({ limit: 100 })).toBe("abcde");
      expect(await read({ limit: 2, reverse: true })).toBe("ed");
      expect(await read({ limit: -1, reverse: true })).toBe("edcba");
      expect(await read({ limit: 2, ...since(2) })).toBe("cd");
      expect(await read({ limit: -1, ...since(2, "") })).toBe("cde");
      expect(await read({ limit: -1, ...since(0) })).toBe("abcde");
      expect(await read({ limit: -1, ...since(9) })).toBe("");
      expect(await read({ limit: 2, reverse: true, ...since(4) })).toBe("cb");
      expect(await read({ limit: 0, ...since(2) })).toBe("");
      expect(
        await client.codeOf("history", { channel, limit: 1, since: { offset: 1, epoch: "other" } }),
      ).toBe(112);
      expect(
        await client.codeOf("history", { channel, limit: 1, reverse: true, since: { offset: 0, epoch } }),
      ).toBe(107);
    },
  );

  test("CHAN-30: nothing brings more than 300 publications", async () => {
    const channel = `large:${crypto.randomUUID()}`;
    const client = await new TestHub({ name: `home/${channel}` }).connect();
    const ids = client.send(
      ...Array.from({ length: 305 }, (_, n) => ({ publish: { channel, data: n + 1 } })),
    );
    for (const id of ids) await client.reply(id);
    for (const limit of [-1, 1_000]) {
      const { publications } = await client.ask<HistoryBody>("history", { channel, limit });
      expect([publications.length, publications.at(-1)?.offset]).toEqual([300, 300]);
    }
    const newest = await client.ask<HistoryBody>("history", { channel, limit: -1, reverse: true });
    expect([newest.publications.length, newest.publications[0]?.offset]).toEqual([300, 305]);
  });

  test("CHAN-30: a channel that nobody has used has a position", async () => {
    const channel = `keep:${crypto.randomUUID()}`;
    const client = await new TestHub({ isSleepy: true }).connect();
    const first = await client.ask<HistoryBody>("history", { channel, limit: -1 });
    expect(first).toEqual({ publications: [], epoch: expect.stringMatching(/^\w{8}$/), offset: 0 });
    expect(await client.ask("history", { channel })).toEqual(first);
  });

  test.each([
    ["where there is none", "history", "open:a", "ann", 108],
    ["without the right", "history", "unasked:a", "ann", 103],
    ["as an anonymous user", "history", "users:a", "", 103],
    ["as a user", "history", "users:a", "ann", undefined],
    ["of an unknown namespace", "history", "nowhere:a", "ann", 102],
    ["of a bad name", "history", "keep:ü", "ann", 107],
    ["where there is none", "presence", "keep:a", "ann", undefined],
    ["where there is none", "presence", "closed:a", "ann", 108],
    ["without the right", "presence", "members:a", "ann", 103],
    ["as an anonymous user", "presence", "users:a", "", 103],
    ["as a user", "presence_stats", "users:a", "ann", undefined],
    ["where there is none", "presence_stats", "closed:a", "ann", 108],
    ["of an unknown namespace", "presence_stats", "nowhere:a", "ann", 102],
  ])("CHAN-08: %s: %s of %s by %j: %s", async (_, kind, channel, user, code) => {
    expect(await (await as(user)).codeOf(kind, { channel })).toBe(code);
  });

  test.each(["history", "presence", "presence_stats"])(
    "CHAN-08: %s of no channel closes with 3501",
    async (kind) => {
      const client = await new TestHub().connect();
      client.send({ [kind]: { channel: "" } });
      expect((await client.closed).code).toBe(3501);
    },
  );

  scenario(
    "CHAN-08: where only subscribers may look, they may",
    { namespace: "members" },
    async ({ hub, channel }) => {
      const client = await hub.connect();
      for (const kind of ["history", "presence"]) expect(await client.codeOf(kind, { channel })).toBe(103);
      await client.subscribe(channel);
      for (const kind of ["history", "presence"])
        expect(await client.codeOf(kind, { channel })).toBeUndefined();
    },
  );
});

describe("presence", () => {
  scenario(
    "DELIV-25: who is subscribed is present, and nobody else, at any moment",
    { namespace: "open" },
    async ({ hub, channel }) => {
      const token = await sign({ sub: "ann" });
      const clients = [await hub.connected({ token }), await hub.connected({ token }), await hub.connected()];
      const [one, two, watcher] = clients.map(({ client }) => client);
      if (!one || !two || !watcher) throw new Error("three clients");
      const stats = () => watcher.ask("presence_stats", { channel });
      expect(await stats()).toEqual({ num_clients: 0, num_users: 0 });
      await one.subscribe(channel);
      await two.subscribe(channel);
      expect(await stats()).toEqual({ num_clients: 2, num_users: 1 });
      await watcher.subscribe(channel);
      expect(await stats()).toEqual({ num_clients: 3, num_users: 2 });
      expect(await watcher.ask("presence", { channel })).toEqual({
        presence: Object.fromEntries(
          clients.map(({ connect: { client } }, index) => [client, { user: index < 2 ? "ann" : "", client }]),
        ),
      });
      await one.ask("unsubscribe", { channel });
      expect(await stats()).toEqual({ num_clients: 2, num_users: 2 });
      await hub.rest();
      await two.close(1000, "bye");
      await until(async () => (await hub.sockets()) === 2);
      expect(await stats()).toEqual({ num_clients: 1, num_users: 1 });
    },
  );
});

describe("presence in one frame", () => {
  scenario(
    "DELIV-25: each question finds what the commands before it have done",
    { namespace: "open" },
    async ({ hub, channel }) => {
      const client = await hub.connect();
      const kinds = ["presence_stats", "subscribe", "presence_stats", "unsubscribe", "presence_stats"];
      const ids = client.send(...kinds.map((kind) => ({ [kind]: { channel } })));
      const counts: unknown[] = [];
      for (const id of ids) counts.push((await client.reply(id)).presence_stats);
      const numbers = (count: number) => ({ num_clients: count, num_users: count });
      expect(counts).toEqual([numbers(0), undefined, numbers(1), undefined, numbers(0)]);
    },
  );
});

describe("unsubscribe", () => {
  scenario(
    "SESS-54: after it nothing of the channel comes, and it may be repeated",
    { namespace: "keep" },
    async ({ hub, channel }) => {
      const client = await hub.connect();
      await client.subscribe(channel);
      await client.publish(channel, 1);
      await client.publication(channel);
      for (let count = 0; count < 2; count += 1)
        expect(await client.ask("unsubscribe", { channel })).toEqual({});
      await client.publish(channel, 2);
      expect(await client.ask("history", { channel })).toMatchObject({ offset: 2 });
      expect(client.unread).toEqual([]);
    },
  );

  test("SESS-54: of no channel it closes with 3501, of a channel that cannot be it is answered", async () => {
    const client = await new TestHub().connect();
    expect(await client.ask("unsubscribe", { channel: "nowhere:ü" })).toEqual({});
    client.send({ unsubscribe: {} });
    expect((await client.closed).code).toBe(3501);
  });
});

describe("rpc and send", () => {
  test("SESS-55: without a hook a call is error 108, and a message closes with 3508", async () => {
    const client = await new TestHub().connect();
    expect(await client.codeOf("rpc", { method: "a" })).toBe(108);
    client.sendFrame('{"send":{"data":1}}');
    expect(await client.closed).toEqual({ code: 3508, reason: "not available" });
  });

  test("SESS-55: the hook answers calls, also after sleep", async () => {
    captureErrors();
    const hub = hooked({
      rpc: async ({ method, data, user, client, meta }) => {
        if (method === "echo") return { data: { data, user, client, meta } };
        if (method === "empty") return {};
        if (method === "null") return { data: null };
        if (method === "error") return { error: { code: 400, message: "no" } };
        if (method === "fail") throw new Error("/srv/secret.ts");
        return undefined;
      },
    });
    const { client, connect } = await hub.connected({ token: await sign({ sub: "ann", meta: { m: 1 } }) });
    await hub.sleep();
    const told = { user: "ann", client: connect.client, meta: { m: 1 } };
    expect(await client.ask("rpc", { method: "echo", data: [1] })).toEqual({ data: { data: [1], ...told } });
    expect(await client.ask("rpc", { method: "empty" })).toEqual({});
    expect(await client.ask("rpc", { method: "null" })).toEqual({ data: null });
    expect(await client.codeOf("rpc", { method: "error" })).toBe(400);
    expect(await client.codeOf("rpc", { method: "fail" })).toBe(100);
    expect(await client.codeOf("rpc", { method: "other" })).toBe(104);
  });

  test("SESS-56: the hook gets messages, and may close", async () => {
    const heard: unknown[] = [];
    const hub = hooked({
      message: ({ data }) => {
        heard.push(data);
        return data === "close" ? { disconnect: { code: 4444, reason: "enough" } } : undefined;
      },
    });
    const client = await hub.connect();
    client.sendFrame('{"send":{"data":{"a":1}}}\n{"send":{}}\n{"send":{"data":"close"}}');
    expect(await client.closed).toEqual({ code: 4444, reason: "enough" });
    expect(heard).toEqual([{ a: 1 }, undefined, "close"]);
    expect(client.unread).toEqual([]);
  });

  test("SESS-56: a message whose hook fails costs its client nothing", async () => {
    captureErrors();
    const hub = hooked({
      message: () => {
        throw new Error("no");
      },
    });
    const client = await hub.connect();
    client.sendFrame('{"send":{"data":1}}\n{"unsubscribe":{"channel":"open:a"},"id":9}');
    expect(await client.reply(9)).toEqual({ id: 9, unsubscribe: {} });
  });
});
