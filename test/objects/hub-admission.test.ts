import { expect, test } from "vitest";
import { adjustHub, sign } from "../support/hub-config.ts";
import { captureLines } from "../support/log.ts";
import { until } from "../support/until.ts";
import { ask, enableUserCommands } from "./api-client.ts";
import { readMetrics } from "./observed.ts";
import { TestHub } from "./test-hub.ts";

const ANY = Number.POSITIVE_INFINITY;
const channels = Array.from({ length: 20 }, (_, index) => `open:${index}`);

/** A hub that takes newcomers, or subscriptions, up to so many bytes. */
function hubOf(limits: { newcomers?: number; subscriptions?: number }, config = {}): TestHub {
  const name = `home/${crypto.randomUUID()}`;
  adjustHub(name, { memoryLimits: { newcomers: ANY, subscriptions: ANY, ...limits } });
  return new TestHub({ name, config });
}

const memoryOf = async (hub: TestHub) =>
  (await readMetrics(`?hub=${encodeURIComponent(hub.name)}`)).get("poorwill_hub_memory_bytes") ?? 0;

test("HUB-61: a hub that is full by its memory takes nobody until somebody has left, before and after sleep", async () => {
  const hub = hubOf({ newcomers: 12_000 });
  const large = await hub.connect({ token: await sign({ sub: "ann", info: "i".repeat(12_000) }) });
  const refusal = async () => (await hub.handshake()).headers.get("X-Poorwill-Refusal");
  expect(await refusal()).toBe("full");
  await hub.sleep();
  expect(await refusal()).toBe("full");
  await large.close(1000, "bye");
  await until(async () => (await hub.sockets()) === 0);
  await hub.connect();
});

test("HUB-62: a subscribe that memory has no room for is 111, and an unsubscribe makes room", async () => {
  const hub = hubOf({ subscriptions: 8_000 });
  const client = await hub.connect();
  const codes: (number | undefined)[] = [];
  for (const channel of channels) codes.push(await client.codeOf("subscribe", { channel }));
  expect(new Set(codes)).toEqual(new Set([undefined, 111]));
  for (const channel of channels) await client.request("unsubscribe", { channel });
  // Channels that nobody needs any more are looked for once a second.
  await until(async () => (await client.codeOf("subscribe", { channel: "open:other" })) !== 111);
});

test("HUB-62: a connect that would bring subscriptions is 111 and may be tried again, one without is let in", async () => {
  const hub = hubOf({ subscriptions: 500 });
  const token = await sign({ sub: "ann", channels: ["open:one"] });
  const client = await hub.open();
  expect((await client.request("connect", { token })).error).toMatchObject({ code: 111, temporary: true });
  expect(
    (await (await hub.open()).request("connect", { token: await sign({ sub: "bob" }) })).connect,
  ).toBeDefined();
});

test("HUB-62: a subscription that the server API adds is refused and logged, and the connection stays", async () => {
  enableUserCommands();
  const user = crypto.randomUUID();
  const hub = hubOf({ subscriptions: 500 }, { connection: { userCommands: true } });
  const client = await hub.connect({ token: await sign({ sub: user }) });
  const lines = captureLines();
  await ask("subscribe", { user, channel: "open:one" });
  await until(async () => lines().some(({ event }) => event === "hub.user_subscribe_refused"));
  expect((await client.request("rpc", { method: "any" })).error?.code).toBe(108);
});

test("OPS-30: the memory of a hub grows with its sessions, subscriptions and infos, and goes with them", async () => {
  const hub = hubOf({});
  const before = await memoryOf(hub);
  const client = await hub.connect({ token: await sign({ sub: "ann", info: "i".repeat(5_000) }) });
  const connected = await memoryOf(hub);
  expect(connected).toBeGreaterThan(before + 5_000);
  await client.subscribe("open:one");
  expect(await memoryOf(hub)).toBeGreaterThan(connected);
  await hub.sleep();
  // What the flight recorder had noted is gone; the session and its info are not.
  expect(await memoryOf(hub)).toBeGreaterThan(5_000);
  await client.close(1000, "bye");
  await until(async () => (await hub.sockets()) === 0);
  expect(await memoryOf(hub)).toBeLessThan(5_000);
});
