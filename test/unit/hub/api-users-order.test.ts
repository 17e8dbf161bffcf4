import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { userHome } from "../../../src/channels/control.ts";
import { Management } from "../../../src/fronts/server-api/management.ts";
import { API_LIMITS, HUB_LIMITS } from "../../../src/shared/limits.ts";
import { adjustHub } from "../../support/hub-config.ts";
import { type Call, setWay } from "../../support/hub-links.ts";
import { captureErrors } from "../../support/log.ts";
import { ask, batch, call, callLines, codeOf, enableUserCommands } from "../../support/node/api-client.ts";
import { TestHub } from "../../support/node/test-hub.ts";
import { arrived, connectAs, newChannel, newHub, newUser, scene } from "../../support/node/users-scene.ts";
import { until } from "../../support/until.ts";

beforeAll(enableUserCommands);

/** A user with a connection that is subscribed to a channel, and whose hub hears no command until it is let go. */
async function held() {
  const user = newUser();
  const hub = newHub();
  const channel = newChannel("keep");
  const { client } = await connectAs(user, hub);
  await client.subscribe(channel);
  const { promise: gate, resolve: letGo } = Promise.withResolvers<void>();
  const deliveries: Call[] = [];
  meet(user, async (made, carryOut) => {
    if (made.to !== hub.name) return carryOut();
    deliveries.push(made);
    await gate;
    return carryOut();
  });
  return { user, hub, channel, client, letGo, deliveries, top: async () => topOf(channel) };
}

/** Decides what becomes of the commands that the control home of a user delivers, until the test has ended. */
function meet(user: string, way: <Answer>(call: Call, carryOut: () => Promise<Answer>) => Promise<Answer>) {
  const home = userHome(user);
  setWay(home, (made, carryOut) => (made.method === "deliver" ? way(made, carryOut) : carryOut()));
  onTestFinished(() => setWay(home, undefined));
}

/** Lets the control home of a user wait so many milliseconds for a hub, until the test has ended. */
async function waitFor(user: string, milliseconds: number) {
  const home = new TestHub({ name: userHome(user) });
  adjustHub(home.name, { callTimeout: milliseconds });
  await home.sleep();
  onTestFinished(() => {
    adjustHub(home.name, { callTimeout: HUB_LIMITS.callTimeout });
    return home.sleep();
  });
}

const topOf = async (channel: string) => (await ask("history", { channel })).offset;

/** Each way to ask for two commands in order. */
const WAYS: [name: string, run: (commands: readonly Record<string, object>[]) => Promise<unknown>][] = [
  ["a batch", batch],
  [
    "lines",
    async (commands) => {
      const lines = commands.flatMap(Object.entries).map(([method, params]) => ({ method, params }));
      return callLines(lines.map((line) => JSON.stringify(line)).join("\n"));
    },
  ],
];

test.each(WAYS)(
  "API-80 API-81: in %s, who is disconnected does not hear what is published next",
  async (_, run) => {
    const { user, channel, client, letGo, deliveries, top } = await held();
    const running = run([{ disconnect: { user } }, { publish: { channel, data: 1 } }]);
    await until(() => deliveries.length > 0);
    expect(await top()).toBe(0);
    letGo();
    await running;
    expect(await top()).toBe(1);
    expect(await client.closed).toMatchObject({ code: 3503 });
    expect(client.unread.filter(({ push }) => push?.pub)).toEqual([]);
  },
);

test("API-80 API-81: who is unsubscribed does not hear what is published next", async () => {
  const { user, channel, client, letGo, deliveries, top } = await held();
  const running = batch([{ unsubscribe: { user, channel } }, { publish: { channel, data: 1 } }]);
  await until(() => deliveries.length > 0);
  expect(await top()).toBe(0);
  letGo();
  expect(await running).toEqual([{ unsubscribe: {} }, { publish: expect.objectContaining({ offset: 1 }) }]);
  expect(await client.push("unsubscribe")).toMatchObject({ channel });
  await arrived(client);
  expect(client.unread.filter(({ push }) => push?.pub)).toEqual([]);
});

test.each([
  ["disconnect", {}],
  ["unsubscribe", {}],
  ["refresh", {}],
  ["subscribe", { channel: newChannel("open") }],
])("API-81: %s alone is answered when the hubs have taken it", async (method, params) => {
  const { user, letGo, deliveries } = await held();
  let isAnswered = false;
  const asking = ask(method, { user, ...params }).then((answer) => {
    isAnswered = true;
    return answer;
  });
  await until(() => deliveries.length > 0);
  // The control home answers others meanwhile.
  expect(await codeOf("unsubscribe", { user, channel: "nowhere:a" })).toBe(102);
  expect(isAnswered).toBe(false);
  letGo();
  expect(await asking).toEqual({});
});

test("API-81: a hub that leaves meanwhile is not waited for", async () => {
  const { user, client, hub, letGo, deliveries } = await held();
  const asking = ask("disconnect", { user });
  await until(() => deliveries.length > 0);
  await client.close();
  await hub.untilEmpty();
  letGo();
  expect(await asking).toEqual({});
});

test("API-81: a hub is told the command, and nothing else", async () => {
  const { user, letGo, deliveries } = await held();
  const asking = ask("refresh", { user });
  await until(() => deliveries.length > 0);
  letGo();
  await asking;
  const told = deliveries.flatMap((made) => (made.method === "deliver" ? made.call.deliveries : []));
  const command = expect.objectContaining({ action: "refresh", user });
  expect(told.flatMap(({ unnumbered }) => unnumbered)).toEqual([{ after: 0, command }]);
});

test("API-82: a command that a hub fails to take is error 100, and the other hubs carry it out", async () => {
  const errors = captureErrors();
  const { user, hubs, here, there } = await scene();
  meet(user, async ({ to }, carryOut) => {
    if (to === hubs[0].name) throw new Error("the hub fails");
    return carryOut();
  });
  expect(await codeOf("disconnect", { user })).toBe(100);
  expect(await there.client.closed).toMatchObject({ code: 3503 });
  await arrived(here.client);
  expect(here.client.isClosed).toBe(false);
  expect(errors().map(({ event }) => event)).toContain("home.deliver_failed");
});

test("API-82: a hub that does not answer in time is error 100 for the commands that wait for it, and no other", async () => {
  captureErrors();
  const { user, hub } = await held();
  await waitFor(user, 50);
  meet(user, ({ to }, carryOut) => (to === hub.name ? new Promise(() => {}) : carryOut()));
  const commands = [{ disconnect: { user } }, { unsubscribe: { user, channel: "nowhere:a" } }];
  const { replies } = await call("batch", { commands, parallel: true });
  expect(replies).toMatchObject([{ error: { code: 100 } }, { error: { code: 102 } }]);
});

test("API-82: a command that there is no room for on its way to a hub is error 100", async () => {
  const { user, letGo, deliveries } = await held();
  // Longer than a request waits for the home.
  await waitFor(user, 10 * API_LIMITS.homeTimeout);
  const command = { disconnect: { user, whitelist: ["x".repeat(300_000)], client: "nobody" } };
  const manage = vi.spyOn(Management.prototype, "carryOut");
  const telling = [1, 2].map(() => call("batch", { commands: Array(12).fill(command), parallel: true }));
  await until(() => deliveries.length > 0 && manage.mock.calls.length === telling.length);
  manage.mockRestore();
  const commands = [command, { unsubscribe: { user, channel: "nowhere:a" } }];
  const { replies } = await call("batch", { commands, parallel: true });
  expect(replies).toMatchObject([{ error: { code: 100 } }, { error: { code: 102 } }]);
  letGo();
  for (const told of telling) await told;
});

test("API-82: a home has time to say that a hub has not answered", () => {
  expect(API_LIMITS.homeTimeout).toBeGreaterThan(HUB_LIMITS.callTimeout);
});
