import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { Centrifuge as ProtobufCentrifuge } from "centrifuge/build/protobuf";
import { afterAll, beforeAll, expect, test } from "vitest";
import WebSocket from "ws";
import { ChannelClient } from "../support/channel-client.ts";
import { inSeconds } from "../support/channel-gateway.ts";
import { SECRET, sign } from "../support/tokens.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

/** An object sleeps 10 s after its last activity, and the runtime looks for such ones every now and then. */
const SLEEP_MS = 13_000;
/** On a busy machine the runtime comes late to putting objects to sleep. */
const TRIES = 3;
const BEAT_MS = 1_000;

const KINDS = ["plain", "beating", "alarmed", "streamed", "asked"];

let gateway: Workerd;
const clients: ChannelClient[] = [];
const sockets: WebSocket[] = [];
const streams = new AbortController();

beforeAll(async () => {
  gateway = await startWorkerd({
    configPath: "test/objects/sleeping-worker/wrangler.toml",
    vars: { TOKEN_HMAC_SECRET: SECRET, API_KEY: "the key of the test" },
  });
});
afterAll(async () => {
  for (const { centrifuge } of clients) centrifuge.disconnect();
  for (const socket of sockets) socket.terminate();
  streams.abort();
  await gateway.stop();
});

type Transport = "websocket" | "http_stream" | "sse" | "protobuf";

/** A client of the official SDK, at the home of a channel or at the edge. */
async function connect(at?: string, transport: Transport = "websocket", token?: string) {
  const path = at === undefined ? "" : `?channel=${encodeURIComponent(at)}`;
  const address = `127.0.0.1:${gateway.port}`;
  const isSocket = transport === "websocket" || transport === "protobuf";
  const endpoint = isSocket
    ? `ws://${address}/connection/websocket${path}`
    : [{ transport, endpoint: `http://${address}/connection/${transport}${path}` }];
  const options = { emulationEndpoint: `http://${address}/emulation`, ...(token && { token }) };
  const Sdk = transport === "protobuf" ? (ProtobufCentrifuge as never) : undefined;
  const client = new ChannelClient(endpoint, options, Sdk);
  clients.push(client);
  return client.connect();
}

async function openRoom(kind: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/rooms/${kind}/one`);
  sockets.push(socket);
  await once(socket, "open");
  return socket;
}

/** Uses every feature that is on without being asked for, each at hubs of its own. Returns the names of those. */
async function useHubs(): Promise<string[]> {
  const channels = ["open:plain", "keep:history", "full:presence", "keep:edge", "keep:api", "full:protobuf"];
  const transports = ["http_stream", "sse"] as const;
  const plain = await connect("open:plain");
  await plain.subscribe("open:plain");
  await plain.centrifuge.publish("open:plain", 1);
  const keeping = await connect("keep:history");
  const feed = await keeping.subscribe("keep:history");
  await keeping.centrifuge.publish("keep:history", 1);
  await keeping.whileAway(() => plain.centrifuge.publish("keep:history", 2));
  await feed.untilReceived(2);
  await keeping.centrifuge.history("keep:history", { limit: 1 });
  const [one, other] = [await connect("full:presence"), await connect("full:presence")];
  for (const member of [one, other]) await member.subscribe("full:presence");
  await one.centrifuge.presence("full:presence");
  other.centrifuge.disconnect();
  const edge = await connect();
  await (await edge.subscribe("keep:edge")).untilSubscribed();
  await edge.centrifuge.publish("keep:edge", 1);
  const token = await sign({ sub: "ann", exp: inSeconds(3_600) });
  await connect(undefined, "websocket", token);
  const protobuf = await connect("full:protobuf", "protobuf");
  await protobuf.subscribe("full:protobuf");
  for (const transport of transports) {
    const channel = `keep:${transport}`;
    const client = await connect(channel, transport);
    const heard = await client.subscribe(channel);
    await client.centrifuge.publish(channel, 1);
    await heard.untilReceived(1);
    channels.push(channel);
  }
  await fetch(`${gateway.url}/api/publish`, {
    method: "POST",
    headers: { "X-API-Key": "the key of the test" },
    body: JSON.stringify({ channel: "keep:api", data: 1, idempotency_key: "once" }),
  });
  return [...channels, "own:#ann"].map((channel) => `home/${channel}`).concat("edge/local/0");
}

async function useRooms(): Promise<void> {
  for (const kind of ["plain", "beating", "alarmed"]) {
    const socket = await openRoom(kind);
    // The alarm calls by itself, the others hear what they say; nobody hears it before the other is there.
    const heard = once(socket, "message");
    if (kind !== "alarmed") (await openRoom(kind)).send("said");
    await heard;
  }
  const { signal } = streams;
  const listening = await fetch(`${gateway.url}/rooms/streamed/one`, {
    headers: { Accept: "text/event-stream" },
    signal,
  });
  expect(listening.status).toBe(200);
  expect(await (await fetch(`${gateway.url}/rooms/asked/one`)).text()).toBe("answered");
}

/** Says in which waking life each object is. To ask is an activity, the last one until somebody asks again. */
async function livesOf(paths: readonly string[]): Promise<string[]> {
  return Promise.all(
    paths.map(async (path) => {
      const response = await fetch(`${gateway.url}/lives/${path}`);
      expect(response.status).toBe(200);
      return response.text();
    }),
  );
}

test("LEDGER-05: 13 s after the last activity every hub and room sleeps, whatever is on without being asked for", async () => {
  const hubs = await useHubs();
  await useRooms();
  const paths = [
    ...hubs.map((hub) => `hub?name=${encodeURIComponent(hub)}`),
    ...KINDS.map((kind) => `room/${kind}`),
  ];
  const beating = await openRoom("beating");
  const connected = clients.map((client) => client.connected.length);
  let awake = paths;
  let before = await livesOf(paths);
  const beats = setInterval(() => beating.send("ping"), BEAT_MS);
  for (let tries = 0; tries < TRIES && awake.length > 0; tries += 1) {
    await delay(SLEEP_MS);
    const after = await livesOf(awake);
    const stillAwake = awake.map((_, index) => after[index] === before[index]);
    before = after.filter((_, index) => stillAwake[index]);
    awake = awake.filter((_, index) => stillAwake[index]);
  }
  clearInterval(beats);
  expect(awake).toEqual([]);
  expect(clients.map((client) => client.connected.length)).toEqual(connected);
});
