import { beforeAll, expect, test } from "vitest";
import { controlChannel, userHome } from "../../../src/channels/control.ts";
import { API_LIMITS } from "../../../src/shared/limits.ts";
import { configureHub, sign } from "../../support/hub-config.ts";
import { captureErrors } from "../../support/log.ts";
import { ask, codeOf, enableUserCommands } from "../../support/node/api-client.ts";
import { TestHub } from "../../support/node/test-hub.ts";
import {
  arrived,
  connectAs,
  connecting,
  followersOf,
  newChannel,
  newHub,
  newUser,
} from "../../support/node/users-scene.ts";
import { until } from "../../support/until.ts";

beforeAll(enableUserCommands);

test("API-38: a user that is not there is no error", async () => {
  for (const method of ["unsubscribe", "disconnect", "refresh"])
    expect(await ask(method, { user: newUser() })).toEqual({});
  expect(await ask("subscribe", { user: newUser(), channel: "open:a" })).toEqual({});
});

test.each([
  ["subscribe", {}, 107],
  ["subscribe", { channel: "nowhere:a" }, 102],
  ["subscribe", { channel: "open:a", override: { presence: true } }, 107],
  ["unsubscribe", { channel: "nowhere:a" }, 102],
  ["unsubscribe", { channel: "open:é" }, 107],
  ["disconnect", { user: "" }, 107],
  ["disconnect", { user: 7 }, 107],
  ["disconnect", { whitelist: "a" }, 107],
  ["refresh", { expire_at: -1 }, 107],
])("API-38: %s with %j is error %i", async (method, params, code) => {
  expect(await codeOf(method, { user: "ann", ...params })).toBe(code);
});

test("API-38: an info that is too long is error 107", async () => {
  const params = { user: "ann", channel: "open:a", info: "x".repeat(API_LIMITS.infoSize) };
  expect(await codeOf("subscribe", params)).toBe(107);
  expect(await codeOf("refresh", params)).toBe(107);
});

test("API-39: where user commands are off they are error 108, and no hub follows anything", async () => {
  const user = newUser();
  const home = new TestHub({ name: userHome(user) });
  configureHub(home.name, {});
  await home.sleep();
  const hub = newHub({});
  const { client } = await connectAs(user, hub);
  for (const method of ["unsubscribe", "disconnect", "refresh"])
    expect(await codeOf(method, { user })).toBe(108);
  enableUserCommands();
  await home.sleep();
  await ask("disconnect", { user });
  await arrived(client);
  expect(client.isClosed).toBe(false);
  expect(await followersOf(user, hub)).toEqual([]);
});

test("API-40: a control home knows the hubs that hold its users, until one of them says that nobody is there", async () => {
  const user = newUser();
  const hub = newHub();
  const { client } = await connectAs(user, hub);
  expect(await followersOf(user, hub)).toMatchObject([{ channel: controlChannel(user), hub: hub.name }]);
  await client.close();
  await hub.untilEmpty();
  await ask("disconnect", { user });
  await until(async () => (await followersOf(user, hub)).length === 0);
  const { client: again } = await connectAs(user, hub);
  await ask("disconnect", { user });
  expect(await again.closed).toMatchObject({ code: 3503 });
});

test("API-40: an anonymous connection follows nothing", async () => {
  const hub = newHub();
  await hub.connect();
  expect(await hub.tables()).toEqual([]);
});

test("API-40: a client is refused, and comes back, while its control home fails", async () => {
  const errors = captureErrors();
  const user = newUser();
  const home = new TestHub({ name: userHome(user) });
  await connectAs(user, newHub());
  await home.inside(({ storage }) => void storage.sql.exec("DROP TABLE followers"));
  const client = await newHub().open();
  client.send({ connect: { token: await sign({ sub: user }) } });
  expect((await client.reply(1)).error).toMatchObject({ code: 100, temporary: true });
  await home.inside(({ storage }) => storage.deleteAll());
  await home.sleep();
  expect(errors().map(({ event }) => event)).toContain("hub.user_commands_unfollowed");
});

test("API-41: no client can use a control channel", async () => {
  const user = newUser();
  const { client } = await connectAs(user, newHub());
  const channel = controlChannel(user);
  for (const kind of ["subscribe", "publish", "presence", "history"]) {
    expect(await client.codeOf(kind, { channel, data: {} })).toBe(107);
  }
  expect(await client.ask("unsubscribe", { channel })).toEqual({});
  await ask("disconnect", { user });
  expect(await client.closed).toMatchObject({ code: 3503 });
});

test("API-41: what comes for a connection that is being set up waits for its connect reply", async () => {
  const { user, witness, waiting, letGo } = await connecting();
  const channel = newChannel("open");
  await ask("subscribe", { user, channel });
  // A command arrives at all connections of a hub at once: what one has seen, the other has been given.
  await witness.push("subscribe");
  expect(waiting.frames).toEqual([]);
  await letGo();
  expect(await waiting.reply(1)).toMatchObject({ connect: {} });
  expect(await waiting.push("subscribe")).toMatchObject({ channel });
});

test("API-41: a disconnect does not wait", async () => {
  const { user, waiting, letGo } = await connecting();
  await ask("disconnect", { user });
  expect(await waiting.closed).toMatchObject({ code: 3503 });
  expect(waiting.frames).toEqual([]);
  await letGo();
});
