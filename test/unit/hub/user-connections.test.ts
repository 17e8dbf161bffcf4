import { beforeAll, describe, expect, test, vi } from "vitest";
import { userHome } from "../../../src/channels/control.ts";
import type { UserConnections } from "../../../src/overview/messages.ts";
import { OVERVIEW_LIMITS } from "../../../src/shared/limits.ts";
import { captureErrors } from "../../support/log.ts";
import { ask, codeOf, enableUserCommands } from "../../support/node/api-client.ts";
import { objectNamed } from "../../support/node/object.ts";
import { TestHub } from "../../support/node/test-hub.ts";
import { connectAs, newChannel, newHub, newUser, scene, sleepAll } from "../../support/node/users-scene.ts";

beforeAll(enableUserCommands);

const connectionsOf = async (user: string) =>
  (await ask("user_connections", { user })) as unknown as UserConnections;
const byClient = ({ connections }: UserConnections) =>
  Object.fromEntries(connections.map((connection) => [connection.client, connection]));

describe("the connections of a user", () => {
  test.each([false, true])("VIEW-14: on all hubs, and nobody else's (asleep: %s)", async (sleeps) => {
    const { user, hubs, here, there } = await scene();
    const channel = newChannel("open");
    await there.client.subscribe(channel);
    if (sleeps) await sleepAll([...hubs, new TestHub({ name: userHome(user) })]);
    const before = Date.now();
    const told = await connectionsOf(user);
    expect(byClient(told)).toEqual({
      [here.id]: {
        ...{ client: here.id, hub: hubs[0].name, transport: "websocket", protocol: "json" },
        ...{ connected_at: expect.any(Number), num_subscriptions: 0, channels: [] },
      },
      [there.id]: {
        ...{ client: there.id, hub: hubs[1].name, transport: "websocket", protocol: "json" },
        ...{ connected_at: expect.any(Number), num_subscriptions: 1, channels: [channel] },
      },
    });
    expect(told).toMatchObject({ more: 0, unanswered: 0 });
    expect(told.connections.every(({ connected_at }) => connected_at <= before)).toBe(true);
  });

  test("VIEW-14: a user without connections has none", async () => {
    expect(await connectionsOf(newUser())).toEqual({ connections: [], more: 0, unanswered: 0 });
  });

  test("VIEW-14: when it connected stays, also where the hub takes its pongs itself", async () => {
    const user = newUser();
    const { client, id } = await connectAs(user, newHub());
    const before = byClient(await connectionsOf(user))[id]?.connected_at;
    vi.setSystemTime(Date.now() + 60_000);
    client.sendRaw("{ }");
    const after = await connectionsOf(user);
    vi.useRealTimers();
    expect(byClient(after)[id]?.connected_at).toBe(before);
  });

  test("VIEW-14: of many at one hub 100 are listed, with 100 of their channels, and the others counted", async () => {
    const user = newUser();
    const hub = newHub();
    const many = OVERVIEW_LIMITS.hubConnections + 3;
    const [first] = await Promise.all(Array.from({ length: many }, () => connectAs(user, hub)));
    for (let index = 0; index < OVERVIEW_LIMITS.namedChannels + 1; index += 1)
      await first?.client.subscribe(newChannel("open"));
    const told = await connectionsOf(user);
    expect([told.connections.length, told.more]).toEqual([OVERVIEW_LIMITS.hubConnections, 3]);
    const { num_subscriptions, channels } = byClient(told)[first?.id ?? ""] ?? {};
    expect(num_subscriptions).toBe(OVERVIEW_LIMITS.namedChannels + 1);
    expect(channels).toHaveLength(OVERVIEW_LIMITS.namedChannels);
  });

  test("VIEW-14: a hub that does not answer is counted, and those that do are listed", async () => {
    const errors = captureErrors();
    const { user, hubs, there } = await scene();
    vi.spyOn(objectNamed(hubs[0].name), "take").mockRejectedValue(new Error("no such method"));
    const told = await connectionsOf(user);
    expect([Object.keys(byClient(told)), told.unanswered]).toEqual([[there.id], 1]);
    expect(errors()).toMatchObject([{ event: "hub.connections_untold", hub: hubs[0].name }]);
  });
});

test("VIEW-14: without user commands it is error 108", async () => {
  const user = newUser();
  const home = new TestHub({ name: userHome(user), config: { connection: { userCommands: false } } });
  await home.sleep();
  expect(await codeOf("user_connections", { user })).toBe(108);
});
