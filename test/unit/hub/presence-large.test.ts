import { describe, expect, test } from "vitest";
import { encodeInfo } from "../../../src/protocol/json/encode-info.ts";
import { CHANNEL_LIMITS } from "../../../src/shared/limits.ts";
import { stopClock } from "../../support/clock.ts";
import type { HubClient } from "../../support/hub-client.ts";
import { adjustHub, sign } from "../../support/hub-config.ts";
import { ask, codeOf } from "../../support/node/api-client.ts";
import { Scene } from "../../support/node/delivery-scene.ts";
import type { TestHub } from "../../support/node/test-hub.ts";
import { firstWireVersions, oldWireVersions } from "../../support/old-wire-versions.ts";

/** Characters of an info: with less a test would need more members. */
const INFO = 40_000;
/** How many of them are one too many for a reply. */
const TOO_MANY = Math.ceil(CHANNEL_LIMITS.presenceLength / INFO);

async function join(hub: TestHub, channel: string, count: number): Promise<HubClient[]> {
  const info = "x".repeat(INFO);
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const client = await hub.connect({ token: await sign({ sub: `user ${index}`, info }) });
      await client.subscribe(channel);
      return client;
    }),
  );
}

/** A scene whose calls note how long their answers are. */
function weighed() {
  const scene = new Scene("keep", 2);
  const lengths: number[] = [];
  scene.way = async (_, carryOut) => {
    const answer = await carryOut();
    lengths.push(JSON.stringify(answer ?? null).length);
    return answer;
  };
  return { scene, lengths };
}

describe("a channel with more members than one reply may hold", () => {
  const PLACES = [
    { where: "at a follower", edge: TOO_MANY, home: 0, other: 0 },
    { where: "at the home", edge: 0, home: TOO_MANY, other: 0 },
    { where: "at two followers and the home", edge: TOO_MANY - 60, home: 30, other: 30 },
  ];

  test.each(PLACES)(
    "CHAN-42: presence is error 111 for everybody, before their infos are gathered, and presence_stats goes on: $where",
    async ({ edge, home, other }) => {
      const { scene, lengths } = weighed();
      const { channel } = scene;
      await join(scene.edge(0), channel, edge);
      await join(scene.home, channel, home);
      await join(scene.edge(1), channel, other);
      const watchers = await Promise.all(scene.hubs.map((hub) => hub.connect()));
      lengths.length = 0;
      for (const watcher of watchers) {
        expect(await watcher.codeOf("presence", { channel })).toBe(111);
        expect(await watcher.ask("presence_stats", { channel })).toMatchObject({ num_clients: TOO_MANY });
      }
      expect(await codeOf("presence", { channel })).toBe(111);
      expect(await ask("presence_stats", { channel })).toMatchObject({ num_clients: TOO_MANY });
      expect(Math.max(...lengths)).toBeLessThan(CHANNEL_LIMITS.presenceLength);
    },
  );

  test("CHAN-42: with one member less it is answered, wherever they are", async () => {
    const { scene } = weighed();
    const { channel } = scene;
    const many = await join(scene.edge(0), channel, TOO_MANY - 10);
    await join(scene.home, channel, 5);
    await join(scene.edge(1), channel, 5);
    const watchers = await Promise.all(scene.hubs.map((hub) => hub.connect()));
    for (const watcher of watchers) expect(await watcher.codeOf("presence", { channel })).toBe(111);
    const clock = stopClock();
    await many[0]?.request("unsubscribe", { channel });
    clock.advance(CHANNEL_LIMITS.presenceAge);
    for (const watcher of watchers) {
      const { presence } = await watcher.ask<{ presence: object }>("presence", { channel });
      expect(Object.keys(presence)).toHaveLength(TOO_MANY - 1);
    }
  });

  test("CHAN-42: so it is where a follower of the first build tells of all of them at once", async () => {
    const scene = new Scene("keep", 1);
    const { channel, home } = scene;
    adjustHub(scene.edge().name, { wireVersions: firstWireVersions });
    await join(scene.edge(), channel, TOO_MANY);
    const watcher = await home.connect();
    expect(await watcher.codeOf("presence", { channel })).toBe(111);
    expect(await watcher.ask("presence_stats", { channel })).toMatchObject({ num_clients: TOO_MANY });
  });

  test("CHAN-42: or where the home is of the first build", async () => {
    const scene = new Scene("keep", 1);
    const { channel } = scene;
    adjustHub(scene.edge().name, { wireVersions: oldWireVersions });
    const connInfo = JSON.stringify("x".repeat(INFO));
    const info = encodeInfo({ user: "", client: "", connInfo, chanInfo: undefined });
    const members = Array.from({ length: TOO_MANY }, (_, index) => [`${index}`, info]);
    scene.way = ({ method }, carryOut) =>
      method === "presence" ? (Promise.resolve(members) as ReturnType<typeof carryOut>) : carryOut();
    const watcher = await scene.subscriber(scene.edge());
    expect(await watcher.codeOf("presence", { channel })).toBe(111);
  });
});
