import { expect, test } from "vitest";
import { CHANNEL_LIMITS } from "../../../src/shared/limits.ts";
import { stopClock } from "../../support/clock.ts";
import type { HubClient } from "../../support/hub-client.ts";
import { sign } from "../../support/hub-config.ts";
import { captureErrors } from "../../support/log.ts";
import { FATES, Scene } from "../../support/node/delivery-scene.ts";
import type { TestHub } from "../../support/node/test-hub.ts";
import { until } from "../../support/until.ts";

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

/** How often a home has asked each of its followers for members, or for their number. */
const askedBy = ({ calls, home }: Scene) =>
  calls.filter(({ method, to }) => method === "members" && to !== home.name).length;

test("DELIV-25: each follower is asked once a second for either, however often clients ask", async () => {
  const scene = new Scene("keep", 2);
  const { channel } = scene;
  const [ann, bob] = [await join(scene.edge(0), channel, "ann"), await join(scene.edge(1), channel, "bob")];
  const clock = stopClock();
  await Promise.all(Array.from({ length: 5 }, () => usersAt(ann, channel)));
  expect(askedBy(scene)).toBe(1);
  for (let count = 0; count < 5; count += 1) await ann.ask("presence_stats", { channel });
  expect(askedBy(scene)).toBe(2);
  await bob.request("unsubscribe", { channel });
  clock.advance(CHANNEL_LIMITS.presenceAge);
  expect(await usersAt(ann, channel)).toEqual(["ann"]);
  expect(askedBy(scene)).toBe(3);
});

test("DELIV-25: questions of one frame are one call to the home, and its answer is that of all of them", async () => {
  const scene = new Scene("keep", 1);
  const { channel } = scene;
  const ann = await join(scene.edge(), channel, "ann");
  const ids = ann.send(...Array.from({ length: 100 }, () => ({ presence_stats: { channel } })));
  for (const id of ids)
    expect((await ann.reply(id)).presence_stats).toEqual({ num_clients: 1, num_users: 1 });
  expect(scene.calls.filter(({ method }) => method === "presence")).toHaveLength(1);
});

test.each(["at the home", "at another follower"])(
  "CHAN-41: presence that is asked on a join or leave knows of it, though followers are not asked again: %s",
  async (where) => {
    const scene = new Scene("keep", 2);
    const { channel, home } = scene;
    const watcher = await (where === "at the home" ? home : scene.edge(0)).connect();
    await watcher.subscribe(channel, { join_leave: true });
    await watcher.push("join");
    const bob = await join(scene.edge(1), channel, "bob");
    await watcher.push("join");
    stopClock();
    const stats = () => watcher.ask("presence_stats", { channel });
    expect([await usersAt(watcher, channel), await stats()]).toEqual([
      ["", "bob"],
      { num_clients: 2, num_users: 2 },
    ]);
    await join(scene.edge(1), channel, "cid");
    await watcher.push("join");
    expect([await usersAt(watcher, channel), await stats()]).toEqual([
      ["", "bob", "cid"],
      { num_clients: 3, num_users: 3 },
    ]);
    await bob.request("unsubscribe", { channel });
    await watcher.push("leave");
    expect([await usersAt(watcher, channel), await stats()]).toEqual([
      ["", "cid"],
      { num_clients: 2, num_users: 2 },
    ]);
    expect(askedBy(scene)).toBe(2);
  },
);

test("CHAN-41: who is announced and does not show in presence is not listed either", async () => {
  const scene = new Scene("keep", 2);
  const { channel, home } = scene;
  const watcher = await home.connect();
  await watcher.subscribe(channel, { join_leave: true });
  await watcher.push("join");
  await join(scene.edge(0), channel, "bob");
  await watcher.push("join");
  stopClock();
  expect(await usersAt(watcher, channel)).toEqual(["", "bob"]);
  const hidden = await scene.edge(0).connect({ token: await sign({ sub: "cid" }) });
  const override = { presence: { value: false } };
  await hidden.subscribe(channel, { token: await sign({ sub: "cid", channel, override }) });
  await watcher.push("join");
  expect(await usersAt(watcher, channel)).toEqual(["", "bob"]);
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
  const { channel } = scene;
  const [ann] = [await join(scene.edge(0), channel, "ann"), await join(scene.edge(1), channel, "bob")];
  scene.befall("members", FATES.hanging);
  const refusal = ann.codeOf("presence", { channel });
  await until(() => scene.calls.some(({ method }) => method === "members"));
  scene.giveUpCalls();
  expect(await refusal).toBe(100);
  scene.heal();
  await until(async () => (await ann.request("presence", { channel })).error === undefined);
  expect(await usersAt(ann, channel)).toEqual(["ann", "bob"]);
});
