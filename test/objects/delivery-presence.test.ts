import { expect, test } from "vitest";
import { CHANNEL_LIMITS } from "../../src/limits.ts";
import { until } from "./client.ts";
import { stopClock } from "./clock.ts";
import { FATES, Scene } from "./delivery-scene.ts";
import type { HubClient } from "./hub-client.ts";
import { sign } from "./hub-config.ts";
import { setTimeoutOf } from "./hub-links.ts";
import { captureErrors } from "./log.ts";
import type { TestHub } from "./test-hub.ts";

interface Presence {
  readonly presence: Readonly<Record<string, { readonly client: string; readonly user?: string }>>;
}

const usersAt = async (client: HubClient, channel: string) =>
  Object.values((await client.ask<Presence>("presence", { channel })).presence)
    .map(({ user }) => user)
    .sort();

const join = async (hub: TestHub, channel: string, user: string) => {
  const client = await hub.connect({ token: await sign({ sub: user }) });
  await client.subscribe(channel);
  return client;
};

test("DELIV-25: presence counts every connection on every hub, whoever asks", async () => {
  const scene = new Scene("keep", 2);
  const { channel, home } = scene;
  const [ann, bob] = [await join(scene.edge(0), channel, "ann"), await join(scene.edge(1), channel, "bob")];
  const ann2 = await join(home, channel, "ann");
  await join(scene.edge(0), channel, "cid");
  for (const client of [ann, bob, ann2]) {
    expect(await usersAt(client, channel)).toEqual(["ann", "ann", "bob", "cid"]);
    expect(await client.ask("presence_stats", { channel })).toEqual({ num_clients: 4, num_users: 3 });
  }
  const clients = Object.values((await ann.ask<Presence>("presence", { channel })).presence);
  expect(new Set(clients.map(({ client }) => client)).size).toBe(4);
});

test("DELIV-25: each follower is asked once a second, however often clients ask", async () => {
  const scene = new Scene("keep", 2);
  const { channel, home } = scene;
  const [ann, bob] = [await join(scene.edge(0), channel, "ann"), await join(scene.edge(1), channel, "bob")];
  const clock = stopClock();
  const asked = () => scene.calls.filter(({ method, to }) => method === "members" && to !== home.name).length;
  await Promise.all(Array.from({ length: 5 }, () => usersAt(ann, channel)));
  expect(asked()).toBe(1);
  await bob.request("unsubscribe", { channel });
  clock.advance(CHANNEL_LIMITS.presenceAge);
  expect(await usersAt(ann, channel)).toEqual(["ann"]);
  expect(asked()).toBe(2);
});

test("DELIV-26: a hub that has lost its sockets answers that nobody is there", async () => {
  const scene = new Scene("keep", 2);
  const { channel } = scene;
  const [ann] = [await join(scene.edge(0), channel, "ann"), await join(scene.edge(1), channel, "bob")];
  await scene.edge(1).crash();
  expect(await usersAt(ann, channel)).toEqual(["ann"]);
});

test("DELIV-26: a hub that has slept answers for all of its sessions", async () => {
  const scene = new Scene("keep", 2);
  const { channel, home } = scene;
  const [ann] = [await join(scene.edge(0), channel, "ann"), await join(scene.edge(1), channel, "bob")];
  for (const hub of [home, ...scene.edges]) await hub.sleep();
  expect(await usersAt(ann, channel)).toEqual(["ann", "bob"]);
});

test("DELIV-27: where one hub does not answer, presence is error 100 rather than wrong", async () => {
  captureErrors();
  const scene = new Scene("keep", 2);
  const { channel, home } = scene;
  setTimeoutOf(home.name, 50);
  const [ann] = [await join(scene.edge(0), channel, "ann"), await join(scene.edge(1), channel, "bob")];
  scene.befall("members", FATES.hanging);
  expect(await ann.codeOf("presence", { channel })).toBe(100);
  scene.heal();
  await until(async () => (await ann.request("presence", { channel })).error === undefined);
  expect(await usersAt(ann, channel)).toEqual(["ann", "bob"]);
});
