import { exports } from "cloudflare:workers";
import { expect, onTestFinished, test } from "vitest";
import { HUB_LIMITS } from "../../src/shared/limits.ts";
import { channelRequest, HubClient } from "../support/hub-client.ts";
import { adjustHub } from "../support/hub-config.ts";
import { until } from "../support/until.ts";
import { clientEnd, TestHub } from "./test-hub.ts";

const connect = (query: string, headers = {}) => exports.default.fetch(channelRequest(query, headers));

/** Opens a connection by way of the gateway. */
async function open(query: string): Promise<HubClient> {
  return new HubClient(clientEnd(await connect(query)));
}

function limit(hub: string, capacity: number): void {
  adjustHub(hub, { capacity });
  onTestFinished(() => adjustHub(hub, { capacity: HUB_LIMITS.sockets }));
}

const edge = (index: number) => `edge/local/${index}`;
const socketsOf = (name: string) => new TestHub({ name }).sockets();

test("HUB-01: `?channel=` places the session at the channel's home, by its name up to the first slash", async () => {
  const key = `open:${crypto.randomUUID()}`;
  const clients = [await open(`?channel=${key}`), await open(`?channel=${encodeURIComponent(`${key}/a/b`)}`)];
  expect(await socketsOf(`home/${key}`)).toBe(2);
  for (const client of clients) expect((await client.request("connect")).connect).toBeDefined();
});

test.each([
  ["no channel", ""],
  ["an empty name", "?channel="],
  ["a name that is too long", `?channel=${"x".repeat(256)}`],
])("HUB-01: with %s the session is placed at an edge", async (_, query) => {
  const before = await socketsOf(edge(0));
  await open(query);
  expect(await socketsOf(edge(0))).toBe(before + 1);
});

test("HUB-02: when a home is full, the session goes to an edge, and hears its channel there", async () => {
  const channel = `open:${crypto.randomUUID()}`;
  limit(`home/${channel}`, 1);
  const before = await socketsOf(edge(0));
  const [inside, outside] = [await open(`?channel=${channel}`), await open(`?channel=${channel}`)];
  expect([await socketsOf(`home/${channel}`), await socketsOf(edge(0))]).toEqual([1, before + 1]);
  for (const client of [inside, outside]) {
    await client.request("connect");
    await client.subscribe(channel);
  }
  await inside.publish(channel, 1);
  expect(await outside.publication(channel)).toMatchObject({ data: 1 });
});

test("HUB-02: when a home is late, too", async () => {
  const channel = `open:${crypto.randomUUID()}`;
  adjustHub(`home/${channel}`, { flushLag: -1 });
  const before = await socketsOf(edge(0));
  await open(`?channel=${channel}`);
  expect([await socketsOf(`home/${channel}`), await socketsOf(edge(0))]).toEqual([0, before + 1]);
});

test("HUB-02: when an edge is full, the next one takes the session, and those that come after it", async () => {
  limit(edge(0), 0);
  limit(edge(1), 0);
  const before = await socketsOf(edge(2));
  await open("");
  await open("");
  expect(await socketsOf(edge(2))).toBe(before + 2);
});

test("HUB-03: when every hub is full, the client gets 503 in JSON with Retry-After, and nothing of the inside", async () => {
  for (let index = 0; index < HUB_LIMITS.edgeHubs; index += 1) limit(edge(index), 0);
  const response = await connect("");
  expect([response.status, response.headers.get("Retry-After")]).toEqual([503, "5"]);
  expect([...response.headers.keys()].filter((name) => name.startsWith("x-"))).toEqual([]);
  expect(await response.json()).toMatchObject({ error: { code: "overloaded" } });
});

test("HUB-04: a subprotocol that the client offers is named in the 101, and none other", async () => {
  for (const [offered, named] of [
    ["centrifuge-json", "centrifuge-json"],
    ["other, centrifuge-json", "centrifuge-json"],
    [undefined, null],
  ] as const) {
    const response = await connect("", offered === undefined ? {} : { "Sec-WebSocket-Protocol": offered });
    expect([response.status, response.headers.get("Sec-WebSocket-Protocol")]).toEqual([101, named]);
    response.webSocket?.accept();
  }
});

test("HUB-04: what is no handshake, or comes from a foreign page, never reaches a hub", async () => {
  expect((await connect("", { Upgrade: undefined })).status).toBe(426);
  expect((await connect("", { Origin: "https://evil.example" })).status).toBe(403);
});

test("HUB-05: a place that becomes free is taken again", async () => {
  const channel = `open:${crypto.randomUUID()}`;
  const home = new TestHub({ name: `home/${channel}` });
  limit(home.name, 1);
  const first = await open(`?channel=${channel}`);
  await home.sleep();
  await first.close(1000, "bye");
  await until(async () => (await home.sockets()) === 0);
  await open(`?channel=${channel}`);
  expect(await home.sockets()).toBe(1);
});
