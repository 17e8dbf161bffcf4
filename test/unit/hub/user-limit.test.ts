import { describe, expect, test } from "vitest";
import { userHome } from "../../../src/channels/control.ts";
import type { Config } from "../../../src/config/config.ts";
import { hash } from "../../../src/shared/hash.ts";
import { SESSION_LIMITS } from "../../../src/shared/limits.ts";
import { stopClock } from "../../support/clock.ts";
import type { Closing } from "../../support/hub-client.ts";
import { configureHub, sign } from "../../support/hub-config.ts";
import { setWay } from "../../support/hub-links.ts";
import { captureErrors } from "../../support/log.ts";
import { TestHub } from "../../support/node/test-hub.ts";
import { connectAs, newUser } from "../../support/node/users-scene.ts";

/** Milliseconds between two pings. */
const INTERVAL = 30_000;
const LIMIT = { code: 3504, reason: "connection limit" };

/** A user of so many connections, and hubs that count them together. */
function limited(userConnectionLimit: number, connection: Config["connection"] = {}) {
  const config = { connection: { userCommands: true, userConnectionLimit, ...connection } };
  const user = newUser();
  const home = new TestHub({ name: userHome(user) });
  configureHub(home.name, config);
  return { user, home, newHub: () => new TestHub({ config }) };
}

/** How a connection ends that is not let in. */
async function refusal(user: string, hub: TestHub): Promise<Closing> {
  const client = await hub.open();
  client.send({ connect: { token: await sign({ sub: user }) } });
  return client.closed;
}

describe("all hubs together", () => {
  test("ABUSE-22: a user of one connection has it on one hub of twenty, and on another when it is gone", async () => {
    const { user, home, newHub } = limited(1);
    await home.sleep();
    const hubs = Array.from({ length: 20 }, newHub);
    const { client } = await connectAs(user, hubs[0] ?? newHub());
    for (const hub of hubs.slice(1)) expect(await refusal(user, hub)).toEqual(LIMIT);
    await connectAs(newUser(), hubs[1] ?? newHub());
    await client.close(1000, "bye");
    await connectAs(user, hubs[19] ?? newHub());
    expect(await refusal(user, hubs[0] ?? newHub())).toEqual(LIMIT);
  });

  test("ABUSE-22: of connections that come at once on several hubs no more get in than may", async () => {
    const { user, home, newHub } = limited(2);
    await home.sleep();
    const token = await sign({ sub: user });
    const clients = await Promise.all(Array.from({ length: 6 }, () => newHub().open()));
    for (const client of clients) client.send({ connect: { token } });
    const ends = await Promise.all(
      clients.map((client) =>
        client.reply(1).then(
          ({ connect }) => connect !== undefined,
          () => false,
        ),
      ),
    );
    expect(ends.filter(Boolean).length).toBeLessThanOrEqual(2);
    expect(ends.filter(Boolean).length).toBeGreaterThan(0);
  });

  test("ABUSE-22: what the control home has forgotten in its sleep it asks the hubs", async () => {
    const { user, home, newHub } = limited(2);
    await home.sleep();
    const hubs = [newHub(), newHub(), newHub()];
    for (const hub of hubs.slice(0, 2)) await connectAs(user, hub);
    for (const hub of [home, ...hubs]) await hub.sleep();
    for (const hub of hubs) expect(await refusal(user, hub)).toEqual(LIMIT);
    await connectAs(newUser(), hubs[2] ?? newHub());
  });

  test("ABUSE-22: a control home that does not answer, or is of a build that does not count, lets in", async () => {
    const { user, home, newHub } = limited(1);
    await home.sleep();
    const errors = captureErrors();
    const hub = newHub();
    await connectAs(user, newHub());
    setWay(hub.name, (call, carryOut) =>
      call.method === "admitUser" ? Promise.reject(new TypeError("no such method")) : carryOut(),
    );
    await connectAs(user, hub);
    expect(errors()).toMatchObject([{ event: "hub.user_uncounted" }]);
  });

  test("ABUSE-22: a hub that does not answer the control home counts for nothing", async () => {
    const { user, home, newHub } = limited(1);
    await home.sleep();
    captureErrors();
    await connectAs(user, newHub());
    setWay(home.name, (call, carryOut) =>
      call.method === "userCounts" ? Promise.reject(new Error("gone")) : carryOut(),
    );
    await connectAs(user, newHub());
    setWay(home.name, undefined);
  });

  test("ABUSE-23: a connection on another hub that has not answered its ping makes room", async () => {
    const clock = stopClock();
    const { user, home, newHub } = limited(1, { pingInterval: INTERVAL / 1000 });
    await home.sleep();
    const [first, second] = [newHub(), newHub()];
    const { client } = await connectAs(user, first);
    await untilPinged(first, clock);
    expect(await refusal(user, second)).toEqual(LIMIT);
    clock.advance(SESSION_LIMITS.pongDelay);
    await connectAs(user, second);
    expect(await client.closed).toEqual({ code: 3012, reason: "no pong" });
  });
});

/** Lets time pass until the hub sends a ping. */
async function untilPinged(hub: TestHub, clock: { advance(milliseconds: number): void }) {
  const phase = hash(hub.name) % INTERVAL;
  const wait = (phase + INTERVAL - (Date.now() % INTERVAL)) % INTERVAL;
  await hub.pass(clock, wait / 1000);
}

test("ABUSE-23: a connection that has not answered its ping makes room on its hub, one that has does not", async () => {
  const clock = stopClock();
  const hub = new TestHub({
    config: { connection: { userConnectionLimit: 2, pingInterval: INTERVAL / 1000 } },
  });
  const user = newUser();
  const { client: silent } = await connectAs(user, hub);
  const { client: lively } = await connectAs(user, hub);
  await untilPinged(hub, clock);
  await lively.request("rpc");
  expect(await refusal(user, hub)).toEqual(LIMIT);
  clock.advance(SESSION_LIMITS.pongDelay);
  await connectAs(user, hub);
  expect(await silent.closed).toEqual({ code: 3012, reason: "no pong" });
  expect(await refusal(user, hub)).toEqual(LIMIT);
  expect(lively.isClosed).toBe(false);
});

test("ABUSE-23: where nobody has to answer pings, nobody makes room", async () => {
  const clock = stopClock();
  const hub = new TestHub({
    config: { connection: { userConnectionLimit: 1, pingInterval: INTERVAL / 1000, pong: false } },
  });
  const user = newUser();
  await connectAs(user, hub);
  await untilPinged(hub, clock);
  clock.advance(SESSION_LIMITS.pongDelay);
  expect(await refusal(user, hub)).toEqual(LIMIT);
});
