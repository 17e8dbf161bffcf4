import { describe, expect, test } from "vitest";
import { deploy } from "./builds/deploy.ts";
import { ALL_NEW, type Deployment, Meeting } from "./builds/meeting.ts";
import { type Scenario, scenarios } from "./builds/scenarios.ts";
import { TestHub } from "./test-hub.ts";

const DEPLOYMENTS: readonly Deployment[] = [
  { home: "old", edge: "new", api: "new" },
  { home: "new", edge: "old", api: "old" },
];

function compare(title: string, scenario: Scenario): void {
  describe(title, () => {
    let alike: Promise<string> | undefined;
    test.each(DEPLOYMENTS)("SKEW-04: home $home, follower $edge, API $api", async (deployment) => {
      alike ??= scenario(ALL_NEW);
      const expected = await alike;
      expect(await scenario(deployment)).toBe(expected);
    });
  });
}

describe("the build before and this one serve a channel as this one does alone", () => {
  for (const [title, scenario] of Object.entries(scenarios)) compare(title, scenario);
});

test("SKEW-04 PB-17: the build before this one closes a client that speaks Protobuf, and keeps the others", async () => {
  const hub = new TestHub();
  const json = await hub.connect();
  const protobuf = await hub.open("?format=protobuf");
  await protobuf.ask("connect");
  for (const client of [json, protobuf]) await client.subscribe("keep:a");
  deploy(hub.name, "old");
  await hub.sleep();
  await json.publish("keep:a", 1);
  expect(await json.publication("keep:a")).toMatchObject({ data: 1, offset: 1 });
  expect(await protobuf.closed).toMatchObject({ code: 3001 });
});

describe("objects go forward and back between the build before and this one", () => {
  compare("all that is stored", async (deployment) => {
    const meeting = new Meeting(deployment, "keep");
    const both = await meeting.pair();
    // Does not fit into an attachment.
    const large = await meeting.connect("large", meeting.edge);
    const others = Array.from({ length: 100 }, (_, index) => `open:${index}-`.padEnd(255, "x"));
    for (const channel of others) await large.subscribe(channel);
    const [near] = both;
    const { epoch = "" } = await near.subscribe(meeting.channel, { join_leave: true });
    await meeting.ask(both.slice(1), ["subscribe", { join_leave: true }]);
    await meeting.untilTold(both, '"join"', 1);
    const { home, edge } = deployment;
    const lives = [
      { home, edge },
      { home: edge, edge },
      { home: edge, edge: home },
      { home, edge: home },
      { home, edge },
    ];
    for (const [index, builds] of lives.entries()) {
      await meeting.sleep();
      meeting.deploy(builds);
      await meeting.sleep();
      for (const client of both) await meeting.publish(client, `{"n":9007199254740993,"life":${index}}`);
      await meeting.api("publish", { data: index, idempotency_key: "once" });
      await meeting.api("publish", { data: { index }, version: 10 - index });
      await meeting.untilTold(both, `"life":${index}}`, 2);
      await meeting.ask(both, ["presence"], ["history", { limit: -1 }]);
      const late = await meeting.connect(`late ${index}`, meeting.edge);
      await meeting.ask([late], ["subscribe", { recover: true, epoch, offset: 1 }]);
      await late.close();
      await meeting.untilTold(both, '"leave"', index + 1);
      meeting.note(await large.codeOf("subscribe", { channel: others[index] }));
    }
    return meeting.record;
  });
});
