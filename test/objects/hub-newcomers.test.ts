import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { createNamespaces } from "../../src/channels/namespaces.ts";
import type { Config } from "../../src/config/config.ts";
import type { Env } from "../../src/deployment/env.ts";
import { HUB_LIMITS } from "../../src/shared/limits.ts";
import { appOf } from "../gateway/classes.ts";
import { stopClock } from "../support/clock.ts";
import { channelRequest } from "../support/hub-client.ts";
import { GATEWAY } from "./client.ts";
import { enableDirectory, lookedUp } from "./observed.ts";
import { TestHub } from "./test-hub.ts";

/** Everything that a hub may report or store is on. */
const config: Config = {
  connection: { allowAnonymous: false },
  operations: { directory: true },
  events: { webhook: "https://backend.test/events", kinds: ["connection.opened", "channel.occupied"] },
  proxy: { rpc: { endpoint: "https://backend.test/rpc" }, http_headers: ["Cookie", "X-Device"] },
};
const home = () => new TestHub({ name: `home/open:${crypto.randomUUID()}`, config });
const listed = async (hub: TestHub) => (await lookedUp()?.info())?.nodes.some(({ uid }) => uid === hub.name);

test.each([
  ["says nothing", undefined],
  ["sends no credentials", {}],
  ["sends a token that is none", { token: "x" }],
  ["emulates headers", { headers: { "x-device": "x".repeat(7_000) }, token: "x" }],
])("HUB-21: a client that %s leaves a hub nothing but the alarm that closes it", async (_, connect) => {
  const clock = stopClock();
  enableDirectory();
  const hub = home();
  const client = await hub.open("", { Cookie: "x".repeat(8_000) });
  if (connect) {
    client.send({ connect });
    await client.closed;
  }
  expect(await hub.tables()).toEqual([]);
  expect(await hub.alarm()).toBe(Date.now() + 10_000);
  clock.advance(10_000);
  await hub.runAlarmOf(Date.now());
  await hub.untilEmpty();
  expect([await hub.alarm(), await hub.tables(), await listed(hub)]).toEqual([null, [], false]);
});

test("HUB-21: a hub that somebody connects to is reported from then on", async () => {
  stopClock();
  enableDirectory();
  const hub = new TestHub({ config: { operations: { directory: true } } });
  const client = await hub.open();
  expect(await listed(hub)).toBe(false);
  await client.ask("connect", {});
  // Or earlier, where it is time for a ping: when that is depends on the name of the hub.
  expect(await hub.alarm()).toBeLessThanOrEqual(Date.now() + 8_000);
  await hub.runAlarm();
  expect(await listed(hub)).toBe(true);
});

test("HUB-22: a hub with 1,000 sockets that have not connected takes nobody else in, until one of them has", async () => {
  const hub = new TestHub();
  const sockets = [];
  for (let count = 0; count < HUB_LIMITS.unconnectedSockets; count += 1) sockets.push(await hub.open());
  await expect(hub.open()).rejects.toThrow("503");
  await sockets[0]?.ask("connect", {});
  await hub.sleep();
  sockets.push(await hub.open());
  await expect(hub.open()).rejects.toThrow("503");
  await sockets[1]?.close(1000);
  await hub.inside(() => undefined);
  await hub.open();
});

test("HUB-24: sockets that come one after the other and never connect are closed by one alarm a second", async () => {
  const clock = stopClock();
  const hub = new TestHub();
  const clients = [];
  for (let count = 0; count < 300; count += 1) {
    clients.push(await hub.open());
    clock.advance(10);
  }
  expect(await hub.pass(clock, 12)).toBeLessThanOrEqual(4);
  for (const client of clients) expect((await client.closed).code).toBe(3502);
});

const everybodyMay = { allow_subscribe_for_client: true, allow_subscribe_for_anonymous: true };

/** The hubs of the gateway, with note of where each was to be created. */
function watched() {
  const hints: [string, unknown][] = [];
  const HUB = {
    getByName(name: string, options?: DurableObjectNamespaceGetDurableObjectOptions) {
      hints.push([name, options?.locationHint]);
      return env.HUB.getByName(name);
    },
  } as unknown as Env["HUB"];
  return { hints, HUB };
}

test("HUB-23: the homes of a namespace are created where it says, whoever asks for them first", async () => {
  const namespaces = [{ name: "open", home_region: "oc" }] as const;
  const channel = `open:${crypto.randomUUID()}`;
  const { hints, HUB } = watched();
  const app = appOf({}, createNamespaces({ namespaces }));
  const bindings = { ...env, HUB, API_KEY: "key" };
  const headers = { "X-API-Key": "key" };
  const asked = [
    channelRequest(`?channel=${channel}`),
    new Request(`${GATEWAY}/api/history`, { method: "POST", headers, body: JSON.stringify({ channel }) }),
    new Request(`${GATEWAY}/metrics?hub=home/${channel}`, { headers }),
  ];
  for (const request of asked) await (await app.fetch(request, bindings)).webSocket?.accept();
  const hub = new TestHub({ env: { HUB }, config: { namespaces: [{ ...namespaces[0], ...everybodyMay }] } });
  const client = await hub.connect({});
  await client.request("subscribe", { channel });
  expect(hints).toEqual(Array(4).fill([`home/${channel}`, "oc"]));
});
