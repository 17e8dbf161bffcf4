import { describe, expect, test } from "vitest";
import { sign } from "../../support/hub-config.ts";
import { scenario, TestHub } from "../../support/node/test-hub.ts";

const as = async (user: string, hub = new TestHub()) => hub.connect({ token: await sign({ sub: user }) });

describe("join and leave", () => {
  scenario(
    "SESS-35: who asks for it is told of those who come and go, of itself first, after the reply",
    { namespace: "open" },
    async ({ hub, channel }) => {
      const watcher = await hub.connected();
      await watcher.client.subscribe(channel, { join_leave: true });
      const info = (connect: { client: string }, user = "") => ({ info: { user, client: connect.client } });
      expect(await watcher.client.push("join")).toEqual({ channel, join: info(watcher.connect) });
      const kinds = watcher.client.frames
        .flatMap((frame) => String(frame).split("\n"))
        .map((line) => Object.keys(JSON.parse(line)).at(-1));
      expect(kinds).toEqual(["connect", "subscribe", "push"]);

      const guest = await hub.connected({ token: await sign({ sub: "ann" }) });
      await guest.client.subscribe(channel);
      expect(await watcher.client.push("join")).toEqual({ channel, join: info(guest.connect, "ann") });
      await guest.client.ask("unsubscribe", { channel });
      expect(await watcher.client.push("leave")).toEqual({ channel, leave: info(guest.connect, "ann") });
      expect(guest.client.unread).toEqual([]);
    },
  );

  scenario(
    "SESS-35: a client that goes away is announced as gone, also by a hub that slept",
    { namespace: "open" },
    async ({ hub, channel }) => {
      const watcher = await hub.connect();
      await watcher.subscribe(channel, { join_leave: true });
      const guests = [await hub.connected(), await hub.connected()];
      for (const guest of guests) await guest.client.subscribe(channel);
      for (let count = 0; count < 3; count += 1) await watcher.push("join");
      for (const { client, connect } of guests) {
        await hub.rest();
        await client.close(1000, "bye");
        expect(await watcher.push("leave")).toEqual({
          channel,
          leave: { info: { user: "", client: connect.client } },
        });
      }
      await hub.rest();
      expect(await watcher.ask("presence_stats", { channel })).toEqual({ num_clients: 1, num_users: 1 });
      expect(watcher.unread).toEqual([]);
    },
  );

  test("SESS-35: a client that the server closed is announced as gone once", async () => {
    const hub = new TestHub({ name: "home/open:kicked" });
    const watcher = await hub.connect();
    await watcher.subscribe("open:kicked", { join_leave: true });
    const guest = await hub.connect();
    await guest.subscribe("open:kicked");
    guest.send({ connect: {} });
    expect((await guest.closed).code).toBe(3501);
    await watcher.push("leave");
    await hub.sleep();
    await guest.close();
    expect(await watcher.ask("presence_stats", { channel: "open:kicked" })).toEqual({
      num_clients: 1,
      num_users: 1,
    });
    expect(watcher.unread.filter(({ push }) => push?.leave)).toEqual([]);
  });

  test.each([
    ["where the namespace forces it, without being asked", "announced", {}, true],
    ["not without being asked", "open", {}, false],
    ["not where presence may not be read", "discreet", { join_leave: true }, false],
    ["not where there is none", "keep", { join_leave: true }, true],
  ])("CHAN-10: events come %s", async (_, namespace, body, isTold) => {
    const client = await new TestHub().connect();
    const channel = `${namespace}:${crypto.randomUUID()}`;
    await client.subscribe(channel, body);
    await client.publish(channel, 1);
    await client.publication(channel);
    expect(client.unread.some(({ push }) => push?.join)).toBe(isTold);
  });
});

describe("positions", () => {
  test.each([
    ["keep", {}, { positioned: true, recoverable: true }],
    ["positioned", {}, { positioned: true }],
    ["positioned", { recoverable: true }, { positioned: true, recoverable: true }],
    ["asked", {}, {}],
    ["asked", { positioned: true }, { positioned: true }],
    ["asked", { recoverable: true }, { positioned: true, recoverable: true }],
    ["readers", { recoverable: true }, { positioned: true, recoverable: true }],
    ["unasked", { positioned: true, recoverable: true }, {}],
    ["open", { positioned: true, recoverable: true }, {}],
  ])("CHAN-09: in %s, %j gets %j", async (namespace, body, flags) => {
    const client = await new TestHub().connect();
    const channel = `${namespace}:${crypto.randomUUID()}`;
    await client.publish(channel, 1);
    const position = "positioned" in flags ? { epoch: expect.stringMatching(/^\w{8}$/), offset: 1 } : {};
    expect(await client.subscribe(channel, body)).toEqual({ ...flags, ...position });
  });

  test("CHAN-09: a token may force what its namespace does not", async () => {
    const client = await as("ann");
    const channel = `unasked:${crypto.randomUUID()}`;
    const token = await sign({ sub: "ann", channel, override: { force_recovery: { value: true } } });
    expect(await client.subscribe(channel, { token })).toMatchObject({ positioned: true, recoverable: true });
  });
});
