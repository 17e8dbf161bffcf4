import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { HubRpc } from "../../src/hub-rpc/hub-rpc.ts";
import type { PresenceCall } from "../../src/hub-rpc/messages.ts";
import { wireVersions } from "../../src/hub-rpc/wire-versions.ts";
import type { HubClient } from "../support/hub-client.ts";
import { adjustHub, sign } from "../support/hub-config.ts";
import { firstWireVersions } from "../support/old-wire-versions.ts";
import { ask } from "./api-client.ts";
import { Scene } from "./delivery-scene.ts";
import type { TestHub } from "./test-hub.ts";

const join = async (hub: TestHub, channel: string, sub: string): Promise<HubClient> => {
  const client = await hub.connect({ token: await sign({ sub }) });
  await client.subscribe(channel);
  return client;
};

const BUILDS = [
  { where: "at the home", home: firstWireVersions, edges: [wireVersions, wireVersions] },
  { where: "at the followers", home: wireVersions, edges: [firstWireVersions, firstWireVersions] },
  { where: "at one follower", home: wireVersions, edges: [firstWireVersions, wireVersions] },
];

describe.each(BUILDS)("a hub of the first build $where", ({ home, edges }) => {
  test("SKEW-01: presence lists and counts everybody, whoever asks", async () => {
    const scene = new Scene("keep", 2);
    const { channel } = scene;
    for (const [index, hub] of scene.hubs.entries())
      adjustHub(hub.name, { wireVersions: [home, ...edges][index] ?? wireVersions });
    const clients = [
      await join(scene.home, channel, "ann"),
      await join(scene.edge(0), channel, "bob"),
      await join(scene.edge(1), channel, "ann"),
    ];
    for (const client of clients) {
      const { presence } = await client.ask<{ presence: object }>("presence", { channel });
      const users = Object.values(presence).map(({ user }: { user: string }) => user);
      expect(users.sort()).toEqual(["ann", "ann", "bob"]);
      expect(await client.ask("presence_stats", { channel })).toEqual({ num_clients: 3, num_users: 2 });
    }
    expect(await ask("presence_stats", { channel })).toEqual({ num_clients: 3, num_users: 2 });
  });
});

test("SKEW-01: a hub of the first build that sends its own members is answered with them among all", async () => {
  const scene = new Scene("keep", 1);
  const { channel, home } = scene;
  await join(home, channel, "ann");
  const stub = env.HUB.getByName(home.name) as unknown as HubRpc;
  const members = [["b", '{"user":"bob","client":"b"}']] as const;
  const call = { version: 1, channel, asker: scene.edge().name, members };
  const answer = await stub.presence(call as unknown as PresenceCall);
  expect(answer).toHaveLength(2);
  expect(JSON.stringify(answer)).toContain("ann");
  expect(JSON.stringify(answer)).toContain("bob");
});
