import { describe, expect, test } from "vitest";
import { userHome } from "../../src/channels/control.ts";
import { type WireVersions, wireVersions } from "../../src/hub-rpc/wire-versions.ts";
import { untilSettled } from "../support/delivery-scene.ts";
import type { HistoryBody, HubClient } from "../support/hub-client.ts";
import { adjustHub, sign } from "../support/hub-config.ts";
import { captureErrors } from "../support/log.ts";
import { nextWireVersions } from "../support/next-wire-versions.ts";
import { oldWireVersions } from "../support/old-wire-versions.ts";
import { ask, enableUserCommands } from "./api-client.ts";
import { TestHub } from "./test-hub.ts";

const { stored } = nextWireVersions;

const channelOf = (namespace: string) => `${namespace}:${crypto.randomUUID()}`;

/** A hub that runs one build until another is deployed on it. */
function hubOf(build: WireVersions, name?: string): TestHub {
  const hub = new TestHub(name === undefined ? {} : { name });
  adjustHub(hub.name, { wireVersions: build });
  return hub;
}

async function upgrade(hub: TestHub, build: WireVersions): Promise<void> {
  adjustHub(hub.name, { wireVersions: build });
  await hub.sleep();
}

/** A user whose control home is this one: hubs of one test follow it beyond that test. */
function userAt(home: string): string {
  for (;;) {
    const user = crypto.randomUUID();
    if (userHome(user) === home) return user;
  }
}

async function expectPublications(
  clients: readonly HubClient[],
  channel: string,
  expected: readonly object[],
) {
  for (const client of clients) {
    for (const publication of expected) expect(await client.publication(channel)).toMatchObject(publication);
  }
}

const BUILDS = [
  { where: "the next one at the home", home: nextWireVersions, edge: wireVersions, users: "users/0" },
  { where: "the next one at the follower", home: wireVersions, edge: nextWireVersions, users: "users/1" },
  { where: "the one before at the home", home: oldWireVersions, edge: wireVersions, users: "users/2" },
  { where: "the one before at the follower", home: wireVersions, edge: oldWireVersions, users: "users/3" },
];

describe.each(BUILDS)("this build and another serve one channel, $where", (builds) => {
  async function meet(namespace: string) {
    const channel = channelOf(namespace);
    const home = hubOf(builds.home, `home/${channel}`);
    const edge = hubOf(builds.edge);
    return { channel, home, edge, near: await home.connect(), far: await edge.connect() };
  }

  test("SKEW-01: every publication reaches everybody once and in order, also after sleep", async () => {
    const { channel, home, edge, near, far } = await meet("keep");
    for (const client of [near, far]) await client.subscribe(channel);
    await near.publish(channel, 1);
    await far.publish(channel, 2);
    await expectPublications([near, far], channel, [
      { data: 1, offset: 1 },
      { data: 2, offset: 2 },
    ]);
    await edge.sleep();
    await far.publish(channel, 3);
    await home.sleep();
    await near.publish(channel, 4);
    await expectPublications([near, far], channel, [
      { data: 3, offset: 3 },
      { data: 4, offset: 4 },
    ]);
    expect([...near.unread, ...far.unread]).toEqual([]);
  });

  test("SKEW-01: history, recovery and presence are the same for everybody", async () => {
    const { channel, edge, near, far } = await meet("keep");
    await near.subscribe(channel);
    const { epoch = "" } = await far.subscribe(channel);
    for (const data of [1, 2, 3]) await near.publish(channel, data);
    const [here, there] = [near, far].map((client) =>
      client.ask<HistoryBody>("history", { channel, limit: 10 }),
    );
    expect(await there).toEqual(await here);
    expect((await there)?.publications.map(({ data }) => data)).toEqual([1, 2, 3]);
    const late = await edge.connect();
    const recovered = await late.subscribe(channel, { recover: true, epoch, offset: 1 });
    expect(recovered).toMatchObject({ recovered: true, publications: [{ data: 2 }, { data: 3 }] });
    for (const client of [near, far]) {
      expect(await client.ask("presence_stats", { channel })).toEqual({ num_clients: 3, num_users: 1 });
    }
  });

  test("SKEW-01: a command on a user is carried out and answered", async () => {
    enableUserCommands();
    const user = userAt(builds.users);
    const home = hubOf(builds.home, builds.users);
    const edge = new TestHub({ config: { connection: { userCommands: true } } });
    adjustHub(edge.name, { wireVersions: builds.edge });
    await home.sleep();
    const client = await edge.connect({ token: await sign({ sub: user }) });
    expect(await ask("disconnect", { user })).toEqual({});
    expect(await client.closed).toMatchObject({ code: 3503 });
    await upgrade(home, wireVersions);
  });

  test("SKEW-01: join and leave, and what is not stored, pass between them", async () => {
    const { channel, near, far } = await meet("open");
    await near.subscribe(channel, { join_leave: true });
    await far.subscribe(channel);
    expect(await near.push("join")).toMatchObject({ channel });
    await far.publish(channel, "hello");
    await expectPublications([near, far], channel, [{ data: "hello" }]);
    await far.request("unsubscribe", { channel });
    expect(await near.push("leave")).toMatchObject({ channel });
  });
});

describe("a newer build takes over an object", () => {
  test("SKEW-02: sessions and streams of the build before go on, and are written anew", async () => {
    const channel = channelOf("keep");
    const hub = hubOf(wireVersions, `home/${channel}`);
    const client = await hub.connect();
    await client.subscribe(channel);
    await client.publish(channel, 1);
    await client.publication(channel);
    await upgrade(hub, nextWireVersions);
    await client.publish(channel, 2);
    expect(await client.publication(channel)).toMatchObject({ data: 2, offset: 2 });
    const history = await client.ask<HistoryBody>("history", { channel, limit: 10 });
    expect(history.publications.map(({ data }) => data)).toEqual([1, 2]);
    expect((await hub.rows("history")).map(({ version }) => version)).toEqual([1, stored.current]);
  });

  test("SKEW-02: so does a session that is too large for its attachment", async () => {
    const hub = hubOf(wireVersions);
    const client = await hub.connect();
    const channels = Array.from({ length: 100 }, (_, index) => `open:${index}-`.padEnd(255, "x"));
    for (const channel of channels) await client.subscribe(channel);
    await upgrade(hub, nextWireVersions);
    const [first = ""] = channels;
    expect(await client.codeOf("subscribe", { channel: first })).toBe(105);
    await client.request("unsubscribe", { channel: first });
    expect((await hub.rows("sessions")).map(({ version }) => version)).toEqual([stored.current]);
  });
});

describe("what a build does not know", () => {
  test("SKEW-03: a session of an unknown form is closed with 3001", async () => {
    const hub = hubOf(nextWireVersions);
    const client = await hub.connect();
    await upgrade(hub, wireVersions);
    client.send({ rpc: {} });
    expect(await client.closed).toEqual({ code: 3001, reason: "shutdown" });
  });

  test("SKEW-03: a stream of an unknown form begins anew: nothing of it is called recovered", async () => {
    const channel = channelOf("keep");
    const hub = hubOf(nextWireVersions, `home/${channel}`);
    const before = await hub.connect();
    const { epoch = "" } = await before.subscribe(channel);
    await before.publish(channel, 1);
    await upgrade(hub, wireVersions);
    const client = await hub.connect();
    const subscribed = await client.subscribe(channel, { recover: true, epoch, offset: 0 });
    expect(subscribed).toMatchObject({ was_recovering: true, epoch: expect.not.stringMatching(epoch) });
    expect(subscribed.recovered).toBeUndefined();
    await client.publish(channel, 2);
    expect(await client.publication(channel)).toMatchObject({ data: 2, offset: 1 });
  });

  test("SKEW-03: followers of a stream that begins anew are told to recover", async () => {
    const channel = channelOf("keep");
    const home = hubOf(nextWireVersions, `home/${channel}`);
    const edge = hubOf(wireVersions);
    const [near, far] = [await home.connect(), await edge.connect()];
    await far.subscribe(channel);
    await near.publish(channel, 1);
    await far.publication(channel);
    await upgrade(home, wireVersions);
    await edge.sleep();
    await (await home.connect()).publish(channel, 2);
    expect(await far.push("unsubscribe")).toMatchObject({ channel, unsubscribe: { code: 2500 } });
  });

  test("SKEW-03: a call of an unknown form is refused, and nothing of it is carried out", async () => {
    captureErrors();
    const channel = channelOf("keep");
    const home = hubOf(wireVersions, `home/${channel}`);
    const calls = { ...nextWireVersions.calls, current: 4, oldest: 3 };
    const far = await hubOf({ ...nextWireVersions, calls }).connect();
    expect(await far.codeOf("publish", { channel, data: 1 })).toBe(100);
    const near = await home.connect();
    const { publications } = await near.ask<HistoryBody>("history", { channel, limit: 10 });
    expect(publications).toEqual([]);
  });
});

describe("a build is taken back, and a stream begins anew", () => {
  async function meet() {
    const channel = channelOf("keep");
    const home = hubOf(wireVersions, `home/${channel}`);
    const edge = hubOf(wireVersions);
    const [near, far] = [await home.connect(), await edge.connect()];
    for (const client of [near, far]) await client.subscribe(channel);
    await upgrade(home, nextWireVersions);
    await ask("publish", { channel, data: 1 });
    await expectPublications([near, far], channel, [{ data: 1, offset: 1 }]);
    await untilSettled(home);
    await upgrade(home, wireVersions);
    return { channel, home, edge, near, far };
  }

  test("SKEW-03: sessions at the home and at followers are told", async () => {
    const { channel, near, far } = await meet();
    await ask("publish", { channel, data: 2 });
    for (const client of [near, far])
      expect(await client.push("unsubscribe")).toMatchObject({ channel, unsubscribe: { code: 2500 } });
    expect([...near.unread, ...far.unread]).toEqual([]);
  });

  test("SKEW-03: so they are when everybody sleeps before anything is published", async () => {
    const { channel, home, edge, near, far } = await meet();
    await ask("history", { channel });
    await home.sleep();
    await edge.sleep();
    await ask("publish", { channel, data: 2 });
    for (const client of [near, far])
      expect(await client.push("unsubscribe")).toMatchObject({ channel, unsubscribe: { code: 2500 } });
    expect([...near.unread, ...far.unread]).toEqual([]);
  });
});
