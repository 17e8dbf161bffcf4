import { beforeAll, describe, expect, test } from "vitest";
import { inSeconds, sign } from "../support/hub-config.ts";
import { ask } from "./api-client.ts";
import { epoch, type FrozenHubs, thawHubs, thawRoom } from "./frozen.ts";
import { UNDELIVERED } from "./frozen-gateway/config.ts";
import { testKinds } from "./kinds.ts";

describe("sessions that slept under an earlier build", () => {
  let hubs: FrozenHubs;
  beforeAll(async () => {
    hubs = await thawHubs();
  });

  test("STORE-21: they hear and publish where they did, at the home and at a follower, also the one in a row", async () => {
    const { ann, bob, large } = hubs;
    await ann.publish("kept:42", "from the home");
    await bob.publish("kept:42", "from a follower");
    for (const client of [ann, bob, large]) {
      expect(await client.publication("kept:42")).toMatchObject({
        data: "from the home",
        offset: 7,
        info: { user: "ann", conn_info: { name: "Ann" } },
      });
      expect(await client.publication("kept:42")).toMatchObject({ data: "from a follower", offset: 8 });
    }
  });

  test("STORE-21: their subscriptions and identity are known, in presence too", async () => {
    const { ann, bob } = hubs;
    for (const client of [ann, bob])
      expect(await client.codeOf("subscribe", { channel: "kept:42" })).toBe(105);
    const { presence } = await bob.ask<{ presence: object }>("presence", { channel: "kept:42" });
    const users = Object.values(presence).map(({ user }) => user);
    expect(users.sort()).toEqual(["ann", "bob", "large"]);
  });

  test("STORE-21: what nobody had delivered yet is recovered", async () => {
    const { bob, home } = hubs;
    await home.runAlarm();
    const channel = "kept:42/stuck";
    expect(await bob.push("unsubscribe")).toMatchObject({ channel, unsubscribe: { code: 2500 } });
    const { epoch: stream } = await ask("history", { channel });
    const subscribed = await bob.subscribe(channel, { recover: true, offset: 0, epoch: stream });
    expect(subscribed).toMatchObject({ recovered: true, publications: [{ data: UNDELIVERED }] });
  });

  test("STORE-21: who is away meanwhile recovers from an offset that the earlier build gave out", async () => {
    const late = await hubs.edge.connect();
    const { recovered, publications } = await late.subscribe("kept:42", { recover: true, epoch, offset: 4 });
    expect(recovered).toBe(true);
    expect(publications?.[0]).toMatchObject({ data: { text: "publication 5" }, offset: 5 });
  });

  test("STORE-21: tokens are refreshed, and what the API had added stays", async () => {
    const { bob } = hubs;
    const exp = inSeconds(1_000);
    const refresh = { token: await sign({ sub: "bob", exp, channels: ["state:bob"] }) };
    expect(await bob.ask("refresh", refresh)).toMatchObject({ expires: true });
    const channel = "kept:42/token";
    const renewal = { channel, token: await sign({ sub: "bob", exp, channel }) };
    expect(await bob.ask("sub_refresh", renewal)).toMatchObject({ expires: true });
    await ask("publish", { channel: "kept:42/added", data: "still here" });
    expect(await bob.publication("kept:42/added")).toMatchObject({ data: "still here", offset: 1 });
  });

  test("STORE-21: who had not connected may, and who was refused may not try again", async () => {
    const { refused, unconnected } = hubs;
    expect(await unconnected.ask("connect", {})).toMatchObject({ client: expect.any(String) });
    refused.send({ connect: {} });
    expect(await refused.closed).toMatchObject({ code: 3501 });
  });

  test("STORE-21: they leave as others do: it is announced, and the row goes", async () => {
    const { ann, bob, large, edge } = hubs;
    expect(await edge.rows("sessions")).toHaveLength(1);
    await Promise.all([bob.close(1000), large.close(1000)]);
    expect(await ann.push("leave")).toMatchObject({
      channel: "plain:lobby",
      leave: { info: { user: "bob" } },
    });
    expect(await edge.rows("sessions")).toEqual([]);
  });
});

test("STORE-22: members of a room that slept under an earlier build keep data, topics and protocol, and it ticks", async () => {
  const { room, first, second } = await thawRoom();
  expect(await room.alarm()).not.toBeNull();
  await room.runAlarm();
  for (const [client, seat, protocol] of [
    [first, "first", ""],
    [second, "second", "clock.v1"],
  ] as const) {
    expect(await client.next()).toBe("tick of tower");
    client.send("hello");
    const answer = JSON.parse(String(await client.next())) as object;
    expect(answer).toEqual({ seat, messages: 2, topics: ["ticks"], protocol });
  }
});

test("STORE-22: the kind of a room that slept under an earlier build may have got storage, an alarm and a heartbeat", async () => {
  const { room, first } = await thawRoom();
  const { kind } = room;
  testKinds[kind] = {
    ...testKinds[kind],
    heartbeat: { request: "ping", response: "pong" },
    start: ({ storage }) => storage.kv.put("starts", (storage.kv.get<number>("starts") ?? 0) + 1),
    message: (ws, _message, { storage }) => ws.send(`${storage.kv.get("starts")} ${ws.subscriptions}`),
    alarm() {},
  };
  first.send("hello");
  expect(await first.next()).toBe("1 ticks");
  first.send("ping");
  expect(await first.next()).toBe("pong");
  await room.runAlarm();
  expect(await first.next()).toBe("tick of tower");
});
