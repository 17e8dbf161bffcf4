import type { HubClient } from "../../support/hub-client.ts";
/** What goes on between hubs, each told as a record of what everybody got. */

import type { BackendEvent, EventBatch } from "../../../src/channels/backend-event.ts";
import { EVENT_KINDS } from "../../../src/channels/backend-event.ts";
import { userHome } from "../../../src/channels/control.ts";
import type { Config } from "../../../src/config/config.ts";
import { configureHub, inSeconds, sign } from "../../support/hub-config.ts";
import { until } from "../../support/until.ts";
import { enableUserCommands } from "../api-client.ts";
import { TestHub } from "../test-hub.ts";
import { deploy } from "./deploy.ts";
import { type Deployment, Meeting } from "./meeting.ts";

export type Scenario = (deployment: Deployment) => Promise<string>;

/** Whatever JSON.parse and JSON.stringify would change. */
const EXACT = '{"n":9007199254740993,"f":1.50,"e":1e2,"z":-0,"s":"😀\\ud83d"}';

const publishing =
  (namespace: string): Scenario =>
  async (deployment) => {
    const meeting = new Meeting(deployment, namespace);
    const both = await meeting.pair();
    const [near, far] = both;
    await meeting.ask(both, ["subscribe", { join_leave: true }]);
    await meeting.untilTold(both, '"join"', 1);
    for (let count = 1; count <= 15; count += 1)
      for (const client of both) await meeting.publish(client, EXACT);
    await meeting.untilTold(both, '"pub"', 30);
    for (const hub of [meeting.edge, meeting.home]) {
      await hub.sleep();
      await meeting.publish(hub === meeting.home ? near : far, '"after sleep"');
    }
    await meeting.untilTold(both, '"after sleep"', 2);
    await meeting.sleep();
    await meeting.api("publish", { data: EXACT, tags: { tag: "é" } });
    await meeting.untilTold(both, '"tag"', 1);
    return meeting.record;
  };

const presence: Scenario = async (deployment) => {
  const meeting = new Meeting(deployment, "keep");
  const both = await meeting.pair();
  await meeting.ask(both, ["subscribe", { join_leave: true }]);
  // One after the other: the record lists clients in the order in which they came.
  const guests: HubClient[] = [];
  for (const [place, hub] of meeting.places) guests.push(await meeting.connect(`guest ${place}`, hub));
  for (const guest of guests) await meeting.ask([guest], ["subscribe"]);
  await meeting.untilTold(both, '"join"', 3);
  await meeting.ask([...both, ...guests], ["presence"], ["presence_stats"]);
  await meeting.api("presence");
  await meeting.api("presence_stats");
  for (const guest of guests) await guest.request("unsubscribe", { channel: meeting.channel });
  await both[1].close();
  await meeting.untilTold(both.slice(0, 1), '"leave"', 3);
  await meeting.api("presence");
  return meeting.record;
};

const history: Scenario = async (deployment) => {
  const meeting = new Meeting(deployment, "large");
  const both = await meeting.pair();
  const [near] = both;
  const { epoch = "" } = await near.subscribe(meeting.channel);
  for (let count = 1; count <= 10; count += 1)
    for (const client of both) await meeting.publish(client, EXACT);
  const since = { epoch, offset: 7 };
  const reads = [
    {},
    { limit: 3 },
    { limit: -1 },
    { limit: 5, reverse: true },
    { limit: 5, since },
    { limit: 5, since, reverse: true },
    { limit: 5, since: { epoch: "another", offset: 7 } },
    { limit: 5, since: { epoch, offset: 700 } },
  ];
  for (const read of reads) {
    await meeting.ask(both, ["history", read]);
    await meeting.api("history", read);
  }
  // More than one reply can hold.
  const long = JSON.stringify("x".repeat(60_000));
  for (let count = 1; count <= 20; count += 1) for (const client of both) await meeting.publish(client, long);
  await meeting.ask(both, ["history", { limit: 60 }], ["history", { limit: -1 }]);
  for (const [place, hub] of meeting.places) {
    for (const offset of [0, 5, 50, 60, 70]) {
      const late = await meeting.connect(`from ${offset} at ${place}`, hub);
      await meeting.ask([late], ["subscribe", { recover: true, epoch, offset }]);
      await late.close();
    }
  }
  await meeting.api("history_remove");
  await meeting.api("history", { limit: 3 });
  return meeting.record;
};

const cache: Scenario = async (deployment) => {
  const meeting = new Meeting(deployment, "cache");
  const both = await meeting.pair();
  const { epoch = "" } = await both[0].subscribe(meeting.channel);
  for (const client of both) await meeting.publish(client, EXACT);
  for (const [place, hub] of meeting.places) {
    for (const offset of [0, 2]) {
      const late = await meeting.connect(`from ${offset} at ${place}`, hub);
      await meeting.ask([late], ["subscribe", { recover: true, epoch, offset }]);
    }
  }
  return meeting.record;
};

const conditions: Scenario = async (deployment) => {
  const meeting = new Meeting(deployment, "keep");
  const both = await meeting.pair();
  await meeting.ask(both, ["subscribe"]);
  for (const key of ["a", "a", "b"]) await meeting.api("publish", { data: key, idempotency_key: key });
  for (const version of [1, 3, 2]) await meeting.api("publish", { data: version, version });
  await meeting.sleep();
  await meeting.api("publish", { data: "a", idempotency_key: "a" });
  await meeting.api("publish", { data: 2, version: 2 });
  await meeting.api("publish", { data: "passing", skip_history: true });
  const { channel } = meeting;
  await meeting.api("broadcast", { channels: [channel, "unknown:x", channel], data: "wide" });
  await meeting.api("batch", {
    commands: [{ publish: { channel, data: "last" } }, { history: { channel, limit: 2 } }],
  });
  await meeting.untilTold(both, '"pub":{"data":"last"', 1);
  return meeting.record;
};

/** A scenario at the hub that knows a user's connections, which other tests use too. */
async function atUserHome(
  deployment: Deployment,
  config: Config,
  run: (meeting: Meeting, home: TestHub) => Promise<void>,
): Promise<string> {
  const meeting = new Meeting(deployment, "keep", config);
  const home = new TestHub({ name: userHome(meeting.user), config });
  deploy(home.name, deployment.home);
  await home.sleep();
  await run(meeting, home);
  deploy(home.name, "new");
  configureHub(home.name, {});
  await home.sleep();
  return meeting.record;
}

const userCommands: Scenario = (deployment) => {
  enableUserCommands();
  return atUserHome(deployment, { connection: { userCommands: true } }, async (meeting, home) => {
    const { user, channel } = meeting;
    const [near, far] = await meeting.pair();
    const other = await meeting.connect("other", meeting.edge, { sub: user });
    const all = [near, far, other];
    await meeting.api("subscribe", { user, info: { a: 1 }, data: { b: 2 }, expire_at: inSeconds(3_600) });
    await meeting.untilTold(all, '"subscribe"', 1);
    await home.sleep();
    await meeting.edge.sleep();
    await meeting.api("unsubscribe", { user });
    await meeting.untilTold(all, '"unsubscribe"', 1);
    await meeting.api("refresh", { user, expire_at: inSeconds(3_600), info: { fresh: "😀" } });
    await meeting.untilTold(all, '"refresh"', 1);
    await meeting.ask([far], ["publish", { data: "fresh" }]);
    await meeting.api("history", { limit: 1 });
    const id = meeting.idOf("far");
    await meeting.api("subscribe", { user, channel: `${channel}/far`, client: id });
    await meeting.untilTold([far], '/far","subscribe"', 1);
    const disconnect = { code: 4_600, reason: "ünd weg" };
    await meeting.api("disconnect", { user, whitelist: [id], disconnect });
    meeting.note([await near.closed, await other.closed, far.isClosed]);
    await meeting.api("disconnect", { user });
    meeting.note(await far.closed);
  });
};

const userLimit: Scenario = (deployment) =>
  atUserHome(deployment, { connection: { userConnectionLimit: 2 } }, async (meeting) => {
    const { home, edge, user } = meeting;
    const token = await sign({ sub: user });
    const enter = async (hub: TestHub) => {
      const client = await hub.open();
      const entered = await client.request("connect", { token }).then(
        () => "connected",
        () => client.closed,
      );
      meeting.note(entered);
      return client;
    };
    const clients = [await enter(home), await enter(edge), await enter(edge), await enter(home)];
    meeting.note(clients.map(({ isClosed }) => isClosed));
  });

const events: Scenario = async (deployment) => {
  const told: BackendEvent[] = [];
  const queue = { send: async (batch: EventBatch) => void told.push(...batch.events) };
  const config = { events: { webhook: "https://backend.test/", kinds: EVENT_KINDS } };
  const meeting = new Meeting(deployment, "keep", config, { EVENTS: queue });
  const untilCount = (kind: string, count: number) =>
    until(() => told.filter((event) => event.kind === kind).length >= count, `${count} of ${kind}`);
  const [, far] = await meeting.pair();
  await meeting.ask([far], ["subscribe"]);
  await untilCount("channel.occupied", 1);
  await meeting.edge.sleep();
  await far.close();
  await untilCount("member.left", 1);
  await until(async () => {
    for (const hub of [meeting.edge, meeting.home]) await hub.runAlarm();
    return told.some(({ kind }) => kind === "channel.vacated");
  });
  const facts = told.map((event) => [
    event.kind,
    "channel" in event && event.channel,
    "user" in event && event.user,
  ]);
  meeting.note([...new Set(facts.map((fact) => JSON.stringify(fact)))].sort());
  return meeting.record;
};

export const scenarios: Readonly<Record<string, Scenario>> = {
  "publications with a history": publishing("keep"),
  "publications without": publishing("open"),
  presence,
  history,
  "a cached state": cache,
  conditions,
  "commands on users": userCommands,
  "a limit of connections": userLimit,
  events,
};
