import { beforeAll, describe, expect, test } from "vitest";
import { controlChannel, userHome } from "../../../src/channels/control.ts";
import { BLOCK_LIMITS } from "../../../src/shared/limits.ts";
import { stopClock } from "../../support/clock.ts";
import type { Closing } from "../../support/hub-client.ts";
import { configureHub, inSeconds, sign } from "../../support/hub-config.ts";
import { setWay } from "../../support/hub-links.ts";
import { captureErrors } from "../../support/log.ts";
import { ask, call, codeOf, enableUserCommands } from "../../support/node/api-client.ts";
import { stubOf } from "../../support/node/object.ts";
import { TestHub } from "../../support/node/test-hub.ts";
import {
  arrived,
  connectAs,
  connecting,
  newHub,
  newUser,
  scene,
  sleepAll,
} from "../../support/node/users-scene.ts";
import { until } from "../../support/until.ts";

beforeAll(enableUserCommands);

const BLOCKED = { code: 3510, reason: "blocked" };
const homeOf = (user: string) => new TestHub({ name: userHome(user) });

/** How a connection ends that is not let in. */
async function refusal(user: string, hub: TestHub): Promise<Closing> {
  const client = await hub.open();
  client.send({ connect: { token: await sign({ sub: user, exp: inSeconds(1e6) }) } });
  return client.closed;
}

describe("block_user", () => {
  test("BLOCK-01: the connections of a user are closed on all hubs, and nobody else's", async () => {
    const { user, here, there, other } = await scene();
    expect(await ask("block_user", { user, reason: "spam" })).toEqual({});
    for (const { client } of [here, there])
      expect(await client.closed).toEqual({ code: 3510, reason: "spam" });
    await arrived(other.client);
    expect(other.client.isClosed).toBe(false);
  });

  test.each([1000, 0])(
    "BLOCK-02: a blocked user is refused on every hub, also when all have slept, until unblocked (limit %i)",
    async (userConnectionLimit) => {
      const user = newUser();
      const config = { connection: { userCommands: true, userConnectionLimit } };
      configureHub(userHome(user), config);
      await homeOf(user).sleep();
      const hubs = [newHub(config), newHub(config)];
      const [first = newHub(), second = newHub()] = hubs;
      await connectAs(newUser(), first);
      await ask("block_user", { user });
      expect(await refusal(user, first)).toEqual(BLOCKED);
      await sleepAll([homeOf(user), ...hubs]);
      expect(await refusal(user, first)).toEqual(BLOCKED);
      expect(await refusal(user, second)).toEqual(BLOCKED);
      await connectAs(newUser(), second);
      expect(await ask("unblock_user", { user })).toEqual({});
      await connectAs(user, first);
      configureHub(userHome(user), { connection: { userCommands: true } });
      await homeOf(user).sleep();
    },
  );

  test("BLOCK-02: a connection that is being set up is closed", async () => {
    const { user, waiting, letGo, witness } = await connecting();
    await ask("block_user", { user });
    letGo();
    expect(await waiting.closed).toEqual(BLOCKED);
    expect(await witness.closed).toEqual(BLOCKED);
  });

  test("BLOCK-02: who is blocked before the hub follows the user's commands, but after it was let in, is closed", async () => {
    const user = newUser();
    const hub = newHub();
    const calls: string[] = [];
    setWay(hub.name, async ({ method }, carryOut) => {
      calls.push(method);
      // The home has let the connection in, and hears of the hub only after the block.
      if (method === "follow") await until(() => calls.includes("admitUser"));
      if (method === "follow") await ask("block_user", { user });
      return carryOut();
    });
    expect(await refusal(user, hub)).toEqual(BLOCKED);
    expect(calls.toSorted()).toEqual(["admitUser", "admitUser", "follow"]);
    setWay(hub.name, undefined);
    await connectAs(newUser(), hub);
  });

  test("BLOCK-02: a hub that follows already asks once", async () => {
    const user = newUser();
    const hub = newHub();
    await connectAs(user, hub);
    const calls: string[] = [];
    setWay(hub.name, ({ method }, carryOut) => {
      calls.push(method);
      return carryOut();
    });
    await connectAs(user, hub);
    expect(calls).toEqual(["admitUser"]);
  });

  test("BLOCK-03: a block ends at its time, and its row goes", async () => {
    const clock = stopClock();
    const user = newUser();
    await ask("block_user", { user, until: inSeconds(3600) });
    const hub = newHub();
    expect(await refusal(user, hub)).toEqual(BLOCKED);
    clock.advance(3601e3);
    await connectAs(user, hub);
    const home = homeOf(user);
    const isKept = async () =>
      (await home.tables()).includes("blocked_users") &&
      (await home.rows("blocked_users")).some((row) => row.user === user);
    expect(await isKept()).toBe(true);
    await home.runAlarm();
    expect(await isKept()).toBe(false);
  });

  test("BLOCK-03: a second block takes the place of the first", async () => {
    const user = newUser();
    await ask("block_user", { user, until: inSeconds(60) });
    await ask("block_user", { user, until: inSeconds(3600), reason: "again" });
    expect(await refusal(user, newHub())).toEqual({ code: 3510, reason: "again" });
  });

  test("BLOCK-04: a block has an end within 366 days, a plain reason and a user", async () => {
    const user = newUser();
    const longest = BLOCK_LIMITS.longest / 1000;
    for (const wrong of [
      { user, until: inSeconds(-1) },
      { user, until: inSeconds(longest + 60) },
      { user, until: 1.5 },
      { user, reason: "x".repeat(124) },
      { user, reason: "{}" },
      { user: "" },
      {},
    ])
      expect(await codeOf("block_user", wrong), JSON.stringify(wrong)).toBe(107);
    expect(await codeOf("unblock_user", { user: "" })).toBe(107);
    await connectAs(user, newHub());
    expect(await call("block_user", { user, until: inSeconds(longest - 60) })).toEqual({ result: {} });
  });

  test("BLOCK-05: without commands on users there are no blocks", async () => {
    const user = newUser();
    configureHub(userHome(user), { connection: { userCommands: false } });
    await homeOf(user).sleep();
    expect(await codeOf("block_user", { user })).toBe(108);
    expect(await codeOf("unblock_user", { user })).toBe(108);
    configureHub(userHome(user), { connection: { userCommands: true } });
    await homeOf(user).sleep();
    await connectAs(user, newHub());
  });

  test("BLOCK-06: a control home that follows, but does not say who may come in, lets in", async () => {
    const user = newUser();
    await ask("block_user", { user });
    const errors = captureErrors();
    const hub = newHub();
    setWay(hub.name, ({ method }, carryOut) =>
      method === "admitUser" ? Promise.reject(new Error("gone")) : carryOut(),
    );
    await connectAs(user, hub);
    expect(errors()).toMatchObject([{ event: "hub.user_uncounted" }]);
  });

  test("BLOCK-07: to a hub of a build that knows no blocks, a blocked user is one with too many connections", async () => {
    const user = newUser();
    await ask("block_user", { user });
    const asked = { hub: "edge/weur/0", user, count: 1, version: 1 };
    const home = stubOf(userHome(user));
    expect(await home.admitUser(asked)).toBe(false);
    expect(await home.admitUser({ ...asked, knowsBlocks: true })).toEqual({ blocked: "blocked" });
    expect(await home.admitUser({ ...asked, user: newUser() })).toBe(true);
    expect(controlChannel(user)).toContain(userHome(user));
  });
});
